package cli_test

import (
	"fmt"
	"time"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	sandboxlx "claimdeck/sandbox/lossexpress"
)

// ordered places an order and notes its id.
func ordered(d *desk) {
	d.t.Helper()
	o, err := d.client.CreateOrders(d.t.Context(), d.claim, []string{"Copy of Title"})
	d.must(err)
	d.noted = o.Orders[0].OrderID
}

func orderRoutes() []route {
	create := func(d *desk, orderType string) (lossexpress.Ordered, error) {
		return d.client.CreateOrders(d.t.Context(), d.claim, []string{orderType})
	}
	cancel := func(d *desk, id string) (string, error) {
		ack, err := d.client.CancelOrders(d.t.Context(), d.claim, []string{id})
		return fmt.Sprint(ack.ClaimID == d.claim), err
	}
	return []route{
		{
			number: 13, request: "GET /claims/order-types", method: (*lossexpress.Client).OrderTypes,
			call: func(d *desk) (string, error) {
				types, err := d.client.OrderTypes(d.t.Context())
				return fmt.Sprint(len(types)), err
			},
			want: "11", answer: []string{"orderTypes.0", "success"}, none: "the documents name no error of its own",
			verb: "order types", args: arguments(), place: place{asks: "order.create", with: onClaim("--type", "Copy of Title", "--dry-run")},
		},
		{
			number: 14, request: "POST /claims/{claimId}/orders", method: (*lossexpress.Client).CreateOrders,
			call: func(d *desk) (string, error) {
				o, err := create(d, "Copy of Title")
				if err != nil || len(o.Orders) != 1 {
					return "", err
				}
				return fmt.Sprint(o.Orders[0].Type, " ", o.Orders[0].OrderID != "" && o.ClaimID == d.claim), nil
			},
			want: "Copy of Title true", answer: []string{"claimId", "orders.0.orderId", "orders.0.type", "success"},
			fails: []refusal{{400, "0 must be one of", api.ErrInvalid, func(d *desk) error {
				_, err := create(d, "Copy of Titel")
				return err
			}}},
			verb: "order create", args: onClaim("--type", "Copy of Title"), place: place{form: "order.create"},
		},
		{
			number: 15, request: "DELETE /claims/{claimId}/cancel-orders", method: (*lossexpress.Client).CancelOrders,
			before: ordered,
			call:   func(d *desk) (string, error) { return cancel(d, d.noted) },
			want:   "true", answer: []string{"claimId", "success"},
			fails: []refusal{
				{400, "orderIds must contain at least 1 items", api.ErrInvalid, func(d *desk) error {
					return d.spoiled("", `{"orderIds":[]}`, func() error {
						_, err := cancel(d, nowhere)
						return err
					})
				}},
				{404, "Order does not exist for this claim.", api.ErrNotFound, func(d *desk) error {
					_, err := cancel(d, nowhere)
					return err
				}},
			},
			verb: "order cancel", args: func(d *desk) []string { return []string{"EX-1001", d.noted} }, place: place{form: "order.cancel"},
		},
	}
}

