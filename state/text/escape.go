package text

import "unicode/utf8"

// The escape introducers, as ESC and in their C1 form.
const (
	esc = 0x1b
	dcs = 0x90
	sos = 0x98
	csi = 0x9b
	osc = 0x9d
	pm  = 0x9e
	apc = 0x9f

	stringTerminator = 0x9c // ends DCS, SOS, OSC, PM and APC
	bell             = 0x07 // ends OSC in practice
)

// introducer reports whether r starts an escape sequence (ECMA-48).
func introducer(r rune) bool {
	switch r {
	case esc, dcs, sos, csi, osc, pm, apc:
		return true
	}
	return false
}

// sequence returns how many bytes of s, which starts with an introducer, belong to its escape sequence. Of a
// sequence that is not finished or not well formed only the introducer is counted, so that no introducer can
// swallow the text behind it.
func sequence(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if r != esc {
		if r == csi {
			return controlSequence(s, n)
		}
		return stringSequence(s, n)
	}
	if len(s) == 1 {
		return 1
	}
	switch s[1] {
	case '[':
		return controlSequence(s, 2)
	case ']', 'P', 'X', '^', '_':
		return stringSequence(s, 2)
	}
	return shortSequence(s)
}

// maxIntermediates bounds the intermediate bytes of a sequence; real ones have one or two.
const maxIntermediates = 3

// shortSequence is ESC, intermediates (0x20-0x2f) and one final byte (0x30-0x7e), such as a charset choice.
func shortSequence(s string) int {
	i := skip(s, 1, 0x20, 0x2f)
	if i > 1+maxIntermediates || i == len(s) || s[i] < 0x30 || s[i] > 0x7e {
		return 1
	}
	return i + 1
}

// controlSequence is CSI, parameters (0x30-0x3f), intermediates (0x20-0x2f) and one final byte (0x40-0x7e).
// start is the length of the introducer.
func controlSequence(s string, start int) int {
	params := skip(s, start, 0x30, 0x3f)
	i := skip(s, params, 0x20, 0x2f)
	if i > params+maxIntermediates || i == len(s) || s[i] < 0x40 || s[i] > 0x7e {
		return start
	}
	return i + 1
}

// skip returns the index after the run of bytes between low and high that starts at i.
func skip(s string, i int, low, high byte) int {
	for i < len(s) && s[i] >= low && s[i] <= high {
		i++
	}
	return i
}

// stringSequence is OSC, DCS, SOS, PM or APC with its string, to the terminator. A control character inside
// aborts it, as in a terminal; then, and without a terminator, only the introducer (start bytes) is counted.
func stringSequence(s string, start int) int {
	for i := start; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == bell || r == stringTerminator:
			return i + n
		case r == esc && i+1 < len(s) && s[i+1] == '\\':
			return i + 2
		case r < 0x20 || introducer(r):
			return start
		}
		i += n
	}
	return start
}
