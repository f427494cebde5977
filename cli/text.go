package cli

import (
	"github.com/charmbracelet/x/ansi"

	"claimdeck/state/claim"
	"claimdeck/state/query"
)

// noFilter matches everything.
var noFilter query.Filter

// plain is text without styles.
func plain(s string) string { return ansi.Strip(s) }

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
