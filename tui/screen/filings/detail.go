package filings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"claimdeck/action/filings"
	"claimdeck/keymap"
	"claimdeck/state/filing"
	"claimdeck/state/text"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/row"
	"claimdeck/tui/widget/sheet"
)

// labelWidth holds the longest label of a field.
const labelWidth = 28

// page is one transaction being written.
type page struct {
	*sheet.Sheet
	s    *Screen
	told bool // what is wrong stands at the top
}

func (s *Screen) page(w int) *page {
	return &page{s: s, Sheet: &sheet.Sheet{Look: s.env.Theme, Now: s.env.At, Revealed: s.env.Revealed, W: w, Label: labelWidth}}
}

// pane tells the selected row beside or below the list.
func (s *Screen) pane(w, h int) []string {
	i, ok := s.selected()
	if !ok {
		return nil
	}
	sight, seen := s.seen()
	if !seen {
		p := s.page(w)
		p.few(i)
		return p.Lines
	}
	now := drawn{sight: s.seenAt, row: s.row(i), w: w, h: h, look: s.env.Theme, day: s.env.At.YearDay()}
	if s.drawn != now {
		s.drawn, s.lines = now, s.full(sight, i, w, h)
	}
	return s.lines
}

// drawn is what the lines of the pane depend on: they are drawn anew only when one of these is another.
type drawn struct {
	sight uint64
	row   filings.Row
	w, h  int
	look  *screen.Look
	day   int
}

// full are the lines of the pane about a row that was read.
func (s *Screen) full(sight filings.Sight, i, w, h int) []string {
	p := s.page(w)
	p.whole(sight, s.row(i), false)
	if len(p.Lines) > h { // what is wrong must be in sight
		p = s.page(w)
		p.whole(sight, s.row(i), true)
	}
	if len(p.Lines) > h && h > 1 {
		rest := len(p.Lines) - h + 1
		p.Lines = append(p.Lines[:h-1], s.env.Theme.Note(w, fmt.Sprintf("%s %d more lines: %s shows them", s.env.Theme.Glyphs.Ellipsis, rest, s.env.Keys.Hint(keymap.FilingsDetail))))
	}
	return p.Lines
}

// few tells a row before it was read in full.
func (p *page) few(i int) {
	r := p.s.row(i)
	p.headline(r)
	p.Fact("Insured", r.Insured)
	p.Fact("State", r.State)
	p.Fact("Total", r.Total)
	p.Whole("Stands at", p.s.book.Where(i))
	if p.s.blind != nil {
		p.Gap()
		p.Para(sentence(p.s.blind.Error())+".", 1, p.Look.Pens.Warn)
	}
}

// headline is the row's id and policy, whose it is, and how it stands.
func (p *page) headline(r filings.Row) {
	l := p.Look
	title := strings.TrimSpace(r.Label() + "   " + r.Policy)
	b := row.Styled([]byte{' '}, l.Pens.Title, title, min(row.Width(title), p.W-2), p.Tail())
	if left := p.W - 2 - row.Width(title) - 3; left > 12 {
		b = row.Styled(append(b, "   "...), l.Pens.Dim, strings.Join(nonEmpty(r.Insured, r.State, r.Total), "   "), left, p.Tail())
	}
	p.Add(b)
	mark, pen := p.s.mark(r)
	p.Para(mark+" "+stands(r), 1, pen)
}

// stands says how a row stands, without what is wrong with it.
func stands(r filings.Row) string {
	var parts []string
	if r.Errors > 0 {
		parts = append(parts, plural(int(r.Errors), "error"))
	}
	if r.Warnings > 0 {
		parts = append(parts, plural(int(r.Warnings), "warning"))
	}
	switch {
	case r.Outcome == filing.Blocked:
		return "Held back: " + strings.Join(parts, " and ")
	case r.Outcome == filing.New && len(parts) > 0:
		return "Ready to be sent, with " + strings.Join(parts, " and ")
	}
	return r.Words
}

// brief is what of a row fits under the list of a small terminal: what is wrong, and what to do.
func (s *Screen) brief(w, h int) []string {
	i, ok := s.selected()
	if !ok {
		return nil
	}
	p := s.page(w)
	r := s.row(i)
	sight, seen := s.seen()
	if !seen {
		p.few(i)
		return p.Lines[:min(h, len(p.Lines))]
	}
	p.headline(r)
	if sight.Known {
		p.fix(sight)
	}
	if r.Outcome != filing.Outcome(filing.Accepted) {
		p.problems(sight)
	}
	if len(p.Lines) > h {
		p.Lines[h-1] = row.Cut(p.Lines[h-1], w-3, "") + " " + p.Tail()
	}
	return p.Lines[:min(h, len(p.Lines))]
}

func nonEmpty(words ...string) []string {
	return slices.DeleteFunc(words, func(s string) bool { return s == "" })
}

// whole tells everything of a row: how it stands and why, what the service said, and every field with what is wrong with
// it; or all that is wrong first, where there is no room for every field.
func (p *page) whole(sight filings.Sight, r filings.Row, wrongFirst bool) {
	p.headline(r)
	p.fix(sight)
	if wrongFirst {
		p.problems(sight)
		p.told = true
	} else {
		p.loose(sight)
	}
	p.answer(sight)
	for _, section := range []filing.Section{filing.Policy, filing.Money, filing.Insured, filing.Physical, filing.Exemption, filing.Papers} {
		p.section(sight, section)
	}
	p.others(sight)
	p.Gap()
	p.Whole("Stands at", text.Line(sight.Row.Where()))
	if sight.Mended {
		p.None("A mended file stands beside this one already: the folder opens that.")
	}
}

