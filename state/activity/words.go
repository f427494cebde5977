package activity

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"claimdeck/state/money"
	"claimdeck/state/text"
)

const (
	maxName    = 60  // runes of a name nobody expected
	maxSummary = 240 // runes of a summary
)

// clip cuts s to at most n runes, with an ellipsis.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return strings.TrimRight(string(runes[:n-1]), " ") + "…"
}

// join joins the parts that are not empty.
func join(separator string, parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, separator)
}

// after returns head, and ": tail" if there is a tail.
func after(head, tail string) string {
	if tail == "" {
		return head
	}
	return head + ": " + tail
}

// firstLine returns the first line of a block, as a line.
func firstLine(block string) string {
	line, _, _ := strings.Cut(block, "\n")
	return text.Line(line)
}

// day writes the day YYYY-MM-DD for people: "Jan 18", with the year unless it is that of the activity.
func day(ymd string, at time.Time) string {
	t, err := time.Parse(time.DateOnly, ymd)
	if err != nil {
		return ymd
	}
	if t.Year() == at.Year() {
		return t.Format("Jan 2")
	}
	return t.Format("Jan 2, 2006")
}

func formatted(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return money.Format(*d)
}

func is(b *bool, want bool) bool { return b != nil && *b == want }

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// sentence makes the first letter of s a capital one.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
