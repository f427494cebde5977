package tui_test

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/state/query"
	"claimdeck/tui/screen"
)

func typeName(v any) string { return fmt.Sprintf("%T", v) }

// TestFilterNarrowsWhileTyping: every kind of query, by the count of the store.
func TestFilterNarrowsWhileTyping(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		all := len(d.activities())
		number := d.claims()[5].Number
		for _, q := range []string{"payoff", "type:settlement-counter", "claim:" + number, "lender:ally", "since:2h", `"call to" lender:ally`} {
			f, err := query.Parse(q, d.now())
			if err != nil {
				t.Fatal(err)
			}
			want, err := d.store.CountActivities(d.ctx, f)
			if err != nil {
				t.Fatal(err)
			}
			if want == 0 || want == all {
				t.Fatalf("%s finds %d of %d: it says nothing", q, want, all)
			}
			d.keys("/")
			d.typed(q)
			d.shows(fmt.Sprintf("%s found", screen.Count(want)))
			d.keys("enter")
			d.shows("Activity   "+q+" · "+screen.Count(want), "/ filter")
			if row := d.marked(); row == "" {
				t.Errorf("%s: nothing is selected", q)
			}
			d.keys("esc") // everything again
			d.shows("all types · " + screen.Count(all))
		}
	})
}

// TestFilterEscRestores: what was shown before comes back, an older filter included.
func TestFilterEscRestores(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("/")
		d.typed("payoff")
		d.keys("enter")
		before := d.screen().String()
		d.keys("/")
		d.typed(" ally")
		if d.screen().String() == before {
			t.Fatal("typing changes nothing")
		}
		d.keys("esc")
		d.pass(time.Second)
		if after := d.screen().String(); after != before {
			t.Errorf("before\n%s\nafter\n%s", before, after)
		}
	})
}

// TestFilterBadQueryKeepsTheRows: and says what is wrong, while it is typed and after.
func TestFilterBadQueryKeepsTheRows(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		before := d.screen().Row(4)
		d.keys("/")
		d.typed("since:whenever ")
		d.shows("is not a time")
		if got := d.screen().Row(4); got != before {
			t.Errorf("the first row is %q, was %q", got, before)
		}
		d.keys("enter")
		if got := d.screen().Row(4); got != before {
			t.Errorf("after enter the first row is %q, was %q", got, before)
		}
		d.hides("No activity matches")
	})
}

func TestFilterThatFindsNothingSaysSo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("/")
		d.typed("zzzz")
		d.shows("nothing matches", "No activity matches zzzz. / changes the filter")
		d.keys("enter", "esc")
		d.hides("No activity matches")
	})
}

// TestFilterTakesPastesAndMoves: a paste is typed, arrows move the list, letters never act.
func TestFilterTakesPastesAndMoves(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("/")
		d.send(tea.PasteMsg{Content: "lender:ally\n"})
		d.shows("/ lender:ally")
		row := d.marked()
		d.keys("down", "down")
		if got := d.marked(); got == row {
			t.Error("down does not move the selection")
		}
		d.typed(" qOu")
		if d.quit || d.on() != "Activity" {
			t.Errorf("letters act while typing: on %s", d.on())
		}
		d.shows("/ lender:ally qOu")
		d.keys("ctrl+c")
		if !d.quit {
			t.Error("ctrl+c does not quit while typing")
		}
	})
}

// TestClaimsFilterAsksTheService: what is not in the store is searched at LossExpress, and opens when it is one.
func TestClaimsFilterAsksTheService(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{unread: true}, 120, 40)
		d.keys("2")
		d.shows("No claims yet")
		number := "EX-20455"
		d.keys("/")
		d.typed(number)
		d.keys("enter")
		d.shows("No claim here matches "+number, "enter asks LossExpress")
		d.keys("enter")
		d.pass(time.Second)
		if got := d.on(); got != "Claim" {
			t.Fatalf("on %s\n%s", got, d.screen())
		}
		d.shows(number)

		d.keys("esc", "/")
		for range len(number) {
			d.keys("backspace")
		}
		d.typed("EX-99999")
		d.keys("enter", "enter")
		d.pass(time.Second)
		d.says("LossExpress has no claim with the number or VIN EX-99999")
	})
}

func TestNoFilterInTheOutbox(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("4", "/")
		d.says("There is nothing to filter here")
		if d.app.View().Cursor != nil {
			t.Error("a filter line all the same")
		}
	})
}
