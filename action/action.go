// Package action is what a person can do: one entry an action, used alike by the console (a form), the command
// line (flags), the palette and the docs. Adding an action is adding one entry.
package action

import (
	"context"
	"encoding/json"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// Risk says what an action does to the world, from harmless to final.
type Risk int

// The risks.
const (
	Reads Risk = iota
	Writes
	Bills        // costs money
	Irreversible // cannot be taken back once accepted
)

// Kind is how a field is asked for.
type Kind int

// The kinds of field.
const (
	Text Kind = iota
	LongText
	Choice      // one of Options
	MultiChoice // some of Options
	File        // a document on disk: path, read when sent, journaled with its hash
)

// Field is one input of an action.
type Field struct {
	Name      string // the API's field name, and the form's key: "types"
	Flag      string // the command line's flag: "type"
	Args      bool   // the command line takes the values as arguments after CLAIM, not by the flag
	Label     string // "Order types"
	Help      string
	Kind      Kind
	Required  bool
	Sensitive bool // never shown in lists, logs or exports
	// Options lists what may be chosen; nil for free text. It may ask the service.
	Options func(ctx context.Context, s Subject) ([]Option, error)
	// Open lets values that are not among the Options through with a warning: the list is our projection, which may be
	// behind the service.
	Open bool
	// Check returns a refusal for a value, in a specialist's words; nil accepts everything.
	Check func(value string) error
}

// Option is one choice of a field.
type Option struct {
	Value, Label string
	Note         string // why it may be unwise or impossible: "already pending"
	Disabled     bool
}

// Subject is what an action acts on.
type Subject struct {
	Claim claim.Claim
	Now   time.Time
}

// Values are the inputs by field name; a MultiChoice may hold several.
type Values map[string][]string

// Readiness is the answer of a preflight.
type Readiness struct {
	OK     bool
	Reason string // why not, or a warning when OK
	Fix    string // id of the action that would fix it; may be empty
}

// Action is one thing a person can do.
type Action struct {
	ID     string // "order.create"; the command line is its words: order create
	Title  string // "Order documents"
	Help   string // one sentence
	Risk   Risk
	Fields []Field
	// Preflight says from the projection whether the action can work now. It may delay a person, never forbid:
	// the server decides.
	Preflight func(s Subject) Readiness
	// Describe says what will be sent: "Order Copy of Title, Payment History".
	Describe func(s Subject, v Values) string
	// Preview is the request as it will be sent, documents shortened.
	Preview func(s Subject, v Values) (Request, error)
	// Send performs the call once and returns the answer's body.
	Send func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error)
	// Match finds the activities that show the effect of e; see outbox.Sender.
	Match func(e outbox.Entry, v Values, since []activity.Activity) (keys []activity.Key, whole bool)
}

// Request is a preview of what goes over the wire.
type Request struct {
	Method, Path string
	Body         string // indented JSON, documents shortened; empty: no body
}
