package store_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"claimdeck/state/filing"
	"claimdeck/state/store"
)

// filingEnv makes TestFilingChild the child of a test; it names the folder.
const filingEnv = "CLAIMDECK_TEST_FILING_CHILD"

// paper is a service that keeps what it filed in a text file, so that it outlives the process that files. An id that it has
// is a 3001, and a type that it does not know a 1002.
type paper struct {
	t     *testing.T
	path  string
	calls int
	cut   int // the call that is cut after it had its effect
}

func (p *paper) Send(_ context.Context, rows []json.RawMessage) (filing.Answer, error) {
	p.calls++
	have := readPaper(p.t, p.path)
	f, err := os.OpenFile(p.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(p.t, err)
	defer func() { _ = f.Close() }() // it was written, or the test failed
	a := filing.Answer{BatchID: fmt.Sprintf("batch-%d", p.calls)}
	for _, raw := range rows {
		var row struct {
			ID   string `json:"id"`
			Type string `json:"transaction_type"`
		}
		must(p.t, json.Unmarshal(raw, &row))
		code := "0"
		switch {
		case have[row.ID] > 0:
			code = "3001"
		case row.Type == "FC":
			code = "1002"
		default:
			_, err := f.WriteString(row.ID + "\n")
			must(p.t, err)
		}
		a.Rows = append(a.Rows, filing.RowAnswer{ID: row.ID, Code: code})
	}
	say(p.t, fmt.Sprint(p.calls))
	if p.calls == p.cut {
		return filing.Answer{}, fmt.Errorf("connection reset")
	}
	return a, nil
}

func (*paper) Results(context.Context, string) (filing.Answer, error) { return filing.Answer{}, nil }

func readPaper(t *testing.T, path string) map[string]int {
	t.Helper()
	have := map[string]int{}
	raw, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return have
	}
	must(t, err)
	for id := range strings.FieldsSeq(string(raw)) {
		have[id]++
	}
	return have
}

// papers are 3 % bad rows: half of them for the checks, half for the service.
func papers(t *testing.T, n int) filing.List {
	t.Helper()
	list := make(filing.List, n)
	for i := range list {
		list[i] = filing.Row{File: "june.json", Position: filing.Position{Row: i + 1}}
		kind := "PN"
		switch i % 66 {
		case 0:
			kind = ""
		case 33:
			kind = "FC"
		}
		for _, f := range [][2]string{
			{"id", fmt.Sprintf("T-%05d", i)},
			{"policy_number", "P-1"},
			{"policy_effective_date", "2017-02-01"},
			{"transaction_effective_date", "2017-02-01"},
			{"transaction_type", kind},
			{"account_written_as", "B"},
			{"premium", "1.00"},
			{"total", "1.00"},
			{"non_admitted_insured_name", "1001"},
			{"mailing_insured_name", "A"},
			{"mailing_address", "1 A St"},
			{"mailing_city", "B"},
			{"mailing_zip_code", "95678"},
			{"mailing_state_code", "CA"},
			{"transaction_line_of_business", "1001"},
		} {
			var err error
			list[i], err = filing.Edit(list[i], f[0], f[1])
			must(t, err)
		}
	}
	return list
}

const paperRows = 1500

// TestFilingChild is no test: it is what the test below starts and kills.
func TestFilingChild(t *testing.T) {
	dir := os.Getenv(filingEnv)
	if dir == "" {
		t.Skip("only for the test that starts it as a process of its own")
	}
	_, err := submitPapers(t, dir, 7)
	must(t, err)
}

func submitPapers(t *testing.T, dir string, cut int) (filing.Report, error) {
	t.Helper()
	i, err := store.NewInstance(dir)
	must(t, err)
	defer func() { _ = i.Close() }() // it ends with the process
	s := openStore(t, filepath.Join(dir, "store.db"))
	e := filing.NewEngine(filing.Options{
		Service: &paper{t: t, path: filepath.Join(dir, "paper"), cut: cut}, Ledger: s.Filings(), Now: clock, Instance: i.ID(), Alive: i.Alive,
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	return e.Submit(t.Context(), papers(t, paperRows), filing.SubmitOptions{})
}

// TestKilledWhileFiling kills a process that files, several times and cut off each time before, and then lets one end: each
// good row was filed exactly once, and each bad row is explained.
func TestKilledWhileFiling(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, calls := range []int{3, 9, 1} {
		cmd, out := startFiling(t, dir)
		for range calls {
			if !out.Scan() {
				t.Fatal("the child ended by itself")
			}
		}
		must(t, cmd.Process.Kill())
		for out.Scan() { // to its end
		}
		if err := cmd.Wait(); err == nil {
			t.Error("the child was not killed")
		}
		checkSound(t, filepath.Join(dir, "store.db"))
	}
	report, err := submitPapers(t, dir, 0)
	must(t, err)
	have := readPaper(t, filepath.Join(dir, "paper"))
	blocked, refused := 0, 0
	for i := range paperRows {
		n, id := 1, fmt.Sprintf("T-%05d", i)
		switch i % 66 {
		case 0:
			n, blocked = 0, blocked+1
		case 33:
			n, refused = 0, refused+1
		}
		if have[id] != n {
			t.Errorf("%s was filed %d times", id, have[id])
		}
	}
	if c := report.Counts; c[filing.Outcome(filing.Accepted)] != paperRows-blocked-refused || c[filing.Blocked] != blocked || c[filing.Outcome(filing.Rejected)] != refused {
		t.Errorf("%+v", report.Counts)
	}
}

func startFiling(t *testing.T, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestFilingChild$")
	cmd.Env = append(os.Environ(), filingEnv+"="+dir)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return cmd, bufio.NewScanner(out)
}
