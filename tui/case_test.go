package tui_test

import (
	"testing"
	"time"

	"claimdeck/keymap"
	"claimdeck/sandbox/scalepoint"
	"claimdeck/state/outbox"
	"claimdeck/tui/screen"
)

// submitCase submits a case of a claim from the list of claims, and waits for what is said of it. A form that comes back
// is left.
func (d *desk) submitCase(on screen.Subject, token, says string) {
	d.tb.Helper()
	d.choose(on)
	d.keys("S")
	d.pass(time.Second)
	d.shows("Submit the case", "dk", "abcinsurance")
	d.typed(token)
	d.shows("Sends to Scalepoint: Submit the case " + token + ".")
	for range 3 {
		d.keys("enter")
	}
	d.pass(500 * time.Millisecond)
	d.says(says)
	d.pass(time.Second)
	d.keys("esc", "esc")
	d.pass(20 * time.Second)
}

// TestCaseFlow: a case from the first key to its place in the header, and once more with the token of last time.
func TestCaseFlow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true, live: true}, 120, 40)
		on := d.newest()
		d.submitCase(on, "ok-7", "Confirmed by Scalepoint")
		d.shows("+ Scalepoint: submitted Nov 20") // in the claim beside the list
		if d.sides.office.Submitted("ok-7") != 1 {
			t.Error("the case was not submitted once")
		}
		d.keys("enter")
		for _, size := range sizes() {
			d.resize(size[0], size[1])
			d.pass(time.Second)
			d.shows("+ Scalepoint: submitted Nov 20")
		}
		d.resize(120, 40)
		d.keys("S")
		d.pass(time.Second)
		d.shows("▌ ok-7", "Sends to Scalepoint: Submit the case ok-7.") // in full: it is no secret
		d.keys("ctrl+r")
		d.shows("POST ", "/dk/api/abcinsurance/case/ok-7/submitted")
		d.keys("esc", "esc")
		d.keys(d.env.Keys.Hint(keymap.ScreenOutbox), "g")
		d.pass(time.Second)
		d.shows("Confirmed by Scalepoint")
		d.hides("the feed", "LossExpress accepted")
		if e := d.entries(); len(e) != 1 || e[0].State != outbox.Confirmed {
			t.Errorf("%+v", e)
		}
	})
}

// A case is held like any write: it can be taken back, and the footer names no other system meanwhile.
func TestCaseIsHeld(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true, live: true, hold: hold}, 120, 40)
		d.submitCase(d.newest(), "ok-8", goesOut+" ") // esc does not send it any sooner
		d.hides("Sends to LossExpress", "by the feed")
		if n := d.sides.office.Submitted("ok-8"); n != 1 {
			t.Errorf("submitted %d times once its time had come", n)
		}
		d.keys("S")
		d.pass(time.Second)
		d.keys("enter", "enter", "enter")
		d.pass(time.Second)
		d.keys("u")
		d.pass(2 * hold)
		if e := d.entries(); e[0].State != outbox.Undone {
			t.Errorf("it is %s", e[0].State)
		}
	})
}

// What was not submitted is never called submitted, whatever the service calls it.
func TestCaseThatIsNotSubmitted(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]struct{ says, header string }{
		"empty-1":   {"Not done: not submitted, although", "! Scalepoint: not submitted: no lines"},
		"closed-1":  {"Not done: the case is not open", "! Scalepoint: refused: case not open"},
		"noagree-1": {"Not done: the customer has not", "! Scalepoint: refused: no agreement"},
		"missing-1": {"Not done: no case has this token", "! Scalepoint: refused: no such case"},
	} {
		t.Run(token, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d := sit(t, setup{sides: true, live: true}, 120, 40)
				on := d.newest()
				d.submitCase(on, token, want.says)
				d.shows(want.header)
				d.keys("enter")
				d.pass(time.Second)
				d.shows(want.header)
				d.hides("Sends to LossExpress", "+ Scalepoint")
			})
		})
	}
}

// A case without an answer is in doubt until it is submitted again, which is safe and tells.
func TestCaseInDoubt(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true, live: true}, 120, 40)
		d.sides.office.Inject(scalepoint.Fault{Kind: scalepoint.FaultReset, Path: scalepoint.SubmitPath, After: true, Times: 1})
		d.submitCase(d.newest(), "ok-9", "Sent, but no answer came")
		d.shows("! Scalepoint: in doubt since Nov 20")
		d.pass(time.Minute)
		d.keys(d.env.Keys.Hint(keymap.ScreenOutbox), "g")
		d.pass(time.Second)
		d.shows("Submitting it again is safe, and tells.")
		d.hides("the claim does not show it")
		d.keys(d.env.Keys.Hint(keymap.OutboxRetry))
		d.pass(5 * time.Second)
		if e := d.entries()[0]; e.State != outbox.Confirmed || e.Attempts != 2 {
			t.Errorf("%+v", e)
		}
		d.keys("enter")
		d.pass(time.Second)
		d.shows("+ Scalepoint: submitted before Nov 20")
	})
}
