// Package outbox is the journal of writes: nothing is sent before it is journaled, nothing whose outcome is
// unknown is sent again by itself, and every write ends confirmed, rejected or in a person's hands.
//
//	held -> sending -> accepted -> confirmed
//	held -> undone      sending -> rejected
//	sending -> unknown -> confirmed | sending (a person retries) | dropped (a person gives up)
//
// The steps in full are the table in machine.go; Box is the engine that takes them.
package outbox

import (
	"context"
	"encoding/json"
	"time"

	"claimdeck/state/activity"
)

// State is where a write stands.
type State string

// The states of a write.
const (
	Held      State = "held"      // journaled, not sent; can be undone until HoldUntil
	Undone    State = "undone"    // taken back before it was sent
	Sending   State = "sending"   // being sent by the process in Holder
	Accepted  State = "accepted"  // the service answered 2xx; its activity was not seen yet
	Confirmed State = "confirmed" // its activity was seen in the feed
	Rejected  State = "rejected"  // the service said no, or it was provably never sent
	Unknown   State = "unknown"   // sent, and no trustworthy answer
	Dropped   State = "dropped"   // unknown, and given up by a person
)

// Entry is one write and its story.
type Entry struct {
	ID          string // UUID v7: sorts by time
	Action      string // id of the action, such as "order.create"
	ClaimID     string
	ClaimNumber string
	Title       string          // what it does, such as "Order Copy of Title, Payment History"
	Input       json.RawMessage // the field values as typed: documents by path and hash, secrets never
	Origin      string          // "console" or "cli"
	State       State
	CreatedAt   time.Time
	HoldUntil   time.Time
	SentAt      time.Time // start of the latest attempt; zero: never sent
	AnsweredAt  time.Time // when the latest attempt ended, with an answer or in doubt
	SettledAt   time.Time // when it reached a state that no longer changes by itself
	Attempts    int
	Holder      string          // the process that holds or sends it
	Baseline    int64           // newest store sequence when it was last sent: older rows cannot confirm it
	Answer      json.RawMessage // body of the 2xx answer
	Problem     *Problem        // why it was rejected, or why its outcome is unknown
	Checked     bool            // unknown: claim and feed were re-read and the effect was not seen
	ConfirmedBy []activity.Key
}

// Problem is a refusal or a doubt, in a specialist's words.
type Problem struct {
	Message string            `json:"message"`
	Status  int               `json:"status,omitempty"`  // HTTP status; 0 when there was none
	Fields  map[string]string `json:"fields,omitempty"`  // the server's words by field name of the action
	NotSent bool              `json:"notSent,omitempty"` // provably nothing reached the service
	SignIn  bool              `json:"signIn,omitempty"`  // credentials were refused
	Refused bool              `json:"refused,omitempty"` // the service said no: this attempt had no effect
	Doubt   bool              `json:"doubt,omitempty"`   // an earlier attempt of the entry may have had its effect
}

// Outcome is what one attempt to send came to. Exactly one of Accepted, Rejected and Unknown is its State.
type Outcome struct {
	State   State
	Answer  json.RawMessage
	Problem *Problem // nil when accepted
}

// Sender performs writes; package action implements it.
type Sender interface {
	// Send performs the call of e once. It never retries after bytes may have reached the service.
	Send(ctx context.Context, e Entry) Outcome
	// Recheck reads the claim and its recent feed into the store, so that Match can be asked again.
	Recheck(ctx context.Context, e Entry) error
	// Match returns the activities, of those given, that show the effect of e, and whether they show all of it.
	// The given activities are of e's claim, newer than its Baseline, and confirm no other entry.
	Match(e Entry, since []activity.Activity) (keys []activity.Key, whole bool)
}

// Witness is a Sender that can ask the service itself for an effect that the feed does not tell of.
type Witness interface {
	// Seen reports whether the effect of e is there. False also when only the feed can tell.
	Seen(ctx context.Context, e Entry) (bool, error)
}

// Journal is the store as the outbox needs it. Every method is one transaction.
type Journal interface {
	// Insert journals a new entry.
	Insert(ctx context.Context, e Entry) error
	// Move writes e if the stored state is still from; it returns false when another process moved it first.
	// The change is added to the entry's history.
	Move(ctx context.Context, from State, e Entry, note string) (bool, error)
	// Entry returns one entry. ErrNotFound when there is none.
	Entry(ctx context.Context, id string) (Entry, error)
	// Entries returns the entries in any of the states (all when none is given), newest first, at most limit
	// (0: no limit).
	Entries(ctx context.Context, limit int, states ...State) ([]Entry, error)
	// History returns the story of an entry, oldest first.
	History(ctx context.Context, id string) ([]Event, error)
	// Sequence returns the newest sequence number of stored activities.
	Sequence(ctx context.Context) (int64, error)
	// Candidates returns the activities of e's claim that came after e.Baseline, are not older than since, and
	// confirm no other entry.
	Candidates(ctx context.Context, e Entry, since time.Time) ([]activity.Activity, error)
}

// Event is one step of an entry's story.
type Event struct {
	At       time.Time
	From, To State
	Note     string
}
