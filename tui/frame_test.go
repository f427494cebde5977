package tui_test

import (
	"context"
	"errors"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/claim"
	"claimdeck/state/feed"
	"claimdeck/state/outbox"
	"claimdeck/state/query"
	"claimdeck/state/store"
	"claimdeck/tui"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
)

// TestKeysThatCannotActSayWhy: pressing a key that does nothing here and now is always answered.
func TestKeysThatCannotActSayWhy(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{unread: true, empty: true}, 120, 40)
		for _, c := range []struct{ screen, key, words string }{
			{"1", "enter", "Nothing is selected"},
			{"1", "O", "Select a claim first: 2 lists them"},
			{"1", "p", "Select a claim first"},
			{"1", "P", "Select a claim first"},
			{"1", "X", "Select a claim first"},
			{"1", "c", "Select a claim first"},
			{"1", "y", "Select a claim first"},
			{"1", "u", "Nothing waits to be sent"},
			{"1", "!", "not production"},
			{"2", "enter", "No claim is selected"},
			{"2", "O", "Select a claim first"},
			{"4", "/", "There is nothing to filter here"},
		} {
			d.keys(c.screen)
			d.pass(20 * time.Second)
			d.keys(c.key)
			d.says(c.words)
		}
		d.resize(80, 24)
		d.keys("w")
		d.says("too narrow")
	})
	t.Run("with a claim", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			d := sit(t, setup{}, 120, 40)
			d.choose(d.claimWhere("without a counter", func(c claim.Claim) bool { _, open := c.OpenCounter(); return !open && c.Counters == nil }))
			d.keys("c")
			d.says("No settlement counter is known")
			d.pass(20 * time.Second)
			// A preflight delays, it never forbids: the form opens and says what it knows.
			d.choose(d.claimWhere("without papers", func(c claim.Claim) bool { return len(c.MissingDocuments()) > 0 }))
			d.keys("p")
			d.shows("Request the payoff", "LossExpress will probably refuse this;", "you can send it anyway")
		})
	})
}

// TestPaletteAndHelpRunActions: both find an action by its words, run it, and say why another cannot run.
func TestPaletteAndHelpRunActions(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		for _, open := range []string{":", "?"} {
			poked := d.env.Feed.(*stillFeed).poked
			d.keys(open)
			d.typed("poll now")
			d.keys("enter")
			d.says("Asking LossExpress")
			if d.env.Feed.(*stillFeed).poked != poked+1 {
				t.Errorf("%s did not run the action", open)
			}
			d.pass(20 * time.Second)
			d.keys(open)
			d.typed("undo")
			d.shows("nothing waits to be sent")
			d.keys("enter", "esc", "esc")
			if got := d.on(); got != "Activity" {
				t.Errorf("%s does not close: on %s", open, got)
			}
			d.pass(20 * time.Second)
		}
		// What has no key is reached by the palette.
		d.choose(d.withCounter())
		d.keys(":")
		d.typed("dispute the counter")
		d.keys("enter")
		d.shows("Dispute the counter", "Reason")
	})
}

// TestPaletteListsWhatHasAKeyHere: nothing that can be done here is missing from the palette or the help.
func TestHelpListsEveryKey(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		for _, b := range d.env.Keys.Bindings() {
			if b.Scope != keymap.ScopeGlobal && b.Scope != keymap.ScopeActivity && b.Scope != keymap.ScopeList && b.Scope != keymap.ScopeClaimAct {
				continue
			}
			d.keys("?")
			d.typed(b.Help)
			d.shows(b.Help)
			d.keys("esc", "esc", "esc")
		}
	})
}

func TestProductionIsLockedUntilItsNameIsTyped(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{production: true}, 120, 40)
		d.shows("PRODUCTION read-only")
		for _, key := range []string{"O", "p", "P", "X"} {
			d.keys(key)
			d.says("Production is read-only until you unlock it with !")
			if d.on() != "Activity" {
				t.Fatalf("%s opened %s", key, d.on())
			}
			d.pass(20 * time.Second)
		}
		d.keys("!")
		d.shows("Unlock production", "Type the profile's name: north")
		d.typed("south")
		d.keys("enter")
		d.shows("this is not the profile's name")
		for range 5 {
			d.keys("backspace")
		}
		d.typed("north")
		d.keys("enter")
		d.says("Production is unlocked")
		d.hides("read-only")
		d.pass(20 * time.Second)
		d.keys("O")
		d.shows("New orders")
		d.keys("esc", "!")
		d.says("Production is read-only again")
		d.shows("PRODUCTION read-only")
		d.pass(20 * time.Second)
		d.keys("O")
		d.says("Production is read-only until")
	})
}

