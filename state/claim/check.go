package claim

import (
	"time"

	"github.com/shopspring/decimal"
)

// CheckAmount proposes the amount of a check that is mailed on the day of mailed (in its zone): what closes the loan on
// that day, as PayoffOn estimates it. It has the cents of the quote: whoever writes the check decides about them. It is
// false when the payoff is not known.
func CheckAmount(c Claim, mailed time.Time) (decimal.Decimal, bool) {
	amount, ok := c.PayoffOn(mailed)
	if !ok {
		return decimal.Zero, false
	}
	const cents = 2
	return amount.Round(cents), true // a per diem may have fractions of a cent; no check has
}

// Fits reports whether a check of amount, mailed on the day of mailed, closes the loan when it arrives within days of
// that: not less than the payoff on the first day, and not more than on the last. It is true when the payoff is not
// known.
func Fits(c Claim, amount decimal.Decimal, mailed time.Time, days int) bool {
	least, known := CheckAmount(c, mailed)
	most, estimated := CheckAmount(c, mailed.AddDate(0, 0, days))
	if !known {
		return true
	}
	if !estimated {
		most = least
	}
	return !amount.LessThan(least) && !amount.GreaterThan(most)
}
