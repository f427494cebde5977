package filings_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"claimdeck/action/filings"
	"claimdeck/state/filing"
	"claimdeck/state/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func clock() time.Time { return time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC) }

// service accepts what comes, but for the ids that it was told to reject or to leave without an answer.
type service struct {
	mu     sync.Mutex
	sent   []string
	reject map[string]bool
	silent map[string]bool
	queue  bool
}

func (s *service) Send(_ context.Context, rows []json.RawMessage) (filing.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := filing.Answer{BatchID: "b-1", Queued: s.queue}
	for _, raw := range rows {
		var row struct{ ID string }
		if err := json.Unmarshal(raw, &row); err != nil {
			return a, err
		}
		s.sent = append(s.sent, row.ID)
		if s.silent[row.ID] {
			return a, errors.New("the connection was reset")
		}
		answer := filing.RowAnswer{ID: row.ID, Code: "0", Queued: s.queue}
		if s.reject[row.ID] {
			answer.Code, answer.Message = "1001", "Error: missing required document with code 'POLIC'."
		}
		if !s.queue {
			a.Rows = append(a.Rows, answer)
		}
	}
	return a, nil
}

func (s *service) Results(_ context.Context, batch string) (filing.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := filing.Answer{BatchID: batch}
	for _, id := range s.sent {
		a.Rows = append(a.Rows, filing.RowAnswer{ID: id, Code: "0"})
	}
	return a, nil
}

// office is a desk with its service and a folder.
type office struct {
	*filings.Desk
	*service
	t      testing.TB
	folder string
}

func open(tb testing.TB, refusal error) *office {
	tb.Helper()
	dir := tb.TempDir()
	st, err := store.Open(tb.Context(), filepath.Join(dir, "claimdeck.db"), store.Options{Now: clock, NoSync: true})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = st.Close() })
	o := &office{t: tb, service: &service{reject: map[string]bool{}, silent: map[string]bool{}}, folder: filepath.Join(dir, "filings")}
	if err := os.Mkdir(o.folder, 0o700); err != nil {
		tb.Fatal(err)
	}
	engine := filing.NewEngine(filing.Options{Service: o.service, Ledger: st.Filings(), Now: clock, Wait: func(context.Context, time.Duration) error { return nil }})
	o.Desk = filings.New(filings.Options{Engine: engine, Ledger: st.Filings(), Refusal: refusal, Now: clock, Chunk: 1, Exports: filepath.Join(dir, "exports"), Typed: filepath.Join(o.folder, "own", "filings")})
	return o
}

// header and line are a small file of transactions that the checks let through.
const header = "id,policy_number,policy_effective_date,transaction_effective_date,transaction_type,account_written_as,rpg,premium,total," +
	"non_admitted_insured_name,invoice_date,ecp,mailing_insured_name,mailing_address,mailing_city,mailing_zip_code,mailing_state_code," +
	"physical_same_as_mailing,transaction_line_of_business,transaction_documents.1.code,transaction_documents.1.url\n"

func line(id, zip, total string) string {
	return id + ",P-1,2026-11-02,2026-11-02,PN,B,0,100.00," + total + ",Meridian,2026-11-02,0,Harbor Point,210 Main St,San Diego," + zip +
		",CA,1,1005,POLIC,https://files.example.com/a.pdf\n"
}

func good(ids ...string) string {
	var b strings.Builder
	b.WriteString(header)
	for _, id := range ids {
		b.WriteString(line(id, "92101", "100.00"))
	}
	return b.String()
}

func (o *office) file(name, content string) string {
	o.t.Helper()
	path := filepath.Join(o.folder, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

func (o *office) book(paths ...string) *filings.Book {
	o.t.Helper()
	b, err := o.Open(o.t.Context(), paths, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *office) submit(b *filings.Book, options filing.SubmitOptions) filing.Report {
	o.t.Helper()
	options.Patience = -1
	r, err := o.Submit(o.t.Context(), b, options)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

func outcomesOf(b *filings.Book) []filing.Outcome {
	var all []filing.Outcome
	for _, r := range b.Rows {
		all = append(all, r.Outcome)
	}
	return all
}

// TestPlanIsWhatSubmittingDoes: for every choice, the number of rows that the plan promises is the number that is sent.
func TestPlanIsWhatSubmittingDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []filings.Choice{{}, {Override: true}, {Changed: true}, {Partial: true}, {Override: true, Changed: true, Partial: true}} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			t.Parallel()
			o := open(t, nil)
			o.reject["r"], o.silent["u"] = true, true
			path := o.file("a.csv", good("a", "r", "u", "changed"))
			o.submit(o.book(path), filing.SubmitOptions{})
			o.silent["u"] = false
			o.file("a.csv", good("a", "r", "u")+line("changed", "92102", "100.00")+line("zip", "", "100.00")+line("twice", "92101", "100.00")+
				line("twice", "92101", "100.00")+line("clash", "92101", "100.00")+line("clash", "92101", "101.00")+line("", "92101", "100.00")+line("total", "92101", "99.00"))
			broken := o.file("b.json", `[{"id": "half"`+"\n")
			b := o.book(path, broken)
			before := len(o.sent)
			plan := b.Plan(c)
			report := o.submit(b, filing.SubmitOptions{Override: c.Override, Changed: c.Changed, Partial: c.Partial})
			if got := len(o.sent) - before; got != plan.Go() || report.Sent != plan.Go() {
				t.Errorf("the plan is %+v, %d were sent (%d reported): %v\n%v", plan, got, report.Sent, o.sent[before:], outcomesOf(b))
			}
			total := plan.Go() + plan.Overridable + plan.Fast + plan.Held + plan.Changed + plan.Done + plan.Queued + plan.Repeated + plan.Busy
			if total != len(b.Rows) {
				t.Errorf("the plan has %d rows of %d: %+v", total, len(b.Rows), plan)
			}
		})
	}
}

