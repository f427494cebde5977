// Package wire reads JSON whose shape cannot be trusted, quickly and without ever failing half way: a document is
// checked once as a whole, then its values are read where they stand. What is missing, null or of another kind than
// expected is told apart, so that the reader of a value decides what that means.
package wire

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Kind is the JSON kind of a value.
type Kind int

// The kinds of value.
const (
	Absent Kind = iota // no value at all
	Null
	Bool
	Number
	String
	Array
	Object
)

// Value is one JSON value of a document that Parse accepted. The zero Value is Absent.
type Value struct {
	raw string // well formed, without space around it
}

// Parse checks the whole document and returns its value. It copies raw once; values and texts share that copy.
func Parse(raw []byte) (Value, error) {
	if !json.Valid(raw) {
		var discard json.RawMessage
		err := json.Unmarshal(raw, &discard)
		return Value{}, fmt.Errorf("not readable as JSON: %w", err)
	}
	return Value{raw: strings.Trim(string(raw), " \t\r\n")}, nil
}

// Kind returns the kind of v.
func (v Value) Kind() Kind {
	if v.raw == "" {
		return Absent
	}
	switch v.raw[0] {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	}
	return Number
}

// Raw returns the JSON text of v; empty when v is Absent.
func (v Value) Raw() string { return v.raw }

// Text returns a string without its quotes and escapes, and the JSON text of anything else. It is not cleaned.
func (v Value) Text() string {
	if v.Kind() == String {
		return unquote(v.raw)
	}
	return v.raw
}

// Field is one member of an object.
type Field struct {
	Name  string // not cleaned
	Value Value
}

// Fields are the members of an object, in the order of the document.
type Fields []Field

// AppendFields appends the members of v to dst; nothing when v is no object.
func (v Value) AppendFields(dst Fields) Fields {
	if v.Kind() != Object {
		return dst
	}
	s := v.raw
	for i := space(s, 1); s[i] != '}'; {
		colon := stringEnd(s, i)
		start := space(s, space(s, colon)+1)
		end := valueEnd(s, start)
		dst = append(dst, Field{Name: unquote(s[i:colon]), Value: Value{raw: s[start:end]}})
		i = next(s, end)
	}
	return dst
}

// AppendItems appends the elements of v to dst; nothing when v is no array.
func (v Value) AppendItems(dst []Value) []Value {
	if v.Kind() != Array {
		return dst
	}
	s := v.raw
	for i := space(s, 1); s[i] != ']'; {
		end := valueEnd(s, i)
		dst = append(dst, Value{raw: s[i:end]})
		i = next(s, end)
	}
	return dst
}

// Get returns the member called name: the last one, as in ECMAScript, if there are several. A name that differs in
// case only is taken when the exact one is absent (the documents themselves spell some keys in two ways).
func (f Fields) Get(name string) Value {
	for _, field := range slices.Backward(f) {
		if field.Name == name {
			return field.Value
		}
	}
	for _, field := range slices.Backward(f) {
		if len(field.Name) == len(name) && strings.EqualFold(field.Name, name) {
			return field.Value
		}
	}
	return Value{}
}

// space returns the index of the first byte at or after i that is no white space.
func space(s string, i int) int {
	for s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r' {
		i++
	}
	return i
}

// next returns where the element after the one that ends at end starts, or the index of the closing bracket.
func next(s string, end int) int {
	i := space(s, end)
	if s[i] == ',' {
		i = space(s, i+1)
	}
	return i
}

// stringEnd returns the index after the string that starts at i.
func stringEnd(s string, i int) int {
	for i++; s[i] != '"'; i++ {
		if s[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// valueEnd returns the index after the value that starts at i.
func valueEnd(s string, i int) int {
	switch s[i] {
	case '"':
		return stringEnd(s, i)
	case '{', '[':
		return nestedEnd(s, i)
	}
	for i < len(s) && s[i] != ',' && s[i] != '}' && s[i] != ']' && s[i] > ' ' {
		i++
	}
	return i
}

func nestedEnd(s string, i int) int {
	for depth := 0; ; {
		switch s[i] {
		case '"':
			i = stringEnd(s, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		i++
		if depth == 0 {
			return i
		}
	}
}

// unquote decodes a JSON string. Escapes are rare, so that most strings are shared with the document.
func unquote(quoted string) string {
	if strings.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var s string
	if err := json.Unmarshal([]byte(quoted), &s); err != nil {
		return quoted[1 : len(quoted)-1] // not reached: the document was checked
	}
	return s
}
