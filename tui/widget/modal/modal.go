// Package modal draws a titled box over a dimmed screen.
package modal

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/row"
)

// Box is a frame with its title in the upper border.
type Box struct {
	Title string   // plain text
	Note  string   // plain text at the right end of the upper border; dropped when there is no room
	Lines []string // each is fitted between the sides; a line may carry SGR sequences
	Width int      // of the whole box, borders included
}

// Frame is the room that the borders take from a box: columns on both sides together, and rows.
const (
	FrameWidth  = 2
	FrameHeight = 2
)

// Render returns the box: len(Lines)+2 rows of exactly Width cells. Below 4 columns it is empty.
func (b Box) Render(t theme.Theme) string {
	inner := b.Width - FrameWidth
	if inner < 2 {
		return ""
	}
	open, end := t.Faint.SGR()
	var out strings.Builder
	out.WriteString(b.top(inner, t))
	for _, line := range b.Lines {
		out.WriteByte('\n')
		out.WriteString(open + t.Border.Left + end)
		out.WriteString(cells.Fit(line, inner, t.Glyphs.Ellipsis))
		out.WriteString(open + t.Border.Right + end)
	}
	out.WriteByte('\n')
	out.WriteString(open + t.Border.BottomLeft + strings.Repeat(t.Border.Bottom, inner) + t.Border.BottomRight + end)
	return out.String()
}

func (b Box) top(inner int, t theme.Theme) string {
	title, note := "", ""
	if b.Title != "" && inner >= 6 {
		title = ansi.Truncate(b.Title, inner-4, t.Glyphs.Ellipsis)
	}
	used := 0
	if title != "" {
		used = ansi.StringWidth(title) + 2
	}
	if n := ansi.StringWidth(b.Note); n > 0 && used+n+6 <= inner {
		note = b.Note
		used += n + 3
	}
	bar := strings.Repeat(t.Border.Top, max(0, inner-used))
	open, end := t.Faint.SGR()
	s := open + t.Border.TopLeft + end
	if title != "" {
		s += " " + t.Title.Render(title) + " "
	}
	s += open + bar + end
	if note != "" {
		s += " " + t.Dim.Render(note) + " " + open + t.Border.Top + end
	}
	return s + open + t.Border.TopRight + end
}

// Backdrop is a screen made ready to stand behind boxes. Make it once and keep it while the screen does not change: it
// remembers what of it stands around a box.
type Backdrop struct {
	lines         []string // plain, exactly w cells each
	w             int
	fadeIn, fadeO string
	around        around
}

// around is what of a backdrop stands around a box.
type around struct {
	x, y, w, h   int // of the box
	made         bool
	above, below string
	left, right  []string // a line each
}

// NewBackdrop strips the colours of view, a screen of w×h cells, and dims it.
func NewBackdrop(view string, w, h int, t theme.Theme) *Backdrop {
	b := &Backdrop{w: max(0, w), lines: make([]string, max(0, h))}
	b.fadeIn, b.fadeO = t.Behind.SGR()
	rows := strings.Split(view, "\n")
	for i := range b.lines {
		if i < len(rows) {
			b.lines[i] = ansi.Strip(rows[i])
		}
		b.lines[i] = cells.Fit(b.lines[i], b.w, "")
	}
	return b
}

// Place puts box in the middle of the backdrop and returns the whole screen and where the box's upper left corner
// is, to which the box's cursor is relative. A box that is larger than the screen is cut.
func (b *Backdrop) Place(box string) (view string, x, y int) {
	if box == "" {
		return b.faded(b.lines), 0, 0
	}
	rows := strings.Split(box, "\n")
	wide := 0
	for _, r := range rows {
		wide = max(wide, row.Width(r))
	}
	bw, bh := min(b.w, wide), min(len(rows), len(b.lines))
	x, y = (b.w-bw)/2, (len(b.lines)-bh)/2
	b.make(x, y, bw, bh)
	var out strings.Builder
	out.Grow(len(b.around.above) + len(b.around.below) + len(box) + bh*(b.w+len(b.fadeIn)*2))
	out.WriteString(b.around.above)
	for i := range bh {
		out.WriteString(b.around.left[i])
		out.WriteString(cells.Fit(rows[i], bw, ""))
		out.WriteString(b.around.right[i])
		if y+i < len(b.lines)-1 {
			out.WriteByte('\n')
		}
	}
	out.WriteString(b.around.below)
	return out.String(), x, y
}

// make cuts out the place of a box, unless the last one stood there too.
func (b *Backdrop) make(x, y, w, h int) {
	a := &b.around
	if a.made && a.x == x && a.y == y && a.w == w && a.h == h {
		return
	}
	*a = around{x: x, y: y, w: w, h: h, made: true}
	if y > 0 {
		a.above = b.faded(b.lines[:y]) + "\n"
	}
	a.below = b.faded(b.lines[y+h:])
	for _, line := range b.lines[y : y+h] {
		left, _, _ := cells.Split(line, x)
		_, right, from := cells.Split(line, x+w)
		a.left = append(a.left, b.fade(cells.Fit(left, x, "")))
		a.right = append(a.right, b.fade(cells.Fit(strings.Repeat(" ", from-x-w)+right, b.w-x-w, "")))
	}
}

// Over is NewBackdrop and Place in one, for a single frame.
func Over(background, box string, w, h int, t theme.Theme) string {
	view, _, _ := NewBackdrop(background, w, h, t).Place(box)
	return view
}

func (b *Backdrop) faded(lines []string) string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = b.fade(line)
	}
	return strings.Join(out, "\n")
}

func (b *Backdrop) fade(s string) string {
	if s == "" {
		return ""
	}
	return b.fadeIn + s + b.fadeO
}
