package outbox

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestUnknownIsRecheckedNeverResent(t *testing.T) {
	t.Run("the effect happened", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{})
			b.lostAfterEffect()
			b.run()
			e := b.submit("A")
			b.want(e.ID, Confirmed)
			if n := b.sender.count(e.ID); n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	})
	t.Run("it did not", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{})
			b.sender.answer(lost)
			b.run()
			e := b.submit("A")
			if got := b.want(e.ID, Unknown); got.Checked {
				t.Fatal("checked before the effect had time to show")
			}
			time.Sleep(time.Hour)
			if got := b.want(e.ID, Unknown); !got.Checked || b.sender.rechecks != 4 || b.sender.count(e.ID) != 1 {
				t.Fatalf("after an hour: %+v, %d rechecks, sent %d times", got, b.sender.rechecks, b.sender.count(e.ID))
			}
			b.sender.answer(nil)
			if _, err := b.Retry(t.Context(), e.ID); err != nil {
				t.Fatal(err)
			}
			if got := b.want(e.ID, Accepted); got.Attempts != 2 || b.sender.effects("A") != 1 {
				t.Fatalf("after the retry: %+v", got)
			}
		})
	})
	t.Run("no connection for an hour", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{})
			b.lostAfterEffect()
			b.sender.offline(errors.New("no connection"))
			b.run()
			e := b.submit("A")
			time.Sleep(time.Hour)
			if got := b.want(e.ID, Unknown); got.Checked {
				t.Fatal("a failed look counts as a look")
			}
			if _, err := b.Retry(t.Context(), e.ID); err == nil || !strings.Contains(err.Error(), "not sent again") {
				t.Fatalf("retry while it cannot be checked: %v", err)
			}
			b.sender.offline(nil)
			time.Sleep(5 * time.Minute)
			b.want(e.ID, Confirmed)
		})
	})
}

func TestRetryTooEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(lost)
		b.run()
		e := b.submit("A")
		b.want(e.ID, Unknown)
		_, err := b.Retry(t.Context(), e.ID)
		if _, ok := errors.AsType[*Refusal](err); !ok || !strings.Contains(err.Error(), "look again after") {
			t.Fatalf("got %v", err)
		}
		if n := b.sender.count(e.ID); n != 1 {
			t.Errorf("sent %d times", n)
		}
	})
}

func TestRetryFindsTheEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(lost)
		b.run()
		e := b.submit("A")
		time.Sleep(time.Minute)
		b.sender.effect(e)
		got, err := b.Retry(t.Context(), e.ID)
		if err != nil || got.State != Confirmed || b.sender.count(e.ID) != 1 {
			t.Fatalf("%v, %+v", err, got)
		}
	})
}

// Two writes of one kind, the first in doubt while the second is being sent: what the feed shows may belong to either,
// so the first is neither confirmed nor believed to have had no effect.
func TestDoubtWaitsForTheOtherAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.lostAfterEffect()
		b.sender.offline(errors.New("no connection"))
		b.run()
		doubt := b.submit("A")
		b.want(doubt.ID, Unknown)
		b.sender.answer(func(context.Context, Entry) Outcome {
			time.Sleep(5 * time.Minute)
			return Outcome{State: Rejected}
		})
		b.submit("A")
		b.sender.offline(nil)
		time.Sleep(4 * time.Minute)
		if got := b.want(doubt.ID, Unknown); got.Checked {
			t.Fatal("checked although it may have had its effect")
		}
		if _, err := b.Retry(t.Context(), doubt.ID); err == nil || !strings.Contains(err.Error(), "not sent again") {
			t.Fatalf("retry meanwhile: %v", err)
		}
		time.Sleep(5 * time.Minute)
		b.want(doubt.ID, Confirmed)
	})
}
