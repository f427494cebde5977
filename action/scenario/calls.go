package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
)

// call is one route of the service as a step may use it, without the checks that an action makes first: that is how
// the service's own refusals are seen.
type call struct {
	name, route string
	required    []string
	optional    []string
	do          func(ctx context.Context, r *Run, a given) (json.RawMessage, error)
}

func (c call) args() []string { return append(slices.Clone(c.required), c.optional...) }

// given are the arguments of a call.
type given map[string]any

func (a given) text(name string) string {
	if v, ok := a[name]; ok {
		return plainText(v)
	}
	return ""
}

func (a given) texts(name string) []string {
	list, ok := a[name].([]any)
	if !ok {
		if s := a.text(name); s != "" {
			return []string{s}
		}
		return nil
	}
	var all []string
	for _, v := range list {
		all = append(all, plainText(v))
	}
	return all
}

// claim is the claim that a call is about: the run's, unless args.claim names another.
func (r *Run) claimOf(a given) string {
	if id := a.text("claim"); id != "" {
		return id
	}
	return r.vars[varClaim]
}

func body(m api.Meta, err error) (json.RawMessage, error) { return m.Body, err }
func acked(a lossexpress.Ack, err error) (json.RawMessage, error) {
	return a.Body, err
}

// calls are the routes (remote documents: Carrier API, Vendor API).
func calls() []call {
	return slices.Concat(readCalls(), writeCalls(), requestCalls(), webhookCalls())
}

func readCalls() []call {
	return []call{
		{name: "token", route: "POST /oauth/token", do: callToken},
		{name: "activities", route: "GET /activities", optional: []string{"types"}, do: callActivities},
		{name: "claim.search", route: "GET /claims", optional: []string{"vin", "claimNumber"}, do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			_, m, err := r.s.o.Client.SearchClaims(ctx, lossexpress.ClaimSearch{VIN: a.text("vin"), ClaimNumber: a.text("claimNumber")})
			return m.Body, err
		}},
		{name: "claim.show", route: "GET /claims/{claimId}", do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			c, _, err := r.s.o.Client.Claim(ctx, r.claimOf(a))
			return c.Raw, err
		}},
		{name: "order.types", route: "GET /claims/order-types", do: func(ctx context.Context, r *Run, _ given) (json.RawMessage, error) {
			types, err := r.s.o.Client.OrderTypes(ctx)
			return answer(map[string]any{"orderTypes": types}, err)
		}},
		{name: "document.get", route: "GET /documents/{documentId}", required: []string{"document"}, do: callDocument},
	}
}

func writeCalls() []call {
	return []call{
		{name: "claim.update", route: "PUT /claims/{claimId}", optional: fieldsOf(changeType), do: callUpdate},
		{name: "message.send", route: "POST /claims/{claimId}/direct-messages", required: []string{"message"}, do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			return acked(r.s.o.Client.SendMessage(ctx, r.claimOf(a), a.text("message")))
		}},
		{name: "document.add", route: "POST /claims/documents/{claimId}", required: []string{"description"}, optional: []string{"content", "documentUrl"}, do: callUpload},
		{name: "order.create", route: "POST /claims/{claimId}/orders", required: []string{"types"}, do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			o, err := r.s.o.Client.CreateOrders(ctx, r.claimOf(a), a.texts("types"))
			return o.Body, err
		}},
		{name: "order.cancel", route: "DELETE /claims/{claimId}/cancel-orders", required: []string{"orderIds"}, do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			return acked(r.s.o.Client.CancelOrders(ctx, r.claimOf(a), a.texts("orderIds")))
		}},
		{name: "payoff.sent", route: "POST /claims/{claimId}/payoff-sent", required: []string{"checkAmount"}, optional: []string{"sentAt", "sentVia", "trackingNumber"}, do: callPayment},
	}
}

func requestCalls() []call {
	return []call{
		{name: "payoff.request", route: "POST /claims/{claimId}/payoff-request", do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			return acked(r.s.o.Client.RequestPayoff(ctx, r.claimOf(a)))
		}},
		{name: "payoff.cancel", route: "DELETE /claims/{claimId}/payoff-request", do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			return acked(r.s.o.Client.CancelPayoff(ctx, r.claimOf(a)))
		}},
		{name: "guarantee.request", route: "POST /claims/{claimId}/letter-of-guarantee-request", do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			q, err := r.s.o.Client.RequestGuarantee(ctx, r.claimOf(a))
			return q.Body, err
		}},
		{name: "guarantee.cancel", route: "DELETE /claims/{claimId}/letter-of-guarantee-request", do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			return acked(r.s.o.Client.CancelGuarantee(ctx, r.claimOf(a)))
		}},
		{name: "counter.dispute", route: "POST /claims/{claimId}/settlement-counter", required: []string{"reasonForDispute"}, do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			return acked(r.s.o.Client.AnswerCounter(ctx, r.claimOf(a), lossexpress.CounterAnswer{Dispute: true, Reason: a.text("reasonForDispute")}))
		}},
		{name: "counter.accept", route: "POST /claims/{claimId}/settlement-counter", do: func(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
			return acked(r.s.o.Client.AnswerCounter(ctx, r.claimOf(a), lossexpress.CounterAnswer{Breakdown: pdf("SETTLEMENT BREAKDOWN", r.vars[varNumber])}))
		}},
	}
}

