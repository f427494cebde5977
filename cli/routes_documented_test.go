package cli_test

// documentedRoute is a route as the documents have it: its requests, the statuses named for it, and an error text that is
// quoted there.
type documentedRoute struct {
	number   int
	requests []string
	errors   []int
	words    string
}

// The texts that the documents quote.
const (
	noPapers  = "Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'"
	noLetter  = "Letter of Guarantee does not exist for this claim."
	noPayoff  = "A payoff request does not exist for this claim."
	noCounter = "A settlement counter does not exist for this claim."
)

// documented are the routes of the carrier's and the vendor's documents that claimdeck uses. The webhook routes have moved;
// both places are served.
func documented() []documentedRoute {
	one := func(number int, request string, errors ...int) documentedRoute {
		return documentedRoute{number: number, requests: []string{request}, errors: errors}
	}
	says := func(words string, r documentedRoute) documentedRoute { r.words = words; return r }
	return []documentedRoute{
		one(1, "POST /oauth/token", 401),
		one(2, "GET /activities", 400),
		one(3, "POST /activities/trigger-activity/{claimId}", 400, 403, 404),
		one(4, "POST /claims", 400),
		one(5, "GET /claims/{claimId}", 403, 404),
		one(6, "PUT /claims/{claimId}", 400, 404),
		one(7, "GET /claims", 400),
		one(8, "POST /claims/{claimId}/direct-messages", 400),
		one(9, "POST /claims/documents/{claimId}", 400),
		one(10, "GET /documents/{documentId}", 401, 403, 404),
		says(noPapers, one(11, "POST /claims/{claimId}/letter-of-guarantee-request", 400)),
		says(noLetter, one(12, "DELETE /claims/{claimId}/letter-of-guarantee-request", 404)),
		one(13, "GET /claims/order-types"),
		one(14, "POST /claims/{claimId}/orders", 400),
		one(15, "DELETE /claims/{claimId}/cancel-orders", 400, 404),
		one(16, "POST /claims/{claimId}/payoff-sent", 400),
		says(noPapers, one(17, "POST /claims/{claimId}/payoff-request", 400)),
		says(noPayoff, one(18, "DELETE /claims/{claimId}/payoff-request", 404)),
		says(noCounter, one(19, "POST /claims/{claimId}/settlement-counter", 404)),
		{number: 20, requests: []string{"POST /activities/webhook", "POST /carriers/webhook"}},
		{number: 21, requests: []string{"GET /activities/webhook-info", "GET /carriers/webhook-info"}},
		one(22, "PUT /carriers/deactivate-webhook"),
		one(23, "POST /claims/{claimId}/orders/refresh", 500),
		{number: 24, requests: []string{
			"POST /claims/{claimId}/payoff-request/refresh", "POST /claims/{claimId}/letter-of-guarantee-request/refresh",
		}, errors: []int{400, 404}},
		one(25, "GET /lenders"),
	}
}
