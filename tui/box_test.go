package tui_test

import (
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action"
	"claimdeck/keymap"
	"claimdeck/state/feed"
	"claimdeck/tui/screen"
)

// What happens behind a box is seen behind it at once, though the keys of the box do not draw the screen anew.
func TestTheScreenBehindABoxIsLive(t *testing.T) {
	bubble(t, func(t *testing.T) {
		still := &stillFeed{}
		d := sit(t, setup{feed: still}, 120, 40)
		still.set(feed.Status{Phase: feed.Live, LastOK: d.now()})
		d.raise()
		d.pass(time.Second)
		d.keys("j", "m")
		d.typed("hello")
		d.hides("1 new")
		d.emit(screen.Subject{ClaimID: d.claims()[5].ID})
		d.arrive()
		d.shows("1 new", "hello")
		d.typed(" again")
		d.shows("1 new", "hello again")
		still.set(feed.Status{Phase: feed.SignedOut, LastOK: d.now()})
		d.raise()
		d.pass(time.Second)
		d.shows("Not signed in", "hello again")
		before := d.look()
		d.send(tea.BackgroundColorMsg{Color: color.White})
		if d.look() == before {
			t.Error("the screen behind does not follow the terminal's colours")
		}
		d.resize(100, 30)
		d.shows("hello again", "Not signed in")
		d.keys("esc")
		// A box that says something in the rule, or reveals numbers, changes what stands behind it.
		phone := d.claim(d.newest()).Owner.Phone
		d.keys("g", "i")
		d.hides(phone)
		d.keys("x")
		d.says("are shown")
		d.keys("esc")
		d.pass(20 * time.Second)
		d.keys("i", "x", "esc")
		d.says("are masked")
	})
}

// The key that shows numbers does so in the menu that asks for it, and the choice stays where it was.
func TestCopyMenuRevealsInPlace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.quoted()
		d.choose(on)
		d.keys("y", "down")
		d.shows("press x first", "(●) VIN")
		d.keys("x")
		d.shows("(●) VIN", "( ) Account number", d.claim(on).AccountNumber)
		d.hides("press x first")
		d.keys("down", "enter")
		d.pass(time.Second)
		d.says("Account number: ")
		d.keys("y", "x")
		d.shows("press x first")
	})
}

// Actions that need no claim are in the palette of every screen, with or without a key, and open without a claim.
func TestPaletteOpensWhatNeedsNoClaim(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{empty: true}, 120, 40)
		n := 0
		for _, act := range d.actions.All() {
			if !act.NoClaim {
				continue
			}
			n++
			for _, on := range []string{"1", "2", "3", "4", "5"} {
				d.keys(on, ":")
				d.typed(act.ID)
				d.keys("enter")
				d.pass(time.Second)
				if got := d.on(); got != act.Title {
					t.Errorf("on %s the palette opens %q for %s:\n%s", on, got, act.ID, d.screen())
				}
				d.keys("esc", "esc")
			}
		}
		if n < 3 {
			t.Errorf("only %d actions need no claim", n)
		}
	})
}

// more is a registry with an action that the key map has never heard of.
type more struct {
	screen.Actions
	own action.Action
}

func (m more) All() []action.Action { return append(m.Actions.All(), m.own) }

func (m more) Get(id string) (action.Action, bool) {
	if id == m.own.ID {
		return m.own, true
	}
	return m.Actions.Get(id)
}

func TestPaletteListsWhatTheKeyMapDoesNotKnow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.env.Actions = more{d.actions, action.Action{
			ID: "moon.fly", Title: "Fly to the moon", NoClaim: true,
			Describe: func(action.Subject, action.Values) string { return "Fly." },
		}}
		d.keys("4", ":")
		d.typed("fly to")
		d.shows("fly to the moon", "Everywhere")
		d.keys("enter")
		d.pass(time.Second)
		if got := d.on(); got != "Fly to the moon" {
			t.Errorf("it opens %q", got)
		}
	})
}

// What speaks against an action is said beside it, and does not keep it from being done: the server decides.
func TestPaletteSaysWhatSpeaksAgainstAnAction(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys(":")
		d.typed("cancel orders")
		d.shows("! no order is pending", "enter run")
		d.keys("enter")
		d.pass(time.Second)
		d.shows("Cancel orders", "No order is pending.", "nothing to choose from")
		d.hides("send it anyway", "enter send")
		d.keys("esc", "?")
		d.typed("cancel orders")
		d.shows("! no order is pending", "enter do it")
		d.keys("enter")
		d.pass(time.Second)
		d.shows("nothing to choose from")
	})
}

// A long list of choices scrolls in its box: every line can be reached, marked, and is sent.
func TestLongChoicesScroll(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}} {
		bubbleAt(t, size, func(t *testing.T, d *desk) {
			act, _ := d.actions.Get("webhook.register")
			d.keys(":")
			d.typed("webhook.register")
			d.keys("enter")
			d.pass(time.Second)
			d.shows("Register the webhook", act.Fields[0].Label)
			d.typed("https://hooks.example.com/claimdeck")
			d.keys("tab")
			list, err := act.Fields[1].Options(t.Context(), action.Subject{})
			if err != nil || len(list) < 20 {
				t.Fatalf("%d types, %v", len(list), err)
			}
			for i, o := range list {
				marker := false
				for y := range d.h {
					row := d.screen().Row(y)
					marker = marker || strings.Contains(row, "▌ [ ] "+o.Label+" ")
				}
				if !marker {
					t.Fatalf("choice %d, %s, is not in sight, or not whole:\n%s", i, o.Label, d.screen())
				}
				d.shows("space mark", "enter send")
				if i == len(list)-1 {
					d.keys("space")
				}
				d.keys("down")
			}
			d.keys("ctrl+r")
			d.shows(list[len(list)-1].Value)
		})
	}
}

// bubbleAt is a bubble with a desk of a size in it.
func bubbleAt(t *testing.T, size [2]int, f func(t *testing.T, d *desk)) {
	t.Helper()
	t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
		bubble(t, func(t *testing.T) { f(t, sit(t, setup{}, size[0], size[1])) })
	})
}

// Every key of the outbox says why it cannot act while there is no write, and so do those of an empty stream.
func TestEmptyScreensAnswerTheirKeys(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{unread: true, empty: true}, 120, 40)
		for _, b := range d.env.Keys.Bindings() {
			on := map[keymap.Scope]string{keymap.ScopeOutbox: "4", keymap.ScopeActivity: "1"}[b.Scope]
			if on == "" {
				continue
			}
			for _, key := range b.Keys {
				d.keys(on)
				d.pass(20 * time.Second)
				d.keys(key)
				if row := strings.Trim(d.screen().Row(d.h-2), "─ "); row == "" {
					t.Errorf("%s (%s) says nothing:\n%s", key, b.Action, d.screen())
				}
			}
		}
	})
}
