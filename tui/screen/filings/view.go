package filings

import (
	"strings"

	"claimdeck/action/filings"
	"claimdeck/keymap"
	"claimdeck/state/filing"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/ago"
	"claimdeck/tui/widget/row"
)

// View draws the files and their rows, and the selected row where there is room.
func (s *Screen) View(w, h int) string {
	if s.book == nil {
		return s.env.Theme.Page(w, h, s.empty(w))
	}
	alone := screen.SplitBody(w, h, s.env.Layout).PaneW == 0
	list := func(w, h int) []string { return s.rows(w, h, alone) }
	return s.env.Theme.Body(w, h, s.env.Layout, list, s.pane)
}

// empty is the screen without files.
func (s *Screen) empty(w int) []string {
	l := s.env.Theme
	state := ""
	if s.reading != nil {
		state = s.readingWords()
	}
	lines := []string{l.ListTitle(w, "Filings", "surplus lines at InsCipher", -1, state, l.Pens.Dim)}
	if s.env.Filings == nil {
		return append(lines, l.Words(w, sentence(noDesk)+".")...)
	}
	if err := s.env.Filings.Refusal(); err != nil {
		lines = append(lines, l.Words(w, sentence(err.Error()))...)
	}
	if s.failed != nil {
		lines = append(lines, l.Words(w, "Not read: "+s.failed.words)...)
	}
	if !s.loaded && s.failed == nil {
		return lines
	}
	return append(lines, l.Words(w, "No file is open. The transactions of a file appear here, each with what is wrong with it and what became of it. "+
		s.env.Keys.Hint(keymap.FilingsOpen)+" opens a file or a folder, JSON or CSV, and "+s.env.Keys.Hint(keymap.FilingsNew)+" types a new transaction; nothing is sent by that.")...)
}

func (s *Screen) readingWords() string {
	if s.reading.rows == 0 {
		return "reading the files"
	}
	return "checking, " + plural(s.reading.rows, "row") + " so far"
}

// Where the selected row has no pane of its own, a few lines under the list tell it.
const (
	underFrom = 9 // lines of body that a list and those lines need
	underMost = 8
	spaceFrom = 20 // lines of body from which files and rows have space between them
)

// rows draws the title, the files, how far a run is, and the rows; alone, the selected one below them.
func (s *Screen) rows(w, h int, alone bool) []string {
	l := s.env.Theme
	lines := make([]string, 0, h)
	lines = append(lines, s.title(w))
	lines = append(lines, s.notes(w)...)
	lines = append(lines, s.files(w, max(1, h/5))...)
	if len(s.book.Files) > 1 && (h >= spaceFrom || !alone) {
		lines = append(lines, "")
	}
	under := 0
	if alone && h >= underFrom+len(lines) {
		under = min(underMost, (h-len(lines))*2/5)
	}
	s.list.SetHeight(h - len(lines) - under)
	c := s.columns()
	var b []byte
	s.list.Lines(func(i int, selected bool) {
		b = s.line(b[:0], i, selected, w, c)
		lines = append(lines, string(b))
	}, func(file string) {
		b = row.Styled(append(b[:0], "    "...), l.Pens.Dim, file, w-5, l.Glyphs.Ellipsis)
		lines = append(lines, string(b))
	})
	if s.list.Len() == 0 {
		lines = append(lines, l.Words(w, s.nothing())...)
	}
	if under < 2 {
		return lines
	}
	for len(lines) < h-under {
		lines = append(lines, "")
	}
	lines = append(lines, string(row.Styled(nil, l.Pens.Faint, strings.Repeat(l.Glyphs.Horizontal, w), w, "")))
	return append(lines, s.brief(w, under-1)...)
}

// title says what is open, and what is under way.
func (s *Screen) title(w int) string {
	l := s.env.Theme
	what, total := s.book.Title(), len(s.book.Rows)
	if s.text != "" {
		what, total = s.text, s.list.Len()
	}
	state, pen := "", l.Pens.Accent
	switch {
	case s.run != nil && s.run.stopping:
		state = "stopping"
	case s.run != nil:
		state = strings.ToLower(s.run.name[:1]) + s.run.name[1:]
	case s.reading != nil && s.reading.announce:
		state = s.readingWords()
	case s.env.Filings.Refusal() != nil:
		state, pen = "InsCipher: claimdeck login inscipher", l.Pens.Warn
	}
	return l.ListTitle(w, "Filings", what, total, state, pen)
}

// notes say what is wrong with InsCipher or with the files, with its age, and how far a run is.
func (s *Screen) notes(w int) []string {
	l := s.env.Theme
	var lines []string
	note := func(words string, key keymap.ID) {
		hint := s.env.Keys.Hint(key) + " " + s.env.Keys.Text(key)
		wrapped := row.Wrap(words, max(20, w-row.Width(hint)-8))
		if len(wrapped) > 2 {
			wrapped = append(wrapped[:1], wrapped[1]+l.Glyphs.Ellipsis)
		}
		for i, words := range wrapped {
			lead := "   "
			if i == 0 {
				lead = " " + l.Glyphs.Stale + " "
			}
			b := row.Styled([]byte(lead), l.Pens.Warn, words, w-row.Width(hint)-7, "")
			if i == 0 {
				b = row.Styled(append(b, "   "...), l.Pens.Dim, hint, row.Width(hint), "")
			}
			lines = append(lines, string(b))
		}
	}
	if f := s.trouble; f != nil {
		key := keymap.FilingsSubmit
		switch {
		case f.signIn:
			key = keymap.AppSignIn
		case f.retry:
			key = keymap.FilingsRetry
		}
		note(sentence(ago.Words(s.env.At.Sub(f.at)))+": "+f.words, key)
	}
	if f := s.failed; f != nil {
		note("As it was "+ago.Words(s.env.At.Sub(f.at))+": "+f.words, keymap.FilingsCheck)
	}
	if s.run != nil && s.run.told {
		lines = append(lines, s.bar(w))
	}
	return lines
}

