package filing

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// SyntaxError says where a file cannot be read, and what to do. The other files are not concerned by it.
type SyntaxError struct {
	File   string
	Line   int // from 1; 0: the file as a whole
	Reason string
	Fix    string
	Local  bool // only one row is concerned; the rows after it can be read
	Err    error
}

// Error names file, line, reason and remedy.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: %s; %s", where(e.File, Position{Line: e.Line}), e.Reason, e.Fix)
}

// Unwrap returns the cause; it may be nil.
func (e *SyntaxError) Unwrap() error { return e.Err }

// Disk is the file system as this package reads it. fstest.MapFS is one; OS is the real one.
type Disk interface {
	Open(name string) (fs.File, error)
	Stat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
}

// OS is the file system of the machine.
type OS struct{}

// Open opens a file for reading.
func (OS) Open(name string) (fs.File, error) { return os.Open(name) } //nolint:gosec // the person named it

// Stat describes a file.
func (OS) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// ReadDir lists a folder.
func (OS) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// Source gives rows; it can be asked for them again and again. An error that is no *SyntaxError ends the rows.
type Source interface {
	Rows(ctx context.Context) iter.Seq2[Row, error]
}

// List is a source of rows that were typed, or read already. A row without a place gets its place in the list.
type List []Row

// Rows gives the rows of the list.
func (l List) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for i, r := range l {
			if r.Position == (Position{}) {
				r.Position.Row = i + 1
			}
			if ctx.Err() != nil {
				yield(Row{}, context.Cause(ctx))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Files is a source of files, read one row at a time.
type Files struct {
	disk  Disk
	names []string
}

// Find returns the files that paths name: a file is itself, a folder is the .json and .csv files in it, by name. In a
// folder a file that was mended (june.fixed.csv) takes the place of the one it was made from.
func Find(disk Disk, paths ...string) (*Files, error) {
	f := &Files{disk: disk}
	for _, path := range paths {
		info, err := disk.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w; check its name", path, cause(err))
		}
		if !info.IsDir() {
			f.names = append(f.names, path)
			continue
		}
		names, err := inFolder(disk, path)
		if err != nil {
			return nil, err
		}
		f.names = append(f.names, names...)
	}
	f.names = unique(f.names)
	return f, nil
}

func inFolder(disk Disk, folder string) ([]string, error) {
	entries, err := disk.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("the folder %s cannot be read: %w", folder, cause(err))
	}
	var names []string
	for _, e := range entries {
		ext := strings.ToLower(filepath.Ext(e.Name()))
		if !e.IsDir() && (ext == ".json" || ext == ".csv") && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, filepath.Join(folder, e.Name()))
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("the folder %s has no .json and no .csv file; name another", folder)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		fixed := FixedName(name)
		return fixed != name && slices.Contains(names, fixed)
	}), nil
}

func unique(names []string) []string {
	seen := make(map[string]bool, len(names))
	return slices.DeleteFunc(names, func(name string) bool {
		again := seen[filepath.Clean(name)]
		seen[filepath.Clean(name)] = true
		return again
	})
}

// cause is the reason of a failed call without the path, which the caller names.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// Names returns the files in the order they are read.
func (f *Files) Names() []string { return slices.Clone(f.names) }

// Rows reads the rows of all files. A file that cannot be read to its end gives a *SyntaxError in the place of the rest;
// then the next file follows.
func (f *Files) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, name := range f.names {
			if !f.file(ctx, name, yield) {
				return
			}
		}
	}
}

// file gives the rows of one file; false when no more are wanted.
func (f *Files) file(ctx context.Context, name string, yield func(Row, error) bool) bool {
	r, err := f.disk.Open(name)
	if err != nil {
		return yield(Row{File: name}, unreadable(name, err))
	}
	defer func() { _ = r.Close() }() // it was only read
	for row, err := range Read(ctx, r, name) {
		if !yield(row, err) {
			return false
		}
		if err != nil && ctx.Err() != nil {
			return false
		}
	}
	return true
}

func unreadable(name string, err error) error {
	return &SyntaxError{File: name, Reason: "it cannot be read: " + cause(err).Error(), Fix: "check the file and its permissions", Err: err}
}

// reader is a format.
type reader interface{ next() (Row, error) }

// Read gives the rows of one file. Its name decides between CSV and JSON; where it says neither, the first byte does. Errors
// are *SyntaxError, or that of ctx.
func Read(ctx context.Context, r io.Reader, name string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		rows, err := open(r, name)
		if err != nil {
			yield(Row{File: name}, err)
			return
		}
		for {
			if ctx.Err() != nil {
				yield(Row{File: name}, context.Cause(ctx))
				return
			}
			row, err := rows.next()
			syntax, isSyntax := errors.AsType[*SyntaxError](err)
			switch {
			case errors.Is(err, io.EOF) && !isSyntax:
				return
			case err != nil && !isSyntax:
				err = unreadable(name, err)
			}
			if !yield(row, err) || err != nil && (!isSyntax || !syntax.Local) {
				return
			}
		}
	}
}

// open tells the format and skips a byte order mark.
func open(r io.Reader, name string) (reader, error) {
	t := &tape{r: r}
	b := bufio.NewReaderSize(t, 16<<10)
	head, err := b.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(name, err)
	}
	off := int64(0)
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		off = 3
		_, _ = b.Discard(3) // they are there
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, &SyntaxError{File: name, Line: 1, Reason: "it is UTF-16 text", Fix: "save it as UTF-8; in Excel: CSV UTF-8"}
	case bytes.HasPrefix(head, []byte("PK\x03")):
		return nil, &SyntaxError{File: name, Reason: "it is a workbook or an archive", Fix: "save it as CSV UTF-8"}
	}
	if isCSV(b, name) {
		return newCSVReader(name, b, t, off), nil
	}
	t.idle, t.kept = true, nil
	return newJSONReader(name, b, off), nil
}

func isCSV(b *bufio.Reader, name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv", ".txt":
		return true
	case ".json":
		return false
	}
	head, _ := b.Peek(b.Size()) // what there is will do
	head = bytes.TrimLeft(head, " \t\r\n")
	return len(head) > 0 && head[0] != '[' && head[0] != '{'
}
