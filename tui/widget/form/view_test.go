package form

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
	"claimdeck/tui/widget/modal"
	"claimdeck/tui/widget/picker"
)

// files is a disk that answers at once.
func files() picker.Source {
	day := time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)
	return picker.Source{
		Home: "/home/dana", Start: "/home/dana/scans",
		ReadDir: func(string) ([]picker.Entry, error) {
			return []picker.Entry{
				{Name: "older", Dir: true, ModTime: day},
				{Name: "breakdown of settlement.pdf", Size: 182_400, ModTime: day},
				{Name: "notes.txt", Size: 88, ModTime: day.Add(-time.Hour)},
			}, nil
		},
		Inspect: func(path string) (string, error) {
			if !strings.HasSuffix(path, ".pdf") {
				return "", errText("notes.txt is plain text: LossExpress takes PDF, JPEG or PNG")
			}
			return "PDF document, 182 kB", nil
		},
	}
}

type errText string

func (e errText) Error() string { return string(e) }

// settle runs the commands of a form until none is left.
func settle(f *Form, cmd tea.Cmd) {
	msg, ok := tuitest.Await(cmd)
	if !ok {
		return
	}
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, c := range batch {
			settle(f, c)
		}
		return
	}
	next, _ := f.Update(msg)
	settle(f, next)
}

func pressAll(f *Form, names ...string) Event {
	var last Event
	for _, name := range names {
		cmd, ev := f.Update(tuitest.Key(name))
		settle(f, cmd)
		if ev != nil {
			last = ev
		}
	}
	return last
}

func accept() *Form {
	f := New(Spec{
		Title: "Accept the settlement counter", Subtitle: "EX-1001 · 2021 Honda Accord · …4448 · sandbox", KeepsDraft: true,
		Fields: []Field{{Name: "document", Label: "Settlement breakdown", Kind: File, Required: true, Help: "A PDF or a picture, at most 25 MB."}},
		Files:  files(),
		Effect: func(Values) string { return "Accepts 5,553.00 and sends the breakdown." },
	})
	settle(f, f.Init())
	return f
}

func TestFileField(t *testing.T) {
	t.Parallel()
	f := accept()
	want(t, f, "~/scans/", "older/", "breakdown of settlement.pdf", "enter choose")
	pressAll(f, "n", "o", "t", "enter")
	want(t, f, "! notes.txt is plain text: LossExpress takes PDF, JPEG or PNG")
	pressAll(f, "ctrl+u", "~", "/", "s", "c", "a", "n", "s", "/", "b", "r", "tab")
	want(t, f, "~/scans/breakdown of settlement.pdf", "+ PDF document, 182 kB", "enter send")
	submitted(t, pressAll(f, "enter"), Values{"document": {"/home/dana/scans/breakdown of settlement.pdf"}})
}

func TestFileFieldIsRequired(t *testing.T) {
	t.Parallel()
	f := New(Spec{Files: files(), Fields: []Field{{Name: "d", Label: "D", Kind: File, Required: true}, {Name: "x", Label: "X"}}})
	settle(f, f.Init())
	if ev := pressAll(f, "tab", "enter"); ev != nil {
		t.Fatalf("submitted %#v", ev)
	}
	want(t, f, "! choose a file")
	pressAll(f, "b")
	if pressAll(f, "shift+tab", "enter"); !strings.Contains(shows(f), "choose the file first") {
		t.Errorf("a name that was not chosen is taken:\n%s", shows(f))
	}
}

func TestFileDraft(t *testing.T) {
	t.Parallel()
	f := New(Spec{
		Files: files(), Draft: Values{"d": {"/home/dana/scans/breakdown of settlement.pdf"}},
		Fields: []Field{{Name: "d", Label: "D", Kind: File, Required: true}},
	})
	settle(f, f.Init())
	want(t, f, "~/scans/breakdown of settlement.pdf")
	pressAll(f, "enter")
	submitted(t, pressAll(f, "enter"), Values{"d": {"/home/dana/scans/breakdown of settlement.pdf"}})
}

