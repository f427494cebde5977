package lossexpress

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"claimdeck/api"
	"claimdeck/api/signin"
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
	cache       signin.Cache
}

var _ api.TokenSource = (*Tokens)(nil)

func newTokens(auth *api.Client, credentials func(context.Context) (string, string, error), now func() time.Time) *Tokens {
	t := &Tokens{api: auth, credentials: credentials}
	t.cache = signin.Cache{Now: now, Fetch: t.signIn, Undated: true}
	return t
}

// Token is TokenContext without a way to give up; the call has the transport's own time limits.
func (t *Tokens) Token() (*oauth2.Token, error) { return t.cache.Token() }

// TokenContext returns the token in use, or a new one. Callers that come while a call is under way share its result,
// errors included. Refused or missing credentials are api.ErrUnauthorized.
func (t *Tokens) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	return t.cache.TokenContext(ctx)
}

// Forget drops tok after a 401, if it is still the one in use.
func (t *Tokens) Forget(tok *oauth2.Token) { t.cache.Forget(tok) }

func (t *Tokens) signIn(ctx context.Context) (*oauth2.Token, error) {
	const what = "client id and secret"
	id, secret, err := signin.Read(ctx, System, what, t.credentials)
	switch {
	case err != nil:
		return nil, err
	case id == "" || secret == "":
		return nil, signin.Unset(System, what)
	}
	m, err := t.api.Do(ctx, tokenRequest(id, secret), nil)
	if refused, ok := signin.Refused(err, "client id or secret"); ok {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	now := t.cache.Now()
	tok, life, ok := parseToken(m, now)
	if !ok {
		return nil, signin.NoToken(System, m)
	}
	signin.Date(tok, now, life)
	return tok, nil
}

// tokenRequest is JSON, and not the form of RFC 6749, although the document calls it a standard OAuth 2.0 flow.
func tokenRequest(clientID, secret string) api.Request {
	return api.Request{
		Op: signin.Op, Method: http.MethodPost, Path: []string{"oauth", "token"},
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
		if d := signin.Lifetime(string(o[key])); d > 0 {
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
