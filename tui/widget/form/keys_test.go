package form

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimdeck/keymap"
)

// rebound is a key map with the keys of forms changed.
func rebound(t *testing.T, lines string) *keymap.Map {
	t.Helper()
	m, problems := keymap.Load([]byte(lines), "keys.toml")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return m
}

// bind is the lines of a key map; keys are separated by spaces, and of several only the last is a key of its own.
func bind(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		keys := strings.Fields(pairs[i+1])
		line := `keys = ["` + strings.Join(keys, `", "`) + `"]`
		if len(keys) == 0 {
			line = "keys = []"
		}
		b.WriteString("[[binding]]\naction = \"" + pairs[i] + "\"\n" + line + "\n")
	}
	return b.String()
}

// with is the long form with other keys, and with everything that can be done in one.
func with(m *keymap.Map) *Form {
	f := New(Spec{
		Title: "T", Keys: m, Editor: true, Files: files(), KeepsDraft: true,
		Fields: []Field{
			{Name: "number", Label: "Number", Section: "One"},
			{Name: "cause", Label: "Cause", Section: "One", Kind: Choice, Options: orderTypes()},
			{Name: "note", Label: "Note", Section: "Two", Kind: LongText},
			{Name: "file", Label: "File", Section: "Two", Kind: File},
		},
		Preview: func(Values) (string, error) { return "POST /x", nil },
	})
	settle(f, f.Init())
	return f
}

// What a person binds is what a form obeys, what it says in its foot, and what was bound before is free.
func TestKeysAreThoseOfTheKeyMap(t *testing.T) {
	t.Parallel()
	f := with(rebound(t, bind(
		"form.submit", "ctrl+s", "form.cancel", "f10", "form.next", "f3", "form.prev", "f5", "form.preview", "f6",
		"form.section.next", "f7", "form.section.prev", "f8", "form.editor", "f9", "form.newline", "enter",
	)))
	want(t, f, "ctrl+s next", "f10 cancel", "f7 next section", "f3 next field", "f6 shows the request.")
	typed(f, "a")
	for _, old := range []string{"enter", "tab", "shift+tab", "pgdown", "ctrl+r", "f2"} {
		if ev := press(f, old); ev != nil {
			t.Errorf("%s still does %#v", old, ev)
		}
		want(t, f, "1 of 2  One", "▌ a", "T ─")
	}
	press(f, "f3")
	want(t, f, "( ) Copy of Title")
	press(f, "f5")
	want(t, f, "▌ a")
	press(f, "f7")
	want(t, f, "2 of 2  Two", "enter new line", "f9 editor")
	typed(f, "one")
	press(f, "enter")
	typed(f, "two")
	if diff := cmp.Diff(EditText{Field: "note", Text: "one\ntwo"}, press(f, "f9")); diff != "" {
		t.Error(diff)
	}
	press(f, "f8")
	want(t, f, "1 of 2  One")
	press(f, "f6")
	want(t, f, "POST /x", "ctrl+s send", "f10 back to the form")
	press(f, "f10")
	want(t, f, "1 of 2  One")
	press(f, "ctrl+s", "ctrl+s") // through the choice
	press(f, "ctrl+s")
	want(t, f, "breakdown of settlement.pdf", "ctrl+s choose")
	pressAll(f, "b", "r", "f3")
	want(t, f, "~/scans/breakdown of settlement.pdf")
	submitted(t, pressAll(f, "ctrl+s"), Values{
		"number": {"a"}, "note": {"one\ntwo"}, "file": {"/home/dana/scans/breakdown of settlement.pdf"},
	})
	if _, ok := press(f, "f10").(Cancelled); !ok {
		t.Error("it cannot be left")
	}
}

func TestSequencesAreKeysToo(t *testing.T) {
	t.Parallel()
	f := with(rebound(t, "[[binding]]\naction = \"form.preview\"\nseq = [\"ctrl+x\", \"v\"]\n"))
	press(f, "ctrl+x", "v")
	want(t, f, "POST /x")
	press(f, "esc", "ctrl+x", "w", "v")
	want(t, f, "▌ v", "ctrl+x v shows the request.")
}

// An action without a key is not promised one, and a form can be left even then.
func TestActionsWithoutAKey(t *testing.T) {
	t.Parallel()
	f := with(rebound(t, bind("form.preview", "", "form.cancel", "", "form.newline", "", "form.editor", "")))
	press(f, "pgdown")
	want(t, f, "esc cancel")
	for _, never := range []string{"request", "new line", "editor"} {
		if s := shows(f); strings.Contains(s, never) {
			t.Errorf("it promises %q:\n%s", never, s)
		}
	}
	if _, ok := press(f, "esc").(Cancelled); !ok {
		t.Error("it cannot be left")
	}
}

// A form whose choices are none says so, and does not offer what it cannot do.
func TestNothingToChooseFrom(t *testing.T) {
	t.Parallel()
	f := New(Spec{
		Title: "Cancel orders", Effect: func(Values) string { return "Cancels orders." },
		Preview: func(Values) (string, error) { return "", nil },
		Fields:  []Field{{Name: "orders", Label: "Orders", Kind: MultiChoice, Required: true, Loading: true}},
	})
	want(t, f, "enter send")
	f.SetOptions("orders", nil)
	want(t, f, "nothing to choose from", "esc cancel")
	if s := shows(f); strings.Contains(s, "send") || strings.Contains(s, "space") || strings.Contains(s, "Cancels orders.") {
		t.Errorf("it offers what it cannot do:\n%s", s)
	}
	if ev := press(f, "enter"); ev != nil {
		t.Errorf("it was sent: %#v", ev)
	}
	want(t, f, "! there is nothing to choose from")
	f.SetOptions("orders", orderTypes()[:1])
	submitted(t, press(f, "space", "enter"), Values{"orders": {"TITLE"}})
}

// The box has one size from the first section to the last.
func TestSectionsHaveOneSize(t *testing.T) {
	t.Parallel()
	spec := Spec{Title: "T"}
	for i := range 9 {
		spec.Fields = append(spec.Fields, Field{Name: string(rune('a' + i)), Label: "L", Section: "Long"})
	}
	spec.Fields = append([]Field{{Name: "z", Label: "Z", Section: "Short"}}, spec.Fields...)
	f := New(spec)
	rows := func() int { return strings.Count(f.View(80, 24, dark()), "\n") }
	first := rows()
	press(f, "pgdown")
	if got := rows(); got != first {
		t.Errorf("the box had %d rows, and in the next section %d", first, got)
	}
	want(t, f, "2 of 2  Long")
	press(f, "pgup")
	want(t, f, "1 of 2  Short", "▌")
}
