package outbox

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// What changes nothing is never held; what a person may want back is.
func TestAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Hold: 5 * time.Second})
		b.run()
		e, err := b.Submit(t.Context(), Draft{Action: "look", ClaimID: "claim", Title: "A", Origin: FromConsole, AtOnce: true})
		if err != nil || e.State != Sending {
			t.Fatalf("%+v, %v", e, err)
		}
		b.want(e.ID, Accepted)
		if held := b.submit("B"); held.State != Held {
			t.Errorf("a write is %s", held.State)
		}
	})
}

// A line that stands still holds up nothing but itself.
func TestLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Lane: func(e Entry) string { return e.ClaimID + " " + e.Action }})
		b.run()
		stuck := make(chan struct{})
		b.sender.answer(func(ctx context.Context, e Entry) Outcome {
			if e.Action == "slow" {
				select {
				case <-stuck:
				case <-ctx.Done():
				}
			}
			return Outcome{State: Accepted}
		})
		submit := func(action string) Entry {
			e, err := b.Submit(t.Context(), Draft{Action: action, ClaimID: "claim", Title: action, Origin: FromConsole})
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		first, second, other := submit("slow"), submit("slow"), submit("quick")
		b.want(other.ID, Accepted)
		b.want(first.ID, Sending)
		if n := b.sender.count(second.ID); n != 0 {
			t.Errorf("the second of a line was sent %d times while the first was under way", n)
		}
		close(stuck)
		b.want(first.ID, Accepted)
		b.want(second.ID, Accepted)
	})
}
