package action

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/money"
	"claimdeck/state/outbox"
	"claimdeck/state/text"
)

// The fields of a payment. Those with the API's names are sent as they are; sentTo and cents say how others are.
const (
	fieldAmount   = "checkAmount"
	fieldCents    = "cents"
	fieldSentAt   = "sentAt"
	fieldSentVia  = "sentVia"
	fieldTracking = "trackingNumber"
	fieldSentTo   = "sentTo"
)

// The ways to send cents: the service documents an integer.
const (
	centsExact = "exact"
	centsDown  = "down"
	centsUp    = "up"
)

// The addresses that a check can go to.
const (
	toStandard  = "standard"
	toOvernight = "overnight"
	toOther     = "other"
	toNone      = "none"
)

// partsOfAddress are those of sentTo.
var partsOfAddress = [...]struct{ name, flag, label string }{
	{"streetAddress", "street-address", "Street"},
	{"streetAddress2", "street-address2", "Suite"},
	{"city", "city", "City"},
	{"state", "state", "State"},
	{"zipCode", "zip-code", "ZIP"},
}

// payoffSent tells that the check is on its way (remote document: Acknowledge Payment Sent).
func (r *Registry) payoffSent() Action {
	return Action{
		ID: "payoff.sent", Title: "Record the payment", Risk: Irreversible,
		Help:   "Tells LossExpress that the payoff check was sent: amount, day, and where it went.",
		Fields: paymentFields(),
		Initial: func(s Subject) Values {
			v := Values{fieldSentAt: {today(s.Now).Format(time.DateOnly)}}
			if amount, ok := claim.CheckAmount(s.Claim, s.Now); ok {
				v[fieldAmount] = []string{money.Format(amount)}
			}
			return v
		},
		Preflight: readyForPayment,
		Describe:  describePayment,
		Preview: func(s Subject, v Values) (Request, error) {
			p, err := payment(settlePayment(s, plainPayment(v)))
			if err != nil {
				return Request{}, err
			}
			return preview(lossexpress.PayoffSentRequest(s.Claim.ID, p))
		},
		Send: func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
			p, err := payment(v)
			if err != nil {
				return nil, &unsent{err: err}
			}
			m, err := r.deps.Client.PayoffSent(ctx, e.ClaimID, p)
			return m.Body, err
		},
		Match:  matchPayment,
		review: r.reviewPayment,
		settle: settlePayment,
	}
}

func paymentFields() []Field {
	fields := []Field{
		{
			Name: fieldAmount, Flag: "amount", Label: "Check amount", Kind: Money, Required: true, Check: checkMoney, normal: plainMoney,
			Help: "US dollars, as the check says.",
		},
		{
			Name: fieldCents, Flag: "cents", Label: "How to send cents", Kind: Choice,
			Options: fixed(
				Option{Value: centsDown, Label: "whole dollars, cents left out"}, Option{Value: centsUp, Label: "whole dollars, rounded up"},
				Option{Value: centsExact, Label: "as it is, with cents"},
			),
			Help: "Only for an amount with cents: LossExpress documents whole numbers, and may refuse others.",
		},
		{
			Name: fieldSentAt, Flag: "sent-at", Label: "Sent on", Kind: Date, Required: true, Check: checkDay, normal: plainDay,
			Help: "The day on which the check was mailed.",
		},
		{
			Name: fieldSentVia, Flag: "via", Label: "Sent via", Kind: Choice, Open: true,
			Options: fixed(named("USPS", "USPS Priority Mail Express", "FedEx", "UPS", "DHL")...), Help: "Anything else may be typed.",
		},
		{Name: fieldTracking, Flag: "tracking", Label: "Tracking number"},
		{
			Name: fieldSentTo, Flag: "sent-to", Label: "Sent to", Kind: Choice, Options: addressOptions,
			Help: "Empty: the lender's address that fits how it is sent.",
		},
	}
	for _, part := range partsOfAddress {
		fields = append(fields, Field{
			Name: fieldSentTo + "." + part.name, Flag: part.flag, Label: part.label, Section: "Another address",
		})
	}
	return fields
}

func addressOptions(_ context.Context, s Subject) ([]Option, error) {
	var options []Option
	for _, known := range [...]struct {
		value, label string
		at           *claim.Remittance
	}{
		{toStandard, "the lender's standard address", s.Claim.Payoff.Standard},
		{toOvernight, "the lender's overnight address", s.Claim.Payoff.Overnight},
	} {
		o := Option{Value: known.value, Label: known.label, Note: "not known for this claim", Disabled: true}
		if known.at != nil {
			o = Option{Value: known.value, Label: known.label + ": " + lineOf(known.at)}
		}
		options = append(options, o)
	}
	return append(options, Option{Value: toOther, Label: "another address"}, Option{Value: toNone, Label: "do not say"}), nil
}

func lineOf(a *claim.Remittance) string {
	return strings.Join(filled(a.Payee, a.Attn, a.Street, a.Street2, a.City, a.State, a.ZIP), ", ")
}

// plainPayment puts what was typed into the form in which it is sent.
func plainPayment(v Values) Values {
	out := Values{}
	for _, f := range paymentFields() {
		if value := v.first(f.Name); value != "" && f.normal != nil {
			out[f.Name] = []string{f.normal(value)}
		} else if value != "" {
			out[f.Name] = []string{value}
		}
	}
	return out
}

