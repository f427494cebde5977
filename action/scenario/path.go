package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// part is one step of a path: a key, an index, or any element.
type part struct {
	key   string
	index int
	isKey bool
	any   bool
}

// parsePath reads a path into JSON: keys with dots between them, [0] for an element and [*] for any of them, such as
// data.orders[*].status.
func parsePath(path string) ([]part, error) {
	bad := fmt.Errorf("%q is not a path: write keys with dots between them, and [0] or [*] for elements, such as data.orders[*].status", path)
	var parts []part
	for piece := range strings.SplitSeq(path, ".") {
		key, rest, indexed := strings.Cut(piece, "[")
		if key == "" {
			return nil, bad
		}
		parts = append(parts, part{key: key, isKey: true})
		for indexed {
			var inside string
			var closed bool
			if inside, rest, closed = strings.Cut(rest, "]"); !closed {
				return nil, bad
			}
			n, err := strconv.Atoi(inside)
			switch {
			case inside == "*":
				parts = append(parts, part{any: true})
			case err != nil || n < 0:
				return nil, bad
			default:
				parts = append(parts, part{index: n})
			}
			if rest == "" {
				break
			}
			if rest[0] != '[' {
				return nil, bad
			}
			rest = rest[1:]
		}
	}
	return parts, nil
}

// document is JSON to look into; numbers stay as they were written.
type document struct{ root any }

func readDocument(raw json.RawMessage) (document, error) {
	if len(raw) == 0 {
		return document{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var root any
	if err := d.Decode(&root); err != nil {
		return document{}, fmt.Errorf("it is not JSON: %w", err)
	}
	return document{root}, nil
}

// at returns every value at a path; null counts as nothing.
func (d document) at(path string) []any {
	parts, err := parsePath(path)
	if err != nil {
		return nil
	}
	values := []any{d.root}
	for _, p := range parts {
		var next []any
		for _, v := range values {
			next = append(next, p.of(v)...)
		}
		values = next
	}
	return values
}

func (p part) of(v any) []any {
	var found any
	switch v := v.(type) {
	case map[string]any:
		if p.isKey {
			found = v[p.key]
		}
	case []any:
		if p.any {
			return v
		}
		if !p.isKey && p.index < len(v) {
			found = v[p.index]
		}
	}
	if found == nil {
		return nil
	}
	return []any{found}
}

// lacks says why the document is not what a step wants; empty: it is.
func (d document) lacks(st Step) string {
	for _, m := range st.Where {
		values := d.at(m.Path)
		if len(values) == 0 {
			return fmt.Sprintf("%s is not there, it should be %s", m.Path, say(m.Want))
		}
		same := false
		for _, v := range values {
			same = same || equal(v, m.Want)
		}
		if !same {
			return fmt.Sprintf("%s is %s, it should be %s", m.Path, sayAll(values), say(m.Want))
		}
	}
	for _, path := range st.Has {
		if len(d.at(path)) == 0 {
			return path + " is not there"
		}
	}
	return ""
}

// equal compares a value of the service with one of a scenario. Numbers are equal by value, also when quoted.
func equal(got, want any) bool {
	if w, ok := want.(bool); ok {
		g, ok := got.(bool)
		return ok && g == w
	}
	g, w := plainText(got), plainText(want)
	if g == w {
		return true
	}
	if _, text := want.(string); text {
		return false
	}
	gn, gErr := decimal.NewFromString(g)
	wn, wErr := decimal.NewFromString(w)
	return gErr == nil && wErr == nil && gn.Equal(wn)
}

// plainText is a value as text; of a list or an object its JSON.
func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return decimal.NewFromFloat(v).String()
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

func say(v any) string {
	if s, ok := v.(string); ok {
		return strconv.Quote(s)
	}
	return plainText(v)
}

func sayAll(values []any) string {
	const most = 3
	var words []string
	for i, v := range values {
		if i == most {
			words = append(words, "…")
			break
		}
		words = append(words, say(v))
	}
	return strings.Join(words, ", ")
}
