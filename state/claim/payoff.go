package claim

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"
	"github.com/shopspring/decimal"
)

// PayoffOn estimates what closes the loan if the check arrives on the day of date (in date's zone): the quoted
// amount up to the last day on which it is right, and the per diem for every day after it. It is false when the
// amount, that day, or a per diem that is needed is not known.
func (c Claim) PayoffOn(date time.Time) (decimal.Decimal, bool) {
	days, known := c.daysLeft(date)
	if c.Payoff.Amount == nil || !known {
		return decimal.Zero, false
	}
	if days >= 0 {
		return *c.Payoff.Amount, true
	}
	if c.Payoff.PerDiem == nil {
		return decimal.Zero, false
	}
	return c.Payoff.Amount.Add(c.Payoff.PerDiem.Mul(decimal.NewFromInt(int64(-days)))), true
}

// Shortfall returns payoff minus settlement: what the owner or a GAP waiver pays when it is positive, and what is
// left for the owner when it is negative. It is false unless both are known.
func (c Claim) Shortfall() (decimal.Decimal, bool) {
	if c.Payoff.Amount == nil || c.Settlement == nil {
		return decimal.Zero, false
	}
	return c.Payoff.Amount.Sub(*c.Settlement), true
}

// BusinessDaysLeft returns how many US business days follow the day of now (in its zone) up to the last day of the
// payoff, that day included: 0 on the last business day. Once that day has passed it is negative: the business days
// that it is late, and at least one. It is false when the last day is not known.
func (c Claim) BusinessDaysLeft(now time.Time) (int, bool) {
	days, known := c.daysLeft(now)
	if !known {
		return 0, false
	}
	today := dayOf(now)
	if days >= 0 {
		return businessDays(today, today.AddDate(0, 0, days)), true
	}
	return -max(1, businessDays(today.AddDate(0, 0, days), today)), true
}

// daysLeft returns the calendar days from the day of date to the last day of the payoff.
func (c Claim) daysLeft(date time.Time) (int, bool) {
	last, err := time.Parse(time.DateOnly, c.Payoff.ValidThrough)
	if err != nil {
		return 0, false
	}
	return int(last.Sub(dayOf(date)) / (24 * time.Hour)), true
}

// dayOf returns the calendar day of t in its own zone, as midnight UTC, so that days can be counted.
func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// usBusiness is the calendar of US banks: Monday to Friday without the federal holidays. It is never changed.
var usBusiness = sync.OnceValue(func() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.Name = "US business days"
	c.AddHoliday(us.Holidays...)
	return c
})

// maxCounted is how many days are looked at one by one; a date far away comes from a broken answer.
const maxCounted = 400

// businessDays counts the business days after from, up to and including to.
func businessDays(from, to time.Time) int {
	count, days := 0, int(to.Sub(from)/(24*time.Hour))
	if days > maxCounted {
		count = (days - maxCounted) * 5 / 7
		days = maxCounted
	}
	for i := range days {
		if usBusiness().IsWorkday(from.AddDate(0, 0, i+1)) {
			count++
		}
	}
	return count
}
