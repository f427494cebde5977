package scalepoint

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestCases(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	auth := []string{"Authorization", "Bearer " + b.token()}
	const guid = "d1a72df4-f7d5-402c-a495-cc31b8b39a59"
	tests := []struct {
		token  string
		status int
		body   string
		count  int
	}{
		{"ok-1", 200, `{"success":true,"code":"SUCCESS"}`, 1},
		{"ok-1", 400, `{"success":false,"code":"CASE_ALREADY_SUBMITTED"}`, 1},
		{guid, 200, `{"success":true,"code":"SUCCESS"}`, 1},
		{"empty-1", 200, `{"success":true,"code":"NO_LINES_TO_SUBMIT"}`, 0},
		{"empty-1", 200, `{"success":true,"code":"NO_LINES_TO_SUBMIT"}`, 0},
		{"closed-1", 400, `{"success":false,"code":"CASE_IS_NOT_OPEN"}`, 0},
		{"noagree-1", 400, `{"success":false,"code":"AGREEMENT_NOT_ACCEPTED"}`, 0},
		{"missing-1", 400, `{"success":false,"code":"CASE_NOT_FOUND"}`, 0},
		{"err-1", 500, `{"success":false,"code":"INTERNAL_SERVER_ERROR"}`, 0},
	}
	for _, tt := range tests {
		a := b.submitCase(tt.token, auth...)
		if a.status != tt.status || a.body != tt.body || a.header.Get("Content-Type") != "application/json" || b.Submitted(tt.token) != tt.count {
			t.Errorf("%s: %+v, submitted %d times", tt.token, a, b.Submitted(tt.token))
		}
	}
	for path, want := range map[string]string{
		"/self-service/dk/api/other/case/ok-2/submitted":         "INVALID_TENANT",
		"/self-service/DK/api/abcinsurance/case/ok-2/submitted":  "INVALID_TENANT",
		"/self-service/dk/api/abcinsurance/case/ok-2/submit":     "Not Found",
		"/self-service/dk/api/abcinsurance/case//ok-2/submitted": "Not Found",
		"/dk/api/abcinsurance/case/ok-2/submitted":               "Not Found",
		"/": "Not Found",
	} {
		if a := b.do(http.MethodPost, path, "", auth...); !strings.Contains(a.body, want) || b.Submitted("ok-2") != 0 {
			t.Errorf("%s: %+v", path, a)
		}
	}
	if a := b.do(http.MethodGet, "/self-service/dk/api/abcinsurance/case/ok-2/submitted", "", auth...); a.status != 405 {
		t.Error(a)
	}
}

func TestUnauthorized(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{TokenLifetime: time.Minute})
	token := b.token()
	refused := func(name, header string) {
		t.Helper()
		a := b.submitCase("ok-1", "Authorization", header)
		if a.status != 401 || a.body != `{"success":false,"code":"UNAUTHORIZED"}` || b.Submitted("ok-1") != 0 {
			t.Errorf("%s: %+v", name, a)
		}
	}
	refused("none", "")
	refused("another scheme", "Basic "+token)
	refused("no space", "Bearer"+token)
	refused("invented", "Bearer x")
	b.forward(time.Minute)
	refused("expired", "Bearer "+token)
	token = b.token()
	b.RevokeTokens()
	refused("revoked", "Bearer "+token)
	b.Change(func(b *Behaviour) { b.BareUnauthorized = true })
	if a := b.submitCase("ok-1"); a.status != 401 || a.body != "" {
		t.Error(a)
	}
	if a := b.submitCase("ok-1", "Authorization", "Bearer "+b.token()); a.status != 200 {
		t.Error(a)
	}
}

