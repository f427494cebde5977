package tui_test

import (
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/sandbox/claimcenter"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
	"claimdeck/tui/screen"
	"claimdeck/tui/tuitest"
)

// dear is a claim with a settlement of so much that reserves of a few thousand do not cover it, and with a payoff.
func (r *rig) dear() screen.Subject {
	r.tb.Helper()
	return r.claimWhere("with settlement, payoff and per diem", func(c claim.Claim) bool {
		_, priced := c.PayoffOn(r.now().AddDate(0, 0, 60))
		return priced && c.Settlement != nil && c.Payoff.PerDiem != nil && len(c.Payments) == 0 && c.Payoff.Standard != nil
	})
}

// ageTick is how long it takes until an age on screen is right again.
const ageTick = 31 * time.Second

func TestReservesAreReadWhenTheirTabIsOpened(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true}, 120, 40)
		on := d.dear()
		id := d.reserve(on, 5000, 1500)
		d.open(on)
		d.keys("tab", "tab")
		d.pass(time.Minute)
		if n := d.centerReads(); n != 0 {
			t.Fatalf("ClaimCenter was asked %d times before anybody wanted to know", n)
		}
		d.keys("shift+tab", "shift+tab", "shift+tab") // from the orders over the overview to the last tab
		d.pass(time.Second)
		d.shows("[Reserves !]", "ClaimCenter "+id, "found by the claim number", "read just now", "sum of transactions", "5,000.00",
			"waits for approval", "1,500.00", "exceeds the vehicle reserve of 5,000.00", "! Unapproved", "+ Approved", "i shows all line items")
		asked := d.centerReads()
		if asked == 0 {
			t.Fatal("nobody asked ClaimCenter")
		}
		d.pass(12*time.Minute + ageTick)
		d.shows("read 12 min ago")
		d.keys("tab", "shift+tab")
		d.pass(time.Second)
		if n := d.centerReads(); n != asked {
			t.Errorf("the tab that was open before was read again: %d requests, then %d", asked, n)
		}
		d.keys("R")
		d.says("Reading the claim and its reserves again")
		d.pass(20 * time.Second)
		d.shows("read just now")
		if d.centerReads() == asked {
			t.Error("R does not read again")
		}

		// A claim that is opened again shows what is stored, and reads it again only when it is old.
		asked = d.centerReads()
		d.keys("esc", "enter")
		d.pass(time.Second)
		d.shows("[Reserves !]", "5,000.00")
		if n := d.centerReads(); n != asked {
			t.Error("what was read a moment ago is read again")
		}
		d.keys("esc")
		d.pass(time.Hour)
		d.keys("enter")
		d.pass(time.Second)
		if d.shows("read just now"); d.centerReads() == asked {
			t.Error("what was read an hour ago is not read again")
		}
	})
}

func TestReservesWithoutAnAccount(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.openTab(d.rich(), "Reserves")
		d.shows("ClaimCenter has no account in this profile; claimdeck login claimcenter adds one.")
		for key, words := range map[string]string{
			"C": "ClaimCenter has no account in this profile: claimdeck login claimcenter", "R": "Reading the claim and its history again",
			"S": "Scalepoint has no account in this profile: claimdeck login scalepoint", "enter": "There is nothing to open", "i": "There is nothing to open",
		} {
			d.pass(time.Minute) // what was said before goes away
			d.keys(key)
			d.pass(time.Second)
			d.says(words)
		}
		d.env.NoReserves = errors.New("ClaimCenter: the address that gives out tokens is missing")
		d.pass(time.Minute)
		d.keys("tab", "shift+tab")
		d.shows("! ClaimCenter: the address that gives out tokens is missing.")
		d.hides("has no account in")
	})
}

