package claim

import (
	"testing"
	"time"
)

func TestBusinessDays(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("far west", -10*3600)
	for day, want := range map[string]struct {
		works bool
		next  string
	}{
		"2026-11-20": {true, "2026-11-23"},  // Friday
		"2026-11-21": {false, "2026-11-23"}, // Saturday
		"2026-11-25": {true, "2026-11-27"},  // the day before Thanksgiving
		"2026-11-26": {false, "2026-11-27"},
		"2026-12-31": {true, "2027-01-04"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", day+" 23:30", zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := BusinessDay(at); got != want.works {
			t.Errorf("%s: business day %v", day, got)
		}
		if got := NextBusinessDay(at).Format(time.DateOnly); got != want.next {
			t.Errorf("after %s comes %s, want %s", day, got, want.next)
		}
	}
}
