package oauth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"claimdeck/api"
	"claimdeck/api/oauth"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		header []string
		kind   error
		code   string
		want   []string
	}{
		{
			"client", 400, `{"error":"invalid_client"}`, nil, api.ErrUnauthorized, "invalid_client",
			[]string{"client id or secret refused (invalid_client): sign in again"},
		},
		{
			"client, explained", 401, `{"error":"invalid_client","error_description":"Unknown\u001b[31m client"}`, nil,
			api.ErrUnauthorized, "invalid_client",
			[]string{"(invalid_client: Unknown client)"},
		},
		{"grant", 400, `{"error":"invalid_grant"}`, nil, api.ErrUnauthorized, "invalid_grant", []string{"client id or secret refused"}},
		{
			"scope", 400, `{"error":"invalid_scope"}`, nil, api.ErrForbidden, "invalid_scope",
			[]string{`the scope "read:all self-service:submit" was refused (invalid_scope): check it, or ask for it to be granted`},
		},
		{
			"not allowed", 400, `{"error":"unauthorized_client"}`, nil, api.ErrForbidden, "unauthorized_client",
			[]string{"may not sign in this way", "ask for it to be allowed client credentials"},
		},
		{
			"grant type", 400, `{"error":"unsupported_grant_type"}`, nil, api.ErrUnsupported, "unsupported_grant_type",
			[]string{"no tokens are given out there", "check the address"},
		},
		{
			"request", 400, `{"error":"invalid_request","error_description":"two ways"}`, nil, api.ErrInvalid, "invalid_request",
			[]string{"not understood (invalid_request: two ways)", "the way the secret is sent"},
		},
		{
			"other names", 401, `{"errorCode":"invalid_client","errorSummary":"No such client"}`, nil, api.ErrUnauthorized,
			"invalid_client",
			[]string{"(invalid_client: No such client)"},
		},
		{"an object for an error", 401, `{"error":{"code":401}}`, nil, api.ErrUnauthorized, "", []string{"client id or secret refused: "}},
		{"plain 401", 401, "", nil, api.ErrUnauthorized, "", []string{"client id or secret refused: sign in again"}},
		{"a gateway's 403", 403, `{"message":"Forbidden"}`, nil, api.ErrForbidden, "", []string{"(Forbidden)"}},
		{"wrong address", 404, "", nil, api.ErrNotFound, "", []string{"no tokens are given out there: check the address"}},
		{"wrong method", 405, "", nil, api.ErrUnsupported, "", []string{"check the address"}},
		{"plain 400", 400, "no", nil, api.ErrInvalid, "", []string{"not understood"}},
		{"web page", 401, "<html>Sign in</html>", []string{"Content-Type", "text/html"}, api.ErrUnauthorized, "", []string{"with a web page: a proxy"}},
		{
			"elsewhere", 302, "",
			[]string{"Location", "https://login.example/?x=1"},
			api.ErrBadResponse, "",
			[]string{"sent elsewhere, to login.example, which is not followed"},
		},
		{"an error in a success", 200, `{"error":"invalid_scope","access_token":"the-access-token"}`, nil, api.ErrForbidden, "invalid_scope", nil},
		{"an unknown code in a success", 200, `{"error":"odd"}`, nil, api.ErrBadResponse, "odd", []string{"it answered 200 (odd)"}},
		{
			"echo", 400, `{"error":"invalid_client","error_description":"bad ` + secret + ` and ` + url.QueryEscape(secret) + `"}`, nil,
			api.ErrUnauthorized, "invalid_client",
			[]string{"bad (hidden) and (hidden)"},
		},
		{
			"endless words", 400, `{"error":"invalid_client","error_description":"` + strings.Repeat("é", 9000) + `"}`, nil,
			api.ErrUnauthorized, "invalid_client",
			[]string{"é...)"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := serve(t, say(tt.status, tt.body, tt.header...), style(oauth.Body))
			_, err := b.Token()
			e := mustFail(t, err)
			if !errors.Is(err, tt.kind) || e.Code != tt.code || e.Status != tt.status || !e.Sent {
				t.Errorf("%v: %+v", e.Kind, e)
			}
			for _, want := range tt.want {
				if !strings.Contains(e.Message, want) {
					t.Errorf("%q has no %q", e.Message, want)
				}
			}
			if leaks(err, b.logged()) || len(e.Message) > 600 || strings.Contains(e.Message, "\x1b") {
				t.Errorf("%+v\n%s", e, b.logged())
			}
			if len(b.seen()) != 1 {
				t.Errorf("%d calls", len(b.seen()))
			}
		})
	}
}

