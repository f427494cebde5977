package reserve

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Approval is what is known of the approval of one reserve set.
type Approval struct {
	SetID       string
	Status      Code
	At          time.Time // zero: not approved, or not told
	RequestedBy string
	Reserves    int  // transactions in the set
	Waits       bool // not approved yet: its transactions are in no sum
	Refused     bool
}

// Approvals returns the approval of every set: those that wait first, then the newest first.
func (b Book) Approvals() []Approval {
	out := make([]Approval, 0, len(b.Sets))
	for _, s := range b.Sets {
		out = append(out, Approval{
			SetID: s.ID, Status: s.Approval, At: s.ApprovedAt, RequestedBy: s.RequestedBy, Reserves: len(s.Reserves),
			Waits: s.Approval.is(waitingApproval), Refused: s.Approval.is(refusedApproval),
		})
	}
	slices.SortStableFunc(out, func(x, y Approval) int {
		if x.Waits != y.Waits {
			if x.Waits {
				return -1
			}
			return 1
		}
		return cmp.Or(y.At.Compare(x.At), cmp.Compare(x.SetID, y.SetID))
	})
	return out
}

// Text says an approval in one line: "Approved on 2021-08-08, requested by Andy Applegate: 9 reserves". The day is in
// the zone of loc; nil: UTC.
func (a Approval) Text(loc *time.Location) string {
	if loc == nil {
		loc = time.UTC
	}
	s := cmp.Or(a.Status.String(), "Approval not known")
	if !a.At.IsZero() {
		s += " on " + a.At.In(loc).Format(time.DateOnly)
	}
	if a.RequestedBy != "" {
		s += ", requested by " + a.RequestedBy
	}
	return s + ": " + count(a.Reserves, "reserve")
}

// count writes a number with its noun: "1 reserve", "9 reserves".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
