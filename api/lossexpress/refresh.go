package lossexpress

import (
	"context"
	"net/http"

	"claimdeck/api"
)

// RefreshTypes returns the order types that RefreshOrders takes (remote document: Vendor API, Refresh Orders).
func RefreshTypes() []string {
	return []string{
		"Bill of Sale", "Copy of Title", "Installment Contract", "Lien Release Letter", "One and the Same Letter",
		"Payment History", "Payment Status", "Repo Affidavit", "Title Status", "Letter of Guarantee", "Loan Payoff Request",
	}
}

// RefreshOrders repeats orders that were fulfilled or cancelled: POST /claims/{claimId}/orders/refresh with
// {types: [...]}. It is billed again. It answers as CreateOrders does. 500 when any one type fails: the others are still
// processed, so the outcome is uncertain (remote document: Vendor API, Refresh Orders).
func (c *Client) RefreshOrders(ctx context.Context, claimID string, types []string) (Ordered, error) {
	return c.ordered(ctx, RefreshOrdersRequest(claimID, types))
}

// RefreshOrdersRequest is what RefreshOrders sends.
func RefreshOrdersRequest(claimID string, types []string) api.Request {
	r := forClaim("refresh orders", http.MethodPost, claimID, "claims", claimID, "orders", "refresh")
	r.Body = struct {
		Types []string `json:"types"`
	}{types}
	return invalid(r, blank(types), "no order type is chosen")
}

// RefreshPayoff asks for a new payoff quote: POST /claims/{claimId}/payoff-request/refresh, without a body. It is billed
// again, answers as RequestPayoff does, and is deprecated for RefreshOrders. 400 for missing documents, 404 when there
// never was a request (remote document: Vendor API, Payoff Requests).
func (c *Client) RefreshPayoff(ctx context.Context, claimID string) (Ack, error) {
	return c.acknowledge(ctx, RefreshPayoffRequest(claimID))
}

// RefreshPayoffRequest is what RefreshPayoff sends.
func RefreshPayoffRequest(claimID string) api.Request {
	return forClaim("refresh payoff", http.MethodPost, claimID, "claims", claimID, "payoff-request", "refresh")
}

// RefreshGuarantee asks for a new letter of guarantee: POST /claims/{claimId}/letter-of-guarantee-request/refresh,
// without a body. It is billed again, answers as RequestGuarantee does, and is deprecated for RefreshOrders. 400 for
// missing documents, 404 when there never was a request (remote document: Vendor API, Letter of Guarantee Requests).
func (c *Client) RefreshGuarantee(ctx context.Context, claimID string) (Requested, error) {
	return c.requested(ctx, RefreshGuaranteeRequest(claimID))
}

// RefreshGuaranteeRequest is what RefreshGuarantee sends.
func RefreshGuaranteeRequest(claimID string) api.Request {
	return forClaim("refresh letter of guarantee", http.MethodPost, claimID, "claims", claimID, "letter-of-guarantee-request", "refresh")
}
