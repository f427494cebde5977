package lossexpress_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
)

func unverified(payload string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"HS999"}`)) + "." + enc([]byte(payload)) + ".c2ln"
}

func TestTokenShapes(t *testing.T) {
	t.Parallel()
	exp := unverified(fmt.Sprintf(`{"exp":%d}`, noon.Add(time.Hour).Unix()))
	tests := []struct {
		name, body string
		want       string // the token; empty: refused as unreadable
		lifetime   time.Duration
	}{
		{"snake", `{"access_token":"abcdef","token_type":"Bearer","expires_in":3600}`, "abcdef", time.Hour},
		{"camel", `{"accessToken":"abcdef","tokenType":"bearer","expiresIn":"120"}`, "abcdef", 2 * time.Minute},
		{"token", `{"token":"abcdef","expires_in":"59.5"}`, "abcdef", 59*time.Second + 500*time.Millisecond},
		{"no lifetime", `{"access_token":"abcdef"}`, "abcdef", 0},
		{"null lifetime", `{"access_token":"abcdef","expires_in":null}`, "abcdef", 0},
		{"zero lifetime", `{"access_token":"abcdef","expires_in":0}`, "abcdef", 0},
		{"negative lifetime", `{"access_token":"abcdef","expires_in":-1}`, "abcdef", 0},
		{"absurd lifetime", `{"access_token":"abcdef","expires_in":1e30}`, "abcdef", 0},
		{"lifetime that is no number", `{"access_token":"abcdef","expires_in":"NaN"}`, "abcdef", 0},
		{"bare string", `"abcdef"`, "abcdef", 0},
		{"unquoted", "abcdef\n", "abcdef", 0},
		{"with its scheme", `"Bearer abcdef"`, "abcdef", 0},
		{"JWT", `{"access_token":"` + exp + `"}`, exp, time.Hour},
		{"bare JWT", exp, exp, time.Hour},
		{"the given lifetime wins over the JWT", `{"access_token":"` + exp + `","expires_in":60}`, exp, time.Minute},
		{"JWT of the past", unverified(`{"exp":1}`), unverified(`{"exp":1}`), 0},
		{"JWT with a strange exp", unverified(`{"exp":"x"}`), unverified(`{"exp":"x"}`), 0},
		{"wrong shape first", `{"access_token":{"a":1},"token":"abcdef"}`, "abcdef", 0},
		{"trailing comma", `{"access_token":"abcdef",}`, "", 0},
		{"no token", `{"ok":true}`, "", 0},
		{"empty token", `{"access_token":""}`, "", 0},
		{"empty", ``, "", 0},
		{"number", `12345678`, "", 0},
		{"list", `["abcdef"]`, "", 0},
		{"header injection", `{"access_token":"abc\r\nX-Evil: 1"}`, "", 0},
		{"a sentence", `Please try again later.`, "", 0},
		{"web page", `<html>Sign in</html>`, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := serve(t, say(200, "{}"))
			s.signIn = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", noon.Format(http.TimeFormat))
				_, _ = io.WriteString(w, tt.body)
			}
			tok, err := c.Token(t.Context())
			if tt.want == "" {
				if !errors.Is(err, api.ErrBadResponse) || strings.Contains(fmt.Sprint(err), "Evil") {
					t.Fatalf("%v, %v", tok, err)
				}
				return
			}
			if err != nil || tok.AccessToken != tt.want || tok.TokenType != "Bearer" {
				t.Fatalf("%+v, %v", tok, err)
			}
			var want time.Time
			if tt.lifetime > 0 {
				want = noon.Add(tt.lifetime)
			}
			if !tok.Expiry.Equal(want) {
				t.Errorf("expires %v, want %v", tok.Expiry, want)
			}
			if got := s.signIns()[0]; got.Method != "POST" || got.Body != `{"clientId":"client-42","secret":"a-secret-of-the-test"}` ||
				got.Auth != "" || got.Type != "application/json" || got.URI != "/oauth/token" {
				t.Errorf("%+v", got)
			}
		})
	}
}

// The exp of a JWT is by the service's clock: one that is wrong here must not cost a call for every request.
func TestJWTWithAWrongClock(t *testing.T) {
	t.Parallel()
	c, s := serve(t, say(200, "{}"))
	s.signIn = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", noon.Add(-48*time.Hour).Format(http.TimeFormat))
		_, _ = io.WriteString(w, unverified(fmt.Sprintf(`{"exp":%d}`, noon.Add(-47*time.Hour).Unix())))
	}
	tok, err := c.Token(t.Context())
	if err != nil || !tok.Expiry.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v %v", tok, err)
	}
}

func TestTokenIsRenewedInTime(t *testing.T) {
	t.Parallel()
	for lifetime, leeway := range map[time.Duration]time.Duration{time.Hour: 30 * time.Second, 5 * time.Second: 500 * time.Millisecond} {
		var mu sync.Mutex
		now := noon
		at := func(d time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			now = noon.Add(d)
		}
		c, s := serve(t, say(200, `{"claim":{}}`), func(o *lossexpress.Options) {
			o.API.Now = func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				return now
			}
		})
		s.signIn = say(200, fmt.Sprintf(`{"access_token":"abcdef","expires_in":%d}`, int(lifetime.Seconds())))
		for i, step := range []struct {
			at   time.Duration
			want int
		}{{0, 1}, {lifetime - leeway - time.Millisecond, 1}, {lifetime - leeway, 2}, {lifetime, 2}} {
			at(step.at)
			if _, _, err := c.Claim(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			if n := len(s.signIns()); n != step.want {
				t.Errorf("lifetime %v, step %d: %d token calls, want %d", lifetime, i, n, step.want)
			}
		}
	}
}

func TestOneTokenCallForMany(t *testing.T) {
	t.Parallel()
	const many = 50
	var n atomic.Int32
	var waiting sync.WaitGroup
	waiting.Add(many)
	c, s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		// The first token is refused only when all have used it, so that all are refused together.
		if r.Header.Get("Authorization") == "Bearer token-1" {
			waiting.Done()
			waiting.Wait()
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"claim":{}}`)
	}, func(o *lossexpress.Options) { o.API.Concurrency = many })
	s.signIn = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `"token-%d"`, n.Add(1))
	}
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			if _, _, err := c.Claim(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n.Load() != 2 || len(s.seen()) != 2*many {
		t.Errorf("%d token calls and %d requests, want one before and one after the refusal, and %d", n.Load(), len(s.seen()), 2*many)
	}
}

