package outbox

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

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
