package inscipher_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"claimdeck/api"
	"claimdeck/api/inscipher"
	sandbox "claimdeck/sandbox/inscipher"
)

// carrier is a transport that keeps what it is given, as it is given.
type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

func TestWhereTheKeyStands(t *testing.T) {
	t.Parallel()
	tests := []struct {
		auth   inscipher.Auth
		name   string
		header string // the exact name
		query  string
	}{
		{"", "", "apiKey", ""},
		{inscipher.AuthHeader, "", "apiKey", ""},
		{inscipher.AuthHeader, "X-Api-KEY", "X-Api-KEY", ""},
		{inscipher.AuthQuery, "", "", "apikey"},
		{inscipher.AuthQuery, "k y", "", "k y"},
	}
	for _, tt := range tests {
		t.Run(string(tt.auth)+tt.name, func(t *testing.T) {
			t.Parallel()
			var got *http.Request
			x := handle(t, nil, func(o *inscipher.Options) {
				o.Auth, o.KeyName = tt.auth, tt.name
				o.API.Transport = carrier(func(r *http.Request) (*http.Response, error) {
					got = r
					return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"batch_id":"b","status":"queued"}`))}, nil
				})
			})
			if _, err := x.Results(t.Context(), "b"); err != nil {
				t.Fatal(err)
			}
			if got.Header.Get("Authorization") != "" || got.URL.Query().Get("batch_id") != "b" {
				t.Errorf("%v %v", got.URL, got.Header)
			}
			if tt.header != "" && (len(got.Header[tt.header]) != 1 || got.Header[tt.header][0] != theKey || strings.Contains(got.URL.String(), theKey)) {
				t.Errorf("header %q of %v", tt.header, got.Header)
			}
			if tt.query != "" && (got.URL.Query().Get(tt.query) != theKey || strings.Contains(fmt.Sprint(got.Header), theKey)) {
				t.Errorf("query %q of %v, %v", tt.query, got.URL, got.Header)
			}
		})
	}
}

func TestAuthStylesAgainstTheSandbox(t *testing.T) {
	t.Parallel()
	styles := map[inscipher.Auth]sandbox.AuthStyle{
		inscipher.AuthHeader: sandbox.AuthHeader, inscipher.AuthQuery: sandbox.AuthQuery, inscipher.AuthOAuth: sandbox.AuthBearer,
	}
	for ours := range styles {
		for _, theirs := range styles {
			t.Run(fmt.Sprintf("%s %d", ours, theirs), func(t *testing.T) {
				t.Parallel()
				x := newBench(t, sandbox.Behaviour{Auth: theirs}, func(o *inscipher.Options) {
					o.Auth = ours
					if ours == inscipher.AuthOAuth {
						o.Credentials = demoUser
					}
				})
				_, err := x.Submit(t.Context(), rows(1))
				if fits := styles[ours] == theirs; fits != (err == nil) || fits != (x.server.Accepted()["T00000"] == 1) {
					t.Error(err)
				} else if !fits && (!errors.Is(err, api.ErrUnauthorized) || fate(mustFail(t, err)) != "refused") {
					t.Error(err)
				}
			})
		}
	}
}

func demoUser(context.Context) (string, string, error) { return "demo-user", "demo-password", nil }

// The key is asked for by the first call, kept, and asked for once more after a 401.
func TestKeyIsAskedLazilyAndOnceMore(t *testing.T) {
	t.Parallel()
	keys := []string{"key-of-yesterday", " " + theKey + "\n", "never"}
	asked := 0
	x := newBench(t, sandbox.Behaviour{}, func(o *inscipher.Options) {
		o.Credentials = func(context.Context) (string, string, error) {
			asked++
			return "ignored", keys[asked-1], nil
		}
	})
	if asked != 0 {
		t.Fatal("asked before the first call")
	}
	if _, err := x.Submit(t.Context(), rows(2)); err != nil || asked != 2 {
		t.Fatalf("%v, asked %d times", err, asked)
	}
	calls := x.seen()
	if len(calls) != 2 || calls[0].Header.Get("apiKey") != keys[0] || calls[1].Header.Get("apiKey") != theKey || calls[0].Body != calls[1].Body {
		t.Errorf("%+v", calls)
	}
	if _, err := x.Submit(t.Context(), rows(2)); err != nil || asked != 2 || len(x.seen()) != 3 {
		t.Errorf("%v, asked %d times", err, asked)
	}
}

func TestUnauthorizedNeverLoops(t *testing.T) {
	t.Parallel()
	for _, how := range []inscipher.Auth{inscipher.AuthHeader, inscipher.AuthQuery} {
		x := handle(t, say(401, `{"code":401,"message":"Invalid API key"}`), func(o *inscipher.Options) { o.Auth = how })
		for i := 1; i <= 2; i++ {
			_, err := x.Submit(t.Context(), rows(1))
			if e := mustFail(t, err); !errors.Is(err, api.ErrUnauthorized) || fate(e) != "refused" || e.Message != "Invalid API key" {
				t.Errorf("%+v", e)
			}
			// The second call starts with the key of the first, and asks once: it may have been put right in between.
			if x.timesAsked() != i+1 || len(x.seen()) != 2*i {
				t.Errorf("%s: asked %d times for %d requests", how, x.timesAsked(), len(x.seen()))
			}
		}
	}
}

func TestManyCallsAskOnce(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{}, func(o *inscipher.Options) { o.API.Concurrency = 8 })
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if _, err := x.Submit(t.Context(), []json.RawMessage{row(fmt.Sprint("C", i))}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if x.timesAsked() != 1 || len(x.server.Accepted()) != 8 {
		t.Errorf("asked %d times, %d accepted", x.timesAsked(), len(x.server.Accepted()))
	}
}

func TestNoCredentials(t *testing.T) {
	t.Parallel()
	locked := errors.New("the keyring is locked")
	give := func(id, secret string, err error) func(context.Context) (string, string, error) {
		return func(context.Context) (string, string, error) { return id, secret, err }
	}
	tests := []struct {
		name        string
		auth        inscipher.Auth
		credentials func(context.Context) (string, string, error)
		want        string
	}{
		{"nobody to ask", "", nil, "no API key is set: sign in first"},
		{"no key", "", give("x", " \n", nil), "no API key is set: sign in first"},
		{"locked", "", give("", "", locked), "the API key cannot be read: the keyring is locked"},
		{"no header", "", give("", "a\nb", nil), "the token cannot be used: sign in again"},
		{"no password", inscipher.AuthOAuth, give("user", "", nil), "no user name and password are set: sign in first"},
		{"no user", inscipher.AuthOAuth, give("", "password", nil), "no user name and password are set: sign in first"},
		{"nobody to ask for a password", inscipher.AuthOAuth, nil, "no user name and password are set: sign in first"},
	}
	for _, tt := range tests {
		x := newBench(t, sandbox.Behaviour{}, func(o *inscipher.Options) { o.Auth, o.Credentials = tt.auth, tt.credentials })
		_, err := x.Submit(t.Context(), rows(1))
		e := mustFail(t, err)
		if e.Message != tt.want || !errors.Is(err, api.ErrUnauthorized) || fate(e) != "not sent" || len(x.seen()) != 0 {
			t.Errorf("%s: %v", tt.name, err)
		}
		if tt.name == "locked" && !errors.Is(err, locked) {
			t.Error("the cause is lost")
		}
	}
}

// A question for the key can be given up, and the next call asks anew.
func TestQuestionGivenUp(t *testing.T) {
	t.Parallel()
	questions := make(chan struct{})
	x := newBench(t, sandbox.Behaviour{}, func(o *inscipher.Options) {
		inner, first := o.Credentials, true
		o.Credentials = func(ctx context.Context) (string, string, error) {
			if !first {
				return inner(ctx)
			}
			first = false
			close(questions)
			<-ctx.Done()
			return "", "", ctx.Err()
		}
	})
	ctx, giveUp := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { _, err := x.Submit(ctx, rows(1)); gone <- err }()
	<-questions
	waits, stop := context.WithCancel(t.Context())
	waiting := make(chan error, 1)
	go func() { _, err := x.Submit(waits, rows(1)); waiting <- err }()
	stop()
	if err := <-waiting; !errors.Is(err, context.Canceled) || fate(mustFail(t, err)) != "not sent" {
		t.Error(err)
	}
	giveUp()
	if err := <-gone; !errors.Is(err, context.Canceled) || fate(mustFail(t, err)) != "not sent" {
		t.Error(err)
	}
	if _, err := x.Submit(t.Context(), rows(1)); err != nil {
		t.Error(err)
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	asked := 0
	x := newBench(t, sandbox.Behaviour{Auth: sandbox.AuthBearer}, func(o *inscipher.Options) {
		o.Auth = inscipher.AuthOAuth
		o.Credentials = func(ctx context.Context) (string, string, error) { asked++; return demoUser(ctx) }
	})
	step := func(name string, wantAsked, wantTokens, wantCalls int) {
		t.Helper()
		before := len(x.seen())
		if _, err := x.Submit(t.Context(), []json.RawMessage{row(name)}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if asked != wantAsked || x.server.TokensIssued() != wantTokens || len(x.seen())-before != wantCalls {
			t.Errorf("%s: asked %d times, %d tokens, %d calls", name, asked, x.server.TokensIssued(), len(x.seen())-before)
		}
	}
	step("first", 1, 1, 2)
	step("kept", 1, 1, 1)
	signIn := x.seen()[0]
	if signIn.Method != http.MethodPost || signIn.URI != "/api/oauth2/token" || signIn.Header.Get("Authorization") != "" ||
		signIn.Body != `{"grant_type":"password","username":"demo-user","password":"demo-password"}` {
		t.Errorf("%+v", signIn)
	}
	x.forward(59*time.Minute + 31*time.Second)
	step("renewed before its end", 1, 2, 2)
	if last := x.seen()[3]; !strings.HasPrefix(last.Body, `{"grant_type":"refresh_token","refresh_token":"`) {
		t.Errorf("%+v", last)
	}
	x.server.RevokeTokens()
	step("renewed after a 401", 1, 3, 3)
	x.server.RevokeTokens()
	x.server.Change(func(b *sandbox.Behaviour) { b.NoRefresh = true })
	step("refresh refused", 2, 4, 4)
	for id, n := range x.server.Accepted() {
		if n != 1 {
			t.Errorf("%s accepted %d times", id, n)
		}
	}
}

func TestSignInFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		h     http.HandlerFunc
		kind  error
		want  string
		calls int
	}{
		{"refused", say(401, `{"message":"invalid_grant"}`), api.ErrUnauthorized, "user name or password refused (invalid_grant)", 1},
		{"bad request", say(400, `{"error":"invalid_grant","error_description":"Invalid username and password combination"}`), api.ErrUnauthorized, "user name or password refused (Invalid username and password combination)", 1},
		{"down", say(503, ``), api.ErrUnavailable, "the service is down for maintenance: try again later", 4},
		{"no token", say(200, `{"token_type":"bearer"}`), api.ErrBadResponse, "the answer has no token in it: check the address", 1},
		{"web page", say(200, `<html>`), api.ErrBadResponse, "answered a web page instead of JSON: a proxy or a sign-in page may stand between", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := handle(t, tt.h, func(o *inscipher.Options) { o.Auth, o.Credentials = inscipher.AuthOAuth, demoUser })
			_, err := x.Submit(t.Context(), rows(1))
			e := mustFail(t, err)
			if !errors.Is(err, tt.kind) || e.Message != tt.want || fate(e) != "not sent" || len(x.seen()) != tt.calls {
				t.Errorf("%+v after %d calls", e, len(x.seen()))
			}
		})
	}
}

// A refresh token that was refused is not tried again.
func TestRefusedRefreshTokenIsForgotten(t *testing.T) {
	t.Parallel()
	refreshes, signIns := 0, 0
	x := handle(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case !strings.Contains(r.URL.Path, "token"):
			_, _ = io.WriteString(w, `{"batch_id":"b","status":"queued"}`)
		case strings.Contains(string(body), "password"):
			signIns++
			answer := `{"access_token":"token-of-the-test","expires_in":60}`
			if signIns == 1 {
				answer = `{"access_token":"token-of-the-test","expires_in":60,"refresh_token":"of-one-use"}`
			}
			_, _ = io.WriteString(w, answer)
		default:
			refreshes++
			w.WriteHeader(http.StatusBadRequest)
		}
	}, func(o *inscipher.Options) { o.Auth, o.Credentials = inscipher.AuthOAuth, demoUser })
	for range 3 {
		if _, err := x.Results(t.Context(), "b"); err != nil {
			t.Fatal(err)
		}
		x.forward(time.Minute)
	}
	if refreshes != 1 || signIns != 3 {
		t.Errorf("%d refreshes, %d sign-ins", refreshes, signIns)
	}
}

func TestTokenLifetimes(t *testing.T) {
	t.Parallel()
	for answer, life := range map[string]time.Duration{
		`3600`: 3570 * time.Second, `"3600"`: 3570 * time.Second, `10`: 9 * time.Second,
		`null`: 0, `0`: 0, `-5`: 0, `"soon"`: 0, `1e300`: 0, `{}`: 0,
	} {
		signIns := 0
		x := handle(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "token") {
				signIns++
				_, _ = fmt.Fprintf(w, `{"access_token":"token-of-the-test","expires_in":%s}`, answer)
				return
			}
			_, _ = io.WriteString(w, `{"batch_id":"b","status":"queued"}`)
		}, func(o *inscipher.Options) { o.Auth, o.Credentials = inscipher.AuthOAuth, demoUser })
		want := 1
		for _, d := range []time.Duration{0, life - time.Nanosecond, time.Nanosecond, 90 * 24 * time.Hour} {
			x.forward(max(d, 0))
			if _, err := x.Results(t.Context(), "b"); err != nil {
				t.Fatal(err)
			}
			if life > 0 && (d == time.Nanosecond || d > 24*time.Hour) {
				want++
			}
			if signIns != want {
				t.Errorf("expires_in %s: %d sign-ins after another %v, want %d", answer, signIns, d, want)
			}
		}
	}
}
