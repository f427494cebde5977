package tui_test

import (
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/tui/screen"
)

// TestBytesOnTheWire holds the console to what it may send to a terminal behind a slow line.
func TestBytesOnTheWire(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{}, 120, 40)
		within := func(what string, limit int, f func()) {
			t.Helper()
			time.Sleep(time.Second) // the claim of the selection is on screen
			before := len(x.Raw())
			n := x.Measure(f)
			t.Logf("%s: %d bytes", what, n)
			if n > limit {
				t.Errorf("%s: %d bytes, at most %d: %q", what, n, limit, x.Raw()[before:])
			}
		}
		key := func(name string) func() { return func() { x.Keys(name) } }
		x.Keys("j")
		within("cursor down", 60, key("j"))
		within("cursor up", 60, key("k"))
		within("idle for ten seconds", 0, func() { time.Sleep(10 * time.Second) })
		within("a new row that waits", 300, x.arrival)
		within("another new row that waits", 300, x.arrival)
		x.Keys(".", "F")
		x.WaitIdle()
		time.Sleep(10 * time.Second) // the message goes away
		within("a new row at the top", 300, x.arrival)
		within("another new row at the top", 300, x.arrival)
		for range 20 {
			x.Keys("j")
		}
		within("cursor down, scrolling", 200, key("j"))
		within("cursor down, scrolling again", 200, key("j"))
		within("a key that does nothing", 0, key("f12"))
		within("the terminal has the focus", 0, func() { x.Send(tea.FocusMsg{}) })
		within("a change that shows nowhere", 0, func() { x.raise(); time.Sleep(time.Second) })
	})
}

// arrival lets one activity happen and be drawn.
func (x *session) arrival() {
	c := x.claims()
	x.emit(screen.Subject{ClaimID: c[len(c)-1].ID}) // not the one whose claim is on screen
	x.sync()
	time.Sleep(300 * time.Millisecond)
}

// synchronised is what a terminal that draws whole frames at once costs on top: the emulator of these tests does not.
const synchronised = 16

// Whatever a row has to say, and wherever a day ends, scrolling by one stays cheap, down and up.
func TestEveryRowThatScrollsInIsCheap(t *testing.T) {
	for name, keys := range map[string][]string{"activity": {"1", "g"}, "claims": {"2", "g"}} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				x := start(t, setup{}, 120, 40)
				x.Keys(keys...)
				worst := 0
				for _, key := range slices.Concat(slices.Repeat([]string{"j"}, 90), slices.Repeat([]string{"k"}, 30)) {
					time.Sleep(time.Second) // the claim of the selection is on screen
					before := len(x.Raw())
					n := x.Measure(func() { x.Keys(key) }) + synchronised
					if worst = max(worst, n); n >= 200 {
						t.Errorf("%s costs %d bytes: %q", key, n, x.Raw()[before:])
					}
				}
				t.Logf("at most %d bytes", worst)
			})
		})
	}
}
