// Package scenario tests a LossExpress account in its testing phase. A scenario is a list of steps: create a claim,
// make LossExpress act, do what a person does, and say what has to come of it. Scenarios are TOML files; a set of
// them is shipped, which covers every test VIN, every trigger and every route.
//
// Steps act through the action registry and the typed client, as the console and the command line do, and watch the
// feed of their claim at the service itself. The service cannot delete: a run leaves its claims behind and says which.
package scenario

import (
	"fmt"
	"strings"
	"time"

	"claimdeck/state/activity"
)

// Scenario is what one file says.
type Scenario struct {
	Name  string // unique among the shipped ones
	About string // one sentence
	Needs Need
	File  string // for messages; empty: it was not read from a file
	Steps []Step

	person bool // it is one deed of a person, which a recording keeps
}

// Need is what a scenario cannot do without.
type Need string

// The needs.
const (
	Nothing  Need = ""
	Loopback Need = "loopback" // the service is on this machine, so that it can call a webhook here
)

// Kind is what a step does.
type Kind string

// The kinds of step, by the key that makes a step one of them.
const (
	Create    Kind = "create"    // creates a claim: a test VIN by name, a VIN, or "plain"
	Trigger   Kind = "trigger"   // fires a trigger on the claim
	Act       Kind = "act"       // an action of the registry on the claim, as the console and the command line do it
	Call      Kind = "call"      // one route of the service, without the checks of an action; see Calls
	Upload    Kind = "upload"    // adds a generated PDF to the claim, of the type given
	Wait      Kind = "wait"      // an activity of this type has to arrive on the claim
	Delivered Kind = "delivered" // an activity of this type has to arrive at the webhook, with a true signature
	Expect    Kind = "claim"     // the claim has to have these values
)

func kinds() []string {
	var names []string
	for _, k := range []Kind{Create, Trigger, Act, Call, Upload, Wait, Delivered, Expect} {
		names = append(names, string(k))
	}
	return names
}

// causes reports whether a step of this kind makes something happen that later steps wait for.
func (k Kind) causes() bool {
	switch k {
	case Create, Trigger, Act, Call, Upload:
		return true
	default:
		return false
	}
}

// Step is one step. Texts may hold variables, such as ${claim}; see vars.
type Step struct {
	Line    int // in the file; 0: it was not read from one
	Kind    Kind
	What    string            // the value of the kind's key
	With    map[string]any    // create: fields of the claim; act: values; call: arguments
	Where   []Match           // what the activity, the claim or the answer has to hold
	Has     []string          // paths that have to be there
	Keep    map[string]string // variable by name: the path of its value in the activity, the claim or the answer
	Refused *Refusal          // the step has to be refused; nil: it has to be accepted
	Within  time.Duration     // of wait, delivered and claim; 0: the studio's
}

// Match is a value that has to stand at a path.
type Match struct {
	Path string
	Want any // string, bool, int64 or float64
}

// Refusal is what a refused step has to say.
type Refusal struct {
	Status int    // HTTP status; 0: it has to be refused before it is sent
	Text   string // part of the message
}

// Title says the step in a few words: "wait payoff-data-added".
func (s Step) Title() string {
	words := string(s.Kind)
	switch {
	case s.Kind == Expect:
		words = "claim has " + strings.Join(s.paths(), ", ")
	case s.What != "":
		words += " " + s.What
	}
	if s.Refused != nil {
		words += ", refused"
		if s.Refused.Status > 0 {
			words += fmt.Sprintf(" with %d", s.Refused.Status)
		}
	}
	return words
}

// paths are all that the step looks at.
func (s Step) paths() []string {
	var all []string
	for _, m := range s.Where {
		all = append(all, m.Path)
	}
	return append(all, s.Has...)
}

// Status is how a step or a scenario ended.
type Status string

// The statuses.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped" // not done, with the reason
)

// StepResult is how one step ended.
type StepResult struct {
	Line   int           `json:"line,omitempty"`
	Title  string        `json:"title"`
	Status Status        `json:"status"`
	Words  string        `json:"words,omitempty"` // what came of it, or why it failed
	Took   time.Duration `json:"-"`
	// After is the time from the step that caused it to the arrival of the activity; 0: nothing arrived.
	After    time.Duration      `json:"-"`
	Activity *activity.Activity `json:"-"` // what arrived
	Claim    Created            `json:"-"` // the claim the run is on
}

// Created is a claim that a run created.
type Created struct {
	ClaimID string `json:"claimId"`
	Number  string `json:"claimNumber"`
	VIN     string `json:"vin"`
}

// Result is how a scenario ended.
type Result struct {
	Name    string
	About   string
	File    string
	Status  Status
	Words   string // why it failed or was skipped
	Began   time.Time
	Took    time.Duration
	Steps   []StepResult
	Created []Created
}
