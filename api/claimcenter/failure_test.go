package claimcenter_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"claimdeck/api"
	"claimdeck/api/claimcenter"
	"claimdeck/api/oauth"
	sandbox "claimdeck/sandbox/claimcenter"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind  sandbox.FaultKind
		is    error
		words string
		calls int // with second tries
	}{
		"401":       {sandbox.FaultUnauthorized, api.ErrUnauthorized, "user or password refused", 1},
		"403":       {sandbox.FaultForbidden, api.ErrForbidden, "may not read the claim demo_sample:1: ask your ClaimCenter administrator", 1},
		"404":       {sandbox.FaultNotFound, api.ErrNotFound, "does not exist, it is archived, or the account has no permission", 1},
		"429":       {sandbox.FaultTooManyRequests, api.ErrRateLimited, "Too many requests", 4},
		"500":       {sandbox.FaultServerError, api.ErrUnavailable, "An unexpected error occurred", 4},
		"503":       {sandbox.FaultUnavailable, api.ErrUnavailable, "maintenance mode", 4},
		"reset":     {sandbox.FaultReset, api.ErrInterrupted, "no answer from", 4},
		"truncated": {sandbox.FaultTruncated, api.ErrBadResponse, "it ends in the middle", 1},
		"cut short": {sandbox.FaultCutShort, api.ErrInterrupted, "was cut off", 4},
		"html 502":  {sandbox.FaultHTMLBadGateway, api.ErrUnavailable, "web page", 4},
		"html 200":  {sandbox.FaultHTMLOK, api.ErrBadResponse, "web page", 1},
	} {
		c := start(t, sandbox.Behaviour{Faults: []sandbox.Fault{{Kind: tt.kind, Times: -1}}})
		_, err := c.ReserveSets(t.Context(), sandbox.SampleID)
		if e := mustFail(t, err); !errors.Is(err, tt.is) || !strings.Contains(e.Error(), tt.words) || e.System != "ClaimCenter" {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(c.service.Calls()); n != tt.calls {
			t.Errorf("%s: %d calls", name, n)
		}
	}
}

func TestPassingTroubleIsPassedOver(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{
		sandbox.FaultTooManyRequests, sandbox.FaultServerError, sandbox.FaultUnavailable, sandbox.FaultReset, sandbox.FaultCutShort,
	} {
		c := start(t, sandbox.Behaviour{Faults: []sandbox.Fault{{Kind: kind, Times: 2}}})
		if sets, err := c.ReserveSets(t.Context(), sandbox.SampleID); err != nil || len(sets) != 1 {
			t.Errorf("fault %d: %v, %v", kind, sets, err)
		}
	}
}

func TestSlow(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{Faults: []sandbox.Fault{{Kind: sandbox.FaultSlow, Times: -1}}}, func(o *claimcenter.Options) {
		o.API.Timeout = 30 * time.Millisecond
	})
	_, err := c.ReserveSets(t.Context(), sandbox.SampleID)
	if e := mustFail(t, err); !strings.Contains(e.Message, "took too long") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.ReserveSets(ctx, sandbox.SampleID); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

// The document of errors allows details; what may hold a secret is not shown.
func TestDetails(t *testing.T) {
	t.Parallel()
	for details, want := range map[string]string{
		`[{"message":"claimNumber is not filterable"}]`:                       "The filter is not valid: claimNumber is not filterable",
		`[{"message":"alpha"},null,7,{"message":"beta"},{"message":"beta"}]`:  "The filter is not valid: alpha: beta",
		`[{"message":"The filter is not valid"}]`:                             "The filter is not valid.",
		`[{"message":"sent Bearer abc"}]`:                                     "The filter is not valid.",
		`[{"message":"sent ` + strings.Repeat("x", 60) + `"}]`:                "The filter is not valid.",
		`[{"message":"one"},{"message":"2"},{"message":"3"},{"message":"4"}]`: "The filter is not valid: one: 2: 3",
		`{}`:   "The filter is not valid.",
		`null`: "The filter is not valid.",
	} {
		c := serve(t, say(400, `{"status":400,"errorCode":"gw.api.rest.exceptions.BadInputException","userMessage":"The filter is not valid.",`+
			`"developerMessage":"no","details":`+details+`}`))
		_, err := c.Claim(t.Context(), "c")
		if e := mustFail(t, err); e.Message != want || !errors.Is(err, api.ErrInvalid) {
			t.Errorf("%s: %q", details, e.Message)
		}
	}
}

