package inscipher_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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
	"claimdeck/api/inscipher"
	sandbox "claimdeck/sandbox/inscipher"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const theKey = "730fa8b31b.key-of-the-test-0123456789-"

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// seen is a request as the service got it.
type seen struct {
	Method, URI, Body string
	Header            http.Header
}

// bench is a client and the service that it talks to.
type bench struct {
	*inscipher.Client
	t      *testing.T
	server *sandbox.Server // nil behind handle

	mu    sync.Mutex
	calls []seen
	asked int // how often the credentials were
	now   time.Time
}

// newBench starts the sandbox behind a client.
func newBench(t *testing.T, b sandbox.Behaviour, tweak ...func(*inscipher.Options)) *bench {
	t.Helper()
	x := &bench{t: t, now: noon}
	x.server = sandbox.New(sandbox.Options{Now: x.clock, APIKey: theKey, Behaviour: b})
	x.start(x.server, tweak...)
	return x
}

// handle starts h behind a client.
func handle(t *testing.T, h http.HandlerFunc, tweak ...func(*inscipher.Options)) *bench {
	t.Helper()
	x := &bench{t: t, now: noon}
	x.start(h, tweak...)
	return x
}

func (x *bench) start(h http.Handler, tweak ...func(*inscipher.Options)) {
	x.t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		x.mu.Lock()
		x.calls = append(x.calls, seen{r.Method, r.URL.RequestURI(), string(body), r.Header.Clone()})
		x.mu.Unlock()
		h.ServeHTTP(w, r)
	}))
	x.t.Cleanup(s.Close)
	o := inscipher.Options{
		BaseURL: s.URL,
		Credentials: func(context.Context) (string, string, error) {
			x.mu.Lock()
			defer x.mu.Unlock()
			x.asked++
			return "", theKey, nil
		},
		API: api.Options{
			Now: x.clock, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			Rand: func() float64 { return 0 }, Burst: 100000, Timeout: 20 * time.Second,
		},
	}
	for _, f := range tweak {
		f(&o)
	}
	c, err := inscipher.New(o)
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(c.Close)
	x.Client = c
}

func (x *bench) clock() time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.now
}

func (x *bench) forward(d time.Duration) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.now = x.now.Add(d)
}

func (x *bench) seen() []seen {
	x.mu.Lock()
	defer x.mu.Unlock()
	return append([]seen(nil), x.calls...)
}

func (x *bench) timesAsked() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.asked
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

// row is a transaction that the sandbox accepts, with changes: pairs of a key and its JSON.
func row(id string, changes ...string) json.RawMessage {
	fields := map[string]json.RawMessage{
		"policy_number": json.RawMessage(`"PL ` + id + `"`), "transaction_type": json.RawMessage(`"PN"`),
		"transaction_line_of_business": json.RawMessage(`"1010"`), "mailing_state_code": json.RawMessage(`"CA"`),
		"physical_same_as_mailing": json.RawMessage(`1`),
		"premium":                  json.RawMessage(`3108.50`), "agency_fee": json.RawMessage(`200.00`), "sl_tax": json.RawMessage(`93.26`),
		"stamping_fee": json.RawMessage(`6.22`), "total": json.RawMessage(`3407.98`),
		"transaction_documents": json.RawMessage(`[{"code":"POLIC","url":"https://files.test/1.pdf"}]`),
	}
	fields["id"] = json.RawMessage(fmt.Sprintf("%q", id))
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == "" {
			delete(fields, changes[i])
			continue
		}
		fields[changes[i]] = json.RawMessage(changes[i+1])
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		panic(err) // a test wrote changes that are no JSON
	}
	return raw
}

func rows(n int) []json.RawMessage {
	list := make([]json.RawMessage, n)
	for i := range list {
		list[i] = row(fmt.Sprintf("T%05d", i))
	}
	return list
}

// byKey files rows by their id; an id that comes twice is an error.
func byKey(t *testing.T, b inscipher.Batch) map[string]inscipher.Row {
	t.Helper()
	m := make(map[string]inscipher.Row, len(b.Rows))
	for _, r := range b.Rows {
		if _, twice := m[r.Key]; twice {
			t.Errorf("%q came twice", r.Key)
		}
		m[r.Key] = r
	}
	return m
}

func mustFail(t *testing.T, err error) *api.Error {
	t.Helper()
	e, ok := api.AsError(err)
	if !ok {
		t.Fatalf("want an *api.Error, got %v", err)
	}
	return e
}

// fate is the one of the three that holds for a write.
func fate(e *api.Error) string {
	switch {
	case e.NotSent():
		return "not sent"
	case e.Refused():
		return "refused"
	default:
		return "uncertain"
	}
}
