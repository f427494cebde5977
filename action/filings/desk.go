// Package filings is the desk of a person who files surplus-lines transactions: files are opened, checked, mended and
// submitted there, and the results of every row come back to it. The rules and the sending are those of package filing.
//
// A Book holds a compact row for each transaction, a few hundred bytes, so that ten thousand of them take a few megabytes
// and any of them can be drawn at once. The transactions themselves stay in their files: the one that is looked at is read
// again, with some of its neighbours.
package filings

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"claimdeck/state/filing"
)

// Options are what a desk works with. Engine, Ledger and Now are required.
type Options struct {
	Engine *filing.Engine // of the process: it has one
	Ledger filing.Ledger
	// Refusal is why nothing can be sent, such as that no account is configured; nil: it can.
	Refusal error
	Disk    filing.Disk // nil: that of the machine
	Now     func() time.Time
	Chunk   int    // rows a call; 0: the engine's own
	Exports string // the folder of exports; empty: beside the first file
	Typed   string // the folder of transactions that are typed while no file is open
	Log     *slog.Logger
}

// Desk does the work. Its methods may be called from any goroutine; those that take a ctx may take long.
type Desk struct {
	o       Options
	work    sync.WaitGroup // what writes
	recover sync.Once
	typing  sync.Mutex // one typed transaction after the other

	mu   sync.Mutex
	near page
}

// page is a stretch of one file as it was read last: the neighbours of the row that was looked at.
type page struct {
	book *Book
	file uint16
	rows []filing.Row
}

