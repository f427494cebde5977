package filing

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Position is the place of a row in its file. The zero value is that of a row that was typed.
type Position struct {
	Row  int `json:"row,omitempty"`  // from 1; the header of a CSV file is no row
	Line int `json:"line,omitempty"` // from 1: where the row begins
}

// Row is one transaction as it stands in its file, with its unknown fields and in its order. A Row never changes: Edit
// returns another. The zero Row is an empty transaction to be typed.
type Row struct {
	File     string
	Position Position

	members []Member
	width   int      // cells of a CSV row
	extra   []string // cells of a CSV row that have no column
	span    span
	sheet   *sheet // of the CSV file; nil: JSON, or typed
}

// span is where a row was found, to put another in its place.
type span struct {
	start int64
	raw   []byte
}

// Where says where the row is, such as "june.csv line 17" or "june.json row 3 (line 40)".
func (r Row) Where() string { return where(r.File, r.Position) }

func where(file string, p Position) string {
	name := filepath.Base(file)
	switch {
	case file == "" && p.Row > 1:
		return fmt.Sprintf("typed row %d", p.Row)
	case file == "":
		return "the typed row"
	case p.Row == 0 && p.Line == 0:
		return name
	case p.Row == 0:
		return fmt.Sprintf("%s line %d", name, p.Line)
	case strings.EqualFold(filepath.Ext(name), ".csv"):
		return fmt.Sprintf("%s line %d", name, p.Line)
	default:
		return fmt.Sprintf("%s row %d (line %d)", name, p.Row, p.Line)
	}
}

// ID returns the transaction's own id; empty when it has none.
func (r Row) ID() string { return r.Text(fieldID) }

// PolicyNumber returns the number of its policy.
func (r Row) PolicyNumber() string { return r.Text(fieldPolicy) }

// Members returns the fields in their order; of a name that is there twice, both.
func (r Row) Members() []Member { return slices.Clone(r.members) }

// value returns a field; of a name that is there twice the last, as JSON readers do.
func (r Row) value(name string) value {
	for _, m := range slices.Backward(r.members) {
		if m.Name == name {
			return valueOf(m.Value)
		}
	}
	return value{}
}

// Text returns a field as a person would type it; empty when it is not there. A field of a document is named such as
// transaction_documents.1.code.
func (r Row) Text(name string) string {
	n, part, ok := documentPath(name)
	if !ok {
		return r.value(name).text
	}
	docs := r.documents()
	if n < 1 || n > len(docs) {
		return ""
	}
	return docs[n-1].value(part).text
}

// DocumentCount returns how many documents the row lists.
func (r Row) DocumentCount() int { return len(r.documents()) }

// document is one transaction document.
type document struct {
	raw     json.RawMessage
	members []Member
	object  bool
}

func (d document) value(part string) value {
	return Row{members: d.members}.value(part)
}

func (r Row) documents() []document {
	var list []json.RawMessage
	if v := r.value(fieldDocuments); v.shape != aList || json.Unmarshal(v.raw, &list) != nil {
		return nil
	}
	docs := make([]document, len(list))
	for i, raw := range list {
		docs[i].raw = raw
		if valueOf(raw).shape == anObject {
			members, err := membersOf(raw)
			docs[i].members, docs[i].object = members, err == nil
		}
	}
	return docs
}

// JSON returns the object to send: the fields in their order, numbers with the text they were written with.
func (r Row) JSON() json.RawMessage { return appendObject(nil, r.members) }

// Hash returns the SHA-256 of the row's content in hexadecimal. It does not depend on the order of fields, on the format
// of the file or on trailing zeros.
func (r Row) Hash() string {
	sum := sha256.Sum256(appendSorted(nil, r.members))
	return hex.EncodeToString(sum[:])
}

// Format returns "csv" or "json": how the row was written.
func (r Row) Format() string {
	if r.sheet != nil {
		return "csv"
	}
	return "json"
}

