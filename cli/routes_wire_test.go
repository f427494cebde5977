package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"claimdeck/action/account"
	"claimdeck/api/lossexpress"
	sandboxlx "claimdeck/sandbox/lossexpress"
)

// exchange is a request to the service and its answer.
type exchange struct {
	method, path string
	status       int
	answer       []byte
}

// wire notes what goes to the service and comes back.
type wire struct {
	mu  sync.Mutex
	all []exchange
}

func (w *wire) tap(h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		copied := &copying{ResponseWriter: rw, status: http.StatusOK}
		h.ServeHTTP(copied, r)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.all = append(w.all, exchange{r.Method, r.URL.Path, copied.status, copied.body.Bytes()})
	})
}

// copying keeps what is answered.
type copying struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (c *copying) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *copying) Write(b []byte) (int, error) {
	c.body.Write(b)
	return c.ResponseWriter.Write(b)
}

// Unwrap lets a handler reach the connection.
func (c *copying) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// anID is what stands for an id in a path: this service gives UUIDs.
const anID = `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`

var placeholder = regexp.MustCompile(`\\\{[a-zA-Z]+\\\}`)

// is reports whether a request is that of a route, such as "GET /claims/{claimId}".
func is(request, method, path string) bool {
	pattern := placeholder.ReplaceAllString(regexp.QuoteMeta(request), anID)
	return regexp.MustCompile("^" + pattern + "$").MatchString(method + " " + path)
}

// seen returns the latest exchange of a route, and forgets all.
func (w *wire) seen(request string) (exchange, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer func() { w.all = nil }()
	for _, x := range slices.Backward(w.all) {
		if is(request, x.method, x.path) {
			return x, true
		}
	}
	return exchange{}, false
}

// desk is a machine with an account at a sandbox, whose requests are watched. It has a claim with all papers, EX-1001, and
// one without any.
type desk struct {
	*office
	wire        wire
	client      *lossexpress.Client
	claim, bare string
	noted       string // an id that a step found
	hook        string // an address that answers everything with 200
	spoil       spoiler
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{}
	service := sandboxlx.New(sandboxlx.Options{Seed: 1, Now: time.Now, ClientID: "client", Secret: "a-secret", Behaviour: sandboxlx.Behaviour{NoDefaultAge: true}})
	server := httptest.NewServer(d.wire.tap(service))
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(func() { server.Close(); service.Close(); hook.Close() })
	dir := t.TempDir()
	d.office = &office{t, service, map[string]string{
		"CLAIMDECK_LOSSEXPRESS_URL": server.URL, "CLAIMDECK_LOSSEXPRESS_CLIENT_ID": "client", "CLAIMDECK_LOSSEXPRESS_SECRET": "a-secret",
		"CLAIMDECK_HOME": filepath.Join(dir, "home"),
	}, dir}
	d.hook = hook.URL + "/"
	d.claim = service.AddClaim(sandboxlx.ClaimSeed{ClaimNumber: "EX-1001", VIN: "1M8GDM9AXKP042788", Documents: []string{"settlement breakdown", "valuation report"}})
	d.bare = service.AddClaim(sandboxlx.ClaimSeed{ClaimNumber: "EX-1002"})
	a, err := account.Open(account.Options{
		Name: "test", BaseURL: server.URL, Now: time.Now, Transport: &d.spoil,
		Wait:        func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Credentials: func(context.Context) (string, string, error) { return "client", "a-secret", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close(); d.spoil.base.CloseIdleConnections() })
	d.client = a.Client()
	return d
}

// must is for what prepares a step.
func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// trigger lets LossExpress or the lender act on the claim.
func (d *desk) trigger(activityType string) {
	d.t.Helper()
	d.must(d.service.Trigger(d.claim, activityType))
}

// papers are the ids of the claim's documents.
func (d *desk) papers() []string {
	d.t.Helper()
	var ids []string
	for _, raw := range d.service.Truth() {
		var a struct {
			ClaimID string
			Data    struct{ DocumentURL string }
		}
		d.must(json.Unmarshal(raw, &a))
		if a.ClaimID == d.claim && a.Data.DocumentURL != "" {
			ids = append(ids, lossexpress.DocumentID(a.Data.DocumentURL))
		}
	}
	return ids
}

// spoiler changes requests on their way: our client refuses to send what the service refuses to take.
type spoiler struct {
	base  http.Transport
	query string // instead of the query
	body  string // instead of the body
}

// RoundTrip implements http.RoundTripper.
func (s *spoiler) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Path, "/oauth/") || s.query+s.body == "" {
		return s.base.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	if s.query != "" {
		r.URL.RawQuery = s.query
	}
	if s.body != "" {
		if r.Body != nil {
			_ = r.Body.Close() // it is not sent
		}
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(s.body)), int64(len(s.body))
	}
	return s.base.RoundTrip(r)
}

// spoiled makes a call whose query or body is changed on its way.
func (d *desk) spoiled(query, body string, call func() error) error {
	d.spoil.query, d.spoil.body = query, body
	defer func() { d.spoil.query, d.spoil.body = "", "" }()
	return call()
}

// member returns what stands at a path such as "orders.0.type" of a JSON value.
func member(v any, path string) (any, bool) {
	for step := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			found, ok := in[step]
			if !ok {
				return nil, false
			}
			v = found
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(in) {
				return nil, false
			}
			v = in[i]
		default:
			return nil, false
		}
	}
	return v, true
}