// TestRetrySendsOnlyWhatFailed: what is new, corrected or clashes stays out of it.
func TestRetrySendsOnlyWhatFailed(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.reject["r"], o.reject["c"], o.silent["u"] = true, true, true
	path := o.file("a.csv", good("a", "r", "u", "c"))
	o.submit(o.book(path), filing.SubmitOptions{})
	o.silent["u"] = false
	// c is there twice now, with different content: which of them is meant, only a person can say.
	o.file("a.csv", good("a", "r", "u", "c", "new")+line("c", "92102", "100.00"))
	b := o.book(path)
	if got := b.Retries(filings.Choice{}); got != 2 {
		t.Errorf("%d rows can be retried: %v", got, outcomesOf(b))
	}
	before := len(o.sent)
	if _, err := o.Retry(t.Context(), b, filing.SubmitOptions{Patience: -1}); err != nil {
		t.Fatal(err)
	}
	if got := o.sent[before:]; !slices.Equal(got, []string{"r", "u"}) {
		t.Errorf("sent %v", got)
	}
}

// TestSaveGoesOnWithTheMendedFile: the paths to open name it, for a file; a folder finds it by itself.
func TestSaveGoesOnWithTheMendedFile(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	path := o.file("a.csv", header+line("a", "", "100.00")+line("b", "", "100.00"))
	save := func(b *filings.Book, index int) []string {
		t.Helper()
		written, paths, err := o.Save(t.Context(), b, index, []filings.Edit{{Name: "mailing_zip_code", Text: "92101"}}, filing.SaveOptions{})
		if err != nil || filepath.Base(written) != "a.fixed.csv" {
			t.Fatalf("%s, %v", written, err)
		}
		return paths
	}
	first := o.book(path)
	if b := first; !slices.Equal(outcomesOf(b), []filing.Outcome{filing.Blocked, filing.Blocked}) || b.Errors != 2 {
		t.Fatalf("%v", outcomesOf(b))
	}
	paths := save(first, 1)
	second := o.book(paths...)
	if at, ok := second.Index(first, 1); !ok || at != 1 || second.Rows[at].Outcome != filing.New {
		t.Errorf("row 1 is row %d (%v): %+v", at, ok, second.Rows)
	}
	folder := o.book(o.folder)
	if len(folder.Files) != 1 || folder.Files[0].Label != "a.fixed.csv" {
		t.Errorf("the folder has %+v", folder.Files)
	}
	if got := save(folder, 0); !slices.Equal(got, []string{o.folder}) {
		t.Errorf("the paths are %v", got)
	}
	// The file changed since: nothing is written over what came later.
	if _, _, err := o.Save(t.Context(), first, 0, []filings.Edit{{Name: "premium", Text: "1"}}, filing.SaveOptions{}); !errors.Is(err, filing.ErrFixedExists) {
		t.Errorf("it says %v", err)
	}
}

// TestLookFindsARowOfAnyPage reads rows of a long file in full, in any order, and says when one has moved.
func TestLookFindsARowOfAnyPage(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	ids := make([]string, 700)
	for i := range ids {
		ids[i] = fmt.Sprintf("t-%04d", i)
	}
	path := o.file("a.csv", good(ids...))
	b := o.book(path)
	for _, i := range []int{699, 0, 127, 128, 129, 500, 499, 0} {
		s, err := o.Look(t.Context(), b, i)
		if err != nil || s.Row.ID() != ids[i] || s.Index != i || s.Row.Text("mailing_city") != "San Diego" {
			t.Errorf("row %d is %s, %v", i, s.Row.ID(), err)
		}
	}
	o.file("a.csv", good(ids[1:]...))
	if _, err := o.Look(t.Context(), b, 300); !errors.Is(err, filings.ErrMoved) {
		t.Errorf("it says %v", err)
	}
	if _, err := o.Look(t.Context(), b, 700); !errors.Is(err, filings.ErrMoved) {
		t.Errorf("it says %v", err)
	}
	if is, err := o.Changed(t.Context(), b); !is || err != nil {
		t.Errorf("changed: %v, %v", is, err)
	}
}

