package claimcenter_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"claimdeck/api"
	"claimdeck/api/claimcenter"
	sandbox "claimdeck/sandbox/claimcenter"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// clock is a clock that only tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// options are those of a client whose clock stands still and whose waits take no time.
func options(base string, now func() time.Time) claimcenter.Options {
	return claimcenter.Options{
		BaseURL: base,
		Credentials: func(context.Context) (string, string, error) {
			return "aapplegate", "gw", nil
		},
		API: api.Options{
			Now: now, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			Rand: func() float64 { return 0 }, Burst: 10000, Timeout: 10 * time.Second,
		},
	}
}

func newClient(t *testing.T, o claimcenter.Options) *claimcenter.Client {
	t.Helper()
	c, err := claimcenter.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// rig is a client of a sandbox.
type rig struct {
	*claimcenter.Client
	service *sandbox.Server
	url     string
	clock   *clock
}

func start(t *testing.T, b sandbox.Behaviour, tweak ...func(*claimcenter.Options)) rig {
	t.Helper()
	k := &clock{at: noon}
	s := sandbox.New(sandbox.Options{Seed: 7, Now: k.now, Prefix: "/cc", Behaviour: b})
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	o := options(web.URL+"/cc", k.now)
	for _, f := range tweak {
		f(&o)
	}
	return rig{newClient(t, o), s, web.URL, k}
}

// serve is a client of a handler, for answers that the sandbox does not give.
func serve(t *testing.T, h http.HandlerFunc) *claimcenter.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return newClient(t, options(s.URL+"/cc", func() time.Time { return noon }))
}

// say answers everything with one status and body.
func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func sample(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func mustFail(t *testing.T, err error) *api.Error {
	t.Helper()
	e, ok := api.AsError(err)
	if !ok {
		t.Fatalf("want an *api.Error, got %v", err)
	}
	return e
}
