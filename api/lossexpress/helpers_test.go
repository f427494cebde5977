package lossexpress_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// seen is a request as the service got it.
type seen struct{ Method, URI, Body, Accept, Auth, Type string }

// service answers the token call with answer, and everything else with handle.
type service struct {
	*httptest.Server
	mu     sync.Mutex
	signIn http.HandlerFunc
	handle http.HandlerFunc
	calls  []seen
	tokens []seen
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	got := seen{
		r.Method, r.URL.RequestURI(), string(b), r.Header.Get("Accept"), r.Header.Get("Authorization"), r.Header.Get("Content-Type"),
	}
	if r.URL.Path == "/oauth/token" {
		s.mu.Lock()
		s.tokens = append(s.tokens, got)
		s.mu.Unlock()
		s.signIn(w, r)
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, got)
	s.mu.Unlock()
	s.handle(w, r)
}

func (s *service) seen() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]seen(nil), s.calls...)
}

func (s *service) signIns() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]seen(nil), s.tokens...)
}

func serve(t *testing.T, h http.HandlerFunc, tweak ...func(*lossexpress.Options)) (*lossexpress.Client, *service) {
	t.Helper()
	s := &service{handle: h, signIn: say(200, `{"access_token":"the-token-of-the-test"}`)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	o := lossexpress.Options{
		BaseURL: s.URL,
		Credentials: func(context.Context) (string, string, error) {
			return "client-42", "a-secret-of-the-test", nil
		},
		API: api.Options{
			Now: func() time.Time { return noon }, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			Rand: func() float64 { return 0 }, Burst: 1000, Timeout: 10 * time.Second,
		},
	}
	for _, f := range tweak {
		f(&o)
	}
	c, err := lossexpress.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, s
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
	b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
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

func money(t *testing.T, s string) *lossexpress.Money {
	t.Helper()
	m, err := lossexpress.NewMoney(s)
	if err != nil {
		t.Fatal(err)
	}
	return &m
}

// sameJSON compares two JSON texts by meaning, numbers by their digits.
func sameJSON(t *testing.T, got, want []byte) string {
	t.Helper()
	return cmp.Diff(parse(t, want), parse(t, got))
}

func parse(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v in %.200s", err, raw)
	}
	return v
}
