package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// The kinds of failure a caller can act on; match with errors.Is.
var (
	ErrUnauthorized = errors.New("not signed in")       // ask the person to sign in again
	ErrForbidden    = errors.New("not allowed")         // tell the person; a retry changes nothing
	ErrNotFound     = errors.New("not found")           // the thing is gone or never was
	ErrInvalid      = errors.New("refused as invalid")  // show Fields at their fields
	ErrConflict     = errors.New("refused as conflict") // read the thing again, then let the person decide
	ErrUnsupported  = errors.New("not supported")       // the service does not know this call: a retry changes nothing
	ErrTooLarge     = errors.New("too large")           // send less
	ErrRateLimited  = errors.New("too many requests")   // wait After, then try again
	ErrUnavailable  = errors.New("service unavailable") // reads: try again later; writes: outcome unknown
	ErrBadResponse  = errors.New("unreadable answer")   // an answer that is not what the document says
	ErrUnreachable  = errors.New("no connection")       // nothing was sent
	ErrInterrupted  = errors.New("no answer")           // sent, and cut off before an answer came
)

// Error is a failed call, in words for a specialist. It never carries a token, a secret or a request body.
//
// For a write, exactly one of NotSent, Refused and Uncertain holds.
type Error struct {
	System    string        // "LossExpress"
	Op        string        // "create orders"
	Status    int           // HTTP status; 0 when no answer came. With NotSent: of the token call
	Code      string        // the service's own code or error name, such as "Bad Request"
	Message   string        // the service's own words, cleaned; or ours when it said nothing
	Fields    []FieldError  // validation errors by field
	RequestID string        // of the answer's headers, when there was one
	After     time.Duration // Retry-After; zero: not said
	Sent      bool          // bytes of the request may have reached the service
	Kind      error         // one of the sentinels
	Err       error         // the cause; may be nil
	// Body is the refusal as sent, but for the secrets of the call, when it was JSON of at most 64 KiB, for systems whose
	// answer codes stand in it; else nil.
	Body json.RawMessage
}

// FieldError is one entry of validation.errors of the remote error envelope.
type FieldError struct {
	Path       string // dotted, such as "lenderAddress.city"
	Message    string
	Type       string
	Constraint string
}

// Error says what failed and why.
func (e *Error) Error() string {
	if e.Message == "" {
		return fmt.Sprintf("%s: %s: %v", e.System, e.Op, e.Kind)
	}
	return fmt.Sprintf("%s: %s: %s", e.System, e.Op, e.Message)
}

// Is matches the sentinel of the error.
func (e *Error) Is(target error) bool { return target == e.Kind }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// NotSent reports that the request provably never left: it was invalid, there was no token, or no connection.
func (e *Error) NotSent() bool { return !e.Sent }

// Refused reports that the service got the request and surely did not do it: it answered 401, 403, 404, 405, 406, 409,
// 413, 422, 429 or any other 4xx but 408, which can also mean that it lost patience halfway.
func (e *Error) Refused() bool {
	return e.Sent && e.Status >= 400 && e.Status <= 499 && e.Status != http.StatusRequestTimeout
}

// Uncertain reports that nobody can say whether a write was done: a 5xx, a 408, a redirect, a time-out, a connection
// that was cut, or a success whose answer cannot be read. It must not be sent again before that is known.
func (e *Error) Uncertain() bool { return e.Sent && !e.Refused() }

// AsError finds the *Error in err.
func AsError(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// KindOf is the kind of failure that an HTTP status means which is not a success.
func KindOf(status int) error {
	switch {
	case status == http.StatusUnauthorized:
		return ErrUnauthorized
	case status == http.StatusForbidden:
		return ErrForbidden
	case status == http.StatusNotFound, status == http.StatusGone:
		return ErrNotFound
	case status == http.StatusConflict, status == http.StatusPreconditionFailed:
		return ErrConflict
	case status == http.StatusMethodNotAllowed, status == http.StatusNotAcceptable, status == http.StatusUnsupportedMediaType:
		return ErrUnsupported
	case status == http.StatusRequestEntityTooLarge, status == http.StatusRequestURITooLong,
		status == http.StatusRequestHeaderFieldsTooLarge:
		return ErrTooLarge
	case status == http.StatusTooManyRequests:
		return ErrRateLimited
	case status == http.StatusRequestTimeout, status >= 500:
		return ErrUnavailable
	case status >= 400:
		return ErrInvalid
	}
	return ErrBadResponse
}

// sayStatus is our message where the service said nothing.
func sayStatus(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "the service did not accept the sign-in"
	case http.StatusForbidden:
		return "the service does not allow this for your account"
	case http.StatusNotFound:
		return "the service does not know this"
	case http.StatusMethodNotAllowed:
		return "the service does not offer this"
	case http.StatusRequestEntityTooLarge:
		return "too large for the service: send a smaller document"
	case http.StatusTooManyRequests:
		return "too many requests: wait a moment, then try again"
	case http.StatusServiceUnavailable:
		return "the service is down for maintenance: try again later"
	}
	if name := http.StatusText(status); name != "" {
		return fmt.Sprintf("answered %d %s", status, name)
	}
	return fmt.Sprintf("answered %d", status)
}