// fix says what to do about a row that was answered.
func (p *page) fix(sight filings.Sight) {
	if words := sight.Fix(); words != "" && sight.Outcome != filing.Blocked {
		p.Para(sentence(words)+".", 3, row.Pen{})
	}
}

// loose are the problems of the row as a whole, and of fields that are not there to be shown.
func (p *page) loose(sight filings.Sight) {
	for _, problem := range sight.Problems {
		if problem.Field == "" {
			p.problem(problem, 1)
		}
	}
}

// problems are all that is wrong, each with the name of its field.
func (p *page) problems(sight filings.Sight) {
	for _, problem := range sight.Problems {
		problem.Reason = filings.Told(problem)
		p.problem(problem, 3)
	}
}

// problem is what is wrong, and what to do about it.
func (p *page) problem(problem filing.Problem, indent int) {
	l := p.Look
	pen, lead := l.Pens.Bad, l.Glyphs.Attention+" "
	if problem.Level == filing.Warning {
		pen, lead = l.Pens.Warn, "~ "
	}
	words := lead + sentence(problem.Reason)
	if problem.Fix != "" {
		words += ". " + sentence(problem.Fix)
	}
	p.Para(strings.TrimSuffix(words, ".")+".", indent, pen)
}

// answer is what the service said.
func (p *page) answer(sight filings.Sight) {
	e := sight.Entry
	if !sight.Known {
		return
	}
	p.Section("InsCipher")
	if e.Code != "" {
		p.Whole("Answer", e.Code+", "+filing.Explain(e.Code).Name)
	}
	p.Whole("In its words", text.Line(e.Message))
	for _, w := range e.Warnings {
		p.Whole("Warning", strings.TrimPrefix(filings.Label(w.Field)+": "+text.Line(w.Text), ": "))
	}
	p.Fact("Batch", text.Line(e.BatchID))
	p.Fact("Transaction there", text.Line(e.TransactionID))
	attempts := plural(e.Attempts, "attempt")
	if !e.SentAt.IsZero() {
		attempts += ", the last on " + p.Moment(e.SentAt)
	}
	p.Whole("Sent", attempts)
	if !e.SettledAt.IsZero() {
		p.Fact("Settled", p.Moment(e.SettledAt))
	}
}

// section is the fields of a section that are filled in, or wrong.
func (p *page) section(sight filings.Sight, section filing.Section) {
	headed := false
	field := func(name string, label string) {
		value := sight.Row.Text(name)
		wrong := problemsOf(sight, name)
		if value == "" && len(wrong) == 0 {
			return
		}
		if !headed {
			p.Section(string(section))
			headed = true
		}
		p.Whole(label, p.valued(name, value))
		p.under(wrong)
	}
	for _, f := range filing.Fields() {
		if f.Section == section && f.Kind != filing.Documents {
			field(f.Name, f.Title)
		}
	}
	if section != filing.Papers {
		return
	}
	for n := 1; n <= sight.Row.DocumentCount(); n++ {
		for _, f := range filing.DocumentFields() {
			field(filing.DocumentPath(n, f.Name), fmt.Sprintf("%d %s", n, f.Title))
		}
	}
	if wrong := problemsOf(sight, "transaction_documents"); len(wrong) > 0 && !p.told {
		if !headed {
			p.Section(string(section))
		}
		p.under(wrong)
	}
}

// under are the problems of a field, under it, unless they were told before.
func (p *page) under(wrong []filing.Problem) {
	for _, problem := range wrong {
		if !p.told {
			p.problem(problem, 3)
		}
	}
}

// valued is a value as people read it: a code with its name.
func (p *page) valued(name, value string) string {
	value = text.Line(value)
	f, _ := filing.FieldOf(name)
	if f.Kind == filing.Choice || f.Kind == filing.Flag {
		for _, c := range f.Codes {
			if c.Value == value {
				return value + "  " + c.Name
			}
		}
	}
	return orNothing(value)
}

func problemsOf(sight filings.Sight, name string) []filing.Problem {
	var wrong []filing.Problem
	for _, p := range sight.Problems {
		if p.Field == name {
			wrong = append(wrong, p)
		}
	}
	return wrong
}

// others are the fields that the document does not know.
func (p *page) others(sight filings.Sight) {
	headed := false
	for _, m := range sight.Row.Members() {
		if _, known := filing.FieldOf(m.Name); known {
			continue
		}
		if !headed {
			p.Section("Other fields")
			headed = true
		}
		p.Whole(text.Line(m.Name), orNothing(text.Line(sight.Row.Text(m.Name))))
		p.under(problemsOf(sight, m.Name))
	}
}

// detail opens the selected row in full over the screen.
func (s *Screen) detail() screen.Request {
	i, ok := s.selected()
	if !ok {
		return nil
	}
	sight, seen := s.seen()
	if !seen {
		return screen.Toast{Text: "The row is being read"}
	}
	r := s.row(i)
	var raw bytes.Buffer
	if err := json.Indent(&raw, sight.Row.JSON(), "", "  "); err != nil {
		raw.Reset()
	}
	return screen.Detail{
		Title: "Transaction " + r.Label(), Raw: text.Block(raw.String()), Open: true,
		Lines: func(w int) []string {
			p := s.page(w)
			p.whole(sight, r, false)
			return p.Lines
		},
	}
}
