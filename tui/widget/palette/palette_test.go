package palette

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
)

func dark() theme.Theme { return theme.New(theme.Options{Dark: true}) }

func items() []Item {
	return []Item{
		{ID: "order.create", Title: "Order documents", Hint: "O", Section: "Claim", Enabled: true},
		{ID: "order.cancel", Title: "Cancel an order", Section: "Claim", Why: "no order is pending"},
		{ID: "payoff.request", Title: "Request a payoff", Hint: "p", Section: "Claim", Enabled: true},
		{ID: "payoff.cancel", Title: "Cancel the payoff request", Section: "Claim", Why: "there is no open payoff request"},
		{ID: "counter.accept", Title: "Accept the settlement counter", Hint: "c", Section: "Claim", Enabled: true},
		{ID: "counter.dispute", Title: "Dispute the settlement counter", Hint: "c", Section: "Claim", Enabled: true},
		{ID: "screen.activity", Title: "Go to Activity", Hint: "2", Section: "Screens", Enabled: true},
		{ID: "screen.queue", Title: "Go to Queue", Hint: "1", Section: "Screens", Enabled: true},
		{ID: "screen.outbox", Title: "Go to Outbox", Hint: "6", Section: "Screens", Enabled: true},
		{ID: "feed.follow", Title: "Follow new activity", Hint: "f", Section: "Activity", Enabled: true},
		{ID: "feed.filter", Title: "Filter", Hint: "/", Section: "Activity", Enabled: true},
		{ID: "copy.id", Title: "Copy the claim number", Hint: "y", Section: "Activity", Enabled: true},
		{ID: "copy.json", Title: "Show the raw JSON", Hint: "J", Section: "Activity", Enabled: true},
		{ID: "app.quit", Title: "Quit", Hint: "q", Section: "Program", Enabled: true},
	}
}

func press(p *Palette, names ...string) Event {
	var last Event
	for _, msg := range tuitest.Keys(names...) {
		if _, ev := p.Update(msg); ev != nil {
			last = ev
		}
	}
	return last
}

func typed(p *Palette, s string) *Palette {
	for _, msg := range tuitest.Typed(s) {
		p.Update(msg)
	}
	return p
}

func TestFinding(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                "order.create",
		"payoff":          "payoff.request",
		"order cancel":    "order.cancel",
		"order.cancel":    "order.cancel",
		"ORDER  create":   "order.create",
		"dispute":         "counter.dispute",
		"goo":             "screen.outbox",
		"json":            "copy.json",
		"quit":            "app.quit",
		"payoff.cancel":   "payoff.cancel",
		"counter":         "counter.accept",
		"screen activity": "screen.activity",
	} {
		if got, _ := typed(New(items(), nil), query).Selected(); got.ID != want {
			t.Errorf("%q finds %q, want %q", query, got.ID, want)
		}
	}
	if _, ok := typed(New(items(), nil), "zzz").Selected(); ok {
		t.Error("zzz finds something")
	}
}

func TestRunning(t *testing.T) {
	t.Parallel()
	if ev := press(typed(New(items(), nil), "payoff"), "enter"); ev != (Chosen{"payoff.request"}) {
		t.Errorf("enter gave %#v", ev)
	}
	if ev := press(New(items(), nil), "down", "down", "tab", "up", "enter"); ev != (Chosen{"payoff.request"}) {
		t.Errorf("moving and enter gave %#v", ev)
	}
	if ev := press(New(items(), nil), "pgdown", "pgdown", "enter"); ev != (Chosen{"app.quit"}) {
		t.Errorf("the end gave %#v", ev)
	}
	if ev := press(typed(New(items(), nil), "x"), "esc"); ev != (Closed{}) {
		t.Errorf("esc gave %#v", ev)
	}
	p := typed(New(items(), nil), "cancel an")
	if ev := press(p, "enter"); ev != nil {
		t.Errorf("what cannot be run was: %#v", ev)
	}
	if got := ansi.Strip(p.View(80, 24, dark())); !strings.Contains(got, "! no order is pending") {
		t.Errorf("the reason does not show:\n%s", got)
	}
	if ev := press(typed(New(items(), nil), "zzz"), "down", "up", "enter"); ev != nil {
		t.Errorf("nothing found gave %#v", ev)
	}
}

