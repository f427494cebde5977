package filing_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"claimdeck/state/filing"
)

const (
	accepted = filing.Outcome(filing.Accepted)
	rejected = filing.Outcome(filing.Rejected)
	unknown  = filing.Outcome(filing.Unknown)
	queued   = filing.Outcome(filing.Queued)
)

func TestSubmit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.shuffle = true // answers are matched by id
	list := batch(t, 25)
	list[3] = edit(t, list[3], "transaction_type", "ZZZ")
	list[7] = edit(t, list[7], "premium", "")
	var phases []filing.Phase
	report := b.mustSubmit(t, list, filing.SubmitOptions{Progress: func(p filing.Progress) {
		if len(phases) == 0 || phases[len(phases)-1] != p.Phase {
			phases = append(phases, p.Phase)
		}
	}})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 23, filing.Blocked: 2})
	if report.Sent != 23 || report.Calls != 3 || report.Failed() != 2 || !slices.Equal(b.service.sizes, []int{10, 10, 3}) {
		t.Errorf("%+v, calls of %v", report, b.service.sizes)
	}
	if want := []filing.Phase{filing.PhaseRead, filing.PhaseSend, filing.PhaseCount}; !slices.Equal(phases, want) {
		t.Errorf("phases %v", phases)
	}
	e := b.ledger.entry("T-00004")
	if e.State != filing.Accepted || e.BatchID != "batch-1" || e.Attempts != 1 || e.Code != "0" || e.File != "june.json" || e.Position.Row != 5 ||
		e.PolicyNumber != "CA20170228-05" || !e.SettledAt.Equal(clock()) || e.Holder != "" || e.Before != nil {
		t.Errorf("%+v", e)
	}
	report = b.mustSubmit(t, list, filing.SubmitOptions{Override: true})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 24, rejected: 1})
	if report.Sent != 2 {
		t.Errorf("a second run sent %d rows", report.Sent)
	}
	list[3] = edit(t, list[3], "transaction_type", "PN")
	report = b.mustSubmit(t, list, filing.SubmitOptions{Override: true})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 25})
	if report.Sent != 1 || b.ledger.entry("T-00003").Attempts != 2 {
		t.Errorf("the corrected row: %+v", report)
	}
}

func TestFullChunksOnARerun(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	list := batch(t, 100)
	for i := range list {
		if i%4 == 0 {
			list[i] = edit(t, list[i], "transaction_type", "ZZZ")
		}
	}
	b.mustSubmit(t, list, filing.SubmitOptions{Override: true})
	b.service.sizes = nil
	b.mustSubmit(t, list, filing.SubmitOptions{Override: true})
	if !slices.Equal(b.service.sizes, []int{10, 10, 5}) {
		t.Errorf("25 rejected rows were sent again in calls of %v", b.service.sizes)
	}
}

func TestRepeatedIDs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	list := batch(t, 6)
	again := list[1]
	again.Position.Row = 90
	other := edit(t, list[2], "premium", "1.00", "total", "325.80")
	other.Position.Row = 91
	list = append(list, again, other)
	report := b.mustSubmit(t, list, filing.SubmitOptions{Override: true})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 5, filing.Repeated: 1, filing.Blocked: 2})
	if b.service.took["T-00001"] != 1 || b.service.took["T-00002"] != 0 {
		t.Errorf("took %v", b.service.took)
	}
	survey, err := filing.TakeSurvey(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []filing.Row{list[2], other} {
		p := survey.Check(r)[0]
		if p.Rule != "duplicate" || !p.Blocks(true) || !strings.Contains(p.Reason, "2 times") {
			t.Errorf("%+v", p)
		}
	}
	if !strings.Contains(survey.Check(list[2])[0].Reason, "row 91") || !strings.Contains(survey.Check(other)[0].Reason, "row 3 ") {
		t.Error("the other place is not named")
	}
	if survey.Check(list[0]) != nil {
		t.Error("an id that is there once")
	}
}

