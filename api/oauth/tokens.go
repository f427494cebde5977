// Package oauth gets the tokens of the side systems: standard OAuth 2.0 client credentials (RFC 6749, section 4.4), with a
// client secret or with an assertion that a private key signs (private_key_jwt: RFC 7523, section 2.2).
//
// What is sent is a secret: it goes to the token address and follows no redirect, and neither it nor the token is in an
// error or a log. Errors are *api.Error, and say which setting to look at.
package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/oauth2"

	"claimdeck/api"
	"claimdeck/api/signin"
)

// Style is where the client id and the secret stand in the token request.
type Style string

// The styles. An assertion always stands in the body.
const (
	Auto   Style = "auto"   // in the header as RFC 6749 prefers; where that is refused, in the body
	Header Style = "header" // HTTP Basic
	Body   Style = "body"   // client_id and client_secret in the form
)

// Options say where tokens come from. System, TokenURL, Credentials and API.Now are required.
type Options struct {
	System   string   // the name a specialist knows it by: "Scalepoint"
	TokenURL string   // https, or http to this machine
	Scopes   []string // none: what the service gives without asking
	// Credentials returns the client id and the secret; it is asked for every new token, so that they need not be kept
	// in memory. With an Assertion the secret is not used and may be empty.
	Credentials func(ctx context.Context) (clientID, secret string, err error)
	// Assertion returns the key that signs instead of a secret; it too is asked for every new token. nil: a secret.
	Assertion func(ctx context.Context) (*Assertion, error)
	Audience  string // whom the assertion is for; empty: TokenURL
	Style     Style  // empty: Auto
	// API are the transport's options; System, BaseURL, Tokens and Authorize are not used. Retries and waits are as for
	// a read: a token call is harmless to repeat.
	API api.Options
}

// Tokens signs in and keeps the token: an oauth2.TokenSource that many requests can ask at once for the price of one
// call. It is kept until shortly before the end of its expires_in. Where the service does not say how long a token
// lives, everybody who waits for it shares it and the next one who asks gets a new one: a token of unknown age may be
// refused in ways that do not look like it (remote document: Scalepoint, Authentication).
type Tokens struct {
	o     Options
	host  string
	http  *http.Client
	cache signin.Cache
	style atomic.Value // the Style that was accepted last
}

var _ api.TokenSource = (*Tokens)(nil)

// New returns a token source. It calls nobody. It refuses an address to which a secret must not go, in words that can be
// shown.
func New(o Options) (*Tokens, error) {
	if o.System == "" || o.Credentials == nil || o.API.Now == nil {
		return nil, errors.New("oauth: System, Credentials and API.Now are required")
	}
	o.TokenURL = strings.TrimSpace(o.TokenURL)
	if err := api.CheckAddress(o.System+" sign-in", o.TokenURL); err != nil {
		return nil, err
	}
	u, err := url.Parse(o.TokenURL)
	if err != nil {
		return nil, fmt.Errorf("%s sign-in: the address is not a URL: %w", o.System, err)
	}
	o.Style = cmp.Or(o.Style, Auto)
	if !slices.Contains([]Style{Auto, Header, Body}, o.Style) {
		return nil, fmt.Errorf("%s sign-in: %q is no style of sending the secret: it is auto, header or body", o.System, o.Style)
	}
	o.Audience = cmp.Or(o.Audience, o.TokenURL)
	o.API = o.API.WithDefaults()
	t := &Tokens{o: o, host: u.Host, http: api.TokenClient(o.API.Transport, o.API.Timeout)}
	t.cache = signin.Cache{Now: o.API.Now, Fetch: t.signIn}
	return t, nil
}

// URL returns the address that tokens come from.
func (t *Tokens) URL() string { return t.o.TokenURL }

// Token is TokenContext without a way to give up; the call has the transport's own time limits.
func (t *Tokens) Token() (*oauth2.Token, error) { return t.cache.Token() }

// TokenContext returns the token in use, or a new one. Callers that come while a call is under way share its result,
// errors included. Missing or refused credentials are api.ErrUnauthorized; a scope or a client that is not let in is
// api.ErrForbidden; a wrong address is api.ErrNotFound or api.ErrUnsupported.
func (t *Tokens) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	return t.cache.TokenContext(ctx)
}

// Forget drops tok after a 401, if it is still the one in use.
func (t *Tokens) Forget(tok *oauth2.Token) { t.cache.Forget(tok) }
