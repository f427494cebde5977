package outbox

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimdeck/state/activity"
)

var allStates = []State{Held, Undone, Sending, Accepted, Confirmed, Rejected, Unknown, Dropped}

var allSteps = []step{
	stepUndo, stepExpire, stepSend, stepAccept, stepRefuse, stepDoubt, stepPart, stepSee, stepCheck, stepDrop,
}

// TestMachine writes every possible step down once more, independently of the table in the code.
func TestMachine(t *testing.T) {
	t.Parallel()
	want := map[State]string{
		Held:      "undo>undone expire>rejected send>sending drop>undone",
		Sending:   "accept>accepted refuse>rejected doubt>unknown",
		Accepted:  "part>accepted see>confirmed",
		Unknown:   "send>sending accept>accepted refuse>rejected part>unknown see>confirmed check>unknown drop>dropped",
		Dropped:   "part>dropped see>confirmed",
		Rejected:  "send>sending drop>dropped",
		Undone:    "",
		Confirmed: "",
	}
	got := map[State]string{}
	for _, from := range allStates {
		line := ""
		for _, s := range allSteps {
			e := Entry{State: from, Checked: from == Unknown}
			if from == Unknown || from == Dropped {
				e.Problem = &Problem{Message: "timeout"}
			}
			if n, ok := advance(e, change{step: s, keys: []activity.Key{{1}}}); ok {
				line += " " + string(s) + ">" + string(n.State)
			} else if n.State != from {
				t.Errorf("%s: refused %s moved it to %s", from, s, n.State)
			}
		}
		if line != "" {
			line = line[1:]
		}
		got[from] = line
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	key := activity.Key{7}
	tests := []struct {
		name string
		e    Entry
		c    change
		ok   bool
		want Entry
	}{
		{
			"a first attempt takes the baseline",
			Entry{State: Held},
			change{step: stepSend, at: at, holder: "a", baseline: 5},
			true,
			Entry{State: Sending, SentAt: at, Holder: "a", Baseline: 5, Attempts: 1},
		},
		{
			"an unknown one is not sent again unchecked",
			Entry{State: Unknown},
			change{step: stepSend},
			false,
			Entry{State: Unknown},
		},
		{
			"nor when a part of it was seen",
			Entry{State: Unknown, Checked: true, ConfirmedBy: []activity.Key{key}},
			change{step: stepSend},
			false,
			Entry{State: Unknown, Checked: true, ConfirmedBy: []activity.Key{key}},
		},
		{
			"a retry after doubt keeps baseline and doubt",
			Entry{State: Unknown, Checked: true, Attempts: 1, Baseline: 5, Problem: &Problem{Message: "reset"}},
			change{step: stepSend, at: at, holder: "b", baseline: 9},
			true,
			Entry{State: Sending, Attempts: 2, Baseline: 5, SentAt: at, Holder: "b", Problem: &Problem{Message: "reset", Doubt: true}},
		},
		{
			"a refused retry after doubt is still in doubt",
			Entry{State: Sending, Attempts: 2, Problem: &Problem{Message: "reset", Doubt: true}},
			change{step: stepRefuse, at: at, problem: &Problem{Message: "already requested", Status: 400}},
			true,
			Entry{
				State: Unknown, Attempts: 2, Checked: true, AnsweredAt: at,
				Problem: &Problem{Message: "already requested", Status: 400, Doubt: true},
			},
		},
		{
			"a retry that was never sent leaves the doubt",
			Entry{State: Sending, Attempts: 2, Problem: &Problem{Message: "reset", Doubt: true}},
			change{step: stepRefuse, at: at, problem: &Problem{Message: "no connection", NotSent: true}},
			true,
			Entry{State: Unknown, Attempts: 2, Checked: true, AnsweredAt: at, Problem: &Problem{Message: "no connection", Doubt: true}},
		},
		{
			"a refusal settles",
			Entry{State: Sending, Attempts: 1},
			change{step: stepRefuse, at: at, problem: &Problem{Message: "no", Status: 400}},
			true,
			Entry{State: Rejected, Attempts: 1, AnsweredAt: at, SettledAt: at, Problem: &Problem{Message: "no", Status: 400, Refused: true}},
		},
		{
			"a second doubt keeps the first",
			Entry{State: Sending, Attempts: 2, Problem: &Problem{Message: "reset", Doubt: true}},
			change{step: stepDoubt, at: at, problem: &Problem{Message: "timeout"}},
			true,
			Entry{State: Unknown, Attempts: 2, AnsweredAt: at, Problem: &Problem{Message: "timeout", Doubt: true}},
		},
		{
			"a dropped refusal is not confirmed by somebody else's activity",
			Entry{State: Dropped, Problem: &Problem{Message: "no", Refused: true}},
			change{step: stepSee, keys: []activity.Key{key}},
			false,
			Entry{State: Dropped, Problem: &Problem{Message: "no", Refused: true}},
		},
		{
			"nothing seen confirms nothing", Entry{State: Accepted}, change{step: stepSee}, false, Entry{State: Accepted},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := advance(tt.e, tt.c)
			if ok != tt.ok {
				t.Errorf("ok = %v, want %v", ok, tt.ok)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
