package claim

import (
	"slices"

	"claimdeck/state/activity"
)

// MissingDocuments returns the documents that a payoff or guarantee request still needs: a settlement breakdown and
// a valuation report (or a total loss evaluation in its place), unless one document holds both (remote document:
// Document Types). Whether a carrier may send the combined one is not readable by the API.
func (c Claim) MissingDocuments() []string {
	var breakdown, valuation bool
	for _, d := range c.Documents {
		switch activity.DocumentType(d.Type) {
		case activity.CombinedReport:
			return nil
		case activity.SettlementBreakdown:
			breakdown = true
		case activity.ValuationReport, activity.TotalLossEvaluation:
			valuation = true
		}
	}
	var missing []string
	if !breakdown {
		missing = append(missing, activity.SettlementBreakdown)
	}
	if !valuation {
		missing = append(missing, activity.ValuationReport)
	}
	return missing
}

// OpenCounter returns the lender's counter that waits for an answer. A newer counter replaces an older one.
func (c Claim) OpenCounter() (Counter, bool) {
	if len(c.Counters) == 0 {
		return Counter{}, false
	}
	last := c.Counters[len(c.Counters)-1]
	return last, !last.Answered
}

// Unanswered returns the latest message that asks for something, unless the carrier wrote or attached something
// after it.
func (c Claim) Unanswered() (Message, bool) {
	for _, m := range slices.Backward(c.Messages) {
		if !m.ActionRequired {
			if !m.ByLossExpress {
				return Message{}, false
			}
			continue
		}
		for _, d := range c.Documents {
			if !d.ByLossExpress && d.At.After(m.At) {
				return Message{}, false
			}
		}
		return m, true
	}
	return Message{}, false
}

// Diff is one changed field of a claim-updated.
type Diff struct {
	Name, Old, New string // sensitive values are masked
}

// DiffOf returns what a claim-updated changed, in the order of the document; nothing for any other type.
func DiffOf(a activity.Activity) []Diff {
	d, ok := a.Data.(activity.ClaimChange)
	if !ok {
		return nil
	}
	changes := d.Changes()
	diffs := make([]Diff, len(changes))
	for i, c := range changes {
		if c.Sensitive {
			c.Old, c.New = activity.Mask(c.Old), activity.Mask(c.New)
		}
		diffs[i] = Diff{Name: c.Name, Old: c.Old, New: c.New}
	}
	return diffs
}
