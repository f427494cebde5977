package filing

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// sheet is what the rows of a CSV file share.
type sheet struct {
	comma   rune
	columns []column
	header  span
}

// column is one column of a CSV file.
type column struct {
	name string // of the field; of a document's field the part
	doc  int    // from 1: the document it belongs to; 0: none
	num  bool   // its cells are numbers, where they are any
}

// path is the name of the column's field in a row.
func (c column) path() string {
	if c.doc == 0 {
		return c.name
	}
	return DocumentPath(c.doc, c.name)
}

// csvReader reads the records of a file one at a time, with the bytes that each is made of.
type csvReader struct {
	file  string
	tape  *tape
	base  int64 // offset of the first byte after a byte order mark
	csv   *csv.Reader
	sheet *sheet
	rows  int
	line  int // where the latest record begins
}

func newCSVReader(file string, r *bufio.Reader, t *tape, off int64) *csvReader {
	c := &csvReader{file: file, tape: t, base: off, csv: csv.NewReader(r)}
	c.csv.Comma = sniff(r)
	c.csv.FieldsPerRecord = -1
	c.csv.TrimLeadingSpace = c.csv.Comma != '\t'
	t.cut(off)
	return c
}

// sniff finds what separates the columns: a comma, or what spreadsheets of other countries write.
func sniff(r *bufio.Reader) rune {
	head, _ := r.Peek(r.Size()) // what there is will do
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, c := range ";\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// record reads one record and the bytes it is made of, without empty lines before it.
func (c *csvReader) record() ([]string, span, error) {
	start := c.base + c.csv.InputOffset()
	cells, err := c.csv.Read()
	if err != nil {
		return nil, span{}, c.explain(err)
	}
	c.line, _ = c.csv.FieldPos(0)
	raw := c.tape.cut(c.base + c.csv.InputOffset())
	begin := len(raw) - len(bytes.TrimLeft(raw, "\r\n"))
	return cells, span{start: start + int64(begin), raw: raw[begin:]}, nil
}

func (c *csvReader) explain(err error) error {
	p, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		if errors.Is(err, errLongRow) {
			return &SyntaxError{File: c.file, Line: c.line + 1, Reason: "a row has more than a megabyte", Fix: "a quote may not be closed: look for it from this line on", Err: err}
		}
		return err
	}
	e := &SyntaxError{File: c.file, Line: p.Line, Reason: p.Err.Error(), Fix: "correct the line", Err: err}
	switch {
	case errors.Is(p.Err, csv.ErrBareQuote):
		e.Reason, e.Fix = "there is a quote inside a field", `double it ("") and put the whole field into quotes`
	case errors.Is(p.Err, csv.ErrQuote):
		e.Line, e.Reason, e.Fix = p.StartLine, "a quoted field is not closed, or goes on after its quote", `close it with ", and double the quotes inside it ("")`
	}
	return e
}

// next returns the next row; io.EOF at the end.
func (c *csvReader) next() (Row, error) {
	if c.sheet == nil {
		if err := c.header(); err != nil {
			return Row{}, err
		}
	}
	for {
		cells, s, err := c.record()
		if err != nil {
			return Row{File: c.file}, err
		}
		if !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			continue // spreadsheets leave rows of nothing but commas
		}
		c.rows++
		r := Row{File: c.file, Position: Position{Row: c.rows, Line: c.line}, span: s, sheet: c.sheet, width: len(cells)}
		r.members, r.extra = c.sheet.read(cells)
		return r, nil
	}
}

// header reads the first record as the names of the fields.
func (c *csvReader) header() error {
	cells, s, err := c.record()
	if errors.Is(err, io.EOF) {
		return &SyntaxError{File: c.file, Line: 1, Reason: "the file is empty", Fix: "put the names of the fields into its first line, or leave it out"}
	}
	if err != nil {
		return err
	}
	line := c.line
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	columns, known := columnsOf(cells)
	for i := range columns {
		columns[i].num = numeric(columns[i].path())
	}
	if known == 0 {
		return &SyntaxError{
			File: c.file, Line: line, Reason: "the first line does not name any field of a transaction",
			Fix: "its first line must name the columns, such as id,policy_number,premium",
		}
	}
	seen := map[string]bool{}
	for i, col := range columns {
		switch {
		case col.name == "":
			return &SyntaxError{File: c.file, Line: line, Reason: fmt.Sprintf("column %d has no name", i+1), Fix: "name it, or remove it"}
		case seen[col.path()]:
			return &SyntaxError{File: c.file, Line: line, Reason: fmt.Sprintf("the column %s is there twice", shown(col.path())), Fix: "remove one of the two"}
		}
		seen[col.path()] = true
	}
	c.sheet = &sheet{comma: c.csv.Comma, columns: columns, header: s}
	return nil
}