// TestProductionLockHoldsForTheOutboxToo: retrying a write writes.
func TestProductionLockHoldsInTheOutbox(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{production: true}, 120, 40)
		d.fill()
		d.onState(outbox.Rejected)
		d.keys("r")
		d.pass(time.Second)
		d.says("Production is read-only")
		e, err := d.store.Entry(d.ctx, d.entry(4, outbox.Rejected).ID)
		if err != nil || e.State != outbox.Rejected {
			t.Errorf("the write is %s, %v", e.State, err)
		}
	})
}

func TestTooSmallKeepsEverything(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("j", "j", "/")
		d.typed("payoff")
		d.keys("enter", "j", "O")
		d.pass(time.Second)
		before := d.screen().String()
		for _, size := range [][2]int{{59, 40}, {120, 19}, {10, 3}, {1, 1}} {
			d.resize(size[0], size[1])
			if size[0] > 20 {
				d.shows("claimdeck needs 60 columns and 20 lines", "Nothing is lost")
			}
			d.keys("f12")
		}
		d.resize(120, 40)
		d.pass(time.Second)
		if after := d.screen().String(); after != before {
			t.Errorf("before\n%s\nafter\n%s", before, after)
		}
	})
}

func TestZeroSizeIsSafe(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := newRig(t, setup{})
		d := &desk{rig: r, app: tui.New(r.options), msgs: make(chan tea.Msg, 1<<14)}
		if got := d.app.View().Content; got != "" {
			t.Errorf("before a size is known the view is %q", got)
		}
		d.run(d.app.Init())
		d.keys("j", "enter", "?", "esc", ":", "esc", "/", "esc", "2", "3", "4", "5")
		d.send(tea.WindowSizeMsg{})
		d.resize(80, 24)
		d.pass(time.Second)
		d.send(tea.WindowSizeMsg{})
		d.shows("Outbox")
	})
}

// TestResizeStorm: at any size, in any order, between any keys, the view has as many lines as the terminal and none
// is wider (look holds every view to that).
func TestResizeStorm(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.fill()
		rng := rand.New(rand.NewPCG(1, 2))
		keys := []string{
			"j", "k", "G", "g", "pgdown", "enter", "esc", "esc", "1", "2", "3", "4", "tab", "?", ":", "/", "a", "O", "c", "p", "J", "w", "x",
			"=", "F", ".", "[", "]", "up", "down", "space", "f2",
		}
		for range 400 {
			w, h := 1+rng.IntN(220), 1+rng.IntN(70)
			if rng.IntN(3) == 0 {
				w, h = 58+rng.IntN(5), 18+rng.IntN(5)
			}
			d.resize(w, h)
			d.look()
			key := keys[rng.IntN(len(keys))]
			d.keys(key)
			d.look()
			if t.Failed() {
				t.Fatalf("at %d×%d after %q, on %s", w, h, key, d.on())
			}
		}
	})
}

// TestThemeFollowsTheTerminal: unless it is fixed.
func TestThemeFollowsTheTerminal(t *testing.T) {
	bubble(t, func(t *testing.T) {
		light := tea.BackgroundColorMsg{Color: color.White}
		dark := tea.BackgroundColorMsg{Color: color.Black}
		d := sit(t, setup{}, 120, 40)
		before, cells := d.look(), d.screen().String()
		d.send(light)
		if d.look() == before {
			t.Error("a light terminal is drawn like a dark one")
		}
		if d.screen().String() != cells {
			t.Error("the words change with the theme")
		}
		d.send(dark)
		if d.look() != before {
			t.Error("it does not come back")
		}
		d.keys("O")
		d.send(light)
		d.shows("New orders")
	})
	t.Run("fixed", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			d := sit(t, setup{theme: theme.Options{Dark: true}, fixed: true}, 120, 40)
			before := d.look()
			d.send(tea.BackgroundColorMsg{Color: color.White})
			if d.look() != before {
				t.Error("a fixed theme changes")
			}
		})
	})
}

func TestToastsExpire(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{notice: "keys.toml, line 3: no action is called x"}, 120, 40)
		d.says("no action is called x")
		d.pass(7 * time.Second)
		d.says("no action is called x") // a warning stays longer
		d.keys("u")
		d.says("Nothing waits to be sent")
		d.pass(3 * time.Second)
		d.says("Nothing waits to be sent")
		d.pass(time.Minute)
		if row := d.screen().Row(d.h - 2); strings.Trim(row, "─") != "" {
			t.Errorf("the rule still says %q", row)
		}
		d.keys("u", "esc")
		if row := d.screen().Row(d.h - 2); strings.Trim(row, "─") != "" {
			t.Errorf("esc does not take the message away: %q", row)
		}
	})
}

