package inscipher_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"claimdeck/api"
	"claimdeck/api/inscipher"
	sandbox "claimdeck/sandbox/inscipher"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		kind   error // nil: reached
		proven bool
		words  string // part of what is said
	}{
		{"results", 200, `{"batch_id":"x","status":"processed","transactions":[]}`, nil, true, "accepted"},
		{"another batch", 200, `{"batch_id":"another","status":"queued"}`, nil, true, "accepted"},
		{"unknown in words", 200, `{"status":"error","message":"Batch not found"}`, nil, true, "accepted"},
		{"a list", 200, `[]`, nil, true, "accepted"},
		{"text", 200, `no such batch`, nil, true, "accepted"},
		{"nothing", 204, ``, nil, true, "accepted"},
		{"key in words", 200, `{"status":"error","message":"Invalid API key"}`, api.ErrUnauthorized, false, "the API key was refused: sign in with a new one, or check where the key belongs (auth, key) (Invalid API key)"},
		{"bad request", 400, `{"message":"batch_id is invalid"}`, nil, false, "reached; answered 400"},
		{"not found", 404, `{"code":404,"message":"Batch not found"}`, nil, false, "check results_path"},
		{"gone", 410, ``, nil, false, "reached; answered 410"},
		{"unprocessable", 422, `{"message":"no"}`, nil, false, "reached; answered 422"},
		{"no route", 404, `<html>404</html>`, api.ErrNotFound, false, "nothing is there: check the address and results_path"},
		{"nothing there", 404, ``, api.ErrNotFound, false, "nothing is there: check the address and results_path"},
		{"no GET", 405, `{}`, api.ErrUnsupported, false, "check results_path"},
		{"page", 200, `<html>sign in</html>`, api.ErrBadResponse, false, "a web page instead of JSON"},
		{"key", 401, `{"message":"Invalid API key"}`, api.ErrUnauthorized, false, "(Invalid API key)"},
		{"forbidden", 403, `{"message":"not yours"}`, api.ErrForbidden, false, "(not yours)"},
		{"key as bad request", 400, `{"message":"apikey is required"}`, api.ErrUnauthorized, false, "(apikey is required)"},
		{"slow down", 429, `{}`, api.ErrRateLimited, false, "too many requests"},
		{"down", 503, ``, api.ErrUnavailable, false, "maintenance"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := handle(t, say(tt.status, tt.body))
			h, err := x.Check(t.Context())
			for _, c := range x.seen() {
				if c.Method != http.MethodGet || !strings.HasSuffix(c.URI, "?batch_id=00000000000000000000000000000000") {
					t.Errorf("not harmless: %+v", c)
				}
			}
			if tt.kind == nil {
				if err != nil || h.Status != tt.status || h.Proven != tt.proven || !strings.Contains(h.Words, tt.words) {
					t.Errorf("%+v %v", h, err)
				}
				if h.Proven && h.ServerTime.IsZero() {
					t.Error("the service's clock is not told")
				}
				return
			}
			if e := mustFail(t, err); !errors.Is(err, tt.kind) || !strings.Contains(e.Message, tt.words) || e.Op != "check" {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestCheckOfTheSandbox(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{})
	if h, err := x.Check(t.Context()); err != nil || h.Status != 404 || h.Proven {
		t.Errorf("%+v %v", h, err)
	}
	x.server.ChangeKey("another")
	if _, err := x.Check(t.Context()); !errors.Is(err, api.ErrUnauthorized) {
		t.Error(err)
	}
	if x.server.Batches() != 0 {
		t.Error("a check is no import")
	}

	o := newBench(t, sandbox.Behaviour{}, func(o *inscipher.Options) { o.Auth, o.Credentials = inscipher.AuthOAuth, demoUser })
	if h, err := o.Check(t.Context()); err != nil || !h.Proven {
		t.Errorf("a sign-in proves the credentials: %+v %v", h, err)
	}
	o.server.RevokeTokens()
	o.server.Change(func(b *sandbox.Behaviour) { b.TokenRefused = true })
	if _, err := o.Check(t.Context()); !errors.Is(err, api.ErrUnauthorized) || !strings.HasPrefix(mustFail(t, err).Message, "user name or password refused") {
		t.Error(err)
	}
}

// What the sign-in is answered says nothing about the results.
func TestCheckWithoutASignIn(t *testing.T) {
	t.Parallel()
	x := handle(t, say(404, `{"message":"Not Found"}`), func(o *inscipher.Options) { o.Auth, o.Credentials = inscipher.AuthOAuth, demoUser })
	if h, err := x.Check(t.Context()); !errors.Is(err, api.ErrNotFound) || len(x.seen()) != 1 || x.seen()[0].Method != http.MethodPost {
		t.Errorf("%+v %v", h, err)
	}
	bad := handle(t, say(400, `{"error":"invalid_grant"}`), func(o *inscipher.Options) { o.Auth, o.Credentials = inscipher.AuthOAuth, demoUser })
	if h, err := bad.Check(t.Context()); !errors.Is(err, api.ErrUnauthorized) || !strings.Contains(err.Error(), "user name or password refused") {
		t.Errorf("%+v %v", h, err)
	}
	y := handle(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			say(200, `{"access_token":"token-of-the-test"}`)(w, r)
			return
		}
		w.WriteHeader(http.StatusForbidden)
	}, func(o *inscipher.Options) { o.Auth, o.Credentials = inscipher.AuthOAuth, demoUser })
	if _, err := y.Check(t.Context()); !errors.Is(err, api.ErrForbidden) || !strings.Contains(err.Error(), "the token was refused: check the user name") {
		t.Error(err)
	}
}

func TestCheckOfNobody(t *testing.T) {
	t.Parallel()
	c, err := inscipher.New(inscipher.Options{
		BaseURL: "http://127.0.0.1:1", Credentials: demoUser, API: api.Options{Now: (&bench{now: noon}).clock},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Check(t.Context()); !errors.Is(err, api.ErrUnreachable) {
		t.Error(err)
	}
}
