package ago_test

import (
	"testing"
	"time"

	"claimdeck/tui/widget/ago"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Second: "just now", 0: "just now", 59 * time.Second: "just now", time.Minute: "1 min ago", time.Hour - 1: "59 min ago",
		time.Hour: "1 h ago", 48*time.Hour - 1: "47 h ago", 48 * time.Hour: "2 days ago", 400 * time.Hour: "16 days ago",
	} {
		if got := ago.Words(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}
