package action

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/config"
	"claimdeck/state/outbox"
	"claimdeck/state/text"
)

// The fields of a registration.
const (
	fieldEndpoint  = "endpoint"
	fieldSubscribe = "types"
)

// everyType is how the service calls all types; leaving them out means the same.
const everyType = "all"

// manyTypes is how many types a title names before it counts them.
const manyTypes = 3

// webhookRegister makes the service post activities to an address (remote document: Register Webhook).
func (r *Registry) webhookRegister() Action {
	return Action{
		ID: "webhook.register", Title: "Register the webhook", Risk: Writes, NoClaim: true,
		Help: "Makes LossExpress post activities to an address that answers its test with 200. It replaces the webhook of the account, and its key.",
		Fields: []Field{
			{
				Name: fieldEndpoint, Flag: "url", Args: true, Label: "Address", Required: true, Check: checkEndpoint,
				Help: "Where LossExpress posts, such as https://hooks.example.com/claimdeck; claimdeck webhook listen must run there.",
			},
			{
				Name: fieldSubscribe, Flag: "types", Commas: true, Label: "Types", Kind: MultiChoice, Open: true,
				Options: fixed(named(typeNames()...)...), strange: strangeType,
				Help: "What to post, such as payoff-data-added; none: all.",
			},
		},
		Describe: describeRegistration,
		Preview: func(_ Subject, v Values) (Request, error) {
			return preview(lossexpress.RegisterWebhookRequest(lossexpress.WebhookAuto, v.first(fieldEndpoint), subscribed(v)...))
		},
		Send: func(ctx context.Context, _ outbox.Entry, v Values) (json.RawMessage, error) {
			return r.registerWebhook(ctx, v.first(fieldEndpoint), subscribed(v))
		},
		Match: toldByNothing,
		review: func(_ context.Context, _ Subject, v Values) (map[string]string, []string) {
			return nil, oddEndpoint(v.first(fieldEndpoint))
		},
		settle: func(_ Subject, v Values) Values {
			out := Values{fieldEndpoint: v[fieldEndpoint]}
			if types := subscribed(v); len(types) > 0 {
				out[fieldSubscribe] = types
			}
			return out
		},
		seen:  r.registrationThere,
		doubt: "claimdeck webhook show says whether it is registered",
	}
}

func typeNames() []string {
	var names []string
	for _, t := range activity.Types() {
		names = append(names, string(t))
	}
	return names
}

// strangeType is what to say of a type that is not documented.
func strangeType(name string) string {
	if strings.EqualFold(name, everyType) {
		return ""
	}
	return fmt.Sprintf("%q is no type that LossExpress documents; claimdeck feed --help says how types are written", name)
}

// subscribed are the types as they are sent: "all" goes alone.
func subscribed(v Values) []string {
	types := v[fieldSubscribe]
	if slices.ContainsFunc(types, func(t string) bool { return strings.EqualFold(t, everyType) }) {
		return []string{everyType}
	}
	return types
}

// checkEndpoint refuses what no service can post to. A password would stay in the outbox.
func checkEndpoint(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return fmt.Errorf("%q is not an address to post to, such as https://hooks.example.com/claimdeck", s)
	case u.User != nil:
		return errors.New("take the name and the password out of the address: the outbox keeps it, and LossExpress signs what it posts")
	}
	return nil
}

func oddEndpoint(s string) []string {
	if checkEndpoint(s) != nil || strings.HasPrefix(strings.ToLower(s), "https:") || config.IsLoopback(s) {
		return nil
	}
	return []string{s + " is plain http: everybody on the way reads the claims. Put a proxy with TLS in front and register https"}
}

func describeRegistration(_ Subject, v Values) string {
	words := "Register the webhook"
	if at := text.Line(v.first(fieldEndpoint)); at != "" {
		words += " at " + at
	}
	switch types := subscribed(v); {
	case len(types) > manyTypes:
		words += fmt.Sprintf(" for %d types", len(types))
	case len(types) > 0 && types[0] != everyType:
		words += " for " + text.Line(strings.Join(types, ", "))
	}
	return words
}

// toldByNothing matches the effect of a write that no activity tells of: the service itself is asked for it.
func toldByNothing(outbox.Entry, Values, []activity.Activity) ([]activity.Key, bool) {
	return nil, false
}

