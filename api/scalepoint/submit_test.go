package scalepoint_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"claimdeck/api"
	"claimdeck/api/oauth"
	"claimdeck/api/scalepoint"
	sandbox "claimdeck/sandbox/scalepoint"
)

const again = "submitting it again is safe: a case that went through answers CASE_ALREADY_SUBMITTED"

func TestDocumentedAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		which   scalepoint.Case
		want    scalepoint.Answer
		kind    error // nil: no error
		says    string
		effects int
	}{
		{of("ok-1"), scalepoint.Answer{Success: true, Code: "SUCCESS", Status: 200, Outcome: scalepoint.Submitted}, nil, "", 1},
		{of("ok-1"), scalepoint.Answer{Code: "CASE_ALREADY_SUBMITTED", Status: 400, Outcome: scalepoint.AlreadySubmitted}, nil, "", 1},
		{of("b.d1a72df4-f7d5-402c-a495-cc31b8b39a59_2"), scalepoint.Answer{Success: true, Code: "SUCCESS", Status: 200, Outcome: scalepoint.Submitted}, nil, "", 1},
		{
			of("empty-1"),
			scalepoint.Answer{Success: true, Code: "NO_LINES_TO_SUBMIT", Status: 200, Outcome: scalepoint.NotSubmitted},
			scalepoint.ErrNotSubmitted, "the case has no lines", 0,
		},
		{of("closed-1"), scalepoint.Answer{Code: "CASE_IS_NOT_OPEN", Status: 400, Outcome: scalepoint.Refused}, api.ErrConflict, "the case is not open", 0},
		{of("noagree-1"), scalepoint.Answer{Code: "AGREEMENT_NOT_ACCEPTED", Status: 400, Outcome: scalepoint.Refused}, api.ErrConflict, "has not accepted the agreement", 0},
		{of("missing-1"), scalepoint.Answer{Code: "CASE_NOT_FOUND", Status: 400, Outcome: scalepoint.Refused}, api.ErrNotFound, "no case has this token", 0},
		{
			scalepoint.Case{Country: "dk", Tenant: "nobody", Token: "ok-9"},
			scalepoint.Answer{Code: "INVALID_TENANT", Status: 400, Outcome: scalepoint.Refused},
			api.ErrInvalid, "does not know this tenant", 0,
		},
		{of("err-1"), scalepoint.Answer{Code: "INTERNAL_SERVER_ERROR", Status: 500, Outcome: scalepoint.Unknown}, api.ErrUnavailable, again, 0},
	}
	for name, sign := range map[string]func(*scalepoint.Options){"assertion": func(*scalepoint.Options) {}, "secret": bySecret} {
		b := newBench(t, sandbox.Behaviour{}, sign)
		for _, tt := range tests {
			got, err := b.Submit(t.Context(), tt.which)
			if body := fmt.Sprintf(`{"success":%t,"code":"%s"}`, tt.want.Success, tt.want.Code); string(got.Body) != body {
				t.Errorf("%s: body %s, want %s", tt.which.Token, got.Body, body)
			}
			got.Body = nil
			if fmt.Sprint(got) != fmt.Sprint(tt.want) || !errors.Is(err, tt.kind) || (err == nil) != got.Outcome.Done() {
				t.Errorf("%s, %s: %+v, %v", name, tt.which.Token, got, err)
			}
			if err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: %v", tt.which.Token, err)
			}
			if n := b.box.Submitted(tt.which.Token); n != tt.effects {
				t.Errorf("%s was submitted %d times", tt.which.Token, n)
			}
		}
		if b.box.TokensIssued() != 1 || strings.Contains(b.log.String(), "eyJ") || strings.Contains(b.log.String(), secret) {
			t.Errorf("%d tokens; log: %s", b.box.TokensIssued(), b.log)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	answer := func(status int, body string) sandbox.Fault {
		return sandbox.Fault{Kind: sandbox.FaultAnswer, Status: status, Body: body}
	}
	after := func(k sandbox.FaultKind) sandbox.Fault { return sandbox.Fault{Kind: k, After: true} }
	before := func(k sandbox.FaultKind) sandbox.Fault { return sandbox.Fault{Kind: k} }
	tests := []struct {
		name    string
		fault   sandbox.Fault
		outcome scalepoint.Outcome
		kind    error
		says    string
		effects int // before it is submitted again
	}{
		{"500 before", before(sandbox.FaultServerError), scalepoint.Unknown, api.ErrUnavailable, again, 0},
		{"500 after", after(sandbox.FaultServerError), scalepoint.Unknown, api.ErrUnavailable, again, 1},
		{"503", before(sandbox.FaultUnavailable), scalepoint.Unknown, api.ErrUnavailable, again, 0},
		{"502 page", before(sandbox.FaultHTMLBadGateway), scalepoint.Unknown, api.ErrUnavailable, "web page", 0},
		{"429", before(sandbox.FaultTooManyRequests), scalepoint.Refused, api.ErrRateLimited, "wait a moment", 0},
		{"reset before", before(sandbox.FaultReset), scalepoint.Unknown, api.ErrInterrupted, again, 0},
		{"reset after", after(sandbox.FaultReset), scalepoint.Unknown, api.ErrInterrupted, again, 1},
		{"cut short", before(sandbox.FaultCutShort), scalepoint.Unknown, api.ErrInterrupted, again, 1},
		{"truncated", before(sandbox.FaultTruncated), scalepoint.Unknown, api.ErrBadResponse, "it ends in the middle; whether the case was submitted is not known", 1},
		{"page", before(sandbox.FaultHTMLOK), scalepoint.Unknown, api.ErrBadResponse, again, 1},
		{"nothing", before(sandbox.FaultEmpty), scalepoint.Unknown, api.ErrBadResponse, "answered nothing where data was expected; whether", 1},
		{
			"unknown success", answer(200, `{"success":true,"code":"NEW_CODE"}`), scalepoint.Unknown, api.ErrBadResponse,
			`answered "NEW_CODE" (success true, HTTP 200), which is not a documented code`, 1,
		},
		{"unknown failure", answer(200, `{"success":false,"code":"NEW_CODE"}`), scalepoint.Unknown, api.ErrBadResponse, again, 1},
		{
			"unknown refusal", answer(400, `{"success":false,"code":"NEW_CODE"}`), scalepoint.Refused, api.ErrInvalid,
			`answered "NEW_CODE" (success false, HTTP 400), which is not a documented code`, 1,
		},
		{"unknown, and at odds with itself", answer(400, `{"success":true,"code":"NEW_CODE"}`), scalepoint.Unknown, api.ErrInvalid, again, 1},
		{"SUCCESS that failed", answer(200, `{"success":false,"code":"SUCCESS"}`), scalepoint.Unknown, api.ErrBadResponse, `answered "SUCCESS" (success false, HTTP 200); whether`, 1},
		{"SUCCESS in a 400", answer(400, `{"success":true,"code":"SUCCESS"}`), scalepoint.Unknown, api.ErrInvalid, again, 1},
		{"SUCCESS in a 500", answer(500, `{"success":true,"code":"SUCCESS"}`), scalepoint.Unknown, api.ErrUnavailable, again, 1},
		{"no code", answer(200, `{"success":true}`), scalepoint.Unknown, api.ErrBadResponse, "answered without a code (success true, HTTP 200)", 1},
		{"no code, refused", answer(400, `{"success":false}`), scalepoint.Refused, api.ErrInvalid, "", 1},
		{"not open in a 200", answer(200, `{"success":true,"code":"CASE_IS_NOT_OPEN"}`), scalepoint.Refused, api.ErrConflict, "the case is not open", 1},
		{"no lines in a 400", answer(400, `{"success":false,"code":"NO_LINES_TO_SUBMIT"}`), scalepoint.NotSubmitted, scalepoint.ErrNotSubmitted, "no lines", 1},
		{"already in a 200", answer(200, `{"success":true,"code":"CASE_ALREADY_SUBMITTED"}`), scalepoint.AlreadySubmitted, nil, "", 1},
		{"quoted success", answer(200, `{"success":"true","code":"SUCCESS","more":1}`), scalepoint.Submitted, nil, "", 1},
		{"success not said", answer(200, `{"code":"SUCCESS"}`), scalepoint.Submitted, nil, "", 1},
		{"a list", answer(200, `[]`), scalepoint.Unknown, api.ErrBadResponse, again, 1},
		{"null", answer(200, `null`), scalepoint.Unknown, api.ErrBadResponse, again, 1},
		{"moved", answer(307, ``), scalepoint.Unknown, api.ErrBadResponse, again, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sandbox.Behaviour{})
			tt.fault.Path = sandbox.SubmitPath
			b.box.Inject(tt.fault)
			a, err := b.Submit(t.Context(), of("ok-1"))
			if a.Outcome != tt.outcome || !errors.Is(err, tt.kind) || (err == nil) != a.Outcome.Done() {
				t.Fatalf("%+v, %v", a, err)
			}
			if err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v has no %q", err, tt.says)
			}
			if e, ok := api.AsError(err); ok && a.Outcome == scalepoint.Unknown && !strings.Contains(e.Message, again) {
				t.Errorf("no remedy: %v", e)
			}
			if n := b.box.Submitted("ok-1"); n != tt.effects {
				t.Errorf("submitted %d times: a write is sent once", n)
			}
			settled, err := b.Submit(t.Context(), of("ok-1"))
			want := map[int]scalepoint.Outcome{0: scalepoint.Submitted, 1: scalepoint.AlreadySubmitted}[tt.effects]
			if err != nil || settled.Outcome != want || b.box.Submitted("ok-1") != 1 {
				t.Errorf("again: %+v, %v", settled, err)
			}
		})
	}
}

