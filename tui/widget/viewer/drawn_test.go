package viewer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/tui/theme"
)

// What is drawn follows the width and what changed since.
func TestDrawnAnew(t *testing.T) {
	t.Parallel()
	word := "masked"
	v := NewDrawn("Detail", []string{"J raw JSON"}, func(w int) []string { return []string{fmt.Sprint(w), word} }, nil)
	look := theme.New(theme.Options{})
	first := ansi.Strip(v.View(80, 24, look))
	word = "revealed"
	second := ansi.Strip(v.View(60, 24, look))
	for got, want := range map[string][]string{first: {"masked", "esc close   J raw JSON"}, second: {"revealed", "J raw JSON"}} {
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%q is missing:\n%s", w, got)
			}
		}
	}
	for line := range strings.SplitSeq(ansi.Strip(v.View(20, 24, look)), "\n") {
		if ansi.StringWidth(line) > 20 {
			t.Errorf("%q is too wide", line)
		}
	}
}
