package oauth_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"claimdeck/api"
	"claimdeck/api/oauth"
	"claimdeck/sandbox/scalepoint"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const (
	clientID = "client-42"
	secret   = "a-secret+of/the test%"
)

// The keys of the tests are made once: RSA takes its time.
var (
	theKey   = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	otherKey = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
)

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

func certify(t *testing.T, key *rsa.PrivateKey, from, to time.Time) scalepoint.Identity {
	t.Helper()
	i, err := scalepoint.CertifyIdentity(key, from, to)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func identity(t *testing.T) scalepoint.Identity {
	t.Helper()
	return certify(t, theKey(), noon.AddDate(0, -1, 0), noon.AddDate(1, 0, 0))
}

func assertionOf(t *testing.T, i scalepoint.Identity) func(context.Context) (*oauth.Assertion, error) {
	t.Helper()
	a, err := oauth.ParseAssertion(i.Key, i.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	return func(context.Context) (*oauth.Assertion, error) { return a, nil }
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func pkcs8(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pemOf("PRIVATE KEY", der)
}

// asked is a token request as the service got it.
type asked struct {
	Method, Auth, Type, Accept, Agent string
	Form                              url.Values
}

// service is a token endpoint.
type service struct {
	*httptest.Server
	mu     sync.Mutex
	handle http.HandlerFunc
	calls  []asked
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(b))
	h := r.Header
	s.mu.Lock()
	s.calls = append(s.calls, asked{
		r.Method, h.Get("Authorization"), h.Get("Content-Type"), h.Get("Accept"), h.Get("User-Agent"), form,
	})
	handle := s.handle
	s.mu.Unlock()
	handle(w, r)
}

func (s *service) answer(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handle = h
}

func (s *service) seen() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]asked(nil), s.calls...)
}

// bench is a token source with its clock, its waits and its log.
type bench struct {
	*oauth.Tokens
	*service
	mu    sync.Mutex
	at    time.Time
	waits []time.Duration
	log   bytes.Buffer
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *bench) set(at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = at
}

func (b *bench) wait(ctx context.Context, d time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waits = append(b.waits, d)
	return ctx.Err()
}

func (b *bench) waited() []time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]time.Duration(nil), b.waits...)
}

// Write implements io.Writer for the log.
func (b *bench) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.Write(p)
}

func (b *bench) logged() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.String()
}

func serve(t *testing.T, h http.HandlerFunc, tweak ...func(*oauth.Options)) *bench {
	t.Helper()
	b := &bench{at: noon, service: &service{handle: h}}
	b.Server = httptest.NewServer(b.service)
	t.Cleanup(b.Close)
	o := oauth.Options{
		System: "Scalepoint", TokenURL: b.Server.URL + "/connect/token", Scopes: []string{"read:all", "self-service:submit"},
		Credentials: func(context.Context) (string, string, error) { return clientID, secret, nil },
		API: api.Options{
			Now: b.now, Wait: b.wait, Rand: func() float64 { return 0 }, Timeout: 10 * time.Second,
			Log: slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug})),
		},
	}
	for _, f := range tweak {
		f(&o)
	}
	tokens, err := oauth.New(o)
	if err != nil {
		t.Fatal(err)
	}
	b.Tokens = tokens
	return b
}

// say answers everything with one status and body, dated by the clock of the tests.
func say(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Date", noon.Format(http.TimeFormat))
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func mustFail(t *testing.T, err error) *api.Error {
	t.Helper()
	e, ok := api.AsError(err)
	if !ok {
		t.Fatalf("want an *api.Error, got %v", err)
	}
	return e
}

// leaks reports what of a secret stands in an error, its causes or a log, however it is printed.
func leaks(err error, log string) bool {
	texts := []string{log, fmt.Sprint(err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)}
	for e := err; e != nil; {
		texts = append(texts, fmt.Sprintf("%+v %#v", e, e))
		u, ok := e.(interface{ Unwrap() error })
		if !ok {
			break
		}
		e = u.Unwrap()
	}
	all := strings.Join(texts, "\n")
	for _, s := range []string{secret, url.QueryEscape(secret), "the-access-token", "eyJ"} {
		if strings.Contains(all, s) {
			return true
		}
	}
	return false
}
