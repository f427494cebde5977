package wire

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/money"
	"claimdeck/state/text"
)

// Reader reads the members of one object as what they should be. Absent and null members are zero values; numbers
// may be sent as text and texts as numbers. A member of a kind that cannot be understood is a zero value too, and
// is remembered.
type Reader struct {
	Fields Fields
	odd    bool
}

// Read returns a reader of v. A v that is neither an object nor null nor absent is odd from the start.
func Read(v Value, buffer Fields) Reader {
	kind := v.Kind()
	return Reader{Fields: v.AppendFields(buffer), odd: kind != Object && kind != Null && kind != Absent}
}

// Odd reports whether something that was read so far had a shape that cannot be understood.
func (r *Reader) Odd() bool { return r.odd }

// Has reports whether the object has the member at all, be it null.
func (r *Reader) Has(name string) bool { return r.Fields.Get(name).Kind() != Absent }

// Line returns a text as one line that is safe to show.
func (r *Reader) Line(name string) string { return text.Line(r.scalar(name)) }

// Block returns a text of several lines that is safe to show.
func (r *Reader) Block(name string) string { return text.Block(r.scalar(name)) }

// scalar returns the text of a string or a number.
func (r *Reader) scalar(name string) string {
	v := r.Fields.Get(name)
	switch v.Kind() {
	case String, Number:
		return v.Text()
	case Absent, Null:
	case Bool, Array, Object:
		r.odd = true
	}
	return ""
}

// Flag returns a truth value; nil when it is not stated.
func (r *Reader) Flag(name string) *bool {
	v := r.Fields.Get(name)
	switch v.Kind() {
	case Absent, Null:
		return nil
	case Bool, String:
		switch strings.ToLower(v.Text()) {
		case "true":
			return new(true)
		case "false":
			return new(false)
		case "":
			return nil
		}
	case Number, Array, Object:
	}
	r.odd = true
	return nil
}

// Amount returns an exact number; nil when it is not stated. Text may carry a dollar sign and commas.
func (r *Reader) Amount(name string) *decimal.Decimal {
	s := strings.TrimSpace(r.scalar(name))
	if s == "" {
		return nil
	}
	if d, ok := money.Number(s); ok {
		return &d
	}
	d, err := money.Parse(s)
	if err != nil {
		r.odd = true
		return nil
	}
	return &d
}

// Count returns a whole number from 0 to a million; 0 when it is not stated.
func (r *Reader) Count(name string) int {
	d := r.Amount(name)
	if d == nil {
		return 0
	}
	if d.IsNegative() || !d.IsInteger() || d.GreaterThan(decimal.New(1, 6)) {
		r.odd = true
		return 0
	}
	return int(d.IntPart())
}

// Day returns a calendar day as YYYY-MM-DD; empty when it is not stated. Of a timestamp it is the day that is
// written, before any conversion of zones: 2021-01-18T00:00:00Z is the 18th everywhere.
func (r *Reader) Day(name string) string {
	s := strings.TrimSpace(r.scalar(name))
	if s == "" {
		return ""
	}
	if len(s) == 10 || (len(s) > 10 && strings.IndexByte("Tt ", s[10]) >= 0) {
		if t, err := time.Parse(time.DateOnly, s[:10]); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	if t, err := time.Parse("1/2/2006", s); err == nil {
		return t.Format(time.DateOnly)
	}
	r.odd = true
	return ""
}

// Moment returns an instant in UTC, to the millisecond; zero when it is not stated.
func (r *Reader) Moment(name string) time.Time {
	s := strings.TrimSpace(r.scalar(name))
	if s == "" {
		return time.Time{}
	}
	t, ok := moment(s)
	if !ok {
		r.odd = true
	}
	return t
}

// Object returns a reader of a member that is an object. Its oddities count for r once they are passed to Also.
func (r *Reader) Object(name string, buffer Fields) Reader {
	return Read(r.Fields.Get(name), buffer)
}

// Also takes over the oddities of a part.
func (r *Reader) Also(part *Reader) { r.odd = r.odd || part.odd }

// Items returns the elements of a member that is an array.
func (r *Reader) Items(name string) []Value {
	v := r.Fields.Get(name)
	switch v.Kind() {
	case Array:
		return v.AppendItems(nil)
	case Absent, Null:
	case Bool, Number, String, Object:
		r.odd = true
	}
	return nil
}

// moment reads RFC 3339; the same without a zone, or with a space, counts as GMT (remote document: Activities); a
// number is Unix seconds, or milliseconds when it is too large for seconds.
func moment(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return plausible(t)
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t)
		}
	}
	d, ok := money.Number(s)
	if !ok || d.IsNegative() || d.GreaterThan(decimal.New(1, 14)) {
		return time.Time{}, false
	}
	if n := d.IntPart(); n < 1e11 {
		return plausible(time.Unix(n, 0))
	}
	return plausible(time.UnixMilli(d.IntPart()))
}

// plausible refuses years that no store and no screen can hold.
func plausible(t time.Time) (time.Time, bool) {
	t = t.UTC().Truncate(time.Millisecond)
	if t.Year() < 1900 || t.Year() > 9999 {
		return time.Time{}, false
	}
	return t, true
}
