package scalepoint

import (
	"net/http"

	"claimdeck/sandbox/fault"
)

// Fault makes matching requests fail. TokenPath and SubmitPath tell the two routes apart.
type Fault = fault.Fault

// FaultKind is what goes wrong with a request.
type FaultKind = fault.Kind

// The kinds of fault that this service is known for; it knows all the others of package fault too. A refusal but for 401
// and 500, whose bodies are documented, has no body.
const (
	FaultNone             = fault.None
	FaultUnauthorized     = fault.Unauthorized
	FaultBareUnauthorized = fault.BareUnauthorized
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
	FaultEmpty            = fault.Empty
	FaultAnswer           = fault.Answer
)

// The prefixes of the routes, for Fault.Path.
const (
	TokenPath  = tokenPath
	SubmitPath = defaultPrefix + "/"
)

// refuse is an error that says what its status says.
func refuse(_ *http.Request, status int) reply {
	switch status {
	case http.StatusUnauthorized:
		return unauthorised()
	case http.StatusInternalServerError:
		return said(status, false, "INTERNAL_SERVER_ERROR")
	default:
		return reply{Status: status}
	}
}
