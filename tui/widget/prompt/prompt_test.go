package prompt

import (
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
)

func dark() theme.Theme { return theme.New(theme.Options{Dark: true}) }

func TestTyping(t *testing.T) {
	t.Parallel()
	l := New("search")
	if got, x := l.View(10, dark()); ansi.Strip(got) != "search    " || x != 0 {
		t.Errorf("empty, it shows %q with the cursor at %d", ansi.Strip(got), x)
	}
	for _, msg := range tuitest.Typed("日本 x") {
		if !l.Update(msg) {
			t.Errorf("%v changed nothing", msg)
		}
	}
	got, x := l.View(10, dark())
	if l.Value() != "日本 x" || ansi.Strip(got) != "日本 x    " || x != 6 {
		t.Errorf("value %q, shown %q, cursor at %d", l.Value(), ansi.Strip(got), x)
	}
	if l.Update(tuitest.Key("left")) {
		t.Error("a cursor key counts as a change")
	}
	if l.AtEnd() {
		t.Error("the cursor did not move")
	}
	if _, x = l.View(10, dark()); x != 5 {
		t.Errorf("cursor at %d, want 5", x)
	}
}

func TestHostileInput(t *testing.T) {
	t.Parallel()
	l := New("")
	l.Update(tea.PasteMsg{Content: "  two\nlines \x1b[2J\u202e"})
	if l.Value() != "two lines " {
		t.Errorf("pasted as %q", l.Value())
	}
	if l.Update(tea.KeyPressMsg{Code: 0x202e, Text: "\u202e"}) {
		t.Error("a key that carries a bidi override was taken")
	}
}

func TestNoClipboardProgram(t *testing.T) {
	t.Parallel()
	l := New("")
	if l.Update(tuitest.Key("ctrl+v")) || l.Value() != "" {
		t.Errorf("ctrl+v gave %q", l.Value())
	}
}

func TestLineIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		l := New("a placeholder")
		l.Set(rapid.String().Draw(r, "text"))
		for range rapid.IntRange(0, 5).Draw(r, "back") {
			l.Update(tuitest.Key("left"))
		}
		w := rapid.IntRange(0, 30).Draw(r, "w")
		got, x := l.View(w, dark())
		if n := ansi.StringWidth(got); n != w || x > max(0, w-1) {
			r.Fatalf("%q is %d wide, not %d; cursor at %d", got, n, w, x)
		}
	})
}
