package filings

import (
	"fmt"
	"path/filepath"
	"strings"

	"claimdeck/state/filing"
	"claimdeck/state/money"
	"claimdeck/state/text"
)

// builder puts a book together, row by row.
type builder struct {
	book  *Book
	files map[string]uint16
	words map[string]string // states and problems repeat: one of each will do
}

func newBuilder(paths []string, source *filing.Files, survey *filing.Survey) *builder {
	b := &builder{files: map[string]uint16{}, words: map[string]string{}, book: &Book{
		Paths: paths, Rows: make([]Row, 0, survey.Rows), Counts: map[filing.Outcome]int{}, source: source, survey: survey,
	}}
	problems := map[string]string{}
	for _, f := range survey.Files {
		if p := f.Problem; p != nil {
			problems[f.Name] = text.Line(p.Error())
		}
	}
	for _, name := range source.Names() {
		b.files[name] = uint16(len(b.book.Files)) //nolint:gosec // nobody opens 65,536 files
		b.book.Files = append(b.book.Files, File{Name: name, Label: text.Line(filepath.Base(name)), Problem: problems[name], Counts: map[filing.Outcome]int{}})
	}
	return b
}

func (b *builder) add(r filing.Result) {
	row := compact(r)
	row.File = b.files[r.Row.File]
	row.Words, row.State, row.Total = b.one(row.Words), b.one(row.State), b.one(row.Total)
	b.book.Rows = append(b.book.Rows, row)
	f := &b.book.Files[row.File]
	f.Rows++
	f.Counts[row.Outcome]++
	b.book.Counts[row.Outcome]++
	switch {
	case row.taken():
	case row.Errors > 0:
		f.Errors++
		b.book.Errors++
	case row.Warnings > 0:
		f.Warnings++
		b.book.Warnings++
	}
}

// one is a text that is held once, however often it is there.
func (b *builder) one(s string) string {
	if known, ok := b.words[s]; ok {
		return known
	}
	s = strings.Clone(s)
	b.words[s] = s
	return s
}

func (b *builder) finish() *Book { return b.book }

// Lengths that a row needs of texts that may be of any: what is drawn has less room.
const (
	maxText  = 60
	maxWords = 160
)

// compact is a result in a few words. Its texts are their own: they do not hold on to what was read of the file.
func compact(r filing.Result) Row {
	c := Row{
		ID: strings.Clone(r.Row.ID()), Policy: short(r.Row.PolicyNumber()), Insured: short(r.Row.Text("mailing_insured_name")),
		State: short(filingState(r.Row)), Total: short(amount(r.Row.Text("total"))), Outcome: r.Outcome, Hold: Free,
		row: int32(r.Row.Position.Row), line: int32(r.Row.Position.Line), tag: tagOf(r.Row.Hash()), //nolint:gosec // a file of 2,147,483,648 rows is none
	}
	for _, p := range r.Problems {
		switch {
		case p.Level != filing.Error:
			c.Warnings++
		case p.Override:
			c.Errors++
			c.Hold = max(c.Hold, Overridable)
		default:
			c.Errors++
			c.Hold = Fast
		}
	}
	c.Warned = r.Outcome == filing.Outcome(filing.Accepted) && len(r.Entry.Warnings) > 0
	c.Words = cut(wordsOf(r), maxWords)
	return c
}

// filingState is the state whose taxes apply: that of the risk, which is the mailing address unless another is given.
func filingState(r filing.Row) string {
	if s := r.Text("physical_state_code"); s != "" && r.Text("physical_same_as_mailing") != "1" {
		return s
	}
	return r.Text("mailing_state_code")
}

// amount writes an amount for people; what is none is left as it stands.
func amount(s string) string {
	d, ok := money.Number(s)
	if !ok {
		return s
	}
	return money.FormatExact(d)
}

func short(s string) string { return cut(text.Line(s), maxText) }

func cut(s string, n int) string {
	if len(s) <= n {
		return strings.Clone(s)
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// wordsOf says in a few words how a row stands.
func wordsOf(r filing.Result) string {
	switch r.Outcome {
	case filing.Blocked, filing.New:
		return problemWords(r.Problems)
	default:
		return resultWords(r)
	}
}

// problemWords is the first problem, and how many more there are; errors come first.
func problemWords(problems []filing.Problem) string {
	if len(problems) == 0 {
		return "Ready to be sent"
	}
	p := problems[0]
	words := Told(p)
	if p.Level == filing.Warning {
		words = "Warning: " + words
	}
	if n := len(problems) - 1; n > 0 {
		words += fmt.Sprintf(" (and %d more)", n)
	}
	return words
}

// Told is a problem in words: the field as people call it, and what is wrong.
func Told(p filing.Problem) string {
	if _, _, isDocument := strings.Cut(p.Field, "."); isDocument || p.Field == "" {
		return sentence(p.Reason)
	}
	return Label(p.Field) + ": " + p.Reason
}

// resultWords is what the service, or the ledger, says of a row.
func resultWords(r filing.Result) string {
	switch r.Outcome {
	case filing.Outcome(filing.Accepted):
		switch n := len(r.Entry.Warnings); {
		case n > 0:
			return "Accepted with a warning: " + text.Line(r.Entry.Warnings[0].Text)
		case r.Entry.Code != "0" && r.Entry.Message != "":
			return "Accepted: " + r.Entry.Message
		}
		return "Accepted"
	case filing.Outcome(filing.Rejected):
		return "Rejected " + text.Line(r.Reason())
	case filing.Outcome(filing.Unknown):
		why := text.Line(r.Reason())
		for _, known := range []string{"no trustworthy answer came: ", "InsCipher: import transactions: "} {
			why = strings.TrimPrefix(why, known) // there is little room, and the rest says it
		}
		return "No answer: " + why
	case filing.Outcome(filing.Queued):
		return strings.TrimSpace("Queued, the result comes later: batch " + r.Entry.BatchID)
	case filing.Outcome(filing.Sending):
		return "Being sent"
	case filing.Busy:
		return "Another claimdeck is sending it"
	default:
		return sentence(text.Line(r.Reason()))
	}
}

// sentence starts with a capital.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
