package form

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimdeck/tui/tuitest"
	"claimdeck/tui/widget/picker"
)

// claimForm is a long form of three sections.
func claimForm(draft Values) *Form {
	return New(Spec{
		Title: "New claim", Subtitle: "sandbox", Intro: "Creates a claim. Every claim is billed.", KeepsDraft: true, Draft: draft,
		Fields: []Field{
			{Name: "number", Label: "Claim number", Section: "Claim", Required: true},
			{Name: "cause", Label: "Cause of loss", Section: "Claim", Kind: Choice, Required: true, Options: []Option{
				{Value: "Fire", Label: "Fire"}, {Value: "Theft", Label: "Theft"},
			}},
			{Name: "vin", Label: "VIN", Section: "Vehicle", Required: true, Help: "17 characters."},
			{Name: "odometer", Label: "Odometer", Section: "Vehicle"},
			{Name: "owner", Label: "Owner", Section: "Owner"},
			{Name: "phone", Label: "Owner's phone", Section: "Owner", Private: true},
		},
		Preview: func(v Values) (string, error) { return fmt.Sprint("POST /claims\n\n", len(v)), nil },
		Effect:  func(Values) string { return "Creates the claim." },
	})
}

func TestSectionsAreOnePageEach(t *testing.T) {
	t.Parallel()
	f := claimForm(nil)
	want(t, f, "1 of 3  Claim", "* required", "Claim number *", "Every claim is billed", "pgdown next section")
	if s := shows(f); strings.Contains(s, "VIN") {
		t.Errorf("another section shows:\n%s", s)
	}
	press(f, "pgdown")
	want(t, f, "2 of 3  Vehicle", "17 characters.")
	press(f, "pgdown", "pgdown", "pgdown")
	want(t, f, "3 of 3  Owner", "pgup section before")
	press(f, "pgup", "pgup", "pgup")
	want(t, f, "1 of 3  Claim")
	press(f, "tab", "]")
	want(t, f, "2 of 3  Vehicle")
	press(f, "shift+tab")
	want(t, f, "1 of 3  Claim", "( ) Theft")
	press(f, "[", "tab", "tab", "tab")
	want(t, f, "3 of 3  Owner")
}

func TestBracketsAreTypedWhereTextIs(t *testing.T) {
	t.Parallel()
	f := claimForm(nil)
	typed(f, "A[1]")
	if diff := cmp.Diff(Values{"number": {"A[1]"}}, f.Values()); diff != "" {
		t.Error(diff)
	}
}

func TestEnterGoesThroughAllSectionsAndSends(t *testing.T) {
	t.Parallel()
	f := claimForm(Values{"number": {"EX-1"}, "cause": {"Fire"}, "vin": {"JHMGE8H35DC074448"}})
	for i, page := range []string{"1 of 3", "1 of 3", "2 of 3", "2 of 3", "3 of 3"} {
		want(t, f, page)
		if ev := press(f, "enter"); ev != nil {
			t.Fatalf("enter %d sends", i+1)
		}
	}
	submitted(t, press(f, "enter"), Values{"number": {"EX-1"}, "cause": {"Fire"}, "vin": {"JHMGE8H35DC074448"}})
}

func TestErrorsJumpToTheirSection(t *testing.T) {
	t.Parallel()
	f := claimForm(Values{"number": {"EX-1"}, "cause": {"Fire"}})
	press(f, "pgdown", "pgdown", "enter", "enter")
	want(t, f, "2 of 3  Vehicle", "this is required")
	press(f, "pgdown")
	want(t, f, "! see Vehicle")
	f.SetError("Refused.", map[string]string{"number": "is taken"})
	want(t, f, "1 of 3  Claim", "! is taken", "! Refused.")
}

func TestPreviewSendsFromAnySection(t *testing.T) {
	t.Parallel()
	f := claimForm(Values{"number": {"EX-1"}, "cause": {"Fire"}, "vin": {"X"}})
	press(f, "f2")
	want(t, f, "POST /claims")
	submitted(t, press(f, "enter"), Values{"number": {"EX-1"}, "cause": {"Fire"}, "vin": {"X"}})
}

func TestAPageKeepsItsSize(t *testing.T) {
	t.Parallel()
	f := claimForm(nil)
	first := len(strings.Split(f.View(80, 24, dark()), "\n"))
	for range 2 {
		press(f, "pgdown")
		if n := len(strings.Split(f.View(80, 24, dark()), "\n")); n != first {
			t.Errorf("the box has %d lines, then %d", first, n)
		}
	}
}

