package api_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"claimdeck/api"
)

func TestNewRefusesAddresses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                         "the address is not a URL",
		"xapi.lossexpress.com":     "the address is not a URL",
		"https://":                 "the address is not a URL",
		"ftp://host":               "must start with https://",
		"http://example.com":       "http://example.com is not encrypted: use https",
		"http://10.0.0.1:80":       "is not encrypted",
		"http://localhost.evil.io": "is not encrypted",
		"http://127.0.0.1.evil.io": "is not encrypted",
		"https://u:p@host":         "must not contain a user",
		"https://host?x=1":         "no ? and no #",
		"https://host#x":           "no ? and no #",
		"mailto:a@b":               "the address is not a URL",
		"https://xapi.test":        "",
		"HTTPS://xapi.test/":       "",
		"http://localhost:8790":    "",
		"http://127.0.0.2:1/x":     "",
		"http://[::1]:8790":        "",
	}
	for address, want := range tests {
		_, err := api.New(api.Options{System: "LossExpress", BaseURL: address, Now: time.Now})
		if want == "" && err != nil || want != "" && (!contains(err, want) || !contains(err, "LossExpress: ")) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "u:p") {
			t.Errorf("a password in %v", err)
		}
	}
	if _, err := api.New(api.Options{System: "LossExpress", BaseURL: "https://host"}); err == nil {
		t.Error("a client without a clock")
	}
}

func TestConcurrencyLimit(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int32
	full := make(chan struct{})
	var once sync.Once
	c, _, _ := serve(t, func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for {
			old := most.Load()
			if n <= old || most.CompareAndSwap(old, n) {
				break
			}
		}
		if n == 3 {
			once.Do(func() { close(full) })
		}
		<-full // all stay until three are there: a lower limit would hang
	}, func(o *api.Options) { o.Concurrency = 3 })
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			r := read()
			if i%2 == 0 {
				r = write()
			}
			if _, err := c.Do(t.Context(), r, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most.Load() != 3 {
		t.Errorf("%d at once, want 3", most.Load())
	}
}

func TestWaitingForASlotEnds(t *testing.T) {
	t.Parallel()
	arrived, leave := make(chan struct{}), make(chan struct{})
	c, _, _ := serve(t, func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-leave
	}, func(o *api.Options) { o.Concurrency = 1 })
	done := make(chan error)
	go func() {
		_, err := c.Do(t.Context(), read(), nil)
		done <- err
	}()
	<-arrived
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := c.Do(ctx, write(), nil)
	if e := mustFail(t, err); !errors.Is(err, context.DeadlineExceeded) || outcome(t, e) != "not sent" {
		t.Errorf("%+v", e)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	clock := noon
	var waited time.Duration
	c, _, _ := serve(t, func(http.ResponseWriter, *http.Request) {}, func(o *api.Options) {
		o.Rate, o.Burst = rate.Limit(2), 3
		o.Now = func() time.Time { return clock }
		o.Wait = func(_ context.Context, d time.Duration) error {
			waited += d
			clock = clock.Add(d)
			return nil
		}
	})
	for range 7 {
		if _, err := c.Do(t.Context(), read(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if waited != 2*time.Second {
		t.Errorf("seven requests at two a second after three at once: waited %v, want 2 s", waited)
	}
	c, _, w := serve(t, func(http.ResponseWriter, *http.Request) {}, func(o *api.Options) { o.Rate, o.Burst = rate.Inf, 1 })
	for range 50 {
		if _, err := c.Do(t.Context(), read(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.all()) != 0 {
		t.Error("rate.Inf should not wait")
	}
}

// A call that is given up while it waits for its turn gives the turn back.
func TestRateLimitGivesTheTurnBack(t *testing.T) {
	t.Parallel()
	var waited []time.Duration
	refuse := true
	c, _, _ := serve(t, func(http.ResponseWriter, *http.Request) {}, func(o *api.Options) {
		o.Rate, o.Burst = rate.Limit(1), 1
		o.Wait = func(_ context.Context, d time.Duration) error {
			waited = append(waited, d)
			if refuse {
				return context.Canceled
			}
			return nil
		}
	})
	if _, err := c.Do(t.Context(), read(), nil); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := c.Do(t.Context(), write(), nil); !errors.Is(err, context.Canceled) || outcome(t, mustFail(t, err)) != "not sent" {
			t.Fatal(err)
		}
	}
	refuse = false
	if _, err := c.Do(t.Context(), read(), nil); err != nil || waited[len(waited)-1] != time.Second {
		t.Errorf("%v, waits %v", err, waited)
	}
}
