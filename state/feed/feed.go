// Package feed keeps the store in step with a remote activity feed, without ever missing an entry.
//
// The cursor is the newest stored activity; it moves only in the transaction that stores the last rows it
// covers, so a kill at any instant loses nothing and repeats nothing. The remote feed is not trusted: its order,
// the inclusivity of its cursor, the stability of its pages and the uniqueness of its rows are unknown
// (remote document: Fetch Activities), and every rule here holds for all of them.
package feed

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"claimdeck/state/activity"
)

// Source is the remote feed, as far as the syncer needs it. Errors are *Problem or a context error.
type Source interface {
	Page(ctx context.Context, w Window) (Page, error)
}

// Window asks for one page. After is always sent: the service's own default is 30 minutes and would lose a night.
// FromID and Before exclude each other.
type Window struct {
	After   time.Time
	Before  time.Time // zero: not sent
	FromID  string    // activityId of the cursor; empty: not sent
	ClaimID string    // one claim only; empty: all
	Size    int       // 1..500
	Number  int       // zero-based
}

// Page is one page as it came. Results are whole activities, undecoded.
type Page struct {
	Results      []json.RawMessage
	TotalPages   int
	TotalResults int
	ServerTime   time.Time // the answer's Date header; zero when absent
}

// Cursor is the newest activity that is stored with everything before it.
type Cursor struct {
	ID        string
	CreatedAt time.Time
}

// Batch is what one transaction writes.
type Batch struct {
	Activities []activity.Activity
	Cursor     *Cursor // nil: the cursor stays
	Gap        *Gap    // nil: none
}

// Gap is a stretch of the feed that was filled later than it should have been, shown to the person.
type Gap struct {
	From, To time.Time
	FilledAt time.Time
	Added    int
	Why      string
}

// Result is what one Ingest changed: rows already stored are not counted.
type Result struct {
	Added []activity.Activity // in the order they were given
}

// Journal is the store as the syncer needs it. Ingest is one transaction; a row whose Key is stored already is
// left as it is.
type Journal interface {
	Ingest(ctx context.Context, b Batch) (Result, error)
	Cursor(ctx context.Context) (Cursor, bool, error)
}

// Kind says what a problem of the source asks of the syncer.
type Kind int

// The kinds of problem.
const (
	Unreachable  Kind = iota // no or no trustworthy answer: back off, keep the data, say so
	Unauthorized             // credentials refused: keep the data, wait for a sign-in
	BadCursor                // the service refused the cursor (400 or 404): fall back to time
	Refused                  // the service refused the request for good (403, 405, 406 ...)
	TooFast                  // rate limited: wait After
)

// Problem is an error of the Source with what to do about it.
type Problem struct {
	Kind  Kind
	After time.Duration // the service asked to wait this long; zero: not said
	Err   error         // in a person's words
}

// Error returns the words of the cause.
func (p *Problem) Error() string { return p.Err.Error() }

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Err }

// AsProblem finds the problem in err; any other error counts as Unreachable.
func AsProblem(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	return &Problem{Kind: Unreachable, Err: err}
}
