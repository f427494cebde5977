package api

import (
	"errors"
	"fmt"
	"time"
)

// The kinds of failure a caller can act on; match with errors.Is.
var (
	ErrUnauthorized = errors.New("not signed in")       // ask the person to sign in again
	ErrForbidden    = errors.New("not allowed")         // tell the person; a retry changes nothing
	ErrNotFound     = errors.New("not found")           // the thing is gone or never was
	ErrInvalid      = errors.New("refused as invalid")  // show Fields at their fields
	ErrTooLarge     = errors.New("too large")           // send less
	ErrRateLimited  = errors.New("too many requests")   // wait After, then try again
	ErrUnavailable  = errors.New("service unavailable") // reads: try again later; writes: outcome unknown
	ErrBadResponse  = errors.New("unreadable answer")   // an answer that is not what the document says
	ErrUnreachable  = errors.New("no connection")       // nothing was sent
	ErrInterrupted  = errors.New("no answer")           // sent, and cut off before an answer came
)

// Error is a failed call, in words for a specialist. It never carries a token, a secret or a request body.
type Error struct {
	System    string        // "LossExpress"
	Op        string        // "create orders"
	Status    int           // HTTP status; 0 when no answer came
	Code      string        // the service's own code or error name, such as "Bad Request"
	Message   string        // the service's own words, cleaned; or ours when it said nothing
	Fields    []FieldError  // validation errors by field
	RequestID string        // of the answer's headers, when there was one
	After     time.Duration // Retry-After; zero: not said
	Sent      bool          // bytes of the request may have reached the service
	Kind      error         // one of the sentinels
	Err       error         // the cause; may be nil
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