func TestPasteFilters(t *testing.T) {
	t.Parallel()
	p := New(items(), nil)
	p.Update(tea.PasteMsg{Content: "quit\n"})
	if got, _ := p.Selected(); got.ID != "app.quit" {
		t.Errorf("pasting finds %q", got.ID)
	}
}

func TestNewItemsKeepTheSelection(t *testing.T) {
	t.Parallel()
	p := typed(New(items(), nil), "go")
	press(p, "down")
	before, _ := p.Selected()
	p.SetItems(append([]Item{{ID: "new", Title: "Go to Claims", Enabled: true}}, items()...))
	if after, _ := p.Selected(); after.ID != before.ID {
		t.Errorf("the selection went from %s to %s", before.ID, after.ID)
	}
	p.SetItems(nil)
	if _, ok := p.Selected(); ok || press(p, "enter") != nil {
		t.Error("an empty palette has a selection")
	}
}

func TestMatchesAreMarked(t *testing.T) {
	t.Parallel()
	p := typed(New(items(), nil), "payoff")
	s := tuitest.Render(p.View(76, 20, dark()), 76, 20)
	if x, y, ok := s.Find("Request a payoff"); !ok || !s.Cell(x+10, y).Underlined || s.Cell(x, y).Underlined {
		t.Errorf("the match at %d,%d is not marked in\n%s", x, y, s)
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, size := range map[string][2]int{"60x20": {60, 20}, "80x24": {80, 24}, "120x40": {120, 40}, "30x8": {30, 8}} {
		for query, file := range map[string]string{"": "all-", "counter": "counter-", "zzz": "none-"} {
			draw := func(o theme.Options) string {
				return tuitest.Render(typed(New(items(), nil), query).View(size[0], size[1], theme.New(o)), size[0], size[1]).String()
			}
			got := draw(theme.Options{Dark: true})
			tuitest.Golden(t, file+name, got)
			if light := draw(theme.Options{}); light != got {
				t.Errorf("%s%s reads otherwise on a light terminal:\n%s", file, name, light)
			}
		}
	}
}

func TestEveryRowIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var list []Item
		str := rapid.String()
		for range rapid.IntRange(0, 20).Draw(r, "items") {
			list = append(list, Item{
				ID: str.Draw(r, "id"), Title: str.Draw(r, "title"), Hint: str.Draw(r, "hint"),
				Section: str.Draw(r, "section"), Enabled: rapid.Bool().Draw(r, "enabled"), Why: str.Draw(r, "why"),
			})
		}
		p := New(list, nil)
		p.Update(tea.PasteMsg{Content: rapid.OneOf(str, rapid.Just("")).Draw(r, "query")})
		for range rapid.IntRange(0, 20).Draw(r, "down") {
			press(p, "down")
		}
		w, h := rapid.IntRange(0, 90).Draw(r, "w"), rapid.IntRange(0, 25).Draw(r, "h")
		view := p.View(w, h, dark())
		if view == "" {
			if w >= 12 && h >= 6 {
				r.Fatalf("nothing at %dx%d", w, h)
			}
			return
		}
		lines := strings.Split(view, "\n")
		if len(lines) > h {
			r.Fatalf("%d rows in %d", len(lines), h)
		}
		for _, line := range lines {
			if n := ansi.StringWidth(line); n != min(w, maxWidth) {
				r.Fatalf("%q is %d cells wide, not %d", line, n, min(w, maxWidth))
			}
		}
		if _, ok := p.Selected(); ok && !strings.Contains(ansi.Strip(view), "▌") {
			r.Fatalf("the selection is out of sight:\n%s", ansi.Strip(view))
		}
	})
}

func BenchmarkKey(b *testing.B) {
	var list []Item
	for range 12 {
		list = append(list, items()...)
	}
	p, th := New(list, nil), dark()
	b.ReportAllocs()
	for b.Loop() {
		p.Update(tuitest.Key("o"))
		_ = p.View(120, 40, th)
		p.Update(tuitest.Key("backspace"))
	}
}
