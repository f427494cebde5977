package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"claimdeck/api"
	"claimdeck/api/oauth"
)

func style(s oauth.Style) func(*oauth.Options) { return func(o *oauth.Options) { o.Style = s } }

func basic(id, secret string) string {
	r, _ := http.NewRequest(http.MethodGet, "http://localhost", nil)
	r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	return r.Header.Get("Authorization")
}

func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"read:all self-service:submit"}}
	inBody := url.Values{"client_id": {clientID}, "client_secret": {secret}}
	tests := []struct {
		style oauth.Style
		auth  string
		extra url.Values
	}{
		{oauth.Header, basic(clientID, secret), nil},
		{oauth.Body, "", inBody},
		{oauth.Auto, basic(clientID, secret), nil},
		{"", basic(clientID, secret), nil},
	}
	for _, tt := range tests {
		b := serve(t, say(200, `{"access_token":"the-access-token","token_type":"bearer","expires_in":3600}`), style(tt.style))
		tok, err := b.TokenContext(t.Context())
		if err != nil || tok.AccessToken != "the-access-token" || !tok.Expiry.Equal(noon.Add(time.Hour)) {
			t.Fatalf("%+v %v", tok, err)
		}
		got := b.seen()
		if len(got) != 1 {
			t.Fatalf("%q: %d calls", tt.style, len(got))
		}
		want := url.Values{}
		for _, v := range []url.Values{form, tt.extra} {
			for key := range v {
				want.Set(key, v.Get(key))
			}
		}
		g := got[0]
		if g.Method != "POST" || g.Auth != tt.auth || g.Type != "application/x-www-form-urlencoded" ||
			g.Accept != "application/json" || g.Agent != "claimdeck" || g.Form.Encode() != want.Encode() {
			t.Errorf("%q: %+v, want %v", tt.style, g, want)
		}
		if leaks(nil, b.logged()) || !strings.Contains(b.logged(), "sign in") {
			t.Errorf("log: %s", b.logged())
		}
	}
}

// Where nobody said how the secret is sent, the way that is accepted is found out once, and again when it is refused.
func TestStyleIsFoundOut(t *testing.T) {
	t.Parallel()
	var header atomic.Bool
	b := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if (r.Header.Get("Authorization") != "") != header.Load() {
			say(400, `{"error":"invalid_client"}`)(w, r)
			return
		}
		say(200, `{"access_token":"the-access-token"}`)(w, r)
	})
	for i, step := range []struct {
		header bool
		ok     bool
		calls  int
	}{{false, true, 2}, {false, true, 1}, {true, false, 1}, {true, true, 1}} {
		header.Store(step.header)
		before := len(b.seen())
		_, err := b.Token()
		if n := len(b.seen()) - before; n != step.calls || (err == nil) != step.ok {
			t.Errorf("step %d: %d calls, %v", i, n, err)
		}
	}
}

// Only a refusal of the client is a reason to send the secret in another way.
func TestStyleIsNotGuessedAfterOtherTrouble(t *testing.T) {
	t.Parallel()
	for _, h := range []http.HandlerFunc{
		say(400, `{"error":"invalid_scope"}`), say(403, ""), say(404, ""), say(200, "{}"), say(302, "", "Location", "https://elsewhere.example/"),
	} {
		b := serve(t, h)
		if _, err := b.Token(); err == nil || len(b.seen()) != 1 {
			t.Errorf("%v after %d calls", err, len(b.seen()))
		}
	}
}

func TestTokenAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, kind, body string
		lifetime         time.Duration
		want             string // of the refusal; empty: a token
	}{
		{"full", "", `{"access_token":"abcdef","token_type":"Bearer","expires_in":3600}`, time.Hour, ""},
		{"quoted lifetime", "", `{"access_token":"abcdef","expires_in":"120"}`, 2 * time.Minute, ""},
		{"form", "application/x-www-form-urlencoded", `access_token=abcdef&token_type=bearer&expires_in=60`, time.Minute, ""},
		{"no lifetime", "", `{"access_token":"abcdef"}`, 0, ""},
		{"null lifetime", "", `{"access_token":"abcdef","expires_in":null}`, 0, ""},
		{"zero lifetime", "", `{"access_token":"abcdef","expires_in":0}`, 0, ""},
		{"negative lifetime", "", `{"access_token":"abcdef","expires_in":-5}`, 0, ""},
		{"absurd lifetime", "", `{"access_token":"abcdef","expires_in":99999999999}`, 0, ""},
		{"another kind of token", "", `{"access_token":"abcdef","token_type":"mac"}`, 0, "no bearer token"},
		{"header injection", "", `{"access_token":"abc\r\nX-Evil: 1"}`, 0, "cannot be used"},
		{"no token", "", `{"ok":true}`, 0, "no token in it"},
		{"empty", "", ``, 0, "no token in it"},
		{"list", "", `[]`, 0, "no token in it"},
		{"web page", "text/html", `<html>Sign in</html>`, 0, "a web page"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := serve(t, say(200, tt.body, "Content-Type", or(tt.kind, "application/json")))
			tok, err := b.Token()
			if tt.want != "" {
				if e := mustFail(t, err); !errors.Is(err, api.ErrBadResponse) || e.Status != 200 || !strings.Contains(e.Message, tt.want) {
					t.Errorf("%+v", e)
				}
				if strings.Contains(fmt.Sprintf("%+v", err), "Evil") {
					t.Error(err)
				}
				return
			}
			var want time.Time
			if tt.lifetime > 0 {
				want = noon.Add(tt.lifetime)
			}
			if err != nil || tok.AccessToken != "abcdef" || !tok.Expiry.Equal(want) {
				t.Errorf("%+v %v, want %v", tok, err, want)
			}
		})
	}
}

func or(s, empty string) string {
	if s == "" {
		return empty
	}
	return s
}

func TestTokenIsKept(t *testing.T) {
	t.Parallel()
	b := serve(t, say(200, `{"access_token":"the-access-token","expires_in":3600}`))
	for i, step := range []struct {
		at   time.Duration
		want int
	}{{0, 1}, {time.Hour - 31*time.Second, 1}, {time.Hour - 30*time.Second, 2}, {time.Hour, 2}} {
		b.set(noon.Add(step.at))
		if _, err := b.Token(); err != nil {
			t.Fatal(err)
		}
		if n := len(b.seen()); n != step.want {
			t.Errorf("step %d: %d calls, want %d", i, n, step.want)
		}
	}
	tok, _ := b.Token()
	b.Forget(&oauth2.Token{AccessToken: tok.AccessToken}) // another token
	if again, _ := b.Token(); again != tok {
		t.Error("the token in use was forgotten for another")
	}
	b.Forget(tok)
	if again, _ := b.Token(); again == tok {
		t.Error("a forgotten token came back")
	}
}

func TestTokenOfUnknownLifetimeIsNotKept(t *testing.T) {
	t.Parallel()
	b := serve(t, say(200, `{"access_token":"the-access-token"}`))
	first, err := b.Token()
	second, err2 := b.Token()
	if err != nil || err2 != nil || first == second || len(b.seen()) != 2 || !first.Valid() {
		t.Errorf("%v %v after %d calls", err, err2, len(b.seen()))
	}
}

// carrier is a RoundTripper without a network.
type carrier func(*http.Request) (*http.Response, error)