// documentPath splits transaction_documents.2.url into 2 and "url".
func documentPath(name string) (n int, part string, ok bool) {
	rest, found := strings.CutPrefix(name, fieldDocuments+".")
	if !found {
		return 0, "", false
	}
	number, part, found := strings.Cut(rest, ".")
	if !found {
		return 0, "", false
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > maxDocuments || part == "" {
		return 0, "", false
	}
	return n, part, true
}

// maxDocuments bounds the number in the name of a document's field.
const maxDocuments = 999

// DocumentPath returns the name of a field of the n-th document, from 1.
func DocumentPath(n int, part string) string {
	return fieldDocuments + "." + strconv.Itoa(n) + "." + part
}

// Edit returns the row with a field set to what a person typed; an empty text removes it. A new field takes its place in
// the order of the document. To add a document, name the field of the one after the last.
func Edit(r Row, name, text string) (Row, error) {
	n, part, isDocument := documentPath(name)
	switch {
	case isDocument && n > r.DocumentCount()+1:
		return r, fmt.Errorf("the row has %d documents: add number %d first", r.DocumentCount(), r.DocumentCount()+1)
	case !isDocument && name == fieldDocuments:
		return r, fmt.Errorf("name the field of one document, such as %s", DocumentPath(1, "code"))
	case name == "":
		return r, fmt.Errorf("name the field to change")
	}
	raw := typed(numeric(name), text)
	if strings.TrimSpace(text) == "" {
		raw = nil
	}
	if isDocument {
		return r.with(fieldDocuments, editDocuments(r.documents(), n, Member{Name: part, Value: raw})), nil
	}
	return r.with(name, raw), nil
}

// RemoveDocument returns the row without its n-th document, from 1.
func RemoveDocument(r Row, n int) Row {
	docs := r.documents()
	if n < 1 || n > len(docs) {
		return r
	}
	return r.with(fieldDocuments, encodeDocuments(slices.Delete(docs, n-1, n)))
}

func editDocuments(docs []document, n int, m Member) json.RawMessage {
	if n > len(docs) {
		docs = append(docs, document{})
	}
	d := &docs[n-1]
	d.members, d.object = set(d.members, m), true
	if len(d.members) == 0 {
		docs = slices.Delete(docs, n-1, n)
	}
	return encodeDocuments(docs)
}

func encodeDocuments(docs []document) json.RawMessage {
	if len(docs) == 0 {
		return nil
	}
	parts := make([][]byte, len(docs))
	for i, d := range docs {
		parts[i] = d.raw
		if d.object {
			parts[i] = appendObject(nil, d.members)
		}
	}
	return slices.Concat([]byte("["), bytes.Join(parts, []byte(",")), []byte("]"))
}

func (r Row) with(name string, raw json.RawMessage) Row {
	r.members = set(slices.Clone(r.members), Member{Name: name, Value: raw})
	return r
}

// set puts m into members: in the place of the last of its name, otherwise where the field table has it. Others of its
// name are removed: it is an edit that ends a field that was there twice. Without a value it removes.
func set(members []Member, m Member) []Member {
	at := -1
	for i := len(members) - 1; i >= 0; i-- {
		if members[i].Name != m.Name {
			continue
		}
		if at >= 0 || len(m.Value) == 0 {
			members = slices.Delete(members, i, i+1)
			at--
			continue
		}
		at = i
		members[i] = m
	}
	if at >= 0 || len(m.Value) == 0 {
		return members
	}
	rank := rankOf(m.Name)
	i := slices.IndexFunc(members, func(o Member) bool { return rankOf(o.Name) > rank })
	if i < 0 {
		i = len(members)
	}
	return slices.Insert(members, i, m)
}

// rankOf is the place of a field in the table; what the table does not know comes last.
func rankOf(name string) int {
	if i, ok := fieldRank[name]; ok {
		return i
	}
	if i, ok := documentRank[name]; ok {
		return i
	}
	return len(fieldTable)
}
