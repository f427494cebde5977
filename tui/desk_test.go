package tui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/query"
	"claimdeck/state/store"
	"claimdeck/tui"
	"claimdeck/tui/screen"
	"claimdeck/tui/tuitest"
)

// desk is the console without a program: messages go to Update, commands run beside it, and after every step the
// view is drawn, as the program does. It needs a bubble.
type desk struct {
	*rig
	app  *tui.App
	w, h int
	msgs chan tea.Msg
	seen []tea.Msg // messages that are for the program, not for the console
	quit bool

	drawn  string // the view that was held to its size last, and that size
	dw, dh int
	shot   *tuitest.Screen // of drawn; nil: not taken yet
	order  []string        // see index
	last   int64           // the newest activity in order
}

// sit puts the console on the desk, at a size, and lets it come to rest.
func sit(t *testing.T, s setup, w, h int) *desk {
	t.Helper()
	r := newRig(t, s)
	d := &desk{rig: r, app: tui.New(r.options), w: w, h: h, msgs: make(chan tea.Msg, 1<<14)}
	d.run(d.app.Init())
	d.resize(w, h)
	d.pass(150 * time.Millisecond)
	return d
}

func (d *desk) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() { d.msgs <- cmd() }()
}

// settle lets everything happen that needs no time.
func (d *desk) settle() {
	d.tb.Helper()
	for {
		synctest.Wait()
		if !d.drain() {
			return
		}
		d.look()
	}
}

func (d *desk) drain() (some bool) {
	d.tb.Helper()
	for {
		select {
		case msg := <-d.msgs:
			d.deliver(msg)
			some = true
		default:
			return some
		}
	}
}

// pass lets time go by.
func (d *desk) pass(t time.Duration) {
	d.tb.Helper()
	end := time.NewTimer(t)
	defer end.Stop()
	for {
		d.settle()
		select {
		case msg := <-d.msgs:
			d.deliver(msg)
		case <-end.C:
			d.settle()
			return
		}
	}
}

func (d *desk) deliver(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
		return
	case tea.BatchMsg:
		for _, cmd := range msg {
			d.run(cmd)
		}
		return
	case tea.QuitMsg:
		d.quit = true
		return
	}
	d.seen = append(d.seen, msg)
	_, cmd := d.app.Update(msg)
	d.run(cmd)
}

func (d *desk) send(msgs ...tea.Msg) {
	d.tb.Helper()
	for _, msg := range msgs {
		d.deliver(msg)
		d.settle()
	}
}

// keys presses keys by their names, each after the last has come to rest.
func (d *desk) keys(names ...string) {
	d.tb.Helper()
	d.send(tuitest.Keys(names...)...)
}

func (d *desk) typed(s string) {
	d.tb.Helper()
	d.send(tuitest.Typed(s)...)
}

func (d *desk) resize(w, h int) {
	d.tb.Helper()
	d.w, d.h = w, h
	d.send(tea.WindowSizeMsg{Width: w, Height: h})
}

// look draws the view and holds it to what every view must be: as many lines as the terminal has, none wider.
func (d *desk) look() string {
	d.tb.Helper()
	view := d.app.View()
	if d.w <= 0 || d.h <= 0 {
		return view.Content
	}
	if view.Content != d.drawn || d.dw != d.w || d.dh != d.h {
		fits(d.tb, view.Content, d.w, d.h)
		d.drawn, d.dw, d.dh, d.shot = view.Content, d.w, d.h, nil
	}
	return view.Content
}

func fits(tb testing.TB, view string, w, h int) {
	tb.Helper()
	lines := strings.Split(view, "\n")
	if len(lines) != h {
		tb.Errorf("%d lines on a terminal of %d×%d:\n%s", len(lines), w, h, ansi.Strip(view))
	}
	for i, line := range lines {
		if n := ansi.StringWidth(line); n > w {
			tb.Errorf("line %d has %d cells of %d: %q", i, n, w, line)
		}
	}
}

func (d *desk) screen() *tuitest.Screen {
	d.tb.Helper()
	if view := d.look(); d.shot == nil {
		d.shot = tuitest.Render(view, d.w, d.h)
	}
	return d.shot
}

// shows fails the test unless every text is on the screen.
func (d *desk) shows(texts ...string) {
	d.tb.Helper()
	s := d.screen()
	for _, text := range texts {
		if !s.Contains(text) {
			d.tb.Errorf("%q is not on the screen:\n%s", text, s)
			return
		}
	}
}

