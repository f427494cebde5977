package tui_test

import (
	"strings"
	"testing"
	"time"

	"claimdeck/state/activity"
)

// TestNewRowsLeaveTheSelectionWhereItIs: a person has moved, so what arrives waits behind a count.
func TestNewRowsLeaveTheSelectionWhereItIs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("j", "j", "j")
		row, line, first := d.marked(), d.line(), d.screen().Row(4)
		for n := 1; n <= 3; n++ {
			d.pass(time.Second)
			d.emit(d.newest())
			d.arrive()
			if got, at := d.marked(), d.line(); got != row || at != line {
				t.Fatalf("after %d arrivals the selection is %q on line %d, was %q on %d", n, got, at, row, line)
			}
		}
		d.shows("3 new  .")
		if got := d.screen().Row(4); got != first {
			t.Errorf("the first row is %q, was %q", got, first)
		}
		d.keys(".")
		d.hides("3 new")
		if got := d.index(); got != 0 {
			t.Errorf("the key for new rows goes to row %d", got)
		}
		d.shows("Call to lender")
	})
}

// TestFollowingShowsNewRows: until a person moves, what arrives appears at the top, and the selection stays on its
// row as long as that is on screen.
func TestFollowingShowsNewRows(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		row, line := d.marked(), d.line()
		d.pass(time.Second)
		d.emit(d.newest())
		d.arrive()
		if got, at := d.marked(), d.line(); got != row || at != line+1 {
			t.Errorf("the selection is %q on line %d, was %q on line %d", got, at, row, line)
		}
		if first := d.screen().Row(4); !strings.Contains(first, "Call to lender") {
			t.Errorf("the newest row is not at the top: %q", first)
		}
		d.hides("1 new")
	})
}

// TestLateRowsAppearInPlace: an activity that was committed late stands where its time puts it, and what is selected
// stays selected.
func TestLateRowsAppearInPlace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("j", "j", "j", "j", "j")
		row := d.marked()
		rows := d.activities()
		at := rows[2].CreatedAt.Add(-time.Millisecond) // between the third and the fourth
		d.sandbox.EmitAt(at, rows[2].ClaimID, string(activity.CallMade), map[string]any{"callLength": 61})
		d.tb.Helper()
		if _, err := d.syncer.Sweep(d.ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := d.syncer.Backfill(d.ctx, rows[2].ClaimID, at.Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
		d.pass(300 * time.Millisecond)
		if got := d.marked(); got != row {
			t.Errorf("the selection is %q, was %q", got, row)
		}
		if late := d.activities()[3]; late.CreatedAt != at {
			t.Fatalf("the late row is not the fourth: %+v", late)
		}
		_, y, ok := d.screen().Find("Call to lender")
		if _, above, _ := d.screen().Find(rows[2].CreatedAt.In(d.now().Location()).Format("15:04:05")); !ok || y != above+1 {
			t.Errorf("the late row is on line %d, the row above it on %d\n%s", y, above, d.screen())
		}
		d.hides(" new  .")
	})
}

// TestFreezeHoldsTheList: nothing moves and nothing is counted until the key is pressed again.
func TestFreezeHoldsTheList(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("=")
		d.pass(20 * time.Second)
		before := d.screen().Row(4)
		d.emit(d.newest())
		d.arrive()
		d.shows("frozen  =")
		if got := d.screen().Row(4); got != before {
			t.Errorf("the first row is %q, was %q", got, before)
		}
		rows := d.activities()
		at := rows[3].CreatedAt.Add(-time.Millisecond)
		d.sandbox.EmitAt(at, rows[3].ClaimID, string(activity.AccountNumberViewed), nil)
		if _, err := d.syncer.Backfill(d.ctx, rows[3].ClaimID, at.Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
		d.pass(300 * time.Millisecond)
		inList := func() bool { _, y, ok := d.screen().Find("Account number viewed"); return ok && y < 19 }
		if inList() {
			t.Errorf("a late row appears in a frozen list\n%s", d.screen())
		}
		d.keys("=")
		d.hides("frozen")
		d.shows("1 new  .")
		if !inList() {
			t.Errorf("the late row is not in the list that is live again\n%s", d.screen())
		}
	})
}

// TestActionsWaitAfterTheListMovedByItself: when arrivals push the selection off the screen it goes to the newest
// row, and a key that would act on that claim has to be pressed again if it comes too soon.
func TestActionsWaitAfterTheListMovedByItself(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 80, 24)
		row := d.marked()
		for range 40 {
			d.pass(10 * time.Millisecond)
			d.emit(d.newest())
		}
		d.sync()
		d.pass(110 * time.Millisecond)
		if got := d.marked(); got == row || d.index() != 0 {
			t.Fatalf("the selection is %q, row %d", got, d.index())
		}
		d.keys("O")
		d.pass(time.Millisecond)
		d.says("The list moved just now. " + d.newest().Number + " is selected")
		if got := d.on(); got != "Activity" {
			t.Fatalf("%q opened", got)
		}
		d.pass(400 * time.Millisecond)
		d.keys("O")
		if got := d.on(); got != "New orders" {
			t.Errorf("pressed again: on %q\n%s", got, d.screen())
		}
	})
}

// TestArrivalsAreDrawnAtMostTenTimesASecond: a burst of commits is one draw.
func TestArrivalsAreDrawnAtMostTenTimesASecond(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.pass(time.Second)
		d.seen = nil
		for range 100 {
			d.raise()
			d.pass(10 * time.Millisecond)
		}
		n := 0
		for _, msg := range d.seen {
			if strings.HasSuffix(typeName(msg), ".changed") {
				n++
			}
		}
		if n < 5 || n > 11 {
			t.Errorf("%d draws for a second of changes", n)
		}
	})
}

// TestSelectionSurvivesARefresh: the claim list moves under the selection, which stays on its claim.
func TestClaimListKeepsItsClaim(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("2", "j", "j", "j")
		number, _, _ := strings.Cut(d.marked(), " ")
		d.pass(time.Second)
		last := d.claims()[len(d.claims())-1]
		d.sandbox.Emit(last.ID, string(activity.CallMade), map[string]any{"callLength": 61})
		d.arrive()
		if got, _, _ := strings.Cut(d.marked(), " "); got != number {
			t.Errorf("%s is selected, was %s", got, number)
		}
		if d.claims()[0].ID != last.ID {
			t.Error("the claim with the newest activity is not the first")
		}
		d.keys("g")
		if got, _, _ := strings.Cut(d.marked(), " "); got != last.Number {
			t.Errorf("the first claim is %s, want %s", got, last.Number)
		}
	})
}