// ClaimCenter being down is said on the tab, with what was read before, its age and the remedy, and nowhere else.
func TestReservesWhenClaimCenterIsDown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true}, 120, 40)
		on := d.dear()
		d.reserve(on, 5000, 0)
		d.openTab(on, "Reserves")
		d.pass(time.Second)
		d.shows("read just now", "5,000.00")
		d.sides.center.Inject(claimcenter.Fault{Kind: claimcenter.FaultReset, Times: -1})
		d.pass(25*time.Minute + ageTick)
		d.keys("R")
		d.shows("reading again; read 25 min ago", "5,000.00")
		d.pass(3 * time.Minute)
		d.shows("Not read again 2 min ago: ", "claimdeck doctor looks into it", "5,000.00", "read 28 min ago", "● live")
		if rule := d.screen().Row(d.h - 2); strings.Contains(rule, "ClaimCenter") {
			t.Errorf("the rule says %q", rule)
		}
		for range 7 {
			d.keys("tab")
			if !d.screen().Contains("[Reserves") {
				d.hides("ClaimCenter", "doctor")
			}
		}
		d.keys("esc")
		d.hides("ClaimCenter", "doctor")
		d.sides.center.ClearFaults()
		d.keys("enter")
		d.pass(time.Second)
		d.shows("read just now")
		d.hides("Not read again")
	})
}

func TestReservesBeforeAnyAnswer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true}, 120, 40)
		on := d.dear()
		d.reserve(on, 5000, 0)
		d.sides.center.Inject(claimcenter.Fault{Kind: claimcenter.FaultSlow, Delay: 8 * time.Second, Contains: "reserve-sets"})
		d.openTab(on, "Reserves")
		d.shows("reading", "found by the claim number")
		d.hides("never read", "sum of transactions")
		d.keys("i")
		d.says("No reserves were read yet")
		d.pass(12 * time.Second)
		d.shows("read just now", "sum of transactions")
	})
	bubble2(t, "refused", func(t *testing.T) {
		d := sit(t, setup{sides: true}, 120, 40)
		d.sides.center.Change(func(b *claimcenter.Behaviour) { b.TokenRefused = true })
		d.openTab(d.dear(), "Reserves")
		d.pass(time.Minute)
		d.shows("never read", "! Not read", "claimdeck login claimcenter", "R tries again")
	})
}

// bubble2 is bubble for a second world in one test.
func bubble2(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { bubble(t, f) })
}

// A claim that is not there under its number, or several times, is linked by its id: at once, and read by itself.
func TestLinkToClaimCenter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		others int // claims there with the same number
		says   string
	}{
		"not found": {0, "there is no claim"}, "several": {2, "2 claims have the number"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d := sit(t, setup{sides: true, live: true, hold: hold}, 120, 40)
				on := d.dear()
				for range c.others {
					d.reserve(on, 1000, 0)
				}
				id := d.sides.center.AddClaim(claimcenter.ClaimSeed{Number: "another number", Vehicle: 7777})
				d.openTab(on, "Reserves")
				d.pass(time.Minute)
				d.shows("not linked yet", c.says, "C links the claim by its ClaimCenter id, R tries again.")
				d.keys("C")
				d.pass(time.Second)
				d.typed("cc:nowhere")
				d.shows("Asks ClaimCenter, changes nothing there: Link to cc:nowhere.")
				d.hides("LossExpress:")
				d.keys("ctrl+r")
				d.shows("GET /rest/claim/v1/claims/cc:nowhere")
				d.keys("esc", "enter")
				d.pass(time.Second)
				d.shows("┌ Link to ClaimCenter", "! the claim cc:nowhere is not there for this account") // the form came back
				if _, y, ok := d.screen().Find("is not there for"); ok {
					for line := y + 1; line < d.h-2; line++ {
						if strings.Contains(d.screen().Row(line), "is not there for") {
							t.Errorf("it says so twice:\n%s", d.screen())
						}
					}
				}
				for range len("nowhere") {
					d.keys("backspace")
				}
				d.typed(strings.TrimPrefix(id, "cc:"))
				d.keys("enter")
				d.pass(500 * time.Millisecond) // nothing is held
				d.says("Done: Link to " + id + " at ClaimCenter")
				d.shows("ClaimCenter "+id, "linked by you", "7,777.00")
				for _, e := range d.entries() {
					if strings.Contains(d.screen().String(), "LossExpress accepted") || e.State == outbox.Held {
						t.Errorf("%+v", e)
					}
				}
				d.keys(d.env.Keys.Hint(keymap.ScreenOutbox))
				d.pass(time.Second)
				d.shows("Confirmed by ClaimCenter")
				d.hides("by the feed")
			})
		})
	}
}

