package help

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
)

func dark() theme.Theme { return theme.New(theme.Options{Dark: true}) }

func rows() []Row {
	var out []Row
	add := func(section string, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, Row{ID: pairs[i+1], Keys: pairs[i], What: pairs[i+1], Section: section, Enabled: true})
		}
	}
	add("Activity", "enter", "open the claim", "c", "answer the counter", "O", "order documents", "p", "request a payoff",
		"m", "send a message", "a", "attach a document", "y", "copy", "J", "show the raw JSON", "f", "follow new activity")
	add("Moving", "j  down", "next row", "k  up", "previous row", "g g  home", "first row", "G  end", "last row",
		"pgdown", "one page down", "pgup", "one page up", "space", "mark the row")
	add("Screens", "1", "Queue", "2", "Activity", "3", "Claims", "4", "Filings", "5", "Sandbox", "6", "Outbox")
	add("Program", "/", "filter", ":", "run a command by its name", "?", "this help", "x", "show or mask account numbers", "q", "quit")
	out = append(out, Row{ID: "undo", Keys: "u", What: "undo the held write", Section: "Activity", Why: "nothing waits to be sent"})
	return out
}

func press(h *Help, names ...string) Event {
	var last Event
	for _, msg := range tuitest.Keys(names...) {
		if _, ev := h.Update(msg); ev != nil {
			last = ev
		}
	}
	return last
}

func typed(s string) *Help {
	h := New("Help", rows(), nil)
	for _, msg := range tuitest.Typed(s) {
		h.Update(msg)
	}
	return h
}

func TestFinding(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":         "open the claim",
		"counter":  "answer the counter",
		"c":        "answer the counter", // what does this key do?
		"g g":      "first row",
		"end":      "last row",
		"G":        "last row",
		"mask":     "show or mask account numbers",
		"screens":  "Queue", // by its section
		"pgdown":   "one page down",
		"payoff r": "request a payoff",
	} {
		if got, _ := typed(query).Selected(); got.What != want {
			t.Errorf("%q finds %q, want %q", query, got.What, want)
		}
	}
	if _, ok := typed("zzz").Selected(); ok {
		t.Error("zzz finds something")
	}
}

func TestRunning(t *testing.T) {
	t.Parallel()
	if ev := press(typed("mask"), "enter"); ev != (Chosen{"show or mask account numbers"}) {
		t.Errorf("enter gave %#v", ev)
	}
	if ev := press(typed(""), "down", "down", "up", "enter"); ev != (Chosen{"answer the counter"}) {
		t.Errorf("moving and enter gave %#v", ev)
	}
	if ev := press(typed("x"), "esc"); ev != (Closed{}) {
		t.Errorf("esc gave %#v", ev)
	}
	h := typed("undo")
	if ev := press(h, "enter"); ev != nil {
		t.Errorf("what cannot be done was: %#v", ev)
	}
	if got := ansi.Strip(h.View(80, 24, dark())); !strings.Contains(got, "! nothing waits to be sent") {
		t.Errorf("the reason does not show:\n%s", got)
	}
	if ev := press(typed("zzz"), "down", "enter", "up"); ev != nil {
		t.Errorf("nothing found gave %#v", ev)
	}
}

// TestEveryRowCanBeReached walks down all rows at several sizes: each selected row is in sight, and none is drawn
// twice.
func TestEveryRowCanBeReached(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 40}, {120, 12}, {100, 8}, {20, 6}} {
		h := New("Help", rows(), nil)
		for i := range rows() {
			row, _ := h.Selected()
			view := ansi.Strip(h.View(size[0], size[1], dark()))
			want := "▌ " + strings.Fields(row.Keys)[0][:1]
			if strings.Count(view, "▌") != 1 || !strings.Contains(view, want) {
				t.Fatalf("at %v row %d (%s) is not in sight once:\n%s", size, i, row.What, view)
			}
			press(h, "down")
		}
		press(h, "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup")
		if size[1] > 6 && h.sel != 0 {
			t.Errorf("at %v pgup ends at row %d", size, h.sel)
		}
	}
}

func TestColumnsShowEverything(t *testing.T) {
	t.Parallel()
	view := ansi.Strip(New("Help", rows(), nil).View(120, 40, dark()))
	for _, r := range rows() {
		if !strings.Contains(view, r.What) || !strings.Contains(view, r.Section) {
			t.Errorf("%s is missing:\n%s", r.What, view)
		}
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, size := range map[string][2]int{"60x20": {60, 20}, "80x24": {80, 24}, "120x40": {120, 40}, "120x16": {120, 16}} {
		for query, file := range map[string]string{"": "all-", "row": "row-"} {
			draw := func(o theme.Options) string {
				return tuitest.Render(typed(query).View(size[0], size[1], theme.New(o)), size[0], size[1]).String()
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
		var list []Row
		str := rapid.String()
		for i := range rapid.IntRange(0, 30).Draw(r, "rows") {
			list = append(list, Row{
				ID: fmt.Sprint(i), Keys: str.Draw(r, "keys"), What: str.Draw(r, "what"), Why: str.Draw(r, "why"),
				Section: rapid.SampledFrom([]string{"", "One", "日本", "Three"}).Draw(r, "section"), Enabled: rapid.Bool().Draw(r, "enabled"),
			})
		}
		h := New("Help", list, nil)
		h.Update(tea.PasteMsg{Content: rapid.OneOf(str, rapid.Just("")).Draw(r, "query")})
		for range rapid.IntRange(0, 30).Draw(r, "down") {
			press(h, "down")
		}
		w, height := rapid.IntRange(0, 130).Draw(r, "w"), rapid.IntRange(0, 25).Draw(r, "h")
		view := h.View(w, height, dark())
		if view == "" {
			if w >= 16 && height >= 6 {
				r.Fatalf("nothing at %dx%d", w, height)
			}
			return
		}
		lines := strings.Split(view, "\n")
		if len(lines) > height {
			r.Fatalf("%d rows in %d", len(lines), height)
		}
		for _, line := range lines {
			if n := ansi.StringWidth(line); n != ansi.StringWidth(lines[0]) || n > w {
				r.Fatalf("%q is %d cells wide, the first row %d, of %d", line, n, ansi.StringWidth(lines[0]), w)
			}
		}
		if _, ok := h.Selected(); ok && !strings.Contains(ansi.Strip(view), "▌") {
			r.Fatalf("the selection is out of sight:\n%s", ansi.Strip(view))
		}
	})
}
