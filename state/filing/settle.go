package filing

import (
	"fmt"
	"time"

	"claimdeck/state/text"
)

// orphaned is an entry whose process died while it sent it.
func orphaned(e Entry, now time.Time) Entry {
	return doubted(e, "claimdeck ended while it was being sent, so whether it arrived is not known", now)
}

// doubted ends an attempt without a trustworthy answer.
func doubted(e Entry, why string, now time.Time) Entry {
	e.State, e.Message, e.SettledAt, e.Holder, e.Before, e.Doubt = Unknown, text.Line(why), now, "", nil, true
	e.Code, e.Warnings = "", nil
	return e
}

// released goes back to what was known before an attempt that sent nothing; without a state the entry is removed.
func released(e Entry) Entry {
	if e.Before == nil {
		return Entry{}
	}
	return *e.Before
}

// waiting hands an entry over to the batch that it is part of.
func waiting(e Entry, batch string) Entry {
	e.State, e.BatchID, e.Holder, e.Before = Queued, batch, "", nil
	return e
}

// answered settles an entry with what the service says of it.
func answered(e Entry, a RowAnswer, batch string, now time.Time) Entry {
	e.Code, e.Message, e.TransactionID = text.Line(a.Code), text.Line(a.Message), text.Line(a.TransactionID)
	e.Warnings = nil
	for _, w := range a.Warnings {
		e.Warnings = append(e.Warnings, Remark{Field: text.Line(w.Field), Text: text.Line(w.Text)})
	}
	if batch != "" {
		e.BatchID = batch
	}
	e.SettledAt, e.Holder, e.Before = now, "", nil
	switch a.Code {
	case codeOK:
		e.State, e.Earlier, e.Doubt = Accepted, nil, false
		return e
	case codeDuplicate:
		return duplicated(e, now)
	}
	return refused(e)
}

// refused is an entry that the service surely did not take. What it took earlier under the id stands.
func refused(e Entry) Entry {
	e.State, e.Doubt = Rejected, false
	if e.Earlier != nil && e.Earlier.State == Accepted {
		return restored(e, fmt.Sprintf("a change was not taken (%s: %s)", e.Code, e.Message))
	}
	return e
}

// duplicated reads a 3001: the id is there already. Whose it is follows from what we sent.
func duplicated(e Entry, now time.Time) Entry {
	switch {
	case e.Earlier == nil && e.Doubt:
		e.State, e.Doubt, e.Message = Accepted, false, "InsCipher has this id, and an earlier attempt of this very row had no answer: it counts as filed"
	case e.Earlier == nil:
		e.State = Rejected
	case e.Doubt && e.Earlier.State != Accepted:
		e.State, e.Message = Rejected, "InsCipher has one of the two versions that were sent under this id, and which one is not known: look there"
	default:
		if e.Earlier.State == Unknown {
			e.Earlier.SettledAt = now
		}
		return restored(e, "a change was not taken (3001): InsCipher keeps what was filed first")
	}
	return e
}

// restored goes back to the version that stands at the service.
func restored(e Entry, why string) Entry {
	v := e.Earlier
	return Entry{
		ID: e.ID, Hash: v.Hash, File: v.File, Position: v.Position, PolicyNumber: v.PolicyNumber, State: Accepted,
		BatchID: v.BatchID, TransactionID: v.TransactionID, Code: codeOK, Message: why, Attempts: e.Attempts,
		SentAt: v.SentAt, SettledAt: v.SettledAt,
	}
}

// refusedAlone is an entry whose call of one row was refused as a whole.
func refusedAlone(e Entry, why string, now time.Time) Entry {
	e.Code, e.Message, e.SettledAt, e.Holder, e.Before, e.Warnings = "", text.Line(why), now, "", nil, nil
	return refused(e)
}