func (f carrier) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func quiet(t *testing.T, f carrier) *oauth.Tokens {
	t.Helper()
	tokens, err := oauth.New(oauth.Options{
		System: "Scalepoint", TokenURL: "https://accounts.example/token",
		Credentials: func(context.Context) (string, string, error) { return clientID, secret, nil },
		API:         api.Options{Now: time.Now, Transport: f},
	})
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func answered(body string) *http.Response {
	return &http.Response{
		StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

// Many who ask at once share one call, also when its token is not kept; who gives up waiting does not take it from the
// others.
func TestOneCallForMany(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{"access_token":"abcdef","expires_in":3600}`, `{"access_token":"abcdef"}`} {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			calls := 0
			tokens := quiet(t, func(r *http.Request) (*http.Response, error) {
				calls++
				select {
				case <-release:
					return answered(answer), nil
				case <-r.Context().Done():
					return nil, r.Context().Err()
				}
			})
			ctx, giveUp := context.WithCancel(t.Context())
			gone := make(chan error, 1)
			go func() {
				_, err := tokens.TokenContext(ctx)
				gone <- err
			}()
			synctest.Wait()
			var all sync.WaitGroup
			for range 50 {
				all.Go(func() {
					if tok, err := tokens.Token(); err != nil || tok.AccessToken != "abcdef" {
						t.Error(tok, err)
					}
				})
			}
			synctest.Wait()
			giveUp()
			if err := <-gone; !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			close(release)
			all.Wait()
			if calls != 1 {
				t.Errorf("%d calls", calls)
			}
		})
	}
}

// When nobody waits any more, the call itself ends, and the next one who asks starts anew.
func TestAbandonedCallEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended, calls := 0, 0
		tokens := quiet(t, func(r *http.Request) (*http.Response, error) {
			if calls++; calls > 1 {
				return answered(`{"access_token":"abcdef"}`), nil
			}
			<-r.Context().Done()
			ended++
			return nil, r.Context().Err()
		})
		ctx, giveUp := context.WithTimeout(t.Context(), time.Second)
		defer giveUp()
		if _, err := tokens.TokenContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		synctest.Wait()
		if _, err := tokens.TokenContext(t.Context()); err != nil || ended != 1 || calls != 2 {
			t.Errorf("%v, %d calls, %d ended", err, calls, ended)
		}
	})
}

func TestNoCredentials(t *testing.T) {
	t.Parallel()
	locked := errors.New("the keyring is locked")
	give := func(id, secret string, err error) func(context.Context) (string, string, error) {
		return func(context.Context) (string, string, error) { return id, secret, err }
	}
	broken := func(context.Context) (*oauth.Assertion, error) { return nil, locked }
	none := func(context.Context) (*oauth.Assertion, error) { return nil, nil }
	tests := []struct {
		name        string
		credentials func(context.Context) (string, string, error)
		assertion   func(context.Context) (*oauth.Assertion, error)
		want        string
	}{
		{"no id", give("", "secret", nil), nil, "no client id is set"},
		{"no secret", give("id", "", nil), nil, "no client secret is set: sign in first"},
		{"locked", give("", "", locked), nil, "the keyring is locked"},
		{"key locked", give("id", "", nil), broken, "the keyring is locked"},
		{"no key", give("id", "", nil), none, "no private key is set"},
	}
	for _, tt := range tests {
		b := serve(t, say(200, "{}"), func(o *oauth.Options) { o.Credentials, o.Assertion = tt.credentials, tt.assertion })
		_, err := b.Token()
		e := mustFail(t, err)
		if !errors.Is(err, api.ErrUnauthorized) || !e.NotSent() || !strings.Contains(e.Message, tt.want) || len(b.seen()) != 0 {
			t.Errorf("%s: %+v after %d calls", tt.name, e, len(b.seen()))
		}
		if strings.Contains(tt.name, "locked") && !errors.Is(err, locked) {
			t.Errorf("%s: the cause is lost", tt.name)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := oauth.Options{
		System: "Scalepoint", TokenURL: "https://accounts.example/token",
		Credentials: func(context.Context) (string, string, error) { return "", "", nil }, API: api.Options{Now: time.Now},
	}
	tests := map[string]func(*oauth.Options){
		"System, Credentials and API.Now are required": func(o *oauth.Options) { o.Credentials = nil },
		"is not encrypted":                      func(o *oauth.Options) { o.TokenURL = "http://accounts.example/token" },
		"not a URL":                             func(o *oauth.Options) { o.TokenURL = "accounts" },
		"must not contain a user":               func(o *oauth.Options) { o.TokenURL = "https://u:p@accounts.example/token" },
		"no style of sending the secret: it is": func(o *oauth.Options) { o.Style = "cookie" },
	}
	for want, change := range tests {
		o := good
		change(&o)
		if _, err := oauth.New(o); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "u:p") {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if tokens, err := oauth.New(good); err != nil || tokens.URL() != good.TokenURL {
		t.Error(err)
	}
}