func TestPrivateTextShowsWhileItIsTyped(t *testing.T) {
	t.Parallel()
	f := claimForm(Values{"phone": {"+13332225555"}})
	press(f, "pgdown", "pgdown")
	want(t, f, "••••••••5555")
	press(f, "tab")
	want(t, f, "••••••••5555") // with the focus, and untouched
	typed(f, "6")
	want(t, f, "+133322255556")
	press(f, "shift+tab")
	want(t, f, "•••••••••5556")
	if got := f.Values()["phone"]; got[0] != "+133322255556" {
		t.Errorf("the value is %v", got)
	}
}

func refreshForm() *Form {
	return New(Spec{
		Title: "Refresh orders", Confirm: "refresh", Fields: []Field{{Name: "types", Label: "Order types", Kind: MultiChoice, Required: true, Options: []Option{
			{Value: "a", Label: "Copy of Title"},
		}}},
	})
}

func TestConfirmationIsTyped(t *testing.T) {
	t.Parallel()
	f := refreshForm()
	press(f, "space", "enter")
	want(t, f, "Type refresh to send it")
	if ev := press(f, "enter"); ev != nil {
		t.Fatalf("sent without the word: %#v", ev)
	}
	typed(f, "yes")
	if ev := press(f, "enter"); ev != nil {
		t.Fatalf("sent with another word: %#v", ev)
	}
	want(t, f, "! type refresh here if this is what you mean")
	press(f, "backspace", "backspace", "backspace")
	typed(f, "Refresh")
	submitted(t, press(f, "enter"), Values{"types": {"a"}})
}

func TestWarningsAreReadBefore(t *testing.T) {
	t.Parallel()
	f := claimForm(Values{"number": {"EX-1"}, "cause": {"Fire"}, "vin": {"X"}})
	press(f, "f2", "enter")
	f.Warn([]string{"EX-1 is there already"})
	want(t, f, "! EX-1 is there already")
	press(f, "pgdown", "pgdown", "tab")
	want(t, f, "enter send anyway")
	typed(f, "1")
	if strings.Contains(shows(f), "anyway") {
		t.Error("the warning is about what was changed since")
	}
}

func messageForm() *Form {
	return New(Spec{Title: "Message", Editor: true, Fields: []Field{
		{
			Name: "template", Label: "Template", Kind: Choice, Options: []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}, {Value: "c", Label: "C"}},
			Fills: func(v string) (map[string]string, error) {
				if v == "c" {
					return nil, errors.New("C cannot be read")
				}
				return map[string]string{"text": "words of " + v}, nil
			},
		},
		{Name: "text", Label: "Text", Kind: LongText, Required: true},
	}})
}

func TestFillingKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	f := messageForm()
	press(f, "shift+tab", "space", "enter") // a template helps with the text: it is not where one begins
	want(t, f, "words of a")
	press(f, "shift+tab", "down", "enter") // untouched, it is replaced
	if diff := cmp.Diff(Values{"text": {"words of b"}}, f.Values()); diff != "" {
		t.Error(diff)
	}
	typed(f, "!")
	press(f, "shift+tab", "up", "enter")
	if diff := cmp.Diff(Values{"text": {"words of b!\n\nwords of a"}}, f.Values()); diff != "" {
		t.Error(diff)
	}
	press(f, "shift+tab", "down", "down", "enter")
	want(t, f, "! C cannot be read")
}

func TestEditorIsAskedFor(t *testing.T) {
	t.Parallel()
	f := messageForm()
	typed(f, "Dear all")
	want(t, f, "ctrl+e editor")
	if diff := cmp.Diff(EditText{Field: "text", Text: "Dear all"}, press(f, "ctrl+e")); diff != "" {
		t.Error(diff)
	}
	f.SetText("text", "Dear all,\nhello.")
	submitted(t, press(f, "enter"), Values{"text": {"Dear all,\nhello."}})
}

func documentsForm(draft ...string) *Form {
	f := New(Spec{
		Title: "Add documents", Files: files(), Draft: Values{"document": draft},
		Fields: []Field{
			{Name: "document", Label: "Documents", Kind: File, Many: true, Required: true},
			{Name: "description", Label: "Type", Kind: Choice, Open: true, Required: true, Options: []Option{
				{Value: "settlement breakdown", Label: "settlement breakdown"}, {Value: "valuation report", Label: "valuation report"},
			}},
		},
	})
	settle(f, f.Init())
	return f
}

