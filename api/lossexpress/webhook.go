package lossexpress

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"claimdeck/api"
)

// WebhookFamily is where the webhook routes are: the documents moved them.
type WebhookFamily string

// The families of webhook routes.
const (
	WebhookAuto       WebhookFamily = ""           // try the newer, then the older
	WebhookActivities WebhookFamily = "activities" // vendor document since April 2022
	WebhookCarriers   WebhookFamily = "carriers"   // before
)

// Secret is a value that must not be printed by accident.
type Secret string

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// String hides the value.
func (s Secret) String() string { return "(hidden)" }

// GoString hides the value.
func (s Secret) GoString() string { return "(hidden)" }

// LogValue hides the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue("(hidden)") }

// MarshalJSON hides the value.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"(hidden)"`), nil }

// Registration is the answer to RegisterWebhook.
type Registration struct {
	Success    bool // the endpoint answered 200 to the test activity
	StatusCode int  // what the endpoint answered
	api.Meta
}

// RegisterWebhook makes the service post every activity to endpoint: POST /activities/webhook, or /carriers/webhook where
// that is not known, with {endpoint, types?}. The service first posts a test activity and wants a 200; if it gets none,
// Success is false and that is no error. Every registration makes a new key: old signatures die. Types are in the vendor
// document only; empty means all (remote document: Register Webhook).
func (c *Client) RegisterWebhook(ctx context.Context, endpoint string, types ...string) (Registration, error) {
	var a registrationAnswer
	m, err := c.onWebhooks(ctx, func(f WebhookFamily) api.Request { return RegisterWebhookRequest(f, endpoint, types...) }, &a)
	if err != nil {
		return Registration{}, err
	}
	return Registration{Success: a.success, StatusCode: a.statusCode, Meta: m}, nil
}

// RegisterWebhookRequest is what RegisterWebhook sends.
func RegisterWebhookRequest(f WebhookFamily, endpoint string, types ...string) api.Request {
	body := struct {
		Endpoint string `json:"endpoint"`
		Types    any    `json:"types,omitempty"`
	}{Endpoint: endpoint}
	switch {
	case len(types) == 1 && types[0] == "all":
		body.Types = "all"
	case len(types) > 0:
		body.Types = types
	}
	r := api.Request{Op: "register webhook", Method: http.MethodPost, Path: []string{f.path(), "webhook"}, Body: body, MustAnswer: true}
	return invalid(r, endpoint == "", "the webhook's address is missing")
}

type registrationAnswer struct {
	success    bool
	statusCode int
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *registrationAnswer) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	ok := take(o, "success", asBool)
	if ok == nil {
		return errors.New("it does not say whether the webhook was accepted")
	}
	a.success, a.statusCode = *ok, take(o, "statusCode", asInt)
	return nil
}

// WebhookInfo is the state of the webhook.
type WebhookInfo struct {
	Endpoint string
	Verified bool
	APIKey   Secret   // signs the payloads
	Types    []string // subscriptions; empty: not said
}

// Webhook reads the state of the webhook and its key: GET /activities/webhook-info, or /carriers/webhook-info where that
// is not known. It answers {success, webhookInfo: {endpoint, verified, apiKey, activityTypeSubscriptions?}} (remote
// document: Fetch Webhook Information).
func (c *Client) Webhook(ctx context.Context) (WebhookInfo, error) {
	var a webhookAnswer
	_, err := c.onWebhooks(ctx, WebhookRequest, &a)
	return WebhookInfo(a), err
}

// WebhookRequest is what Webhook sends.
func WebhookRequest(f WebhookFamily) api.Request {
	return api.Request{Op: "read webhook", Method: http.MethodGet, Path: []string{f.path(), "webhook-info"}}
}

type webhookAnswer WebhookInfo

// UnmarshalJSON implements json.Unmarshaler.
func (a *webhookAnswer) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	info, err := parseObject(o["webhookInfo"])
	if err != nil {
		return errors.New("it has no webhook in it")
	}
	a.Endpoint = take(info, "endpoint", asString)
	if v := take(info, "verified", asBool); v != nil {
		a.Verified = *v
	}
	a.APIKey = Secret(take(info, "apiKey", asString))
	if a.Types = take(info, "activityTypeSubscriptions", asStrings); a.Types == nil {
		if one := take(info, "activityTypeSubscriptions", asString); one != "" {
			a.Types = []string{one}
		}
	}
	return nil
}

// DeactivateWebhook switches the webhook off: PUT /carriers/deactivate-webhook, or /activities/deactivate-webhook where
// that is not known. The entry stays; registering switches it on again. The answer is not documented (remote document:
// Deactivate Webhook).
func (c *Client) DeactivateWebhook(ctx context.Context) (api.Meta, error) {
	// The one route that did not move: it is tried at its old place first, whatever the others answered.
	order := []WebhookFamily{WebhookCarriers, WebhookActivities}
	if c.webhooks != WebhookAuto {
		order = []WebhookFamily{c.webhooks}
	}
	m, _, err := firstKnown(order, func(f WebhookFamily) (api.Meta, error) {
		return c.accept(ctx, DeactivateWebhookRequest(f))
	})
	return m, err
}

// DeactivateWebhookRequest is what DeactivateWebhook sends.
func DeactivateWebhookRequest(f WebhookFamily) api.Request {
	return api.Request{Op: "deactivate webhook", Method: http.MethodPut, Path: []string{f.path(), "deactivate-webhook"}}
}

func (f WebhookFamily) path() string {
	if f == WebhookAuto {
		return string(WebhookActivities)
	}
	return string(f)
}

// onWebhooks sends to the family that is configured or answered last, else to both in turn.
func (c *Client) onWebhooks(ctx context.Context, build func(WebhookFamily) api.Request, out any) (api.Meta, error) {
	order := []WebhookFamily{WebhookActivities, WebhookCarriers}
	if c.webhooks != WebhookAuto {
		order = []WebhookFamily{c.webhooks}
	} else if last := c.webhooksAt.Load(); last != nil && *last == WebhookCarriers {
		order = []WebhookFamily{WebhookCarriers, WebhookActivities}
	}
	m, f, err := firstKnown(order, func(f WebhookFamily) (api.Meta, error) { return c.api.Do(ctx, build(f), out) })
	if err == nil {
		c.webhooksAt.Store(&f)
	}
	return m, err
}

// unknownRoute is what an error says when the service gave no reason for a 404: it does not have the route.
const unknownRoute = "the service does not know this"

// firstKnown sends to one family after the other until one knows the route. A 404 and a 405 say that nothing was done,
// so a write may go on to the next. When none does, the error is that of the family which says what is missing.
func firstKnown(order []WebhookFamily, send func(WebhookFamily) (api.Meta, error)) (api.Meta, WebhookFamily, error) {
	var told error
	silent := true
	for _, f := range order {
		m, err := send(f)
		e, ok := api.AsError(err)
		if !ok || !e.Refused() || e.Status != http.StatusNotFound && e.Status != http.StatusMethodNotAllowed {
			return m, f, err
		}
		says := e.Status == http.StatusNotFound && e.Message != unknownRoute
		if told == nil || silent && says {
			told, silent = fmt.Errorf("webhooks at /%s: %w", f, err), !says
		}
	}
	return api.Meta{}, WebhookAuto, told
}
