package claimcenter

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
	FaultTooManyRequests = fault.TooManyRequests
	FaultServerError     = fault.ServerError
	FaultUnavailable     = fault.Unavailable
	FaultReset           = fault.Reset
	FaultSlow            = fault.Slow
	FaultTruncated       = fault.Truncated
	FaultCutShort        = fault.CutShort
	FaultHTMLBadGateway  = fault.HTMLBadGateway
	FaultHTMLOK          = fault.HTMLOK
)

// refuse is an error that says what its status says.
func refuse(r *http.Request, status int) reply {
	switch status {
	case http.StatusUnauthorized:
		return unauthorised()
	case http.StatusForbidden:
		return notAuthorised()
	case http.StatusNotFound:
		return notFound(r.URL.Path)
	case http.StatusTooManyRequests:
		return failure(status, "TooManyRequestsException", "Too many requests")
	case http.StatusServiceUnavailable:
		return failure(status, "ServiceUnavailableException", "The server is in maintenance mode")
	case http.StatusInternalServerError:
		return failure(status, "ServerErrorException", "An unexpected error occurred")
	default:
		return failure(status, "RestException", http.StatusText(status))
	}
}