func TestBasic(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{})
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, credentials := range map[string]func(context.Context) (string, string, error){
		"none":            nil,
		"empty":           func(context.Context) (string, string, error) { return "", "", nil },
		"no password":     func(context.Context) (string, string, error) { return "x", "", nil },
		"a colon":         func(context.Context) (string, string, error) { return "a:b", "gw", nil },
		"cannot be read":  func(context.Context) (string, string, error) { return "", "", errors.New("keyring is locked") },
		"wrong, and sent": func(context.Context) (string, string, error) { return "aapplegate", "wrong-password", nil },
	} {
		c := start(t, sandbox.Behaviour{}, func(o *claimcenter.Options) { o.Credentials = credentials })
		_, err := c.Check(t.Context())
		if !errors.Is(err, api.ErrUnauthorized) || strings.Contains(err.Error(), "wrong-password") {
			t.Errorf("%s: %v", name, err)
		}
		if sent := len(c.service.Calls()) > 0; sent != strings.HasPrefix(name, "wrong") {
			t.Errorf("%s: sent: %v", name, sent)
		}
	}
}

// Every refusal counts against the account: the same password is sent once, not twice, and not again at once.
func TestRefusedPasswordIsNotRepeated(t *testing.T) {
	t.Parallel()
	password := "wrong-password"
	c := start(t, sandbox.Behaviour{}, func(o *claimcenter.Options) {
		o.Credentials = func(context.Context) (string, string, error) { return "aapplegate", password, nil }
	})
	for range 3 {
		_, err := c.Check(t.Context())
		if e := mustFail(t, err); !errors.Is(err, api.ErrUnauthorized) || !strings.Contains(e.Message, "half a minute") {
			t.Errorf("got %v", err)
		}
	}
	if n := len(c.service.Calls()); n != 1 {
		t.Errorf("sent %d times", n)
	}
	c.clock.forward(31 * time.Second)
	if _, err := c.Check(t.Context()); !errors.Is(err, api.ErrUnauthorized) || len(c.service.Calls()) != 2 {
		t.Errorf("after a rest: %v, %d calls", err, len(c.service.Calls()))
	}
	password = "gw"
	if _, err := c.Check(t.Context()); err != nil {
		t.Errorf("another password: %v", err)
	}
}

func TestBasicRefusedByProduction(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{BasicRefused: true})
	_, err := c.Check(t.Context())
	if e := mustFail(t, err); !strings.Contains(e.Message, "production systems take no Basic sign-in: set up OAuth") {
		t.Errorf("got %v", err)
	}
}

