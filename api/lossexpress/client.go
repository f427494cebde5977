// Package lossexpress is the LossExpress API, one method a route: activities, claims, documents, orders, payoffs,
// letters of guarantee, settlement counters, messages and webhooks.
//
// Every write has a builder beside its method (CreateOrders and CreateOrdersRequest): the builder returns exactly what
// the method sends, so that a person can see it first. Answers are decoded tolerantly, because the documents disagree
// with themselves: unknown keys and values are kept, numbers may be quoted, parts may be missing. All decoded strings
// are safe to print; what is called Raw or Meta.Body is exactly what the service sent.
//
// Errors are *api.Error. Any route may answer 401 (the token is renewed and the call repeated once), 403 "This claim is
// not available during testing.", 404, 405, 406, 500 and 503; the methods name what is special to them.
package lossexpress

import (
	"context"
	"net/http"
	"sync/atomic"

	"golang.org/x/oauth2"

	"claimdeck/api"
)

// System is the name the service goes by in errors.
const System = "LossExpress"

// ProductionURL is the service's only documented address. New credentials are in a testing phase there.
const ProductionURL = "https://xapi.lossexpress.com"

// defaultMaxDocument bounds a document download.
const defaultMaxDocument = 64 << 20

// Options say where the service is and how to sign in.
type Options struct {
	BaseURL string // empty: ProductionURL
	// Credentials returns the client id and the secret; it is asked for every new token, so that they need not be
	// kept in memory.
	Credentials func(ctx context.Context) (clientID, secret string, err error)
	// API are the transport's options; Now is required. System, BaseURL and Tokens are set by New.
	API         api.Options
	MaxDocument int64         // bytes of a downloaded document; 0: 64 MiB
	Webhooks    WebhookFamily // where the webhook routes are; empty: found out
}

// Client calls LossExpress. It is safe for concurrent use.
type Client struct {
	api         *api.Client
	auth        *api.Client // for the token call: it carries no token itself
	tokens      *Tokens
	maxDocument int64
	webhooks    WebhookFamily
	webhooksAt  atomic.Pointer[WebhookFamily] // what answered last
}

// New returns a client. It does not call the service.
func New(o Options) (*Client, error) {
	if o.BaseURL == "" {
		o.BaseURL = ProductionURL
	}
	if o.MaxDocument == 0 {
		o.MaxDocument = defaultMaxDocument
	}
	settings := o.API
	settings.System, settings.BaseURL, settings.Tokens = System, o.BaseURL, nil
	auth, err := api.New(settings)
	if err != nil {
		return nil, err
	}
	tokens := newTokens(auth, o.Credentials, settings.Now)
	settings.Tokens = tokens
	main, err := api.New(settings)
	if err != nil {
		return nil, err
	}
	return &Client{api: main, auth: auth, tokens: tokens, maxDocument: o.MaxDocument, webhooks: o.Webhooks}, nil
}

// Close drops idle connections; the client stays usable.
func (c *Client) Close() {
	c.api.Close()
	c.auth.Close()
}

// Base returns the address the client talks to.
func (c *Client) Base() string { return c.api.Base() }

// Token returns the bearer token, signing in if there is none: POST /oauth/token with {clientId, secret}. It is how a
// sign-in is tried out. Refused credentials are api.ErrUnauthorized, "client id or secret refused".
//
// The answer's shape and the token's lifetime are not documented; see Tokens (remote document: Authentication).
func (c *Client) Token(ctx context.Context) (*oauth2.Token, error) { return c.tokens.TokenContext(ctx) }

// Tokens returns the client's token source.
func (c *Client) Tokens() *Tokens { return c.tokens }

// forClaim starts a request about one claim.
func forClaim(op, method, claimID string, path ...string) api.Request {
	r := api.Request{Op: op, Method: method, Path: path}
	if claimID == "" {
		r.Invalid = "the claim id is missing"
	}
	return r
}

// invalid adds why r must not be sent, if why is true and nothing else was found before.
func invalid(r api.Request, why bool, words string) api.Request {
	if why && r.Invalid == "" {
		r.Invalid = words
	}
	return r
}

// Ack is the answer to a write that returns little: {claimId, success}, or nothing at all.
type Ack struct {
	ClaimID string
	api.Meta
}

// acknowledge sends a write and keeps its answer.
func (c *Client) acknowledge(ctx context.Context, r api.Request) (Ack, error) {
	var a answer
	m, err := c.api.Do(ctx, r, &a)
	if err != nil {
		return Ack{}, err
	}
	return Ack{ClaimID: take(a.object, "claimId", asString), Meta: m}, nil
}

// accept sends a write whose answer is not documented: anything but an explicit success: false is good.
func (c *Client) accept(ctx context.Context, r api.Request) (api.Meta, error) {
	m, err := c.api.Do(ctx, r, nil)
	if err != nil || m.Body == nil {
		return m, err
	}
	var a answer
	if err := a.UnmarshalJSON(m.Body); err != nil {
		return api.Meta{}, m.Bad(System, r.Op, err.Error(), err)
	}
	return m, nil
}

// TriggerActivity makes the service do, on a claim in the testing phase, what its specialists would do:
// POST /activities/trigger-activity/{claimId}?activityType=T, without a body. T is one of TriggerTypes. The answer is
// not documented. 400 for another type (remote document: Trigger Activities).
func (c *Client) TriggerActivity(ctx context.Context, claimID, activityType string) (api.Meta, error) {
	return c.accept(ctx, TriggerActivityRequest(claimID, activityType))
}

// TriggerActivityRequest is what TriggerActivity sends.
func TriggerActivityRequest(claimID, activityType string) api.Request {
	r := forClaim("trigger activity", http.MethodPost, claimID, "activities", "trigger-activity", claimID)
	r.Query = api.Values(map[string]string{"activityType": activityType})
	return invalid(r, activityType == "", "the activity type is missing")
}

// TriggerTypes returns the nine types that TriggerActivity takes.
func TriggerTypes() []string {
	return []string{
		"direct-message-added", "document-sent-to-lender", "letter-of-guarantee-added", "payoff-data-added",
		"claim-updated", "call-made", "document-added", "settlement-counter-added", "payoff-request-cancelled",
	}
}

// SendMessage sends a direct message to the claim specialists: POST /claims/{claimId}/direct-messages with {message}.
// It answers {claimId, message}. 400 for an empty message (remote document: Create Direct Message).
func (c *Client) SendMessage(ctx context.Context, claimID, message string) (Ack, error) {
	return c.acknowledge(ctx, SendMessageRequest(claimID, message))
}

// SendMessageRequest is what SendMessage sends.
func SendMessageRequest(claimID, message string) api.Request {
	r := forClaim("send message", http.MethodPost, claimID, "claims", claimID, "direct-messages")
	r.Body = struct {
		Message string `json:"message"`
	}{message}
	return invalid(r, message == "", "the message is empty")
}
