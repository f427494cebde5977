package claimcenter

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"claimdeck/sandbox/fault"
)

// hostile returns the nth variant of hostile text.
func hostile(n int) string {
	variants := [...]string{
		"\x1b[2J\x1b[31m\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x1b\\",
		"\u009b31m\u009d0;owned\u009c\u0085",
		"\u202eevil\u202c\u2066left\u2069\u200f",
		"ze\u200bro\u200c\u200dwi\ufeffdth\u00ad",
		"\r\nforged line\n\ttabbed\x00\x08\x7f\u2028next",
		strings.Repeat(" endless", 300),
	}
	return variants[n%len(variants)]
}

// distort spoils the values of an answer as the switches ask.
func distort(p reply, b Behaviour) reply {
	if len(p.Body) == 0 || !b.HostileStrings && !b.UnknownCodes && !b.UnknownKeys && !b.NullValues && !b.TrailingCommas {
		return p
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(p.Body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return p
	}
	walk := distortion{b: b}
	p.Body = fault.Encode(walk.value("", v))
	if b.TrailingCommas {
		p.Body = withTrailingCommas(p.Body)
	}
	return p
}

// distortion walks a JSON value.
type distortion struct {
	b Behaviour
	n int // counts the spoiled strings, to vary what they get
}

func (d *distortion) value(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			v[k] = d.member(k, v[k])
		}
		if d.b.UnknownCodes && typelist(key) {
			v["code"], v["name"] = "ext_"+key, "Extended "+key
		}
		if d.b.UnknownKeys {
			v["x_unknown"] = map[string]any{"nested": []any{1, "two", nil, map[string]any{"id": "none"}}}
		}
		return v
	case []any:
		for i := range v {
			v[i] = d.value(key, v[i])
		}
		return v
	case string:
		if !d.b.HostileStrings || !free(key) {
			return v
		}
		d.n++
		return v + hostile(d.n)
	default:
		return v
	}
}

func (d *distortion) member(key string, v any) any {
	if d.b.NullValues && nullable(key) {
		return nil
	}
	return d.value(key, v)
}

// free names the strings that people or administrators write.
func free(key string) bool {
	return key == "displayName" || key == "comments" || key == "name" || key == "userMessage" || key == "message"
}

// typelist names the entries of typelists that a customer may extend.
func typelist(key string) bool {
	switch key {
	case "status", "costType", "costCategory", "lineCategory", "coverage", "approvalStatus", "state":
		return true
	}
	return false
}

// nullable names the values that may be missing.
func nullable(key string) bool {
	switch key {
	case "coverage", "comments", "lineCategory", "requestingUser", "approvalDate", "exposure", "claimAmount",
		"reportingAmount", "transactionAmount", "insured", "state", "checksum":
		return true
	}
	return false
}

// withTrailingCommas puts a comma before every closing brace and bracket that follows a member.
func withTrailingCommas(raw []byte) []byte {
	var out []byte
	quoted, escaped := false, false
	for _, c := range raw {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '}' || c == ']') && len(out) > 0 && !bytes.ContainsAny(out[len(out)-1:], "{["):
			out = append(out, ',')
		}
		out = append(out, c)
	}
	return out
}

func upper(s string) string { return strings.ToUpper(s) }
