package tui_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"claimdeck/action/filings"
	"claimdeck/action/systems"
	"claimdeck/sandbox/inscipher"
	"claimdeck/state/config"
	"claimdeck/state/filing"
	"claimdeck/tui/screen"
)

// filed is the desk of filings of a rig: the sandbox of InsCipher, and the folder with the files.
type filed struct {
	cipher *inscipher.Server
	desk   *filings.Desk
	folder string
}

// filingsSetup is which desk of filings a rig has.
type filingsSetup struct {
	refusal   error // why nothing can be sent
	behaviour inscipher.Behaviour
	files     map[string]string // name -> content; they are open when the console starts
	closed    bool              // they are not
	chunk     int
	desk      screen.Desk // in the place of the real one
}

// handFilings gives the console a desk of filings, as the program does.
func (r *rig) handFilings(s *filingsSetup) {
	if s == nil {
		return
	}
	r.tb.Helper()
	r.filed.folder = filepath.Join(r.tb.TempDir(), "filings")
	if err := os.Mkdir(r.filed.folder, 0o700); err != nil {
		r.tb.Fatal(err)
	}
	for name, content := range s.files {
		r.write(name, content)
	}
	if len(s.files) > 0 && !s.closed {
		raw, err := json.Marshal([]string{r.filed.folder})
		if err == nil {
			err = r.store.SetSetting(r.ctx, filings.SettingPaths, string(raw))
		}
		if err != nil {
			r.tb.Fatal(err)
		}
	}
	r.filed.cipher = inscipher.New(inscipher.Options{Seed: 1, Now: r.now, Wait: wait, Behaviour: s.behaviour})
	open := systems.Open(systems.Options{
		Profile: config.Profile{
			Environment: config.Sandbox,
			InsCipher:   config.InsCipherAccount{URL: "http://127.0.0.1:3/inscipher", Auth: "header", Chunk: 50},
		},
		Credentials: func(string) systems.Credentials {
			return func(context.Context) (string, string, error) { return "demo-user", "demo-key", nil }
		},
		Transport: inProcess{onTheWire(http.StripPrefix("/inscipher", r.filed.cipher))}, Now: r.now, Wait: wait, UserAgent: "claimdeck/test",
	})
	r.tb.Cleanup(open.Close)
	r.filed.desk = filings.New(filings.Options{
		Engine: filing.NewEngine(filing.Options{Service: open.Filings, Ledger: r.store.Filings(), Now: r.now, Wait: wait}),
		Ledger: r.store.Filings(), Refusal: s.refusal, Now: r.now, Chunk: s.chunk, Exports: r.filed.folder + "-exports", Typed: r.filed.folder + "-typed",
	})
	r.env.Filings = r.filed.desk
	if s.desk != nil {
		r.env.Filings = s.desk
	}
}

// onTheWire gives headers the spelling that they have once they went through a connection.
func onTheWire(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, values := range maps.Clone(r.Header) {
			delete(r.Header, name)
			r.Header[http.CanonicalHeaderKey(name)] = values
		}
		h.ServeHTTP(w, r)
	})
}

func (r *rig) path(name string) string { return filepath.Join(r.filed.folder, name) }

func (r *rig) write(name, content string) {
	r.tb.Helper()
	if err := os.WriteFile(r.path(name), []byte(content), 0o600); err != nil {
		r.tb.Fatal(err)
	}
}

func (r *rig) content(name string) string {
	r.tb.Helper()
	raw, err := os.ReadFile(r.path(name))
	if err != nil {
		r.tb.Fatal(err)
	}
	return string(raw)
}

// columnsOfFilings are the columns of the test's CSV files.
func columnsOfFilings() []string {
	return []string{
		"id", "policy_number", "policy_effective_date", "transaction_effective_date", "transaction_type", "account_written_as", "rpg", "premium",
		"agency_fee", "sl_tax", "stamping_fee", "total", "non_admitted_insured_name", "invoice_date", "ecp", "mailing_insured_name",
		"mailing_address", "mailing_city", "mailing_zip_code", "mailing_state_code", "physical_same_as_mailing", "transaction_line_of_business",
		"transaction_documents.1.code", "transaction_documents.1.url",
	}
}