// TestFreshness: the header always says how the data stands, and why when it is not fresh; the rows stay.
func TestFreshness(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := &stillFeed{}
		d := sit(t, setup{feed: f}, 120, 40)
		ok := d.now().Add(-3 * time.Minute)
		for _, c := range []struct {
			status feed.Status
			words  []string
		}{
			{feed.Status{Phase: feed.Live, LastOK: ok}, []string{"● live"}},
			{feed.Status{Phase: feed.Starting}, []string{"○ connecting"}},
			{feed.Status{Phase: feed.CatchingUp, LastOK: ok, Pages: 3, TotalPages: 12}, []string{"catching up", "Catching up: page 3 of 12"}},
			{
				feed.Status{Phase: feed.Retrying, LastOK: ok, Why: "no answer from LossExpress", NextTry: d.now().Add(20 * time.Second)},
				[]string{"○ 3 min old", "No answer from LossExpress, next try at 09:30:2"},
			},
			{feed.Status{Phase: feed.Retrying, Why: "no answer from LossExpress"}, []string{"no data yet"}},
			{feed.Status{Phase: feed.SignedOut, LastOK: ok, Why: "refused"}, []string{"Not signed in: press L (or run claimdeck login)"}},
			{feed.Status{Phase: feed.Standby, LastOK: ok}, []string{"live, by another console"}},
			{feed.Status{Phase: feed.Paused, LastOK: ok}, []string{"○ paused"}},
		} {
			f.set(c.status)
			d.raise()
			d.pass(200 * time.Millisecond)
			d.shows(c.words...)
			if d.marked() == "" {
				t.Errorf("%s: the rows are gone", c.status.Phase)
			}
		}
		f.set(feed.Status{Phase: feed.Retrying, LastOK: ok, Why: "no answer"})
		d.raise()
		d.pass(10*time.Minute + 30*time.Second)
		d.shows("○ 13 min old")
	})
}

// TestFreshFromTheStart: the first frame says how the feed stands, without waiting for it to change.
func TestFreshFromTheStart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.shows("● live")
	})
}

func TestFocusSetsThePace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		f := d.env.Feed.(*stillFeed)
		d.send(tea.BlurMsg{})
		if !f.idle {
			t.Error("polls at full pace though nobody looks")
		}
		d.send(tea.FocusMsg{})
		if f.idle {
			t.Error("idle though the person is back")
		}
		if d.keys("j"); f.hurry == 0 {
			t.Error("a key does not hurry the feed")
		}
	})
}

// TestLayoutIsRemembered: where the claim stands is a setting.
func TestLayoutIsRemembered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.keys("w")
		if v, ok, err := d.store.Setting(d.ctx, "layout"); err != nil || !ok || v != string(screen.Beside) {
			t.Errorf("remembered %q, %v, %v", v, ok, err)
		}
	})
}

// TestStoreFailureIsSaid: rows that cannot be read say so, and what was read stays.
func TestStoreFailureIsSaid(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := newRig(t, setup{})
		broken := &brokenStore{Store: r.store}
		r.env.Store = broken
		d := &desk{rig: r, app: tui.New(r.options), msgs: make(chan tea.Msg, 1<<14)}
		broken.fail = true
		d.run(d.app.Init())
		d.resize(120, 40)
		d.pass(time.Second)
		d.shows("The activities could not be read from the store: the disk is on fire")
		broken.fail = false
		d.raise()
		d.pass(time.Second)
		if d.marked() == "" {
			t.Error("it does not recover")
		}
		broken.fail = true
		d.raise()
		d.pass(time.Second)
		if d.marked() == "" {
			t.Error("the rows are gone")
		}
	})
}

// TestRowsLoad: before the first read is done nothing is said to be missing.
func TestLoadingSaysNothingIsMissing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := newRig(t, setup{})
		slow := &brokenStore{Store: r.store, delay: time.Second}
		r.env.Store = slow
		d := &desk{rig: r, app: tui.New(r.options), msgs: make(chan tea.Msg, 1<<14)}
		d.run(d.app.Init())
		d.resize(120, 40)
		d.pass(900 * time.Millisecond)
		d.hides("No activities yet")
		d.pass(200 * time.Millisecond)
		if d.marked() == "" {
			t.Error("no rows")
		}
	})
}

// TestSignIn: with a way to sign in, L runs it with the terminal released.
func TestSignIn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.options.SignIn = func() tea.ExecCommand { return nil }
		d := &desk{rig: r, app: tui.New(r.options), msgs: make(chan tea.Msg, 1<<14)}
		d.run(d.app.Init())
		d.resize(120, 40)
		d.keys("L")
		found := false
		for _, msg := range d.seen {
			found = found || typeName(msg) == "tea.execMsg"
		}
		if !found {
			t.Error("nothing is run")
		}
	})
}

var errFire = errors.New("the disk is on fire")

// brokenStore fails or is slow when a test wants it.
type brokenStore struct {
	screen.Store
	fail  bool
	delay time.Duration
}

func (b *brokenStore) Activities(ctx context.Context, f query.Filter, p store.Paging) ([]store.Row, error) {
	if b.fail {
		return nil, errFire
	}
	if err := wait(ctx, b.delay); err != nil {
		return nil, err
	}
	return b.Store.Activities(ctx, f, p)
}