// TestChangedSeesTheLedger: what another process filed shows.
func TestChangedSeesTheLedger(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	b := o.book(o.file("a.csv", good("a", "b")))
	if is, err := o.Changed(t.Context(), b); is || err != nil {
		t.Errorf("changed at once: %v", err)
	}
	o.submit(b, filing.SubmitOptions{})
	if is, err := o.Changed(t.Context(), b); !is || err != nil {
		t.Errorf("not changed by filing: %v", err)
	}
	now, err := o.Standing(t.Context(), b, []int{0, 1})
	if err != nil || now[1].Outcome != filing.Outcome(filing.Accepted) || now[1].Words != "Accepted" {
		t.Errorf("%+v, %v", now, err)
	}
	if err := os.Remove(filepath.Join(o.folder, "a.csv")); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Changed(t.Context(), b); err == nil || !strings.Contains(err.Error(), "a.csv cannot be read") {
		t.Errorf("it says %v", err)
	}
}

// TestPollSettlesQueuedRows asks for what was queued.
func TestPollSettlesQueuedRows(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.queue = true
	b := o.book(o.file("a.csv", good("a", "b")))
	o.submit(b, filing.SubmitOptions{})
	if p := o.book(b.Paths...).Plan(filings.Choice{}); p.Queued != 2 || p.Go() != 0 {
		t.Errorf("the plan is %+v", p)
	}
	r, err := o.Poll(t.Context())
	if err != nil || r.Settled[filing.Outcome(filing.Accepted)] != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestWithoutAnAccountNothingIsSent: everything else can be done.
func TestWithoutAnAccountNothingIsSent(t *testing.T) {
	t.Parallel()
	refusal := errors.New("InsCipher is not configured")
	o := open(t, refusal)
	b := o.book(o.file("a.csv", good("a")))
	_, submitted := o.Submit(t.Context(), b, filing.SubmitOptions{})
	_, retried := o.Retry(t.Context(), b, filing.SubmitOptions{})
	_, polled := o.Poll(t.Context())
	for _, err := range []error{submitted, retried, polled, o.Refusal()} {
		if !errors.Is(err, refusal) {
			t.Errorf("it says %v", err)
		}
	}
	if len(o.sent) > 0 {
		t.Errorf("sent %v", o.sent)
	}
}

// TestExport writes what needs a person, and nothing where nothing does.
func TestExport(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	b := o.book(o.file("a.csv", good("a")+line("bad", "", "100.00")))
	path, rows, err := o.Export(t.Context(), b)
	if err != nil || rows != 1 || filepath.Base(path) != "filings-to-correct-2026-11-20-093000.csv" {
		t.Fatalf("%s %d %v", path, rows, err)
	}
	raw, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(raw), ",a,") || !strings.Contains(string(raw), ",bad,") {
		t.Errorf("%s, %v", raw, err)
	}
	o.file("a.csv", good("a"))
	if path, rows, err := o.Export(t.Context(), o.book(b.Paths...)); path != "" || rows != 0 || err != nil {
		t.Errorf("%s %d %v", path, rows, err)
	}
}

// TestInspect says what a file is before it is opened.
func TestInspect(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.file("a.csv", good("a"))
	for name, want := range map[string]string{
		o.file("b.csv", good("first")):              "CSV, first transaction first",
		filepath.Join(o.folder, filings.AllHere):    "4 files of this folder",
		o.file("c.json", "[]"):                      "there is no transaction in it",
		o.file("d.csv", "\xff\xfei\x00"):            "it is UTF-16 text; save it as UTF-8",
		filepath.Join(o.folder, "not-here.csv"):     "cannot be read",
		filepath.Join(o.folder, "e", "nobody.json"): "cannot be read",
	} {
		words, err := o.Inspect(name)
		if err != nil {
			words = err.Error()
		}
		if !strings.Contains(words, want) && filepath.Base(name) != filings.AllHere {
			t.Errorf("%s: %q, want %q", filepath.Base(name), words, want)
		}
	}
	if words, err := o.Inspect(filepath.Join(o.folder, filings.AllHere)); words != "4 files of this folder" || err != nil {
		t.Errorf("%q, %v", words, err)
	}
}

// TestTenThousandRowsAreSmall: what is held of them is a few hundred bytes each.
func TestTenThousandRowsAreSmall(t *testing.T) {
	o := open(t, nil)
	const rows = 10_000
	ids := make([]string, rows)
	for i := range ids {
		ids[i] = fmt.Sprintf("SL-2611-%06d", i)
	}
	path := o.file("a.csv", good(ids...))
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	b := o.book(path)
	if _, err := o.Look(t.Context(), b, rows-1); err != nil {
		t.Fatal(err)
	}
	after := heap()
	runtime.KeepAlive(b)
	if used := int64(after) - int64(before); used > 6<<20 {
		t.Errorf("%d rows take %d KiB", rows, used>>10)
	} else {
		t.Logf("%d rows take %d KiB", rows, used>>10)
	}
}