// registerWebhook registers, between two words to whoever listens on this machine. The answer is journaled without
// anything else that it may hold: the key does not belong into the outbox.
func (r *Registry) registerWebhook(ctx context.Context, endpoint string, types []string) (json.RawMessage, error) {
	ended := func(lossexpress.Registration) {}
	if r.deps.Registering != nil {
		var err error
		if ended, err = r.deps.Registering(ctx); err != nil {
			return nil, &unsent{err: err}
		}
	}
	answer, err := r.deps.Client.RegisterWebhook(ctx, endpoint, types...)
	ended(answer)
	if err != nil {
		return nil, err
	}
	if !answer.Success {
		return nil, &declined{unanswered(endpoint, answer.StatusCode)}
	}
	return json.Marshal(map[string]any{"success": answer.Success, "statusCode": answer.StatusCode})
}

// declined is the service's no in an answer that is none by its status.
type declined struct{ words string }

func (d *declined) Error() string { return d.words }

// unanswered says why the service did not take an address.
func unanswered(endpoint string, status int) string {
	got := fmt.Sprintf("it answered %d", status)
	if status == 0 {
		got = "there was no answer"
	}
	return fmt.Sprintf("LossExpress posted a test to %s and wants 200, but %s: is claimdeck webhook listen running there, with this profile? "+
		"The webhook does not deliver until it is registered again", endpoint, got)
}

// registrationThere asks the service for the webhook: it is ours when it has our address, verified. Of one that was never
// answered the types must be ours too, where the service tells them: the address may have been registered before.
func (r *Registry) registrationThere(ctx context.Context, e outbox.Entry, v Values) (bool, error) {
	info, err := r.deps.Client.Webhook(ctx)
	if errors.Is(err, api.ErrNotFound) {
		return false, nil
	}
	slash := func(s string) string { return strings.TrimSuffix(s, "/") }
	if err != nil || !info.Verified || slash(info.Endpoint) != slash(v.first(fieldEndpoint)) {
		return false, err
	}
	return e.State == outbox.Accepted || sameTypes(info.Types, subscribed(v)), nil
}

// sameTypes reports whether the service posts the types that we asked for, as far as it says.
func sameTypes(told, ours []string) bool {
	all := func(types []string) bool { return len(types) == 0 || slices.Contains(types, everyType) }
	if len(told) == 0 || all(ours) {
		return all(told)
	}
	mine, theirs := slices.Sorted(slices.Values(ours)), slices.Sorted(slices.Values(told))
	return slices.Equal(slices.Compact(mine), slices.Compact(theirs))
}

// webhookOff switches the webhook off (remote document: Deactivate Webhook).
func (r *Registry) webhookOff() Action {
	return Action{
		ID: "webhook.off", Title: "Switch the webhook off", Risk: Writes, NoClaim: true,
		Help:     "LossExpress posts nothing any more; registering switches the webhook on again. The feed goes on.",
		Describe: func(Subject, Values) string { return "Switch the webhook off" },
		Preview: func(Subject, Values) (Request, error) {
			return preview(lossexpress.DeactivateWebhookRequest(lossexpress.WebhookCarriers))
		},
		Send: func(ctx context.Context, _ outbox.Entry, _ Values) (json.RawMessage, error) {
			m, err := r.deps.Client.DeactivateWebhook(ctx)
			if errors.Is(err, api.ErrNotFound) { // what is not there is off
				return json.RawMessage(`{"registered":false}`), nil
			}
			return m.Body, err
		},
		Match: toldByNothing,
		seen: func(ctx context.Context, _ outbox.Entry, _ Values) (bool, error) {
			info, err := r.deps.Client.Webhook(ctx)
			if errors.Is(err, api.ErrNotFound) {
				return true, nil
			}
			return err == nil && !info.Verified, err
		},
	}
}

// WasRegistered reports whether there was a webhook for the webhook.off of e to switch off.
func WasRegistered(e outbox.Entry) bool {
	var told struct {
		Registered *bool `json:"registered"`
	}
	return json.Unmarshal(e.Answer, &told) != nil || told.Registered == nil || *told.Registered
}