// A service that hands out the same text again must not be asked once per refused request.
func TestSameTokenTextAgain(t *testing.T) {
	t.Parallel()
	const many = 20
	var waiting sync.WaitGroup
	waiting.Add(many)
	var calls atomic.Int32
	c, s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) <= many {
			waiting.Done()
			waiting.Wait()
		}
		w.WriteHeader(http.StatusUnauthorized)
	}, func(o *lossexpress.Options) { o.API.Concurrency = many })
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			if _, _, err := c.Claim(t.Context(), id); !errors.Is(err, api.ErrUnauthorized) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(s.signIns()); n != 2 || calls.Load() != 2*many {
		t.Errorf("%d token calls, %d requests", n, calls.Load())
	}
}

func TestCredentialsRefused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403} {
		c, s := serve(t, say(200, "{}"))
		s.signIn = say(status, `{"message":"bad a-secret-of-the-test for client"}`)
		_, err := c.CancelPayoff(t.Context(), id)
		e := mustFail(t, err)
		if !errors.Is(err, api.ErrUnauthorized) || !e.NotSent() || e.Status != status ||
			!strings.Contains(e.Message, "client id or secret refused (bad (hidden) for client)") {
			t.Errorf("%+v", e)
		}
		if len(s.signIns()) != 1 || len(s.seen()) != 0 || strings.Contains(fmt.Sprintf("%+v %v", e, e.Err), "a-secret") {
			t.Errorf("%d token calls, %d others, %+v", len(s.signIns()), len(s.seen()), e)
		}
	}
	c, s := serve(t, say(200, "{}"))
	s.signIn = say(503, "")
	if _, err := c.CancelPayoff(t.Context(), id); !errors.Is(err, api.ErrUnavailable) || !mustFail(t, err).NotSent() {
		t.Errorf("a service that is down refuses nobody: %v", err)
	}
	if n := len(s.signIns()); n != 4 {
		t.Errorf("the token call is harmless and worth %d tries, want 4", n)
	}
	s.signIn = say(404, "")
	if _, err := c.Token(t.Context()); !errors.Is(err, api.ErrNotFound) {
		t.Errorf("a wrong address is not a wrong secret: %v", err)
	}
}

