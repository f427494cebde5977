package query

import (
	"strings"
	"unicode"
)

// The keys of the language.
const (
	keyType   = "type"
	keyClaim  = "claim"
	keyLender = "lender"
	keySince  = "since"
	keyUntil  = "until"
)

// keys are all of them, in the order in which they are offered.
var keys = [...]string{keyType, keyClaim, keyLender, keySince, keyUntil}

// token is one part of a query: a word, or a key with its value.
type token struct {
	key   string // empty: a word
	value string // without quotes
	start int    // where the part begins in the input
}

// tokens splits input at white space outside quotes. A backslash in quotes takes the next character as it is. A
// quote that is not closed yet ends with the input.
func tokens(input string) []token {
	var list []token
	runes := []rune(input)
	for i := 0; i < len(runes); {
		if unicode.IsSpace(runes[i]) {
			i++
			continue
		}
		t := token{start: len(string(runes[:i]))}
		t, i = scan(t, runes, i)
		list = append(list, t)
	}
	return list
}

// scan reads the token that starts at i and returns the index after it.
func scan(t token, runes []rune, i int) (token, int) {
	var b strings.Builder
	quoted := false
	for ; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '"':
			quoted = !quoted
		case r == '\\' && quoted && i+1 < len(runes):
			i++
			b.WriteRune(runes[i])
		case !quoted && unicode.IsSpace(r):
			t.value = b.String()
			return t, i
		case r == ':' && !quoted && t.key == "" && isKey(b.String()):
			t.key = strings.ToLower(b.String())
			b.Reset()
		default:
			b.WriteRune(r)
		}
	}
	t.value = b.String()
	return t, i
}

func isKey(s string) bool {
	for _, k := range keys {
		if strings.EqualFold(k, s) {
			return true
		}
	}
	return false
}

// quote writes a value so that tokens reads it back as one value and never as a key.
func quote(s string) string {
	plain := s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == '"' || r == ':'
	})
	if plain {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
