package keys_test

import (
	"testing"

	"claimdeck/keymap"
	"claimdeck/tui/tuitest"
	"claimdeck/tui/widget/keys"
)

func load(t *testing.T, lines string) *keymap.Map {
	t.Helper()
	m, problems := keymap.Load([]byte(lines), "keys.toml")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return m
}

func TestPress(t *testing.T) {
	t.Parallel()
	mine := `
[[binding]]
action = "form.submit"
seq = ["ctrl+x", "s"]

[[binding]]
action = "form.cancel"
keys = []

[[binding]]
action = "app.back"
keys = ["f10"]
`
	type step struct {
		key   string
		id    keymap.ID
		taken bool
	}
	for name, c := range map[string]struct {
		lines string
		steps []step
	}{
		"as shipped": {"", []step{
			{"enter", keymap.FormSubmit, false},
			{"esc", keymap.FormCancel, false},
			{"shift+tab", keymap.FormPrev, false},
			{"a", "", false},
			{"q", "", false},
			{"?", "", false},
			{"left", "", false},
			{"ctrl+l", "", false},
		}},
		"bound anew": {mine, []step{
			{"ctrl+x", "", true},
			{"s", keymap.FormSubmit, false},
			{"s", "", false},
			{"enter", "", false},
			{"esc", "", false},
			{"ctrl+x", "", true},
			{"t", "", true},
			{"s", "", false},
			{"f10", keymap.FormCancel, false},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := keys.New(load(t, c.lines), keymap.ScopeForm, keymap.FormCancel)
			for i, s := range c.steps {
				if id, taken := r.Press(tuitest.Key(s.key)); id != s.id || taken != s.taken {
					t.Errorf("step %d, %s: %q, %v, want %q, %v", i, s.key, id, taken, s.id, s.taken)
				}
			}
		})
	}
}

// A letter that goes back everywhere is typed where text is typed.
func TestLettersAreText(t *testing.T) {
	t.Parallel()
	m := load(t, "[[binding]]\naction = \"app.back\"\nkeys = [\"b\", \"esc\"]\n")
	r := keys.New(m, keymap.ScopePrompt, keymap.PromptCancel)
	if id, taken := r.Press(tuitest.Key("b")); id != "" || taken {
		t.Errorf("b is %q, %v", id, taken)
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	m := load(t, "[[binding]]\naction = \"form.cancel\"\nkeys = []\n[[binding]]\naction = \"form.preview\"\nkeys = []\n")
	r := keys.New(m, keymap.ScopeForm, keymap.FormCancel)
	for id, want := range map[keymap.ID]string{keymap.FormCancel: "esc", keymap.FormPreview: "", keymap.FormSubmit: "enter"} {
		if got := r.Hint(id); got != want {
			t.Errorf("the hint of %s is %q, want %q", id, got, want)
		}
	}
	if got := keys.New(nil, keymap.ScopeForm, "").Hint(keymap.FormSubmit); got != "enter" {
		t.Errorf("without a key map the hint is %q", got)
	}
}