// The day of the payoff moves the comparison; a payment is proposed for that day.
func TestReservesOnAnotherDay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true}, 120, 40)
		on := d.dear()
		d.reserve(on, 5000, 0)
		d.openTab(on, "Reserves")
		d.pass(time.Second)
		d.shows("If the check arrives   Fri Nov 20")
		for range 60 {
			d.keys("+")
		}
		day := d.now().AddDate(0, 0, 60)
		due, _ := d.claim(on).PayoffOn(day)
		d.shows("[Reserves", "Tue Jan 19, 2027", "estimated for 2027-01-19")
		d.keys("$")
		d.pass(time.Second)
		if plain := strings.ReplaceAll(d.screen().String(), ",", ""); !strings.Contains(plain, due.String()) {
			t.Errorf("the form does not propose %s:\n%s", due, plain)
		}
		d.keys("esc", "-")
		d.shows("Mon Jan 18, 2027")
	})
}

// A payment above the reserve is warned of before it is sent, from what is stored: ClaimCenter may be down.
func TestPaymentAboveTheReserveIsWarnedOf(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true}, 120, 40)
		on := d.dear()
		d.reserve(on, 2000, 0)
		d.openTab(on, "Reserves")
		d.pass(time.Second)
		d.sides.center.Inject(claimcenter.Fault{Kind: claimcenter.FaultReset, Times: -1})
		asked := d.centerReads()
		d.keys("$")
		d.pass(time.Second)
		for range 30 {
			d.keys("backspace")
		}
		d.typed("2,500")
		for range 15 {
			d.keys("enter")
			d.pass(time.Second)
			if d.screen().Contains("exceeds the vehicle reserve") {
				break
			}
		}
		d.shows("The payment of 2,500.00 exceeds the vehicle reserve of 2,000.00", "by 500.00 (sum of transactions at ClaimCenter, read Nov 20", "send anyway")
		if n := len(d.entries()); n != 0 {
			t.Errorf("%d writes before the warning was read", n)
		}
		if d.centerReads() != asked {
			t.Error("the review asked ClaimCenter")
		}
	})
}

// What arrives late is about the claim that was asked for.
func TestReservesOfTheClaimBefore(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true}, 120, 40)
		first, second := d.claims()[0], d.claims()[1]
		d.reserve(screen.Subject{Number: first.Number}, 1111, 0)
		d.reserve(screen.Subject{Number: second.Number}, 2222, 0)
		d.sides.center.Inject(claimcenter.Fault{Kind: claimcenter.FaultSlow, Delay: 5 * time.Second, Contains: "reserve-sets"})
		d.keys("2", "g", "enter")
		d.pass(time.Second)
		d.keys("shift+tab")
		d.shows("reading")
		d.keys("]")
		d.pass(time.Second)
		d.shows(second.Number)
		d.keys("shift+tab")
		d.pass(20 * time.Second)
		d.shows("2,222.00")
		d.hides("1,111.00")
		d.keys("[")
		d.pass(time.Second)
		d.keys("shift+tab")
		d.pass(time.Second)
		d.shows("1,111.00")
	})
}

// TestReservesScroll: the tab has no rows; it scrolls by lines, and all line items are one key away.
func TestReservesScroll(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{sides: true}, 60, 20)
		on := d.dear()
		d.reserve(on, 5000, 1500)
		d.openTab(on, "Reserves")
		d.pass(time.Second)
		d.shows("1-", " of ")
		d.keys("G")
		d.shows("Reserve sets", "C links another id")
		for _, key := range []string{"i", "enter"} {
			d.keys(key)
			d.shows("┌ Reserves  "+on.Number, "Submitted, set cc:", "esc close")
			d.keys("G")
			d.shows("The car came back early")
			d.keys("i") // the key that opens it
			d.hides("┌ Reserves", "esc close")
		}
	})
}