func dispute() *Form {
	return New(Spec{
		Title: "Dispute the settlement counter", Subtitle: "EX-1001 · 2021 Honda Accord · …4448 · sandbox", KeepsDraft: true,
		Intro: "The lender asks for 5,553.00 instead of 4,820.00: missing options (sunroof).",
		Fields: []Field{{
			Name: "reason", Label: "Reason", Kind: LongText, Required: true,
			Help: "The lender reads this. Say what was checked and by whom.",
		}},
		Draft:   Values{"reason": {"Verified in person with the insured on Nov 20: there is no sunroof, photo 4 of the valuation shows the roof."}},
		Effect:  func(Values) string { return "Disputes the counter. This cannot be taken back." },
		Preview: func(Values) (string, error) { return "POST /x", nil },
	})
}

func TestGolden(t *testing.T) {
	t.Parallel()
	sizes := []struct {
		name string
		w, h int
	}{{"60x20", 60, 20}, {"80x24", 80, 24}, {"120x40", 120, 40}}
	forms := map[string]func() *Form{
		"orders":  func() *Form { f := orders(nil); press(f, "space", "down"); return f },
		"refused": func() *Form { f := orders(Values{"types": {"LIEN"}}); press(f, "enter"); refuse(f); return f },
		"dispute": dispute,
		"payment": func() *Form { f := payment(); typed(f, "10,222.33"); press(f, "tab", "down", "tab"); return f },
		"accept":  accept,
		"request": func() *Form { f := orders(Values{"types": {"LIEN"}}); press(f, "ctrl+r"); return f },
	}
	for name, open := range forms {
		for _, size := range sizes {
			draw := func(o theme.Options) string {
				th := theme.New(o)
				view := modal.Over(strings.Repeat("the screen behind it ", 6), open().View(size.w-2, size.h-2, th), size.w, size.h, th)
				return tuitest.Render(view, size.w, size.h).String()
			}
			got := draw(theme.Options{Dark: true})
			tuitest.Golden(t, name+"-"+size.name, got)
			if light := draw(theme.Options{}); light != got {
				t.Errorf("%s reads otherwise on a light terminal:\n%s", name, light)
			}
		}
	}
}

func refuse(f *Form) {
	f.SetError("LossExpress refused the orders.", map[string]string{"types": "an order for this type is already open since Nov 18"})
}

func TestASCII(t *testing.T) {
	t.Parallel()
	f := accept()
	f.spec.Subtitle = ""
	for _, r := range ansi.Strip(f.View(60, 20, theme.New(theme.Options{ASCII: true}))) {
		if r > 0x7e {
			t.Fatalf("%q is not ASCII in\n%s", r, ansi.Strip(f.View(60, 20, theme.New(theme.Options{ASCII: true}))))
		}
	}
}

func TestTheFieldAtWorkIsAlwaysInSight(t *testing.T) {
	t.Parallel()
	f := payment()
	for range 4 {
		got := ansi.Strip(f.View(50, 9, dark()))
		if label := f.current().Label; !strings.Contains(got, label) && !strings.Contains(got, "▌") {
			t.Errorf("%s is out of sight:\n%s", label, got)
		}
		if f.current().Kind != Choice && f.Cursor() == nil {
			t.Errorf("no cursor in %s:\n%s", f.current().Label, got)
		}
		press(f, "tab")
	}
}

func TestCursorStandsBehindWhatWasTyped(t *testing.T) {
	t.Parallel()
	f := payment()
	typed(f, "日本5")
	got := f.View(72, 24, dark())
	c := f.Cursor()
	if c == nil {
		t.Fatal("no cursor")
	}
	s := tuitest.Render(got, 72, 24)
	if x, y, _ := s.Find("日本5"); c.X != x+5 || c.Y != y {
		t.Errorf("the cursor is at %d,%d in\n%s", c.X, c.Y, s)
	}
	for x := range 72 {
		if s.Cell(x, c.Y).Reverse {
			t.Errorf("a second cursor is drawn at %d", x)
		}
	}
}

