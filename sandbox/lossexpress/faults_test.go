package lossexpress

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// wire is a bench on a real connection, for faults that a recorder cannot show.
type wire struct {
	*bench
	url    string
	client *http.Client
	id     string
}

func newWire(t *testing.T) *wire {
	t.Helper()
	b := newBench(t, Behaviour{})
	b.signIn()
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &wire{b, server.URL, &http.Client{Transport: transport}, b.AddClaim(ClaimSeed{})}
}

// send posts a message and reads the answer; err is of the connection.
func (w *wire) send(ctx context.Context) (answer, error) { return w.sendWith(ctx, "") }

// sendWith is send with a fault in the header.
func (w *wire) sendWith(ctx context.Context, fault string) (answer, error) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+"/claims/"+w.id+"/direct-messages", strings.NewReader(`{"message":"x"}`))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+w.token)
	r.Header.Set("X-Sandbox-Fault", fault)
	got, err := w.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, got.Header, string(body)}, err
}

func TestFaultKinds(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	tests := []struct {
		fault   Fault
		status  int // 0: no answer
		broken  bool
		effect  bool
		message string
	}{
		{Fault{Kind: FaultUnauthorized}, 401, false, false, "The provided token has expired."},
		{Fault{Kind: FaultForbidden}, 403, false, false, "This claim is not available during testing."},
		{Fault{Kind: FaultNotFound}, 404, false, false, "Not Found"},
		{Fault{Kind: FaultMethodNotAllowed}, 405, false, false, "Method Not Allowed"},
		{Fault{Kind: FaultNotAcceptable}, 406, false, false, "Not Acceptable"},
		{Fault{Kind: FaultTooLarge}, 413, false, false, "Payload content length greater than maximum allowed: 1048576"},
		{Fault{Kind: FaultTooManyRequests}, 429, false, false, "Too Many Requests"},
		{Fault{Kind: FaultServerError}, 500, false, false, "An internal server error occurred"},
		{Fault{Kind: FaultServerError, After: true}, 500, false, true, "An internal server error occurred"},
		{Fault{Kind: FaultUnavailable, RetryAfter: "7"}, 503, false, false, "We're temporarily offline for maintenance. Please try again later."},
		{Fault{Kind: FaultUnavailable, After: true}, 503, false, true, ""},
		{Fault{Kind: FaultReset}, 0, true, false, ""},
		{Fault{Kind: FaultReset, After: true}, 0, true, true, ""},
		{Fault{Kind: FaultTruncated}, 200, false, true, ""},
		{Fault{Kind: FaultCutShort}, 200, true, true, ""},
		{Fault{Kind: FaultHTMLBadGateway}, 502, false, false, ""},
		{Fault{Kind: FaultHTMLBadGateway, After: true}, 502, false, true, ""},
		{Fault{Kind: FaultHTMLOK}, 200, false, true, ""},
		{Fault{Kind: FaultSlow, Delay: time.Millisecond}, 200, false, true, ""},
		{Fault{Kind: FaultSlowBody, Delay: time.Millisecond}, 200, false, true, ""},
	}
	for _, test := range tests {
		before := len(w.Writes())
		w.Inject(test.fault)
		got, err := w.send(t.Context())
		name := test.fault.Kind.String()
		if got.status != test.status || (err != nil) != test.broken {
			t.Errorf("%s: got %d, %v; want %d", name, got.status, err, test.status)
		}
		if effect := len(w.Writes()) > before; effect != test.effect {
			t.Errorf("%s after=%t: effect %t", name, test.fault.After, effect)
		}
		if test.message != "" && got.object(t)["message"] != test.message {
			t.Errorf("%s: %s", name, got.body)
		}
		checkForm(t, test.fault, got)
		if got, err := w.send(t.Context()); err != nil || got.status != 200 {
			t.Fatalf("%s struck twice: %d %v", name, got.status, err)
		}
	}
}

