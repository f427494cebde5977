package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"claimdeck/state/filing"
)

// bar shows how far a submission is: a bar on a terminal, now and then a line elsewhere.
type bar struct {
	w     io.Writer
	now   func() time.Time
	width func() int // columns of the terminal; nil: there is none

	mu    sync.Mutex // guards everything below, and the writing
	last  time.Time
	phase filing.Phase
	shown bool // the bar stands in the line
}

// How often progress is shown.
const (
	barPace  = 100 * time.Millisecond
	linePace = 5 * time.Second
)

func (p *Program) bar() *bar {
	b := &bar{w: p.Stderr, now: p.Now}
	if f, ok := p.Stderr.(*os.File); ok && isTerminal(f) {
		b.width = func() int {
			if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
				return w
			}
			return 80
		}
	}
	return b
}

// show shows progress, unless it was shown a moment ago.
func (b *bar) show(p filing.Progress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	pace, now := linePace, b.now()
	if b.width != nil {
		pace = barPace
	}
	fresh := p.Phase != b.phase && (b.width != nil || p.Phase == filing.PhaseWait)
	if !fresh && now.Sub(b.last) < pace {
		return
	}
	if b.width == nil && b.last.IsZero() { // a run that takes no time needs no words
		b.last, b.phase = now, p.Phase
		return
	}
	b.last, b.phase = now, p.Phase
	if b.width == nil {
		fmt.Fprintln(b.w, progressLine(p, 0)) //nolint:errcheck // narration
		return
	}
	fmt.Fprint(b.w, "\r"+progressLine(p, b.width()-1)+"\x1b[K") //nolint:errcheck // narration
	b.shown = true
}

// note says something in a line of its own.
func (b *bar) note(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.erase()
	fmt.Fprintln(b.w, s) //nolint:errcheck // narration
}

// clear takes the bar away.
func (b *bar) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.erase()
}

func (b *bar) erase() {
	if b.shown {
		fmt.Fprint(b.w, "\r\x1b[K") //nolint:errcheck // narration
		b.shown = false
	}
}

// progressLine is how far a run is, in at most width columns; 0: without a bar, for a log.
func progressLine(p filing.Progress, width int) string {
	done := p.Seen
	if p.Phase == filing.PhasePoll {
		done = p.Rows - p.Counts[filing.Outcome(filing.Queued)]
	}
	words := string(p.Phase)
	if p.Phase == filing.PhaseWait {
		words = fmt.Sprintf("waiting %s", p.Wait.Round(time.Second))
	}
	tail := fmt.Sprintf("%d of %d rows", done, p.Rows)
	for _, o := range filing.Outcomes() {
		if n := p.Counts[o]; n > 0 {
			tail += fmt.Sprintf(", %d %s", n, o)
		}
	}
	if width == 0 {
		return words + ": " + tail
	}
	const least, most = 8, 30
	words = fmt.Sprintf("%-12s", words)
	cells := min(width-len(words)-len(tail)-3, most)
	if cells < least { // what the rows came to is worth less than the bar
		tail = fmt.Sprintf("%d of %d rows", done, p.Rows)
		cells = min(width-len(words)-len(tail)-3, most)
	}
	line := words + tail
	if cells >= least {
		full := 0
		if p.Rows > 0 {
			full = min(max(done, 0), p.Rows) * cells / p.Rows
		}
		line = words + "[" + strings.Repeat("#", full) + strings.Repeat(".", cells-full) + "] " + tail
	}
	if len(line) > width {
		line = line[:max(width, 0)]
	}
	return line
}
