package api_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/oauth2"

	"claimdeck/api"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// waits stands in for the clock: it records how long would have been waited.
type waits struct {
	mu   sync.Mutex
	list []time.Duration
}

func (w *waits) wait(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, d)
	return ctx.Err()
}

func (w *waits) all() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]time.Duration(nil), w.list...)
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// serve starts h and returns a client of it. The clock stands still and waits take no time.
func serve(t *testing.T, h http.HandlerFunc, tweak ...func(*api.Options)) (*api.Client, *httptest.Server, *waits) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, w := client(t, s.URL, tweak...)
	return c, s, w
}

func client(t *testing.T, baseURL string, tweak ...func(*api.Options)) (*api.Client, *waits) {
	t.Helper()
	w := new(waits)
	o := api.Options{
		System: "LossExpress", BaseURL: baseURL, Now: func() time.Time { return noon }, Wait: w.wait,
		Rand: func() float64 { return 0 }, Burst: 1000, Timeout: 10 * time.Second,
	}
	for _, f := range tweak {
		f(&o)
	}
	c, err := api.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, w
}

// tokens gives out "token-1", "token-2" ... and counts.
type tokens struct {
	mu        sync.Mutex
	current   *oauth2.Token
	n         int
	forgotten int
	err       error
}

func (s *tokens) Token() (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	if s.current == nil {
		s.n++
		s.current = &oauth2.Token{AccessToken: "token-" + string(rune('0'+s.n)) + "-of-the-test"}
	}
	return s.current, nil
}

func (s *tokens) Forget(t *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == t {
		s.current = nil
		s.forgotten++
	}
}

func read() api.Request {
	return api.Request{Op: "read things", Method: http.MethodGet, Path: []string{"things"}}
}

func write() api.Request {
	return api.Request{Op: "make thing", Method: http.MethodPost, Path: []string{"things"}, Body: map[string]string{"a": "b"}}
}

func mustFail(t *testing.T, err error) *api.Error {
	t.Helper()
	e, ok := api.AsError(err)
	if !ok {
		t.Fatalf("want an *api.Error, got %v", err)
	}
	return e
}

// outcome is the one of the three that holds.
func outcome(t *testing.T, e *api.Error) string {
	t.Helper()
	var got []string
	if e.NotSent() {
		got = append(got, "not sent")
	}
	if e.Refused() {
		got = append(got, "refused")
	}
	if e.Uncertain() {
		got = append(got, "uncertain")
	}
	if len(got) != 1 {
		t.Fatalf("want exactly one outcome, got %q of %+v", got, e)
	}
	return got[0]
}

// cut closes the connection of a request without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// hang keeps a request without an answer until its sender gives up. The server notices that only once the body is read.
func hang(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}
