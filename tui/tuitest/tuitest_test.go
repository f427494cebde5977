package tuitest

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"go.uber.org/goleak"
)

// TestMain lets the runtime's signal goroutine begin outside of every bubble: a program in a bubble would take it in.
func TestMain(m *testing.M) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	signal.Stop(c)
	goleak.VerifyTestMain(m)
}

// probe writes down what it is told.
type probe struct {
	w, h  int
	seen  []string
	dark  string
	start tea.Cmd
	on    func(key string) tea.Cmd
}

func (p *probe) Init() tea.Cmd { return tea.Batch(tea.RequestBackgroundColor, p.start) }

func (p *probe) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		p.w, p.h = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		p.dark = fmt.Sprint(msg.IsDark())
	case tea.PasteMsg:
		p.seen = append(p.seen, "paste:"+msg.Content)
	case string:
		p.seen = append(p.seen, msg)
	case tea.KeyPressMsg:
		p.seen = append(p.seen, msg.String())
		if msg.String() == "q" {
			return p, tea.Quit
		}
		if p.on != nil {
			return p, p.on(msg.String())
		}
	}
	return p, nil
}

func (p *probe) View() tea.View {
	bold := lipgloss.NewStyle().Bold(true).Render("seen")
	v := tea.NewView(fmt.Sprintf("%dx%d dark=%s\n%s %s", p.w, p.h, p.dark, bold, strings.Join(p.seen, ",")))
	v.AltScreen = true
	v.Cursor = tea.NewCursor(2, 1)
	return v
}

func say(s string) tea.Cmd { return func() tea.Msg { return s } }

func TestDriveDrainsCommands(t *testing.T) {
	t.Parallel()
	never := func() tea.Msg { <-t.Context().Done(); return "late" }
	p := &probe{start: tea.Sequence(say("one"), tea.Batch(say("two"), nil, say("three")), say("four"))}
	p.on = func(string) tea.Cmd { return tea.Batch(never, say("after")) }
	d := Drive(t, p, Key("x"))
	d.Type("a b")
	d.Paste("text")
	d.Keys("q", "z")
	got := strings.Join(p.seen, " ")
	if want := "one two three four x after a after space after b after paste:text q"; got != want {
		t.Errorf("saw %q, want %q", got, want)
	}
	if !d.Quit {
		t.Error("the driver did not notice that the model quit")
	}
	if s := d.Screen(40, 3); !s.Contains("seen one,two") || !s.Cell(0, 1).Bold {
		t.Errorf("the screen is\n%s", s)
	}
}

// failing records Fatalf instead of failing the test.
type failing struct {
	testing.TB
	said string
}

func (f *failing) Helper() {}
func (f *failing) Fatalf(format string, args ...any) {
	f.said += fmt.Sprintf(format, args...)
	panic(f)
}
func (f *failing) Fatal(args ...any)                 { f.Fatalf("%s", fmt.Sprint(args...)) }
func (f *failing) Errorf(format string, args ...any) { f.said += fmt.Sprintf(format, args...) }

func (f *failing) run(do func()) (said string) {
	defer func() {
		if r := recover(); r != nil && r != any(f) {
			panic(r)
		}
		said = f.said
	}()
	do()
	return ""
}

func TestDriveEndsALoop(t *testing.T) {
	t.Parallel()
	p := &probe{}
	p.on = func(string) tea.Cmd { return func() tea.Msg { return Key("x") } }
	f := &failing{TB: t}
	f.run(func() { Drive(f, p, Key("x")) })
	if !strings.Contains(f.said, "no rest after") {
		t.Errorf("a model that feeds itself ended with %q", f.said)
	}
}

func TestKeyNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"j", "G", "+", "/", "enter", "tab", "shift+tab", "ctrl+r", "alt+enter", "space", "pgup", "f5", "ctrl++"} {
		if got := Key(name).String(); got != name {
			t.Errorf("Key(%q) says it is %q", name, got)
		}
	}
	for _, name := range []string{"", "entre", "hyper+x"} {
		f := func() (bad bool) {
			defer func() { bad = recover() != nil }()
			Key(name)
			return false
		}
		if !f() {
			t.Errorf("%q passes for a key", name)
		}
	}
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	p := &probe{}
	term := Start(t, p, 200, 6)
	term.WaitFor("200x6 dark=true")
	term.Keys("j", "enter", "esc", "shift+tab", "ctrl+r", "alt+enter", "space", "up", "G")
	term.Type("é日")
	term.Paste("two\nlines")
	term.WaitFor("seen j,enter,esc,shift+tab,ctrl+r,alt+enter,space,up,G,é,日,paste:two")
	if !term.AltScreen() {
		t.Error("not on the alternate screen")
	}
	if c := term.Cell(0, 1); c.Text != "s" || !c.Bold {
		t.Errorf("cell 0,1 is %+v", c)
	}
	if x, y := term.Cursor(); x != 2 || y != 1 {
		t.Errorf("the cursor is at %d,%d", x, y)
	}
	term.Resize(120, 4)
	term.WaitFor("120x4")
	if !strings.Contains(term.Raw(), "\x1b[?1049h") {
		t.Error("the raw bytes do not hold the switch to the alternate screen")
	}
	if x, y, ok := term.Picture().Find("dark"); !ok || y != 0 || x != 6 {
		t.Errorf("found dark at %d,%d", x, y)
	}
	term.Keys("q")
	if model, err := term.WaitQuit(); err != nil || model != tea.Model(p) {
		t.Errorf("ended with %v, %v", model, err)
	}
}

func TestLightTerminal(t *testing.T) {
	t.Parallel()
	term := Start(t, &probe{}, 40, 4, Light())
	term.WaitFor("dark=false")
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	// In a bubble a slow machine does not draw late, into the next measurement.
	synctest.Test(t, func(t *testing.T) {
		term := Start(t, &probe{}, 80, 4)
		term.WaitFor("dark=true")
		if n := term.Measure(func() {}); n != 0 {
			t.Errorf("an idle program wrote %d bytes", n)
		}
		if n := term.Measure(func() { term.Keys("x") }); n == 0 || n > 60 {
			t.Errorf("one letter took %d bytes", n)
		}
	})
}

func TestBusy(t *testing.T) {
	t.Parallel()
	until := time.Now().Add(150 * time.Millisecond)
	term := Start(t, &probe{}, 40, 4, Busy(func() bool { return time.Now().Before(until) }))
	term.WaitIdle()
	if time.Now().Before(until) {
		t.Error("idle while tasks run")
	}
}

func TestRenderCutsAtTheEdge(t *testing.T) {
	t.Parallel()
	s := Render("abcdef\nxy\nno", 4, 2)
	if s.String() != "abcf\nxy\n" && s.String() != "abcd\nxy\n" {
		t.Errorf("got\n%s", s)
	}
	if c := s.Cell(9, 9); c.Text != " " {
		t.Errorf("outside is %q", c.Text)
	}
}

func TestGolden(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	f := &failing{TB: t}
	if said := f.run(func() { Golden(f, "a/b", "one\ntwo") }); !strings.Contains(said, "-update") {
		t.Errorf("a missing file said %q", said)
	}
	if err := os.MkdirAll(filepath.Join("testdata", "a"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("testdata", "a", "b.golden"), []byte("one\ntwo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	Golden(t, "a/b", "one  \ntwo\n\n")
	f = &failing{TB: t}
	if said := f.run(func() { Golden(f, "a/b", "one\nthree") }); !strings.Contains(said, "line 2") {
		t.Errorf("a difference said %q", said)
	}
}
