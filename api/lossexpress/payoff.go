package lossexpress

import (
	"context"
	"net/http"
	"time"

	"claimdeck/api"
)

// Payment is the acknowledgement that a payoff check was sent.
type Payment struct {
	SentAt time.Time
	// CheckAmount is "an integer describing the amount sent"; by analogy with payoffAmount it is dollars. It is sent as it
	// is and never rounded: a person decides about cents.
	CheckAmount    Money
	SentTo         *Address // optional
	TrackingNumber string   // optional
	SentVia        string   // optional; "USPS" ...
}

// PayoffSent tells that payment has been sent: POST /claims/{claimId}/payoff-sent with {sentAt, checkAmount, sentTo?,
// trackingNumber?, sentVia?}. The answer is not documented. 400 with validation errors (remote document: Acknowledge
// Payment Sent).
func (c *Client) PayoffSent(ctx context.Context, claimID string, p Payment) (api.Meta, error) {
	return c.accept(ctx, PayoffSentRequest(claimID, p))
}

// PayoffSentRequest is what PayoffSent sends.
func PayoffSentRequest(claimID string, p Payment) api.Request {
	r := forClaim("acknowledge payment", http.MethodPost, claimID, "claims", claimID, "payoff-sent")
	r.Body = struct {
		SentAt         string   `json:"sentAt"`
		CheckAmount    Money    `json:"checkAmount"`
		SentTo         *Address `json:"sentTo,omitempty"`
		TrackingNumber string   `json:"trackingNumber,omitempty"`
		SentVia        string   `json:"sentVia,omitempty"`
	}{stamp(p.SentAt), p.CheckAmount, p.SentTo, p.TrackingNumber, p.SentVia}
	return invalid(r, p.SentAt.IsZero(), "the day on which the check was sent is missing")
}

// RequestPayoff asks the lender for a payoff quote: POST /claims/{claimId}/payoff-request, without a body. It answers
// {claimId}. 400 "Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'" (remote
// document: Create Payoff Request).
func (c *Client) RequestPayoff(ctx context.Context, claimID string) (Ack, error) {
	return c.acknowledge(ctx, RequestPayoffRequest(claimID))
}

// RequestPayoffRequest is what RequestPayoff sends.
func RequestPayoffRequest(claimID string) api.Request {
	return forClaim("request payoff", http.MethodPost, claimID, "claims", claimID, "payoff-request")
}

// CancelPayoff takes a payoff request back: DELETE /claims/{claimId}/payoff-request. It answers {claimId, success: true},
// also when the request was cancelled or completed before. 404 "A payoff request does not exist for this claim." (remote
// document: Cancel Payoff Request).
func (c *Client) CancelPayoff(ctx context.Context, claimID string) (Ack, error) {
	return c.acknowledge(ctx, CancelPayoffRequest(claimID))
}

// CancelPayoffRequest is what CancelPayoff sends.
func CancelPayoffRequest(claimID string) api.Request {
	return forClaim("cancel payoff request", http.MethodDelete, claimID, "claims", claimID, "payoff-request")
}

// Requested is the answer to RequestGuarantee.
type Requested struct {
	ClaimID  string
	Estimate time.Time // when the letter may be there; zero: the service gave none
	api.Meta
}

// RequestGuarantee asks the lender for a letter of guarantee: POST /claims/{claimId}/letter-of-guarantee-request, without
// a body. It answers {claimId, turnAroundTimeEstimate}, a timestamp or null. 400 "Claim is missing one or more required
// documents: 'settlement breakdown' & 'valuation report'" (remote document: Create Letter of Guarantee Request).
func (c *Client) RequestGuarantee(ctx context.Context, claimID string) (Requested, error) {
	return c.requested(ctx, RequestGuaranteeRequest(claimID))
}

// requested sends a request for a letter of guarantee.
func (c *Client) requested(ctx context.Context, r api.Request) (Requested, error) {
	var a answer
	m, err := c.api.Do(ctx, r, &a)
	if err != nil {
		return Requested{}, err
	}
	return Requested{
		ClaimID: take(a.object, "claimId", asString), Estimate: take(a.object, "turnAroundTimeEstimate", asTime), Meta: m,
	}, nil
}

// RequestGuaranteeRequest is what RequestGuarantee sends.
func RequestGuaranteeRequest(claimID string) api.Request {
	return forClaim("request letter of guarantee", http.MethodPost, claimID, "claims", claimID, "letter-of-guarantee-request")
}

// CancelGuarantee takes a request for a letter of guarantee back: DELETE /claims/{claimId}/letter-of-guarantee-request.
// It answers {claimId, success: true}, also when the request was cancelled or completed before. 404 "Letter of Guarantee
// does not exist for this claim." (remote document: Cancel Letter of Guarantee Request).
func (c *Client) CancelGuarantee(ctx context.Context, claimID string) (Ack, error) {
	return c.acknowledge(ctx, CancelGuaranteeRequest(claimID))
}

// CancelGuaranteeRequest is what CancelGuarantee sends.
func CancelGuaranteeRequest(claimID string) api.Request {
	return forClaim("cancel letter of guarantee", http.MethodDelete, claimID, "claims", claimID, "letter-of-guarantee-request")
}

// CounterAnswer accepts or disputes a lender's settlement counter.
type CounterAnswer struct {
	Dispute   bool
	Breakdown []byte // to accept: the new settlement breakdown, a file as in Upload
	Reason    string // to dispute: why
}

// AnswerCounter answers the settlement counter of a claim: POST /claims/{claimId}/settlement-counter with {dispute: true,
// reasonForDispute} or {dispute: false, settlementBreakdown: base64}. It answers {claimId, success: true} and cannot be
// taken back. 404 "A settlement counter does not exist for this claim." That the breakdown is a file in base64, as in
// AddDocument, is not documented (remote document: Accept or Dispute Counter).
func (c *Client) AnswerCounter(ctx context.Context, claimID string, a CounterAnswer) (Ack, error) {
	return c.acknowledge(ctx, AnswerCounterRequest(claimID, a))
}

// AnswerCounterRequest is what AnswerCounter sends.
func AnswerCounterRequest(claimID string, a CounterAnswer) api.Request {
	op := "accept settlement counter"
	if a.Dispute {
		op = "dispute settlement counter"
	}
	r := forClaim(op, http.MethodPost, claimID, "claims", claimID, "settlement-counter")
	r.Timeout = uploadTimeout
	r.Body = struct {
		Dispute             bool   `json:"dispute"`
		SettlementBreakdown []byte `json:"settlementBreakdown,omitempty"`
		ReasonForDispute    string `json:"reasonForDispute,omitempty"`
	}{a.Dispute, a.Breakdown, a.Reason}
	r = invalid(r, a.Dispute && a.Reason == "", "a dispute needs its reason")
	r = invalid(r, !a.Dispute && len(a.Breakdown) == 0, "accepting needs the new settlement breakdown")
	return invalid(r, len(a.Breakdown) > 0 && a.Reason != "", "a counter is accepted with a breakdown or disputed with a reason, not both")
}
