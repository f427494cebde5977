package claimcenter

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"claimdeck/state/text"
)

// The readers of this file never fail: what they do not understand stays zero, and one strange part costs no other.

// word reads a string, made safe to print, or the digits of a number.
type word string

// UnmarshalJSON implements json.Unmarshaler.
func (w *word) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*w = word(text.Line(s))
		return nil
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		*w = word(n.String())
	}
	return nil
}

// prose is word for text of several lines.
type prose string

// UnmarshalJSON implements json.Unmarshaler.
func (p *prose) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*p = prose(text.Block(s))
	}
	return nil
}

// instant reads a timestamp, with or without a fraction, or a date alone.
type instant struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (i *instant) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			i.Time = t.UTC()
			return nil
		}
	}
	return nil
}

// list reads a list. A null in it is left out; an element of another shape stays as a zero value, so that an amount
// that cannot be read is seen to be missing.
type list[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *list[T]) UnmarshalJSON(raw []byte) error {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil
	}
	for _, item := range items {
		if isNull(item) {
			continue
		}
		var value T
		_ = json.Unmarshal(item, &value)
		*l = append(*l, value)
	}
	return nil
}

func isNull(raw json.RawMessage) bool { return string(bytes.TrimSpace(raw)) == "null" }

// fill decodes an object into wire, whose fields are all tolerant; anything but an object leaves it as it is.
func fill(raw []byte, wire any) {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		_ = json.Unmarshal(raw, wire) // the fields take what they understand
	}
}

// Code is an entry of one of the service's typelists. Customers extend those, so the code may be any: show the name.
type Code struct {
	Code string // such as "claimcost"
	Name string // such as "Claim Cost"
}

// String returns the name, or the code where there is none.
func (c Code) String() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Code
}

// UnmarshalJSON reads {code, name}, or a string as the code. It never fails.
func (c *Code) UnmarshalJSON(raw []byte) error {
	var wire struct{ Code, Name word }
	fill(raw, &wire)
	if wire.Code == "" && wire.Name == "" {
		_ = wire.Code.UnmarshalJSON(raw)
	}
	*c = Code{string(wire.Code), string(wire.Name)}
	return nil
}

// Ref names another object of the service.
type Ref struct {
	ID          string // such as "cc:22"
	DisplayName string
	Type        string // such as "Reserve"; often absent
}

// UnmarshalJSON reads {id, displayName, type}. It never fails.
func (r *Ref) UnmarshalJSON(raw []byte) error {
	var wire struct{ ID, DisplayName, Type word }
	fill(raw, &wire)
	*r = Ref{string(wire.ID), string(wire.DisplayName), string(wire.Type)}
	return nil
}