func payoffRoutes() []route {
	sent := func(d *desk, amount string) (string, error) {
		m, err := d.client.PayoffSent(d.t.Context(), d.claim, lossexpress.Payment{SentAt: time.Now(), CheckAmount: *d.money(amount)})
		return fmt.Sprint(m.Status), err
	}
	request := func(d *desk, id string) (string, error) {
		ack, err := d.client.RequestPayoff(d.t.Context(), id)
		return fmt.Sprint(ack.ClaimID == id), err
	}
	cancel := func(d *desk, id string) (string, error) {
		ack, err := d.client.CancelPayoff(d.t.Context(), id)
		return fmt.Sprint(ack.ClaimID == id), err
	}
	counter := func(d *desk) (string, error) {
		ack, err := d.client.AnswerCounter(d.t.Context(), d.claim, lossexpress.CounterAnswer{Dispute: true, Reason: "Verified."})
		return fmt.Sprint(ack.ClaimID == d.claim), err
	}
	return []route{
		{
			number: 16, request: "POST /claims/{claimId}/payoff-sent", method: (*lossexpress.Client).PayoffSent,
			call: func(d *desk) (string, error) { return sent(d, "10222") },
			want: "200", answer: []string{"success"}, // its answer is not documented
			fails: []refusal{{400, "checkAmount must be an integer", api.ErrInvalid, func(d *desk) error {
				_, err := sent(d, "10222.33")
				return err
			}}},
			verb: "payoff sent", args: onClaim("--amount", "10222", "--sent-at", "2026-11-20"), place: place{form: "payoff.sent"},
		},
		{
			number: 17, request: "POST /claims/{claimId}/payoff-request", method: (*lossexpress.Client).RequestPayoff,
			call: func(d *desk) (string, error) { return request(d, d.claim) },
			want: "true", answer: []string{"claimId"},
			fails: []refusal{{400, noPapers, api.ErrInvalid, func(d *desk) error {
				_, err := request(d, d.bare)
				return err
			}}},
			verb: "payoff request", args: onClaim(), place: place{form: "payoff.request"},
		},
		{
			number: 18, request: "DELETE /claims/{claimId}/payoff-request", method: (*lossexpress.Client).CancelPayoff,
			before: func(d *desk) {
				_, err := request(d, d.claim)
				d.must(err)
			},
			call: func(d *desk) (string, error) { return cancel(d, d.claim) },
			want: "true", answer: []string{"claimId", "success"},
			fails: []refusal{{404, noPayoff, api.ErrNotFound, func(d *desk) error {
				_, err := cancel(d, d.bare)
				return err
			}}},
			verb: "payoff cancel", args: onClaim(), place: place{form: "payoff.cancel"},
		},
		{
			number: 19, request: "POST /claims/{claimId}/settlement-counter", method: (*lossexpress.Client).AnswerCounter,
			before: func(d *desk) { d.trigger("settlement-counter-added") },
			call:   counter, want: "true", answer: []string{"claimId", "success"},
			fails: []refusal{{404, noCounter, api.ErrNotFound, func(d *desk) error {
				_, err := counter(d)
				return err
			}}},
			verb: "counter dispute", args: onClaim("--reason", "Verified."), place: place{form: "counter.dispute"},
		},
	}
}

func guaranteeRoutes() []route {
	request := func(d *desk, id string) (string, error) {
		r, err := d.client.RequestGuarantee(d.t.Context(), id)
		return fmt.Sprint(r.ClaimID == id, r.Estimate.IsZero()), err
	}
	cancel := func(d *desk, id string) (string, error) {
		ack, err := d.client.CancelGuarantee(d.t.Context(), id)
		return fmt.Sprint(ack.ClaimID == id), err
	}
	return []route{
		{
			number: 11, request: "POST /claims/{claimId}/letter-of-guarantee-request", method: (*lossexpress.Client).RequestGuarantee,
			call: func(d *desk) (string, error) { return request(d, d.claim) },
			want: "true false", answer: []string{"claimId", "turnAroundTimeEstimate"},
			fails: []refusal{{400, noPapers, api.ErrInvalid, func(d *desk) error {
				_, err := request(d, d.bare)
				return err
			}}},
			verb: "guarantee request", args: onClaim(), place: place{form: "guarantee.request"},
		},
		{
			number: 12, request: "DELETE /claims/{claimId}/letter-of-guarantee-request", method: (*lossexpress.Client).CancelGuarantee,
			before: func(d *desk) {
				_, err := request(d, d.claim)
				d.must(err)
			},
			call: func(d *desk) (string, error) { return cancel(d, d.claim) },
			want: "true", answer: []string{"claimId", "success"},
			fails: []refusal{{404, noLetter, api.ErrNotFound, func(d *desk) error {
				_, err := cancel(d, d.bare)
				return err
			}}},
			verb: "guarantee cancel", args: onClaim(), place: place{form: "guarantee.cancel"},
		},
	}
}

