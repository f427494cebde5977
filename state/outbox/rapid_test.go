package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// maxWaits is how often a process may wait in one turn before it is stopped: more than every schedule needs.
const maxWaits = 40

// world is one service, one journal, and two claimdeck processes at a time. Its clock moves only when told.
type world struct {
	boxes     [2]*Box
	journal   *memory
	sender    *fakeSender
	mu        sync.Mutex
	clock     time.Time
	instances [2]string
	born      int
	submitted []string // entry ids; their titles are their ids' place
	titles    map[string]string
	waits     atomic.Int32 // of the turn
	killed    atomic.Bool  // the process at turn died while it sent
}

func newWorld() *world {
	w := &world{journal: newMemory(), clock: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), titles: map[string]string{}}
	w.sender = newSender(w.journal, w.now)
	w.restart(0)
	w.restart(1)
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

// restart kills a process and starts another one over the same journal.
func (w *world) restart(i int) {
	w.born++
	w.instances[i] = fmt.Sprintf("process %d", w.born)
	w.boxes[i] = New(Options{
		Journal: w.journal, Sender: w.sender, Now: w.now, Hold: 5 * time.Second, Instance: w.instances[i],
		Alive: func(instance string) bool { return slices.Contains(w.instances[:], instance) },
		Wait: func(ctx context.Context, d time.Duration) error {
			w.advance(d)
			if w.journal.isFull() || w.waits.Add(1) > maxWaits {
				return context.Canceled // the process is stopped
			}
			return ctx.Err()
		},
	})
}

// any is one of the two processes.
func (w *world) any(t *rapid.T) *Box { return w.boxes[w.pick(t)] }

func (w *world) pick(t *rapid.T) int { return rapid.IntRange(0, 1).Draw(t, "process") }

// outcomes are what can happen to one attempt; the effect is what the service did.
var outcomes = []struct {
	name   string
	effect bool
	killed bool
	out    Outcome
}{
	{"accepted", true, false, Outcome{State: Accepted}},
	{"refused", false, false, Outcome{State: Rejected, Problem: &Problem{Message: "no", Status: 400}}},
	{"not sent", false, false, Outcome{State: Rejected, Problem: &Problem{Message: "no connection", NotSent: true}}},
	{"reset before", false, false, Outcome{State: Unknown, Problem: &Problem{Message: "reset"}}},
	{"reset after", true, false, Outcome{State: Unknown, Problem: &Problem{Message: "reset"}}},
	{"killed before", false, true, Outcome{}},
	{"killed after", true, true, Outcome{}},
}

func (w *world) arm(t *rapid.T) {
	pick := rapid.SampledFrom(outcomes).Draw(t, "outcome")
	w.sender.answer(func(_ context.Context, e Entry) Outcome {
		if pick.effect {
			w.sender.effect(e)
		}
		if pick.killed {
			w.killed.Store(true)
			runtime.Goexit() // the process is gone: nothing after this line runs in it
		}
		return pick.out
	})
}

// turn lets a process do everything it can do without waiting for a person.
func (w *world) turn(ctx context.Context, i int) {
	w.waits.Store(0)
	for range 3 {
		var work sync.WaitGroup
		if _, err := w.boxes[i].scan(ctx, &work); err != nil {
			panic(err)
		}
		work.Wait()
	}
	if w.killed.Swap(false) {
		w.restart(i)
	}
}

// deliver brings the service's feed into the store.
func (w *world) deliver(ctx context.Context) {
	w.sender.mu.Lock()
	feed := w.sender.feed
	w.sender.mu.Unlock()
	w.boxes[0].Observe(ctx, w.journal.store(feed...))
}

func (w *world) anyEntry(t *rapid.T) string {
	if len(w.submitted) == 0 {
		t.Skip("nothing submitted")
	}
	return rapid.SampledFrom(w.submitted).Draw(t, "entry")
}

// person does what a person may ask of an entry: it works, it is a Refusal in words, or it has to wait for another write.
func person(t *rapid.T, _ Entry, err error) {
	if err == nil || errors.Is(err, errOtherFirst) {
		return
	}
	if _, ok := errors.AsType[*Refusal](err); !ok {
		t.Fatalf("a person got %v", err)
	}
}