// New returns a desk. Nothing is read yet.
func New(o Options) *Desk {
	if o.Disk == nil {
		o.Disk = filing.OS{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Desk{o: o}
}

// Refusal is why nothing can be sent to InsCipher; nil when it can. It returns at once.
func (d *Desk) Refusal() error { return d.o.Refusal }

// Wait returns once nothing is written any more: the contexts of what is under way should have ended before.
func (d *Desk) Wait() { d.work.Wait() }

// Open reads and checks the files that paths name, and says what the ledger knows of their rows. told is called with the
// number of rows so far, seldom enough to be drawn; nil: nobody asks. Files that cannot be read to their end are in the
// book with their problem; the error is that of a path that is not there, of the ledger, or of ctx.
func (d *Desk) Open(ctx context.Context, paths []string, told func(rows int)) (*Book, error) {
	d.recover.Do(func() {
		if err := d.o.Engine.Recover(ctx); err != nil {
			d.o.Log.Warn("the ledger of filings was not recovered", "error", err)
		}
	})
	source, err := filing.Find(d.o.Disk, paths...)
	if err != nil {
		return nil, err
	}
	before, err := d.stampOf(ctx, source)
	if err != nil {
		return nil, err
	}
	survey, err := filing.TakeSurvey(ctx, source)
	if err != nil {
		return nil, err
	}
	b := newBuilder(paths, source, survey)
	b.book.At, b.book.stamp = d.o.Now(), before
	for r, err := range d.o.Engine.Results(ctx, source, survey, filing.ResultOptions{}) {
		if err != nil {
			return nil, err
		}
		b.add(r)
		if n := len(b.book.Rows); told != nil && n%toldEvery == 0 {
			told(n)
		}
	}
	return b.finish(), nil
}

// toldEvery is after how many rows Open tells how far it is.
const toldEvery = 500

// Changed reports whether the files of a book, or what the ledger says of any filing, are not what they were when it was
// read. The error says which of them cannot be read any more.
func (d *Desk) Changed(ctx context.Context, b *Book) (bool, error) {
	source, err := filing.Find(d.o.Disk, b.Paths...)
	if err != nil {
		return false, err
	}
	now, err := d.stampOf(ctx, source)
	return now != b.stamp, err
}

// stamp tells one state of files and ledger from another. Equal stamps mean: nothing happened.
type stamp string

func (d *Desk) stampOf(ctx context.Context, source *filing.Files) (stamp, error) {
	var s strings.Builder
	for _, name := range source.Names() {
		info, err := d.o.Disk.Stat(name)
		if err != nil {
			return "", fmt.Errorf("%s cannot be read any more: %w", filepath.Base(name), err)
		}
		fmt.Fprintf(&s, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
	}
	counts, err := d.o.Ledger.Counts(ctx, filing.Query{})
	if err != nil {
		return "", fmt.Errorf("read the ledger of filings: %w", err)
	}
	for _, state := range filing.States() {
		fmt.Fprintf(&s, "%s %d\n", state, counts[state])
	}
	return stamp(s.String()), nil
}

// Sight is one transaction in full.
type Sight struct {
	filing.Result
	Index  int  // in Book.Rows
	Mended bool // a mended file stands beside its file already, and the row was not read from it
}

// ErrMoved is matched by the error of a row that is no longer where it was read.
var ErrMoved = errors.New("the file changed since it was checked: check it again")

// Look reads one transaction of a book in full, with what the ledger says of it now.
func (d *Desk) Look(ctx context.Context, b *Book, index int) (Sight, error) {
	r, err := d.full(ctx, b, index)
	if err != nil {
		return Sight{}, err
	}
	s := Sight{Index: index}
	for result, err := range d.o.Engine.Results(ctx, filing.List{r}, b.survey, filing.ResultOptions{}) {
		if err != nil {
			return s, err
		}
		s.Result = result
	}
	if mended := filing.FixedName(r.File); mended != r.File {
		_, err := d.o.Disk.Stat(mended)
		s.Mended = err == nil
	}
	return s, nil
}

// pageRows is how many rows are read around the one that is looked at.
const pageRows = 128

// full is a row as it stands in its file. It is the very row of the book, or ErrMoved.
func (d *Desk) full(ctx context.Context, b *Book, index int) (filing.Row, error) {
	if index < 0 || index >= len(b.Rows) {
		return filing.Row{}, ErrMoved
	}
	want := b.Rows[index]
	d.mu.Lock()
	defer d.mu.Unlock()
	find := func() (filing.Row, bool) {
		if d.near.book != b || d.near.file != want.File {
			return filing.Row{}, false
		}
		i, ok := slices.BinarySearchFunc(d.near.rows, want.Number(), func(r filing.Row, n int) int { return r.Position.Row - n })
		if !ok {
			return filing.Row{}, false
		}
		return d.near.rows[i], true
	}
	r, ok := find()
	if !ok {
		if err := d.turn(ctx, b, want); err != nil {
			return r, err
		}
		r, ok = find()
	}
	if !ok || r.ID() != want.ID {
		d.near = page{}
		return r, fmt.Errorf("%s: %w", b.Where(index), ErrMoved)
	}
	return r, nil
}

// turn reads the page that a row is on.
func (d *Desk) turn(ctx context.Context, b *Book, want Row) error {
	file := b.Files[want.File].Name
	source, err := filing.Find(d.o.Disk, file)
	if err != nil {
		return err
	}
	from := (want.Number()-1)/pageRows*pageRows + 1
	p := page{book: b, file: want.File}
	for r, err := range source.Rows(ctx) {
		if _, syntax := errors.AsType[*filing.SyntaxError](err); syntax {
			continue
		}
		if err != nil {
			return err
		}
		if r.Position.Row >= from {
			p.rows = append(p.rows, r)
		}
		if r.Position.Row >= from+pageRows-1 {
			break
		}
	}
	d.near = p
	return nil
}

// Standing returns rows of a book with what the ledger says of them now: while a run goes on, for the rows on screen. A row
// whose file was changed since keeps what the book says.
func (d *Desk) Standing(ctx context.Context, b *Book, indexes []int) (map[int]Row, error) {
	ids := make([]string, 0, len(indexes))
	for _, i := range indexes {
		ids = append(ids, b.Rows[i].ID)
	}
	entries, err := d.o.Ledger.Find(ctx, ids)
	if err != nil {
		return nil, err
	}
	known := make(map[string]filing.Entry, len(entries))
	for _, e := range entries {
		known[e.ID] = e
	}
	now := make(map[int]Row, len(indexes))
	for _, i := range indexes {
		if e, ok := known[b.Rows[i].ID]; ok && b.Rows[i].Outcome != filing.Repeated && b.Rows[i].is(e) {
			now[i] = b.Rows[i].standing(e)
		}
	}
	return now, nil
}

// Submit sends the rows of a book that are fit to be sent and not done yet: filing.Engine.Submit.
func (d *Desk) Submit(ctx context.Context, b *Book, o filing.SubmitOptions) (filing.Report, error) {
	return d.submit(ctx, b.source, o)
}

// Retry sends the rows of a book again that InsCipher rejected, or whose outcome is not known; no others.
func (d *Desk) Retry(ctx context.Context, b *Book, o filing.SubmitOptions) (filing.Report, error) {
	return d.submit(ctx, failed{d, b, o.Override}, o)
}

func (d *Desk) submit(ctx context.Context, source filing.Source, o filing.SubmitOptions) (filing.Report, error) {
	if d.o.Refusal != nil {
		return filing.Report{}, d.o.Refusal
	}
	d.work.Add(1)
	defer d.work.Done()
	o.Chunk = d.o.Chunk
	return d.o.Engine.Submit(ctx, source, o)
}

// Poll asks once for the results of every queued batch.
func (d *Desk) Poll(ctx context.Context) (filing.PollReport, error) {
	if d.o.Refusal != nil {
		return filing.PollReport{}, d.o.Refusal
	}
	d.work.Add(1)
	defer d.work.Done()
	return d.o.Engine.Poll(ctx, filing.PollOptions{Patience: -1})
}

// failed is a source of the rows that can be tried again as they are.
type failed struct {
	d        *Desk
	b        *Book
	override bool
}

// Rows gives the rows that the ledger has as rejected or unknown with this very content. What the checks of the whole
// book hold back, such as an id that stands for two transactions, stays out: a part of a book cannot see that.
func (f failed) Rows(ctx context.Context) iter.Seq2[filing.Row, error] {
	return func(yield func(filing.Row, error) bool) {
		for r, err := range f.d.o.Engine.Results(ctx, f.b.source, f.b.survey, filing.ResultOptions{Override: f.override}) {
			again := r.Outcome == filing.Outcome(filing.Rejected) || r.Outcome == filing.Outcome(filing.Unknown)
			switch {
			case err != nil:
			case !again, f.b.survey.Broken(r.Row.File), filing.Blocks(r.Problems, f.override):
				continue
			}
			if !yield(r.Row, err) || err != nil {
				return
			}
		}
	}
}
