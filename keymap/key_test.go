package keymap

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, problem string }{
		{"j", "j", ""},
		{"G", "G", ""},
		{"shift+g", "G", ""},
		{"SHIFT+g", "G", ""},
		{"shift+é", "É", ""},
		{"?", "?", ""},
		{"shift+/", "shift+/", ""},
		{"+", "+", ""},
		{"ctrl++", "ctrl++", ""},
		{"Escape", "esc", ""},
		{"return", "enter", ""},
		{"PageDown", "pgdown", ""},
		{" ", "space", ""},
		{"shift+tab", "shift+tab", ""},
		{"shift+ctrl+alt+x", "ctrl+alt+shift+x", ""},
		{"Control+r", "ctrl+r", ""},
		{"ctrl+space", "ctrl+space", ""},
		{"f1", "f1", ""},
		{"F12", "f12", ""},
		{"f63", "f63", ""},
		{"漢", "漢", ""},
		{"", "", "empty"},
		{"entr", "", `did you mean "enter"`},
		{"f64", "", "unknown key"},
		{"f0", "", "unknown key"},
		{"foo+x", "", "unknown key"},
		{"ctrl+", "", "unknown key"},
		{"\x1b", "", "unknown key"},
		{"\xff", "", "unknown key"},
		{"ctrl+m", "", "terminals send enter"},
		{"ctrl+i", "", "terminals send tab"},
		{"ctrl+h", "", "terminals send backspace"},
		{"ctrl+[", "", "terminals send esc"},
		{"ctrl+R", "", "ambiguous"},
		{"j k", "", "unknown key"},
	} {
		got, err := parseKey(c.in)
		switch {
		case c.problem == "" && (err != nil || got != c.want):
			t.Errorf("parseKey(%q) = %q, %v, want %q", c.in, got, err, c.want)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
			t.Errorf("parseKey(%q) = %q, %v, want a problem with %q", c.in, got, err, c.problem)
		}
	}
}

// A key that can be bound keeps its name when it is read again, and is found under it when it is pressed.
func TestParseKeyIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		in := rapid.OneOf(rapid.String(), rapid.Custom(func(r *rapid.T) string {
			mods := rapid.SliceOfN(rapid.SampledFrom(modifiers()), 0, 4).Draw(r, "mods")
			base := rapid.OneOf(rapid.SampledFrom(namedKeys()), rapid.StringN(1, 1, -1)).Draw(r, "base")
			return strings.Join(append(mods, base), "+")
		})).Draw(r, "key")
		name, err := parseKey(in)
		if err != nil {
			return
		}
		again, err := parseKey(name)
		if err != nil || again != name {
			r.Fatalf("parseKey(%q) = %q, then %q, %v", in, name, again, err)
		}
		if got := reported(name); got != name {
			r.Fatalf("reported(%q) = %q", name, got)
		}
		if strings.Contains(name, " ") {
			r.Fatalf("%q holds a space, which separates keys", name)
		}
	})
}

func TestTypedAsText(t *testing.T) {
	t.Parallel()
	for _, k := range []string{"a", "A", "?", "space", "backspace", "delete", "home", "漢", "shift+/", "ab", ""} {
		if !typedAsText(k) {
			t.Errorf("%q should belong to the text", k)
		}
	}
	for _, k := range []string{"enter", "esc", "tab", "shift+tab", "up", "left", "ctrl+r", "alt+enter", "f1", "ctrl+home", "pgup", "pgdown"} {
		if typedAsText(k) {
			t.Errorf("%q should reach the key map", k)
		}
	}
}