// Faults strike before or after the effect, on the route that they are meant for, as often as they are told.
func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault  Fault
		status int // 0: no whole answer
		body   string
		count  int
	}{
		{Fault{Kind: FaultUnauthorized}, 401, "UNAUTHORIZED", 0},
		{Fault{Kind: FaultBareUnauthorized}, 401, "", 0},
		{Fault{Kind: FaultTooManyRequests}, 429, "", 0},
		{Fault{Kind: FaultServerError}, 500, "INTERNAL_SERVER_ERROR", 0},
		{Fault{Kind: FaultServerError, After: true}, 500, "INTERNAL_SERVER_ERROR", 1},
		{Fault{Kind: FaultUnavailable, RetryAfter: "7"}, 503, "", 0},
		{Fault{Kind: FaultHTMLBadGateway}, 502, "<html>", 0},
		{Fault{Kind: FaultHTMLOK}, 200, "<html>", 1},
		{Fault{Kind: FaultEmpty}, 200, "", 1},
		{Fault{Kind: FaultTruncated}, 200, `{"success":true,`, 1},
		{Fault{Kind: FaultAnswer, Body: `{"success":true,"code":"NEW"}`}, 200, `"NEW"`, 1},
		{Fault{Kind: FaultAnswer, Status: 418, Body: `{}`}, 418, `{}`, 1},
		{Fault{Kind: FaultReset}, 0, "", 0},
		{Fault{Kind: FaultReset, After: true}, 0, "", 1},
		{Fault{Kind: FaultCutShort}, 0, "", 1},
		{Fault{Kind: FaultSlow, Delay: time.Hour}, 200, "SUCCESS", 1},
		{Fault{Kind: FaultSlowBody, Delay: time.Hour}, 200, "SUCCESS", 1},
		{Fault{Kind: FaultReset, Path: TokenPath}, 200, "SUCCESS", 1},
		{Fault{Kind: FaultReset, Path: SubmitPath, Skip: 1}, 200, "SUCCESS", 1},
	}
	for _, tt := range tests {
		t.Run(tt.fault.Kind.String(), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, Behaviour{})
			b.service.Wait = func(context.Context, time.Duration) error { return nil }
			token := b.token()
			b.Inject(tt.fault)
			a, err := call(t, b, token)
			if (err != nil) != (tt.status == 0) || a.status != tt.status || !strings.Contains(a.body, tt.body) || b.Submitted("ok-1") != tt.count {
				t.Errorf("%v: %+v, submitted %d times", err, a, b.Submitted("ok-1"))
			}
			if tt.fault.Kind == FaultTooManyRequests && a.header.Get("Retry-After") != "1" || tt.fault.RetryAfter != "" && a.header.Get("Retry-After") != "7" {
				t.Error(a.header)
			}
			b.ClearFaults()
			if a, err := call(t, b, token); err != nil || !strings.Contains(a.body, `"code":"`) {
				t.Errorf("%v: %+v", err, a)
			}
		})
	}
}

func call(t *testing.T, b *bench, token string) (answer, error) {
	t.Helper()
	s := httptest.NewUnstartedServer(b)
	s.Config.SetKeepAlivesEnabled(false)
	s.Start()
	defer s.Close()
	r, err := http.NewRequest(http.MethodPost, s.URL+"/self-service/dk/api/abcinsurance/case/ok-1/submitted", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := s.Client().Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	return answer{resp.StatusCode, resp.Header, string(raw)}, nil
}

func TestFaultsAreUsedUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{Faults: []Fault{{Kind: FaultUnavailable, Skip: 1, Times: 2}, {Kind: FaultNone}}})
	auth := []string{"Authorization", "Bearer " + b.token()} // the one that is skipped
	for i, want := range []int{503, 503, 200, 400} {
		if a := b.submitCase("ok-1", auth...); a.status != want {
			t.Errorf("call %d: %d, want %d", i, a.status, want)
		}
	}
	b.Inject(Fault{Kind: FaultServerError, Times: -1})
	for range 3 {
		if a := b.submitCase("ok-1", auth...); a.status != 500 {
			t.Error(a.status)
		}
	}
	b.ClearFaults()
	for name, want := range map[string]int{"503": 503, "500-after": 500, "401-bare": 401, "nonsense": 400} {
		if a := b.submitCase("ok-1", append(auth, "X-Sandbox-Fault", name)...); a.status != want {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if got := FaultKind(99).String(); got != "fault 99" {
		t.Error(got)
	}
}

// A slow request ends when it is released, or when its sender gives up: then it has no effect.
func TestSlowRequestEnds(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	b := newBench(t, Behaviour{})
	auth := []string{"Authorization", "Bearer " + b.token()}
	b.Inject(Fault{Kind: FaultSlow, Release: release})
	close(release)
	if a := b.submitCase("ok-1", auth...); a.status != 200 {
		t.Error(a)
	}
	b.Inject(Fault{Kind: FaultSlow})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/self-service/dk/api/abcinsurance/case/ok-2/submitted", nil)
	r.Header.Set(auth[0], auth[1])
	b.ServeHTTP(httptest.NewRecorder(), r)
	if b.Submitted("ok-2") != 0 {
		t.Error("a request that was given up had an effect")
	}
}

// However many submit a case at once, it is submitted once.
func TestOneEffect(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	auth := []string{"Authorization", "Bearer " + b.token()}
	var all sync.WaitGroup
	won := make(chan bool, 20)
	for range 20 {
		all.Go(func() { won <- bytes.Contains([]byte(b.submitCase("ok-1", auth...).body), []byte("SUCCESS")) })
	}
	all.Wait()
	close(won)
	n := 0
	for ok := range won {
		if ok {
			n++
		}
	}
	if n != 1 || b.Submitted("ok-1") != 1 {
		t.Errorf("%d winners, %d effects", n, b.Submitted("ok-1"))
	}
}

func TestNewWithoutAClock(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("New made a service without a clock")
		}
	}()
	New(Options{})
}
