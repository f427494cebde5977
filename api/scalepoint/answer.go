package scalepoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"claimdeck/api"
)

// The codes of the document.
const (
	CodeSuccess              = "SUCCESS"
	CodeNoLines              = "NO_LINES_TO_SUBMIT"
	CodeAlreadySubmitted     = "CASE_ALREADY_SUBMITTED"
	CodeNotOpen              = "CASE_IS_NOT_OPEN"
	CodeAgreementNotAccepted = "AGREEMENT_NOT_ACCEPTED"
	CodeNotFound             = "CASE_NOT_FOUND"
	CodeInvalidTenant        = "INVALID_TENANT"
	CodeServerError          = "INTERNAL_SERVER_ERROR"
	CodeUnauthorized         = "UNAUTHORIZED"
)

// Codes returns the codes of the document, in its order.
func Codes() []string {
	return []string{
		CodeSuccess, CodeNoLines, CodeAlreadySubmitted, CodeNotOpen, CodeAgreementNotAccepted, CodeNotFound,
		CodeInvalidTenant, CodeServerError, CodeUnauthorized,
	}
}

// repeatIsSafe is what to do where nobody knows whether a case was submitted.
const repeatIsSafe = "submitting it again is safe: a case that went through answers " + CodeAlreadySubmitted

// Words says what a code means and what to do, for a specialist. A code that is not documented is shown as it came.
func Words(code string) string {
	switch code {
	case CodeSuccess:
		return "submitted"
	case CodeNoLines:
		return "not submitted, although the service calls it a success: the case has no lines; enter them in Self-Service, then submit it again"
	case CodeAlreadySubmitted:
		return "submitted before: there is nothing left to do"
	case CodeNotOpen:
		return "the case is not open: look it up in ClaimShop, and check that this is the right case token"
	case CodeAgreementNotAccepted:
		return "the customer has not accepted the agreement: have it accepted in Self-Service, then submit the case again"
	case CodeNotFound:
		return "no case has this token: check the case token, the country and the tenant"
	case CodeInvalidTenant:
		return "Scalepoint does not know this tenant: check the tenant and the country of the profile"
	case CodeServerError:
		return "Scalepoint failed, and may have submitted the case or not; " + repeatIsSafe
	case CodeUnauthorized:
		return "Scalepoint did not accept the sign-in, nor a new one: check the client id and the scope"
	case "":
		return "answered without a code"
	}
	return fmt.Sprintf("answered %q, which is not a documented code", clean(code))
}

// Outcome is what became of a case.
type Outcome int

// The outcomes.
const (
	NotSent          Outcome = iota // nothing reached the service
	Submitted                       // by this call
	AlreadySubmitted                // by an earlier one: it settles a call whose outcome was unknown
	NotSubmitted                    // taken for a success and not done: the case has no lines
	Refused                         // surely not submitted
	Unknown                         // nobody can say; submitting it again is safe and tells
)

// String names the outcome.
func (o Outcome) String() string {
	switch o {
	case Submitted:
		return "submitted"
	case AlreadySubmitted:
		return "already submitted"
	case NotSubmitted:
		return "not submitted"
	case Refused:
		return "refused"
	case Unknown:
		return "unknown"
	default:
		return "not sent"
	}
}

// Done reports whether the case is submitted, by this call or before.
func (o Outcome) Done() bool { return o == Submitted || o == AlreadySubmitted }

// Answer is what the service said of a case.
type Answer struct {
	Success bool
	Code    string // as sent, cleaned; empty: there was none
	Status  int    // HTTP; 0: no answer came
	Outcome Outcome
	Body    json.RawMessage // the answer as sent when it was JSON; else nil
}

// outcomeOf decides on the code, then on success, then on the HTTP status ("HTTP status and message code should be used to
// determine error type"). A SUCCESS that contradicts itself is not believed, nor is a success without its code, which is
// what NO_LINES_TO_SUBMIT would look like: not knowing costs one more call, and believing a lost case.
func outcomeOf(b body, status int) Outcome {
	switch b.Code {
	case CodeSuccess:
		if b.Success != nil && !*b.Success || status >= http.StatusBadRequest {
			return Unknown
		}
		return Submitted
	case CodeNoLines:
		return NotSubmitted
	case CodeAlreadySubmitted:
		return AlreadySubmitted
	case CodeNotOpen, CodeAgreementNotAccepted, CodeNotFound, CodeInvalidTenant, CodeUnauthorized:
		return Refused
	case CodeServerError:
		return Unknown
	}
	said := b.Success != nil && *b.Success
	if !said && status >= 400 && status <= 499 && status != http.StatusRequestTimeout {
		return Refused
	}
	return Unknown
}

// body is the answer {success, code}, read tolerantly: success may be quoted, either may be missing or of another shape.
type body struct {
	Success *bool // nil: not said
	Code    string
}

// UnmarshalJSON implements json.Unmarshaler.
func (b *body) UnmarshalJSON(raw []byte) error {
	var o map[string]json.RawMessage
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	*b = body{}
	if o == nil {
		return fmt.Errorf("null where an answer was expected")
	}
	switch strings.ToLower(strings.Trim(string(bytes.TrimSpace(o["success"])), `"`)) {
	case "true":
		b.Success = new(true)
	case "false":
		b.Success = new(false)
	}
	var code string
	if json.Unmarshal(o["code"], &code) == nil {
		b.Code = clean(code)
	} else if raw := bytes.TrimSpace(o["code"]); len(raw) > 0 && raw[0] >= '0' && raw[0] <= '9' {
		b.Code = clean(string(raw)) // a number
	}
	return nil
}

// maxCode bounds what is shown of an unknown code.
const maxCode = 100

func clean(code string) string { return api.Words(strings.TrimSpace(code), maxCode) }
