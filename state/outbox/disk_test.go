package outbox

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.run()
		b.journal.setFull(true)
		_, err := b.Submit(t.Context(), Draft{ClaimID: "c1", Title: "Order Copy of Title"})
		if !errors.Is(err, errDiskFull) || !strings.Contains(err.Error(), "Order Copy of Title was not sent") {
			t.Fatalf("got %v", err)
		}
		time.Sleep(time.Hour)
		b.journal.setFull(false)
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(b.sender.sent) != 0 {
			t.Errorf("sent although it was not journaled: %v", b.sender.sent)
		}
	})
}

func TestFullDiskDuringHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Hold: time.Second})
		b.run()
		soon := b.submit("A")
		b.journal.setFull(true)
		time.Sleep(30 * time.Second)
		b.want(soon.ID, Held)
		b.journal.setFull(false)
		time.Sleep(10 * time.Second)
		b.want(soon.ID, Accepted)
		late := b.submit("B")
		b.journal.setFull(true)
		time.Sleep(10 * time.Minute)
		b.journal.setFull(false)
		time.Sleep(10 * time.Second)
		if got := b.want(late.ID, Rejected); !got.Problem.NotSent || b.sender.count(late.ID) != 0 {
			t.Errorf("an old write was sent: %+v", got)
		}
	})
}

func TestFullDiskAfterSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(func(_ context.Context, e Entry) Outcome {
			b.sender.effect(e)
			b.journal.setFull(true)
			return Outcome{State: Accepted}
		})
		b.run()
		e := b.submit("A")
		time.Sleep(time.Minute)
		b.want(e.ID, Sending)
		b.journal.setFull(false)
		time.Sleep(time.Minute)
		b.want(e.ID, Confirmed)
		if n := b.sender.count(e.ID); n != 1 {
			t.Errorf("sent %d times", n)
		}
	})
}

func TestBrokenJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.journal.setBroken(true)
		b.run()
		for name, err := range map[string]error{
			"submit":  second(b.Submit(t.Context(), Draft{Title: "A"})),
			"pending": second(b.Pending(t.Context())),
			"undo":    second(b.Undo(t.Context(), "x")),
			"recheck": second(b.Recheck(t.Context(), "x")),
			"retry":   second(b.Retry(t.Context(), "x")),
			"settle":  second(b.Settle(t.Context(), "x")),
		} {
			if !errors.Is(err, errDiskFull) {
				t.Errorf("%s: %v", name, err)
			}
		}
		b.Observe(t.Context(), nil)
		b.journal.setBroken(false)
		e := b.submit("A")
		b.want(e.ID, Accepted)
	})
}

func second[T any](_ T, err error) error { return err }