// A 401, whatever its body, renews the token once and repeats the call once.
func TestUnauthorized(t *testing.T) {
	t.Parallel()
	for _, bare := range []bool{false, true} {
		b := newBench(t, sandbox.Behaviour{BareUnauthorized: bare})
		if _, err := b.Submit(t.Context(), of("ok-1")); err != nil {
			t.Fatal(err)
		}
		b.box.RevokeTokens()
		a, err := b.Submit(t.Context(), of("ok-2"))
		if err != nil || a.Outcome != scalepoint.Submitted || b.box.TokensIssued() != 2 {
			t.Errorf("bare %t: %+v, %v, %d tokens", bare, a, err, b.box.TokensIssued())
		}
		kind := map[bool]sandbox.FaultKind{true: sandbox.FaultBareUnauthorized, false: sandbox.FaultUnauthorized}[bare]
		b.box.Inject(sandbox.Fault{Kind: kind, Path: sandbox.SubmitPath, Times: -1})
		a, err = b.Submit(t.Context(), of("ok-3"))
		if e := mustFail(t, err); !errors.Is(err, api.ErrUnauthorized) || a.Outcome != scalepoint.Refused || !e.Refused() ||
			!strings.Contains(e.Message, "did not accept the sign-in") || b.box.TokensIssued() != 3 || b.box.Submitted("ok-3") != 0 {
			t.Errorf("bare %t: %+v, %+v, %d tokens", bare, a, e, b.box.TokensIssued())
		}
	}
}

func TestSlowAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Behaviour{}, func(o *scalepoint.Options) { o.API.Timeout = 100 * time.Millisecond })
	if _, err := b.Tokens().Token(); err != nil {
		t.Fatal(err)
	}
	b.box.Inject(sandbox.Fault{Kind: sandbox.FaultSlowBody, Path: sandbox.SubmitPath})
	a, err := b.Submit(t.Context(), of("ok-1"))
	if e := mustFail(t, err); a.Outcome != scalepoint.Unknown || !e.Uncertain() || !strings.Contains(e.Message, "it took too long; whether") || b.box.Submitted("ok-1") != 1 {
		t.Errorf("%+v, %+v", a, e)
	}
}

// Where there is no token, nothing is sent, and the reason is the sign-in's.
func TestSignInRefused(t *testing.T) {
	t.Parallel()
	_, stranger := identity(t, otherKey())
	tests := []struct {
		name      string
		behaviour sandbox.Behaviour
		change    func(*scalepoint.Options)
		kind      error
		says      string
	}{
		{"wrong key", sandbox.Behaviour{}, func(o *scalepoint.Options) {
			o.Assertion = func(context.Context) (*oauth.Assertion, error) { return stranger, nil }
		}, api.ErrUnauthorized, "not registered"},
		{"expired assertion", sandbox.Behaviour{}, func(o *scalepoint.Options) {
			o.API.Now = func() time.Time { return noon.Add(-2 * time.Minute) }
		}, api.ErrUnauthorized, "the clock of this machine is 2m0s behind"},
		{"wrong audience", sandbox.Behaviour{}, func(o *scalepoint.Options) {
			o.TokenURL = strings.Replace(o.TokenURL, "127.0.0.1", "localhost", 1)
			o.API.Transport = toLoopback()
		}, api.ErrUnauthorized, "wrong audience"},
		{"secrets are not taken", sandbox.Behaviour{Auth: sandbox.AuthAssertion}, bySecret, api.ErrUnauthorized, "an assertion is required"},
		{"assertions are not taken", sandbox.Behaviour{Auth: sandbox.AuthSecret}, func(*scalepoint.Options) {}, api.ErrUnauthorized, "assertions are not accepted"},
		{"wrong secret", sandbox.Behaviour{}, func(o *scalepoint.Options) {
			bySecret(o)
			o.Credentials = func(context.Context) (string, string, error) { return "demo-client", "wrong", nil }
		}, api.ErrUnauthorized, "client id or secret refused"},
		{"wrong scope", sandbox.Behaviour{}, func(o *scalepoint.Options) { o.Scopes = []string{"self-service:read"} }, api.ErrForbidden, `the scope "self-service:read" was refused`},
		{"locked", sandbox.Behaviour{}, func(o *scalepoint.Options) {
			o.Assertion = func(context.Context) (*oauth.Assertion, error) { return nil, errors.New("the keyring is locked") }
		}, api.ErrUnauthorized, "the keyring is locked"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tt.behaviour, tt.change)
			a, err := b.Submit(t.Context(), of("ok-1"))
			e := mustFail(t, err)
			if a.Outcome != scalepoint.NotSent || a.Status != 0 || !e.NotSent() || !errors.Is(err, tt.kind) || !strings.Contains(e.Message, tt.says) {
				t.Errorf("%+v, %+v", a, e)
			}
			if b.box.TokensIssued() != 0 || b.box.Submitted("ok-1") != 0 || strings.Contains(b.log.String()+fmt.Sprintf("%+v", e), "eyJ") {
				t.Errorf("%d tokens; %s", b.box.TokensIssued(), b.log)
			}
		})
	}
}

