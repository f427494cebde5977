// Package inscipher is the import of surplus lines transactions at InsCipher: a JSON array of transactions goes in, and
// every one of them is accepted or refused by itself, at once or, where the service queues, when its results are asked for.
//
// What the document leaves open is an option: the address, the paths, and where the API key stands. Answers are decoded
// tolerantly: numbers may be quoted, ids may be numbers, warnings may be an object or a list, unknown codes and states
// are kept. All decoded strings are safe to print, except Row.Key; Meta.Body is exactly what the service sent.
//
// Errors are *api.Error. An API key is in no error, log or preview, wherever it travels. A 401 asks for the key (or for
// a token) once more and repeats the call once; besides that an import is sent at most once, whatever happens.
package inscipher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"claimdeck/api"
	"claimdeck/api/signin"
)

// System is the name the service goes by in errors.
const System = "InsCipher"

// The addresses that the service's public pages name. The document of the import names none.
const (
	ProductionURL = "https://surpluslines.inscipher.com"
	SandboxURL    = "https://sandbox.inscipher.com"
)

// Auth is how a call says who it is from.
type Auth string

// The ways to sign in.
const (
	AuthHeader Auth = "header" // the API key in a header
	AuthQuery  Auth = "query"  // the API key in the query, as older routes want it; proxies and services log queries
	AuthOAuth  Auth = "oauth"  // a bearer token for a user name and a password
)

// What an empty Options field means.
const (
	defaultPath        = "/api/transactions" // not documented: an assumption
	defaultResultsPath = "/api/v4/transaction-import-results.json"
	defaultSignInPath  = "/api/oauth2/token"
	defaultHeader      = "apiKey"
	defaultQuery       = "apikey"
	// defaultMaxBody lets the results of some 100,000 transactions through.
	defaultMaxBody = 64 << 20
)

// Options say where the service is and how to sign in. Only BaseURL, Credentials and API.Now are required.
type Options struct {
	BaseURL     string
	Path        string // of the import; empty: /api/transactions
	ResultsPath string // of the results of a batch; empty: /api/v4/transaction-import-results.json
	TokenPath   string // of the sign-in, with AuthOAuth; empty: /api/oauth2/token

	Auth    Auth   // empty: AuthHeader
	KeyName string // of the header or the query parameter; empty: apiKey or apikey
	// Credentials returns the user name and the password with AuthOAuth, otherwise anything and the API key. It is
	// asked when the first call needs it, and again after a 401.
	Credentials func(ctx context.Context) (id, secret string, err error)

	// API are the transport's options; Now is required. System, BaseURL, Tokens and Authorize are set by New. MaxBody
	// is 64 MiB when it is 0.
	API api.Options
}

// Client calls InsCipher. It is safe for concurrent use.
type Client struct {
	api     *api.Client
	auth    *api.Client // for the sign-in: it carries no token itself
	how     Auth
	path    []string
	results []string
}

// New returns a client. It does not call the service and does not ask for the credentials.
func New(o Options) (*Client, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &Client{how: o.Auth}
	var tokenPath []string
	for _, p := range []struct {
		to   *[]string
		name string
		path string
	}{{&c.path, "path", o.Path}, {&c.results, "results_path", o.ResultsPath}, {&tokenPath, "token path", o.TokenPath}} {
		if *p.to, err = segments(p.path); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", System, p.name, err)
		}
	}
	settings := o.API
	settings.System, settings.BaseURL, settings.Tokens, settings.Authorize = System, o.BaseURL, nil, nil
	if c.auth, err = api.New(settings); err != nil {
		return nil, err
	}
	fetch := key(o.Credentials)
	if o.Auth == AuthOAuth {
		fetch = (&signIn{api: c.auth, path: tokenPath, credentials: o.Credentials, now: settings.Now}).fetch
	}
	settings.Tokens = &signin.Cache{Now: settings.Now, Fetch: fetch, Undated: true}
	settings.Authorize = authorize(o.Auth, o.KeyName)
	if c.api, err = api.New(settings); err != nil {
		return nil, err
	}
	return c, nil
}

