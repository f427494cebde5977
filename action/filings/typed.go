package filings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"claimdeck/state/config/atomicfile"
	"claimdeck/state/filing"
	"claimdeck/state/text"
)

// TypedName is the name of the file that holds the transactions which were typed on a day.
func TypedName(day time.Time) string { return "typed-" + day.Format(time.DateOnly) + ".json" }

// keptNames are the fields that a new transaction has from the one it is begun from: the policy, whose it is, and where.
// What was charged, when, and with which papers belongs to one transaction alone.
func keptNames() []string {
	return []string{
		"policy_number", "policy_effective_date", "account_written_as", "rpg", "non_admitted_insured_name", "purchasing_group_name", "ecp",
		"risk_description", "mailing_insured_name", "mailing_address", "mailing_address2", "mailing_city", "mailing_zip_code",
		"mailing_state_code", "physical_same_as_mailing", "physical_address", "physical_address2", "physical_city", "physical_zip_code",
		"physical_state_code", "transaction_line_of_business",
	}
}

// Begin is what stands in the form of a new transaction: what it keeps of another (the zero Row: nothing), the invoice date
// of the day, and no for what is rarely yes. It has no id.
func Begin(from filing.Row, day time.Time) (filing.Row, error) {
	values := map[string]string{"rpg": "0", "ecp": "0", "physical_same_as_mailing": "1", "invoice_date": day.Format(time.DateOnly)}
	if from.Text("physical_address") != "" {
		delete(values, "physical_same_as_mailing") // it has one of its own, whatever it says of that
	}
	for _, name := range keptNames() {
		if v := from.Text(name); v != "" {
			values[name] = v
		}
	}
	var edits []Edit
	for _, f := range filing.Fields() {
		if v, ok := values[f.Name]; ok {
			edits = append(edits, Edit{Name: f.Name, Text: v})
		}
	}
	return Apply(filing.Row{}, edits)
}

// TakenError is why a typed transaction is refused: another one has its id.
type TakenError struct {
	ID    string
	Where string // such as "june.csv line 3"
}

// Error names the id, where it is, and what to do.
func (e *TakenError) Error() string {
	return fmt.Sprintf("%s is taken: it is the id of %s; give this one another", text.Line(e.ID), e.Where)
}

// Added is where a typed transaction is now.
type Added struct {
	Written string   // the file
	ID      string   // of the transaction
	Paths   []string // to open from now on; the file is among what they name
}

// Add appends a typed transaction to the day's file of typed ones: beside the files of a book, or without one (nil) in the
// desk's own folder. The file is made where it is missing, and replaced as a whole otherwise; no other file is touched. An
// id that is in use, here or in the ledger, is refused with a *TakenError.
func (d *Desk) Add(ctx context.Context, b *Book, r filing.Row) (Added, error) {
	d.work.Add(1)
	defer d.work.Done()
	d.typing.Lock()
	defer d.typing.Unlock()
	unlock, err := d.lockTyped(ctx)
	if err != nil {
		return Added{}, err
	}
	defer unlock()
	if err := d.free(ctx, b, r.ID()); err != nil {
		return Added{}, err
	}
	file, err := d.typedFile(b)
	if err != nil {
		return Added{}, err
	}
	data, err := d.typedBefore(ctx, file, r)
	if err != nil {
		return Added{}, err
	}
	if err := ctx.Err(); err != nil {
		return Added{}, context.Cause(ctx)
	}
	if err := atomicfile.Write(file, data); err != nil {
		return Added{}, fmt.Errorf("the transaction was not saved: %w; make room, or see that %s can be written, and try again", err, filepath.Dir(file))
	}
	return Added{Written: file, ID: r.ID(), Paths: pathsWith(b, file)}, nil
}

// lockEvery is how often a lock that another console holds is tried again.
const lockEvery = 20 * time.Millisecond

