// Package row puts rows of long lists together cheaply: text is appended to one reused buffer and cut or padded to
// exact cell widths, with a fast path for ASCII. Styles come in as pens, taken from the theme once.
package row

import (
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Pen is a style as the escape sequences around a text. The zero value leaves text as it is.
type Pen struct{ Open, Close string }

// NewPen takes the escape sequences of s.
func NewPen(s lipgloss.Style) Pen {
	open, end, _ := strings.Cut(s.Render("x"), "x")
	return Pen{Open: open, Close: end}
}

// Width returns the cells that s takes.
func Width(s string) int {
	if ascii(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// Cut returns s in at most n cells, ending in tail where something was cut.
func Cut(s string, n int, tail string) string {
	if n <= 0 {
		return ""
	}
	if ascii(s) {
		if len(s) <= n {
			return s
		}
		if w := Width(tail); w <= n {
			return s[:n-w] + tail
		}
		return s[:n]
	}
	return ansi.Truncate(s, n, tail)
}

// Fit appends s in exactly n cells: cut with tail, or padded with spaces.
func Fit(b []byte, s string, n int, tail string) []byte {
	if n <= 0 {
		return b
	}
	s = Cut(s, n, tail)
	b = append(b, s...)
	return Pad(b, n-Width(s))
}

// Right appends s in exactly n cells, flush right.
func Right(b []byte, s string, n int, tail string) []byte {
	s = Cut(s, n, tail)
	b = Pad(b, n-Width(s))
	return append(b, s...)
}

// Styled is Fit with a pen around the text, not around the padding.
func Styled(b []byte, p Pen, s string, n int, tail string) []byte {
	if n <= 0 {
		return b
	}
	s = Cut(s, n, tail)
	b = append(b, p.Open...)
	b = append(b, s...)
	b = append(b, p.Close...)
	return Pad(b, n-Width(s))
}

// Pad appends n spaces; none when n is negative.
func Pad(b []byte, n int) []byte {
	for range n {
		b = append(b, ' ')
	}
	return b
}

// Wrap breaks s at words into lines of at most n cells; its own line breaks are kept.
func Wrap(s string, n int) []string {
	if n <= 0 {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		out = append(out, strings.Split(ansi.Wrap(line, n, " -/"), "\n")...)
	}
	for i := range out {
		out[i] = strings.TrimRight(out[i], " ")
	}
	return out
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] < 0x20 {
			return false
		}
	}
	return true
}
