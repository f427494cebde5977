package tui_test

import (
	"encoding/json"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
)

// sizes are those of the golden screens: the smallest, the usual, a wide one, a very wide one.
func sizes() [][2]int { return [][2]int{{60, 20}, {80, 24}, {120, 40}, {200, 60}} }

// scene is one thing to look at.
type scene struct {
	name  string
	setup setup
	on    func(d *desk) // brings it on screen
	over  bool          // a box stands over the frame
}

func scenes() []scene {
	tab := func(n int) func(d *desk) {
		return func(d *desk) {
			d.open(d.rich())
			for range n {
				d.keys("tab")
			}
		}
	}
	trouble := func(s feed.Status) setup { return setup{feed: &stillFeed{status: s}} }
	return []scene{
		{name: "activity", on: func(d *desk) { d.keys("j", "j") }},
		{name: "activity-new", on: newRows},
		{name: "activity-filter", on: func(d *desk) { d.keys("/"); d.typed("type:payoff lender:ally"); d.pass(time.Second) }},
		{name: "claims", on: func(d *desk) { d.choose(d.rich()) }},
		{name: "claim-overview", on: tab(0)},
		{name: "claim-timeline", on: tab(1)},
		{name: "claim-orders", on: tab(2)},
		{name: "claim-documents", on: tab(3)},
		{name: "claim-payoff", on: tab(4)},
		{name: "claim-messages", on: func(d *desk) { tab(5)(d); d.keys("x"); d.pass(time.Minute) }},
		{name: "outbox", on: func(d *desk) { d.fill(); d.keys("4", "j", "j", "j", "j"); d.pass(time.Second) }},
		{name: "form", on: func(d *desk) { on := d.add(); d.arrive(); d.choose(on); d.keys("O", "down", "space") }, over: true},
		{name: "form-dispute", on: func(d *desk) { d.choose(d.withCounter()); d.keys("c", "enter"); d.typed("Verified in person.") }, over: true},
		{name: "help", on: func(d *desk) { d.keys("?") }, over: true},
		{name: "palette", on: func(d *desk) { d.keys(":"); d.typed("ord") }, over: true},
		{name: "json", on: func(d *desk) { d.keys("J") }, over: true},
		{name: "empty", setup: setup{empty: true}, on: func(*desk) {}},
		{name: "empty-claims", setup: setup{empty: true}, on: func(d *desk) { d.keys("2") }},
		{name: "empty-outbox", setup: setup{empty: true}, on: func(d *desk) { d.keys("4") }},
		{name: "catching-up", setup: trouble(feed.Status{Phase: feed.CatchingUp, Pages: 3, TotalPages: 12}), on: func(*desk) {}},
		{name: "stale", setup: trouble(feed.Status{
			Phase: feed.Retrying, LastOK: time.Date(2026, time.November, 20, 15, 27, 0, 0, time.UTC), Why: "no answer from LossExpress",
			NextTry: time.Date(2026, time.November, 20, 15, 30, 20, 0, time.UTC),
		}), on: func(*desk) {}},
		{name: "refused", setup: trouble(feed.Status{Phase: feed.SignedOut, LastOK: time.Date(2026, time.November, 20, 14, 0, 0, 0, time.UTC)}), on: func(*desk) {}},
		{name: "production", setup: setup{production: true}, on: func(d *desk) { d.keys("O") }},
		{name: "wide-text", on: wideText},
		{name: "ascii", setup: setup{theme: theme.Options{Dark: true, ASCII: true}}, on: func(d *desk) { d.keys("j", "j") }},
		{name: "ascii-form", setup: setup{theme: theme.Options{Dark: true, ASCII: true}}, on: func(d *desk) { d.keys("O") }, over: true},
	}
}

func newRows(d *desk) {
	d.keys("j", "j")
	for range 3 {
		d.pass(time.Second)
		d.emit(d.newest())
	}
	d.arrive()
}

