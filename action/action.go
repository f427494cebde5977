// Package action is what a person can do: one entry an action, used alike by the console (a form), the command
// line (flags), the palette and the docs. Adding an action is adding one entry.
package action

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
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
	Money       // US dollars, such as "10,222.33" or "$400"
	Number      // such as "42,000"
	Date        // a day, such as "2026-11-20"
)

// Field is one input of an action.
type Field struct {
	Name      string // the API's field name, and the form's key: "types"
	Flag      string // the command line's flag: "type"
	Args      bool   // the command line takes the values as arguments after CLAIM, not by the flag
	Commas    bool   // on the command line one flag may hold several values, separated by commas
	Label     string // "Order types"
	Help      string
	Kind      Kind
	Section   string // of a long form: "Vehicle"; empty: the form has no sections
	Many      bool   // a File that takes several documents; each becomes a write of its own
	Required  bool
	Sensitive bool // never shown in lists, logs or exports
	Plain     bool // it sounds sensitive by its name, and may be shown to who typed it
	// Options lists what may be chosen; nil for free text. It may ask the service.
	Options func(ctx context.Context, s Subject) ([]Option, error)
	// Remote says that Options asks the service: without an account there is no list.
	Remote bool
	// Open lets values that are not among the Options through with a warning: the list is our projection, which may be
	// behind the service.
	Open bool
	// Check returns a refusal for a value, in a specialist's words; nil accepts everything.
	Check func(value string) error

	normal  func(value string) string // the value as it is journaled and sent; nil: as it was typed
	strange func(value string) string // what to say of an Open value that is no option; nil: the usual, empty: nothing
}

// Option is one choice of a field.
type Option struct {
	Value, Label string
	Note         string // why it may be unwise or impossible: "already pending"
	Disabled     bool
}

// Subject is what an action acts on.
type Subject struct {
	Claim claim.Claim // without an id for an action with NoClaim
	Now   time.Time
}

// Values are the inputs by field name; a MultiChoice, and a File with Many, may hold several.
type Values map[string][]string

// Readiness is the answer of a preflight.
type Readiness struct {
	OK      bool
	Blocked bool   // from here it can surely not be sent, whatever the server thinks: Reason says what to do first
	Reason  string // why not, or a warning when OK
	Fix     string // id of the action that would fix it; may be empty
}

// Action is one thing a person can do.
type Action struct {
	ID     string // "order.create"; the command line is its words: order create
	Title  string // "Order documents"
	Help   string // one sentence
	Risk   Risk
	System string // what people call the system that it goes to: "Scalepoint"; the registry's say LossExpress otherwise
	Fields []Field
	// NoClaim: it acts on no claim, or on none yet. Its Subject has Now alone; see ClaimIDOf for what it created.
	NoClaim bool
	// Confirm is the word that a person types before it is sent, such as "refresh"; on the command line --yes stands for
	// it. Empty: none.
	Confirm string
	// Initial is what the form opens with, such as the claim as it is known now; nil: nothing. See Start.
	Initial func(s Subject) Values
	// Recall returns what is remembered of last time, for the form to propose it. It asks nobody; nil: nothing is.
	Recall func(ctx context.Context, s Subject) (Values, error)
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

	// seen asks the service itself whether an effect is there that no activity tells of; nil: the feed tells.
	seen func(ctx context.Context, e outbox.Entry, v Values) (bool, error)
	// review looks at the values together; what it calls a problem is not sent.
	review func(ctx context.Context, s Subject, v Values) (problems map[string]string, warnings []string)
	// settle turns reviewed values into those of the write: what it leaves out is not journaled and not sent.
	settle func(s Subject, v Values) Values
	// doubt is what a failure of the service means for this action, beside what the service said.
	doubt string
}

// Start returns what the form of a opens with: its Initial values, and what was typed before instead of them.
func (a Action) Start(s Subject, typed Values) Values {
	v := Values{}
	if a.Initial != nil {
		v = a.Initial(s)
	}
	maps.Copy(v, typed)
	return v
}

// LossExpress is the System of all actions that do not name another one. Only its feed tells what became of a write.
const LossExpress = "LossExpress"

// ToldByFeed reports whether the feed may show the effect of a; the answer tells all there is to know otherwise.
func (a Action) ToldByFeed() bool { return a.System == LossExpress }

// Doubt is what a write whose outcome is not known means for this action, as far as that is special; empty: nothing.
func (a Action) Doubt() string { return a.doubt }

// Previews are the requests as they will be sent: one, or one a document.
func (a Action) Previews(s Subject, v Values) ([]Request, error) {
	var all []Request
	for _, one := range a.split(v) {
		r, err := a.Preview(s, one)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// split returns the values of each write that v asks for.
func (a Action) split(v Values) []Values {
	i := slices.IndexFunc(a.Fields, func(f Field) bool { return f.Many })
	if i < 0 || len(v[a.Fields[i].Name]) < 2 {
		return []Values{v}
	}
	name := a.Fields[i].Name
	all := make([]Values, len(v[name]))
	for k, path := range v[name] {
		all[k] = maps.Clone(v)
		all[k][name] = []string{path}
	}
	return all
}

// ClaimIDOf returns the claim that e acts on: of a claim that e created, the one its answer names. Empty while that is
// not known.
func ClaimIDOf(e outbox.Entry) string {
	var told struct {
		ClaimID string `json:"claimId"`
	}
	if e.ClaimID != "" || len(e.Answer) == 0 || json.Unmarshal(e.Answer, &told) != nil {
		return e.ClaimID
	}
	return told.ClaimID
}

// Request is a preview of what goes over the wire.
type Request struct {
	Method, Path string
	Body         string // indented JSON, documents shortened; empty: no body
}
