// Package lines reads TOML together with the line and the bytes of every value, so that a mistake in a
// configuration file can be shown where it stands, and one value can be changed without touching the rest.
package lines

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// MaxSize is how large a file may be, in bytes; configuration is written by hand.
const MaxSize = 1 << 20

// Error is a document that is not TOML.
type Error struct {
	Line    int // 1-based; 0 when it is not about one line
	Message string
}

// Error says what is wrong, without the line: the caller knows the file's name and puts both in front.
func (e *Error) Error() string { return e.Message }

// Table is one header of the document with the values under it. The first table of a document is its head: the
// values before any header.
type Table struct {
	Path    []string // nil for the head of the document
	Array   bool     // [[path]]
	Line    int      // of the header; 0 for the head
	Entries []Entry
	// Start is the offset of the header's first byte; End is the offset after the line of the header or of the
	// table's last value, whichever is later, line break included. The head starts and may end at 0.
	Start, End int
}

// Entry is one value. Inline tables are flattened: "a = {b = 1}" is the entry a.b, and an empty inline table is
// an entry with the value Empty.
type Entry struct {
	Key   []string // relative to its table
	Value any      // string, bool, int64, float64, []any, Empty, or Moment for dates and times
	Line  int
	// Start and End are the bytes of a string, number, bool or date as written, quotes included. Zero for arrays
	// and empty inline tables.
	Start, End int
	Inline     bool // stands in an inline table
}

// Empty is the value of an inline table without entries.
type Empty struct{}

// Moment is a date or time, as it was written.
type Moment string

// Path returns the key as it is written with dots.
func (e Entry) Path() string { return strings.Join(e.Key, ".") }

// Read reads a document. The error is an *Error.
func Read(data []byte) ([]Table, error) {
	if len(data) > MaxSize {
		return nil, &Error{Message: fmt.Sprintf("the file is larger than %d bytes", MaxSize)}
	}
	data = slices.Clip(data)
	r := reader{data: data}
	for i, c := range data {
		if c == '\n' {
			r.breaks = append(r.breaks, i)
		}
	}
	var whole map[string]any
	if err := toml.Unmarshal(data, &whole); err != nil {
		return nil, syntax(err)
	}
	r.parser.Reset(data)
	r.tables = []Table{{}}
	for r.parser.NextExpression() {
		r.expression(r.parser.Expression())
	}
	if err := r.parser.Error(); err != nil {
		return nil, syntax(err)
	}
	return r.tables, nil
}

func syntax(err error) *Error {
	if de, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ := de.Position()
		return &Error{Line: line, Message: strings.TrimPrefix(de.Error(), "toml: ")}
	}
	return &Error{Message: strings.TrimPrefix(err.Error(), "toml: ")}
}

type reader struct {
	data   []byte
	breaks []int // offsets of line feeds
	parser unstable.Parser
	tables []Table
}

func (r *reader) line(offset int) int {
	return 1 + sort.SearchInts(r.breaks, offset)
}

// after returns the offset behind the line on which offset stands.
func (r *reader) after(offset int) int {
	i := sort.SearchInts(r.breaks, offset)
	if i == len(r.breaks) {
		return len(r.data)
	}
	return r.breaks[i] + 1
}

func (r *reader) expression(n *unstable.Node) {
	switch n.Kind {
	case unstable.Table, unstable.ArrayTable:
		path, start := r.key(n.Key())
		lineStart := 0
		if line := r.line(start); line > 1 {
			lineStart = r.breaks[line-2] + 1
		}
		r.tables = append(r.tables, Table{
			Path: path, Array: n.Kind == unstable.ArrayTable, Line: r.line(start),
			Start: lineStart, End: r.after(start),
		})
	case unstable.KeyValue:
		t := &r.tables[len(r.tables)-1]
		last := int(n.Raw.Offset + n.Raw.Length)
		r.entry(t, nil, n, false)
		t.End = r.after(max(last-1, int(n.Raw.Offset)))
	default: // comments are not kept
	}
}

func (r *reader) key(it unstable.Iterator) (path []string, start int) {
	start = -1
	for it.Next() {
		k := it.Node()
		if start < 0 {
			start = int(k.Raw.Offset)
		}
		path = append(path, string(k.Data))
	}
	return path, start
}

func (r *reader) entry(t *Table, prefix []string, n *unstable.Node, inline bool) {
	path, start := r.key(n.Key())
	e := Entry{Key: slices.Concat(prefix, path), Line: r.line(start), Inline: inline}
	v := n.Value()
	if v.Kind == unstable.InlineTable {
		if !v.Child().Valid() {
			e.Value = Empty{}
			t.Entries = append(t.Entries, e)
			return
		}
		for it := v.Children(); it.Next(); {
			r.entry(t, e.Key, it.Node(), true)
		}
		return
	}
	e.Value = value(v)
	if v.Kind != unstable.Array {
		e.Start, e.End = int(v.Raw.Offset), int(v.Raw.Offset+v.Raw.Length)
	}
	t.Entries = append(t.Entries, e)
}

// value decodes a node; the document was checked before, so numbers are well formed.
func value(n *unstable.Node) any {
	switch n.Kind {
	case unstable.String:
		return string(n.Data)
	case unstable.Bool:
		return string(n.Data) == "true"
	case unstable.Integer:
		i, err := strconv.ParseInt(string(n.Data), 0, 64)
		if err != nil { // a leading + or an unusual base prefix
			i, _ = strconv.ParseInt(strings.TrimPrefix(string(n.Data), "+"), 0, 64)
		}
		return i
	case unstable.Float:
		f, _ := strconv.ParseFloat(strings.ReplaceAll(string(n.Data), "_", ""), 64)
		return f
	case unstable.Array:
		list := []any{}
		for it := n.Children(); it.Next(); {
			list = append(list, value(it.Node()))
		}
		return list
	case unstable.InlineTable:
		return Empty{}
	default:
		return Moment(n.Data)
	}
}

// Describe names the kind of a value for an error: "a number", "a list".
func Describe(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	case []any:
		return "a list"
	case Moment, time.Time:
		return "a date or time"
	default:
		return "a table"
	}
}
