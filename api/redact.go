package api

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

const hidden = "(hidden)"

// What tokens look like, wherever they turn up: a service may echo what it was sent.
var (
	bearer   = regexp.MustCompile(`(?i)\bbearer\s+[A-Za-z0-9._~+/=-]{6,}`)
	jwt      = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`)
	keyValue = regexp.MustCompile(`(?i)\b(access_?token|api_?key|client_?secret|secret|token|password)(["']?\s*[=:]\s*["']?)[^\s"'&,;]{6,}`)
)

// hide takes known secrets out of s.
func hide(s string, secrets []string) string {
	for _, secret := range secrets {
		if len(secret) >= 4 {
			s = strings.ReplaceAll(s, secret, hidden)
		}
	}
	return s
}

// redact hides secrets that are known, and what looks like one.
func redact(s string, secrets ...string) string {
	s = hide(s, secrets)
	s = bearer.ReplaceAllString(s, "Bearer "+hidden)
	s = jwt.ReplaceAllString(s, hidden)
	return keyValue.ReplaceAllString(s, "${1}${2}"+hidden)
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
