package tui_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"claimdeck/keymap"
	"claimdeck/state/outbox"
	"claimdeck/tui/screen"
)

// states are those of a write, in the order in which fill shows them.
func states() []outbox.State {
	return []outbox.State{
		outbox.Held, outbox.Sending, outbox.Accepted, outbox.Confirmed, outbox.Rejected, outbox.Unknown, outbox.Undone, outbox.Dropped,
	}
}

// entry is a write in a state, a minute older than the one before it.
func (r *rig) entry(n int, state outbox.State) outbox.Entry {
	r.tb.Helper()
	c := r.claims()[n]
	at := r.now().Add(-time.Duration(n) * time.Minute)
	e := outbox.Entry{
		ID: fmt.Sprintf("019a0000-0000-7000-8000-%012d", 1000-n), Action: "order.create", ClaimID: c.ID, ClaimNumber: c.Number,
		Title: "Order Copy of Title, Payment History", Input: json.RawMessage(`{"values":{"types":["Copy of Title","Payment History"]}}`),
		Origin: outbox.FromConsole, State: state, CreatedAt: at, Attempts: 1, Holder: "another console",
	}
	if state == outbox.Held {
		e.HoldUntil = r.now().Add(5 * time.Second)
		return e
	}
	e.SentAt, e.AnsweredAt = at.Add(5*time.Second), at.Add(6*time.Second)
	switch state {
	case outbox.Confirmed:
		e.SettledAt = at.Add(7 * time.Second)
	case outbox.Rejected:
		e.Problem = &outbox.Problem{
			Message: "LossExpress refused it: \"types[1]\" must be one of the order types", Status: 400, Refused: true,
			Fields: map[string]string{"types": "must be one of the order types"},
		}
	case outbox.Unknown:
		e.Checked = true
		e.Problem = &outbox.Problem{Message: "no answer from LossExpress within 60 s"}
	default:
	}
	return e
}

// fill puts a write of every state into the outbox.
func (d *desk) fill() {
	d.tb.Helper()
	for i, state := range states() {
		if err := d.store.Insert(d.ctx, d.entry(i, state)); err != nil {
			d.tb.Fatal(err)
		}
	}
	d.raise()
	d.pass(300 * time.Millisecond)
}

// onState goes to the write of a state in the outbox.
func (d *desk) onState(state outbox.State) {
	d.tb.Helper()
	d.keys("4", "g")
	for range slices.Index(states(), state) {
		d.keys("j")
	}
	d.pass(20 * time.Second)
	if !strings.Contains(d.marked(), string(state)) {
		d.tb.Fatalf("the selected write is %q, not %s\n%s", d.marked(), state, d.screen())
	}
}

func outboxKeys() map[keymap.ID]effect {
	// at presses the key on a write of a state.
	at := func(state outbox.State, try effect) effect {
		return func(d *desk, key string) string {
			d.onState(state)
			return try(d, key)
		}
	}
	return map[keymap.ID]effect{
		keymap.OutboxOpen:    at(outbox.Confirmed, goes("Claim")),
		keymap.OutboxUndo:    at(outbox.Held, tells("Undone: Order Copy of Title")),
		keymap.OutboxRecheck: at(outbox.Accepted, tells("Looked again")),
		keymap.OutboxRetry:   at(outbox.Rejected, tells("Sending again")),
		keymap.OutboxDrop:    at(outbox.Unknown, tells("Dropped: Order Copy of Title")),
	}
}

// TestOutboxOffers: for every state the footer offers what can be done, and the other keys say why not.
func TestOutboxOffers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.fill()
		can := map[outbox.State]string{
			outbox.Held: "u", outbox.Rejected: "rD", outbox.Unknown: "crD", outbox.Accepted: "c",
		}
		for _, state := range states() {
			d.onState(state)
			footer := d.screen().Row(d.h - 1)
			for key, words := range map[string]string{"u": "undo", "c": "check again", "r": "send again", "D": "give up"} {
				offered := strings.Contains(footer, key+" "+words)
				if want := strings.Contains(can[state], key); offered != want {
					t.Errorf("%s: %s %s offered: %v, want %v in %q", state, key, words, offered, want, footer)
				}
				if offered {
					continue
				}
				d.keys(key)
				d.says("This write is " + string(state))
				d.keys("esc")
			}
		}
		if n := len(d.sandbox.Writes()); n != 0 {
			t.Errorf("%d writes reached the service", n)
		}
	})
}

// TestOutboxOpensARefusedForm: enter on a rejected write brings its form with all that was typed.
func TestOutboxOpensARefusedForm(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.fill()
		d.onState(outbox.Rejected)
		d.keys("enter")
		d.pass(time.Second)
		d.shows("New orders", "[x] Copy of Title", "[x] Payment History", "must be one of the order types")
	})
}

func TestOutboxEmptySaysWhatBelongsThere(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 80, 24)
		d.keys("4")
		d.shows("Nothing was sent yet", "O on a claim orders documents")
		for _, key := range []string{"enter", "u", "c", "D", "j", "G"} {
			d.keys(key) // nothing to act on, nothing breaks
			d.pass(10 * time.Second)
		}
		d.shows("Nothing was sent yet")
	})
}

// TestOutboxCountsWhatIsOpen: the header counts the writes that are not settled, on every screen.
func TestOutboxCountsWhatIsOpen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.fill()
		for _, key := range []string{"1", "2", "4"} {
			d.keys(key)
			d.shows("4 Outbox 3") // held, sending, unknown
		}
	})
}

// newest is the claim of the newest activity.
func (r *rig) newest() screen.Subject {
	r.tb.Helper()
	first := r.activities()[0]
	return screen.Subject{ClaimID: first.ClaimID, Number: first.ClaimNumber}
}
