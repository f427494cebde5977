package filing

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"claimdeck/state/money"
)

// shape is what a JSON value is.
type shape int

const (
	absent shape = iota // missing, null, or an empty text
	aText
	aNumber
	aBool
	anObject
	aList
)

// value is one field of a row as the checks see it.
type value struct {
	shape  shape
	text   string // a text without the space around it; otherwise the JSON as it stands
	raw    json.RawMessage
	padded bool // a text has space around it, as a mistyped id has
}

func valueOf(raw json.RawMessage) value {
	v := value{raw: raw}
	if len(raw) == 0 {
		return v
	}
	if raw[0] == '"' {
		s := unquoted(raw)
		v.text = strings.TrimSpace(s)
		v.padded = s != v.text
		if v.text != "" {
			v.shape = aText
		}
		return v
	}
	v.text = string(raw)
	switch raw[0] {
	case 't', 'f':
		v.shape = aBool
	case '{':
		v.shape = anObject
	case '[':
		v.shape = aList
	case 'n':
		v.text = ""
	default:
		v.shape = aNumber
	}
	return v
}

// unquoted reads a JSON text; most have nothing to unescape.
func unquoted(raw json.RawMessage) string {
	if plain := raw[1 : len(raw)-1]; bytes.IndexByte(plain, '\\') < 0 && utf8.Valid(plain) {
		return string(plain)
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return string(raw)
	}
	return s
}

// typed makes what a person typed, or what stands in a CSV cell, the JSON value of its field. What is not what the field
// takes stays a text, so that nothing that was typed is lost before the checks name it.
func typed(number bool, text string) json.RawMessage {
	text = strings.TrimSpace(text)
	if number && isNumber(text) {
		return json.RawMessage(text)
	}
	return appendText(make([]byte, 0, len(text)+2), text)
}

// numeric reports whether a field is sent as a number where it is one: amounts, flags, and the id of a document.
func numeric(path string) bool {
	_, part, ok := documentPath(path)
	if ok {
		return part == fieldID
	}
	f, _ := FieldOf(path) // a field that the document does not know is a text
	return f.Kind == Amount || f.Kind == Flag
}

// isNumber reports whether text is a number as JSON writes them.
func isNumber(text string) bool {
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	return json.Valid([]byte(text))
}

// appendText appends s as a JSON text. Bytes that are no UTF-8 stay as they are: the checks refuse them, and nobody files a
// name with a replacement character in it.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// Member is one field of an object, in its place.
type Member struct {
	Name  string
	Value json.RawMessage
}

// membersOf reads an object in order. The error is one of encoding/json.
func membersOf(raw []byte) ([]Member, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var members []Member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		m := Member{}
		m.Name, _ = name.(string) // the decoder gives nothing else here
		if err := dec.Decode(&m.Value); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	_, err := dec.Token()
	return members, err
}

// appendObject appends members as a compact object.
func appendObject(b []byte, members []Member) []byte {
	b = append(b, '{')
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, m.Name)
		b = append(b, ':')
		b = appendCompact(b, m.Value)
	}
	return append(b, '}')
}

// appendCompact appends raw without the space between its tokens.
func appendCompact(b []byte, raw json.RawMessage) []byte {
	out := bytes.NewBuffer(b)
	if err := json.Compact(out, raw); err != nil {
		return append(b, raw...)
	}
	return out.Bytes()
}

// appendCanonical appends a value such that equal content gives equal bytes: fields by name, without the empty ones,
// amounts without trailing zeros, so that a row is the same in CSV and in JSON.
func appendCanonical(b []byte, raw json.RawMessage) []byte {
	v := valueOf(raw)
	switch v.shape {
	case absent:
		return append(b, "null"...)
	case aText:
		return appendText(b, v.text)
	case aNumber:
		if d, ok := money.Number(v.text); ok {
			return append(b, d.String()...)
		}
		return append(b, v.text...)
	case aBool:
		return append(b, v.text...)
	case anObject:
		members, err := membersOf(raw)
		if err != nil {
			return append(b, raw...)
		}
		return appendSorted(b, members)
	case aList:
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return append(b, raw...)
		}
		b = append(b, '[')
		for i, element := range list {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, element)
		}
		return append(b, ']')
	}
	return b
}

func appendSorted(b []byte, members []Member) []byte {
	members = slices.Clone(members)
	slices.SortStableFunc(members, func(x, y Member) int { return strings.Compare(x.Name, y.Name) })
	b = append(b, '{')
	first := true
	for _, m := range members {
		if v := valueOf(m.Value); v.shape == absent || v.text == "[]" {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(appendText(b, m.Name), ':')
		b = appendCanonical(b, m.Value)
	}
	return append(b, '}')
}

// shown makes what stands in a row fit to be quoted in a message.
func shown(s string) string {
	const most = 60
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
