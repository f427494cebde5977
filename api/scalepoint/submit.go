package scalepoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"claimdeck/api"
)

// ErrNotSubmitted is the answer NO_LINES_TO_SUBMIT: HTTP 200, success true, and nothing submitted.
var ErrNotSubmitted = errors.New(Words(CodeNoLines))

// Submit submits a case: POST {base}/{country}/api/{tenant}/case/{token}/submitted, without a body. A 401 renews the
// token and repeats the call once, within the transport.
//
// The error is nil only when the case is submitted, by this call or before (Outcome.Done). It is ErrNotSubmitted for a
// case without lines. All others are *api.Error, and Answer.Outcome says what they mean for the case, where a code says
// more than the HTTP status: for Refused the case is surely not submitted, for Unknown it may be. Submitting again is
// safe in every case (remote document: Self-Service, Submit Case).
func (c *Client) Submit(ctx context.Context, which Case) (Answer, error) {
	var b body
	r := SubmitRequest(which)
	m, err := c.api.Do(ctx, r, &b)
	if err != nil {
		e, ok := api.AsError(err)
		if !ok {
			return Answer{Outcome: Unknown}, err
		}
		return refused(*e)
	}
	a := answerOf(b, m.Status, m.Body)
	switch a.Outcome {
	case Submitted, AlreadySubmitted:
		return a, nil
	case NotSubmitted:
		return a, notSubmitted()
	default:
		e := m.Bad(System, opSubmit, "", nil)
		e.Code, e.Body = a.Code, m.Body
		return a, explained(e, b, a.Outcome)
	}
}

func notSubmitted() error { return fmt.Errorf("%s: %s: %w", System, opSubmit, ErrNotSubmitted) }

func answerOf(b body, status int, raw json.RawMessage) Answer {
	return Answer{
		Success: b.Success != nil && *b.Success, Code: b.Code, Status: status, Outcome: outcomeOf(b, status), Body: raw,
	}
}

// refused reads what an answer that is not a success says, and gives the error the words for it.
func refused(e api.Error) (Answer, error) {
	if e.NotSent() {
		return Answer{}, &e // its Status is of the token call
	}
	var b body
	if json.Unmarshal(e.Body, &b) != nil {
		b = body{} // no JSON, or none of this service: a proxy's
	}
	a := answerOf(b, e.Status, e.Body)
	switch a.Outcome {
	case AlreadySubmitted:
		return a, nil
	case NotSubmitted:
		return a, notSubmitted()
	default:
		return a, explained(&e, b, a.Outcome)
	}
}

// explained gives an error the meaning of its code and, where nobody knows what happened, the remedy.
func explained(e *api.Error, b body, o Outcome) error {
	switch {
	case b.Code != CodeSuccess && slices.Contains(Codes(), b.Code):
		e.Code, e.Message, e.Kind = b.Code, Words(b.Code), kindOf(b.Code, e.Kind)
		return e
	case b.Code != "":
		e.Code = b.Code
		e.Message = fmt.Sprintf("answered %q (%s, HTTP %d)", b.Code, b.says(), e.Status)
		if b.Code != CodeSuccess {
			e.Message += ", which is not a documented code"
		}
	case e.Message == "":
		e.Message = fmt.Sprintf("answered without a code (%s, HTTP %d)", b.says(), e.Status)
	}
	if o == Unknown {
		e.Message += "; whether the case was submitted is not known: " + repeatIsSafe
	}
	return e
}

// says puts success in words.
func (b body) says() string {
	if b.Success == nil {
		return "success not said"
	}
	return fmt.Sprintf("success %t", *b.Success)
}

// kindOf gives the documented refusals a kind: all of them come as HTTP 400.
func kindOf(code string, kind error) error {
	switch code {
	case CodeNotFound:
		return api.ErrNotFound
	case CodeNotOpen, CodeAgreementNotAccepted:
		return api.ErrConflict
	case CodeInvalidTenant:
		return api.ErrInvalid
	}
	return kind
}
