package cells

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/state/text"
)

// line is any text as it may reach a widget.
func line(r *rapid.T, name string) string { return text.Line(rapid.String().Draw(r, name)) }

func TestLinesAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		w := rapid.IntRange(0, 60).Draw(r, "w")
		s, right := line(r, "s"), line(r, "right")
		styled := lipgloss.NewStyle().Bold(true).Render(s)
		for _, got := range []string{Fit(s, w, "…"), Fit(styled, w, "…"), Ends(s, right, w, "…"), Ends(styled, right, w, "")} {
			if n := ansi.StringWidth(got); n != w {
				r.Fatalf("%q is %d cells wide, not %d", got, n, w)
			}
		}
		for _, row := range Wrap(s, w) {
			if n := ansi.StringWidth(row); n > w {
				r.Fatalf("the row %q is %d cells wide, over %d", row, n, w)
			}
		}
	})
}

func TestEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		left, right string
		w           int
		want        string
	}{
		{"left", "right", 12, "left   right"},
		{"a long left side", "right", 16, "a long l…  right"},
		{"left", "much too long", 12, "left        "},
		{"left", "", 6, "left  "},
		{"日本語", "x", 8, "日本…  x"},
	} {
		if got := Ends(c.left, c.right, c.w, "…"); got != c.want {
			t.Errorf("Ends(%q, %q, %d) = %q, want %q", c.left, c.right, c.w, got, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s, x := line(r, "s"), rapid.IntRange(0, 30).Draw(r, "x")
		left, right, from := Split(s, x)
		if !strings.HasPrefix(s, left) || !strings.HasSuffix(s, right) {
			r.Fatalf("%q is not cut into %q and %q", s, left, right)
		}
		if n := ansi.StringWidth(left); n > x || (n == x && from != x) || from < x {
			r.Fatalf("left %q is %d cells, right begins at %d", left, n, from)
		}
	})
}

func TestWrapKeepsEveryWord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,9}`), 1, 20).Draw(r, "words")
		w := rapid.IntRange(9, 30).Draw(r, "w")
		got := strings.Fields(strings.Join(Wrap(strings.Join(words, " "), w), " "))
		if strings.Join(got, " ") != strings.Join(words, " ") {
			r.Fatalf("wrapped to %q", got)
		}
	})
}

func TestWindowShowsWhatMustBeSeen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		n, h := rapid.IntRange(0, 50).Draw(r, "n"), rapid.IntRange(1, 20).Draw(r, "h")
		from := rapid.IntRange(0, max(0, n-1)).Draw(r, "from")
		to := min(n, from+rapid.IntRange(1, h).Draw(r, "rows"))
		top := Window(rapid.IntRange(-5, 60).Draw(r, "top"), n, h, from, to)
		switch {
		case top < 0 || (n <= h && top != 0) || (n > h && top > n-h):
			r.Fatalf("top %d is out of range", top)
		case n > 0 && (from < top || to > top+h):
			r.Fatalf("rows %d..%d are not among %d..%d", from, to, top, top+h)
		}
		if n > 0 && Window(top, n, h, from, to) != top {
			r.Fatal("the window moves though nothing did")
		}
	})
}

func TestCleanKeepsSpaces(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"my  file.pdf":         "my  file.pdf",
		" a ":                  " a ",
		"a\x1b[31mb":           "ab",
		"x\u202etxt.exe":       "xtxt.exe",
		"one\ntwo":             "one two",
		"\x1b]52;c;eA==\x07ok": "ok",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTakeCursor(t *testing.T) {
	t.Parallel()
	bold := lipgloss.NewStyle().Bold(true)
	for _, c := range []struct {
		name, in, want string
		x              int
		ok             bool
	}{
		{"none", "plain", "plain", 0, false},
		{"none, styled", bold.Render("plain"), bold.Render("plain"), 0, false},
		{"at the start", "\x1b[7ma\x1b[mb", "a\x1b[mb", 0, true},
		{"behind wide text", "日本\x1b[7m \x1b[m", "日本 \x1b[m", 4, true},
		{"with other attributes", "x\x1b[1;7;38;5;7my\x1b[m", "x\x1b[1;38;5;7my\x1b[m", 1, true},
		{"a colour is no reverse", "\x1b[38;5;7mx\x1b[m", "\x1b[38;5;7mx\x1b[m", 0, false},
		{"nor is a part of one", "\x1b[38;2;7;7;7mx\x1b[m", "\x1b[38;2;7;7;7mx\x1b[m", 0, false},
	} {
		got, x, ok := TakeCursor(c.in)
		if got != c.want || x != c.x || ok != c.ok {
			t.Errorf("%s: %q at %d (%v), want %q at %d (%v)", c.name, got, x, ok, c.want, c.x, c.ok)
		}
	}
}
