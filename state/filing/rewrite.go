package filing

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"claimdeck/state/config/atomicfile"
)

// ErrFixedExists is returned when a mended file is there already: reading that one goes on with its corrections.
var ErrFixedExists = errors.New("a mended file is there already")

// FixedName is the name of the mended file beside a file: june.fixed.csv for june.csv. That of a mended file is its own.
func FixedName(name string) string {
	ext := filepath.Ext(name)
	base := strings.TrimSuffix(name, ext)
	if strings.HasSuffix(base, ".fixed") {
		return name
	}
	return base + ".fixed" + ext
}

// SaveOptions say where corrections go.
type SaveOptions struct {
	InPlace bool // into the person's own file, because they asked for it
	Replace bool // over a mended file that is there already
}

// Save writes a file with some of its rows replaced by edited ones (which know their places), as a whole or not at all, and
// returns where: the mended file beside it, unless o says otherwise. The other rows keep their bytes. A file that changed
// since its rows were read is refused, and ErrFixedExists is returned rather than losing earlier corrections.
func Save(disk Disk, file string, edits []Row, o SaveOptions) (written string, err error) {
	written = FixedName(file)
	if o.InPlace {
		written = file
	}
	if written != file && !o.Replace {
		if _, err := disk.Stat(written); !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s was not written: %w; open it to go on with its corrections, or remove it", written, ErrFixedExists)
		}
	}
	data, err := readAll(disk, file)
	if err != nil {
		return "", err
	}
	out, err := Rewrite(data, edits)
	if err != nil {
		return "", err
	}
	if err := atomicfile.Write(written, out); err != nil {
		return "", fmt.Errorf("the corrections were not saved: %w", err)
	}
	return written, nil
}