// filingRow is the nth row of a test's file, right unless mistakes say otherwise: name, value, name, value.
func filingRow(n int, mistakes ...string) []string {
	cells := []string{
		fmt.Sprintf("SL-%05d", n), fmt.Sprintf("CA-%06d", 4000+n), "2026-11-02", "2026-11-02", "PN", "B", "0", "3900.00",
		"200.00", "117.00", "7.80", "4224.80", "Meridian Specialty", "2026-11-02", "0", fmt.Sprintf("Westfield Galleria %d", n),
		"1151 Galleria Blvd", "Roseville", "95678", "CA", "1", "1001", "POLIC", "https://files.example.com/" + strconv.Itoa(n) + ".pdf",
	}
	for i := 0; i < len(mistakes); i += 2 {
		cells[slices.Index(columnsOfFilings(), mistakes[i])] = mistakes[i+1]
	}
	return cells
}

func filingTable(rows ...[]string) string {
	var b strings.Builder
	for _, cells := range append([][]string{columnsOfFilings()}, rows...) {
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return b.String()
}

// june is a file of eight rows: a date of another form, a total that is off, a rejected document, a missing ZIP code.
func june() string {
	return filingTable(
		filingRow(1), filingRow(2, "policy_effective_date", "11/2/2026"), filingRow(3, "total", "4224.79"),
		filingRow(4, "transaction_documents.1.code", "SSW"), filingRow(5), filingRow(6, "mailing_zip_code", ""), filingRow(7), filingRow(8),
	)
}

// july is a list of two transactions, the second with a line of business that the service does not take.
func july() string {
	object := func(n int, line string) string {
		fields := make([]string, 0, len(columnsOfFilings()))
		for i, name := range columnsOfFilings()[:21] {
			value := strconv.Quote(filingRow(n)[i])
			if f, _ := filing.FieldOf(name); f.Kind == filing.Amount || f.Kind == filing.Flag {
				value = filingRow(n)[i]
			}
			fields = append(fields, strconv.Quote(name)+": "+value)
		}
		return "  {\n    " + strings.Join(fields, ",\n    ") + ",\n    \"transaction_line_of_business\": " + strconv.Quote(line) +
			",\n    \"transaction_documents\": [{\"code\": \"POLIC\", \"url\": \"https://files.example.com/j.pdf\"}]\n  }"
	}
	return "[\n" + object(21, "1005") + ",\n" + object(22, "GEN-1005") + "\n]\n"
}

// both are the two files.
func both() map[string]string { return map[string]string{"june.csv": june(), "july.json": july()} }

// atFilings puts the console on the desk, on the screen of filings.
func atFilings(t *testing.T, s setup, w, h int) *desk {
	t.Helper()
	if s.filings == nil {
		s.filings = &filingsSetup{files: both()}
	}
	d := sit(t, s, w, h)
	d.keys("3")
	d.pass(time.Second)
	return d
}

// to selects the row with an id.
func (d *desk) to(id string) {
	d.tb.Helper()
	d.keys("g")
	for range 40 {
		if strings.Contains(d.marked(), id) {
			d.pass(time.Second)
			return
		}
		d.keys("j")
	}
	d.tb.Fatalf("row %s is not in the list\n%s", id, d.screen())
}

// file submits what is ready.
func (d *desk) file() {
	d.tb.Helper()
	d.keys("S", "enter")
	d.pass(3 * time.Second)
}

// wantAccepted fails the test unless the service took exactly these, once each.
func (r *rig) wantAccepted(ids ...string) {
	r.tb.Helper()
	got := r.filed.cipher.Accepted()
	for id, n := range got {
		if n != 1 || !slices.Contains(ids, id) {
			r.tb.Errorf("%s was accepted %d times", id, n)
		}
	}
	for _, id := range ids {
		if got[id] == 0 {
			r.tb.Errorf("%s was not accepted", id)
		}
	}
}

// numbered are the ids of rows.
func numberedFilings(ns ...int) []string {
	ids := make([]string, len(ns))
	for i, n := range ns {
		ids[i] = fmt.Sprintf("SL-%05d", n)
	}
	return ids
}
