//go:build !windows

package terminal

import (
	"image/color"
	"reflect"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
	"golang.org/x/term"
)

// Cell is one cell of a screen.
type Cell struct {
	Text   string // a grapheme; empty behind a wide one
	Width  int    // in cells: 1, 2, or 0 behind a wide one
	Fg, Bg color.Color
	Bold, Faint, Italic, Underline, Reverse,
	Strike bool
}

// Screen is a copy of what a terminal shows.
type Screen struct {
	Size
	Cells            []Cell // row by row
	CursorX, CursorY int
	Fg, Bg           color.Color // of the terminal, where a cell has none
}

// capture copies the emulator's screen; the caller holds its lock.
func capture(em *vt.Emulator) *Screen {
	s := &Screen{Size: Size{em.Width(), em.Height()}, Fg: em.ForegroundColor(), Bg: em.BackgroundColor()}
	at := em.CursorPosition()
	s.CursorX, s.CursorY = at.X, at.Y
	s.Cells = make([]Cell, 0, s.W*s.H)
	for y := range s.H {
		for x := range s.W {
			s.Cells = append(s.Cells, cellOf(em.CellAt(x, y)))
		}
	}
	return s
}

func cellOf(c *uv.Cell) Cell {
	if c == nil {
		return Cell{Text: " ", Width: 1}
	}
	has := func(attr uint8) bool { return c.Style.Attrs&attr != 0 }
	return Cell{
		Text: c.Content, Width: c.Width, Fg: c.Style.Fg, Bg: c.Style.Bg,
		Bold: has(uv.AttrBold), Faint: has(uv.AttrFaint), Italic: has(uv.AttrItalic), Reverse: has(uv.AttrReverse),
		Strike: has(uv.AttrStrikethrough), Underline: c.Style.Underline != uv.UnderlineNone,
	}
}

// At returns the cell at a column and a row, both from zero; the zero Cell outside of the screen.
func (s *Screen) At(x, y int) Cell {
	if x < 0 || y < 0 || x >= s.W || y >= s.H {
		return Cell{}
	}
	return s.Cells[y*s.W+x]
}

// Row returns the text of a row without the blanks at its end.
func (s *Screen) Row(y int) string {
	var b strings.Builder
	for x := range s.W {
		c := s.At(x, y)
		if c.Text == "" && c.Width > 0 {
			c.Text = " "
		}
		b.WriteString(c.Text)
	}
	return strings.TrimRight(b.String(), " ")
}

// String returns the text of the screen, a row a line.
func (s *Screen) String() string {
	rows := make([]string, s.H)
	for y := range rows {
		rows[y] = s.Row(y)
	}
	return strings.Join(rows, "\n")
}

// Shows reports whether some row holds text.
func (s *Screen) Shows(text string) bool { return strings.Contains(s.String(), text) }

// sameState compares two states of a line discipline, whose fields have no names outside their package.
func sameState(a, b *term.State) bool { return reflect.DeepEqual(a, b) }
