package lossexpress

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
	FaultNone             = fault.None
	FaultUnauthorized     = fault.Unauthorized // "The provided token has expired."
	FaultForbidden        = fault.Forbidden    // "This claim is not available during testing."
	FaultNotFound         = fault.NotFound
	FaultMethodNotAllowed = fault.MethodNotAllowed
	FaultNotAcceptable    = fault.NotAcceptable
	FaultTooLarge         = fault.TooLarge
	FaultTooManyRequests  = fault.TooManyRequests
	FaultServerError      = fault.ServerError
	FaultUnavailable      = fault.Unavailable
	FaultReset            = fault.Reset
	FaultSlow             = fault.Slow
	FaultSlowBody         = fault.SlowBody
	FaultTruncated        = fault.Truncated
	FaultCutShort         = fault.CutShort
	FaultHTMLBadGateway   = fault.HTMLBadGateway
	FaultHTMLOK           = fault.HTMLOK
)

// refuse is the error of a fault.
func refuse(_ *http.Request, status int) fault.Reply {
	switch status {
	case http.StatusUnauthorized:
		return failure(status, textExpired).Reply
	case http.StatusForbidden:
		return failure(status, textTesting).Reply
	case http.StatusRequestEntityTooLarge:
		return tooLarge(1 << 20).Reply
	case http.StatusServiceUnavailable:
		return failure(status, textMaintenance).Reply
	case http.StatusInternalServerError:
		return failure(status, textInternal).Reply
	default:
		return failure(status, http.StatusText(status)).Reply
	}
}
