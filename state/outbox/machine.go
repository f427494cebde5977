package outbox

import (
	"encoding/json"
	"slices"
	"time"

	"claimdeck/state/activity"
)

// step is one thing that can happen to an entry.
type step string

const (
	stepUndo   step = "undo"   // a person takes it back
	stepExpire step = "expire" // its hold ended while nobody was there to send it
	stepSend   step = "send"   // a process takes it to send it
	stepAccept step = "accept" // the service answered 2xx
	stepRefuse step = "refuse" // the service said no, or nothing was sent
	stepDoubt  step = "doubt"  // the attempt ended without a trustworthy answer
	stepPart   step = "part"   // a part of its effect was seen in the feed
	stepSee    step = "see"    // its whole effect was seen in the feed
	stepFind   step = "find"   // its effect was seen at the service, of which the feed does not tell
	stepCheck  step = "check"  // claim and feed were re-read, and the effect is not there
	stepDrop   step = "drop"   // a person gives it up
)

// transitions is the state machine: every step that is not listed is impossible.
var transitions = map[State]map[step]State{
	Held:     {stepUndo: Undone, stepDrop: Undone, stepExpire: Rejected, stepSend: Sending},
	Sending:  {stepAccept: Accepted, stepRefuse: Rejected, stepDoubt: Unknown},
	Accepted: {stepPart: Accepted, stepSee: Confirmed, stepFind: Confirmed},
	// An answer may still come after another process took the attempt for dead.
	Unknown: {
		stepPart: Unknown, stepSee: Confirmed, stepFind: Confirmed, stepCheck: Unknown, stepSend: Sending, stepDrop: Dropped,
		stepAccept: Accepted, stepRefuse: Rejected,
	},
	Dropped:  {stepPart: Dropped, stepSee: Confirmed},
	Rejected: {stepSend: Sending, stepDrop: Dropped},
}

// change is a step with what it brings.
type change struct {
	step     step
	at       time.Time
	holder   string          // send
	baseline int64           // send
	answer   json.RawMessage // accept
	problem  *Problem        // expire, refuse, doubt
	keys     []activity.Key  // part, see
}

// advance is the state machine as a pure function: the entry after the change, and false when the change is not
// possible. It never touches what e points to.
func advance(e Entry, c change) (Entry, bool) {
	to, ok := transitions[e.State][c.step]
	if !ok || !permitted(e, c) {
		return e, false
	}
	doubt := inDoubt(e)
	e.State = to
	switch c.step {
	case stepSend:
		e = sent(e, c, doubt)
	case stepAccept:
		e.AnsweredAt, e.Answer, e.Problem, e.Checked = c.at, c.answer, nil, false
	case stepRefuse, stepExpire:
		e = refused(e, c)
	case stepDoubt:
		p := problemOf(c.problem)
		p.Doubt = wasRetried(e)
		e.AnsweredAt, e.Problem, e.Checked = c.at, p, false
	case stepPart:
		e.ConfirmedBy = slices.Clone(c.keys)
	case stepSee, stepFind:
		e.ConfirmedBy, e.SettledAt, e.Problem, e.Checked = slices.Clone(c.keys), c.at, nil, false
	case stepCheck:
		e.Checked = true
	case stepUndo, stepDrop:
		e.SettledAt = c.at
	}
	return e, true
}

// permitted holds the rules that depend on more than the state.
func permitted(e Entry, c change) bool {
	switch {
	case c.step == stepSend && e.State == Unknown:
		return e.Checked && len(e.ConfirmedBy) == 0
	case c.step == stepSee || c.step == stepPart:
		return len(c.keys) > 0 && (e.State != Dropped || inDoubt(e))
	}
	return true
}

// inDoubt reports whether an attempt of e may have had its effect without our knowing.
func inDoubt(e Entry) bool {
	switch e.State {
	case Unknown:
		return true
	case Sending, Dropped:
		return e.Problem != nil && !e.Problem.Refused && !e.Problem.NotSent
	default:
		return false
	}
}

// sent starts an attempt. The doubt about an earlier attempt stays until the feed or a 2xx ends it; its baseline
// stays too, so that a late effect of that attempt still confirms the entry.
func sent(e Entry, c change, doubt bool) Entry {
	if doubt {
		e.Problem = &Problem{Message: problemOf(e.Problem).Message, Doubt: true}
	} else {
		e.Baseline, e.Problem = c.baseline, nil
	}
	e.SentAt, e.Holder = c.at, c.holder
	e.Attempts++
	e.AnsweredAt, e.SettledAt, e.Answer, e.Checked, e.ConfirmedBy = time.Time{}, time.Time{}, nil, false, nil
	return e
}

// refused ends an attempt without effect. It settles the entry only when no earlier attempt is in doubt: that
// the service refuses the second try does not tell what became of the first.
func refused(e Entry, c change) Entry {
	p := problemOf(c.problem)
	if c.step == stepRefuse {
		e.AnsweredAt = c.at
	}
	if wasRetried(e) {
		p.NotSent, p.Doubt = false, true
		e.State, e.Problem, e.Checked = Unknown, p, true
		return e
	}
	p.Refused = !p.NotSent
	e.SettledAt, e.Problem, e.Checked = c.at, p, false
	return e
}

// wasRetried reports whether e's latest attempt followed one whose outcome is in doubt.
func wasRetried(e Entry) bool { return e.Problem != nil && e.Problem.Doubt }

// problemOf returns a copy of p, or a problem that says that none was given.
func problemOf(p *Problem) *Problem {
	if p == nil {
		return &Problem{Message: "no reason was given"}
	}
	c := *p
	return &c
}