// refreshRoutes order again what has ended.
func refreshRoutes() []route {
	payoff := func(d *desk, id string) (string, error) {
		ack, err := d.client.RefreshPayoff(d.t.Context(), id)
		return fmt.Sprint(ack.ClaimID == id), err
	}
	letter := func(d *desk, id string) (string, error) {
		r, err := d.client.RefreshGuarantee(d.t.Context(), id)
		return fmt.Sprint(r.ClaimID == id, r.Estimate.IsZero()), err
	}
	// Papers are missing of a claim whose request has ended all the same.
	both := func(call func(d *desk, id string) (string, error), ends, missing string) []refusal {
		return []refusal{
			{400, noPapers, api.ErrInvalid, func(d *desk) error {
				d.must(d.service.Trigger(d.bare, ends))
				_, err := call(d, d.bare)
				return err
			}},
			{404, missing, api.ErrNotFound, func(d *desk) error {
				_, err := call(d, d.claim)
				return err
			}},
		}
	}
	again := func(d *desk, types ...string) (string, error) {
		o, err := d.client.RefreshOrders(d.t.Context(), d.claim, types)
		if err != nil || len(o.Orders) != 1 {
			return fmt.Sprint(len(o.Orders)), err
		}
		return o.Orders[0].Type, err
	}
	ended := func(d *desk) {
		ordered(d)
		_, err := d.client.CancelOrders(d.t.Context(), d.claim, []string{d.noted})
		d.must(err)
	}
	return []route{
		{
			number: 23, request: "POST /claims/{claimId}/orders/refresh", method: (*lossexpress.Client).RefreshOrders,
			before: ended,
			call:   func(d *desk) (string, error) { return again(d, "Copy of Title") },
			want:   "Copy of Title", answer: []string{"claimId", "orders.0.orderId", "orders.0.type", "success"},
			fails: []refusal{{500, "An internal server error occurred", api.ErrUnavailable, func(d *desk) error {
				ended(d)
				_, err := again(d, "Bill of Sale", "Copy of Title")
				if w := d.service.Writes(); w[len(w)-1].Kind != sandboxlx.WroteOrderRefresh {
					d.t.Error("the other type was not ordered")
				}
				return err
			}}},
			verb: "order refresh", args: onClaim("--type", "Copy of Title", "--yes"), place: place{form: "order.refresh"},
		},
		{
			number: 24, request: "POST /claims/{claimId}/payoff-request/refresh", method: (*lossexpress.Client).RefreshPayoff,
			before: func(d *desk) { d.trigger("payoff-request-cancelled") },
			call:   func(d *desk) (string, error) { return payoff(d, d.claim) },
			want:   "true", answer: []string{"claimId"},
			fails: both(payoff, "payoff-request-cancelled", noPayoff),
			verb:  "payoff refresh", args: onClaim("--yes"), place: place{form: "payoff.refresh"},
		},
		{
			number: 24, request: "POST /claims/{claimId}/letter-of-guarantee-request/refresh", method: (*lossexpress.Client).RefreshGuarantee,
			before: func(d *desk) { d.trigger("letter-of-guarantee-added") },
			call:   func(d *desk) (string, error) { return letter(d, d.claim) },
			want:   "true false", answer: []string{"claimId", "turnAroundTimeEstimate"},
			fails: both(letter, "letter-of-guarantee-added", noLetter),
			verb:  "guarantee refresh", args: onClaim("--yes"), place: place{form: "guarantee.refresh"},
		},
	}
}

// webhookRoutes are there twice: they have moved.
func webhookRoutes() []route {
	register := func(d *desk) (string, error) {
		r, err := d.client.RegisterWebhook(d.t.Context(), d.hook, "call-made")
		return fmt.Sprint(r.Success, r.StatusCode), err
	}
	registered := func(d *desk) {
		_, err := register(d)
		d.must(err)
	}
	info := func(d *desk) (string, error) {
		w, err := d.client.Webhook(d.t.Context())
		return fmt.Sprint(w.Endpoint == d.hook, w.Verified, w.APIKey.Reveal() != "", w.Types), err
	}
	missing := func(call func(d *desk) (string, error)) []refusal {
		return []refusal{{404, "A webhook does not exist.", api.ErrNotFound, func(d *desk) error {
			_, err := call(d)
			return err
		}}}
	}
	off := func(d *desk) (string, error) {
		m, err := d.client.DeactivateWebhook(d.t.Context())
		return fmt.Sprint(m.Status), err
	}
	hooked := func(d *desk) []string { return []string{d.hook} }
	all := []route{{
		number: 22, request: "PUT /carriers/deactivate-webhook", method: (*lossexpress.Client).DeactivateWebhook, before: registered,
		call: off, want: "200", answer: []string{"success"}, // its answer is not documented
		fails: missing(off), verb: "webhook off", args: arguments(), place: place{form: "webhook.off"},
	}}
	for _, family := range []string{"activities", "carriers"} {
		older := family == "carriers"
		all = append(all, route{
			number: 20, request: "POST /" + family + "/webhook", method: (*lossexpress.Client).RegisterWebhook, older: older,
			call: register, want: "true 200", answer: []string{"success", "statusCode"},
			fails: []refusal{{400, "endpoint must be a valid uri", api.ErrInvalid, func(d *desk) error {
				return d.spoiled("", `{"endpoint":"/x"}`, func() error {
					_, err := register(d)
					return err
				})
			}}},
			verb: "webhook register", args: hooked, place: place{form: "webhook.register"},
		}, route{
			number: 21, request: "GET /" + family + "/webhook-info", method: (*lossexpress.Client).Webhook, older: older, before: registered,
			call: info, want: "true true true [call-made]",
			answer: []string{"success", "webhookInfo.endpoint", "webhookInfo.verified", "webhookInfo.apiKey", "webhookInfo.activityTypeSubscriptions"},
			fails:  missing(info), verb: "webhook show", args: arguments(), place: place{asks: "webhook.register", with: hooked},
		})
	}
	return all
}
