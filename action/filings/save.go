package filings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"claimdeck/state/config/atomicfile"
	"claimdeck/state/filing"
	"claimdeck/state/text"
)

// Edit is a field as a person typed it; an empty text removes it.
type Edit struct{ Name, Text string }

// Apply returns a row with edits.
func Apply(r filing.Row, edits []Edit) (filing.Row, error) {
	for _, e := range edits {
		var err error
		if r, err = filing.Edit(r, e.Name, e.Text); err != nil {
			return r, err
		}
	}
	return r, nil
}

// Save writes the file of a row with edits of it: the mended file beside it, unless o says otherwise. It returns where, and
// the paths to open from now on, so that the next correction goes on with this one.
func (d *Desk) Save(ctx context.Context, b *Book, index int, edits []Edit, o filing.SaveOptions) (written string, paths []string, err error) {
	d.work.Add(1)
	defer d.work.Done()
	r, err := d.full(ctx, b, index)
	if err != nil {
		return "", nil, err
	}
	if r, err = Apply(r, edits); err != nil {
		return "", nil, err
	}
	if written, err = filing.Save(d.o.Disk, r.File, []filing.Row{r}, o); err != nil { //nolint:contextcheck // it reads one file, and must not stop half way
		return "", nil, err
	}
	paths = slices.Clone(b.Paths)
	for i, path := range paths {
		if filepath.Clean(path) == filepath.Clean(r.File) {
			paths[i] = written
		}
	}
	return written, paths, nil
}

// Export writes the rows of a book that need a person to a CSV file, with the reasons and the remedies, and returns where
// and how many they are. Nothing is written when there are none.
func (d *Desk) Export(ctx context.Context, b *Book) (path string, rows int, err error) {
	d.work.Add(1)
	defer d.work.Done()
	failures := filing.Failures(d.o.Engine.Results(ctx, b.source, b.survey, filing.ResultOptions{}))
	counted := func(yield func(filing.Result, error) bool) {
		for r, err := range failures {
			if err == nil {
				rows++
			}
			if !yield(r, err) {
				return
			}
		}
	}
	var out bytes.Buffer
	if err := filing.ExportCSV(&out, counted); err != nil || rows == 0 {
		return "", rows, err
	}
	folder := d.o.Exports
	if folder == "" {
		folder = filepath.Dir(b.Files[0].Name)
	}
	path = filepath.Join(folder, "filings-to-correct-"+d.o.Now().Format("2006-01-02-150405")+".csv")
	return path, rows, atomicfile.Write(path, out.Bytes())
}

// SettingPaths is the setting of the store that holds the paths that were open last, a JSON list.
const SettingPaths = "filings.paths"

// AllHere is the name that stands in a list of files for all of them.
const AllHere = "* all files here"

// Resolve is the path that was chosen: that of the folder for AllHere.
func Resolve(path string) string {
	if filepath.Base(path) == AllHere {
		return filepath.Dir(path)
	}
	return path
}

// Listed reports whether a file is one that transactions can be read from, by its name.
func Listed(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".json", ".tsv", ".txt":
		return true
	}
	return false
}

// Inspect says what a file is, or why no transaction can be read from it: it reads the first.
func (d *Desk) Inspect(path string) (string, error) {
	source, err := filing.Find(d.o.Disk, Resolve(path))
	if err != nil {
		return "", err
	}
	if Resolve(path) != path {
		return fmt.Sprintf("%d files of this folder", len(source.Names())), nil
	}
	for r, err := range source.Rows(context.Background()) { // of one row
		if syntax, ok := errors.AsType[*filing.SyntaxError](err); ok {
			return "", fmt.Errorf("%s; %s", syntax.Reason, syntax.Fix)
		}
		if err != nil {
			return "", err
		}
		return text.Line(fmt.Sprintf("%s, first transaction %s", strings.ToUpper(r.Format()), r.ID())), nil
	}
	return "", errors.New("there is no transaction in it")
}

// Exists reports whether all paths are there still.
func Exists(paths []string) bool {
	return len(paths) > 0 && !slices.ContainsFunc(paths, func(path string) bool { _, err := os.Stat(path); return err != nil })
}
