package form

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
)

func dark() theme.Theme { return theme.New(theme.Options{Dark: true}) }

// press sends keys and returns the last event that came of them.
func press(f *Form, names ...string) Event {
	var last Event
	for _, name := range names {
		if _, ev := f.Update(tuitest.Key(name)); ev != nil {
			last = ev
		}
	}
	return last
}

func typed(f *Form, s string) {
	for _, msg := range tuitest.Typed(s) {
		f.Update(msg)
	}
}

// shows returns the form's text at 80x24.
func shows(f *Form) string { return ansi.Strip(f.View(80, 24, dark())) }

func want(t *testing.T, f *Form, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(shows(f), w) {
			t.Errorf("it does not show %q:\n%s", w, shows(f))
		}
	}
}

func submitted(t *testing.T, ev Event, values Values) {
	t.Helper()
	s, ok := ev.(Submitted)
	if !ok {
		t.Fatalf("the event is %#v, not Submitted", ev)
	}
	if diff := cmp.Diff(values, s.Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func orderTypes() []Option {
	return []Option{
		{Value: "TITLE", Label: "Copy of Title"},
		{Value: "LIEN", Label: "Lien Release Letter"},
		{Value: "HISTORY", Label: "Payment History"},
		{Value: "LOG", Label: "Letter of Guarantee", Note: "already pending", Disabled: true},
		{Value: "POA", Label: "Power of Attorney", Note: "usually needs the valuation report first"},
	}
}

func orders(draft Values) *Form {
	return New(Spec{
		Title: "New orders", Subtitle: "EX-1001 · 2021 Honda Accord · …4448 · sandbox", KeepsDraft: true, Draft: draft,
		Fields: []Field{{Name: "types", Label: "Order types", Kind: MultiChoice, Required: true, Options: orderTypes()}},
		Effect: func(v Values) string { return fmt.Sprintf("Sends %d orders to LossExpress.", len(v["types"])) },
		Preview: func(v Values) (string, error) {
			return "POST /claims/EX-1001/orders\n\n{\n  \"types\": " + fmt.Sprintf("%q", v["types"]) + "\n}", nil
		},
	})
}

func TestMarkingOptions(t *testing.T) {
	t.Parallel()
	f := orders(nil)
	if ev := press(f, "enter"); ev != nil {
		t.Fatalf("submitted without a choice: %#v", ev)
	}
	want(t, f, "! choose at least one: space marks it")
	press(f, "space", "j", "j", "x", "down", "space", "x") // the last two are on one that cannot be chosen
	want(t, f, "[x] Copy of Title", "[ ] Lien Release", "[x] Payment History", " ·  Letter of Guarantee  already pending",
		"Sends 2 orders to LossExpress. ctrl+r shows the request.", "cancel (keeps a draft)")
	if strings.Contains(shows(f), "choose at least one") {
		t.Error("the message stays after a choice")
	}
	submitted(t, press(f, "enter"), Values{"types": {"TITLE", "HISTORY"}})
}

func TestNeverSubmitsTwice(t *testing.T) {
	t.Parallel()
	f := orders(Values{"types": {"LIEN"}})
	submitted(t, press(f, "enter"), Values{"types": {"LIEN"}})
	if ev := press(f, "enter", "space", "ctrl+r", "enter"); ev != nil || !f.Busy() {
		t.Fatalf("a busy form gave %#v", ev)
	}
	want(t, f, "sending")
	f.SetError("LossExpress refused the orders.", map[string]string{"types": "an order of this type is open", "lender": "is unknown"})
	want(t, f, "! an order of this type is open", "! LossExpress refused the orders. lender: is unknown", "[x] Lien Release Letter")
	submitted(t, press(f, "up", "space", "enter"), Values{"types": {"TITLE", "LIEN"}})
}

func TestDraftAndDirty(t *testing.T) {
	t.Parallel()
	f := orders(Values{"types": {"HISTORY", "LOG", "GONE"}})
	if f.Dirty() {
		t.Error("dirty as opened")
	}
	ev, ok := press(f, "esc").(Cancelled)
	if !ok || ev.Dirty || !slices.Equal(ev.Values["types"], []string{"HISTORY"}) {
		t.Errorf("esc gave %#v", ev)
	}
	press(f, "home", "space")
	if ev, ok = press(f, "esc").(Cancelled); !ok || !ev.Dirty {
		t.Errorf("after a change esc gave %#v", ev)
	}
}

func payment() *Form {
	return New(Spec{Title: "Payment sent", Fields: []Field{
		{Name: "amount", Label: "Amount", Required: true, Help: "US dollars.", Check: func(s string) error {
			if strings.Trim(s, "0123456789.,") != "" {
				return errors.New("an amount is digits: 10,222.33")
			}
			return nil
		}},
		{Name: "via", Label: "Sent by", Kind: Choice, Required: true, Options: []Option{
			{Value: "ACH", Label: "ACH", Note: "cheques only", Disabled: true},
			{Value: "USPS", Label: "USPS"},
			{Value: "COURIER", Label: "Courier", Disabled: true},
			{Value: "FEDEX", Label: "FedEx"},
		}},
		{Name: "tracking", Label: "Tracking number"},
		{Name: "note", Label: "Note", Kind: LongText},
	}})
}

func TestWalkingThroughFields(t *testing.T) {
	t.Parallel()
	f := payment()
	typed(f, "ten")
	press(f, "tab")
	want(t, f, "! an amount is digits")
	press(f, "shift+tab", "backspace", "backspace", "backspace")
	typed(f, "10,222.33")
	press(f, "enter") // to the next field
	press(f, "enter") // nothing is chosen there yet: stays
	want(t, f, "! choose one")
	press(f, "j", "j", "enter") // shows the first that can be chosen, moves over one that cannot
	typed(f, " 1Z ")
	press(f, "tab")
	typed(f, "one")
	press(f, "alt+enter")
	typed(f, "two")
	submitted(t, press(f, "enter"), Values{
		"amount": {"10,222.33"}, "via": {"FEDEX"}, "tracking": {"1Z"}, "note": {"one\ntwo"},
	})
}

func TestSubmitGoesToWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := payment()
	if ev := press(f, "shift+tab", "enter"); ev != nil {
		t.Fatalf("submitted: %#v", ev)
	}
	want(t, f, "! this is required", "! choose one")
	typed(f, "5")
	if got := f.Values()["amount"]; !slices.Equal(got, []string{"5"}) {
		t.Errorf("the focus is not on the first field: %v", f.Values())
	}
}

func TestChoice(t *testing.T) {
	t.Parallel()
	f := New(Spec{Fields: []Field{
		{Name: "a", Label: "A", Kind: Choice, Options: []Option{{Value: "1", Label: "one"}, {Value: "2", Label: "two"}}},
		{Name: "none", Label: "None", Kind: Choice, Options: []Option{{Value: "1", Label: "one", Disabled: true}}},
	}})
	steps := []struct {
		keys []string
		want []string
	}{
		{nil, nil},
		{[]string{"down"}, []string{"1"}},
		{[]string{"down"}, []string{"2"}},
		{[]string{"down"}, []string{"1"}},
		{[]string{"up"}, []string{"2"}},
		{[]string{"space"}, nil},
		{[]string{"space"}, []string{"2"}},
		{[]string{"tab", "down", "space", "G"}, []string{"2"}},
	}
	for i, s := range steps {
		press(f, s.keys...)
		if got := f.Values(); !slices.Equal(got["a"], s.want) || got["none"] != nil {
			t.Errorf("step %d: %v, want a=%v", i, got, s.want)
		}
	}
}

func TestLoadingOptions(t *testing.T) {
	t.Parallel()
	f := New(Spec{Title: "New orders", Draft: Values{"types": {"LIEN", "GONE"}}, Fields: []Field{
		{Name: "types", Label: "Order types", Kind: MultiChoice, Required: true, Loading: true},
		{Name: "via", Label: "Via", Kind: Choice, Loading: true},
	}})
	want(t, f, "the choices are loading")
	if press(f, "space", "enter") != nil || f.Dirty() {
		t.Error("a form that loads took a key")
	}
	if press(f, "shift+tab", "enter") != nil { // from the last field
		t.Error("a form that loads was submitted")
	}
	want(t, f, "! the choices are still loading")
	if got := f.Values()["types"]; !slices.Equal(got, []string{"LIEN", "GONE"}) {
		t.Errorf("while loading the draft is %v", got)
	}
	f.SetOptions("types", orderTypes())
	f.SetOptions("nobody", nil)
	f.SetLoadError("via", "no answer from LossExpress")
	want(t, f, "[x] Lien Release Letter", "nothing to choose from", "! no answer from LossExpress")
	if f.Dirty() {
		t.Error("dirty because the service no longer offers what the draft named")
	}
	submitted(t, press(f, "down", "down", "space", "tab", "enter"), Values{"types": {"LIEN", "HISTORY"}})
}

func TestOptionsThatCannotBeHad(t *testing.T) {
	t.Parallel()
	f := New(Spec{Draft: Values{"types": {"LIEN"}}, Fields: []Field{
		{Name: "types", Label: "Order types", Kind: MultiChoice, Required: true, Loading: true},
	}})
	f.SetLoadError("types", "no answer from LossExpress")
	if ev := press(f, "space", "enter"); ev != nil {
		t.Errorf("submitted what nobody could check: %#v", ev)
	}
	want(t, f, "as drafted: LIEN", "! no answer from LossExpress")
	if ev, ok := press(f, "esc").(Cancelled); !ok || !slices.Equal(ev.Values["types"], []string{"LIEN"}) {
		t.Errorf("the draft is lost: %#v", ev)
	}
	f.SetOptions("types", orderTypes())
	submitted(t, press(f, "enter"), Values{"types": {"LIEN"}})
}

func TestReplacedOptionsKeepTheChoice(t *testing.T) {
	t.Parallel()
	f := orders(nil)
	press(f, "space", "down", "space")
	f.SetOptions("types", slices.Concat([]Option{{Value: "NEW", Label: "New type"}}, orderTypes()[1:]))
	if got := f.Values()["types"]; !slices.Equal(got, []string{"LIEN"}) || !f.Dirty() {
		t.Errorf("values %v, dirty %v", got, f.Dirty())
	}
}

func TestPreview(t *testing.T) {
	t.Parallel()
	f := orders(Values{"types": {"TITLE"}})
	press(f, "ctrl+r")
	want(t, f, "the exact request", "POST /claims/EX-1001/orders", `  "types": ["TITLE"]`, "esc back to the form")
	press(f, "j", "pgdown", "end", "home", "k", "space")
	if ev := press(f, "esc"); ev != nil {
		t.Fatalf("esc in the preview gave %#v", ev)
	}
	want(t, f, "[x] Copy of Title")
	press(f, "ctrl+r", "ctrl+r")
	want(t, f, "[x] Copy of Title")
	submitted(t, press(f, "ctrl+r", "enter"), Values{"types": {"TITLE"}})
}

func TestPreviewErrorsAreShown(t *testing.T) {
	t.Parallel()
	f := New(Spec{Preview: func(Values) (string, error) { return "", errors.New("choose a file first") }})
	press(f, "ctrl+r")
	want(t, f, "cannot be shown yet: choose a file first")
}

func TestGrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		spec := Spec{Title: "Refused", Grace: true, Fields: []Field{{Name: "a", Label: "A"}}}
		f := New(spec)
		over := f.Init()
		typed(f, "x")
		f.Update(tea.PasteMsg{Content: "y"})
		if ev := press(f, "enter", "esc"); ev != nil || len(f.Values()) > 0 {
			t.Fatalf("a key typed for something else gave %#v, %v", ev, f.Values())
		}
		began := time.Now()
		msg := over()
		if time.Since(began) != grace {
			t.Errorf("the grace period is %v", time.Since(began))
		}
		other := New(spec)
		other.Update(msg)
		f.Update(msg)
		typed(f, "x")
		typed(other, "x")
		if len(f.Values()) != 1 || len(other.Values()) != 0 {
			t.Errorf("after it: %v, another form: %v", f.Values(), other.Values())
		}
	})
}

