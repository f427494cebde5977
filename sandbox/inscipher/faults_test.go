package inscipher

import (
	"context"
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
	n      int
}

func newWire(t *testing.T) *wire {
	t.Helper()
	b := newBench(t, Behaviour{})
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &wire{b, server.URL, &http.Client{Transport: transport}, 0}
}

// send imports a new row; err is of the connection.
func (w *wire) send(ctx context.Context, fault string) (answer, error) {
	w.t.Helper()
	w.n++
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+defaultPath, strings.NewReader("["+tx(strings.Repeat("i", w.n), "")+"]"))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("apiKey", "demo-key")
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
		fault  Fault
		status int // 0: no answer
		broken bool
		effect bool
		part   string // of the body
		retry  string
	}{
		{Fault{Kind: FaultUnauthorized}, 401, false, false, "Invalid API key", ""},
		{Fault{Kind: FaultForbidden}, 403, false, false, "not enabled", ""},
		{Fault{Kind: FaultNotFound}, 404, false, false, "Not Found", ""},
		{Fault{Kind: FaultTooLarge}, 413, false, false, "Too Large", ""},
		{Fault{Kind: FaultTooManyRequests}, 429, false, false, "Too Many", "1"},
		{Fault{Kind: FaultTooManyRequests, RetryAfter: "30"}, 429, false, false, "Too Many", "30"},
		{Fault{Kind: FaultServerError}, 500, false, false, "Internal Server Error", ""},
		{Fault{Kind: FaultServerError, After: true}, 500, false, true, "Internal Server Error", ""},
		{Fault{Kind: FaultUnavailable, RetryAfter: "7"}, 503, false, false, "Unavailable", "7"},
		{Fault{Kind: FaultUnavailable, After: true}, 503, false, true, "Unavailable", ""},
		{Fault{Kind: FaultReset}, 0, true, false, "", ""},
		{Fault{Kind: FaultReset, After: true}, 0, true, true, "", ""},
		{Fault{Kind: FaultEmpty}, 200, false, true, "", ""},
		{Fault{Kind: FaultTruncated}, 200, false, true, `{"batch_id"`, ""},
		{Fault{Kind: FaultCutShort}, 200, true, true, `{"batch_id"`, ""},
		{Fault{Kind: FaultHTMLBadGateway}, 502, false, false, "<!DOCTYPE html>", ""},
		{Fault{Kind: FaultHTMLOK}, 200, false, true, "<!DOCTYPE html>", ""},
		{Fault{Kind: FaultSlow, Delay: time.Millisecond}, 200, false, true, `"status":0`, ""},
		{Fault{Kind: FaultSlowBody, Delay: time.Millisecond}, 200, false, true, `"status":0`, ""},
	}
	for _, tt := range tests {
		before := len(w.Accepted())
		w.Inject(tt.fault)
		got, err := w.send(t.Context(), "")
		name := tt.fault.Kind.String()
		if got.status != tt.status || (err != nil) != tt.broken || !strings.Contains(got.body, tt.part) {
			t.Errorf("%s: got %d %s, %v; want %d", name, got.status, got.body, err, tt.status)
		}
		if effect := len(w.Accepted()) > before; effect != tt.effect {
			t.Errorf("%s after=%t: effect %t", name, tt.fault.After, effect)
		}
		if tt.retry != "" && got.header.Get("Retry-After") != tt.retry {
			t.Errorf("%s: %v", name, got.header)
		}
		if tt.fault.Kind == FaultTruncated && strings.HasSuffix(got.body, "}") || tt.fault.Kind == FaultEmpty && got.body != "" {
			t.Errorf("%s: %s", name, got.body)
		}
		if got, err := w.send(t.Context(), ""); err != nil || got.status != 200 {
			t.Fatalf("%s struck twice: %d %v", name, got.status, err)
		}
	}
}

func TestWhichRequestsFail(t *testing.T) {
	t.Parallel()
	x := newBench(t, Behaviour{})
	x.Inject(
		Fault{Kind: FaultServerError, Method: http.MethodPost, PathPrefix: "/api/t", Skip: 1, Times: 2},
		Fault{Kind: FaultForbidden, PathPrefix: "/api/v4", Times: -1, Match: func(r *http.Request) bool { return r.URL.Query().Has("x") }},
	)
	want := []int{400, 500, 500, 400}
	for i, status := range want {
		if got := x.do(http.MethodPost, defaultPath, "[]"); got.status != status {
			t.Errorf("import %d: %d", i, got.status)
		}
		if got := x.do(http.MethodGet, defaultResults+"?x=1", ""); got.status != 403 {
			t.Errorf("results %d: %d", i, got.status)
		}
		if got := x.do(http.MethodGet, defaultResults, ""); got.status != 404 {
			t.Errorf("other results %d: %d", i, got.status)
		}
	}
	if left := x.Behaviour().Faults; len(left) != 1 {
		t.Errorf("%+v", left)
	}
	x.ClearFaults()
	if got := x.do(http.MethodGet, defaultResults+"?x=1", ""); got.status != 404 {
		t.Error(got)
	}
}

func TestFaultByHeader(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	for name, status := range map[string]int{"500": 500, "503-after": 503, "html-502": 502, "nonsense": 200, "429": 429} {
		before := len(w.Accepted())
		got, err := w.send(t.Context(), name)
		effect := len(w.Accepted()) > before
		if err != nil || got.status != status || effect != (status == 200 || strings.HasSuffix(name, "-after")) {
			t.Errorf("%s: %+v %v, effect %t", name, got, err, effect)
		}
	}
	if s := FaultKind(99).String(); s != "fault 99" {
		t.Error(s)
	}
}

func TestSlowUntilReleasedOrGivenUp(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	release := make(chan struct{})
	entered := make(chan struct{}, 1)
	slow := Fault{Kind: FaultSlow, Release: release, Match: func(*http.Request) bool { entered <- struct{}{}; return true }}
	w.Inject(slow)
	go func() { <-entered; close(release) }()
	if got, err := w.send(t.Context(), ""); err != nil || got.status != 200 {
		t.Errorf("%+v %v", got, err)
	}
	before := len(w.Accepted())
	slow.Release = nil
	w.Inject(slow)
	ctx, giveUp := context.WithCancel(t.Context())
	go func() { <-entered; giveUp() }()
	if _, err := w.send(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if len(w.Accepted()) != before {
		t.Error("what was given up had an effect")
	}
}
