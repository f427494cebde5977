package lossexpress

import (
	"slices"
	"time"
)

// agenda is what is still to happen. It has no clock and no goroutine of its own: whoever holds the lock runs what
// is due.
type agenda struct {
	items []appointment
}

type appointment struct {
	at time.Time
	do func(at time.Time)
}

// maxAppointments bounds an agenda; what does not fit does not happen.
const maxAppointments = 1000

// add puts something on the agenda; of two at the same time the first added comes first.
func (a *agenda) add(at time.Time, do func(at time.Time)) {
	if len(a.items) >= maxAppointments {
		return
	}
	i := len(a.items)
	for i > 0 && a.items[i-1].at.After(at) {
		i--
	}
	a.items = slices.Insert(a.items, i, appointment{at, do})
}

// run does everything that is due.
func (a *agenda) run(now time.Time) {
	for a.runOne(now) {
	}
}

// runOne does the first thing that is due and reports whether there was one. It happens now, not when it was due:
// nobody looked before.
func (a *agenda) runOne(now time.Time) bool {
	if len(a.items) == 0 || a.items[0].at.After(now) {
		return false
	}
	first := a.items[0]
	a.items = slices.Delete(a.items, 0, 1)
	first.do(now)
	return true
}
