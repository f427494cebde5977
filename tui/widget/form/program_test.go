package form

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"

	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
	"claimdeck/tui/widget/modal"
)

// TestMain lets the runtime's signal goroutine begin outside of every bubble: a program in a bubble would take it in.
func TestMain(m *testing.M) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	signal.Stop(c)
	goleak.VerifyTestMain(m)
}

// host is the least program around a form. It refuses the first try.
type host struct {
	*Form
	t     theme.Theme
	w, h  int
	tries int
	sent  Values
}

func (h *host) Init() tea.Cmd { return tea.Batch(tea.RequestBackgroundColor, h.Form.Init()) }

func (h *host) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		h.w, h.h = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		h.t = theme.New(theme.Options{Dark: msg.IsDark()})
	}
	cmd, ev := h.Form.Update(msg)
	switch ev := ev.(type) {
	case Submitted:
		if h.tries++; h.tries == 1 {
			h.SetError("LossExpress refused the note.", map[string]string{"note": "Invalid input: note is too short"})
			return h, cmd
		}
		h.sent = ev.Values
		return h, tea.Quit
	case Cancelled:
		return h, tea.Quit
	}
	return h, cmd
}

func (h *host) View() tea.View {
	view, x, y := modal.NewBackdrop(strings.Repeat("behind ", 30), h.w, h.h, h.t).Place(h.Form.View(h.w-2, h.h-2, h.t))
	v := tea.NewView(view)
	v.AltScreen = true
	if c := h.Cursor(); c != nil {
		c.X, c.Y = c.X+x, c.Y+y
		v.Cursor = c
	}
	return v
}

func newHost() *host {
	return &host{t: dark(), Form: New(Spec{
		Title: "Payment sent", Subtitle: "EX-1001", Files: files(),
		Fields: []Field{
			{Name: "types", Label: "Order types", Kind: MultiChoice, Required: true, Options: orderTypes()[:3]},
			{Name: "amount", Label: "Amount", Required: true},
			{Name: "document", Label: "Receipt", Kind: File},
			{Name: "note", Label: "Note", Kind: LongText},
		},
		Effect: func(v Values) string { return fmt.Sprintf("Sends %d orders.", len(v["types"])) },
		Preview: func(v Values) (string, error) {
			return "POST /orders\n\n{\n  \"note\": \"" + first(v["note"]) + "\"\n}", nil
		},
	})}
}

// TestInAProgram fills in every kind of field in a real program: real keys, real paste, real screen.
func TestInAProgram(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			h := newHost()
			term := tuitest.Start(t, h, size[0], size[1])
			term.WaitFor("Copy of Title")
			term.Keys("space", "j", "j", "x")
			term.WaitFor("Sends 2 orders")
			term.Keys("enter")
			term.Type("10,222")
			term.Paste(".33\x1b[2J\u202e")
			term.WaitFor("10,222.33")
			x, y, _ := term.Picture().Find("10,222.33")
			term.Until("the cursor stands behind the amount", func(*tuitest.Screen) bool {
				cx, cy := term.Cursor()
				return cx == x+9 && cy == y
			})
			term.Keys("shift+tab", "tab", "enter")
			term.WaitFor("breakdown of settlement.pdf")
			term.Paste("'/home/dana/scans/breakdown of settlement.pdf'\n")
			term.Keys("enter")
			term.WaitFor("+ PDF document, 182 kB")
			term.Keys("enter")
			term.Type("ok")
			term.Keys("ctrl+r")
			term.WaitFor(`"note": "ok"`)
			term.Keys("esc", "enter")
			term.WaitFor("! Invalid input: note is too short")
			term.WaitFor("! LossExpress refused the note.")
			term.Keys("alt+enter")
			term.Type("paid in full")
			term.Keys("enter")
			if _, err := term.WaitQuit(); err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprintf("%q", h.sent)
			want := fmt.Sprintf("%q", Values{
				"types": {"TITLE", "HISTORY"}, "amount": {"10,222.33"},
				"document": {"/home/dana/scans/breakdown of settlement.pdf"}, "note": {"ok\npaid in full"},
			})
			if got != want {
				t.Errorf("sent %s\nwant %s", got, want)
			}
			if strings.Contains(term.Raw(), "\u202e") {
				t.Error("a bidi override reached the terminal")
			}
		})
	}
}

// TestQuiet holds the form to the wire: nothing while nothing happens, little for a key.
func TestQuiet(t *testing.T) {
	t.Parallel()
	// In a bubble a slow machine does not draw late, into the next measurement.
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { time.Sleep(time.Minute) }) // for clocks that nobody waits for any more
		term := tuitest.Start(t, newHost(), 120, 40)
		term.WaitFor("Copy of Title")
		term.Keys("enter", "space", "enter") // a text field has the focus
		term.WaitFor("Sends 1 orders")
		if n := term.Measure(func() {}); n != 0 {
			t.Errorf("a form at rest wrote %d bytes: does its cursor blink?", n)
		}
		if n := term.Measure(func() { time.Sleep(10 * time.Second) }); n != 0 {
			t.Errorf("a form at rest wrote %d bytes in ten seconds", n)
		}
		if n := term.Measure(func() { term.Type("1") }); n > 120 {
			t.Errorf("one letter took %d bytes", n)
		}
		if n := term.Measure(func() { term.Keys("shift+tab"); term.Keys("j") }); n > 400 {
			t.Errorf("moving between fields took %d bytes", n)
		}
	})
}

func TestResizeKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	term := tuitest.Start(t, newHost(), 120, 40, tuitest.Light())
	term.WaitFor("Copy of Title")
	term.Keys("tab")
	term.Type("10,222.33")
	for _, size := range [][2]int{{60, 20}, {20, 6}, {3, 2}, {200, 60}, {80, 24}} {
		term.Resize(size[0], size[1])
		term.WaitIdle()
	}
	term.WaitFor("10,222.33")
	term.Keys("esc")
	if _, err := term.WaitQuit(); err != nil {
		t.Error(err)
	}
}
