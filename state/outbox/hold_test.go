package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestHoldSendConfirm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Hold: 5 * time.Second})
		b.run()
		e := b.submit("A")
		if e.State != Held || !e.HoldUntil.Equal(e.CreatedAt.Add(5*time.Second)) {
			t.Fatalf("submitted %+v", e)
		}
		time.Sleep(4 * time.Second)
		b.want(e.ID, Held)
		time.Sleep(2 * time.Second)
		got := b.want(e.ID, Accepted)
		if b.sender.count(e.ID) != 1 || got.Attempts != 1 || string(got.Answer) != `{"success":true}` {
			t.Fatalf("sent %d times: %+v", b.sender.count(e.ID), got)
		}
		added := b.journal.store(b.sender.feed...)
		b.Observe(t.Context(), added)
		if got := b.want(e.ID, Confirmed); len(got.ConfirmedBy) != 1 || got.SettledAt.IsZero() {
			t.Fatalf("confirmed as %+v", got)
		}
		if n := b.changes.Load(); n != 4 {
			t.Errorf("%d changes told, want held, sending, accepted and confirmed", n)
		}
	})
}

func TestIdleWaitsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.run()
		e := b.submit("A")
		b.want(e.ID, Accepted)
		before := b.waits.Load()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if n := b.waits.Load() - before; n != 0 {
			t.Errorf("Run set %d timers while nothing was pending", n)
		}
	})
}

func TestUndo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Hold: 5 * time.Second})
		b.run()
		e := b.submit("A")
		if _, err := b.Undo(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		b.want(e.ID, Undone)
		if n := b.sender.count(e.ID); n != 0 {
			t.Errorf("sent %d times after undo", n)
		}
		late := b.submit("B")
		time.Sleep(time.Minute)
		_, err := b.Undo(t.Context(), late.ID)
		r, ok := errors.AsType[*Refusal](err)
		if !ok || !strings.Contains(r.Reason, "already sent at "+clock(late.HoldUntil)) || r.Entry.State != Accepted {
			t.Errorf("undo of a sent write: %v", err)
		}
	})
}

func TestRejectedKeepsInputAndCanBeRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(func(context.Context, Entry) Outcome {
			return Outcome{State: Rejected, Problem: &Problem{Message: "types is required", Status: 400, Fields: map[string]string{"types": "is required"}}}
		})
		b.run()
		e, err := b.Submit(t.Context(), Draft{ClaimID: "c1", Title: "A", Input: json.RawMessage(`1`)})
		if err != nil {
			t.Fatal(err)
		}
		got := b.want(e.ID, Rejected)
		if string(got.Input) != "1" || got.Problem.Fields["types"] != "is required" || !got.Problem.Refused {
			t.Fatalf("rejected as %+v", got)
		}
		b.sender.answer(nil)
		if _, err := b.Retry(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		if got := b.want(e.ID, Accepted); got.Attempts != 2 || got.Problem != nil {
			t.Fatalf("retried as %+v", got)
		}
	})
}

func TestOrderWithinAClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		order := make(chan string, 10)
		b.sender.answer(func(_ context.Context, e Entry) Outcome {
			order <- e.Title
			time.Sleep(20 * time.Second)
			return Outcome{State: Accepted}
		})
		b.run()
		for _, title := range []string{"A", "B", "C"} {
			b.submit(title)
		}
		other, err := b.Submit(t.Context(), Draft{ClaimID: "c2", Title: "X"})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(21 * time.Second)
		b.want(other.ID, Accepted)
		time.Sleep(time.Hour)
		synctest.Wait()
		close(order)
		got := ""
		for title := range order {
			got += title
		}
		if strings.ReplaceAll(got, "X", "") != "ABC" {
			t.Errorf("sent in the order %s", got)
		}
	})
}

func TestRetryTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(func(context.Context, Entry) Outcome { return Outcome{State: Rejected} })
		b.run()
		e := b.submit("A")
		b.want(e.ID, Rejected)
		b.sender.answer(func(context.Context, Entry) Outcome {
			time.Sleep(time.Second)
			return Outcome{State: Accepted}
		})
		var refusals atomic.Int32
		var pressing sync.WaitGroup
		for range 2 {
			pressing.Go(func() {
				_, err := b.Retry(t.Context(), e.ID)
				if _, ok := errors.AsType[*Refusal](err); ok {
					refusals.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		pressing.Wait()
		time.Sleep(time.Minute)
		if got := b.want(e.ID, Accepted); got.Attempts != 2 || b.sender.count(e.ID) != 2 || refusals.Load() != 1 {
			t.Errorf("%+v, sent %d times, %d refusals", got, b.sender.count(e.ID), refusals.Load())
		}
	})
}

// A write that waits for others of its claim is not taken for one that was forgotten.
func TestWaitingInLineIsNotTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Hold: time.Second, Grace: 30 * time.Second})
		b.sender.answer(func(context.Context, Entry) Outcome {
			time.Sleep(time.Minute)
			return Outcome{State: Accepted}
		})
		b.run()
		var last Entry
		for _, title := range []string{"A", "B", "C"} {
			last = b.submit(title)
		}
		time.Sleep(4 * time.Minute)
		b.want(last.ID, Accepted)
	})
}
