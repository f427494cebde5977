// Package text makes remote text safe to show. Every string that a server sent and a person may see passes
// through it once, where it is decoded: nothing that comes from the network may move the cursor, change the
// terminal, hide itself or reorder the line it stands in.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as one printable line: escape sequences, control, bidirectional and zero-width characters are
// gone, line breaks and tabs are single spaces, and leading and trailing space is trimmed. Invalid UTF-8 becomes
// U+FFFD.
func Line(s string) string {
	if plain(s) {
		return strings.TrimSpace(s)
	}
	return strings.Join(strings.Fields(clean(s)), " ")
}

// Block is Line for text of several lines: line breaks are kept (as \n), every line is trimmed on its right.
func Block(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(clean(line), unicode.IsSpace)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// plain reports whether s is printable ASCII without double spaces, the common case, which needs no copy.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e || (c == ' ' && i > 0 && s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// maxMarks is how many combining marks one base character may carry; more would pile up over other rows.
const maxMarks = 3

func clean(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == 0x1b || r == 0x9b || r == 0x90 || r == 0x9d || r == 0x98 || r == 0x9e || r == 0x9f {
			i += sequence(s[i:])
			continue
		}
		i += n
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == 0x85 || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case hidden(r):
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
			if marks++; marks <= maxMarks && b.Len() > 0 {
				b.WriteRune(r)
			}
			continue
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
		marks = 0
	}
	return b.String()
}

// hidden reports whether r must not reach a terminal: controls (C0, DEL, C1), format characters (bidi, zero-width,
// joiners, tags, soft hyphen), variation selectors, private use, surrogates and unassigned noncharacters.
func hidden(r rune) bool {
	switch {
	case r < 0x20 || (r >= 0x7f && r < 0xa0):
		return true
	case unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector):
		return true
	case r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0: // Hangul fillers draw nothing
		return true
	case r == 0x034f || r == 0x17b4 || r == 0x17b5: // invisible marks outside Cf
		return true
	}
	return r&0xfffe == 0xfffe
}

// sequence returns how many bytes of s, which starts with an escape introducer (7-bit or C1), belong to the
// escape sequence. An unfinished string sequence (OSC, DCS ...) ends at the end of its line, so that a lone
// introducer cannot swallow the rest of a message.
func sequence(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	kind := r
	if r == 0x1b {
		if len(s) == 1 {
			return 1
		}
		switch s[1] {
		case '[':
			kind, n = 0x9b, 2
		case ']':
			kind, n = 0x9d, 2
		case 'P', 'X', '^', '_':
			kind, n = 0x90, 2
		default:
			return shortSequence(s)
		}
	}
	if kind == 0x9b {
		return controlSequence(s, n)
	}
	return stringSequence(s, n)
}

func shortSequence(s string) int {
	i := 1
	for i < len(s) && s[i] >= 0x20 && s[i] <= 0x2f {
		i++
	}
	if i < len(s) && s[i] >= 0x30 && s[i] <= 0x7e {
		i++
	}
	return i
}

func controlSequence(s string, i int) int {
	for i < len(s) && s[i] >= 0x20 && s[i] <= 0x3f {
		i++
	}
	if i < len(s) && s[i] >= 0x40 && s[i] <= 0x7e {
		i++
	}
	return i
}

func stringSequence(s string, i int) int {
	start := i
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == 0x07 || r == 0x9c:
			return i + n
		case r == 0x1b && i+1 < len(s) && s[i+1] == '\\':
			return i + 2
		case r == '\n' || r == '\r':
			return start
		}
		i += n
	}
	return start
}
