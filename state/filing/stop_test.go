package filing_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"claimdeck/state/filing"
)

func TestStops(t *testing.T) {
	t.Parallel()
	always := func(err error) func(int, func() (filing.Answer, error)) (filing.Answer, error) {
		return func(int, func() (filing.Answer, error)) (filing.Answer, error) { return filing.Answer{}, err }
	}
	cases := map[string]struct {
		err   error
		want  error
		calls int
		left  map[filing.Outcome]int
		waits []time.Duration
	}{
		"a refused key": {
			&filing.Fault{Err: fate{"401", "refused"}, SignIn: true}, filing.ErrSignIn, 1,
			map[filing.Outcome]int{filing.New: 30},
			nil,
		},
		"no token": {
			&filing.Fault{Err: fate{"token", "not sent"}, SignIn: true}, filing.ErrSignIn, 1,
			map[filing.Outcome]int{filing.New: 30},
			nil,
		},
		"a wrong address": {
			&filing.Fault{Err: fate{"404", "refused"}, Fatal: true}, filing.ErrRefused, 1,
			map[filing.Outcome]int{filing.New: 30},
			nil,
		},
		"no connection": {
			fate{"no route", "not sent"},
			filing.ErrUnreachable, 6,
			map[filing.Outcome]int{filing.New: 30},
			[]time.Duration{1e9, 2e9, 4e9, 8e9, 16e9},
		},
		"too many requests": {
			&filing.Fault{Err: fate{"429", "refused"}, Busy: true, After: 7 * time.Second}, filing.ErrBusy, 6,
			map[filing.Outcome]int{filing.New: 30},
			[]time.Duration{7e9, 7e9, 7e9, 7e9, 7e9},
		},
		"a wait of hours": {
			&filing.Fault{Err: fate{"429", "refused"}, Busy: true, After: 3 * time.Hour}, filing.ErrBusy, 1,
			map[filing.Outcome]int{filing.New: 30},
			nil,
		},
		"no answers": {
			fate{"500", "uncertain"},
			filing.ErrDoubtful, 3,
			map[filing.Outcome]int{unknown: 30},
			[]time.Duration{2e9, 4e9},
		},
		"everything refused": {
			fate{"400 bad request", "refused"},
			filing.ErrRefused, 0,
			map[filing.Outcome]int{filing.New: 26, rejected: 4},
			nil,
		},
	}
	for name, c := range cases {
		b := newBench(t)
		b.service.intercept = always(c.err)
		report, err := b.submit(t, batch(t, 30), filing.SubmitOptions{})
		if !errors.Is(err, c.want) || c.calls > 0 && report.Calls != c.calls {
			t.Errorf("%s: %d calls, %v", name, report.Calls, err)
		}
		wantCounts(t, report, c.left)
		if !slices.Equal(b.waits, c.waits) {
			t.Errorf("%s: waits %v", name, b.waits)
		}
		if name != "no answers" && name != "everything refused" && len(b.ledger.entries) != 0 {
			t.Errorf("%s: the ledger holds %v", name, b.ledger.entries)
		}
		b.service.intercept = nil
		report = b.mustSubmit(t, batch(t, 30), filing.SubmitOptions{})
		wantCounts(t, report, map[filing.Outcome]int{accepted: 30})
	}
}

// One row that makes the service refuse the whole call does not take its neighbours with it; 413 halves the call.
func TestRefusedCallIsHalved(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.intercept = func(_ int, do func() (filing.Answer, error)) (filing.Answer, error) {
		if b.service.sizes[len(b.service.sizes)-1] > 4 {
			return filing.Answer{}, &filing.Fault{Err: fate{"413", "refused"}, TooLarge: true}
		}
		a, err := do()
		if _, ok := b.service.filed["T-00005"]; ok {
			for _, row := range a.Rows { // nothing of it was done
				delete(b.service.filed, row.ID)
				delete(b.service.took, row.ID)
			}
			return filing.Answer{}, fate{"400: row T-00005 is poison", "refused"}
		}
		return a, err
	}
	report := b.mustSubmit(t, batch(t, 20), filing.SubmitOptions{})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 19, rejected: 1})
	if e := b.ledger.entry("T-00005"); !strings.Contains(e.Message, "poison") || e.Code != "" {
		t.Errorf("%+v", e)
	}
}

func TestStrangeAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.intercept = func(_ int, do func() (filing.Answer, error)) (filing.Answer, error) {
		a, err := do()
		a.Rows = slices.DeleteFunc(a.Rows, func(r filing.RowAnswer) bool { return r.ID == "T-00001" })
		a.Rows = append(a.Rows, filing.RowAnswer{ID: "stray", Code: "0"}, filing.RowAnswer{ID: "T-00002", Code: "1001"})
		a.Rows[0].ID = " " + a.Rows[0].ID + "\n"
		a.Rows[0].Warnings = []filing.Remark{{Field: "total", Text: "\x1b[1mdoes not match"}}
		return a, err
	}
	report := b.mustSubmit(t, batch(t, 4), filing.SubmitOptions{})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 2, unknown: 2})
	if report.Strays != 1 {
		t.Errorf("%d strays", report.Strays)
	}
	if e := b.ledger.entry("T-00000"); e.Warnings[0].Text != "does not match" {
		t.Errorf("%+v", e.Warnings)
	}
	if !strings.Contains(b.ledger.entry("T-00001").Message, "nothing about") || !strings.Contains(b.ledger.entry("T-00002").Message, "twice") {
		t.Error("not explained")
	}
}