// The golden pictures of the tab and the header, by size; their styles by theme too.
func TestGoldenReserves(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]func(d *desk){
		"reserves": func(d *desk) {
			d.reserve(d.dear(), 5000, 1500)
			d.submitCase(d.dear(), "ok-d1a72df4", "Confirmed by Scalepoint")
			d.openTab(d.dear(), "Reserves")
		},
		"reserves-down": func(d *desk) {
			d.reserve(d.dear(), 90000, 0)
			d.submitCase(d.dear(), "empty-1", "Not done")
			d.openTab(d.dear(), "Reserves")
			d.pass(12 * time.Minute)
			d.sides.center.Inject(claimcenter.Fault{Kind: claimcenter.FaultReset, Times: -1})
			d.keys("R")
			d.pass(2 * time.Minute)
		},
		"reserves-not-found": func(d *desk) { d.openTab(d.dear(), "Reserves"); d.pass(time.Minute) },
		"reserves-items": func(d *desk) {
			d.reserve(d.dear(), 5000, 1500)
			d.openTab(d.dear(), "Reserves")
			d.pass(time.Second)
			d.keys("i")
		},
	} {
		for _, dark := range []bool{true, false} {
			if name != "reserves" && !dark { // the styles are those of that scene
				continue
			}
			t.Run(fmt.Sprintf("%s, dark %v", name, dark), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					d := sit(t, setup{sides: true, live: true}, 120, 40)
					if !dark {
						d.send(tea.BackgroundColorMsg{Color: color.White})
					}
					on(d)
					for _, size := range sizes() {
						d.resize(size[0], size[1])
						d.pass(time.Minute)
						at := fmt.Sprintf("%s-%dx%d", name, size[0], size[1])
						tuitest.Golden(t, at, d.screen().String())
						if name == "reserves" {
							tuitest.Golden(t, fmt.Sprintf("style-%s-%s", map[bool]string{true: "dark", false: "light"}[dark], at), strings.ReplaceAll(d.look(), "\x1b", "␛"))
						}
					}
				})
			})
		}
	}
}

// The tab is still while nothing happens, and scrolling it is cheap.
func TestReservesOnTheWire(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{sides: true}, 80, 24)
		on := x.dear()
		x.reserve(on, 5000, 1500)
		x.goTo(on)
		x.Keys("enter")
		x.WaitFor("[Overview]")
		x.Keys("shift+tab")
		x.WaitFor("read just now")
		time.Sleep(100 * time.Second)
		x.WaitFor("read 1 min ago")
		time.Sleep(time.Second)
		if n := x.Measure(func() { time.Sleep(10 * time.Second) }); n != 0 {
			t.Errorf("%d bytes in ten idle seconds", n)
		}
		for _, key := range []string{"j", "k"} {
			if n := x.Measure(func() { x.Keys(key) }); n > 1200 {
				t.Errorf("%s: %d bytes", key, n)
			}
		}
		if n := x.Measure(func() { x.raise(); time.Sleep(time.Second) }); n != 0 {
			t.Errorf("a change that shows nowhere: %d bytes", n)
		}
	})
}

// BenchmarkReserves measures what a key costs on the tab.
func BenchmarkReserves(b *testing.B) {
	r := newRig(b, setup{sides: true})
	r.reserve(screen.Subject{Number: r.claims()[0].Number}, 5000, 1500)
	c := newBench(b, r, 120, 40)
	c.press("2", "g", "enter", "shift+tab")
	if !strings.Contains(c.app.View().Content, "sum of transactions") {
		b.Fatal("no reserves are on screen")
	}
	for name, keys := range map[string][]string{"scroll": {"j", "k"}, "day": {"+", "-"}} {
		b.Run(name, func(b *testing.B) {
			msgs := tuitest.Keys(keys...)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.step(msgs[i%len(msgs)])
			}
		})
	}
}