// A call that was cut is in doubt, is not sent again by the same run, and the next one finds out that it is ours.
func TestCutCall(t *testing.T) {
	t.Parallel()
	for name, arrived := range map[string]bool{"it arrived": true, "it did not": false} {
		b := newBench(t)
		b.service.intercept = func(call int, do func() (filing.Answer, error)) (filing.Answer, error) {
			if call != 2 {
				return do()
			}
			if arrived {
				_, _ = do()
			}
			return filing.Answer{}, fate{"connection reset", "uncertain"}
		}
		list := batch(t, 30)
		report := b.mustSubmit(t, list, filing.SubmitOptions{})
		wantCounts(t, report, map[filing.Outcome]int{accepted: 20, unknown: 10})
		if e := b.ledger.entry("T-00012"); !e.Doubt || !strings.Contains(e.Message, "connection reset") {
			t.Errorf("%s: %+v", name, e)
		}
		report = b.mustSubmit(t, list, filing.SubmitOptions{})
		wantCounts(t, report, map[filing.Outcome]int{accepted: 30})
		if report.Sent != 10 {
			t.Errorf("%s: sent %d", name, report.Sent)
		}
		for id, n := range b.service.took {
			if n != 1 {
				t.Errorf("%s: %s was taken %d times", name, id, n)
			}
		}
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.intercept = func(call int, do func() (filing.Answer, error)) (filing.Answer, error) {
		a, err := do()
		if call == 1 {
			return filing.Answer{}, errors.New("an error that says nothing of itself")
		}
		return a, err
	}
	list := batch(t, 30)
	list[29] = edit(t, list[29], "transaction_type", "ZZZ")
	report := b.mustSubmit(t, list, filing.SubmitOptions{Resume: true, Override: true})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 29, rejected: 1})
	if report.Sent != 40 || report.Calls != 4 {
		t.Errorf("%+v", report)
	}
}

// A 3001 for an id that was never sent from here is somebody else's.
func TestDuplicateOfSomebodyElse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.filed["T-00001"] = "theirs"
	list := batch(t, 3)
	for range 2 {
		report := b.mustSubmit(t, list, filing.SubmitOptions{})
		wantCounts(t, report, map[filing.Outcome]int{accepted: 2, rejected: 1})
	}
	for r, err := range filing.Failures(b.Results(t.Context(), list, survey(t, list), filing.ResultOptions{})) {
		if err != nil || r.ID() != "T-00001" || !strings.Contains(r.Reason(), "duplicate") || !strings.Contains(r.Fix(), "not from here") {
			t.Errorf("%+v %v", r, err)
		}
	}
}

func survey(t *testing.T, source filing.Source) *filing.Survey {
	t.Helper()
	s, err := filing.TakeSurvey(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestChangedContent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	list := batch(t, 2)
	b.mustSubmit(t, list, filing.SubmitOptions{})
	first := list[0].Hash()
	list[0] = edit(t, list[0], "premium", "4000.00", "total", "4324.80")
	report := b.mustSubmit(t, list, filing.SubmitOptions{})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 1, filing.Changed: 1})
	if report.Sent != 0 {
		t.Error("changed content was sent unasked")
	}
	report = b.mustSubmit(t, list, filing.SubmitOptions{Changed: true})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 1, filing.Changed: 1})
	e := b.ledger.entry("T-00000")
	if report.Sent != 1 || e.State != filing.Accepted || e.Hash != first || e.BatchID != "batch-1" || !strings.Contains(e.Message, "not taken (3001)") {
		t.Errorf("%+v %+v", report, e)
	}
	delete(b.service.filed, "T-00000") // withdrawn there
	report = b.mustSubmit(t, list, filing.SubmitOptions{Changed: true})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 2})
	if e := b.ledger.entry("T-00000"); e.Hash != list[0].Hash() || e.Earlier != nil {
		t.Errorf("%+v", e)
	}
}

