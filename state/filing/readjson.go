package filing

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// maxRow is how many bytes one row may have. A quote that is never closed must not cost the memory of its whole file.
const maxRow = 1 << 20

// jsonReader splits a file into its objects without reading more than one at a time.
type jsonReader struct {
	file   string
	r      *bufio.Reader
	off    int64
	line   int
	rows   int
	opened bool // '[' was read
	closed bool // ']' was read
}

func newJSONReader(file string, r *bufio.Reader, off int64) *jsonReader {
	return &jsonReader{file: file, r: r, off: off, line: 1}
}

func (j *jsonReader) readByte() (byte, error) {
	c, err := j.r.ReadByte()
	if err != nil {
		return 0, err
	}
	j.off++
	if c == '\n' {
		j.line++
	}
	return c, nil
}

func (j *jsonReader) broken(line int, reason, fix string) error {
	return &SyntaxError{File: j.file, Line: line, Reason: reason, Fix: fix}
}

// next returns the next row; io.EOF at the end. After a *SyntaxError that is Local there may be further rows.
func (j *jsonReader) next() (Row, error) {
	start, line, err := j.seek()
	if err != nil {
		return Row{}, err
	}
	j.rows++
	r := Row{File: j.file, Position: Position{Row: j.rows, Line: line}}
	raw, err := j.object(line)
	if err != nil {
		return r, err
	}
	r.span = span{start: start, raw: raw}
	if r.members, err = membersOf(raw); err != nil {
		return r, j.local(raw, line, err)
	}
	return r, nil
}

// seek reads up to and including the '{' of the next object.
func (j *jsonReader) seek() (start int64, line int, err error) {
	for {
		c, err := j.readByte()
		if err != nil {
			return 0, 0, j.ended(err)
		}
		begins, ok := j.between(c)
		if !ok {
			return 0, 0, j.broken(j.line, "there is something that is no transaction: "+quoteByte(c),
				"the file must be a list of objects: [{…},{…}]")
		}
		if begins {
			return j.off - 1, j.line, nil
		}
	}
}

// between takes a byte that stands between objects; ok is false where it may not. A comma too many, as editors leave them,
// does no harm.
func (j *jsonReader) between(c byte) (begins, ok bool) {
	switch c {
	case ' ', '\t', '\r', '\n':
		ok = true
	case '[':
		ok = !j.opened && j.rows == 0
		j.opened = true
	case ']':
		ok = j.opened && !j.closed
		j.closed = true
	case ',':
		ok = j.rows > 0 && !j.closed
	case '{':
		ok = !j.closed
		begins = ok
	}
	return begins, ok
}

// ended is what the end of the file between two objects means.
func (j *jsonReader) ended(err error) error {
	switch {
	case !errors.Is(err, io.EOF):
		return err
	case j.opened && !j.closed:
		return j.broken(j.line, "the list is not closed: the file ends without ]",
			"the file may be cut off: get it again, or close the list with ]")
	case j.rows == 0 && !j.opened:
		return j.broken(j.line, "the file is empty", "put a list of transactions into it, or leave it out")
	}
	return err
}

func quoteByte(c byte) string {
	if c < 0x20 || c >= utf8.RuneSelf {
		return "a byte that is no text"
	}
	return `"` + string(rune(c)) + `"`
}

// object reads to the '}' of the object that was begun.
func (j *jsonReader) object(line int) ([]byte, error) {
	raw := make([]byte, 1, 2048)
	raw[0] = '{'
	n, textLine := nesting{depth: 1}, 0
	for n.depth > 0 {
		c, err := j.readByte()
		switch {
		case errors.Is(err, io.EOF):
			return nil, j.broken(line, "the object that begins here is not closed", "the file may be cut off: get it again, or close the object with }")
		case err != nil:
			return nil, err
		case len(raw) >= maxRow:
			return nil, j.broken(line, "the object that begins here has more than a megabyte", "a quote or a brace may be missing: look for it from this line on")
		case n.inText && (c == '\n' || c == '\r'):
			return nil, j.broken(textLine, "a text is not closed", `put the missing " at its end`)
		}
		raw = append(raw, c)
		if n.step(c); c == '"' {
			textLine = j.line
		}
	}
	return bytes.Clone(raw), nil
}

// nesting is how deep a byte stands in an object.
type nesting struct {
	depth           int
	inText, escaped bool
}

func (n *nesting) step(c byte) {
	switch {
	case n.escaped:
		n.escaped = false
	case n.inText && c == '\\':
		n.escaped = true
	case c == '"':
		n.inText = !n.inText
	case n.inText:
	case c == '{' || c == '[':
		n.depth++
	case c == '}' || c == ']':
		n.depth--
	}
}

// local is the error of one object that can be told from its neighbours.
func (j *jsonReader) local(raw []byte, line int, err error) error {
	e := &SyntaxError{File: j.file, Line: line, Reason: "the object is no valid JSON", Fix: "correct it there; a comma too many or a missing quote are the usual reasons", Local: true, Err: err}
	var probe json.RawMessage
	if s, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(raw, &probe)); ok {
		e.Err = s
		e.Line += bytes.Count(raw[:min(int(s.Offset), len(raw))], []byte("\n"))
	}
	return e
}
