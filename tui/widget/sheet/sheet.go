// Package sheet writes facts for people into lines of a fixed width: headings, labelled values, wrapped text. Claims and
// activities are drawn with it. It is pure: values, a width and a moment in, lines out.
package sheet

import (
	"time"

	"claimdeck/tui/screen"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/row"
)

// Sheet collects lines.
type Sheet struct {
	Look     *screen.Look
	Now      time.Time // in the person's zone
	Revealed bool      // sensitive values are shown
	W        int
	Label    int // the width of the labels of facts; 0: usualLabel
	Lines    []string
}

// usualLabel is how wide the labels of facts are unless a sheet says otherwise.
const usualLabel = 18

// label is the width of labels, which leave half of the line to the values at least.
func (p *Sheet) label() int {
	if p.Label > 0 {
		return min(p.Label, p.W/2)
	}
	return min(usualLabel, p.W/2)
}

// Tail is what stands where something was cut.
func (p *Sheet) Tail() string { return p.Look.Glyphs.Ellipsis }

// Add adds one line.
func (p *Sheet) Add(b []byte) { p.Lines = append(p.Lines, string(b)) }

// Gap adds an empty line, unless there is one already.
func (p *Sheet) Gap() {
	if len(p.Lines) > 0 && p.Lines[len(p.Lines)-1] != "" {
		p.Lines = append(p.Lines, "")
	}
}

// Section is a heading with space above it.
func (p *Sheet) Section(title string) {
	p.Gap()
	p.Add(row.Styled([]byte{' '}, p.Look.Pens.Title, title, p.W-1, p.Tail()))
}

// Fact is a line of label and value; an empty value leaves no line.
func (p *Sheet) Fact(name, value string) {
	if value != "" {
		p.fact(name, value)
	}
}

// Whole is Fact with a value that is never cut: it takes as many lines as it needs.
func (p *Sheet) Whole(name, value string) {
	if value == "" {
		return
	}
	for i, line := range row.Wrap(value, max(1, p.W-p.label()-2)) {
		if i > 0 {
			name = ""
		}
		p.fact(name, line)
	}
}

func (p *Sheet) fact(name, value string) {
	b := row.Styled([]byte{' '}, p.Look.Pens.Dim, name, p.label(), p.Tail())
	p.Add(row.Fit(b, value, p.W-p.label()-2, p.Tail()))
}

// Para is wrapped text, indented.
func (p *Sheet) Para(text string, indent int, pen row.Pen) {
	for _, line := range row.Wrap(text, p.W-indent-1) {
		p.Add(row.Styled(row.Pad(nil, indent), pen, line, p.W-indent-1, p.Tail()))
	}
}

// None says what would stand here.
func (p *Sheet) None(text string) { p.Para(text, 1, p.Look.Pens.Dim) }

// Day is a moment's day in the person's zone: "Nov 20", with the year unless it is this one.
func (p *Sheet) Day(t time.Time) string {
	t = t.In(p.Now.Location())
	if t.Year() != p.Now.Year() {
		return t.Format("2006-01-02")
	}
	return t.Format("Jan _2")
}

// Moment is Day with the time of day.
func (p *Sheet) Moment(t time.Time) string {
	return p.Day(t) + t.In(p.Now.Location()).Format(" 15:04")
}

// Date shows a plain date (YYYY-MM-DD) as people say it; other text is left as it is.
func (p *Sheet) Date(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() != p.Now.Year() {
		return s
	}
	return t.Format("Jan 2")
}

// Secret masks all but the last four signs of a sensitive value, unless it is revealed.
func (p *Sheet) Secret(s string) string {
	if p.Revealed {
		return s
	}
	return cells.Mask(s, p.Look.Glyphs.Masked)
}
