package lossexpress

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// shape is what a body value has to be.
type shape int

const (
	isText shape = iota
	isNumber
	isInteger
	isBoolean
	isDate
	isURL
	isAddress
	isTextOrAddress
	isTexts
	isTextOrTexts
)

// rule is what validation demands of one body key.
type rule struct {
	name     string
	shape    shape
	required bool
	oneOf    []string // of a text, or of each of texts
	length   int      // of a text; 0: any
}

// wrong is one validation error, in the terms of the service's validation library.
type wrong struct {
	path            []string
	message         string
	typ, constraint string
}

func (r rule) fault(message, typ, constraint string) *wrong {
	return &wrong{path: []string{r.name}, message: r.name + " " + message, typ: typ, constraint: constraint}
}

// validate checks the keys in the order of the rules, then looks for keys that nothing asked for. It returns the
// first error only, unless a switch asks for all.
func validate(fields map[string]json.RawMessage, rules []rule, b Behaviour) []wrong {
	var found []wrong
	known := map[string]bool{}
	for _, r := range rules {
		known[r.name] = true
		raw, given := fields[r.name]
		var w *wrong
		switch {
		case given:
			w = r.check(raw)
		case r.required:
			w = r.fault("is required", "any", "required")
		}
		if w != nil {
			found = append(found, *w)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !known[name] && !b.AllowUnknownKeys {
			found = append(found, *rule{name: name}.fault("is not allowed", "object", "allowUnknown"))
		}
	}
	if len(found) > 1 && !b.AllValidationErrors {
		found = found[:1]
	}
	return found
}

// check returns what is wrong with a value, or nil.
func (r rule) check(raw json.RawMessage) *wrong {
	kind := kindOf(raw)
	switch {
	case r.shape == isNumber, r.shape == isInteger:
		return r.checkNumber(raw)
	case r.shape == isBoolean, r.shape == isDate, r.shape == isURL:
		return r.checkForm(raw)
	case r.shape == isAddress, r.shape == isTextOrAddress && kind == '{':
		return r.checkAddress(raw)
	case r.shape == isTexts, r.shape == isTextOrTexts && kind == '[':
		return r.checkTexts(raw)
	default:
		return r.checkText(raw)
	}
}

// checkForm checks the shapes that are a matter of form alone.
func (r rule) checkForm(raw json.RawMessage) *wrong {
	switch r.shape {
	case isBoolean:
		if s := string(raw); s != "true" && s != "false" {
			return r.fault("must be a boolean", "boolean", "base")
		}
	case isDate:
		if _, err := parseTime(rawText(raw)); err != nil {
			return r.fault("must be a valid ISO 8601 date", "date", "isoDate")
		}
	default:
		if u, err := url.Parse(rawText(raw)); err != nil || u.Scheme == "" || u.Host == "" {
			return r.fault("must be a valid uri", "string", "uri")
		}
	}
	return nil
}

func (r rule) checkText(raw json.RawMessage) *wrong {
	if kindOf(raw) != '"' {
		return r.fault("must be a string", "string", "base")
	}
	text := rawText(raw)
	switch {
	case text == "":
		return r.fault("is not allowed to be empty", "any", "empty")
	case len(r.oneOf) > 0 && !slices.Contains(r.oneOf, plain(text)):
		return r.fault("must be one of ["+strings.Join(r.oneOf, ", ")+"]", "any", "allowOnly")
	case r.length > 0 && len(plain(text)) != r.length:
		return r.fault(fmt.Sprintf("length must be %d characters long", r.length), "string", "length")
	}
	return nil
}

func (r rule) checkNumber(raw json.RawMessage) *wrong {
	n, err := decimal.NewFromString(string(raw))
	switch {
	case err != nil:
		return r.fault("must be a number", "number", "base")
	case r.shape == isInteger && !n.IsInteger():
		return r.fault("must be an integer", "number", "integer")
	}
	return nil
}

func (r rule) checkAddress(raw json.RawMessage) *wrong {
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil || parts == nil {
		return r.fault("must be an object", "object", "base")
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		child := rule{name: name}
		w := child.check(parts[name])
		if !slices.Contains(addressKeys(), name) {
			w = child.fault("is not allowed", "object", "allowUnknown")
		}
		if w != nil {
			w.path = []string{r.name, name}
			return w
		}
	}
	return nil
}

func addressKeys() []string {
	return []string{"streetAddress", "streetAddress2", "city", "state", "zipCode"}
}

func (r rule) checkTexts(raw json.RawMessage) *wrong {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil || items == nil {
		return r.fault("must be an array", "array", "base")
	}
	if len(items) == 0 {
		return r.fault("must contain at least 1 items", "array", "min")
	}
	for i, item := range items {
		// The library numbers the item in the message and in the path.
		if w := (rule{name: strconv.Itoa(i), oneOf: r.oneOf}).checkText(item); w != nil {
			w.path = []string{r.name, strconv.Itoa(i)}
			return w
		}
	}
	return nil
}

// invalid is the 400 envelope with its list of errors.
func invalid(b Behaviour, faults ...wrong) *reply {
	messages := make([]string, 0, len(faults))
	errors := make([]object, 0, len(faults))
	for _, w := range faults {
		messages = append(messages, w.message)
		e := object{"message": w.message, "type": w.typ, "constraint": w.constraint}
		if b.FlatValidationPaths {
			e["key"] = strings.Join(w.path, ".")
			e["path"] = strings.Join(w.path, ".")
		} else {
			path := append([]string{}, w.path...)
			e["key"], e["path"], e["label"] = path, path, "value"
			if len(path) > 0 {
				e["label"] = path[len(path)-1]
			}
		}
		errors = append(errors, e)
	}
	body := errorBody(http.StatusBadRequest, strings.Join(messages, ", "))
	body["validation"] = object{"errors": errors}
	p := withBody(http.StatusBadRequest, body)
	return &p
}

// kindOf is the first byte of a JSON value: what kind of value it is.
func kindOf(raw json.RawMessage) byte {
	if len(raw) == 0 {
		return 0
	}
	return raw[0]
}

// rawText decodes a JSON string; anything else is "".
func rawText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// parseTime reads a timestamp or a date as the service does.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t, err = time.Parse(time.DateOnly, s)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("not an ISO 8601 date: %q", s)
	}
	return t.UTC(), nil
}

// stamp writes a timestamp as the service does: UTC, milliseconds, Z.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
