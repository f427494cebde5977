package lossexpress

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"claimdeck/api"
)

// Tokens signs in and keeps the token: an oauth2.TokenSource that many requests can ask at once for the price of one
// call. It implements api.TokenSource.
//
// The answer of POST /oauth/token is not documented, so it may be an object (access_token, accessToken or token, with
// expires_in or expiresIn) or a bare string, quoted or not. The lifetime is the one given, else the exp of a JWT, else
// unknown: then the token is kept until the service refuses it.
type Tokens struct {
	api         *api.Client
	credentials func(ctx context.Context) (clientID, secret string, err error)
	now         func() time.Time

	mu      sync.Mutex
	token   *oauth2.Token
	renewAt time.Time // zero: when it is refused
	flight  *flight   // the call under way, if any
}

// flight is one token call and those who wait for it.
type flight struct {
	done    chan struct{} // closed when token and err are set
	token   *oauth2.Token
	err     error
	waiting int // guarded by Tokens.mu; at zero the call is given up
	cancel  context.CancelFunc
}

var _ api.TokenSource = (*Tokens)(nil)

func newTokens(auth *api.Client, credentials func(context.Context) (string, string, error), now func() time.Time) *Tokens {
	return &Tokens{api: auth, credentials: credentials, now: now}
}

// Token is TokenContext without a way to give up; the call has the transport's own time limits.
func (t *Tokens) Token() (*oauth2.Token, error) { return t.TokenContext(context.Background()) }

// TokenContext returns the token in use, or a new one. Callers that come while a call is under way share its result,
// errors included. Refused or missing credentials are api.ErrUnauthorized.
func (t *Tokens) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	t.mu.Lock()
	if t.token != nil && (t.renewAt.IsZero() || t.now().Before(t.renewAt)) {
		defer t.mu.Unlock()
		return t.token, nil
	}
	if t.flight == nil {
		t.start(ctx)
	}
	f := t.flight
	f.waiting++
	t.mu.Unlock()

	defer t.leave(f)
	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Forget drops tok after a 401, if it is still the one in use. Tokens are told apart by identity, not by their text: a
// service may hand out the same text again, and that must not cost another call for every request that was refused.
func (t *Tokens) Forget(tok *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token == tok {
		t.token = nil
	}
}

// start begins a call that outlives the one who started it, as long as somebody waits. t.mu is held.
func (t *Tokens) start(ctx context.Context) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel}
	t.flight = f
	go func() {
		defer cancel()
		token, renewAt, err := t.signIn(ctx)
		t.mu.Lock()
		defer t.mu.Unlock()
		f.token, f.err = token, err
		close(f.done)
		if t.flight != f {
			return // given up by everybody
		}
		t.flight = nil
		if err == nil {
			t.token, t.renewAt = token, renewAt
		}
	}()
}

func (t *Tokens) leave(f *flight) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.cancel()
	if t.flight == f {
		t.flight = nil
	}
}

func (t *Tokens) signIn(ctx context.Context) (*oauth2.Token, time.Time, error) {
	if t.credentials == nil {
		return nil, time.Time{}, noCredentials("no client id and secret are set: sign in first", nil)
	}
	id, secret, err := t.credentials(ctx)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, time.Time{}, err
	case err != nil:
		return nil, time.Time{}, noCredentials(fmt.Sprintf("the client id and secret cannot be read: %v", err), err)
	case id == "" || secret == "":
		return nil, time.Time{}, noCredentials("no client id and secret are set: sign in first", nil)
	}
	m, err := t.api.Do(ctx, tokenRequest(id, secret), nil)
	if err != nil {
		return nil, time.Time{}, refusedCredentials(err)
	}
	tok, lifetime, ok := parseToken(m, t.now())
	if !ok {
		return nil, time.Time{}, &api.Error{
			System: System, Op: opSignIn, Status: m.Status, Sent: true,
			Kind: api.ErrBadResponse, Message: "the answer has no token in it: check the address",
		}
	}
	if lifetime <= 0 {
		return tok, time.Time{}, nil
	}
	tok.Expiry = t.now().Add(lifetime)
	return tok, tok.Expiry.Add(-min(30*time.Second, lifetime/10)), nil
}

const opSignIn = "sign in"

func noCredentials(message string, err error) *api.Error {
	return &api.Error{System: System, Op: opSignIn, Kind: api.ErrUnauthorized, Message: message, Err: err}
}

// refusedCredentials gives a refusal the words a person can act on; the service's own follow.
func refusedCredentials(err error) error {
	e, ok := api.AsError(err)
	if !ok {
		return err
	}
	switch e.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity:
		refused := *e
		refused.Kind = api.ErrUnauthorized
		refused.Message = fmt.Sprintf("client id or secret refused (%s)", e.Message)
		return &refused
	}
	return err
}

// tokenRequest is JSON, and not the form of RFC 6749, although the document calls it a standard OAuth 2.0 flow.
func tokenRequest(clientID, secret string) api.Request {
	return api.Request{
		Op: opSignIn, Method: http.MethodPost, Path: []string{"oauth", "token"},
		Body: struct {
			ClientID string `json:"clientId"`
			Secret   string `json:"secret"`
		}{clientID, secret},
		Repeatable: true, MustAnswer: true, Secrets: []string{secret},
	}
}

// parseToken reads the answer of the token call; a lifetime of 0 is not known.
func parseToken(m api.Meta, now time.Time) (*oauth2.Token, time.Duration, bool) {
	var text string
	o := object{}
	if json.Unmarshal(m.Body, &text) != nil && json.Unmarshal(m.Body, &o) != nil {
		return nil, 0, false
	}
	for _, key := range []string{"access_token", "accessToken", "token"} {
		if text == "" {
			_ = json.Unmarshal(o[key], &text) // of another shape: the next name may fit
		}
	}
	text = strings.TrimSpace(text)
	if scheme, rest, ok := strings.Cut(text, " "); ok && strings.EqualFold(scheme, "bearer") {
		text = strings.TrimSpace(rest)
	}
	// What is no object and no quoted string may be a bare token, but not the wreck of an object.
	if len(text) < 4 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"{}[]<>,;\`, r) }) {
		return nil, 0, false
	}
	tok := &oauth2.Token{AccessToken: text, TokenType: "Bearer"}
	for _, key := range []string{"expires_in", "expiresIn"} {
		if d := seconds(o[key]); d > 0 {
			tok.ExpiresIn = int64(d / time.Second)
			return tok, d, true
		}
	}
	if !m.ServerTime.IsZero() {
		now = m.ServerTime // exp is by the service's clock, not by this machine's
	}
	if exp := jwtExpiry(text); exp.After(now) {
		return tok, exp.Sub(now), true
	}
	return tok, 0, true
}

// seconds reads a number or a quoted number; 0 for anything else and for what no token lives.
func seconds(raw json.RawMessage) time.Duration {
	f, err := strconv.ParseFloat(strings.Trim(string(raw), `" `), 64)
	if err != nil || !(f > 0 && f < 10*365*24*3600) {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}

// jwtExpiry reads exp without verifying anything: it only says when to ask again. Zero when there is none.
func jwtExpiry(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Exp float64 `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil || !(claims.Exp > 0 && claims.Exp < 1<<40) {
		return time.Time{}
	}
	return time.Unix(int64(claims.Exp), 0)
}
