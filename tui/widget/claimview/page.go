package claimview

import (
	"strings"
	"time"

	"claimdeck/tui/screen"
	"claimdeck/tui/widget/row"
)

// page collects the lines of one body.
type page struct {
	View
	w     int
	lines []string
	look  *screen.Look
}

func newPage(v View, w int) *page { return &page{View: v, w: w, look: v.Look} }

func (p *page) tail() string { return p.look.Glyphs.Ellipsis }

func (p *page) add(b []byte) { p.lines = append(p.lines, string(b)) }

func (p *page) gap() {
	if len(p.lines) > 0 && p.lines[len(p.lines)-1] != "" {
		p.lines = append(p.lines, "")
	}
}

// section is a heading with space above it.
func (p *page) section(title string) {
	p.gap()
	p.add(row.Styled([]byte{' '}, p.look.Pens.Title, title, p.w-1, p.tail()))
}

// ends puts one text at each end of a line; the right one gives way.
func (p *page) ends(lp row.Pen, left string, rp row.Pen, right string) {
	left = row.Cut(left, p.w-2, p.tail())
	room := p.w - 2 - row.Width(left) - 2
	b := row.Styled([]byte{' '}, lp, left, row.Width(left), "")
	if room > 3 {
		right = row.Cut(right, room, p.tail())
		b = row.Pad(b, p.w-2-row.Width(left)-row.Width(right))
		b = row.Styled(b, rp, right, row.Width(right), "")
	}
	p.add(b)
}

// columns puts two texts side by side, the second at a common column.
func (p *page) columns(left, right string) {
	col := clamp(p.w*2/5, 16, 40)
	b := row.Fit([]byte{' '}, left, col, p.tail())
	b = append(b, ' ', ' ')
	p.add(row.Fit(b, right, p.w-col-4, p.tail()))
}

// labelled is a line of label, right-aligned figure and note.
func (p *page) labelled(name, figure string, pen row.Pen, note string) {
	b := row.Styled([]byte{' '}, p.look.Pens.Dim, name, 14, p.tail())
	b = append(b, pen.Open...)
	b = row.Right(b, figure, 14, p.tail())
	b = append(b, pen.Close...)
	b = append(b, ' ', ' ', ' ')
	p.add(row.Styled(b, p.look.Pens.Dim, note, p.w-33, p.tail()))
}

// fact is a line of label and text, left-aligned; empty texts leave no line.
func (p *page) fact(name, value string) {
	if value == "" {
		return
	}
	b := row.Styled([]byte{' '}, p.look.Pens.Dim, name, 18, p.tail())
	p.add(row.Fit(b, value, p.w-20, p.tail()))
}

// para is wrapped text, indented.
func (p *page) para(text string, indent int, pen row.Pen) {
	for _, line := range row.Wrap(text, p.w-indent-1) {
		p.add(row.Styled(row.Pad(nil, indent), pen, line, p.w-indent-1, p.tail()))
	}
}

// none says what would appear here.
func (p *page) none(text string) { p.para(text, 1, p.look.Pens.Dim) }

// Beside puts two blocks of lines next to each other.
func Beside(left, right []string, w int) []string {
	n := max(len(left), len(right))
	out := make([]string, 0, n)
	for i := range n {
		var b []byte
		if i < len(left) {
			b = row.Fit(b, left[i], w, "")
		} else {
			b = row.Pad(b, w)
		}
		if i < len(right) {
			b = append(b, right[i]...)
		}
		out = append(out, strings.TrimRight(string(b), " "))
	}
	return out
}

func (p *page) day(t time.Time) string {
	t = t.In(p.Now.Location())
	if t.Year() != p.Now.Year() {
		return t.Format("2006-01-02")
	}
	return t.Format("Jan _2")
}

func (p *page) moment(t time.Time) string { return p.day(t) + t.In(p.Now.Location()).Format(" 15:04") }

// date shows a plain date (YYYY-MM-DD) as people say it; other text is left as it is.
func (p *page) date(s string) string {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return s
	}
	if t.Year() != p.Now.Year() {
		return s
	}
	return t.Format("Jan 2")
}

func clamp(n, low, high int) int { return max(low, min(n, high)) }
