package filings

import (
	"fmt"

	"claimdeck/action/filings"
	"claimdeck/state/filing"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/row"
)

// files are the files with their counts, at most n lines; that of the selected row is always among them.
func (s *Screen) files(w, n int) []string {
	l := s.env.Theme
	here := -1
	if i, ok := s.selected(); ok {
		here = int(s.book.Rows[i].File)
	}
	all := s.book.Files
	from := 0
	if len(all) > n {
		from = max(0, min(here-n/2, len(all)-n))
		all = all[from : from+n]
	}
	var c fileColumns
	for _, f := range all {
		c.name, c.rows = max(c.name, row.Width(f.Label)), max(c.rows, len(plural(f.Rows, "row")))
	}
	c.name = min(c.name, max(14, w-48))
	lines := make([]string, 0, len(all))
	for i, f := range all {
		lines = append(lines, s.fileLine(f, from+i == here && len(s.book.Files) > 1, w, c))
	}
	if hidden := len(s.book.Files) - len(all); hidden > 0 && len(lines) > 0 {
		more := fmt.Sprintf("  +%d files", hidden)
		last := row.Fit(nil, lines[len(lines)-1], w-row.Width(more)-1, l.Glyphs.Ellipsis)
		lines[len(lines)-1] = string(row.Styled(last, l.Pens.Dim, more, row.Width(more), ""))
	}
	return lines
}

// fileColumns are the widths of a file's name and of the number of its rows.
type fileColumns struct{ name, rows int }

// fileLine is one file: its name, and how its rows stand, what needs a person first.
func (s *Screen) fileLine(f filings.File, here bool, w int, c fileColumns) string {
	l := s.env.Theme
	pen := l.Pens.Dim
	if here {
		pen = row.Pen{}
	}
	b := append(row.Styled([]byte(" "), pen, f.Label, c.name, l.Glyphs.Ellipsis), ' ', ' ')
	b = append(b, pad(plural(f.Rows, "row"), c.rows)...)
	left := w - 1 - c.name - 2 - c.rows - 1
	for _, t := range s.countsOf(f) {
		words := "  " + screen.Count(t.n) + " " + t.what
		if row.Width(words) > left {
			b = row.Styled(b, l.Pens.Dim, " "+l.Glyphs.Ellipsis, min(left, 2), "")
			break
		}
		b = row.Styled(b, t.pen, words, row.Width(words), "")
		left -= row.Width(words)
	}
	return string(b)
}

// tally is a number of rows and how it is drawn.
type tally struct {
	n    int
	what string
	pen  row.Pen
}

// countsOf are the counts of a file that are not zero.
func (s *Screen) countsOf(f filings.File) []tally {
	p := s.env.Theme.Pens
	all := []tally{
		{f.Counts[filing.Outcome(filing.Rejected)], "rejected", p.Bad},
		{f.Counts[filing.Outcome(filing.Unknown)], "no answer", p.Warn},
		{f.Errors, "with errors", p.Bad},
		{f.Counts[filing.Changed], "changed", p.Warn},
		{f.Counts[filing.Outcome(filing.Queued)], "queued", p.Accent},
		{f.Counts[filing.Outcome(filing.Accepted)], "accepted", p.Good},
		{f.Warnings, "with warnings", p.Warn},
		{f.Counts[filing.New], "ready", p.Dim},
		{f.Counts[filing.Repeated], "twice", p.Dim},
	}
	if f.Problem != "" {
		all = append([]tally{{1, "unreadable part", p.Bad}}, all...)
	}
	shown := all[:0]
	for _, t := range all {
		if t.n > 0 {
			shown = append(shown, t)
		}
	}
	return shown
}