// bar is how far the run is: a bar, and in words.
func (s *Screen) bar(w int) string {
	l := s.env.Theme
	p := s.run.progress
	words := s.runWords()
	for _, o := range []filing.Outcome{filing.Outcome(filing.Accepted), filing.Outcome(filing.Rejected), filing.Outcome(filing.Unknown), filing.Outcome(filing.Queued)} {
		if n := p.Counts[o]; n > 0 {
			words = append(words, screen.Count(n)+" "+named(o))
		}
	}
	full := max(8, min(30, w/4))
	done := 0
	if p.Rows > 0 {
		done = min(full, full*p.Seen/p.Rows)
	}
	on, off := "━", "─"
	if l.ASCII {
		on, off = "=", "-"
	}
	b := row.Styled([]byte{' '}, l.Pens.Accent, strings.Repeat(on, done), done, "")
	b = row.Styled(b, l.Pens.Faint, strings.Repeat(off, full-done), full-done, "")
	return string(row.Fit(append(b, ' ', ' '), strings.Join(words, "  "), w-full-4, l.Glyphs.Ellipsis))
}

// runWords say what the run is doing.
func (s *Screen) runWords() []string {
	p := s.run.progress
	words := screen.Count(p.Seen) + " of " + screen.Count(p.Rows)
	switch p.Phase {
	case filing.PhaseRead:
		words = "reading all rows first"
	case filing.PhaseWait:
		words += ", waiting for InsCipher"
	case filing.PhaseResume:
		words += ", once more what had no answer"
	case filing.PhasePoll:
		words = "waiting for the results of queued batches"
	case filing.PhaseCount:
		words += ", counting"
	default:
	}
	return []string{words}
}

// columns are the widths of the number and of the id.
type columns struct{ number, id int }

// columns are as wide as what stands in them, within reason.
func (s *Screen) columns() columns {
	c := columns{number: 2, id: 6}
	for _, f := range s.book.Files {
		c.number = max(c.number, len(screen.Count(f.Rows)))
	}
	s.list.Lines(func(i int, _ bool) { c.id = max(c.id, row.Width(s.book.Rows[i].Label())) }, func(string) {})
	c.id = min(c.id, 16)
	return c
}

// The widths from which a row has room for more.
const (
	policyFrom  = 76
	amountFrom  = 92
	insuredFrom = 116
)

// line is one transaction: how it stands, where, whose, how much, and why.
func (s *Screen) line(b []byte, i int, selected bool, w int, c columns) []byte {
	l := s.env.Theme
	tail := l.Glyphs.Ellipsis
	r := s.row(i)
	mark, pen := s.mark(r)
	b = append(l.Marker(b, selected), ' ')
	b = append(row.Styled(b, pen, mark, 1, ""), ' ')
	b = append(row.Styled(b, l.Pens.Dim, pad(screen.Count(r.Number()), c.number), c.number, ""), ' ', ' ')
	b = append(row.Fit(b, r.Label(), c.id, tail), ' ', ' ')
	left := w - 4 - c.number - 2 - c.id - 2
	if w >= policyFrom {
		b = append(row.Fit(b, r.Policy, 14, tail), ' ', ' ')
		left -= 16
	}
	if w >= insuredFrom {
		b = append(row.Fit(b, r.Insured, 22, tail), ' ', ' ')
		left -= 24
	}
	if w >= amountFrom {
		b = append(row.Fit(b, r.State, 4, tail), ' ')
		b = append(row.Right(b, r.Total, 12, tail), ' ', ' ')
		left -= 19
	}
	return row.Styled(b, s.wordsPen(r), r.Words, left-1, tail)
}

// pad puts a number at the right end of its column.
func pad(s string, n int) string { return strings.Repeat(" ", max(0, n-len(s))) + s }

// mark is the sign of how a row stands. The words behind it say the same.
func (s *Screen) mark(r filings.Row) (string, row.Pen) {
	l := s.env.Theme
	switch r.Outcome {
	case filing.Outcome(filing.Accepted):
		return l.Glyphs.Good, l.Pens.Good
	case filing.Outcome(filing.Rejected):
		return "x", l.Pens.Bad
	case filing.Blocked, filing.Held:
		return l.Glyphs.Attention, l.Pens.Bad
	case filing.Outcome(filing.Unknown):
		return "?", l.Pens.Warn
	case filing.Changed:
		return l.Glyphs.Attention, l.Pens.Warn
	case filing.Outcome(filing.Queued), filing.Outcome(filing.Sending), filing.Busy:
		return l.Glyphs.Ellipsis, l.Pens.Accent
	case filing.Repeated:
		return "=", l.Pens.Dim
	default:
	}
	if r.Warnings > 0 {
		return "~", l.Pens.Warn
	}
	return l.Glyphs.Quiet, l.Pens.Dim
}

// wordsPen is plain for what needs a person, and dim for what does not.
func (s *Screen) wordsPen(r filings.Row) row.Pen {
	if r.Troubled() {
		return row.Pen{}
	}
	return s.env.Theme.Pens.Dim
}

// nothing says why there are no rows.
func (s *Screen) nothing() string {
	keys := s.env.Keys
	if s.text != "" {
		return "No row matches " + s.text + ". " + keys.Hint(keymap.AppFilter) + " changes the filter; an empty one shows every row."
	}
	return "There is no transaction in these files. " + keys.Hint(keymap.FilingsOpen) + " opens others, and " + keys.Hint(keymap.FilingsNew) + " types one."
}
