package cells

import "strings"

// Mask hides all but the last four signs of a sensitive value behind the sign of masking; of four signs or fewer, all.
func Mask(s, sign string) string {
	runes := []rune(s)
	keep := max(0, len(runes)-4)
	if len(runes) <= 4 {
		keep = len(runes)
	}
	var b strings.Builder
	for i, r := range runes {
		if i >= keep || strings.ContainsRune(" -()", r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(sign)
	}
	return b.String()
}
