// Package ago says how long ago something was, in the words that every screen uses.
package ago

import (
	"fmt"
	"time"
)

// Words says an age: "just now", "12 min ago", "3 h ago", "9 days ago".
func Words(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