// settlePayment decides about cents and address: what it returns is what is sent.
func settlePayment(s Subject, v Values) Values {
	out := Values{}
	for _, name := range [...]string{fieldAmount, fieldSentAt, fieldSentVia, fieldTracking} {
		if value := v.first(name); value != "" {
			out[name] = []string{value}
		}
	}
	if whole, ok := wholeDollars(v); ok {
		out[fieldAmount] = []string{whole}
	}
	kind := addressKind(s, v)
	out[fieldSentTo] = []string{kind} // not sent: a form that comes back still says it
	parts := Values{}
	switch kind {
	case toStandard:
		parts = partsOf(s.Claim.Payoff.Standard)
	case toOvernight:
		parts = partsOf(s.Claim.Payoff.Overnight)
	case toOther:
		parts = typedParts(v)
	}
	maps.Copy(out, parts)
	return out
}

// wholeDollars is the amount as it was chosen to be sent; false when it goes as it is.
func wholeDollars(v Values) (string, bool) {
	d, err := decimal.NewFromString(v.first(fieldAmount))
	if err != nil {
		return "", false
	}
	switch v.first(fieldCents) {
	case centsDown:
		return decimalText(d.Floor()), true
	case centsUp:
		return decimalText(d.Ceil()), true
	}
	return "", false
}

// addressKind is which address the check went to, as chosen or as it follows from the way it was sent.
func addressKind(s Subject, v Values) string {
	standard, overnight := s.Claim.Payoff.Standard, s.Claim.Payoff.Overnight
	switch kind := v.first(fieldSentTo); {
	case kind != "":
		return kind
	case len(typedParts(v)) > 0:
		return toOther
	case overnight != nil && (isOvernight(v.first(fieldSentVia)) || standard == nil):
		return toOvernight
	case standard != nil:
		return toStandard
	}
	return toNone
}

// isOvernight reports whether a way of sending needs a street address: couriers do not deliver to a PO box.
func isOvernight(via string) bool {
	via = strings.ToLower(via)
	return slices.ContainsFunc([]string{"fedex", "federal express", "ups", "dhl", "overnight", "express", "next day", "courier"},
		func(word string) bool { return strings.Contains(strings.ReplaceAll(via, "usps", ""), word) })
}

func typedParts(v Values) Values {
	parts := Values{}
	for _, part := range partsOfAddress {
		if name := fieldSentTo + "." + part.name; v.first(name) != "" {
			parts[name] = v[name]
		}
	}
	return parts
}

func partsOf(a *claim.Remittance) Values {
	parts := Values{}
	if a == nil {
		return parts
	}
	for i, value := range [...]string{a.Street, a.Street2, a.City, a.State, a.ZIP} {
		if value != "" {
			parts[fieldSentTo+"."+partsOfAddress[i].name] = []string{value}
		}
	}
	return parts
}

// payment is what settled values send.
func payment(v Values) (lossexpress.Payment, error) {
	at, err := parseDay(v.first(fieldSentAt))
	if err != nil {
		return lossexpress.Payment{}, err
	}
	amount, err := lossexpress.NewMoney(v.first(fieldAmount))
	if err != nil {
		return lossexpress.Payment{}, fmt.Errorf("the check amount cannot be sent: %w", err)
	}
	p := lossexpress.Payment{
		SentAt: at, CheckAmount: amount, SentVia: v.first(fieldSentVia), TrackingNumber: v.first(fieldTracking),
	}
	if len(typedParts(v)) > 0 {
		part := func(name string) string { return v.first(fieldSentTo + "." + name) }
		p.SentTo = &lossexpress.Address{
			StreetAddress: part("streetAddress"), StreetAddress2: part("streetAddress2"), City: part("city"),
			State: part("state"), ZIPCode: part("zipCode"),
		}
	}
	return p, nil
}

func describePayment(s Subject, v Values) string {
	v = settlePayment(s, plainPayment(v))
	words := "Record the payment"
	if d, err := decimal.NewFromString(v.first(fieldAmount)); err == nil {
		words += " of $" + money.Format(d)
	}
	if at, err := parseDay(v.first(fieldSentAt)); err == nil {
		words += ", sent " + at.Format("Jan 2, 2006")
	}
	if via := v.first(fieldSentVia); via != "" {
		words += " via " + text.Line(via)
	}
	if p, err := payment(v); err == nil && p.SentTo != nil {
		words += " to " + text.Line(p.SentTo.String())
	}
	return words
}

// matchPayment wants our own amount and day: another payment may be told meanwhile.
func matchPayment(e outbox.Entry, v Values, since []activity.Activity) ([]activity.Key, bool) {
	amount, err := decimal.NewFromString(v.first(fieldAmount))
	if err != nil {
		return nil, false
	}
	tracking := text.Line(v.first(fieldTracking))
	tracked := func(a *activity.Activity, same func(theirs string) bool) bool {
		d, ok := a.Data.(activity.Payment)
		return ok && d.Amount != nil && d.Amount.Equal(amount) && d.SentOn == v.first(fieldSentAt) && same(d.Tracking)
	}
	keys, whole := one(since, func(a *activity.Activity) bool {
		return tracked(a, func(theirs string) bool { return theirs == "" || theirs == tracking })
	})
	if whole {
		return keys, whole
	}
	return rewritten(e, since, func(a *activity.Activity) bool {
		return tracked(a, func(theirs string) bool { return begins(theirs, tracking) })
	})
}
