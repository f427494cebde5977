// Package cells does the arithmetic of terminal cells for the widgets: a line is fitted to an exact width, text is
// wrapped, typed text is cleaned, and a virtual cursor becomes a real one. Widths are of graphemes, never of bytes
// or runes.
package cells

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/state/text"
	"claimdeck/tui/widget/row"
)

// Fit returns s as exactly w cells: cut with the ellipsis when it is too long, padded with spaces when it is short.
// s may carry SGR sequences; it must be one line.
func Fit(s string, w int, ellipsis string) string {
	if w <= 0 {
		return ""
	}
	n := row.Width(s)
	if n > w {
		s = row.Cut(s, w, ellipsis)
		n = row.Width(s)
	}
	return s + strings.Repeat(" ", max(0, w-n))
}

// Ends returns left and right on one line of exactly w cells with at least two spaces between them. When there is
// no room for both, left is cut, but not below half the line: rather than that, right is dropped.
func Ends(left, right string, w int, ellipsis string) string {
	n := row.Width(right)
	if room := w - n - 2; n == 0 || room < 0 || (room < w/2 && room < row.Width(left)) {
		return Fit(left, w, ellipsis)
	}
	// A right side that begins with a mark joins the space before it and takes less room than it does alone.
	return Fit(Fit(left, w-n-2, ellipsis)+"  "+right, w, "")
}

// Split cuts plain text at column x: left is at most x cells, right the rest. A character that stands across the
// column is on neither side; right then begins at from, which is behind x.
func Split(s string, x int) (left, right string, from int) {
	if ascii(s) {
		cut := min(max(0, x), len(s))
		return s[:cut], s[cut:], x
	}
	if _, ok := row.Simple(s); ok && !strings.Contains(s, "\x1b") {
		at := 0
		for i := range s {
			if at == max(0, x) {
				return s[:i], s[i:], x
			}
			at++
		}
		return s, "", x
	}
	end := 0
	for at := 0; end < len(s); {
		cluster, w := ansi.FirstGraphemeCluster(s[end:], ansi.GraphemeWidth)
		if at+w > x {
			if at == x {
				return s[:end], s[end:], x
			}
			return s[:end], s[end+len(cluster):], at + w
		}
		at += w
		end += len(cluster)
	}
	return s, "", x
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Wrap breaks plain text into lines of at most w cells, at spaces where it can. An empty text is one empty line.
func Wrap(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	lines := strings.Split(ansi.Wrap(s, w, ""), "\n")
	for i, line := range lines {
		if ansi.StringWidth(line) > w { // a cluster wider than the line itself
			line = ansi.Truncate(line, w, "")
		}
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// Clean removes from s what must not reach a terminal and keeps its spaces as they are. Line breaks and tabs become
// spaces. It is for what a person types or pastes; remote text is cleaned where it is decoded.
func Clean(s string) string {
	parts := strings.Split(s, " ")
	for i, part := range parts {
		parts[i] = text.Line(part)
	}
	return strings.Join(parts, " ")
}

// Window returns the first of the n rows to show in h, so that the rows from..to (to excluded) are among them; top
// is the first row shown until now, and is kept if it can be.
func Window(top, n, h, from, to int) int {
	if n <= h || h <= 0 {
		return 0
	}
	if to-h > top {
		top = to - h
	}
	if from < top {
		top = from
	}
	return min(max(0, top), n-h)
}

// TakeCursor finds the cell that an input component drew in reverse video as its cursor. It returns the line
// without that reverse and the cursor's column; ok is false, and the line unchanged, when there is none.
// A real cursor in its place blinks without a byte on the wire and shows input methods where to appear.
func TakeCursor(line string) (out string, x int, ok bool) {
	if !strings.Contains(line, "\x1b[") {
		return line, 0, false
	}
	var b strings.Builder
	var state byte
	for rest := line; len(rest) > 0; {
		seq, width, n, next := ansi.DecodeSequence(rest, state, nil)
		rest, state = rest[n:], next
		if !ok && strings.HasPrefix(seq, "\x1b[") && strings.HasSuffix(seq, "m") {
			if plain, had := withoutReverse(seq); had {
				ok = true
				b.WriteString(plain)
				continue
			}
		}
		if !ok {
			x += width
		}
		b.WriteString(seq)
	}
	if !ok {
		return line, 0, false
	}
	return b.String(), x, true
}

func withoutReverse(seq string) (string, bool) {
	params := strings.Split(seq[2:len(seq)-1], ";")
	i := reverseAt(params)
	if i < 0 {
		return seq, false
	}
	if params = slices.Delete(params, i, i+1); len(params) == 0 {
		return "", true
	}
	return "\x1b[" + strings.Join(params, ";") + "m", true
}

// reverseAt returns the place of the parameter 7 that is an attribute, not part of a colour such as 38;5;7.
func reverseAt(params []string) int {
	for i := 0; i < len(params); i++ {
		switch params[i] {
		case "38", "48", "58":
			if i+1 < len(params) && params[i+1] == "5" {
				i += 2
			} else {
				i += 4
			}
		case "7":
			return i
		}
	}
	return -1
}