// Different content under an id that is in doubt: a 3001 means that the first version arrived.
func TestChangedWhileInDoubt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.intercept = func(call int, do func() (filing.Answer, error)) (filing.Answer, error) {
		a, err := do()
		if call == 1 {
			return filing.Answer{}, fate{"timeout", "uncertain"}
		}
		return a, err
	}
	list := batch(t, 1)
	first := list[0]
	b.mustSubmit(t, list, filing.SubmitOptions{})
	list[0] = edit(t, first, "premium", "4000.00", "total", "4324.80")
	if report := b.mustSubmit(t, list, filing.SubmitOptions{}); report.Sent != 0 {
		t.Error("sent unasked while the first version is in doubt")
	}
	b.mustSubmit(t, list, filing.SubmitOptions{Changed: true})
	if e := b.ledger.entry("T-00000"); e.State != filing.Accepted || e.Hash != first.Hash() || e.SettledAt.IsZero() {
		t.Errorf("%+v", e)
	}
	if report := b.mustSubmit(t, filing.List{first}, filing.SubmitOptions{}); report.Sent != 0 || report.Counts[accepted] != 1 {
		t.Errorf("%+v", report)
	}
}

func TestOneSubmissionAtATime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.intercept = func(_ int, do func() (filing.Answer, error)) (filing.Answer, error) {
		if _, err := b.submit(t, batch(t, 1), filing.SubmitOptions{}); !errors.Is(err, filing.ErrRunning) {
			t.Errorf("%v", err)
		}
		return do()
	}
	b.mustSubmit(t, batch(t, 1), filing.SubmitOptions{})
}

func TestExports(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	list := batch(t, 4)
	list[1] = edit(t, list[1], "policy_number", "", "transaction_type", "=cmd()")
	b.service.filed["T-00002"] = "theirs"
	b.mustSubmit(t, list, filing.SubmitOptions{})
	s := survey(t, list)
	failures := func() (seq func(yield func(filing.Result, error) bool)) {
		return filing.Failures(b.Results(t.Context(), list, s, filing.ResultOptions{}))
	}
	var out bytes.Buffer
	if err := filing.ExportJSON(&out, failures()); err != nil {
		t.Fatal(err)
	}
	var got []struct {
		ID, Outcome, Reason, Fix, Code string
		Line                           int
		Transaction                    json.RawMessage
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || len(got) != 2 || got[0].ID != "T-00001" || got[0].Outcome != "blocked" ||
		!strings.Contains(got[0].Reason, "policy_number") || got[1].Code != "3001" || got[1].Line != 3 || len(got[1].Transaction) < 100 {
		t.Errorf("%v %+v", err, got)
	}
	out.Reset()
	if err := filing.ExportCSV(&out, failures()); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(records) != 3 || records[1][3] != "T-00001" || records[2][6] != "3001" {
		t.Errorf("%v %v", err, records)
	}
	out.Reset()
	if err := filing.ExportCSV(&out, filing.FromLedger(b.ledger.Walk(t.Context(), filing.Query{State: filing.Rejected}))); err != nil || !strings.Contains(out.String(), "T-00002") {
		t.Errorf("%v %s", err, out.String())
	}
	out.Reset()
	hostile := edit(t, list[3], "id", "=HYPERLINK(1)")
	hostile.Position = filing.Position{}
	if err := filing.ExportCSV(&out, b.Results(t.Context(), filing.List{hostile}, survey(t, filing.List{hostile}), filing.ResultOptions{})); err != nil || !strings.Contains(out.String(), "'=HYPERLINK") {
		t.Errorf("%v %s", err, out.String())
	}
	if err := filing.ExportCSV(brokenWriter{}, failures()); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
	if err := filing.ExportJSON(brokenWriter{}, failures()); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errFull }

// Of a file that cannot be read to its end nothing is sent, unless asked; the other files are not concerned.
func TestBrokenFileIsHeld(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	disk := fstest.MapFS{
		"a.json": {Data: []byte("[" + string(numbered(t, 1).JSON()) + ",\n{\"id\":")},
		"b.json": {Data: []byte(sample(t))},
	}
	files, err := filing.Find(disk, "a.json", "b.json")
	if err != nil {
		t.Fatal(err)
	}
	report := b.mustSubmit(t, files, filing.SubmitOptions{})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 1, filing.Held: 1})
	if p := report.Files[0].Problem; p == nil || p.Line != 2 || report.Files[1].Problem != nil || report.Files[0].Rows != 1 {
		t.Errorf("%+v", report.Files)
	}
	wantCounts(t, b.mustSubmit(t, files, filing.SubmitOptions{Partial: true}), map[filing.Outcome]int{accepted: 2})
}
