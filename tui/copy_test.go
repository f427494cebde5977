package tui_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/clip"
)

// quoted is a claim with everything that can be copied.
func (r *rig) quoted() screen.Subject {
	r.tb.Helper()
	return r.claimWhere("with an account number and a payoff to two addresses", func(c claim.Claim) bool {
		return c.AccountNumber != "" && c.Payoff.Standard != nil && c.Payoff.Overnight != nil
	})
}

// asked returns what the terminal was asked to copy since the last question.
func (d *desk) asked() []string {
	d.tb.Helper()
	var texts []string
	for _, msg := range d.seen {
		raw, ok := msg.(tea.RawMsg)
		if !ok {
			continue
		}
		coded := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(raw.Msg), "\x1b]52;c;"), "\a")
		text, err := base64.StdEncoding.DecodeString(coded)
		if err != nil {
			d.tb.Errorf("%q is no request to copy", raw.Msg)
		}
		texts = append(texts, string(text))
	}
	d.seen = nil
	return texts
}

// copies takes the n-th item of the menu that can be taken.
func (d *desk) copies(n int) string {
	d.tb.Helper()
	d.asked()
	d.keys("y")
	for range n {
		d.keys("down")
	}
	d.keys("enter")
	d.pass(100 * time.Millisecond)
	texts := d.asked()
	if len(texts) != 1 {
		d.tb.Fatalf("the terminal was asked %d times\n%s", len(texts), d.screen())
	}
	return texts[0]
}

// Everything in the menu arrives as it is, and what is sensitive only after it was revealed.
func TestCopyMenu(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		var log bytes.Buffer
		d.env.Log = slog.New(slog.NewTextHandler(&log, nil))
		on := d.quoted()
		c := d.claim(on)
		d.choose(on)

		d.keys("y")
		d.shows("Account number", "press x first", "Check memo", "Payee and address, overnight", "Note block")
		d.hides(c.AccountNumber)
		d.keys("esc")
		for n, want := range []string{c.Number, c.VIN, c.Lender, claim.PayeeBlock(c, false), claim.PayeeBlock(c, true)} {
			if got := d.copies(n); got != want {
				t.Errorf("item %d copies %q, want %q", n, got, want)
			}
		}
		note := d.copies(5)
		if !strings.HasPrefix(note, "Claim "+c.Number+" as of 2026-11-20 ") || strings.Contains(note, c.AccountNumber) || strings.Contains(note, c.Owner.Phone) {
			t.Errorf("the note is\n%s", note)
		}
		if strings.Contains(log.String(), "sensitive") || strings.Contains(log.String(), "revealed") {
			t.Errorf("nothing was revealed, but the log says\n%s", log.String())
		}

		d.keys("x")
		d.keys("y")
		d.shows(c.AccountNumber)
		d.hides("press x first")
		d.keys("esc")
		if got := d.copies(2); got != c.AccountNumber {
			t.Errorf("the account number is %q", got)
		}
		if got := d.copies(6); got != claim.CheckMemo(c) || !strings.Contains(got, c.AccountNumber) {
			t.Errorf("the memo is %q", got)
		}
		if note := d.copies(7); !strings.Contains(note, c.AccountNumber) {
			t.Errorf("the revealed note is\n%s", note)
		}
		for _, want := range []string{"revealed", `what="Account number"`, `what="Check memo"`, "claim=" + c.Number} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%q is missing in the log\n%s", want, log.String())
			}
		}
		if strings.Contains(log.String(), c.AccountNumber) {
			t.Errorf("the log holds the account number\n%s", log.String())
		}
	})
}

// The words say which way it went, and a way that fails is told too.
func TestCopySaysHow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.quoted()
		d.choose(on)
		var got string
		native := clip.Options{
			GOOS: "linux", Env: func(name string) (string, bool) { return ":0", name == "DISPLAY" },
			LookPath: func(name string) (string, error) { return name, nil },
			Run: func(_ context.Context, path string, _ []string, text string) error {
				got = path + " " + text
				return nil
			},
		}
		over := func(env map[string]string) clip.Options {
			return clip.Options{
				GOOS: "linux", Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
				LookPath: func(string) (string, error) { return "", errors.New("no program") }, Run: native.Run,
			}
		}
		for _, test := range []struct {
			o     clip.Options
			words string
			raw   bool
		}{
			{native, "Claim number: copied with xclip", false},
			{clip.Options{}, "Claim number: sent by OSC 52; not there?", true},
			{over(map[string]string{"TMUX": "x"}), "Claim number: sent by OSC 52 through tmux; not there? allow set-clipboard in tmux", true},
			{over(map[string]string{"STY": "x"}), "Claim number: sent by OSC 52 through screen", true},
			{over(map[string]string{"TERM": "linux"}), "Claim number: not copied: the terminal linux has no clipboard", false},
		} {
			d.env.Clip = clip.New(test.o)
			d.seen = nil
			d.keys("y", "enter")
			d.pass(100 * time.Millisecond)
			d.says(test.words)
			raw := false
			for _, msg := range d.seen {
				_, is := msg.(tea.RawMsg)
				raw = raw || is
			}
			if raw != test.raw {
				t.Errorf("%s: the terminal was asked: %t", test.words, raw)
			}
			d.keys("esc")
			d.pass(20 * time.Second)
		}
		if got != "xclip "+on.Number {
			t.Errorf("the program got %q", got)
		}
	})
}

// The menu is whole on every terminal, and of a claim of which little is known it says so.
func TestCopyMenuFits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		bare := d.claimWhere("without a payoff", func(c claim.Claim) bool { return c.Payoff.Standard == nil && c.Payoff.Overnight == nil })
		d.choose(bare)
		d.keys("y")
		d.shows("not known yet")
		for _, size := range [][2]int{{60, 20}, {80, 24}, {200, 60}} {
			d.resize(size[0], size[1])
			d.shows("Claim number", "Claim id", "Note block: its story", "Payee and address, overnight")
		}
	})
}
