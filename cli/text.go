package cli

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/state/claim"
	"claimdeck/state/query"
)

// noFilter matches everything.
var noFilter query.Filter

// plain is text without styles.
func plain(s string) string { return ansi.Strip(s) }

// page is how wide text for people is, so that a terminal of 80 columns shows it as it is.
const page = 80

// hang breaks words into lines of a page of which the first one begins in a column, and the others do too. A word is never
// broken: it may be an address or a command.
func hang(words string, column int) string {
	var b strings.Builder
	used := column
	for i, word := range strings.Fields(words) {
		width := ansi.StringWidth(word)
		switch {
		case i == 0:
		case used+1+width > page:
			b.WriteString("\n" + strings.Repeat(" ", column))
			used = column
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += width
	}
	return b.String()
}

// masked hides what is sensitive in a claim, unless it is to be revealed.
func masked(c claim.Claim, reveal bool) claim.Claim {
	if reveal {
		return c
	}
	c.AccountNumber = mask(c.AccountNumber)
	c.Owner.Phone = mask(c.Owner.Phone)
	c.Adjuster.Phone = mask(c.Adjuster.Phone)
	return c
}

// mask leaves the last four signs.
func mask(s string) string {
	r := []rune(s)
	keep := 4
	if len(r) <= keep {
		keep = 0
	}
	for i := range len(r) - keep {
		r[i] = '*'
	}
	return string(r)
}