func readAll(disk Disk, file string) ([]byte, error) {
	f, err := disk.Open(file)
	if err != nil {
		return nil, unreadable(file, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, unreadable(file, err)
	}
	return data, nil
}

// patch is what takes the place of a part of a file.
type patch struct {
	span span
	text []byte
	of   Row
}

// Rewrite returns the content of a file with edited rows in the place of those they were. Everything else keeps its bytes,
// except that a CSV file which gets a new column gets its empty cells in every row.
func Rewrite(data []byte, edits []Row) ([]byte, error) {
	patches, err := patchesOf(data, edits)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(patches, func(x, y patch) int { return cmp.Compare(x.span.start, y.span.start) })
	var out []byte
	at := int64(0)
	for _, p := range patches {
		end := p.span.start + int64(len(p.span.raw))
		switch {
		case p.span.raw == nil || p.span.start < at:
			return nil, fmt.Errorf("%s: the row was not read from this file, or is given twice", p.of.Where())
		case end > int64(len(data)) || !bytes.Equal(data[p.span.start:end], p.span.raw):
			return nil, fmt.Errorf("%s changed since it was read: read the file again, then correct it", p.of.Where())
		}
		out = append(append(out, data[at:p.span.start]...), p.text...)
		at = end
	}
	return append(out, data[at:]...), nil
}

func patchesOf(data []byte, edits []Row) ([]patch, error) {
	if columns := missingColumns(edits); len(columns) > 0 {
		return widen(data, edits, columns)
	}
	patches := make([]patch, len(edits))
	for i, e := range edits {
		text, err := e.encode()
		if err != nil {
			return nil, err
		}
		patches[i] = patch{span: e.span, text: text, of: e}
	}
	return patches, nil
}

// encode writes the row the way it was written, with its present content.
func (r Row) encode() ([]byte, error) {
	if r.sheet == nil {
		return indentLike(r.JSON(), r.span.raw), nil
	}
	cells, _ := r.sheet.cells(r)
	return r.sheet.encode(append(cells, r.extra...), lineEnd(r.span.raw))
}

// indentLike lays an object out as the one it replaces was.
func indentLike(object, was []byte) []byte {
	first, rest, found := bytes.Cut(was, []byte("\n"))
	if !found {
		return object
	}
	last := was[bytes.LastIndexByte(was, '\n')+1:]
	prefix := last[:len(last)-len(bytes.TrimLeft(last, " \t"))]
	inner := rest[:len(rest)-len(bytes.TrimLeft(rest, " \t"))]
	var out bytes.Buffer
	if err := json.Indent(&out, object, string(prefix), string(bytes.TrimPrefix(inner, prefix))); err != nil {
		return object
	}
	if bytes.HasSuffix(first, []byte("\r")) {
		return bytes.ReplaceAll(out.Bytes(), []byte("\n"), []byte("\r\n"))
	}
	return out.Bytes()
}

// missingColumns are the columns that edited rows of a CSV file need and the file does not have.
func missingColumns(edits []Row) []column {
	var all []column
	for _, e := range edits {
		if e.sheet == nil {
			continue
		}
		_, missing := e.sheet.cells(e)
		for _, c := range missing {
			if !slices.Contains(all, c) { // none of them is read: num is not set
				all = append(all, c)
			}
		}
	}
	return all
}

// widen adds columns to a CSV file: to its header, and to every record as empty cells. The cells that were there keep
// their bytes.
func widen(data []byte, edits []Row, columns []column) ([]patch, error) {
	old := edits[0].sheet
	grown := &sheet{comma: old.comma, columns: slices.Concat(old.columns, columns), header: old.header}
	edited := make(map[int64]Row, len(edits))
	for _, e := range edits {
		edited[e.span.start] = e
	}
	var names []byte
	for _, c := range columns {
		names = append(append(names, string(old.comma)...), c.path()...)
	}
	patches := []patch{{span: old.header, text: beforeEnd(bare(old.header.raw, old.comma), names), of: Row{File: edits[0].File}}}
	for r, err := range Read(context.Background(), bytes.NewReader(data), edits[0].File) {
		if err != nil {
			return nil, fmt.Errorf("no column can be added before the file is correct: %w", err)
		}
		if len(r.extra) > 0 {
			return nil, fmt.Errorf("%s has more cells than the file has columns: correct that line before a column is added", r.Where())
		}
		p := patch{span: r.span, of: r}
		if e, ok := edited[r.span.start]; ok {
			e.sheet = grown
			p.span, p.of = e.span, e
			if p.text, err = e.encode(); err != nil {
				return nil, err
			}
			delete(edited, r.span.start)
		} else {
			missing := max(len(grown.columns)-r.width, 0)
			p.text = beforeEnd(r.span.raw, bytes.Repeat([]byte(string(old.comma)), missing))
		}
		patches = append(patches, p)
	}
	for _, e := range edited { // what was not met is refused by the caller
		patches = append(patches, patch{of: e})
	}
	return patches, nil
}

// bare is a header without the nameless columns at its end.
func bare(header []byte, comma rune) []byte {
	end := lineEnd(header)
	return slices.Concat(bytes.TrimRight(header[:len(header)-len(end)], string(comma)+" "), end)
}

// beforeEnd puts text before the end of the line.
func beforeEnd(raw, text []byte) []byte {
	end := lineEnd(raw)
	return slices.Concat(raw[:len(raw)-len(end)], text, end)
}

// WriteJSON writes rows as a list of the document, one object a line.
func WriteJSON(w io.Writer, rows iter.Seq2[Row, error]) error {
	lead := "[\n"
	for r, err := range rows {
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", lead, r.JSON()); err != nil {
			return fmt.Errorf("write the transactions: %w", err)
		}
		lead = ",\n"
	}
	end := "\n]\n"
	if lead == "[\n" {
		end = "[]\n"
	}
	if _, err := io.WriteString(w, end); err != nil {
		return fmt.Errorf("write the transactions: %w", err)
	}
	return nil
}

// Header returns the first line of a CSV file with every field of the document and room for so many documents.
func Header(documents int) string {
	var names []string
	for _, f := range fieldTable {
		if f.Kind != Documents {
			names = append(names, f.Name)
		}
	}
	for n := 1; n <= documents; n++ {
		for _, f := range documentTable {
			names = append(names, DocumentPath(n, f.Name))
		}
	}
	return strings.Join(names, ",")
}