// checkForm checks what is particular to the answer of a kind of fault.
func checkForm(t *testing.T, f Fault, got answer) {
	t.Helper()
	name := f.Kind.String()
	switch f.Kind {
	case FaultTooManyRequests:
		if h := got.header.Get("Retry-After"); h != "1" {
			t.Errorf("%s: Retry-After %q", name, h)
		}
	case FaultUnavailable:
		if h := got.header.Get("Retry-After"); h != f.RetryAfter {
			t.Errorf("%s: Retry-After %q, want %q", name, h, f.RetryAfter)
		}
	case FaultTruncated:
		if json.Valid([]byte(got.body)) || got.body == "" {
			t.Errorf("not truncated: %s", got.body)
		}
	case FaultHTMLBadGateway, FaultHTMLOK:
		if !strings.HasPrefix(got.body, "<!DOCTYPE html>") || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: no page: %v %s", name, got.header, got.body)
		}
	case FaultSlow, FaultSlowBody:
		if got.object(t)["message"] != "x" {
			t.Errorf("%s: %s", name, got.body)
		}
	default:
	}
}

func TestSlowUntilRequestEnds(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		w := newWire(t)
		entered := make(chan struct{})
		w.Inject(Fault{Kind: FaultSlow, After: after, Match: func(*http.Request) bool { close(entered); return true }})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-entered; cancel() }()
		if _, err := w.send(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("after=%t: %v", after, err)
		}
		// The next request shows that the slow one is over and what it did: the connection it was on is gone.
		if got, err := w.send(t.Context()); err != nil || got.status != 200 {
			t.Fatal(got, err)
		}
		if !after && len(w.Writes()) != 1 {
			t.Errorf("a request that ended before its effect had one: %v", w.Writes())
		}
	}
}

func TestSlowUntilReleased(t *testing.T) {
	t.Parallel()
	for _, kind := range []FaultKind{FaultSlow, FaultSlowBody} {
		w := newWire(t)
		entered, release := make(chan struct{}), make(chan struct{})
		w.Inject(Fault{Kind: kind, Release: release, Match: func(*http.Request) bool { close(entered); return true }})
		go func() { <-entered; close(release) }()
		if got, err := w.send(t.Context()); err != nil || got.status != 200 || got.object(t)["message"] != "x" {
			t.Errorf("%s: %v %v", kind, got, err)
		}
	}
}

func TestFaultRules(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	b.signIn()
	status := func(method, path string) int { return b.do(method, path, "").status }

	b.Inject(Fault{Kind: FaultServerError, Method: "GET", PathPrefix: "/claims/order", Skip: 1, Times: 2})
	var got []int
	for range 4 {
		got = append(got, status("GET", "/claims/order-types"))
	}
	if want := [4]int{200, 500, 500, 200}; [4]int(got) != want {
		t.Errorf("skip and times: got %v, want %v", got, want)
	}
	b.Inject(Fault{Kind: FaultUnavailable, Times: -1, Match: func(r *http.Request) bool { return r.URL.Query().Get("name") != "" }})
	if a, c := status("GET", "/lenders"), status("GET", "/lenders?name=ally"); a != 200 || c != 503 {
		t.Errorf("match: %d %d", a, c)
	}
	if left := b.Behaviour().Faults; len(left) != 1 || left[0].Times != -1 {
		t.Errorf("left: %+v", left)
	}
	b.ClearFaults()
	if c := status("GET", "/lenders?name=ally"); c != 200 {
		t.Errorf("cleared: %d", c)
	}
	if c := b.do("DELETE", "/lenders", "").status; c != 405 {
		t.Errorf("method: %d", c)
	}
}

func TestFaultHeader(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	if got, err := w.sendWith(t.Context(), "500-after"); err != nil || got.status != 500 || len(w.Writes()) != 1 {
		t.Errorf("500-after: %d %v %v", got.status, err, w.Writes())
	}
	if got, err := w.sendWith(t.Context(), "html-502"); err != nil || got.status != 502 || len(w.Writes()) != 1 {
		t.Errorf("html-502: %d %v %v", got.status, err, w.Writes())
	}
	if s := FaultKind(99).String(); s != "fault 99" {
		t.Error(s)
	}
}

// TestResetWithoutConnection: where there is no connection to reset, the handler aborts.
func TestResetWithoutConnection(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{Faults: []Fault{{Kind: FaultReset}}})
	defer func() {
		if r := recover(); r != http.ErrAbortHandler { //nolint:errorlint // the value itself is the signal
			t.Errorf("recovered %v", r)
		}
	}()
	b.raw("GET", "/lenders", "", nil)
}
