// Package scalepoint submits cases of Scalepoint's ClaimShop Self-Service (remote document: Self-Service, Submit Case).
//
// The service answers with a code, and success is not what it seems: NO_LINES_TO_SUBMIT comes with success and is not
// submitted, CASE_ALREADY_SUBMITTED comes as an error and is what was wanted. So Submit says what became of the case,
// and gives no error only when the case is submitted.
package scalepoint

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"claimdeck/api"
	"claimdeck/api/oauth"
)

// System is the name the service goes by in errors.
const System = "Scalepoint"

// The documented addresses. Project servers have assigned ones.
const (
	ProductionURL      = "https://www.scalepoint.com/self-service"
	ProductionTokenURL = "https://accounts.scalepoint.com/connect/token"         //nolint:gosec // an address, and no token
	SandboxTokenURL    = "https://sandbox-accounts.scalepoint.com/connect/token" //nolint:gosec // as above; of everything but production
)

// Scope is what a token must allow for a case to be submitted.
const Scope = "self-service:submit"

// TokenURL returns where tokens for the service at base are given out: there is one place for production and one for
// everything else. An empty base is production.
func TokenURL(base string) string {
	u, err := url.Parse(base)
	if base == "" || err == nil && strings.EqualFold(u.Hostname(), "www.scalepoint.com") {
		return ProductionTokenURL
	}
	return SandboxTokenURL
}

// Options say where the service is and how to sign in.
type Options struct {
	BaseURL  string   // up to and with /self-service; empty: ProductionURL
	TokenURL string   // empty: that of BaseURL
	Scopes   []string // empty: Scope
	// Credentials returns the client id and the secret; with an Assertion the secret may be empty.
	Credentials func(ctx context.Context) (clientID, secret string, err error)
	// Assertion returns the key to sign in with (private_key_jwt, the documented way); nil: the secret.
	Assertion func(ctx context.Context) (*oauth.Assertion, error)
	Style     oauth.Style // of the secret; empty: oauth.Body, as the service's own libraries send it
	// API are the transport's options; Now is required. System, BaseURL, Tokens and Authorize are set by New.
	API api.Options
}

// Client calls Scalepoint. It is safe for concurrent use.
type Client struct {
	api    *api.Client
	tokens *oauth.Tokens
}

// New returns a client. It does not call the service.
func New(o Options) (*Client, error) {
	if o.BaseURL == "" {
		o.BaseURL = ProductionURL
	}
	if o.TokenURL == "" {
		o.TokenURL = TokenURL(o.BaseURL)
	}
	if len(o.Scopes) == 0 {
		o.Scopes = []string{Scope}
	}
	if o.Style == "" {
		o.Style = oauth.Body
	}
	tokens, err := oauth.New(oauth.Options{
		System: System, TokenURL: o.TokenURL, Scopes: o.Scopes, Credentials: o.Credentials, Assertion: o.Assertion,
		Style: o.Style, API: o.API,
	})
	if err != nil {
		return nil, err
	}
	settings := o.API
	settings.System, settings.BaseURL, settings.Tokens, settings.Authorize = System, o.BaseURL, tokens, nil
	c, err := api.New(settings)
	if err != nil {
		return nil, err
	}
	return &Client{api: c, tokens: tokens}, nil
}

// Close drops idle connections; the client stays usable.
func (c *Client) Close() { c.api.Close() }

// Base returns the address the client talks to.
func (c *Client) Base() string { return c.api.Base() }

// Tokens returns the client's token source: how a sign-in is tried out, and the clocks compared.
func (c *Client) Tokens() *oauth.Tokens { return c.tokens }

// Case names a case. The documents show one of each part: dk, abcinsurance and a GUID; other forms of a token exist.
type Case struct {
	Country string // two lower-case letters: "dk"
	Tenant  string // the insurance company: "abcinsurance"
	Token   string // letters, digits, dots, dashes and underscores: "d1a72df4-f7d5-402c-a495-cc31b8b39a59"
}

// SubmitRequest is what Submit sends.
func SubmitRequest(c Case) api.Request {
	return api.Request{
		Op: opSubmit, Method: http.MethodPost, MustAnswer: true, Invalid: c.fault(),
		Path: []string{c.Country, "api", c.Tenant, "case", c.Token, "submitted"},
	}
}

const opSubmit = "submit case"

var (
	countryForm = regexp.MustCompile(`^[a-z]{2}$`)
	tokenForm   = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
)

// fault says why c cannot be submitted; "" when it can.
func (c Case) fault() string {
	switch {
	case c.Country == "":
		return "the country is missing: it is two letters, such as dk"
	case !countryForm.MatchString(c.Country):
		return "the country must be two lower-case letters, such as dk"
	case c.Tenant == "":
		return "the tenant is missing: it is the name of the insurance company at Scalepoint"
	case strings.ContainsAny(c.Tenant, "/\\?#% \t\r\n"):
		return "the tenant must be a name as it stands in the address, such as abcinsurance"
	case c.Token == "":
		return "the case token is missing"
	case !tokenForm.MatchString(c.Token):
		return "the case token may have letters, digits, dots, dashes and underscores only: copy it alone, not the whole address"
	}
	return ""
}
