package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"claimdeck/state/text"
)

const hidden = "(hidden)"

// What tokens look like, wherever they turn up: a service may echo what it was sent.
var (
	bearer   = regexp.MustCompile(`(?i)\bbearer\s+[A-Za-z0-9._~+/=-]{6,}`)
	jwt      = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`)
	keyValue = regexp.MustCompile(`(?i)\b(access_?token|api_?key|client_?secret|secret|token|password)(["']?\s*[=:]\s*["']?)[^\s"'&,;]{6,}`)
)

// hide takes known secrets out of s, also as they stand in an address.
func hide(s string, secrets []string) string {
	var spellings []string
	for _, secret := range secrets {
		if len(secret) >= 4 { // a shorter one would take letters out of words
			spellings = append(spellings, secret, url.QueryEscape(secret), url.PathEscape(secret))
		}
	}
	// The longest first: one that holds another must not leave its rest behind.
	slices.SortFunc(spellings, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, spelling := range spellings {
		s = strings.ReplaceAll(s, spelling, hidden)
	}
	return s
}

// hideInJSON returns raw as it is, or written anew when one of its strings has something to hide: an encoder may have
// escaped any letter of it.
func hideInJSON(raw json.RawMessage, hide func(string) string) json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil // what cannot be looked through is not kept
	}
	changed := false
	v = walk(v, func(s string) string {
		clean := hide(s)
		changed = changed || clean != s
		return clean
	})
	if !changed {
		return raw
	}
	clean, err := json.Marshal(v)
	if err != nil {
		return nil // what was decoded has a JSON form
	}
	return clean
}

// walk applies change to every string of a decoded JSON value, names of fields included.
func walk(v any, change func(string) string) any {
	switch v := v.(type) {
	case string:
		return change(v)
	case json.Number:
		if s := change(v.String()); s != v.String() {
			return s
		}
	case []any:
		for i := range v {
			v[i] = walk(v[i], change)
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[change(key)] = walk(value, change)
		}
		return out
	}
	return v
}

// redact hides secrets that are known, and what looks like one.
func redact(s string, secrets ...string) string {
	s = hide(s, secrets)
	s = bearer.ReplaceAllString(s, "Bearer "+hidden)
	s = jwt.ReplaceAllString(s, hidden)
	return keyValue.ReplaceAllString(s, "${1}${2}"+hidden)
}

// Words makes what a service says fit to show: one line, safe to print, of most bytes at the most, without the secrets that
// are known and what looks like one.
func Words(s string, most int, secrets ...string) string {
	return clip(redact(text.Line(hide(s, secrets)), secrets...), most)
}

// maxWords bounds one message of a service.
const maxWords = 500

// clip shortens s to n bytes, at a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimRight(s[:n], " ") + "..."
}