// columnsOf reads a header. The fields of documents are columns such as transaction_documents.1.code; without the number,
// the n-th column of a name belongs to the n-th document.
func columnsOf(cells []string) (columns []column, known int) {
	repeats := map[string]int{}
	for _, cell := range cells {
		name := tidyName(cell)
		if n, part, ok := documentPath(name); ok {
			columns, known = append(columns, column{name: part, doc: n}), known+1
			continue
		}
		if part, ok := strings.CutPrefix(name, fieldDocuments+"."); ok && part != "" {
			repeats[part]++
			columns, known = append(columns, column{name: part, doc: repeats[part]}), known+1
			continue
		}
		if _, ok := FieldOf(name); ok && name != fieldDocuments {
			columns, known = append(columns, column{name: name}), known+1
			continue
		}
		columns = append(columns, column{name: strings.TrimSpace(cell)})
	}
	return columns, known
}

// read makes cells the fields of a row. Empty cells are fields that are not there.
func (s *sheet) read(cells []string) (members []Member, extra []string) {
	docs := map[int][]Member{}
	members = make([]Member, 0, len(cells))
	last, place := 0, -1
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		switch {
		case cell == "":
		case i >= len(s.columns):
			extra = append(extra, cell)
		case s.columns[i].doc > 0:
			col := s.columns[i]
			docs[col.doc] = append(docs[col.doc], Member{Name: col.name, Value: typed(col.num, cell)})
			last = max(last, col.doc)
			if place < 0 {
				place = len(members)
			}
		default:
			members = append(members, Member{Name: s.columns[i].name, Value: typed(s.columns[i].num, cell)})
		}
	}
	if place < 0 {
		return members, extra
	}
	var list []document
	for n := 1; n <= last; n++ {
		if len(docs[n]) > 0 {
			list = append(list, document{members: docs[n], object: true})
		}
	}
	return slices.Insert(members, place, Member{Name: fieldDocuments, Value: encodeDocuments(list)}), extra
}

// cells writes a row into the columns; ok is false when one of its fields has none.
func (s *sheet) cells(r Row) (cells []string, missing []column) {
	at := make(map[string]int, len(s.columns))
	for i, c := range s.columns {
		at[c.path()] = i
	}
	cells = make([]string, len(s.columns))
	put := func(c column, v value) {
		if v.shape == absent {
			return
		}
		if i, ok := at[c.path()]; ok {
			cells[i] = v.text
		} else {
			missing = append(missing, c)
		}
	}
	for _, m := range r.members {
		if m.Name != fieldDocuments {
			put(column{name: m.Name}, valueOf(m.Value))
		}
	}
	for i, d := range r.documents() {
		for _, m := range d.members {
			put(column{name: m.Name, doc: i + 1}, valueOf(m.Value))
		}
	}
	return cells, missing
}

// encode writes cells as one record that ends as end says.
func (s *sheet) encode(cells []string, end []byte) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = s.comma
	if err := w.Write(cells); err != nil {
		return nil, err
	}
	w.Flush()
	return append(bytes.TrimSuffix(out.Bytes(), []byte("\n")), end...), w.Error()
}

// lineEnd is how a record ends: "\r\n", "\n", or not at all at the end of a file.
func lineEnd(raw []byte) []byte {
	return raw[len(bytes.TrimRight(raw, "\r\n")):]
}

// errLongRow is why a file is not read on.
var errLongRow = errors.New("the row is too long")

// tape keeps the bytes that went through it until they are cut off.
type tape struct {
	r     io.Reader
	start int64 // offset of kept[0]
	kept  []byte
	idle  bool // nothing needs to be kept
}

func (t *tape) Read(p []byte) (int, error) {
	if len(t.kept) > maxRow+len(p) {
		return 0, errLongRow
	}
	n, err := t.r.Read(p)
	if t.idle {
		return n, err
	}
	t.kept = append(t.kept, p[:n]...)
	return n, err
}

// cut returns a copy of the kept bytes before offset to, and forgets them.
func (t *tape) cut(to int64) []byte {
	n := min(int(to-t.start), len(t.kept))
	out := bytes.Clone(t.kept[:n])
	t.kept = append(t.kept[:0], t.kept[n:]...)
	t.start += int64(n)
	return out
}
