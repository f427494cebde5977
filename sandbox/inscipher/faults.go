package inscipher

import (
	"net/http"

	"claimdeck/sandbox/fault"
)

// Fault makes matching requests fail.
type Fault = fault.Fault

// FaultKind is what goes wrong with a request.
type FaultKind = fault.Kind

// The kinds of fault that this service is known for; it knows all the others of package fault too.
const (
	FaultNone            = fault.None
	FaultUnauthorized    = fault.Unauthorized
	FaultForbidden       = fault.Forbidden
	FaultNotFound        = fault.NotFound
	FaultTooLarge        = fault.TooLarge
	FaultTooManyRequests = fault.TooManyRequests
	FaultServerError     = fault.ServerError
	FaultUnavailable     = fault.Unavailable
	FaultReset           = fault.Reset
	FaultSlow            = fault.Slow
	FaultSlowBody        = fault.SlowBody
	FaultEmpty           = fault.Empty
	FaultTruncated       = fault.Truncated
	FaultCutShort        = fault.CutShort
	FaultHTMLBadGateway  = fault.HTMLBadGateway
	FaultHTMLOK          = fault.HTMLOK
)

// refuse is an error that says what its status says.
func refuse(_ *http.Request, status int) reply {
	switch status {
	case http.StatusUnauthorized:
		return failure(status, "Invalid API key")
	case http.StatusForbidden:
		return failure(status, "API access is not enabled for this account")
	default:
		return failure(status, http.StatusText(status))
	}
}
