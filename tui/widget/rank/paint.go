package rank

import (
	"slices"
	"strings"

	"claimdeck/tui/theme"
)

// Paint renders name in base with the runes at the given places in hit. A match always covers whole runs, so that
// a sequence is opened once for neighbours.
func Paint(name string, at []int, base, hit theme.Style) string {
	if len(at) == 0 {
		return base.Render(name)
	}
	var b strings.Builder
	rs := []rune(name)
	for i := 0; i < len(rs); {
		_, in := slices.BinarySearch(at, i)
		j := i + 1
		for ; j < len(rs); j++ {
			if _, same := slices.BinarySearch(at, j); same != in {
				break
			}
		}
		if part := string(rs[i:j]); in {
			b.WriteString(hit.Render(part))
		} else {
			b.WriteString(base.Render(part))
		}
		i = j
	}
	return b.String()
}
