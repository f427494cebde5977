package tui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"claimdeck/action/scenario"
	"claimdeck/keymap"
	sandbox "claimdeck/sandbox/lossexpress"
)

// sandboxKeys are the keys of the studio. Each fires its line of the menu at the service, and shows what came of it.
func sandboxKeys() map[keymap.ID]effect {
	table := map[keymap.ID]effect{
		keymap.SandboxFire:  fires("message", sandbox.WroteClaim),
		keymap.SandboxClaim: goes("Claim"),
		keymap.SandboxStop: func(d *desk, key string) string {
			d.keys("C")
			return tells("Test VIN call: stopped by you")(d, key)
		},
	}
	for _, e := range scenario.TestVINs() {
		table[keymap.ID("sandbox.vin."+e.Name)] = fires(e.Name, sandbox.WroteClaim)
	}
	for _, e := range scenario.Triggers() {
		table[keymap.ID("sandbox.trigger."+e.Name)] = fires(e.Name, sandbox.WroteTrigger)
	}
	return table
}

// unhurried is a service that takes its time with what a test VIN brings.
func unhurried() sandbox.Behaviour { return sandbox.Behaviour{TestVINDelay: 3 * time.Second} }

// fires checks that a key sends one thing to the service, and that its line says how long the activity took to arrive.
func fires(name, kind string) effect {
	return func(d *desk, key string) string {
		before := len(d.sandbox.Writes())
		d.keys(key)
		d.pass(40 * time.Second)
		writes := d.sandbox.Writes()[before:]
		if len(writes) != 1 || writes[0].Kind != kind {
			return fmt.Sprintf("the service did %+v, want one %s", writes, kind)
		}
		row := strings.Fields(d.marked())
		if len(row) < 4 || row[1] != name {
			return fmt.Sprintf("the selected line is %q, not that of %s", d.marked(), name)
		}
		if end := strings.Join(row[len(row)-3:], " "); !strings.HasPrefix(end, "+ ") || !strings.HasSuffix(end, " s") {
			return fmt.Sprintf("the line ends with %q, not with the time it took", end)
		}
		return ""
	}
}

// A run goes on while one looks elsewhere, triggers act on the claim that was selected last, and what a test VIN created
// can be opened.
func TestStudioThroughTheConsole(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{behaviour: unhurried()}, 120, 40)
		on := d.withCounter()
		d.choose(on)
		d.keys("5")
		d.shows("triggers act on "+on.Number, "triggers on "+on.Number)
		d.keys("c")
		d.shows("Trigger call on "+on.Number, "after ")
		if w := d.sandbox.Writes(); len(w) != 1 || w[0].ClaimID != on.ClaimID {
			t.Errorf("the service did %+v", w)
		}
		d.keys("P")
		d.shows("waiting for: Payoff quote", "under way", "1 under way")
		d.keys("1")
		d.pass(time.Minute)
		d.keys("5")
		d.shows("2 fired", "Test VIN payoff", "after 3.")
		d.hides("under way")
		d.keys("M")
		d.pass(time.Minute)
		d.keys("v")
		d.pass(time.Second)
		if got := d.on(); got != "Claim" || !strings.HasPrefix(d.screen().Row(2), " SCN-") {
			t.Errorf("it shows %s, %q", got, d.screen().Row(2))
		}
	})
}

// Production is never fired at, whatever key is pressed.
func TestStudioKeepsAwayFromProduction(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{production: true}, 120, 40)
		d.keys("!")
		d.typed("north")
		d.keys("enter")
		for _, b := range d.env.Keys.Bindings() {
			if b.Scope != keymap.ScopeSandbox {
				continue
			}
			d.keys("5")
			d.pass(20 * time.Second)
			d.keys(b.Keys[0])
			d.says("This profile is production")
		}
		d.pass(time.Minute)
		if w := d.sandbox.Writes(); len(w) != 0 {
			t.Errorf("the service did %+v", w)
		}
	})
}