// truth holds at any moment, with the journal and the service compared from outside.
func (w *world) truth(ctx context.Context, t *rapid.T) {
	for id, title := range w.titles {
		e, err := w.journal.Entry(ctx, id)
		if err != nil {
			t.Fatalf("%s is lost: %v", title, err)
		}
		n := w.sender.effects(title)
		if n > 1 {
			t.Fatalf("%s was doubled: %+v", title, e)
		}
		switch e.State {
		case Confirmed, Accepted:
			if n != 1 {
				t.Fatalf("%s is %s without an effect", title, e.State)
			}
		case Rejected, Undone, Held:
			if n != 0 {
				t.Fatalf("%s is %s, but it happened", title, e.State)
			}
		default: // on its way, or in doubt
		}
	}
}

// TestNeverDoubledNeverLost drives random writes, outcomes, kills, persons and feed deliveries.
func TestNeverDoubledNeverLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w, ctx := newWorld(), t.Context()
		rt.Repeat(map[string]func(*rapid.T){
			"": func(rt *rapid.T) { w.truth(ctx, rt) },
			"submit": func(rt *rapid.T) {
				title := fmt.Sprintf("write %d", len(w.submitted))
				d := Draft{ClaimID: rapid.SampledFrom([]string{"c1", "c2"}).Draw(rt, "claim"), Title: title}
				if rapid.Bool().Draw(rt, "cli") {
					d.Origin = FromCLI
				}
				e, err := w.any(rt).Submit(ctx, d)
				if err != nil {
					rt.Fatal(err)
				}
				w.submitted, w.titles[e.ID] = append(w.submitted, e.ID), title
			},
			"turn":    func(rt *rapid.T) { w.arm(rt); w.turn(ctx, w.pick(rt)) },
			"time":    func(rt *rapid.T) { w.advance(time.Duration(rapid.IntRange(1, 200).Draw(rt, "s")) * time.Second) },
			"kill":    func(rt *rapid.T) { w.restart(w.pick(rt)) },
			"deliver": func(*rapid.T) { w.deliver(ctx) },
			"undo":    func(rt *rapid.T) { e, err := w.any(rt).Undo(ctx, w.anyEntry(rt)); person(rt, e, err) },
			"drop":    func(rt *rapid.T) { e, err := w.any(rt).Drop(ctx, w.anyEntry(rt)); person(rt, e, err) },
			"retry":   func(rt *rapid.T) { e, err := w.any(rt).Retry(ctx, w.anyEntry(rt)); person(rt, e, err) },
			"recheck": func(rt *rapid.T) { e, err := w.any(rt).Recheck(ctx, w.anyEntry(rt)); person(rt, e, err) },
			"fill":    func(*rapid.T) { w.journal.setFull(true); w.brokenTurn(ctx); w.journal.setFull(false) },
		})
		w.finish(ctx, rt)
	})
}

// brokenTurn is a turn on a full disk: it may fail, but must not send what it cannot journal.
func (w *world) brokenTurn(ctx context.Context) {
	w.sender.answer(func(context.Context, Entry) Outcome { return Outcome{State: Unknown} })
	var work sync.WaitGroup
	_, _ = w.boxes[0].scan(ctx, &work)
	work.Wait()
}

// finish lets everything end: every write that had its effect must be confirmed, and none may hang.
func (w *world) finish(ctx context.Context, rt *rapid.T) {
	w.sender.answer(nil)
	w.advance(time.Hour)
	w.restart(0)
	w.restart(1)
	for i := range 6 {
		w.turn(ctx, i%2)
		w.deliver(ctx)
	}
	w.truth(ctx, rt)
	for id, title := range w.titles {
		e, _ := w.journal.Entry(ctx, id)
		switch {
		case w.sender.effects(title) == 1 && e.State != Confirmed:
			rt.Fatalf("%s happened and ends %s", title, e.State)
		case e.State == Held || e.State == Sending || (e.State == Unknown && !e.Checked):
			rt.Fatalf("%s hangs: %+v", title, e)
		}
	}
}