func TestSeveralFilesInOneField(t *testing.T) {
	t.Parallel()
	f := documentsForm()
	pressAll(f, "b", "r", "enter")
	want(t, f, "+ ~/scans/breakdown of settlement.pdf", "enter next")
	pressAll(f, "n", "o", "t", "enter")
	want(t, f, "! notes.txt is plain text")
	pressAll(f, "ctrl+u")
	cmd, _ := f.Update(tea.PasteMsg{Content: "/home/dana/a.pdf\n'/home/dana/b c.pdf'\n/home/dana/d.txt\n"})
	settle(f, cmd)
	want(t, f, "+ ~/a.pdf", "+ ~/b c.pdf", "! notes.txt is plain text")
	if ev := pressAll(f, "tab", "down", "enter"); ev != nil {
		t.Fatal("sent while a file was refused")
	}
	want(t, f, "del takes it off the list")
	pressAll(f, "delete")
	want(t, f, "+ ~/b c.pdf")
	pressAll(f, "delete")
	if s := shows(f); strings.Contains(s, "~/b c.pdf") {
		t.Errorf("the last one is still there:\n%s", s)
	}
	pressAll(f, "tab", "down", "up", "enter")
	if got := f.Values()["document"]; len(got) != 2 {
		t.Errorf("%v", got)
	}
}

func TestDraftOfSeveralFilesIsLookedAt(t *testing.T) {
	t.Parallel()
	f := documentsForm("/home/dana/a.pdf", "/home/dana/d.txt")
	want(t, f, "+ ~/a.pdf", "PDF document", "! notes.txt is plain text")
}

func TestOpenChoiceTakesATextOfOnesOwn(t *testing.T) {
	t.Parallel()
	f := documentsForm("/home/dana/a.pdf")
	pressAll(f, "tab", "end", "end") // the first key only shows where it stands
	want(t, f, "own words:")
	pressAll(f, "p", "o", "w", "e", "r", "j", "k")
	submitted(t, pressAll(f, "enter"), Values{"document": {"/home/dana/a.pdf"}, "description": {"powerjk"}})
	f.SetError("", nil)
	pressAll(f, "up")
	submitted(t, pressAll(f, "enter"), Values{"document": {"/home/dana/a.pdf"}, "description": {"valuation report"}})
}

func TestOpenChoiceKeepsADraftOfItsOwn(t *testing.T) {
	t.Parallel()
	f := New(Spec{Draft: Values{"via": {"pigeon"}}, Fields: []Field{{Name: "via", Label: "Via", Kind: Choice, Open: true, Loading: true}}})
	f.SetOptions("via", []Option{{Value: "USPS", Label: "USPS"}})
	want(t, f, "pigeon")
	submitted(t, press(f, "enter"), Values{"via": {"pigeon"}})
}

func TestPastedPaths(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"/a/b.pdf":                        {"/a/b.pdf"},
		"/a/b c.pdf":                      {"/a/b c.pdf"},
		`'/a/b c.pdf' '/a/d.pdf'`:         {"/a/b c.pdf", "/a/d.pdf"},
		`/a/b\ c.pdf /a/d.pdf `:           {"/a/b c.pdf", "/a/d.pdf"},
		"/a/b.pdf\r\n\n~/d.pdf\n":         {"/a/b.pdf", "~/d.pdf"},
		"file:///a/b%20c.pdf file:///d.x": {"/a/b c.pdf", "/d.x"},
		"":                                nil,
	} {
		if diff := cmp.Diff(want, picker.Paths(in)); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
}

func TestPagesGolden(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 40}} {
		f := claimForm(Values{"number": {"EX-20441"}, "vin": {"JHMGE8H35DC074448"}})
		press(f, "tab")
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		tuitest.Golden(t, "page-"+name, ansi.Strip(f.View(size[0], size[1], dark())))
		press(f, "pgdown", "pgdown", "enter", "enter")
		tuitest.Golden(t, "page-wrong-"+name, ansi.Strip(f.View(size[0], size[1], dark())))
		d := documentsForm("/home/dana/a.pdf", "/home/dana/b.pdf")
		tuitest.Golden(t, "documents-"+name, ansi.Strip(d.View(size[0], size[1], dark())))
		tuitest.Golden(t, "refresh-"+name, ansi.Strip(refreshForm().View(size[0], size[1], dark())))
	}
}

func TestPagesFitAnySize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		f := claimForm(Values{"phone": {"+13332225555"}})
		w, h := rapid.IntRange(0, 100).Draw(r, "w"), rapid.IntRange(0, 40).Draw(r, "h")
		for range rapid.IntRange(0, 12).Draw(r, "keys") {
			press(f, rapid.SampledFrom([]string{"tab", "pgdown", "pgup", "enter", "down", "x", "f2", "esc"}).Draw(r, "key"))
		}
		view := f.View(w, h, dark())
		lines := strings.Split(view, "\n")
		if len(lines) > max(h, 1) {
			r.Fatalf("%d lines of %d", len(lines), h)
		}
		for _, line := range lines {
			if ansi.StringWidth(line) > w {
				r.Fatalf("%q is wider than %d", line, w)
			}
		}
	})
}
