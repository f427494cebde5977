package filing_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"claimdeck/state/filing"
)

func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	list := batch(t, 10)
	b.alive["them"] = true
	them := b.process("them")
	b.service.intercept = func(call int, do func() (filing.Answer, error)) (filing.Answer, error) {
		if call == 1 { // while they send, we try the same
			b.service.mu.Unlock()
			defer b.service.mu.Lock()
			report := b.mustSubmit(t, list, filing.SubmitOptions{})
			wantCounts(t, report, map[filing.Outcome]int{filing.Outcome(filing.Sending): 10})
			if report.Sent != 0 {
				t.Errorf("%d rows were sent twice", report.Sent)
			}
		}
		return do()
	}
	report, err := them.Submit(t.Context(), list, filing.SubmitOptions{})
	if err != nil || report.Counts[accepted] != 10 || len(b.service.sizes) != 1 {
		t.Errorf("%+v %v", report, err)
	}
}

// A process that died while it sent leaves rows that are sent again, and are ours.
func TestDeadProcess(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.alive["them"] = true
	them := b.process("them")
	list := batch(t, 10)
	b.service.intercept = func(_ int, do func() (filing.Answer, error)) (filing.Answer, error) {
		a, err := do()
		b.ledger.full = true // nothing of it can be journaled any more: as if it were killed
		return a, err
	}
	if _, err := them.Submit(t.Context(), list, filing.SubmitOptions{}); !errors.Is(err, filing.ErrJournal) {
		t.Fatalf("%v", err)
	}
	b.ledger.full, b.service.intercept = false, nil
	b.alive["them"] = false
	for r, err := range b.Results(t.Context(), list, survey(t, list), filing.ResultOptions{}) {
		if err != nil || r.Outcome != unknown || !strings.Contains(r.Reason(), "ended while") {
			t.Errorf("before it is written down: %s %s %v", r.Outcome, r.Reason(), err)
		}
	}
	if err := b.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e := b.ledger.entry("T-00003"); e.State != filing.Unknown || !strings.Contains(e.Message, "ended while") {
		t.Errorf("%+v", e)
	}
	wantCounts(t, b.mustSubmit(t, list, filing.SubmitOptions{}), map[filing.Outcome]int{accepted: 10})
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ledger.full = true
	report, err := b.submit(t, batch(t, 5), filing.SubmitOptions{})
	if !errors.Is(err, filing.ErrJournal) || !errors.Is(err, errFull) || len(b.service.sizes) != 0 {
		t.Errorf("%v, %d calls", err, len(b.service.sizes))
	}
	wantCounts(t, report, map[filing.Outcome]int{filing.New: 5})
	b.ledger.full = false
	fails := 0
	b.ledger.fail = func(int) error {
		if len(b.service.sizes) == 1 && fails < 3 { // the disk has room again a moment later
			fails++
			return errFull
		}
		return nil
	}
	wantCounts(t, b.mustSubmit(t, batch(t, 5), filing.SubmitOptions{}), map[filing.Outcome]int{accepted: 5})
}

func TestCancelEndsBetweenChunks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.service.intercept = func(call int, do func() (filing.Answer, error)) (filing.Answer, error) {
		if call == 2 {
			cancel()
		}
		return do()
	}
	// A wait that lasts: the grace of the call under way must not end at once.
	e := filing.NewEngine(filing.Options{Service: b.service, Ledger: b.ledger, Now: clock, Instance: "us", Wait: func(ctx context.Context, _ time.Duration) error {
		<-ctx.Done()
		return ctx.Err()
	}})
	report, err := e.Submit(ctx, batch(t, 30), filing.SubmitOptions{Chunk: 10})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "run it again") {
		t.Errorf("%v", err)
	}
	wantCounts(t, report, map[filing.Outcome]int{accepted: 20, filing.New: 10})
	if _, err := e.Submit(ctx, batch(t, 1), filing.SubmitOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// While a call does not end after a cancel, it is cut off once the grace is over, and is in doubt.
func TestCancelCutsOffAfterTheGrace(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ledger := newMemory()
	e := filing.NewEngine(filing.Options{Service: hanging{cancel}, Ledger: ledger, Now: clock, Grace: time.Millisecond})
	if _, err := e.Submit(ctx, batch(t, 1), filing.SubmitOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got := ledger.entry("T-00000"); got.State != filing.Unknown {
		t.Errorf("%+v", got)
	}
}

type hanging struct{ cancel func() }

func (h hanging) Send(ctx context.Context, _ []json.RawMessage) (filing.Answer, error) {
	h.cancel()
	<-ctx.Done()
	return filing.Answer{}, fate{"cut off", "uncertain"}
}

func (hanging) Results(context.Context, string) (filing.Answer, error) { return filing.Answer{}, nil }

// Another process takes us for dead while we send: our answer still counts.
func TestLateAnswerCounts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.intercept = func(_ int, do func() (filing.Answer, error)) (filing.Answer, error) {
		if err := b.process("them").Recover(t.Context()); err != nil {
			t.Error(err)
		}
		if e := b.ledger.entry("T-00000"); e.State != filing.Unknown {
			t.Errorf("%+v", e)
		}
		return do()
	}
	wantCounts(t, b.mustSubmit(t, batch(t, 3), filing.SubmitOptions{}), map[filing.Outcome]int{accepted: 3})
}
