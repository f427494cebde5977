package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"claimdeck/state/activity"
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

// A disk that fills up during the hold: the write stays held and is given back once it is too late for it.
func TestFullDiskDuringHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Hold: time.Second})
		b.run()
		soon, late := b.submit("A"), Entry{}
		b.journal.setFull(true)
		time.Sleep(30 * time.Second)
		b.want(soon.ID, Held)
		b.journal.setFull(false)
		time.Sleep(10 * time.Second)
		b.want(soon.ID, Accepted)
		late = b.submit("B")
		b.journal.setFull(true)
		time.Sleep(10 * time.Minute)
		b.journal.setFull(false)
		time.Sleep(10 * time.Second)
		if got := b.want(late.ID, Rejected); !got.Problem.NotSent || b.sender.count(late.ID) != 0 {
			t.Errorf("an old write was sent: %+v", got)
		}
	})
}

// The outcome of an attempt cannot be journaled: it must not be sent again, and is found by the recheck.
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

// The effect shows up between the last recheck and the person's retry.
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

// One after the other within a claim, in the order given; claims do not wait for each other.
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

func TestStopWhileSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(func(ctx context.Context, e Entry) Outcome {
			<-ctx.Done()
			return lost(ctx, e)
		})
		stop := b.run()
		e := b.submit("A")
		b.want(e.ID, Sending)
		stop()
		b.want(e.ID, Unknown)
	})
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Timeout: 7 * time.Second})
		b.sender.answer(func(ctx context.Context, e Entry) Outcome {
			<-ctx.Done()
			return lost(ctx, e)
		})
		b.run()
		e := b.submit("A")
		time.Sleep(8 * time.Second)
		b.want(e.ID, Unknown)
	})
}

func TestAdoptsWhatADeadProcessWasSending(t *testing.T) {
	for name, instance := range map[string]string{"another name": "second", "the same name again": "first"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dead := newBench(t, Options{})
				e := dead.submit("A") // sending, and its process ends here
				dead.sender.effect(e)
				next := New(Options{
					Journal: dead.journal, Sender: dead.sender, Now: time.Now, Instance: instance,
					Alive: func(string) bool { return false },
				})
				dead.Box = next
				dead.run()
				dead.want(e.ID, Confirmed)
				if n := dead.sender.count(e.ID); n != 0 {
					t.Errorf("sent again %d times", n)
				}
			})
		})
	}
}

// What the feed showed while no process compared it is found at the start.
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

func TestLeavesLiveProcessesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Hold: time.Second})
		held := b.submit("A")
		var alive atomic.Bool
		alive.Store(true)
		next := New(Options{
			Journal: b.journal, Sender: b.sender, Now: time.Now, Instance: "second",
			Alive: func(string) bool { return alive.Load() },
		})
		b.Box = next
		b.run()
		time.Sleep(time.Minute)
		b.want(held.ID, Held)
		alive.Store(false)
		time.Sleep(10 * time.Second)
		b.want(held.ID, Accepted)
	})
}

// Another process took our attempt for dead while it ran: its answer still counts.
func TestLateAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(func(context.Context, Entry) Outcome {
			time.Sleep(20 * time.Second)
			return Outcome{State: Accepted, Answer: json.RawMessage(`{}`)}
		})
		b.run()
		e := b.submit("A")
		synctest.Wait()
		other := New(Options{Journal: b.journal, Sender: b.sender, Now: time.Now, Instance: "second"})
		if _, err := other.adopt(t.Context(), b.want(e.ID, Sending)); err != nil {
			t.Fatal(err)
		}
		b.want(e.ID, Unknown)
		time.Sleep(time.Hour)
		b.want(e.ID, Accepted)
	})
}

func TestSettle(t *testing.T) {
	tests := []struct {
		name   string
		answer func(b *bench) func(context.Context, Entry) Outcome
		want   State
	}{
		{"accepted", func(*bench) func(context.Context, Entry) Outcome { return nil }, Accepted},
		{"rejected", func(*bench) func(context.Context, Entry) Outcome {
			return func(context.Context, Entry) Outcome { return Outcome{State: Rejected} }
		}, Rejected},
		{"unknown", func(*bench) func(context.Context, Entry) Outcome { return lost }, Unknown},
		{"unknown and found", func(b *bench) func(context.Context, Entry) Outcome {
			return func(ctx context.Context, e Entry) Outcome { b.sender.effect(e); return lost(ctx, e) }
		}, Confirmed},
		{"no outcome at all", func(*bench) func(context.Context, Entry) Outcome {
			return func(context.Context, Entry) Outcome { return Outcome{} }
		}, Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, Options{Hold: time.Hour})
				b.sender.answer(tt.answer(b))
				e, err := b.Submit(t.Context(), Draft{ClaimID: "c1", Title: "A", Origin: FromCLI})
				if err != nil || e.State != Sending {
					t.Fatalf("%v %+v", err, e)
				}
				got, err := b.Settle(t.Context(), e.ID)
				if err != nil || got.State != tt.want || got.Checked != (tt.want == Unknown) {
					t.Errorf("settled as %s checked %v, %v; want %s", got.State, got.Checked, err, tt.want)
				}
				if n := b.sender.count(e.ID); n != 1 {
					t.Errorf("sent %d times", n)
				}
			})
		})
	}
}

func TestSettleDoesNotHang(t *testing.T) {
	t.Run("the service is gone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{})
			b.sender.answer(lost)
			b.sender.offline(errors.New("no connection"))
			e := b.submit("A")
			got, err := b.Settle(t.Context(), e.ID)
			if err != nil || got.State != Unknown || got.Checked {
				t.Errorf("%+v, %v", got, err)
			}
		})
	})
	t.Run("interrupted while sending", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{})
			ctx, cancel := context.WithCancel(t.Context())
			b.sender.answer(func(ctx context.Context, e Entry) Outcome {
				cancel()
				<-ctx.Done()
				return lost(ctx, e)
			})
			e := b.submit("A")
			got, err := b.Settle(ctx, e.ID)
			if err != nil || got.State != Unknown {
				t.Errorf("%+v, %v", got, err)
			}
		})
	})
	t.Run("held and sent at once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, Options{Hold: time.Hour})
			e := b.submit("A")
			if got, err := b.Settle(t.Context(), e.ID); err != nil || got.State != Accepted {
				t.Errorf("%+v, %v", got, err)
			}
		})
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
			b.sender.answer(func(context.Context, Entry) Outcome {
				b.Observe(t.Context(), b.journal.store(at(b, "A", 0))) // the feed is faster than the answer
				return Outcome{State: Accepted}
			})
			sent := b.submit("A")
			b.want(sent.ID, Confirmed)
			b.want(doubt.ID, Unknown)
		})
	})
}