func TestTypingStartsNothing(t *testing.T) {
	t.Parallel()
	f := payment()
	for _, name := range []string{"a", "left", "ctrl+v", "tab", "j", "tab", "tab", "x", "ctrl+e", "ctrl+v", "alt+enter", "tab"} {
		if cmd, _ := f.Update(tuitest.Key(name)); cmd != nil {
			t.Errorf("%s started a command: a blinking cursor, an editor or a clipboard program", name)
		}
	}
	if f.Init() != nil {
		t.Error("opening starts a command")
	}
}

func TestPaste(t *testing.T) {
	t.Parallel()
	f := payment()
	f.Update(tea.PasteMsg{Content: "  10\n222 \x1b[2J\u202e"})
	press(f, "tab", "tab", "tab")
	f.Update(tea.PasteMsg{Content: "one \r\ntwo\x07\u200b"})
	if diff := cmp.Diff(Values{"amount": {"10 222"}, "note": {"one\ntwo"}}, f.Values()); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	f.Update(tea.KeyPressMsg{Code: 0x202e, Text: "\u202e"})
	if got := f.Values()["note"][0]; got != "one\ntwo" {
		t.Errorf("a bidi override was typed: %q", got)
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	f := New(Spec{Fields: []Field{{Name: "account", Label: "Account", Secret: true}, {Name: "b", Label: "B"}}})
	typed(f, "4711")
	focused := shows(f)
	press(f, "tab")
	if strings.Contains(focused+shows(f), "4711") {
		t.Errorf("the secret shows:\n%s", shows(f))
	}
	want(t, f, "••••")
	if got := f.Values()["account"]; !slices.Equal(got, []string{"4711"}) {
		t.Errorf("its value is %v", got)
	}
}

func TestNoFields(t *testing.T) {
	t.Parallel()
	f := New(Spec{Title: "Cancel the payoff request", Intro: "The lender stops working on it."})
	press(f, "tab", "x", "shift+tab")
	want(t, f, "The lender stops working on it.", "enter send")
	submitted(t, press(f, "enter"), Values{})
}

func TestLongTextGrowsAndScrolls(t *testing.T) {
	t.Parallel()
	f := New(Spec{Title: "T", Fields: []Field{{Name: "note", Label: "Note", Kind: LongText}}})
	rows := func() int { return strings.Count(f.View(80, 24, dark()), "\n") + 1 }
	empty := rows()
	for i := range 12 {
		typed(f, fmt.Sprint("line ", i))
		press(f, "alt+enter")
		shows(f)
		if i == 4 {
			want(t, f, "line 0", "line 4")
			if rows() != empty+3 {
				t.Errorf("with six lines it has %d rows, empty %d", rows(), empty)
			}
		}
	}
	want(t, f, "line 11")
	if f.Cursor() == nil || strings.Contains(shows(f), "line 0") || rows() != empty+5 {
		t.Errorf("it does not follow the cursor:\n%s", shows(f))
	}
}

// A text follows its cursor however it came: typed, pasted, from elsewhere, and in whatever width it is drawn.
func TestLongTextKeepsItsCursorInSight(t *testing.T) {
	t.Parallel()
	numbered := func(n int) string {
		var lines []string
		for i := range n {
			lines = append(lines, fmt.Sprint("line ", i))
		}
		return strings.Join(lines, "\n")
	}
	for name, write := range map[string]func(f *Form, n int){
		"pasted":   func(f *Form, n int) { f.Update(tea.PasteMsg{Content: numbered(n)}) },
		"replaced": func(f *Form, n int) { f.SetText("note", numbered(n)) },
		"typed": func(f *Form, n int) {
			for i, line := range strings.Split(numbered(n), "\n") {
				if i > 0 {
					press(f, "alt+enter")
				}
				typed(f, line)
			}
		},
	} {
		for _, n := range []int{1, 2, 3, 4, 7, 8, 9, 20} {
			f := New(Spec{Title: "T", Fields: []Field{{Name: "note", Label: "Note", Kind: LongText}, {Name: "x", Label: "X"}}})
			f.View(80, 24, dark())
			write(f, n)
			want(t, f, fmt.Sprint("line ", n-1))
			first := max(0, n-areaMax)
			if s := shows(f); !strings.Contains(s, fmt.Sprint("line ", first)) {
				t.Errorf("%s, %d lines: line %d is out of sight:\n%s", name, n, first, s)
			}
			press(f, "tab")
			f.View(60, 24, dark())
			press(f, "shift+tab")
			if s := ansi.Strip(f.View(60, 24, dark())); !strings.Contains(s, fmt.Sprint("line ", n-1)) || f.Cursor() == nil {
				t.Errorf("%s, %d lines, narrower: the end is out of sight:\n%s", name, n, s)
			}
		}
	}
}
