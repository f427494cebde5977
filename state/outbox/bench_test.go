package outbox

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// bench is a Box on fakes, inside a synctest bubble.
type bench struct {
	*Box
	t       *testing.T
	journal *memory
	sender  *fakeSender
	changes atomic.Int32
	waits   atomic.Int32
}

func newBench(t *testing.T, o Options) *bench {
	t.Helper()
	b := &bench{t: t, journal: newMemory()}
	b.sender = newSender(b.journal, time.Now)
	if o.Lane != nil {
		b.sender.lane = o.Lane
	}
	o.Journal, o.Sender, o.Now = b.journal, b.sender, time.Now
	if o.Instance == "" {
		o.Instance = "first"
	}
	o.OnChange = func(Entry) { b.changes.Add(1) }
	o.Wait = func(ctx context.Context, d time.Duration) error { b.waits.Add(1); return wait(ctx, d) }
	b.Box = New(o)
	return b
}

// run starts Run and stops it at the end of the test.

func (b *bench) run() context.CancelFunc {
	ctx, cancel := context.WithCancel(b.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := b.Run(ctx); !errors.Is(err, context.Canceled) {
			b.t.Errorf("Run ended with %v", err)
		}
	}()
	stop := func() { cancel(); <-done }
	b.t.Cleanup(stop)
	return stop
}

func (b *bench) submit(title string) Entry {
	b.t.Helper()
	e, err := b.Submit(b.t.Context(), Draft{Action: "order.create", ClaimID: "c1", Title: title, Origin: FromConsole})
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

func (b *bench) want(id string, s State) Entry {
	b.t.Helper()
	synctest.Wait()
	e, err := b.journal.Entry(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	if e.State != s {
		b.t.Fatalf("state is %s (%+v), want %s", e.State, e.Problem, s)
	}
	return e
}

func lost(context.Context, Entry) Outcome {
	return Outcome{State: Unknown, Problem: &Problem{Message: "no answer in time"}}
}

func (b *bench) lostAfterEffect() {
	b.sender.answer(func(ctx context.Context, e Entry) Outcome {
		b.sender.effect(e)
		return lost(ctx, e)
	})
}

// A disk that fills up during the hold: the write stays held and is given back once it is too late for it.

// The outcome of an attempt cannot be journaled: it must not be sent again, and is found by the recheck.

// The effect shows up between the last recheck and the person's retry.

// One after the other within a claim, in the order given; claims do not wait for each other.

// What the feed showed while no process compared it is found at the start.

// Another process took our attempt for dead while it ran: its answer still counts.

// The console quits: what is held or being sent is settled beside Run, and goes out once.

// A journal that cannot be read is told, and tried again.

// A second press of the key: one of the two is refused in words, and the write goes out once more, not twice.
