package tui_test

import (
	"fmt"
	"testing"

	"claimdeck/tui/tuitest"
)

// benchFilings is how many transactions the benchmark opens.
const benchFilings = 10_000

// BenchmarkFilings measures Update and View of one key on the screen of filings, with ten thousand rows open.
func BenchmarkFilings(b *testing.B) {
	rows := make([][]string, benchFilings)
	for n := range rows {
		rows[n] = filingRow(n)
		if n%33 == 0 {
			rows[n] = filingRow(n, "mailing_zip_code", "")
		}
	}
	r := newRig(b, setup{empty: true, unread: true, filings: &filingsSetup{files: map[string]string{"big.csv": filingTable(rows...)}}})
	for _, size := range [][2]int{{120, 40}, {200, 60}} {
		run := func(name string, prepare []string, keys ...string) {
			b.Run(fmt.Sprintf("%dx%d/%s", size[0], size[1], name), func(b *testing.B) {
				c := newBench(b, r, size[0], size[1])
				c.press("3")
				c.settle()
				c.press(prepare...)
				c.settle()
				msgs := tuitest.Keys(keys...)
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					c.step(msgs[i%len(msgs)])
					if len(c.cmds) > 0 {
						b.StopTimer()
						c.settle()
						b.StartTimer()
					}
				}
			})
		}
		var both []string
		for _, key := range []string{"j", "k"} {
			for range 100 {
				both = append(both, key)
			}
		}
		run("cursor", nil, "j", "k")
		run("cursor-scrolling", nil, both...)
		run("page", []string{"pgdown", "pgdown"}, "pgdown", "pgup")
		run("jump-to-end", nil, "G", "g")
		run("next-problem", nil, "n")
		run("filter-keystroke", []string{"/"}, "7", "backspace")
		run("submit-form", nil, "S", "esc")
	}
}
