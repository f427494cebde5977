// Package tuitest drives Bubble Tea models in tests: without a program (Drive), and as a real program in a terminal
// emulator (Start). It also compares screens with golden files.
package tuitest

import (
	"reflect"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Bounds of a drive.
const (
	maxSteps = 10_000                 // messages until the test fails: a model that feeds itself for ever
	patience = 200 * time.Millisecond // a command that has not answered by then is left behind
)

// Driver runs a model without a program: a message goes to Update, and the commands that come of it are run one
// after the other, in order, until none is left. A command that waits (a tick, a blink) is left behind and its
// answer dropped; a test that needs it sends the message itself, or runs in a synctest bubble.
type Driver struct {
	Model tea.Model
	Quit  bool // the model asked to quit; later messages are not delivered
	tb    testing.TB
	steps int
}

// Drive starts model with its Init command and sends msgs.
func Drive(tb testing.TB, model tea.Model, msgs ...tea.Msg) *Driver {
	tb.Helper()
	d := &Driver{Model: model, tb: tb}
	d.run(model.Init())
	d.Send(msgs...)
	return d
}

// Send delivers messages, each with all that follows from it.
func (d *Driver) Send(msgs ...tea.Msg) {
	d.tb.Helper()
	for _, msg := range msgs {
		d.deliver(msg)
	}
}

// Keys presses keys by their names; see Key.
func (d *Driver) Keys(names ...string) {
	d.tb.Helper()
	d.Send(Keys(names...)...)
}

// Type types s.
func (d *Driver) Type(s string) {
	d.tb.Helper()
	d.Send(Typed(s)...)
}

// Paste pastes s.
func (d *Driver) Paste(s string) {
	d.tb.Helper()
	d.Send(tea.PasteMsg{Content: s})
}

// Screen returns the model's view as it looks in a terminal of w×h cells.
func (d *Driver) Screen(w, h int) *Screen { return Render(d.Model.View().Content, w, h) }

func (d *Driver) deliver(msg tea.Msg) {
	d.tb.Helper()
	if d.steps++; d.steps > maxSteps {
		d.tb.Fatalf("no rest after %d messages; the last is %T", maxSteps, msg)
	}
	if d.Quit {
		return
	}
	switch msg := msg.(type) {
	case nil:
		return
	case tea.QuitMsg:
		d.Quit = true
		return
	case tea.BatchMsg:
		for _, cmd := range msg {
			d.run(cmd)
		}
		return
	}
	if cmds, ok := sequence(msg); ok {
		for _, cmd := range cmds {
			d.run(cmd)
		}
		return
	}
	var cmd tea.Cmd
	d.Model, cmd = d.Model.Update(msg)
	d.run(cmd)
}

func (d *Driver) run(cmd tea.Cmd) {
	d.tb.Helper()
	if msg, ok := Await(cmd); ok {
		d.deliver(msg)
	}
}

// Await runs a command and returns its message; false when it is nil or does not answer soon.
func Await(cmd tea.Cmd) (tea.Msg, bool) {
	if cmd == nil {
		return nil, false
	}
	answer := make(chan tea.Msg, 1)
	go func() { answer <- cmd() }()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case msg := <-answer:
		return msg, true
	case <-late.C:
		return nil, false
	}
}

// sequence returns the commands of a tea.Sequence, whose message type has no name outside Bubble Tea.
func sequence(msg tea.Msg) ([]tea.Cmd, bool) {
	v := reflect.ValueOf(msg)
	want := reflect.TypeFor[[]tea.Cmd]()
	if v.Kind() != reflect.Slice || !v.Type().ConvertibleTo(want) || v.Type().PkgPath() != reflect.TypeFor[tea.BatchMsg]().PkgPath() {
		return nil, false
	}
	return reflect.TypeAssert[[]tea.Cmd](v.Convert(want))
}