// wideText is a claim whose texts are long, double-width, combined, or of several characters a cell.
func wideText(d *desk) {
	text := func(s string) json.RawMessage { raw, _ := json.Marshal(s); return raw }
	id := d.sandbox.AddClaim(lossexpress.ClaimSeed{
		ClaimNumber: "EX-漢字かな交じり文-2026", LenderName: "株式会社みずほ銀行オートローン東京支店",
		Documents: []string{"settlement breakdown", "valuation report"},
		Fields: map[string]json.RawMessage{
			"ownersName":    text("Żółć Ćwikła-Brzęczyszczykiewicz 👩‍👩‍👧 e\u0301tude"),
			"ownersAddress": text(strings.Repeat("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch ", 3)),
			"causeOfLoss":   text("grêle 🇩🇪"),
		},
	})
	d.pass(time.Second)
	d.sandbox.Emit(id, string(activity.DirectMessageAdded), map[string]any{
		"sentByLossExpress": true, "message": "写真を送ってください。" + strings.Repeat("長い文章です。", 40), "category": "GENERAL", "actionRequired": true,
	})
	d.arrive()
	d.keys(".")
	d.pass(time.Second)
}

// TestGoldenScreens compares every scene at every size with its picture.
func TestGoldenScreens(t *testing.T) {
	t.Parallel()
	for _, sc := range scenes() {
		t.Run(sc.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d := sit(t, sc.setup, 120, 40)
				sc.on(d)
				for _, size := range sizes() {
					d.resize(size[0], size[1])
					d.pass(time.Second)
					s := d.screen()
					tuitest.Golden(t, fmt.Sprintf("%s-%dx%d", sc.name, size[0], size[1]), s.String())
					if !sc.over {
						framed(t, d, s)
					}
				}
			})
		})
	}
}

// framed holds a screen without a box over it to its frame: the rules stand under the header and over the footer,
// from edge to edge, and the rule between list and claim does not lean.
func framed(t *testing.T, d *desk, s *tuitest.Screen) {
	t.Helper()
	bar, post := d.env.Theme.Glyphs.Horizontal, d.env.Theme.Glyphs.Vertical
	for _, y := range []int{1, s.H - 2} {
		if s.Cell(0, y).Text != bar || s.Cell(s.W-1, y).Text != bar {
			t.Errorf("%d×%d: line %d is no rule: %q", s.W, s.H, y, s.Row(y))
		}
	}
	sp := screen.SplitBody(s.W, s.H-4, d.env.Layout)
	if d.app.View().Cursor == nil && sp.Side && !s.Contains("Timeline") {
		for y := 2; y < s.H-2; y++ {
			if s.Cell(sp.ListW, y).Text != post {
				t.Errorf("%d×%d: the rule beside the list leans on line %d: %q", s.W, s.H, y, s.Row(y))
			}
		}
	}
}

// TestGoldenStyles compares the styles of one screen in each theme: escape sequences included.
func TestGoldenStyles(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]setup{
		"dark": {}, "light": {}, "production": {production: true}, "ascii": {theme: theme.Options{Dark: true, ASCII: true}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d := sit(t, s, 80, 24)
				if name == "light" {
					d.send(tea.BackgroundColorMsg{Color: color.White})
				}
				d.keys("j", "u")
				tuitest.Golden(t, "style-"+name, strings.ReplaceAll(d.look(), "\x1b", "␛"))
			})
		})
	}
}

// TestMeaningIsNeverColourAlone: without colours the screens say the same.
func TestASCIIThemeIsASCII(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{theme: theme.Options{Dark: true, ASCII: true}}, 120, 40)
		for _, keys := range [][]string{{"j"}, {"2"}, {"enter"}, {"tab"}, {"esc", "3"}, {"4"}, {"1", "O"}, {"esc", "?"}, {"esc", ":"}} {
			d.keys(keys...)
			d.pass(time.Second)
			s := d.screen()
			for y := range s.H {
				for _, r := range s.Row(y) {
					if r > '~' {
						t.Errorf("after %v: %q on line %d: %s", keys, r, y, s.Row(y))
						break
					}
				}
			}
		}
	})
}
