package filings

import (
	"encoding/hex"
	"path/filepath"
	"strings"
	"time"

	"claimdeck/state/filing"
	"claimdeck/state/text"
)

// Book is what was read of some files. It never changes, so it may be shared.
type Book struct {
	Paths    []string // as the person named them
	Files    []File
	Rows     []Row // in the order of the files
	Counts   map[filing.Outcome]int
	Errors   int       // rows with errors that are not done
	Warnings int       // rows with warnings and no error that are not done
	At       time.Time // when it was read

	source *filing.Files
	survey *filing.Survey
	stamp  stamp
}

// File is one file of a book.
type File struct {
	Name     string
	Label    string // its name without the folder, fit to be shown
	Rows     int
	Errors   int
	Warnings int
	Counts   map[filing.Outcome]int
	Problem  string // why it cannot be read to its end, and what to do; empty: it can
}

// Hold is whether the checks hold a row back.
type Hold uint8

// The holds.
const (
	Free        Hold = iota
	Overridable      // a person may have it sent all the same
	Fast             // it cannot be sent as it is
)

// Row is a transaction in a few words.
type Row struct {
	ID, Policy, Insured, State string
	Total                      string // as it stands in the file
	Words                      string // how it stands: the result of the service, or the first problem
	Outcome                    filing.Outcome
	File                       uint16 // in Book.Files
	Errors, Warnings           uint16
	Hold                       Hold
	Warned                     bool // the service accepted it with a warning
	row, line                  int32
	tag                        [8]byte // of the hash of its content
}

// Label is the row's id as it may be shown; a row without one says so.
func (r Row) Label() string {
	if r.ID == "" {
		return "(no id)"
	}
	return text.Line(r.ID)
}

// Number is the row's number in its file, from 1.
func (r Row) Number() int { return int(r.row) }

// Troubled reports whether there is something for a person to look at: an error, a warning, or a failure. What the checks
// say of a row that the service has does not matter any more.
func (r Row) Troubled() bool {
	if r.taken() {
		return r.Warned
	}
	return r.Errors > 0 || r.Warnings > 0 || r.Outcome.Failed()
}

// taken reports whether the service has the row, or another row stands for it.
func (r Row) taken() bool {
	switch r.Outcome {
	case filing.Outcome(filing.Accepted), filing.Outcome(filing.Queued), filing.Outcome(filing.Sending), filing.Busy, filing.Repeated:
		return true
	default:
		return false
	}
}

// is reports whether an entry of the ledger is about this very content.
func (r Row) is(e filing.Entry) bool { return tagOf(e.Hash) == r.tag }

// standing is the row with what the ledger says of it.
func (r Row) standing(e filing.Entry) Row {
	r.Outcome = filing.Outcome(e.State)
	r.Warned = len(e.Warnings) > 0
	r.Words = resultWords(filing.Result{Outcome: r.Outcome, Entry: e, Known: true})
	return r
}

func tagOf(hash string) (tag [8]byte) {
	if len(hash) >= 2*len(tag) {
		_, _ = hex.Decode(tag[:], []byte(hash[:2*len(tag)])) // a hash of ours is hexadecimal
	}
	return tag
}

// Where says where a row is, such as "june.csv line 17".
func (b *Book) Where(index int) string {
	r := b.Rows[index]
	full := filing.Row{File: b.Files[r.File].Name, Position: filing.Position{Row: int(r.row), Line: int(r.line)}}
	return text.Line(full.Where())
}

// Title is what the book is called: its file, its folder, or how many files it has.
func (b *Book) Title() string {
	if len(b.Paths) == 1 {
		return text.Line(filepath.Base(b.Paths[0]))
	}
	return text.Line(filepath.Base(b.Paths[0])) + " and more"
}

// Index finds the row of another reading of the same files: by its id, and where several rows have it, or none, by its
// place. A mended file is the file that it was made from. It returns false when there is no such row.
func (b *Book) Index(of *Book, index int) (int, bool) {
	if of == nil || index < 0 || index >= len(of.Rows) {
		return 0, false
	}
	r := of.Rows[index]
	name := filing.FixedName(of.Files[r.File].Name)
	best, found := 0, false
	for i, c := range b.Rows {
		if filing.FixedName(b.Files[c.File].Name) != name {
			continue
		}
		switch same := c.ID == r.ID; {
		case same && c.row == r.row:
			return i, true
		case same && r.ID != "", c.row == r.row && !found:
			best, found = i, true
		}
	}
	return best, found
}

// Choice is what a person chose to send beyond what is fit and new.
type Choice struct {
	Override bool // rows with errors that may be overridden
	Changed  bool // rows under whose id different content was sent before
	Partial  bool // what can be read of files that cannot be read to their end
}

// Plan is what submitting a book would do with its rows.
type Plan struct {
	New, Again, Doubt int // rows that go: for the first time, rejected before, without an answer before
	Overridable       int // held back by errors that may be overridden
	Fast              int // held back by errors that may not
	Held              int // held back because their file cannot be read to its end
	Changed           int // not sent: their id was sent with different content
	Done, Queued      int // done already; waiting for their result
	Repeated, Busy    int // there twice; sent by another claimdeck
}

// Go is how many rows are sent.
func (p Plan) Go() int { return p.New + p.Again + p.Doubt }

// Plan counts what submitting would do.
func (b *Book) Plan(c Choice) Plan {
	var p Plan
	for i := range b.Rows {
		p.count(&b.Rows[i], c, b.Files[b.Rows[i].File].Problem != "")
	}
	return p
}

func (p *Plan) count(r *Row, c Choice, broken bool) {
	switch r.Outcome {
	case filing.Outcome(filing.Accepted):
		p.Done++
	case filing.Outcome(filing.Queued):
		p.Queued++
	case filing.Repeated:
		p.Repeated++
	case filing.Busy, filing.Outcome(filing.Sending):
		p.Busy++
	default:
		p.countFree(r, c, broken)
	}
}

// countFree counts a row that the service does not have.
func (p *Plan) countFree(r *Row, c Choice, broken bool) {
	switch {
	case r.Hold == Fast:
		p.Fast++
	case r.Hold == Overridable && !c.Override:
		p.Overridable++
	case broken && !c.Partial:
		p.Held++
	case r.Outcome == filing.Changed && !c.Changed:
		p.Changed++
	case r.Outcome == filing.Outcome(filing.Rejected):
		p.Again++
	case r.Outcome == filing.Outcome(filing.Unknown):
		p.Doubt++
	default:
		p.New++
	}
}

// Retries is how many rows Retry would send.
func (b *Book) Retries(c Choice) int {
	p := b.Plan(Choice{Override: c.Override})
	return p.Again + p.Doubt
}

// Label is what people call a field, such as "Physical city" or "Document 2 URL".
func Label(name string) string {
	f, ok := filing.FieldOf(name)
	switch {
	case !ok:
		return text.Line(name)
	case f.Section == filing.Physical && !strings.HasPrefix(f.Title, "Physical"):
		return "Physical " + strings.ToLower(f.Title[:1]) + f.Title[1:]
	case f.Section == filing.Papers && f.Kind != filing.Documents:
		parts := strings.Split(name, ".")
		return "Document " + parts[1] + " " + strings.TrimPrefix(f.Title, "Document ")
	}
	return f.Title
}