func TestNoCredentials(t *testing.T) {
	t.Parallel()
	locked := errors.New("the keyring is locked")
	tests := []struct {
		name        string
		credentials func(context.Context) (string, string, error)
		want        string
	}{
		{"none", nil, "no client id and secret are set: sign in first"},
		{"empty", func(context.Context) (string, string, error) { return "id", "", nil }, "no client id and secret are set: sign in first"},
		{"locked", func(context.Context) (string, string, error) { return "", "", locked }, "the keyring is locked"},
	}
	for _, tt := range tests {
		c, s := serve(t, say(200, "{}"), func(o *lossexpress.Options) { o.Credentials = tt.credentials })
		_, err := c.CancelPayoff(t.Context(), id)
		if e := mustFail(t, err); !errors.Is(err, api.ErrUnauthorized) || !strings.Contains(e.Message, tt.want) || !e.NotSent() {
			t.Errorf("%s: %+v", tt.name, e)
		}
		if tt.name == "locked" && !errors.Is(err, locked) {
			t.Errorf("the cause is lost: %v", err)
		}
		if len(s.signIns()) != 0 {
			t.Errorf("%s: something was sent", tt.name)
		}
	}
}

// carrier is a RoundTripper without a network.
type carrier func(*http.Request) (*http.Response, error)

func (f carrier) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Who gives up waiting does not take the token from those who go on waiting.
func TestGivingUpOnAToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answer := make(chan struct{})
		calls := 0
		c, err := lossexpress.New(lossexpress.Options{
			Credentials: func(context.Context) (string, string, error) { return "id", "secret", nil },
			API: api.Options{Now: time.Now, Transport: carrier(func(r *http.Request) (*http.Response, error) {
				calls++
				select {
				case <-answer:
					return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`"abcdef"`))}, nil
				case <-r.Context().Done():
					return nil, r.Context().Err()
				}
			})},
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, giveUp := context.WithCancel(t.Context())
		gone, stays := make(chan error, 1), make(chan error, 1)
		go func() {
			_, err := c.Token(ctx)
			gone <- err
		}()
		synctest.Wait()
		go func() {
			_, err := c.Tokens().Token()
			stays <- err
		}()
		synctest.Wait()
		giveUp()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("gone: %v", err)
		}
		synctest.Wait()
		close(answer)
		if err := <-stays; err != nil || calls != 1 {
			t.Errorf("stays: %v after %d calls", err, calls)
		}
	})
}

// When nobody waits any more, the call itself ends.
func TestAbandonedTokenCallEnds(t *testing.T) {
	t.Parallel()
	ctx, giveUp := context.WithCancel(t.Context())
	ended := make(chan struct{})
	c, s := serve(t, say(200, "{}"))
	s.signIn = func(_ http.ResponseWriter, r *http.Request) {
		giveUp()
		<-r.Context().Done()
		close(ended)
	}
	if _, err := c.Token(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the call goes on for nobody")
	}
}

func TestTokensIsAnOAuth2Source(t *testing.T) {
	t.Parallel()
	c, s := serve(t, say(200, "{}"))
	var source oauth2.TokenSource = c.Tokens()
	tok, err := source.Token()
	if err != nil || !tok.Valid() {
		t.Fatalf("%+v %v", tok, err)
	}
	c.Tokens().Forget(&oauth2.Token{AccessToken: tok.AccessToken}) // another token
	if again, _ := source.Token(); again != tok || len(s.signIns()) != 1 {
		t.Error("the token in use was forgotten for another")
	}
	c.Tokens().Forget(tok)
	if again, _ := source.Token(); again == tok || len(s.signIns()) != 2 {
		t.Error("a forgotten token came back")
	}
}
