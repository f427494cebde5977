package activity

import "claimdeck/state/activity/wire"

// Counter is the data of settlement-counter-added: the lender does not agree with the settlement.
type Counter struct {
	Description string // may have several lines
	Document
}

func readCounter(r *wire.Reader) Data {
	return Counter{Description: r.Block("description"), Document: ReadDocument(r)}
}

func (d Counter) say(*Activity) string {
	if line := firstLine(d.Description); line != "" {
		return "Lender countered: " + line
	}
	return "Lender countered the settlement"
}

func (Counter) tone() Tone { return Attention }

// CounterAnswer is the data of settlement-counter-updated.
type CounterAnswer struct {
	Disputed *bool
	Reason   string // of a dispute; may have several lines
	Document        // the new settlement breakdown of an acceptance
}

func readCounterAnswer(r *wire.Reader) Data {
	return CounterAnswer{Disputed: r.Flag("disputed"), Reason: r.Block("reasonForDispute"), Document: ReadDocument(r)}
}

// IsDispute reports whether the counter was disputed. Where the flag is missing, a reason says so.
func (d CounterAnswer) IsDispute() bool {
	if d.Disputed != nil {
		return *d.Disputed
	}
	return d.Reason != ""
}

func (d CounterAnswer) say(*Activity) string {
	switch {
	case d.IsDispute():
		return after("Counter disputed", firstLine(d.Reason))
	case d.Disputed == nil && d.ID == "":
		return "Counter answered"
	case d.ID != "":
		return "Counter accepted with a new settlement breakdown"
	}
	return "Counter accepted"
}

func (d CounterAnswer) tone() Tone {
	if d.IsDispute() {
		return Neutral
	}
	return Good
}
