package lossexpress

import (
	"net/http"
	"strconv"

	"claimdeck/sandbox/fault"
)

// The error texts that the remote documents give word for word.
const (
	textExpired       = "The provided token has expired."
	textTesting       = "This claim is not available during testing."
	textInternal      = "An internal server error occurred"
	textMaintenance   = "We're temporarily offline for maintenance. Please try again later."
	textMissingPapers = "Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'"
	textNoLetter      = "Letter of Guarantee does not exist for this claim."
	textNoPayoff      = "A payoff request does not exist for this claim."
	textNoCounter     = "A settlement counter does not exist for this claim."
)

// object is a JSON object under construction.
type object = map[string]any

// reply is the answer to a request before it is sent.
type reply struct {
	fault.Reply
	plain bool   // no switch may distort the body
	after func() // runs without the lock once the answer is complete, before it is sent
}

// withBody is a reply with a JSON body.
func withBody(status int, body any) reply { return reply{Reply: fault.JSON(status, body)} }

// ok is a 200 with a JSON body.
func ok(body any) reply { return withBody(http.StatusOK, body) }

// failure is the error envelope of the remote documents.
func failure(status int, message string) reply { return withBody(status, errorBody(status, message)) }

func errorBody(status int, message string) object {
	return object{"statusCode": status, "error": http.StatusText(status), "message": message}
}

func tooLarge(limit int64) reply {
	return failure(http.StatusRequestEntityTooLarge,
		"Payload content length greater than maximum allowed: "+strconv.FormatInt(limit, 10))
}
