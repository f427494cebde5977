package row

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/tui/theme"
)

// pieces are what lines are made of, the simple and the awkward.
func pieces() []string {
	return []string{
		"a", "Z", " ", "~", "7", "\x1b[m", "\x1b[1m", "\x1b[38;5;247m", "\x1b[4:3m", "▌", "│", "─", "┌", "…", "•", "·", "●", "○", "↑", "✓",
		"é", "e\u0301", "漢", "字", "👩", "👩\u200d👧", "🇩🇪", "\ufe0f", "\u200b", "\u20e3", "ß", "\u0301", "\x1b[2J", "\x1b]0;x\x07", "\x1b", "\t", "\x7f",
		"\u00a0", "\u00ad", "½", "✔", "\u2028", "①",
	}
}

// clean are the pieces that are left of remote text once it went through package text.
func clean() []string {
	return []string{
		"a", "Z", " ", "~", "7", "\x1b[m", "\x1b[1m", "\x1b[38;5;247m", "▌", "│", "─", "…", "•", "·", "é", "e\u0301", "漢", "字", "👩", "🇩🇪",
		"ß", "½", "①", "\u00a0",
	}
}

func line(t *rapid.T, from []string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(from), 0, 40).Draw(t, "line"), "")
}

// The short way and the long way come to the same width.
func TestWidthIsThatOfTheTerminal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := line(t, pieces())
		if got, want := Width(s), ansi.StringWidth(s); got != want {
			t.Fatalf("%q: %d cells, want %d", s, got, want)
		}
		if n, ok := Simple(s); ok {
			if runes := len([]rune(ansi.Strip(s))); runes != n {
				t.Fatalf("%q: %d cells of %d runes", s, n, runes)
			}
		}
	})
}

// Whatever is fitted takes exactly the cells that were asked for.
func TestFitIsExact(t *testing.T) {
	t.Parallel()
	pen := NewPen(theme.New(theme.Options{}).Title)
	rapid.Check(t, func(t *rapid.T) {
		s := line(t, clean())
		n := rapid.IntRange(0, 30).Draw(t, "cells")
		tail := rapid.SampledFrom([]string{"…", "~", ""}).Draw(t, "tail")
		for name, b := range map[string][]byte{
			"Fit": Fit(nil, s, n, tail), "Right": Right(nil, s, n, tail), "Styled": Styled(nil, pen, s, n, tail),
		} {
			if got := ansi.StringWidth(string(b)); got != n {
				t.Fatalf("%s of %q in %d: %d cells: %q", name, s, n, got, b)
			}
		}
		if got := ansi.StringWidth(Cut(s, n, tail)); got > n {
			t.Fatalf("Cut of %q to %d: %d cells", s, n, got)
		}
	})
}

func TestCutSaysSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{
		{"payoff", 6, "payoff"},
		{"payoff", 5, "payo…"},
		{"payoff", 1, "…"},
		{"payoff", 0, ""},
		{"payoff", -3, ""},
		{"漢字かな", 8, "漢字かな"},
		{"漢字かな", 7, "漢字か…"},
		{"漢字かな", 6, "漢字…"},
		{"·····", 5, "·····"},
		{"·····", 4, "···…"},
		{"\x1b[1mab\x1b[m", 2, "\x1b[1mab\x1b[m"},
	} {
		if got := Cut(c.s, c.n, "…"); got != c.want {
			t.Errorf("Cut(%q, %d) is %q, want %q", c.s, c.n, got, c.want)
		}
	}
	if got := Cut("payoff", 1, "..."); got != "p" {
		t.Errorf("a tail without room: %q", got)
	}
}

// Wrap loses no word, and no line is too long.
func TestWrapKeepsEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "payoff", "guarantee", "per-diem", "漢字かな", "two\nlines", "x/y", "-aaaaaaaaaaaaaaaaaaaa", "x-https://one.example/path-of-a-document"}), 0, 12).Draw(t, "words")
		n := rapid.IntRange(2, 40).Draw(t, "cells")
		s := strings.Join(words, " ")
		lines := Wrap(s, n)
		for _, l := range lines {
			if ansi.StringWidth(l) > n {
				t.Fatalf("%q in %d: a line %q", s, n, l)
			}
		}
		squash := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squash(strings.Join(lines, "")) != squash(s) {
			t.Fatalf("%q in %d: %q", s, n, lines)
		}
	})
	if got := Wrap("x", 0); got != nil {
		t.Errorf("in no room: %q", got)
	}
}

func TestPenTakesBothEnds(t *testing.T) {
	t.Parallel()
	p := NewPen(theme.New(theme.Options{}).Title)
	if p.Open == "" || p.Close == "" || p.Open+"x"+p.Close != lipgloss.NewStyle().Bold(true).Render("x") {
		t.Errorf("the pen is %+v", p)
	}
	if p := NewPen(theme.New(theme.Options{}).Text); p != (Pen{}) {
		t.Errorf("a plain style has the pen %+v", p)
	}
}

func BenchmarkWidth(b *testing.B) {
	for name, s := range map[string]string{
		"ascii":  "   09:28:52  EX-20455  Ally Fin            Payoff requested",
		"styled": "\x1b[38;5;111m▌\x1b[m  \x1b[38;5;247m09:28:52\x1b[m  EX-20455  Ally Fin… Payoff requested",
		"wide":   "   09:28:52  EX-20455  株式会社みずほ銀行オートローン",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Width(s)
			}
		})
	}
}