// lockTyped keeps the other consoles of the profile from adding at the same moment: one of two rows would be lost.
func (d *Desk) lockTyped(ctx context.Context) (unlock func(), err error) {
	if d.o.Typed == "" || os.MkdirAll(d.o.Typed, 0o700) != nil {
		return func() {}, nil // the file may be elsewhere; if not, writing it says why it cannot be
	}
	lock := flock.New(filepath.Join(d.o.Typed, "typed.lock"), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockEvery); err != nil {
		return nil, fmt.Errorf("the transaction was not saved: %w; try again", err)
	}
	return func() { _ = lock.Unlock() }, nil // the process' end frees it in any case
}

// free refuses an id that another transaction has: in the book, or among all that were ever sent.
func (d *Desk) free(ctx context.Context, b *Book, id string) error {
	if b != nil {
		if i := slices.IndexFunc(b.Rows, func(r Row) bool { return r.ID == id }); i >= 0 {
			return &TakenError{ID: id, Where: b.Where(i)}
		}
	}
	entries, err := d.o.Ledger.Find(ctx, []string{id})
	if err != nil {
		return fmt.Errorf("the transaction was not saved: read the ledger of filings: %w", err)
	}
	if len(entries) > 0 {
		return &TakenError{ID: id, Where: "a transaction that was sent before"}
	}
	return nil
}

// typedFile is the file that the day's typed transactions go into. Once some of them were mended, that is the mended file:
// in a folder it stands for the other.
func (d *Desk) typedFile(b *Book) (string, error) {
	folder := d.o.Typed
	if b != nil && len(b.Files) > 0 {
		folder = filepath.Dir(b.Files[0].Name)
	}
	if folder == "" {
		return "", errors.New("there is no folder for typed transactions: open a file, and they go beside it")
	}
	file := filepath.Join(folder, TypedName(d.o.Now()))
	switch _, err := d.o.Disk.Stat(filing.FixedName(file)); {
	case err == nil:
		return filing.FixedName(file), nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("the transaction was not saved: %s cannot be read: %w", folder, err)
	}
	return file, nil
}

// typedBefore is the content of the file with the transaction at its end. What is there already keeps its bytes.
func (d *Desk) typedBefore(ctx context.Context, file string, r filing.Row) ([]byte, error) {
	data, err := d.content(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return slices.Concat([]byte("[\n"), r.JSON(), []byte("\n]\n")), nil
	case err != nil:
		return nil, fmt.Errorf("the transaction was not saved: %s cannot be read: %w", file, err)
	}
	rows := 0
	for have, err := range filing.Read(ctx, bytes.NewReader(data), file) {
		switch {
		case err != nil:
			return nil, fmt.Errorf("the transaction was not saved, for nothing can be added to a file that is damaged: %w", err)
		case have.ID() == r.ID():
			return nil, &TakenError{ID: r.ID(), Where: text.Line(have.Where())}
		}
		rows++
	}
	list := bytes.TrimRight(data, " \t\r\n")
	if !bytes.HasSuffix(list, []byte("]")) {
		return nil, fmt.Errorf("the transaction was not saved: %s is no list of transactions; give it another name, and try again", file)
	}
	list = bytes.TrimRight(list[:len(list)-1], " \t\r\n")
	lead := ",\n"
	if rows == 0 {
		lead = "\n"
	}
	return slices.Concat(list, []byte(lead), r.JSON(), []byte("\n]\n")), nil
}

func (d *Desk) content(file string) ([]byte, error) {
	f, err := d.o.Disk.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(f)
}

// pathsWith are the paths of a book, and a file that is new beside them. A folder names it already; a mended file takes the
// place of the one it was made from.
func pathsWith(b *Book, file string) []string {
	if b == nil {
		return []string{file}
	}
	paths := slices.Clone(b.Paths)
	for i, path := range paths {
		switch path = filepath.Clean(path); {
		case path == filepath.Dir(file), path == file:
			return paths
		case filing.FixedName(path) == file:
			paths[i] = file
			return paths
		}
	}
	return append(paths, file)
}
