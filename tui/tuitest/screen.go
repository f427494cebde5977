package tuitest

import (
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// Cell is one cell of a screen and how it looks.
type Cell struct {
	Text                             string // "" behind a wide character
	Bold, Faint, Reverse, Underlined bool
	Fg, Bg                           color.Color // nil: the terminal's own
}

// Screen is a picture of a terminal.
type Screen struct {
	W, H  int
	cells []Cell
}

// Render draws a view into a terminal of w×h cells, as the renderer would: what does not fit is not wrapped but lost.
func Render(view string, w, h int) *Screen {
	em := vt.NewEmulator(max(1, w), max(1, h))
	_, _ = em.WriteString(ansi.SetModeUnicodeCore + ansi.ResetModeAutoWrap)
	for i, line := range strings.Split(view, "\n") {
		if i < h {
			_, _ = em.WriteString(ansi.CursorPosition(1, i+1) + line)
		}
	}
	return picture(em)
}

// picture copies the emulator's screen; the caller holds its lock.
func picture(em *vt.Emulator) *Screen {
	s := &Screen{W: em.Width(), H: em.Height()}
	s.cells = make([]Cell, 0, s.W*s.H)
	for y := range s.H {
		for x := 0; x < s.W; x++ {
			c := em.CellAt(x, y)
			if c == nil {
				s.cells = append(s.cells, Cell{Text: " "})
				continue
			}
			s.cells = append(s.cells, cell(c))
		}
	}
	return s
}

func cell(c *uv.Cell) Cell {
	attr := func(bit uint8) bool { return c.Style.Attrs&bit != 0 }
	out := Cell{
		Text: c.Content, Bold: attr(uv.AttrBold), Faint: attr(uv.AttrFaint), Reverse: attr(uv.AttrReverse),
		Underlined: c.Style.Underline != uv.UnderlineNone, Fg: c.Style.Fg, Bg: c.Style.Bg,
	}
	if c.Width > 0 && out.Text == "" {
		out.Text = " "
	}
	return out
}

// Cell returns the cell at a column and a row from the upper left; blank outside.
func (s *Screen) Cell(x, y int) Cell {
	if x < 0 || y < 0 || x >= s.W || y >= s.H {
		return Cell{Text: " "}
	}
	return s.cells[y*s.W+x]
}

// Row returns the text of a row without the spaces at its end.
func (s *Screen) Row(y int) string {
	var b strings.Builder
	for x := range s.W {
		b.WriteString(s.Cell(x, y).Text)
	}
	return strings.TrimRight(b.String(), " ")
}

// String returns the rows, spaces at their ends left out, each ending with a line break.
func (s *Screen) String() string {
	var b strings.Builder
	for y := range s.H {
		b.WriteString(s.Row(y))
		b.WriteByte('\n')
	}
	return b.String()
}

// Contains reports whether some row holds the text.
func (s *Screen) Contains(text string) bool { return strings.Contains(s.String(), text) }

// Find returns where a text begins, in cells; false when no row holds it.
func (s *Screen) Find(text string) (x, y int, ok bool) {
	for y := range s.H {
		if before, _, found := strings.Cut(s.Row(y), text); found {
			return ansi.StringWidth(before), y, true
		}
	}
	return 0, 0, false
}
