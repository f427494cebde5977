package query

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"claimdeck/state/activity"
)

// Parse reads a query. Relative times count from now, days are those of its zone. The error names the part that is
// not understood and what would be; a part that is still being typed is no error.
//
// A later claim:, lender:, since: or until: replaces an earlier one; several type: add up.
func Parse(input string, now time.Time) (Filter, error) {
	var f Filter
	for _, t := range tokens(strings.ToValidUTF8(input, "\uFFFD")) {
		if err := f.take(t, now); err != nil {
			return Filter{}, err
		}
	}
	return f, nil
}

func (f *Filter) take(t token, now time.Time) error {
	value := normal(t.value)
	if value == "" {
		return nil // not typed yet
	}
	var err error
	switch t.key {
	case keyType:
		return f.takeTypes(value)
	case keyClaim:
		f.Claim = value
	case keyLender:
		f.Lender = value
	case keySince:
		err = setTime(&f.Since, value, now, false)
	case keyUntil:
		err = setTime(&f.Until, value, now, true)
	default:
		f.addWord(value)
	}
	return err
}

// normal is the form in which a value is kept and compared.
func normal(s string) string { return strings.TrimSpace(strings.ToLower(s)) }

// addWord adds a word once.
func (f *Filter) addWord(w string) {
	if w = normal(w); w != "" && !slices.Contains(f.Words, w) {
		f.Words = append(f.Words, w)
	}
}

// takeTypes adds the types that any of the comma-separated parts names.
func (f *Filter) takeTypes(value string) error {
	for part := range strings.SplitSeq(value, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		types := typesLike(part)
		if len(types) == 0 {
			return fmt.Errorf("type:%s is not a type of activity%s", quote(part), suggestion(part))
		}
		for _, t := range types {
			if !slices.Contains(f.Types, t) {
				f.Types = append(f.Types, t)
			}
		}
	}
	return nil
}

// Format writes f so that Parse, in the same zone, reads the same filter. Types that are not documented cannot be
// written in the language.
func Format(f Filter) string {
	var parts []string
	for _, w := range f.Words {
		parts = append(parts, quote(w))
	}
	if len(f.Types) > 0 {
		names := make([]string, len(f.Types))
		for i, t := range f.Types {
			names[i] = string(t)
		}
		parts = append(parts, keyType+":"+strings.Join(names, ","))
	}
	if f.Claim != "" {
		parts = append(parts, keyClaim+":"+quote(f.Claim))
	}
	if f.Lender != "" {
		parts = append(parts, keyLender+":"+quote(f.Lender))
	}
	if !f.Since.IsZero() {
		parts = append(parts, keySince+":"+formatTime(f.Since, false))
	}
	if !f.Until.IsZero() {
		parts = append(parts, keyUntil+":"+formatTime(f.Until, true))
	}
	return strings.Join(parts, " ")
}

// typesLike returns the documented types that part names: one whose name or label it is, or else all whose name or
// label it is a part of.
func typesLike(part string) []activity.Type {
	hyphened := strings.Join(strings.Fields(part), "-")
	var types []activity.Type
	for _, t := range activity.Types() {
		label := strings.ToLower(activity.Label(t))
		if string(t) == hyphened || label == part {
			return []activity.Type{t}
		}
		if strings.Contains(string(t), hyphened) || strings.Contains(label, part) {
			types = append(types, t)
		}
	}
	return types
}