// A token call is harmless: passing trouble is waited out, as for a read, and each attempt is a call of its own.
func TestPassingTrouble(t *testing.T) {
	t.Parallel()
	ms := time.Millisecond
	tests := []struct {
		name  string
		first http.HandlerFunc
		kind  error
		waits []time.Duration // before the call that succeeds; nil: there is none
	}{
		{"500", say(500, ""), api.ErrUnavailable, []time.Duration{200 * ms}},
		{"503", say(503, "<html>down</html>"), api.ErrUnavailable, []time.Duration{200 * ms}},
		{"429", say(429, "", "Retry-After", "2"), api.ErrRateLimited, []time.Duration{2 * time.Second}},
		{"429 with a date", say(429, "", "Retry-After", noon.Add(3*time.Second).Format(http.TimeFormat)), api.ErrRateLimited, []time.Duration{3 * time.Second}},
		{"429 for long", say(429, "", "Retry-After", "20"), api.ErrRateLimited, nil},
		{"reset", cut, api.ErrInterrupted, []time.Duration{200 * ms}},
		{"400", say(400, ""), api.ErrInvalid, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := serve(t, nil, style(oauth.Body))
			b.answer(func(w http.ResponseWriter, r *http.Request) {
				if len(b.seen()) == 1 {
					tt.first(w, r)
					return
				}
				say(200, `{"access_token":"the-access-token"}`)(w, r)
			})
			_, err := b.Token()
			if (err == nil) != (tt.waits != nil) || err != nil && !errors.Is(err, tt.kind) {
				t.Fatal(err)
			}
			if got := b.waited(); len(got) != len(tt.waits) || len(got) > 0 && got[0] != tt.waits[0] {
				t.Errorf("waited %v, want %v", got, tt.waits)
			}
			b.answer(tt.first)
			before := len(b.seen())
			_, err = b.Token()
			if n := len(b.seen()) - before; !errors.Is(err, tt.kind) || n != 1 && n != 4 || (n == 4) != (tt.waits != nil) {
				t.Errorf("%v after %d calls", err, n)
			}
			if leaks(err, b.logged()) {
				t.Errorf("%+v\n%s", err, b.logged())
			}
		})
	}
}

// cut closes the connection without an answer.
func cut(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func TestNoNetwork(t *testing.T) {
	t.Parallel()
	b := serve(t, say(200, "{}"))
	b.Close()
	_, err := b.Token()
	if e := mustFail(t, err); !errors.Is(err, api.ErrUnreachable) || !e.NotSent() || !strings.Contains(e.Message, "connection refused") || leaks(err, b.logged()) {
		t.Errorf("%+v", e)
	}
	if _, err := b.Skew(t.Context()); !errors.Is(err, api.ErrUnreachable) {
		t.Error(err)
	}
	if len(b.waited()) != 0 {
		t.Error("what cannot be reached is asked again")
	}
}

func TestCutInTheMiddle(t *testing.T) {
	t.Parallel()
	b := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "500")
		_, _ = io.WriteString(w, `{"access_token":"the-access-token`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	_, err := b.Token()
	if e := mustFail(t, err); !errors.Is(err, api.ErrInterrupted) || e.Status != 200 || !strings.Contains(e.Message, "the connection was closed") || leaks(err, b.logged()) {
		t.Errorf("%+v", e)
	}
}

func TestSlow(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	b := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}, func(o *oauth.Options) { o.API.Timeout = 50 * time.Millisecond })
	defer close(release)
	_, err := b.Token()
	if e := mustFail(t, err); !errors.Is(err, api.ErrInterrupted) || !strings.Contains(e.Message, "it took too long") || len(b.seen()) != 1 {
		t.Errorf("%+v after %d calls: a service that is slow is not asked again", e, len(b.seen()))
	}
}

func TestSkew(t *testing.T) {
	t.Parallel()
	b := serve(t, say(405, ""))
	for ahead, at := range map[time.Duration]time.Time{
		0: noon.Add(900 * time.Millisecond), 5 * time.Minute: noon.Add(5 * time.Minute), -48 * time.Hour: noon.Add(-48 * time.Hour),
	} {
		b.set(at)
		if got, err := b.Skew(t.Context()); err != nil || got != ahead {
			t.Errorf("%v, %v, want %v", got, err, ahead)
		}
	}
	for _, got := range b.seen() {
		if got.Method != http.MethodHead || got.Auth != "" || len(got.Form) != 0 {
			t.Errorf("the clock costs no secret: %+v", got)
		}
	}
	b.answer(func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil })
	if _, err := b.Skew(t.Context()); !errors.Is(err, api.ErrBadResponse) || !strings.Contains(err.Error(), "what time it is") {
		t.Error(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := b.Skew(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