func webhookCalls() []call {
	return []call{
		{name: "webhook.register", route: "POST /activities/webhook or /carriers/webhook", required: []string{"endpoint"}, optional: []string{"types"}, do: callRegister},
		{name: "webhook.show", route: "GET /activities/webhook-info or /carriers/webhook-info", do: func(ctx context.Context, r *Run, _ given) (json.RawMessage, error) {
			info, err := r.s.o.Client.Webhook(ctx)
			return answer(map[string]any{"endpoint": info.Endpoint, "verified": info.Verified, "types": info.Types, "hasKey": info.APIKey != ""}, err)
		}},
		{name: "webhook.off", route: "PUT /carriers/deactivate-webhook", do: func(ctx context.Context, r *Run, _ given) (json.RawMessage, error) {
			return body(r.s.o.Client.DeactivateWebhook(ctx))
		}},
	}
}

func callOf(name string) (call, bool) {
	all := calls()
	i := slices.IndexFunc(all, func(c call) bool { return c.name == name })
	if i < 0 {
		return call{}, false
	}
	return all[i], true
}

func callNames() []string {
	var names []string
	for _, c := range calls() {
		names = append(names, c.name)
	}
	return names
}

// answer is a value as the JSON that a step looks at.
func answer(v any, err error) (json.RawMessage, error) {
	if err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// callToken signs in anew. The token itself never leaves the client.
func callToken(ctx context.Context, r *Run, _ given) (json.RawMessage, error) {
	t, err := r.s.o.Client.Token(ctx)
	if err != nil {
		return nil, err
	}
	return answer(map[string]any{"type": t.Type(), "given": t.AccessToken != ""}, nil)
}

func callActivities(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
	p, err := r.s.o.Client.Activities(ctx, lossexpress.ActivityQuery{
		ClaimID: r.claimOf(a), Types: a.texts("types"), CreatedAfter: r.began.Add(-24 * time.Hour), PageSize: pageSize,
	})
	return answer(map[string]any{"results": p.Results, "totalResults": p.TotalResults}, err)
}

func callDocument(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
	f, err := r.s.o.Client.Document(ctx, a.text("document"))
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	content, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("the document was cut off: %w", err)
	}
	return answer(map[string]any{
		"contentType": f.ContentType, "bytes": len(content), "pdf": strings.HasPrefix(string(content), "%PDF-"),
	}, nil)
}

func callUpdate(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
	var change lossexpress.ClaimChange
	fields := given{}
	for name, v := range a {
		if name != "claim" {
			fields[name] = v
		}
	}
	if err := shape(fields, &change); err != nil {
		return nil, err
	}
	c, _, err := r.s.o.Client.UpdateClaim(ctx, r.claimOf(a), change)
	return c.Raw, err
}

// shape turns values into the body of a call.
func shape(fields map[string]any, into any) error {
	raw, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("its fields cannot be sent: %w", err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("its fields cannot be sent: %w", err)
	}
	return nil
}

// callUpload adds a document: a generated PDF, unless content gives its very bytes.
func callUpload(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
	u := lossexpress.Upload{Description: a.text("description"), DocumentURL: a.text("documentUrl"), Content: []byte(a.text("content"))}
	if u.DocumentURL == "" && len(u.Content) == 0 {
		u.Content = pdf(strings.ToUpper(u.Description), r.vars[varNumber])
	}
	added, err := r.s.o.Client.AddDocument(ctx, r.claimOf(a), u)
	return added.Body, err
}

func callPayment(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
	p := lossexpress.Payment{SentAt: r.s.o.Now(), SentVia: a.text("sentVia"), TrackingNumber: a.text("trackingNumber")}
	if at := a.text("sentAt"); at != "" {
		var err error
		if p.SentAt, err = time.Parse("2006-01-02", at); err != nil {
			return nil, fmt.Errorf("args.sentAt %q is not a date such as 2026-11-20", at)
		}
	}
	if err := json.Unmarshal([]byte(a.text("checkAmount")), &p.CheckAmount); err != nil {
		return nil, fmt.Errorf("args.checkAmount is not an amount: %w", err)
	}
	return body(r.s.o.Client.PayoffSent(ctx, r.claimOf(a), p))
}

// callRegister registers a webhook, unless somebody else's is in force: a registration takes its place and its key.
func callRegister(ctx context.Context, r *Run, a given) (json.RawMessage, error) {
	endpoint := a.text("endpoint")
	info, err := r.s.o.Client.Webhook(ctx)
	switch {
	case err == nil && info.Verified && info.Endpoint != endpoint && !r.receives(info.Endpoint):
		return nil, &unfit{"a webhook is registered at " + info.Endpoint + ": registering another would end it. Switch it off first: claimdeck webhook off"}
	case err != nil && !errors.Is(err, api.ErrNotFound):
		return nil, err
	}
	reg, err := r.s.o.Client.RegisterWebhook(ctx, endpoint, a.texts("types")...)
	if err != nil {
		return nil, err
	}
	return answer(map[string]any{"success": reg.Success, "statusCode": reg.StatusCode}, nil)
}