func (o Options) withDefaults() (Options, error) {
	set := func(s *string, fallback string) {
		if *s == "" {
			*s = fallback
		}
	}
	set(&o.Path, defaultPath)
	set(&o.ResultsPath, defaultResultsPath)
	set(&o.TokenPath, defaultSignInPath)
	if o.API.MaxBody == 0 {
		o.API.MaxBody = defaultMaxBody
	}
	switch o.Auth {
	case "", AuthHeader:
		o.Auth = AuthHeader
		set(&o.KeyName, defaultHeader)
		if !headerName(o.KeyName) {
			return o, fmt.Errorf("%s: key: %q cannot be the name of a header", System, o.KeyName)
		}
	case AuthQuery:
		set(&o.KeyName, defaultQuery)
	case AuthOAuth:
	default:
		return o, fmt.Errorf("%s: auth: %q is unknown: header, query or oauth", System, o.Auth)
	}
	return o, nil
}

// segments takes a path apart, and refuses one that would not arrive as it is written.
func segments(path string) ([]string, error) {
	if strings.ContainsAny(path, "?#\\") || strings.Contains(path, "://") {
		return nil, fmt.Errorf("%q is not a path: it should look like /api/transactions", path)
	}
	path, err := url.PathUnescape(strings.Trim(path, "/"))
	if err != nil {
		return nil, fmt.Errorf("%q is not a path: its %% signs do not fit", path)
	}
	parts := strings.Split(path, "/")
	for _, part := range parts {
		switch strings.TrimSpace(part) {
		case "", ".", "..":
			return nil, errors.New("a part of it is empty, or only dots: it should look like /api/transactions")
		}
	}
	return parts, nil
}

// headerName reports whether s is a token of RFC 9110.
func headerName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// Close drops idle connections; the client stays usable.
func (c *Client) Close() {
	c.api.Close()
	c.auth.Close()
}

// Base returns the address the client talks to.
func (c *Client) Base() string { return c.api.Base() }

// Submit imports transactions: a POST of the JSON array of rows to Options.Path. Of every row each token travels byte for
// byte as it was given; only white space between tokens is left out. It answers
//
//	{batch_id, transactions: [{id, policy_number, status, status_message}]}
//
// at once, or {batch_id, status: "queued"}, in several wordings, where the service takes its time: then Batch.Queued is
// true and Results tells the rest (remote document: transaction import, Response format).
//
// A success does not mean that a row was accepted: every row has its own status, in any order; a row may be missing,
// and one may be there that was not sent. Match them by Row.Key. An answer without rows and without a batch id, or
// one that says in words that it failed, is api.ErrBadResponse; like every outcome that is Uncertain it leaves open what
// became of the rows. The service refuses an id that it has accepted before (StatusDuplicate), which is how an
// unknown outcome can be settled.
func (c *Client) Submit(ctx context.Context, rows []json.RawMessage) (Batch, error) {
	return c.batch(ctx, c.SubmitRequest(rows), "")
}

// SubmitRequest is what Submit sends.
func (c *Client) SubmitRequest(rows []json.RawMessage) api.Request {
	r := api.Request{Op: "import transactions", Method: http.MethodPost, Path: c.path, Body: rows, MustAnswer: true}
	if len(rows) == 0 {
		r.Invalid = "there is no transaction to send"
	}
	for i, row := range rows {
		if !isObject(row) || !json.Valid(row) {
			r.Invalid = fmt.Sprintf("transaction %d of %d is not a JSON object", i+1, len(rows))
			break
		}
	}
	return r
}

// Results asks what became of a batch: GET Options.ResultsPath with batch_id. It answers {batch_id, status: "processed",
// transactions: [...]}, whose rows may have a transaction_id and warnings {field: text}; or a status that means not yet:
// Batch.Queued. It may take from a second to half an hour (public page: Batch Import Status).
//
// A batch that the service does not know is api.ErrNotFound; one that it gave up is ErrBatchFailed.
func (c *Client) Results(ctx context.Context, batchID string) (Batch, error) {
	return c.batch(ctx, c.ResultsRequest(batchID), batchID)
}

// ResultsRequest is what Results sends.
func (c *Client) ResultsRequest(batchID string) api.Request {
	r := api.Request{
		Op: "read import results", Method: http.MethodGet, Path: c.results,
		Query: url.Values{"batch_id": {batchID}}, MustAnswer: true,
	}
	if strings.TrimSpace(batchID) == "" {
		r.Invalid = "the batch id is missing"
	}
	return r
}

// batch makes a call that is answered with a batch. asked is the batch that the call is about; empty: a new one.
func (c *Client) batch(ctx context.Context, r api.Request, asked string) (Batch, error) {
	var a answer
	m, err := c.api.Do(ctx, r, &a)
	if err != nil {
		return Batch{}, err
	}
	b, failure := a.judge(m, asked)
	if failure != nil {
		return Batch{}, failure.of(m, r.Op)
	}
	return b, nil
}
