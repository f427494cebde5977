package query

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// maxBack is how far back a relative time may reach, in days.
const maxBack = 100 * 366

// The years that a bound may be in: the language writes four digits, and year 1 would be no bound.
const (
	minYear = 1800
	maxYear = 9000
)

var errTime = errors.New("is not a time: use 30m, 2h, 3d, 2w, today, yesterday or a day such as 2026-11-20")

// setTime sets bound to the time that value names. A day is its beginning as a lower bound and its end as an upper
// one, so that until:today holds today. A value that is the beginning of one leaves bound alone.
func setTime(bound *time.Time, value string, now time.Time, upper bool) error {
	t, err := parseTime(value, now, upper)
	if err == nil && (t.Year() < minYear || t.Year() > maxYear) {
		err = errTime
	}
	if err == nil {
		*bound = t
		return nil
	}
	if beginsTime(value) {
		return nil
	}
	key := keySince
	if upper {
		key = keyUntil
	}
	return fmt.Errorf("%s:%s %w", key, quote(value), errTime)
}

func parseTime(value string, now time.Time, upper bool) (time.Time, error) {
	days := 0
	if upper {
		days = 1
	}
	switch value {
	case "today":
		return midnight(now, days), nil
	case "yesterday":
		return midnight(now, days-1), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, value, now.Location()); err == nil {
		return midnight(t, days), nil
	}
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(value)); err == nil {
		return t.In(now.Location()).Truncate(time.Millisecond), nil
	}
	return ago(value, now)
}

// midnight returns the beginning of the day of t, or of a day later.
func midnight(t time.Time, daysLater int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+daysLater, 0, 0, 0, 0, t.Location())
}

// ago reads 30m, 2h, 3d and 2w. Days and weeks keep the time of day over a change of clocks.
func ago(value string, now time.Time) (time.Time, error) {
	number, unit := value[:len(value)-1], value[len(value)-1]
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || number[0] == '+' || number[0] == '-' {
		return time.Time{}, errTime
	}
	limit := map[byte]int{'m': maxBack * 24 * 60, 'h': maxBack * 24, 'd': maxBack, 'w': maxBack / 7}[unit]
	if n > limit {
		return time.Time{}, errTime
	}
	now = now.Truncate(time.Millisecond)
	switch unit {
	case 'm':
		return now.Add(-time.Duration(n) * time.Minute), nil
	case 'h':
		return now.Add(-time.Duration(n) * time.Hour), nil
	case 'd':
		return now.AddDate(0, 0, -n), nil
	case 'w':
		return now.AddDate(0, 0, -7*n), nil
	}
	return time.Time{}, errTime
}

// beginsTime reports whether value may become a time with more keys.
func beginsTime(value string) bool {
	for _, word := range [...]string{"today", "yesterday"} {
		if strings.HasPrefix(word, value) {
			return true
		}
	}
	if strings.Trim(value, "0123456789") == "" {
		return len(value) <= 9
	}
	const shape = "0000-00-00t00:00:00.000z"
	if len(value) > len(shape) {
		return false
	}
	for i := range len(value) {
		digit := value[i] >= '0' && value[i] <= '9'
		if digit != (shape[i] == '0') || !digit && value[i] != shape[i] {
			return false
		}
	}
	return len(value) != len(time.DateOnly) // a whole day that did not parse is wrong, not unfinished
}

// formatTime writes a bound: a beginning of a day as that day (the day before for an upper bound), anything else as
// an instant.
func formatTime(t time.Time, upper bool) string {
	if !t.Equal(midnight(t, 0)) {
		return t.UTC().Format("2006-01-02T15:04:05.999Z07:00")
	}
	if upper {
		t = midnight(t, -1)
	}
	return t.Format(time.DateOnly)
}