// signedIn is a client with the tokens of package oauth, which come from the sandbox's own token endpoint.
func signedIn(t *testing.T, b sandbox.Behaviour, secret string) rig {
	t.Helper()
	k := &clock{at: noon}
	s := sandbox.New(sandbox.Options{Seed: 7, Now: k.now, Prefix: "/cc", Scope: "cc.service", Behaviour: b})
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	o := options(web.URL+"/cc", k.now)
	source, err := oauth.New(oauth.Options{
		System: claimcenter.System, TokenURL: web.URL + sandbox.TokenPath, Scopes: []string{"cc.service"},
		Credentials: func(context.Context) (string, string, error) { return "demo-client", secret, nil },
		API:         o.API,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Tokens, o.Credentials = source, nil
	return rig{newClient(t, o), s, web.URL, k}
}

func TestBearer(t *testing.T) {
	t.Parallel()
	c := signedIn(t, sandbox.Behaviour{BasicRefused: true}, "demo-secret")
	if m, err := c.Check(t.Context()); err != nil || m.ServerTime.IsZero() {
		t.Fatalf("%+v, %v", m, err)
	}
	c.service.RevokeTokens()
	if _, err := c.Reserves(t.Context(), sandbox.SampleID); err != nil || c.service.TokensIssued() != 2 {
		t.Errorf("after the token's end: %v, %d tokens", err, c.service.TokensIssued())
	}
	c.clock.forward(2 * time.Hour)
	if _, err := c.Reserves(t.Context(), sandbox.SampleID); err != nil || c.service.TokensIssued() != 3 {
		t.Errorf("after its lifetime: %v, %d tokens", err, c.service.TokensIssued())
	}
	c.service.Inject(sandbox.Fault{Kind: sandbox.FaultUnauthorized, Contains: "/claims", Times: -1})
	_, err := c.Reserves(t.Context(), sandbox.SampleID)
	if e := mustFail(t, err); !errors.Is(err, api.ErrUnauthorized) || !strings.Contains(e.Message, "scopes") || c.service.TokensIssued() != 4 {
		t.Errorf("a token that is not taken: %v, %d tokens", err, c.service.TokensIssued())
	}
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	c := signedIn(t, sandbox.Behaviour{}, "wrong-secret-of-the-test")
	_, err := c.Check(t.Context())
	if e := mustFail(t, err); !errors.Is(err, api.ErrUnauthorized) || !e.NotSent() || strings.Contains(e.Message, "check the client id, its secret and its scopes") {
		t.Errorf("the token call's own words are lost: %v", err)
	}
	if strings.Contains(err.Error(), "wrong-secret-of-the-test") || c.service.TokensIssued() != 0 {
		t.Errorf("got %v", err)
	}
}

// The credentials go to the configured origin and to nowhere else.
func TestRedirectsAreNotFollowedElsewhere(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s came here with %q", r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(elsewhere.Close)
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/login", http.StatusFound)
	})
	if _, err := c.Check(t.Context()); !errors.Is(err, api.ErrBadResponse) || !strings.Contains(err.Error(), "not followed") {
		t.Errorf("got %v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return noon }
	for in, want := range map[string]string{
		"https://cc.example.com/cc":                "https://cc.example.com/cc",
		"https://cc.example.com/cc/":               "https://cc.example.com/cc",
		"https://cc.example.com/cc/rest\n":         "https://cc.example.com/cc",
		"https://cc.example.com/cc/rest/claim/v1/": "https://cc.example.com/cc",
		"https://cc.example.com":                   "https://cc.example.com",
		"http://localhost:8080/cc":                 "http://localhost:8080/cc",
	} {
		c := newClient(t, options(in, now))
		if c.Base() != want {
			t.Errorf("%q: %q", in, c.Base())
		}
	}
	for in, words := range map[string]string{
		"": "your company's own", "  ": "your company's own", "http://cc.example.com/cc": "not encrypted", "cc.example.com": "not a URL",
		"https://u:p@cc.example.com": "must not contain a user", "https://cc.example.com/cc?x=1": "no ?",
	} {
		if _, err := claimcenter.New(options(in, now)); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v", in, err)
		}
	}
	o := options("https://cc.example.com", nil)
	if _, err := claimcenter.New(o); err == nil {
		t.Error("a client without a clock")
	}
}

// Ids are data: they cannot change the path, and a colon stays a colon.
func TestPaths(t *testing.T) {
	t.Parallel()
	var got string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Method + " " + r.URL.EscapedPath()
		_, _ = io.WriteString(w, `{"data":{"attributes":{}}}`)
	})
	for want, ids := range map[string][2]string{
		"GET /cc/rest/claim/v1/claims/demo_sample:1/reserves/cc:17": {"demo_sample:1", "cc:17"},
		"GET /cc/rest/claim/v1/claims/a%2Fb/reserves/c%3Fd%23e":     {"a/b", "c?d#e"},
	} {
		if _, err := c.Reserve(t.Context(), ids[0], ids[1]); err != nil || got != want {
			t.Errorf("%q, %v", got, err)
		}
	}
}
