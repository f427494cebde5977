package outbox

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

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

func TestSettleBesideRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{Hold: time.Hour})
		b.sender.answer(func(context.Context, Entry) Outcome {
			time.Sleep(10 * time.Second)
			return Outcome{State: Accepted}
		})
		b.run()
		first, second := b.submit("A"), b.submit("B")
		var settling sync.WaitGroup
		for _, e := range []Entry{first, second, first} {
			settling.Go(func() {
				if got, err := b.Settle(t.Context(), e.ID); err != nil || got.State != Accepted {
					t.Errorf("%s: %+v, %v", e.Title, got, err)
				}
			})
		}
		settling.Wait()
		if b.sender.count(first.ID) != 1 || b.sender.count(second.ID) != 1 {
			t.Errorf("sent %v", b.sender.sent)
		}
	})
}

func TestSettleJoinsTheRechecksOfRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(lost)
		b.run()
		e := b.submit("A")
		b.want(e.ID, Unknown)
		if got, err := b.Settle(t.Context(), e.ID); err != nil || got.State != Unknown || !got.Checked {
			t.Errorf("%+v, %v", got, err)
		}
		if b.sender.rechecks != 4 || b.sender.count(e.ID) != 1 {
			t.Errorf("%d rechecks, sent %d times", b.sender.rechecks, b.sender.count(e.ID))
		}
	})
}

func TestSettleWaitsForAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, Options{})
		b.sender.answer(func(context.Context, Entry) Outcome {
			time.Sleep(10 * time.Second)
			return Outcome{State: Accepted}
		})
		e := b.submit("A")
		other := New(Options{
			Journal: b.journal, Sender: b.sender, Now: time.Now, Instance: "second", Alive: func(string) bool { return true },
		})
		b.run()
		if got, err := other.Settle(t.Context(), e.ID); err != nil || got.State != Accepted {
			t.Errorf("%+v, %v", got, err)
		}
		if n := b.sender.count(e.ID); n != 1 {
			t.Errorf("sent %d times", n)
		}
		held, err := other.Submit(t.Context(), Draft{ClaimID: "c1", Title: "B"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := b.Settle(ctx, held.ID); err != nil {
			t.Fatal(err) // its process is not alive by b's account: it is adopted
		}
	})
}
