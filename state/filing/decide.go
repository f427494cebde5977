package filing

import (
	"fmt"
	"time"
)

// Outcome is where a row of a source stands: the state of its entry in the ledger, or why it has none.
type Outcome string

// The outcomes beyond the states of the ledger, which are outcomes too.
const (
	New      Outcome = "new"      // fit to be sent, and not sent yet
	Blocked  Outcome = "blocked"  // held back by the checks
	Repeated Outcome = "repeated" // the same row again: it is sent once
	Changed  Outcome = "changed"  // different content was sent under its id: not sent unless asked
	Busy     Outcome = "busy"     // another claimdeck is sending it
	Held     Outcome = "held"     // its file cannot be read to its end
)

// Outcomes returns all outcomes, what needs a person first.
func Outcomes() []Outcome {
	return []Outcome{Outcome(Rejected), Blocked, Outcome(Unknown), Changed, Held, New, Busy, Outcome(Sending), Outcome(Queued), Repeated, Outcome(Accepted)}
}

// Failed reports whether the outcome needs a person.
func (o Outcome) Failed() bool {
	switch o {
	case Outcome(Rejected), Blocked, Outcome(Unknown), Changed, Held:
		return true
	default:
		return false
	}
}

// item is a row on its way.
type item struct {
	id, hash, file, policy string
	position               Position
	json                   []byte
}

func itemOf(r Row) item {
	return item{id: r.ID(), hash: r.Hash(), file: r.File, policy: r.PolicyNumber(), position: r.Position, json: r.JSON()}
}

// terms are what a decision depends on beside the row and its entry.
type terms struct {
	now     time.Time
	holder  string
	alive   func(holder string) bool
	changed bool // the person wants changed content sent
	doubts  bool // only what is in doubt is to be sent, once more
}

// verdict is what becomes of a row: with send, the entry to journal first.
type verdict struct {
	send    bool
	next    Entry
	outcome Outcome
	why     string
}

// decide says whether a row is to be sent. It runs inside the transaction that claims the row, so of two processes one
// sends it.
func (t terms) decide(it item, prev Entry, known bool) verdict {
	if !known {
		if t.doubts {
			return verdict{outcome: New}
		}
		return t.send(it, Entry{ID: it.id})
	}
	if prev.State == Sending {
		if prev.Holder != t.holder && t.alive(prev.Holder) {
			return verdict{outcome: Busy, why: "another claimdeck is sending it at this moment"}
		}
		prev = orphaned(prev, t.now)
	}
	same := prev.Hash == it.hash
	if t.doubts && (!same || prev.State != Unknown) {
		return verdict{outcome: outcomeOf(it.hash, prev)}
	}
	switch {
	case prev.State == Rejected, prev.State == Unknown && same:
		return t.again(it, prev)
	case same, prev.State == Queued, !t.changed:
		return verdict{outcome: outcomeOf(it.hash, prev), why: explainChanged(it.hash, prev)}
	case prev.Earlier != nil && prev.State == Unknown:
		return verdict{outcome: Changed, why: "two versions of it are in doubt already: look in InsCipher which of them is there"}
	}
	v := t.send(it, prev)
	v.next.Earlier = versionOf(prev)
	return v
}

// again sends the content that was rejected or is in doubt, or what became of it.
func (t terms) again(it item, prev Entry) verdict {
	v := t.send(it, prev)
	v.next.Earlier, v.next.Doubt = prev.Earlier, prev.Doubt && prev.Hash == it.hash
	if prev.Earlier != nil && prev.Earlier.Hash == it.hash && prev.State == Rejected {
		v.next.Earlier, v.next.Doubt = nil, true // back to the version that may be there
	}
	return v
}

func (t terms) send(it item, prev Entry) verdict {
	e := Entry{
		ID: it.id, Hash: it.hash, File: it.file, Position: it.position, PolicyNumber: it.policy,
		State: Sending, Attempts: prev.Attempts + 1, SentAt: t.now, Holder: t.holder,
	}
	if prev.State != "" {
		prev.Before = nil
		e.Before = &prev
	}
	return verdict{send: true, next: e, outcome: Outcome(Sending)}
}

// outcomeOf is where content stands whose id the ledger knows.
func outcomeOf(hash string, e Entry) Outcome {
	switch {
	case e.Hash == hash:
		return Outcome(e.State)
	case e.State == Rejected:
		return New // corrected since
	default:
		return Changed
	}
}

// explainChanged says why different content is not sent; empty for the same content.
func explainChanged(hash string, e Entry) string {
	if e.Hash == hash || e.State == Rejected {
		return ""
	}
	from := where(e.File, e.Position)
	day := e.SentAt.Format(time.DateOnly)
	switch e.State {
	case Accepted:
		why := fmt.Sprintf("different content was filed under this id on %s (from %s)", day, from)
		if e.Message != "" {
			return why + ": " + e.Message
		}
		return why + "; InsCipher answers 3001 to a change: file an endorsement under an id of its own, or ask for it to be sent all the same"
	case Queued:
		return fmt.Sprintf("different content under this id waits for its result since %s (from %s): wait for it", day, from)
	case Sending, Unknown, Rejected:
	}
	return fmt.Sprintf("different content was sent under this id on %s (from %s), and no answer came: submit that again first, or ask for this one to be sent all the same", day, from)
}

func versionOf(e Entry) *Version {
	if e.Earlier != nil && e.Earlier.State == Accepted {
		return e.Earlier
	}
	return &Version{
		Hash: e.Hash, State: e.State, File: e.File, Position: e.Position, PolicyNumber: e.PolicyNumber,
		BatchID: e.BatchID, TransactionID: e.TransactionID, SentAt: e.SentAt, SettledAt: e.SettledAt,
	}
}
