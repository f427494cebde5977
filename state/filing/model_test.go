package filing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"claimdeck/state/filing"
)

// world is a model service, one ledger, and processes that come and go over them.
type world struct {
	service *service
	ledger  *memory
	living  string
	born    int
	list    filing.List
	good    map[string]bool
	theirs  map[string]bool // filed by somebody else before
}

func (w *world) process() *filing.Engine {
	w.born++
	w.living = fmt.Sprintf("process %d", w.born)
	w.ledger.fail = nil
	return filing.NewEngine(filing.Options{
		Service: w.service, Ledger: w.ledger, Now: clock, Instance: w.living,
		Alive: func(instance string) bool { return instance == w.living },
		Wait:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
}

// die makes the ledger fail for the process that lives, as if it had been killed.
func (w *world) die() {
	dead := w.born
	w.ledger.fail = func(int) error {
		if w.born == dead {
			return errors.New("killed")
		}
		return nil
	}
}

func newWorld(t *testing.T, rt *rapid.T) *world {
	t.Helper()
	w := &world{service: newService(), ledger: newMemory(), good: map[string]bool{}, theirs: map[string]bool{}}
	w.service.queue, w.service.shuffle = rapid.Bool().Draw(rt, "queue"), rapid.Bool().Draw(rt, "shuffle")
	for i := range rapid.IntRange(1, 40).Draw(rt, "rows") {
		r := numbered(t, i)
		switch rapid.IntRange(0, 9).Draw(rt, "row") {
		case 0:
			r = edit(t, r, "mailing_city", "Espa\xf1ola") // cannot be sent at all
		case 1:
			r = edit(t, r, "transaction_type", "ZZZ") // overridden, and refused by the service
		case 2:
			w.service.filed[r.ID()], w.theirs[r.ID()] = "theirs", true
		default:
			w.good[r.ID()] = true
		}
		w.list = append(w.list, r)
	}
	return w
}

// trouble makes one call go wrong in a way of its own.
func (w *world) trouble(rt *rapid.T) {
	w.service.intercept = func(_ int, do func() (filing.Answer, error)) (filing.Answer, error) {
		switch rapid.IntRange(0, 11).Draw(rt, "trouble") {
		case 0:
			return filing.Answer{}, fate{"cut before", "uncertain"}
		case 1:
			_, _ = do()
			return filing.Answer{}, fate{"cut after", "uncertain"}
		case 2:
			_, _ = do()
			w.die()
			return filing.Answer{}, errors.New("killed after")
		case 3:
			w.die()
			return filing.Answer{}, errors.New("killed before")
		case 4:
			a, err := do()
			w.die()
			return a, err
		case 5:
			return filing.Answer{}, fate{"no route", "not sent"}
		case 6:
			return filing.Answer{}, &filing.Fault{Err: fate{"429", "refused"}, Busy: true}
		case 7:
			return filing.Answer{}, &filing.Fault{Err: fate{"401", "refused"}, SignIn: true}
		case 8:
			a, err := do()
			if len(a.Rows) > 1 {
				a.Rows = a.Rows[1:]
			}
			return a, err
		}
		return do()
	}
}

// Whatever breaks, and however often: at the end every good row is accepted exactly once, and every other is explained.
func TestEveryRowOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rt)
		o := filing.SubmitOptions{
			Chunk: rapid.IntRange(1, 12).Draw(rt, "chunk"), Resume: rapid.Bool().Draw(rt, "resume"),
			Patience: rapid.SampledFrom([]time.Duration{-1, 0}).Draw(rt, "patience"), Override: true,
		}
		w.trouble(rt)
		e := w.process()
		for range rapid.IntRange(0, 5).Draw(rt, "runs") {
			_, _ = e.Submit(t.Context(), w.list, o) // however it ends
			if w.ledger.fail != nil || rapid.Bool().Draw(rt, "restart") {
				e = w.process()
			}
		}
		w.service.intercept, o.Patience = nil, 0
		e = w.process()
		for range 2 { // what was queued by an earlier run is polled by the first
			if _, err := e.Poll(t.Context(), filing.PollOptions{}); err != nil {
				rt.Fatal(err)
			}
			if _, err := e.Submit(t.Context(), w.list, o); err != nil {
				rt.Fatal(err)
			}
		}
		w.check(t, rt, e)
	})
}

func (w *world) check(t *testing.T, rt *rapid.T, e *filing.Engine) {
	t.Helper()
	for id := range w.good {
		if w.service.took[id] != 1 {
			rt.Errorf("%s was taken %d times", id, w.service.took[id])
		}
	}
	for r, err := range e.Results(t.Context(), w.list, survey(t, w.list), filing.ResultOptions{Override: true}) {
		switch {
		case err != nil:
			rt.Fatal(err)
		case w.theirs[r.ID()] && r.Outcome == accepted:
			// An attempt of ours had no answer, and then the id was there: nobody can tell whose it is, and that is said.
			if !strings.Contains(r.Reason(), "counts as filed") {
				rt.Errorf("%s: %s", r.ID(), r.Reason())
			}
		case w.good[r.ID()] != (r.Outcome == accepted):
			rt.Errorf("%s: %s %s", r.ID(), r.Outcome, r.Reason())
		case r.Outcome != accepted && (r.Outcome != rejected && r.Outcome != filing.Blocked || r.Reason() == "" || r.Fix() == ""):
			rt.Errorf("%s is not explained: %s %q", r.ID(), r.Outcome, r.Reason())
		}
	}
}
