package lossexpress

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"claimdeck/state/text"
)

// object is a JSON object that is taken apart key by key. What nobody could take is what remains.
type object map[string]json.RawMessage

func parseObject(raw []byte) (object, error) {
	var o object
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	if o == nil {
		return nil, errors.New("it is null")
	}
	return o, nil
}

// take removes key and returns its value, if read understands it. A value of another shape stays in o, so that it
// survives in Extra; null counts as absent.
func take[T any](o object, key string, read func(json.RawMessage) (T, bool)) T {
	var zero T
	raw, ok := o[key]
	if !ok {
		return zero
	}
	if isNull(raw) {
		delete(o, key)
		return zero
	}
	value, ok := read(raw)
	if !ok {
		return zero
	}
	delete(o, key)
	return value
}

// extra is what remains of o; nil when nothing does.
func (o object) extra() map[string]json.RawMessage {
	if len(o) == 0 {
		return nil
	}
	return o
}

func isNull(raw json.RawMessage) bool { return string(bytes.TrimSpace(raw)) == "null" }

// asString reads a string, made safe to print, or the text of a number.
func asString(raw json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return text.Line(s), true
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String(), true
	}
	return "", false
}

func asNumber(raw json.RawMessage) (*Number, bool) {
	var n Number
	if n.UnmarshalJSON(raw) != nil {
		return nil, false
	}
	return &n, true
}

// asBool reads true, false, or the words in quotes.
func asBool(raw json.RawMessage) (*bool, bool) {
	b, err := strconv.ParseBool(strings.ToLower(strings.Trim(string(raw), `"`)))
	if err != nil || len(raw) < len("true") {
		return nil, false
	}
	return &b, true
}

// asInt reads a whole number, quoted or not.
func asInt(raw json.RawMessage) (int, bool) {
	n, ok := asNumber(raw)
	if !ok || !n.IsInteger() || n.Abs().Cmp(maxInt) > 0 {
		return 0, false
	}
	return int(n.IntPart()), true
}

// asTime reads a timestamp as JSON writes it, with or without a fraction; the result is UTC.
func asTime(raw json.RawMessage) (time.Time, bool) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(s))
	if err != nil {
		return time.Time{}, false
	}
	return t.UTC(), true
}

// asPart reads a nested object.
func asPart[T any](raw json.RawMessage) (*T, bool) {
	part := new(T)
	if !isObject(raw) || json.Unmarshal(raw, part) != nil {
		return nil, false
	}
	return part, true
}

// asParts reads a list of objects, leaving out nulls.
func asParts[T any](raw json.RawMessage) ([]T, bool) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil, false
	}
	parts := make([]T, 0, len(list))
	for _, item := range list {
		if isNull(item) {
			continue
		}
		part, ok := asPart[T](item)
		if !ok {
			return nil, false
		}
		parts = append(parts, *part)
	}
	return parts, true
}

func isObject(raw json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) }

// asStrings reads a list of strings.
func asStrings(raw json.RawMessage) ([]string, bool) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil, false
	}
	out := make([]string, 0, len(list))
	for _, item := range list {
		if s, ok := asString(item); ok && s != "" {
			out = append(out, s)
		}
	}
	return out, true
}

// put is the way back: it adds a value that is not zero.
func put[T comparable](m map[string]any, key string, value T) {
	var zero T
	if value != zero {
		m[key] = value
	}
}

// putTime adds a timestamp as the service writes it.
func putTime(m map[string]any, key string, t time.Time) {
	if !t.IsZero() {
		m[key] = stamp(t)
	}
}

// encode returns known fields together with those that were not understood; a known field wins.
func encode(known map[string]any, extra map[string]json.RawMessage) ([]byte, error) {
	for key, raw := range extra {
		if _, ok := known[key]; !ok {
			known[key] = raw
		}
	}
	return json.Marshal(known)
}

// stamp is a timestamp in the service's form: UTC, milliseconds, Z.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// answer is the body of a successful write. Whatever JSON it is, the status said that the write was accepted; only an
// explicit success: false takes that back.
type answer struct{ object }

// UnmarshalJSON implements json.Unmarshaler.
func (a *answer) UnmarshalJSON(raw []byte) error {
	a.object = object{}
	if !isObject(raw) {
		return nil
	}
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	a.object = o
	if ok := take(o, "success", asBool); ok != nil && !*ok {
		return notDone(o)
	}
	return nil
}

func notDone(o object) error {
	if said := take(o, "message", asString); said != "" {
		return fmt.Errorf("the service says that it was not done: %s", said)
	}
	return errors.New("the service says that it was not done")
}
