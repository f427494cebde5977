// Package row puts rows of long lists together cheaply: text is appended to one reused buffer and cut or padded to
// exact cell widths, with a fast path for ASCII. Styles come in as pens, taken from the theme once.
package row

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/tui/theme"
)

// Pen is a style as the escape sequences around a text. The zero value leaves text as it is.
type Pen struct{ Open, Close string }

// NewPen takes the escape sequences of s.
func NewPen(s theme.Style) Pen {
	open, end := s.SGR()
	return Pen{Open: open, Close: end}
}

// Width returns the cells that s takes. s may carry SGR sequences.
func Width(s string) int {
	if n, ok := Simple(s); ok {
		return n
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
	if w, ok := Simple(s); ok && w <= n {
		return s
	}
	for room := n; room > 0; room-- {
		// Where marks join, what is cut can be wider than what Truncate counted.
		if cut := ansi.Truncate(s, room, tail); Width(cut) <= n {
			return cut
		}
	}
	return ""
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
		for part := range strings.SplitSeq(ansi.Wrap(line, n, " -/"), "\n") {
			if Width(part) > n { // a word that begins with a dash comes out a cell too long
				part = ansi.Hardwrap(part, n, true)
			}
			out = append(out, strings.Split(part, "\n")...)
		}
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

// Simple counts the cells of s when it is made of what nearly all lines are made of: ASCII, the signs of the theme, and
// SGR sequences. Every rune outside of those sequences is then one cell. Anything else, a mark that joins the sign
// before it above all, needs the whole arithmetic.
func Simple(s string) (cells int, ok bool) {
	for i := 0; i < len(s); {
		n := 1
		switch c := s[i]; {
		case c >= 0x20 && c < 0x7f:
			cells++
		case c == 0x1b:
			n = sgr(s[i:])
		case c == 0xc2 || c == 0xe2:
			n = sign(s[i:])
			cells++
		default:
			n = 0
		}
		if n == 0 {
			return 0, false
		}
		i += n
	}
	return cells, true
}

// sgr returns the length of the SGR sequence that s begins with; 0 when it is another one.
func sgr(s string) int {
	if len(s) < 3 || s[1] != '[' {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case (c < '0' || c > '9') && c != ';' && c != ':':
			return 0
		}
	}
	return 0
}

// sign returns the length of the one-cell sign that s begins with; 0 when it is another rune.
func sign(s string) int {
	switch r, n := utf8.DecodeRuneInString(s); {
	case r >= 0x2500 && r <= 0x259f, // lines and blocks
		r == '·', r == '•', r == '…', r == '●', r == '○', r == '↑', r == '↓', r == '→', r == '✓':
		return n
	}
	return 0
}
