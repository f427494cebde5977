package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"claimdeck/state/activity"
)

func TestDropIsCorrectedByALateActivity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(lost)
		b.run()
		e := b.submit("A")
		time.Sleep(time.Minute)
		if _, err := b.Drop(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		b.sender.effect(e)
		b.Observe(t.Context(), b.journal.store(b.sender.feed...))
		b.want(e.ID, Confirmed)
		if _, err := b.Drop(t.Context(), e.ID); err == nil {
			t.Error("a confirmed write was dropped")
		}
	})
}

func TestStartComparesWithTheFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		e := b.submit("A")
		if _, err := b.Settle(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		b.journal.store(b.sender.feed...)
		b.want(e.ID, Accepted)
		b.run()
		b.want(e.ID, Confirmed)
	})
}

func TestConfirmation(t *testing.T) {
	at := func(b *bench, title string, age time.Duration) activity.Activity {
		b.sender.effect(Entry{ClaimID: "c1", Title: title})
		a := b.sender.feed[len(b.sender.feed)-1]
		a.CreatedAt = a.CreatedAt.Add(-age)
		return a
	}
	accept := func(context.Context, Entry) Outcome { return Outcome{State: Accepted} }
	t.Run("history fetched later does not confirm", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{})
			b.sender.answer(accept)
			b.run()
			e := b.submit("A")
			b.want(e.ID, Accepted)
			b.Observe(t.Context(), b.journal.store(at(b, "A", time.Hour)))
			b.want(e.ID, Accepted)
			b.Observe(t.Context(), b.journal.store(at(b, "A", time.Minute))) // the service's clock is behind
			b.want(e.ID, Confirmed)
		})
	})
	t.Run("what was there before does not confirm", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			for _, hold := range []time.Duration{0, time.Second} {
				b := newBench(t, Options{Hold: hold})
				b.sender.answer(accept)
				b.journal.store(at(b, "A", time.Minute)) // a colleague did the same a minute ago
				stop := b.run()
				e := b.submit("A")
				time.Sleep(2 * time.Second)
				b.Observe(t.Context(), nil)
				b.want(e.ID, Accepted)
				stop()
			}
		})
	})
	t.Run("one activity confirms one write", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{})
			b.sender.answer(accept)
			b.run()
			first, second := b.submit("A"), b.submit("A")
			b.want(second.ID, Accepted)
			b.Observe(t.Context(), b.journal.store(at(b, "A", 0)))
			b.want(first.ID, Confirmed)
			b.want(second.ID, Accepted)
			b.Observe(t.Context(), b.journal.store(at(b, "A", 0)))
			b.want(second.ID, Confirmed)
		})
	})
	t.Run("half an effect does not confirm, and is not doubled", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{})
			b.sender.answer(lost)
			b.run()
			e, err := b.Submit(t.Context(), Draft{ClaimID: "c1", Title: "A", Input: json.RawMessage(`2`)})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			b.Observe(t.Context(), b.journal.store(at(b, "A", 0)))
			if got := b.want(e.ID, Unknown); len(got.ConfirmedBy) != 1 {
				t.Fatalf("%+v", got)
			}
			if _, err := b.Retry(t.Context(), e.ID); err == nil || !strings.Contains(err.Error(), "doubled") {
				t.Fatalf("retry of a half done write: %v", err)
			}
			b.Observe(t.Context(), b.journal.store(at(b, "A", 0)))
			b.want(e.ID, Confirmed)
		})
	})
	t.Run("what is being sent goes before what is in doubt", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{})
			b.sender.answer(lost)
			b.run()
			doubt := b.submit("A")
			time.Sleep(time.Minute)
			b.sender.answer(func(ctx context.Context, _ Entry) Outcome {
				b.Observe(ctx, b.journal.store(at(b, "A", 0))) // the feed is faster than the answer
				return Outcome{State: Accepted}
			})
			sent := b.submit("A")
			b.want(sent.ID, Confirmed)
			b.want(doubt.ID, Unknown)
		})
	})
}

func TestRecheckOfAnAcceptedWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.run()
		e := b.submit("A")
		b.want(e.ID, Accepted)
		b.sender.offline(errors.New("no connection"))
		if got, err := b.Recheck(t.Context(), e.ID); err == nil || got.State != Accepted {
			t.Errorf("%+v, %v", got, err)
		}
		b.sender.offline(nil)
		if got, err := b.Recheck(t.Context(), e.ID); err != nil || got.State != Confirmed {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