// hides fails the test when one of the texts is on the screen.
func (d *desk) hides(texts ...string) {
	d.tb.Helper()
	s := d.screen()
	for _, text := range texts {
		if s.Contains(text) {
			d.tb.Errorf("%q is on the screen:\n%s", text, s)
			return
		}
	}
}

// says fails the test unless the text stands in the rule above the footer, and takes the message away.
func (d *desk) says(text string) {
	d.tb.Helper()
	if row := d.screen().Row(d.h - 2); !strings.Contains(row, text) {
		d.tb.Errorf("the lower rule says %q, want %q", row, text)
	}
}

// marked returns the text of the row with the selection's marker, without the marker; empty when there is none.
func (d *desk) marked() string {
	d.tb.Helper()
	s := d.screen()
	for y := range s.H {
		if mark := s.Cell(0, y).Text; mark == "▌" || mark == ">" {
			return strings.TrimSpace(strings.TrimPrefix(s.Row(y), mark))
		}
	}
	return ""
}

// line returns the row on screen where the marker is; -1: nowhere.
func (d *desk) line() int {
	d.tb.Helper()
	s := d.screen()
	for y := range s.H {
		if mark := s.Cell(0, y).Text; mark == "▌" || mark == ">" {
			return y
		}
	}
	return -1
}

// arrive lets activities be noticed: they are read, told, and drawn.
func (d *desk) arrive() {
	d.tb.Helper()
	d.sync()
	d.pass(300 * time.Millisecond)
}

func (r *rig) claims() []store.ClaimRow {
	r.tb.Helper()
	rows, err := r.store.Claims(r.ctx, query.Filter{}, store.ClaimPaging{Limit: 500})
	if err != nil {
		r.tb.Fatal(err)
	}
	return rows
}

func (r *rig) activities() []store.Row {
	r.tb.Helper()
	rows, err := r.store.Activities(r.ctx, query.Filter{}, store.Paging{Limit: 5000})
	if err != nil {
		r.tb.Fatal(err)
	}
	return rows
}

// emit lets something happen on a claim that the stream shows as a call.
func (r *rig) emit(on screen.Subject) {
	r.sandbox.Emit(on.ClaimID, string(activity.CallMade), map[string]any{"callLength": 61})
}

// claim is a claim as the store knows it.
func (r *rig) claim(on screen.Subject) claim.Claim {
	r.tb.Helper()
	c, err := r.actions.Load(r.ctx, on.ClaimID)
	if err != nil {
		r.tb.Fatal(err)
	}
	return c
}

// claimWhere returns the seeded claim with the newest activity for which ok holds.
func (r *rig) claimWhere(what string, ok func(c claim.Claim) bool) screen.Subject {
	r.tb.Helper()
	for _, row := range r.claims() {
		on := screen.Subject{ClaimID: row.ID, Number: row.Number}
		if ok(r.claim(on)) {
			return on
		}
	}
	r.tb.Fatalf("no seeded claim %s", what)
	return screen.Subject{}
}

// withCounter is a claim whose counter waits for an answer.
func (r *rig) withCounter() screen.Subject {
	r.tb.Helper()
	return r.claimWhere("with an open counter", func(c claim.Claim) bool { _, open := c.OpenCounter(); return open })
}

// choose selects a claim in the list of claims.
func (d *desk) choose(on screen.Subject) {
	d.tb.Helper()
	d.keys("2", "g")
	for range len(d.claims()) {
		if strings.HasPrefix(d.marked(), on.Number) {
			d.pass(time.Second)
			return
		}
		d.keys("j")
	}
	d.tb.Fatalf("claim %s is not in the list\n%s", on.Number, d.screen())
}

// failing lets every request below a path fail until the faults are cleared.
func (r *rig) failing(path string) {
	r.sandbox.Inject(lossexpress.Fault{Kind: lossexpress.FaultServerError, PathPrefix: path, Times: -1})
}

// add opens a claim at the service that has all its papers and nothing else.
func (r *rig) add() screen.Subject {
	id := r.sandbox.AddClaim(lossexpress.ClaimSeed{ClaimNumber: "EX-1001", Documents: []string{"settlement breakdown", "valuation report"}})
	return screen.Subject{ClaimID: id, Number: "EX-1001"}
}
