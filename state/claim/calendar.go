package claim

import "time"

// BusinessDay reports whether the day of t, in its own zone, is one on which US banks work.
func BusinessDay(t time.Time) bool { return usBusiness().IsWorkday(dayOf(t)) }

// NextBusinessDay returns the first business day after the day of t, as the same time of that day.
func NextBusinessDay(t time.Time) time.Time {
	for {
		if t = t.AddDate(0, 0, 1); BusinessDay(t) {
			return t
		}
	}
}
