package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/webhook"
)

// office is the service's side of the keys.
type office struct {
	mu    sync.Mutex
	key   string
	err   error
	asked int
	slow  time.Duration
	ended time.Time // of the latest registration
}

func (o *office) fetch(context.Context) (string, error) {
	time.Sleep(o.slow) // in a bubble
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	return o.key, o.err
}

func (o *office) set(key string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.key, o.err = key, err
}

func (o *office) keyring() *webhook.Keyring {
	return webhook.NewKeyring(webhook.KeyringOptions{
		Fetch: o.fetch, Now: time.Now, Registered: func(context.Context) time.Time { return o.ended },
	})
}

func (o *office) expect(t *testing.T, k *webhook.Keyring, asked int, keys ...string) {
	t.Helper()
	if got := k.Keys(); !slices.Equal(got, keys) || o.asked != asked {
		t.Errorf("keys %q after %d questions, want %q after %d", got, o.asked, keys, asked)
	}
}

func TestKeyring(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		k := o.keyring()
		found, err := k.Load(t.Context())
		if found || err != nil {
			t.Errorf("nothing is registered: %t, %v", found, err)
		}
		o.expect(t, k, 1)

		o.set("one", nil)
		k.Renew(t.Context()) // too soon
		o.expect(t, k, 1)
		time.Sleep(30 * time.Second)
		k.Renew(t.Context())
		o.expect(t, k, 2, "one")

		time.Sleep(30 * time.Second)
		o.set("two", nil)
		k.Renew(t.Context())
		o.expect(t, k, 3, "two", "one")
		time.Sleep(5 * time.Minute)
		o.expect(t, k, 3, "two") // the one before is dead by now

		o.set("", errors.New("no answer"))
		k.Renew(t.Context())
		o.expect(t, k, 4, "two") // a failure takes no key away
		o.set("", nil)
		time.Sleep(30 * time.Second)
		k.Renew(t.Context())
		o.expect(t, k, 5, "two")
	})
}

// A registration that was completed on this machine is news: the service is asked at once.
func TestKeyringAfterARegistration(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := &office{key: "one"}
		k := o.keyring()
		if found, err := k.Load(t.Context()); !found || err != nil {
			t.Fatalf("%t, %v", found, err)
		}
		time.Sleep(time.Second)
		o.set("two", nil)
		o.ended = time.Now()
		time.Sleep(time.Second)
		k.Renew(t.Context())
		o.expect(t, k, 2, "two", "one")
		k.Renew(t.Context()) // once is enough
		o.expect(t, k, 2, "two", "one")
	})
}

// Of many deliveries that fail at once one asks, and all of them profit.
func TestKeyringAsksOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := &office{key: "two", slow: time.Second}
		k := o.keyring()
		l := &ledger{}
		r := webhook.New(webhook.Options{Keys: k.Keys, Renew: k.Renew, ClientID: client, Ingest: l.ingest, Now: time.Now})
		var work sync.WaitGroup
		for i := range 20 {
			body := message(fmt.Sprint("a", i))
			work.Go(func() {
				if w := post(r, body, sign("two", body)); w.Code != 200 {
					t.Errorf("status %d", w.Code)
				}
			})
		}
		work.Wait()
		o.expect(t, k, 1, "two")
		for range 50 { // forged ones do not make it ask
			post(r, message("x"), sign("forged", message("x")))
		}
		o.expect(t, k, 1, "two")
		if got := r.Stats(); got != (webhook.Stats{Stored: 20, BadSignature: 50}) {
			t.Errorf("got %+v", got)
		}
	})
}

// One who waits for the answer may give up.
func TestKeyringGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := &office{key: "one", slow: time.Minute}
		k := o.keyring()
		var work sync.WaitGroup
		work.Go(func() { k.Renew(t.Context()) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := k.Load(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		work.Wait()
	})
}

func TestRegistration(t *testing.T) {
	t.Parallel()
	at := now()
	for name, test := range map[string]struct {
		r  webhook.Registration
		at time.Time
		is bool
	}{
		"begun":           {webhook.Registration{ID: "1", Began: at}, at.Add(30 * time.Second), true},
		"at once":         {webhook.Registration{ID: "1", Began: at}, at, true},
		"ended":           {webhook.Registration{ID: "1", Began: at, Ended: at.Add(time.Second)}, at.Add(2 * time.Second), false},
		"broken off":      {webhook.Registration{ID: "1", Began: at}, at.Add(time.Minute), false},
		"from the future": {webhook.Registration{ID: "1", Began: at}, at.Add(-time.Minute), false},
		"none":            {webhook.Registration{}, time.Time{}, false},
	} {
		back := webhook.ParseRegistration(test.r.Text())
		if got := back.UnderWay(test.at); got != test.is || back.ID != test.r.ID {
			t.Errorf("%s: under way %t, %+v", name, got, back)
		}
	}
	for _, odd := range []string{"", "{", "null", `{"id":5}`} {
		if r := webhook.ParseRegistration(odd); r.ID != "" || r.UnderWay(at) {
			t.Errorf("%q is %+v", odd, r)
		}
	}
}

func TestStatsInWords(t *testing.T) {
	t.Parallel()
	if got := (webhook.Stats{}).String(); got != "deliveries: 0 new, 0 stored before" {
		t.Error(got)
	}
	s := webhook.Stats{Stored: 1, Known: 2, Tests: 3, BadSignature: 4, NotActivity: 5, TooLarge: 6, Broken: 7, Failed: 8, Busy: 9}
	for _, want := range []string{"1 new", "2 stored before", "3 for the test", "4 refused", "5 without", "6 too large", "7 broken off", "8 not stored", "9 turned away"} {
		if !strings.Contains(s.String(), want) {
			t.Errorf("%q is missing in %q", want, s)
		}
	}
}

// An unknown type is an activity all the same: it is kept and shown, never dropped.
func TestReceiverUnknownType(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	body := `{"activityId":"a1","type":"something-new","data":{"x":1}}`
	if w := post(receiver(l, nil), body, sign(key, body)); w.Code != 200 || l.got["a1"].Type != activity.Type("something-new") {
		t.Errorf("status %d, %+v", w.Code, l.got)
	}
}
