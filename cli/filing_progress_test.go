package cli

import (
	"strings"
	"testing"
	"time"

	"claimdeck/state/filing"
)

func progressAt(phase filing.Phase, seen int) filing.Progress {
	return filing.Progress{
		Phase: phase, Rows: 10_000, Seen: seen,
		Counts: map[filing.Outcome]int{filing.Outcome(filing.Accepted): seen - 3, filing.Blocked: 3},
	}
}

func TestProgressFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for width := 1; width < 130; width++ {
		for _, phase := range []filing.Phase{filing.PhaseRead, filing.PhaseSend, filing.PhaseWait, filing.PhasePoll, filing.PhaseCount} {
			if line := progressLine(progressAt(phase, 4_200), width); len(line) > width {
				t.Errorf("%d columns: %q", width, line)
			}
		}
	}
	const want = "sending     [##########................] 4200 of 10000 rows, 3 blocked, 4197 accepted"
	if got := progressLine(progressAt(filing.PhaseSend, 4_200), 85); got != want {
		t.Errorf("%q\n%q", got, want)
	}
	p := progressAt(filing.PhasePoll, 10_000)
	p.Counts[filing.Outcome(filing.Queued)] = 2_500
	if got := progressLine(p, 40); !strings.Contains(got, "7500 of 10000") {
		t.Errorf("%q", got)
	}
	if got := progressLine(filing.Progress{Phase: filing.PhaseRead}, 60); !strings.Contains(got, "[.") {
		t.Errorf("before the rows are counted: %q", got)
	}
}

// A terminal is redrawn ten times a second at most; a log gets a line every five seconds, and of every wait.
func TestProgressIsNotShownTooOften(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		width func() int
		most  int
		waits int
	}{
		"terminal": {func() int { return 80 }, 103, 1},
		"log":      {nil, 3, 1},
	} {
		now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		var out strings.Builder
		b := &bar{w: &out, now: func() time.Time { return now }, width: tt.width}
		shown := func() int { return strings.Count(out.String(), "of 10000") }
		for i := range 10_000 { // a row a millisecond
			now = now.Add(time.Millisecond)
			b.show(progressAt(filing.PhaseSend, i))
		}
		if n := shown(); n == 0 || n > tt.most {
			t.Errorf("%s: shown %d times in ten seconds", name, n)
		}
		before := shown()
		b.show(progressAt(filing.PhaseWait, 10_000))
		if shown()-before != tt.waits || !strings.Contains(out.String(), "waiting 0s") {
			t.Errorf("%s: a wait is not told of: %q", name, out.String()[max(0, out.Len()-200):])
		}
		b.note("stopping")
		b.clear()
		b.clear()
		if got := out.String(); !strings.HasSuffix(got, "stopping\n") || strings.Contains(got, "\x1b") != (tt.width != nil) {
			t.Errorf("%s: %q", name, got[max(0, len(got)-200):])
		}
	}
}

func TestHangingLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 90)
	for words, want := range map[string]string{
		"":                                 "",
		"short":                            "short",
		strings.Repeat("word ", 20):        strings.TrimSpace(strings.Repeat("word ", 14)) + "\n" + strings.Repeat(" ", 11) + strings.TrimSpace(strings.Repeat("word ", 6)),
		"an address " + long + " and more": "an address\n" + strings.Repeat(" ", 11) + long + "\n" + strings.Repeat(" ", 11) + "and more",
	} {
		if got := hang(words, 11); got != want {
			t.Errorf("%q", got)
		}
	}
}

func TestClockWords(t *testing.T) {
	t.Parallel()
	for skew, want := range map[string]string{
		"": "", "0s": "", "1s": "", "-1s": "", "30s": "30s ahead of the service's", "-1m30s": "1m30s behind the service's",
		"2h0m1s": "2h0m ahead of the service's",
	} {
		if got := clockWords(skew); got != want {
			t.Errorf("%s: %q, want %q", skew, got, want)
		}
	}
}
