package claimview

import (
	"strings"

	"claimdeck/tui/widget/row"
	"claimdeck/tui/widget/sheet"
)

// page collects the lines of one body.
type page struct {
	*sheet.Sheet
	view View
	rows []Row
}

func newPage(v View, w int) *page {
	return &page{view: v, Sheet: &sheet.Sheet{Look: v.Look, Now: v.Now, Revealed: v.Revealed, W: w}}
}

func (p *page) key(action string) string { return p.view.key(action) }

// begin starts a row that can be selected, and draws its marker on the line that comes next.
func (p *page) begin(key string) {
	p.rows = append(p.rows, Row{Key: key, From: len(p.Lines)})
}

// end ends the row that was begun last.
func (p *page) end() {
	r := &p.rows[len(p.rows)-1]
	r.To = len(p.Lines)
	if r.Key != p.view.Selected || r.To == r.From {
		return
	}
	// Every row begins with a space: the marker takes its place.
	p.Lines[r.From] = p.Look.Glyphs.Marker + strings.TrimPrefix(p.Lines[r.From], " ")
}

// ends puts one text at each end of a line; the right one gives way.
func (p *page) ends(lp row.Pen, left string, rp row.Pen, right string) {
	left = row.Cut(left, p.W-2, p.Tail())
	room := p.W - 2 - row.Width(left) - 2
	b := row.Styled([]byte{' '}, lp, left, row.Width(left), "")
	if room > 3 {
		right = row.Cut(right, room, p.Tail())
		b = row.Pad(b, p.W-2-row.Width(left)-row.Width(right))
		b = row.Styled(b, rp, right, row.Width(right), "")
	}
	p.Add(b)
}

// columns puts two texts side by side, the second at a common column.
func (p *page) columns(left, right string) {
	col := clamp(p.W*3/8, 16, 40)
	b := row.Fit([]byte{' '}, left, col, p.Tail())
	b = append(b, ' ', ' ')
	p.Add(row.Fit(b, right, p.W-col-4, p.Tail()))
}

// The columns of a line with a figure: its label, the figure flush right, and the room before the note. A narrow page has
// narrow ones, so that a note such as "good to Nov 24 (2 bd)" stays on its line.
const (
	labelWide, figureWide, noteGap       = 11, 13, 3
	labelNarrow, figureNarrow, narrowGap = 10, 11, 2
	figuresWide                          = 53 // the page from which the columns are wide
)

// labelled is a line of label, right-aligned figure and note. A note is never cut: it takes as many lines as it needs.
func (p *page) labelled(name, figure string, pen row.Pen, note string) {
	label, wide, gap := labelWide, figureWide, noteGap
	if p.W < figuresWide {
		label, wide, gap = labelNarrow, figureNarrow, narrowGap
	}
	b := row.Styled([]byte{' '}, p.Look.Pens.Dim, name, label, p.Tail())
	b = append(b, pen.Open...)
	b = row.Right(b, figure, wide, p.Tail())
	b = append(b, pen.Close...)
	at := 1 + label + wide + gap
	lines := row.Wrap(note, p.W-at-1)
	for i := range max(1, len(lines)) {
		if i > 0 {
			b = row.Pad(nil, at-gap)
		}
		if i < len(lines) && lines[i] != "" {
			b = row.Styled(row.Pad(b, gap), p.Look.Pens.Dim, lines[i], row.Width(lines[i]), "")
		}
		p.Add(b)
	}
}

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

func clamp(n, low, high int) int { return max(low, min(n, high)) }
