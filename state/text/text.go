// Package text makes remote text safe to show. Every string that a server sent and a person may see passes
// through it once, where it is decoded: nothing that comes from the network may move the cursor, change the
// terminal, hide itself or reorder the line it stands in.
//
// Both functions are idempotent and always return valid UTF-8.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as one printable line: escape sequences, control, bidirectional and zero-width characters are
// gone, runs of white space are single spaces, and leading and trailing space is trimmed. Invalid UTF-8 becomes
// U+FFFD.
func Line(s string) string {
	if plain(s) {
		return strings.TrimSpace(s)
	}
	return strings.Join(strings.Fields(clean(s)), " ")
}

// breaks are the line breaks of every system and of Unicode.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n",
	"\u2028", "\n", "\u2029", "\n")

// Block is Line for text of several lines: line breaks are kept (as \n), indentation and double spaces too; every
// line is trimmed on its right, and empty lines at both ends are gone.
func Block(s string) string {
	lines := strings.Split(breaks.Replace(s), "\n")
	for i, line := range lines {
		if !plain(line) {
			line = clean(line)
		}
		lines[i] = strings.TrimRight(line, " ")
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

// clean drops what must not reach a terminal and turns every white space into a space.
func clean(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	marks := maxMarks // nothing to stand on yet
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if introducer(r) {
			i += sequence(s[i:])
			continue
		}
		i += n
		switch {
		case ordinary(r):
			b.WriteRune(r)
			marks = 0
		case unicode.IsSpace(r):
			b.WriteByte(' ')
			marks = maxMarks // a mark on a space would stand alone once the space is trimmed
		case hidden(r): // does not end the cluster: marks on both sides of it pile up on one base
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks < maxMarks {
				b.WriteRune(r)
				marks++
			}
		default:
			b.WriteRune(r)
			marks = 0
		}
	}
	return b.String()
}

// ordinary spares the letters of most texts the search in the tables: visible ASCII and the Latin blocks behind it.
func ordinary(r rune) bool {
	return r > ' ' && r < 0x7f || r > 0xa0 && r < 0x300 && r != 0xad // a no-break space and a soft hyphen are not
}

// hidden reports whether r must not reach a terminal: controls (C0, DEL, C1), format characters (bidi, zero-width,
// joiners, tags, soft hyphen), variation selectors, fillers that draw nothing, private use and noncharacters.
func hidden(r rune) bool {
	switch {
	case r < 0x20 || (r >= 0x7f && r < 0xa0):
		return true
	case r < 0xa0:
		return false
	case unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector,
		unicode.Other_Default_Ignorable_Code_Point):
		return true
	case r >= 0xfdd0 && r <= 0xfdef:
		return true
	}
	return r&0xfffe == 0xfffe
}