// TestEveryRowIsExact draws forms of any content at any size while random keys are pressed.
func TestEveryRowIsExact(t *testing.T) {
	t.Parallel()
	keys := []string{"space", "x", "j", "k", "down", "up", "tab", "shift+tab", "enter", "alt+enter", "ctrl+r", "left", "end", "backspace", "é", "日"}
	rapid.Check(t, func(r *rapid.T) {
		str := rapid.String()
		spec := Spec{
			Title: str.Draw(r, "title"), Subtitle: str.Draw(r, "subtitle"), Intro: str.Draw(r, "intro"), Files: files(),
			Effect: func(Values) string { return "does something" },
			Preview: func(Values) (string, error) {
				return "POST /x\n  {\"long\": \"" + strings.Repeat("ab ", 40) + "\"}", nil
			},
			Draft: Values{},
		}
		for i := range rapid.IntRange(0, 3).Draw(r, "fields") {
			fd := Field{
				Name: string(rune('a' + i)), Label: str.Draw(r, "label"), Help: str.Draw(r, "help"), Error: str.Draw(r, "error"),
				Kind: Kind(rapid.IntRange(0, 4).Draw(r, "kind")), Required: rapid.Bool().Draw(r, "required"),
				Loading: rapid.IntRange(0, 4).Draw(r, "loading") == 0,
			}
			for range rapid.IntRange(0, 4).Draw(r, "options") {
				fd.Options = append(fd.Options, Option{
					Value: str.Draw(r, "value"), Label: str.Draw(r, "option"), Note: str.Draw(r, "note"), Disabled: rapid.Bool().Draw(r, "off"),
				})
			}
			spec.Draft[fd.Name] = []string{str.Draw(r, "draft")}
			spec.Fields = append(spec.Fields, fd)
		}
		f := New(spec)
		settle(f, f.Init())
		for range rapid.IntRange(0, 4).Draw(r, "keys") {
			if _, ev := f.Update(tuitest.Key(rapid.SampledFrom(keys).Draw(r, "key"))); ev != nil {
				f.SetError(str.Draw(r, "failure"), map[string]string{"a": str.Draw(r, "field failure")})
			}
			check(r, f)
		}
		check(r, f)
	})
}

func check(r *rapid.T, f *Form) {
	w, h := rapid.IntRange(0, 90).Draw(r, "w"), rapid.IntRange(0, 30).Draw(r, "h")
	view := f.View(w, h, dark())
	if view == "" {
		if w >= 10 && h >= 5 {
			r.Fatalf("nothing at %dx%d", w, h)
		}
		return
	}
	lines := strings.Split(view, "\n")
	if len(lines) > h {
		r.Fatalf("%d rows in %d:\n%s", len(lines), h, view)
	}
	for _, line := range lines {
		if n := ansi.StringWidth(line); n != min(w, maxWidth) {
			r.Fatalf("%q is %d cells wide, not %d", line, n, min(w, maxWidth))
		}
	}
	if c := f.Cursor(); c != nil && (c.X < 1 || c.Y < 1 || c.X >= min(w, maxWidth)-1 || c.Y >= len(lines)-1) {
		r.Fatalf("the cursor is at %d,%d outside of %dx%d", c.X, c.Y, w, h)
	}
}

// A name without an end leaves room for the fields.
func TestEndlessWordsLeaveRoom(t *testing.T) {
	t.Parallel()
	f := New(Spec{
		Title: "T", Subtitle: strings.Repeat("endless ", 400), Intro: strings.Repeat("reason ", 400),
		Fields: []Field{{Name: "a", Label: "Amount"}, {Name: "b", Label: "Note"}},
	})
	want(t, f, "Amount", "Note", "endless endless", "reason reason", "…")
}
