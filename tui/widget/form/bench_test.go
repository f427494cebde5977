package form

import (
	"testing"

	"claimdeck/tui/tuitest"
)

// BenchmarkTyping measures a letter typed into each kind of text, and the drawing that follows.
func BenchmarkTyping(b *testing.B) {
	for name, kind := range map[string]Kind{"line": Text, "text": LongText} {
		b.Run(name, func(b *testing.B) {
			f := New(Spec{Title: "T", Fields: []Field{{Name: "a", Label: "A", Kind: kind}}})
			look := dark()
			keys := tuitest.Keys("a", "backspace")
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f.Update(keys[i%2])
				_ = f.View(80, 24, look)
			}
		})
	}
}
