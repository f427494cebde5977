package activity

import (
	"encoding/json"
	"errors"
	"fmt"

	"claimdeck/state/activity/wire"
	"claimdeck/state/text"
)

// ErrNotActivity is wrapped by every error of Decode.
var ErrNotActivity = errors.New("an entry of the feed cannot be kept")

// Decode reads one entry of the feed. It fails only when raw is no JSON object or has no id (activityId, or hash as
// in documents before mid 2021): then there is nothing to hold it by. Everything else is kept:
//
//   - a createdAt that is missing or cannot be read leaves CreatedAt zero; whoever stores the activity gives it the
//     time of its arrival with Stamped;
//   - numbers may come as text and texts as numbers, and null counts as not sent;
//   - an unknown type, or a value of a shape that cannot be understood, makes Data an Unknown with all fields.
//
// Raw shares its bytes with the argument, which must not change afterwards.
func Decode(raw json.RawMessage) (Activity, error) {
	doc, err := wire.Parse(raw)
	if err != nil {
		return Activity{}, fmt.Errorf("%w: %w", ErrNotActivity, err)
	}
	if doc.Kind() != wire.Object {
		return Activity{}, fmt.Errorf("%w: it is not an object", ErrNotActivity)
	}
	var buffer [10]wire.Field
	r := wire.Read(doc, buffer[:0])
	a := Activity{
		ID:          r.Line("activityId"),
		CreatedAt:   r.Moment("createdAt"),
		Type:        Type(r.Line("type")),
		ClaimID:     r.Line("claimId"),
		ClaimNumber: r.Line("claimNumber"),
		ExternalID:  r.Line("externalId"),
		Raw:         raw,
	}
	if a.ID == "" {
		a.ID = r.Line("hash")
	}
	if a.ID == "" {
		return Activity{}, fmt.Errorf("%w: it has no activityId", ErrNotActivity)
	}
	a.Key = KeyOf(a.ID)
	a.Data = decodeData(a.Type, r.Fields.Get("data"))
	return a, nil
}

func decodeData(t Type, v wire.Value) Data {
	k := kindOf(t)
	if k == nil {
		return readUnknown(v)
	}
	var buffer [28]wire.Field
	r := wire.Read(v, buffer[:0])
	d := k.decode(&r)
	if _, says := d.(Bare); r.Odd() && !says { // of a type that says it all, the data does not matter
		return readUnknown(v)
	}
	return d
}

// Unknown is the data of a type that is not documented, or not of the documented shape.
type Unknown struct {
	Fields []Pair
}

// Pair is one field that has no place of its own.
type Pair struct {
	Name, Text string // Text of an object or array is its JSON
}

// maxFieldText bounds the text of a field nobody expected; the whole of it stays in Raw.
const maxFieldText = 400

func readUnknown(v wire.Value) Data {
	if v.Kind() != wire.Object {
		if v.Kind() == wire.Absent || v.Kind() == wire.Null {
			return Unknown{}
		}
		return Unknown{Fields: []Pair{pair("data", v)}}
	}
	fields := v.AppendFields(nil)
	u := Unknown{Fields: make([]Pair, len(fields))}
	for i, f := range fields {
		u.Fields[i] = pair(f.Name, f.Value)
	}
	return u
}

func pair(name string, v wire.Value) Pair {
	value := v.Text()
	if v.Kind() == wire.Null {
		value = ""
	}
	return Pair{Name: clip(text.Line(name), maxName), Text: clip(text.Line(value), maxFieldText)}
}

// DocumentID returns what identifies a document: the last path segment of its URL, whatever the host. The service
// names one document under several hosts (remote document: order-status-changed).
func DocumentID(url string) string {
	s := text.Line(url)
	for i := range len(s) {
		if s[i] == '?' || s[i] == '#' {
			s = s[:i]
			break
		}
	}
	for s != "" && s[len(s)-1] == '/' {
		s = s[:len(s)-1]
	}
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '/' {
			return s[i+1:]
		}
	}
	return s
}

// Document is a document by its URL.
type Document struct {
	URL string // as sent; the host is not to be trusted
	ID  string // DocumentID of the URL; empty: none
}

// ReadDocument reads the documentUrl of an object.
func ReadDocument(r *wire.Reader) Document {
	url := r.Line("documentUrl")
	return Document{URL: url, ID: DocumentID(url)}
}
