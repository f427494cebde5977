package scalepoint_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"claimdeck/api"
	"claimdeck/api/oauth"
	"claimdeck/api/scalepoint"
	sandbox "claimdeck/sandbox/scalepoint"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const secret = "a-secret-of-the-test"

// The keys of the tests are made once: RSA takes its time.
var (
	theKey   = sync.OnceValue(newKey)
	otherKey = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// identity is a key and its certificate, as assertion.
func identity(t *testing.T, key *rsa.PrivateKey) (sandbox.Identity, *oauth.Assertion) {
	t.Helper()
	i, err := sandbox.CertifyIdentity(key, noon.AddDate(0, -1, 0), noon.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	a, err := oauth.ParseAssertion(i.Key, []byte(i.Registered))
	if err != nil {
		t.Fatal(err)
	}
	return i, a
}

// log is a log that many can write.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// bench is a client with the sandbox that it talks to.
type bench struct {
	*scalepoint.Client
	box *sandbox.Server
	url string
	log *log
}

// newBench signs in with a key unless change says otherwise.
func newBench(t *testing.T, b sandbox.Behaviour, change ...func(*scalepoint.Options)) *bench {
	t.Helper()
	me, signer := identity(t, theKey())
	box := sandbox.New(sandbox.Options{Now: func() time.Time { return noon }, Secret: secret, Behaviour: b})
	box.Register(me.Parsed)
	server := httptest.NewServer(box)
	t.Cleanup(server.Close)
	l := new(log)
	o := scalepoint.Options{
		BaseURL: server.URL + "/self-service", TokenURL: server.URL + "/connect/token",
		Credentials: func(context.Context) (string, string, error) { return "demo-client", "", nil },
		Assertion:   func(context.Context) (*oauth.Assertion, error) { return signer, nil },
		API: api.Options{
			Now: func() time.Time { return noon }, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			Burst: 1000, Timeout: 10 * time.Second, Log: slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug})),
		},
	}
	for _, f := range change {
		f(&o)
	}
	c, err := scalepoint.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &bench{Client: c, box: box, url: server.URL, log: l}
}

// bySecret signs in with the client secret.
func bySecret(o *scalepoint.Options) {
	o.Assertion = nil
	o.Credentials = func(context.Context) (string, string, error) { return "demo-client", secret, nil }
}

func of(token string) scalepoint.Case {
	return scalepoint.Case{Country: "dk", Tenant: "abcinsurance", Token: token}
}

func mustFail(t *testing.T, err error) *api.Error {
	t.Helper()
	e, ok := api.AsError(err)
	if !ok {
		t.Fatalf("want an *api.Error, got %v", err)
	}
	return e
}

// carrier is a RoundTripper without a network.
type carrier func(*http.Request) (*http.Response, error)

func (f carrier) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// saying answers the token call well and every submission with status and body.
func saying(t *testing.T, status int, body string) *scalepoint.Client {
	t.Helper()
	c, err := scalepoint.New(scalepoint.Options{
		Credentials: func(context.Context) (string, string, error) { return "demo-client", secret, nil },
		API: api.Options{Now: func() time.Time { return noon }, Burst: 1 << 30, Transport: carrier(func(r *http.Request) (*http.Response, error) {
			give := func(status int, body string) *http.Response {
				return &http.Response{
					StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
				}
			}
			switch r.URL.String() {
			case "https://accounts.scalepoint.com/connect/token":
				return give(200, `{"access_token":"the-access-token","expires_in":3600}`), nil
			case "https://www.scalepoint.com/self-service/dk/api/abcinsurance/case/ok-1/submitted":
				return give(status, body), nil
			}
			return nil, fmt.Errorf("nobody lives at %s", r.URL)
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
