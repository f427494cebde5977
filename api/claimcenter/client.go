// Package claimcenter reads the reserves of a claim from the Guidewire ClaimCenter Cloud API: reserve sets, reserves
// with their line items, and the claim id that belongs to a claim number. It reads only: the one POST is a search.
//
// Answers are decoded tolerantly: unknown keys are ignored (Raw keeps them), unknown codes are kept, absent and null
// parts are fine, and a part of another shape counts as absent. Only what would falsify a sum is an error: a list
// that is none, or a next page that cannot be read. All decoded strings are safe to print.
//
// Errors are *api.Error. Any route may answer 400 (BadInputException), 401 (RestAuthenticationException; a token is
// renewed and the call repeated once), 403 (NotAuthorizedException), 404 (missing, archived, or no permission: the
// service does not say which), 429, 500 and 503. The methods name what is special to them.
package claimcenter

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"claimdeck/api"
)

// System is the name the service goes by in errors.
const System = "ClaimCenter"

// The service's own limit of pageSize, and ours for the pages of one list.
const (
	maxPageSize     = 100
	defaultMaxPages = 200
)

// apiRoot is where the claim API is below the address of the application.
const apiRoot = "rest/claim/v1"

// Options say where the service is and how to sign in.
type Options struct {
	// BaseURL is the address of the customer's application, such as https://cc.example.com/cc; the API is below its
	// rest/claim/v1. An address that already ends so is taken too. There is no default.
	BaseURL string
	// Tokens give out bearer tokens (OAuth 2.0 client credentials). nil: Basic, with Credentials.
	Tokens api.TokenSource
	// Credentials returns a user name and a password for Basic, which the service offers for development only. It is
	// asked for every request.
	Credentials func(ctx context.Context) (id, secret string, err error)
	// API are the transport's options; Now is required. System, BaseURL and Tokens are set by New.
	API      api.Options
	PageSize int // rows of a page; 0: 100, which is also the most
	MaxPages int // pages of one list before it is cut with an error; 0: 200
}

// Client calls ClaimCenter. It is safe for concurrent use.
type Client struct {
	api      *api.Client
	basic    bool
	pageSize int
	maxPages int
}

// New returns a client. It does not call the service.
func New(o Options) (*Client, error) {
	if strings.TrimSpace(o.BaseURL) == "" {
		return nil, errors.New("ClaimCenter: no address is set: it is your company's own, such as https://HOST/cc")
	}
	settings := o.API
	settings.System, settings.BaseURL, settings.Tokens = System, application(o.BaseURL), o.Tokens
	if o.Tokens == nil {
		settings.Tokens, settings.Authorize = &basic{credentials: o.Credentials, now: settings.Now}, basicHeader
	}
	main, err := api.New(settings)
	if err != nil {
		return nil, err
	}
	c := &Client{api: main, basic: o.Tokens == nil, pageSize: maxPageSize, maxPages: defaultMaxPages}
	if o.PageSize > 0 {
		c.pageSize = min(o.PageSize, maxPageSize)
	}
	if o.MaxPages > 0 {
		c.maxPages = o.MaxPages
	}
	return c, nil
}

// application takes the API's own path off an address that was copied with it.
func application(address string) string {
	address = strings.TrimRight(strings.TrimSpace(address), "/")
	address = strings.TrimSuffix(address, "/claim/v1")
	return strings.TrimSuffix(address, "/rest")
}

// Close drops idle connections; the client stays usable.
func (c *Client) Close() { c.api.Close() }

// Base returns the address of the application, without rest/claim/v1.
func (c *Client) Base() string { return c.api.Base() }

// Check finds out whether the service can be reached and lets the account in: GET /claims, one row, ids only. It
// returns the service's clock in Meta.ServerTime.
func (c *Client) Check(ctx context.Context) (api.Meta, error) {
	r := read("check the connection", "claims")
	r.Query = api.Values(map[string]string{"pageSize": "1", "fields": "id"})
	var list page
	return c.do(ctx, r, "the list of claims", &list)
}

// read starts a GET below the API's root.
func read(op string, path ...string) api.Request {
	return api.Request{Op: op, Method: http.MethodGet, Path: append(strings.Split(apiRoot, "/"), path...)}
}

// ofClaim starts a GET of something of a claim.
func ofClaim(op, claimID string, path ...string) api.Request {
	r := read(op, append([]string{"claims", claimID}, path...)...)
	if strings.TrimSpace(claimID) == "" {
		r.Invalid = "the ClaimCenter id of the claim is missing: link the claim first"
	}
	return r
}

// do sends a read. what names the thing in errors.
func (c *Client) do(ctx context.Context, r api.Request, what string, out any) (api.Meta, error) {
	m, err := c.api.Do(ctx, r, out)
	if err != nil {
		return m, c.explain(err, what)
	}
	return m, nil
}

// paged adds the page size and the wished fields to a list's request.
func (c *Client) paged(r api.Request, fields string) api.Request {
	r.Query = url.Values{"pageSize": {strconv.Itoa(c.pageSize)}}
	if fields != "" {
		r.Query.Set("fields", fields)
	}
	return r
}