// toLoopback calls localhost by its number, and hides from the service by what name it was called.
func toLoopback() carrier {
	return func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.Host = strings.Replace(r.URL.Host, "localhost", "127.0.0.1", 1)
		r.Host = r.URL.Host
		transport := &http.Transport{DisableKeepAlives: true}
		return transport.RoundTrip(r)
	}
}

// An assertion that was seen before is refused by the service: each sign-in has its own.
func TestReusedAssertion(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Behaviour{})
	replay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		for range 2 { // as a proxy would that repeats what it should not
			again, _ := http.NewRequest(http.MethodPost, b.url+"/connect/token", strings.NewReader(r.PostForm.Encode()))
			again.Header = r.Header.Clone()
			rec := httptest.NewRecorder()
			again.Host = r.Host
			b.box.ServeHTTP(rec, again)
			if rec.Code != 200 {
				w.WriteHeader(rec.Code)
				_, _ = w.Write(rec.Body.Bytes())
			}
		}
	}))
	defer replay.Close()
	_, signer := identity(t, theKey())
	me, err := oauth.New(oauth.Options{
		System: scalepoint.System, TokenURL: replay.URL + "/connect/token", Scopes: []string{scalepoint.Scope},
		Credentials: func(context.Context) (string, string, error) { return "demo-client", "", nil },
		Assertion:   func(context.Context) (*oauth.Assertion, error) { return signer, nil },
		API:         api.Options{Now: func() time.Time { return noon }},
	})
	if err != nil {
		t.Fatal(err)
	}
	if cert, err := oauthCertificate(signer); err != nil {
		t.Fatal(err)
	} else {
		b.box.Register(cert)
	}
	_, err = me.Token()
	if e := mustFail(t, err); !strings.Contains(e.Message, "the assertion was refused") || !strings.Contains(e.Message, "used before") {
		t.Errorf("%+v %q", e, b.box.Refusals())
	}
}

func TestNoNetwork(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Behaviour{}, func(o *scalepoint.Options) { o.BaseURL = "http://127.0.0.1:1/self-service" })
	a, err := b.Submit(t.Context(), of("ok-1"))
	if e := mustFail(t, err); a.Outcome != scalepoint.NotSent || !e.NotSent() || strings.Contains(e.Message, "again") {
		t.Errorf("%+v %+v", a, e)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if a, err := b.Submit(ctx, of("ok-1")); a.Outcome != scalepoint.NotSent || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v %v", a, err)
	}
}
