package tui_test

import (
	"strings"
	"testing"
	"time"

	"claimdeck/state/claim"
	"claimdeck/tui/screen"
)

// rich is a claim that has something on every tab.
func (r *rig) rich() screen.Subject {
	r.tb.Helper()
	return r.claimWhere("with something on every tab", func(c claim.Claim) bool {
		return len(c.Orders) > 1 && len(c.Documents) > 0 && c.Payoff.Amount != nil && c.Payoff.Standard != nil && len(c.Timeline) > 12
	})
}

// open opens a claim from the list of claims.
func (d *desk) open(on screen.Subject) {
	d.tb.Helper()
	d.choose(on)
	d.keys("enter")
	d.pass(20 * time.Second)
}

func TestClaimTabs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.rich()
		d.open(on)
		c := d.claim(on)
		bodies := map[string]bool{}
		for _, want := range []struct{ tab, text string }{
			{"[Overview]", "Account number"},
			{"[Timeline]", "Claim created"},
			{"[Orders", c.Orders[0].Type},
			{"[Documents", c.Documents[0].Type},
			{"[Payoff]", c.Payoff.Standard.Street},
			{"[Messages", ""},
			{"[Reserves]", "ClaimCenter"},
		} {
			d.shows(on.Number, want.tab, want.text)
			bodies[d.screen().String()] = true
			d.keys("tab")
		}
		d.shows("[Overview]")
		if len(bodies) != 7 {
			t.Errorf("%d different tabs", len(bodies))
		}
	})
}

// TestClaimScrolls: a body that is longer than the screen says which part of it is shown.
func TestClaimScrolls(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 60, 20)
		d.open(d.rich()) // the overview has no rows to select: it scrolls by lines
		d.shows("1-", " of ")
		where := func() string {
			for y := range d.h {
				if row := d.screen().Row(y); strings.Contains(row, " of ") && y < 10 {
					fields := strings.Fields(row)
					return fields[len(fields)-3]
				}
			}
			return ""
		}
		top := where()
		if d.keys("j"); where() == top || !strings.HasPrefix(where(), "2-") {
			t.Errorf("down: %s after %s", where(), top)
		}
		d.keys("pgdown")
		d.keys("pgup")
		if !strings.HasPrefix(where(), "2-") {
			t.Errorf("a page down and up: %s", where())
		}
		d.keys("G")
		end := where()
		if d.keys("j"); where() != end {
			t.Errorf("down at the end: %s after %s", where(), end)
		}
		if d.keys("k"); where() == end {
			t.Error("up at the end does nothing")
		}
		if d.keys("g"); where() != top {
			t.Errorf("the top is %s, was %s", where(), top)
		}
		d.keys("tab")
		d.keys("shift+tab")
		if where() != top {
			t.Errorf("a tab that is come back to starts at %s", where())
		}
	})
}

// TestClaimStepsThroughItsList: [ and ] go through the list the claim was opened from; esc comes back to it, where
// the claim that was shown last is selected.
func TestClaimStepsThroughItsList(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		number := func() string { n, _, _ := strings.Cut(strings.TrimSpace(d.screen().Row(2)), " "); return n }
		claims := d.claims()
		d.keys("2", "enter")
		d.pass(time.Second)
		for i := range 4 {
			if got := number(); got != claims[i].Number {
				t.Errorf("claim %d is %s, want %s", i, got, claims[i].Number)
			}
			d.keys("]")
			d.pass(time.Second)
		}
		d.keys("[")
		d.pass(time.Second)
		if got := number(); got != claims[3].Number {
			t.Errorf("back one: %s, want %s", got, claims[3].Number)
		}
		d.keys("esc")
		if got := d.on(); got != "Claims" || !strings.HasPrefix(d.marked(), claims[3].Number) {
			t.Errorf("back on %s at %q, want %s", got, d.marked(), claims[3].Number)
		}

		// In the stream one claim has many rows: a step goes to another claim.
		d.keys("1", "g", "enter")
		d.pass(time.Second)
		first := number()
		d.keys("]")
		d.pass(time.Second)
		if number() == first {
			t.Errorf("a step stays on %s", first)
		}
	})
}

// TestRevealShowsNumbers: account and phone numbers are masked on every screen until x is pressed, and after.
func TestRevealShowsNumbers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.claimWhere("with numbers", func(c claim.Claim) bool { return c.AccountNumber != "" && c.Owner.Phone != "" })
		c := d.claim(on)
		secrets := []string{c.AccountNumber, c.Owner.Phone}
		d.open(on)
		c = d.claim(on) // as the service says it now
		d.hides(secrets...)
		d.shows(c.AccountNumber[len(c.AccountNumber)-4:])
		d.keys("esc")
		d.hides(secrets...)
		d.keys("x")
		d.shows(secrets...)
		d.keys("enter")
		d.pass(time.Second)
		d.shows(secrets...)
		d.keys("x")
		d.hides(secrets...)
	})
}

// TestClaimSaysWhenTheServiceCannotBeAsked: what is stored stays on screen.
func TestClaimSaysWhenTheServiceCannotBeAsked(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.rich()
		d.failing("/claims/" + on.ClaimID)
		d.open(on)
		d.pass(5 * time.Minute)
		d.shows(on.Number, "Not read from LossExpress now", "Account number")
		d.sandbox.ClearFaults()
		d.keys("R")
		d.pass(time.Minute)
		d.hides("Not read from LossExpress now")
	})
}
