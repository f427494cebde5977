package keymap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"claimdeck/state/config/nearest"
)

// modifiers are the prefixes of a key in the order in which the console reports them.
func modifiers() []string { return []string{"ctrl", "alt", "shift", "meta", "hyper", "super"} }

// namedKeys are the keys that print nothing, by the names the console reports; f1 to f63 come on top.
func namedKeys() []string {
	return []string{
		"enter", "tab", "backspace", "esc", "space", "up", "down", "left", "right", "insert", "delete", "pgup",
		"pgdown", "home", "end", "begin", "find", "select", "menu", "printscreen", "pause",
	}
}

// alias returns the console's name of a key that people also call by another one.
func alias(name string) string {
	switch name {
	case "escape":
		return "esc"
	case "return":
		return "enter"
	case "pageup", "pgup":
		return "pgup"
	case "pagedown", "pgdn":
		return "pgdown"
	case "del":
		return "delete"
	case "ins":
		return "insert"
	case "spacebar", " ":
		return "space"
	default:
		return name
	}
}

// parseKey returns the one name under which a key is kept: "shift+g" is "G", "Escape" is "esc", modifiers stand
// in the console's order. The error says what is wrong with a key that cannot be bound.
func parseKey(s string) (string, error) {
	if s == "" {
		return "", errors.New("a key is empty")
	}
	mods, base := split(s)
	if utf8.RuneCountInString(base) == 1 && base != " " {
		return printableKey(s, mods, base)
	}
	name := alias(strings.ToLower(base))
	if !slices.Contains(namedKeys(), name) && !isFunctionKey(name) {
		return "", fmt.Errorf("unknown key %q%s", s, nearest.Hint(base, namedKeys()))
	}
	return join(mods, name), nil
}

func printableKey(s string, mods []string, base string) (string, error) {
	r, _ := utf8.DecodeRuneInString(base)
	if r == utf8.RuneError || !unicode.IsPrint(r) {
		return "", fmt.Errorf("unknown key %q", s)
	}
	if len(mods) == 0 {
		return base, nil
	}
	if len(mods) == 1 && mods[0] == "shift" && unicode.IsLetter(r) {
		return string(unicode.ToUpper(r)), nil
	}
	if unicode.IsUpper(r) {
		return "", fmt.Errorf("key %q is ambiguous: write %q, with shift+ before the letter if it is meant", s,
			join(mods, strings.ToLower(base)))
	}
	if len(mods) == 1 && mods[0] == "ctrl" {
		if twin := controlTwin(base); twin != "" {
			return "", fmt.Errorf("key %q cannot be bound: terminals send %s for it", s, twin)
		}
	}
	return join(mods, base), nil
}

// controlTwin returns the key that a terminal sends the same byte for as for ctrl and this one.
func controlTwin(base string) string {
	switch base {
	case "m":
		return "enter"
	case "i":
		return "tab"
	case "h":
		return "backspace"
	case "[":
		return "esc"
	default:
		return ""
	}
}

// split takes the modifiers off a key, in the console's order and each once. What is left may be "+" itself.
func split(s string) (mods []string, base string) {
	base = s
	for {
		head, rest, ok := strings.Cut(base, "+")
		head = strings.ToLower(head)
		if head == "control" {
			head = "ctrl"
		}
		if !ok || rest == "" || !slices.Contains(modifiers(), head) {
			break
		}
		mods, base = append(mods, head), rest
	}
	slices.SortFunc(mods, func(a, b string) int {
		return slices.Index(modifiers(), a) - slices.Index(modifiers(), b)
	})
	return slices.Compact(mods), base
}

func join(mods []string, base string) string {
	return strings.Join(append(slices.Clone(mods), base), "+")
}

func isFunctionKey(name string) bool {
	number, ok := strings.CutPrefix(name, "f")
	if !ok || number == "" || number[0] == '0' || len(number) > 2 {
		return false
	}
	n := 0
	for _, c := range number {
		if c < '0' || c > '9' {
			return false
		}
		n = n*10 + int(c-'0')
	}
	return n <= 63
}

// reported returns the name under which a key that the console reports is kept. It allocates nothing for the
// keys that are pressed most.
func reported(s string) string {
	if s == " " {
		return "space"
	}
	if rest, ok := strings.CutPrefix(s, "shift+"); ok && utf8.RuneCountInString(rest) == 1 {
		if r, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return s
}

// typedAsText reports whether a key belongs to the text where text is typed. Enter, esc, tab, the arrows,
// the keys that turn pages, function keys and everything with ctrl or alt do not.
func typedAsText(name string) bool {
	mods, base := split(name)
	if slices.ContainsFunc(mods, func(m string) bool { return m != "shift" }) {
		return false
	}
	switch base {
	case "enter", "esc", "tab", "up", "down", "left", "right", "pgup", "pgdown":
		return false
	default:
		return !isFunctionKey(base)
	}
}

// hard reports whether a key needs ctrl, alt or another modifier than shift, which some keyboards and
// multiplexers do not pass on.
func hard(name string) bool {
	mods, _ := split(name)
	return slices.ContainsFunc(mods, func(m string) bool { return m != "shift" })
}
