package modal

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/state/text"
	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
)

func dark() theme.Theme { return theme.New(theme.Options{Dark: true}) }

func TestPlacesOverWideCharacters(t *testing.T) {
	t.Parallel()
	box := Box{Title: "日", Lines: []string{"é"}, Width: 8}.Render(dark())
	// The box covers columns 4 to 11; wide characters stand across both edges in the second row.
	view := "日本日本日本日本\nx日本日本日本日y\nabcdefghijklmnop"
	got := tuitest.Render(Over(view, box, 16, 3, dark()), 16, 3)
	want := "日本┌ 日 ──┐日本\nx日 │é     │ 日y\nabcd└──────┘mnop\n"
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if !got.Cell(0, 0).Faint || got.Cell(6, 0).Faint {
		t.Error("the backdrop is not dimmed, or the box is")
	}
}

func TestStripsTheBackdrop(t *testing.T) {
	t.Parallel()
	red := lipgloss.NewStyle().Bold(true).Reverse(true).Render("alarm")
	s := tuitest.Render(Over(red, "", 10, 2, dark()), 10, 2)
	if c := s.Cell(0, 0); c.Text != "a" || c.Bold || c.Reverse || !c.Faint {
		t.Errorf("behind a box the screen keeps its style: %+v", c)
	}
}

func TestASCII(t *testing.T) {
	t.Parallel()
	got := ansi.Strip(Box{Title: "A long title", Lines: []string{"a long line"}, Width: 10}.Render(theme.New(theme.Options{ASCII: true})))
	for _, r := range got {
		if r > 0x7e {
			t.Errorf("%q is not ASCII in\n%s", r, got)
		}
	}
}

func TestNote(t *testing.T) {
	t.Parallel()
	top := func(w int) string {
		first, _, _ := strings.Cut(ansi.Strip(Box{Title: "Help", Note: "2 of 3", Width: w}.Render(dark())), "\n")
		return first
	}
	if got := top(30); got != "┌ Help ───────────── 2 of 3 ─┐" {
		t.Errorf("wide: %s", got)
	}
	if got := top(14); got != "┌ Help ──────┐" {
		t.Errorf("narrow: %s", got)
	}
}

func TestEveryRowIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		str := rapid.String()
		w, h := rapid.IntRange(0, 90).Draw(r, "w"), rapid.IntRange(0, 20).Draw(r, "h")
		var rows []string
		for range rapid.IntRange(0, 22).Draw(r, "rows") {
			rows = append(rows, text.Line(str.Draw(r, "row")))
		}
		box := Box{
			Title: text.Line(str.Draw(r, "title")), Note: text.Line(str.Draw(r, "note")), Lines: rows,
			Width: rapid.IntRange(0, 100).Draw(r, "width"),
		}
		rendered := box.Render(dark())
		if rendered != "" {
			exact(r, rendered, box.Width, len(rows)+FrameHeight)
		}
		view, x, y := NewBackdrop(strings.Join(rows, "\n"), w, h, dark()).Place(rendered)
		if h > 0 {
			exact(r, view, w, h)
		}
		if x < 0 || y < 0 || x > w || y > h {
			r.Fatalf("the box stands at %d,%d", x, y)
		}
	})
}

func exact(r *rapid.T, view string, w, h int) {
	lines := strings.Split(view, "\n")
	if len(lines) != h {
		r.Fatalf("%d rows, not %d", len(lines), h)
	}
	for _, line := range lines {
		if n := ansi.StringWidth(line); n != w {
			r.Fatalf("%q is %d cells wide, not %d", line, n, w)
		}
	}
}

func BenchmarkPlace(b *testing.B) {
	t := dark()
	view := strings.TrimSuffix(strings.Repeat(strings.Repeat("word ", 24)+"\n", 40), "\n")
	drop := NewBackdrop(view, 120, 40, t)
	box := Box{Title: "New orders", Lines: make([]string, 15), Width: 72}.Render(t)
	b.ReportAllocs()
	for b.Loop() {
		_, _, _ = drop.Place(box)
	}
}
