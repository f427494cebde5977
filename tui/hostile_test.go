package tui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/sandbox/lossexpress"
	"claimdeck/tui/tuitest"
)

// TestHostileTextStaysText: every free string of the service holds escape sequences, control and bidi characters,
// invisible ones, forged lines, and endless text. None of it reaches the terminal, and no screen leans.
func TestHostileTextStaysText(t *testing.T) {
	for _, size := range sizes() {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d := sit(t, setup{behaviour: lossexpress.Behaviour{HostileStrings: true, UnknownTypes: true}}, size[0], size[1])
				check := func(where string) {
					t.Helper()
					harmless(t, where, d.look())
					if t.Failed() {
						t.Fatalf("on %s\n%s", where, d.screen())
					}
				}
				for range 25 {
					check("activity")
					d.keys("pgdown")
					d.pass(200 * time.Millisecond)
				}
				d.keys("g", "J")
				check("JSON")
				d.keys("G")
				check("the end of the JSON")
				d.keys("esc", "/")
				d.typed("payoff")
				check("filter")
				d.keys("esc", "2")
				for range 4 {
					check("claims")
					framed(t, d, d.screen())
					d.keys("enter")
					d.pass(time.Second)
					for range 6 {
						check("a claim")
						d.keys("G")
						check("the end of a claim")
						d.keys("tab")
					}
					d.keys("x")
					check("revealed")
					d.keys("esc", "esc", "pgdown")
				}
				for _, key := range []string{"O", "X", "y", "p"} {
					d.keys(key)
					d.pass(time.Second)
					check("the form of " + key)
					d.keys("ctrl+r")
					check("the request of " + key)
					d.keys("esc", "esc")
				}
				d.keys("?")
				check("help")
			})
		})
	}
}

// TestHostileTextOnTheWire is the same with the real program, by the bytes that it writes to the terminal.
func TestHostileTextOnTheWire(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true, behaviour: lossexpress.Behaviour{HostileStrings: true}}, 120, 40)
		step := func(keys ...string) {
			t.Helper()
			x.Keys(keys...)
			x.WaitIdle()
			if got, want := x.Screen(), tuitest.Render(x.Term.View(), 120, 40).String(); got != want {
				t.Errorf("after %v the terminal shows\n%s\nnot\n%s", keys, got, want)
			}
		}
		step("j")
		step("J")
		step("esc")
		step("enter")
		for range 6 {
			step("tab")
		}
		step("esc", "2")
		step("O")
		x.WaitIdle()
		step("space")
		step("enter")
		time.Sleep(5 * time.Second)
		step("esc", "4")
		step("enter")
		if len(x.written()) != 1 {
			t.Errorf("the service did %q", x.written())
		}
		raw := x.Raw()
		if !strings.Contains(raw, "EX-20") {
			t.Fatal("nothing was shown")
		}
		ownBytes(t, raw)
	})
}

// harmless fails the test when a view holds anything but text and styles.
func harmless(t *testing.T, where, view string) {
	t.Helper()
	for seq := range sequences(view) {
		if strings.HasPrefix(seq, "\x1b") {
			if !strings.HasPrefix(seq, "\x1b[") || !strings.HasSuffix(seq, "m") {
				t.Errorf("%s: the view holds the sequence %q", where, seq)
			}
			continue
		}
		if seq != "\n" {
			printable(t, where, seq)
		}
	}
}

// printable fails the test unless every rune of s may stand on a screen.
func printable(t *testing.T, where, s string) {
	t.Helper()
	for _, r := range s {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Cs, r),
			unicode.In(r, unicode.Zl, unicode.Zp), slices.Contains([]rune{0x200b, 0x2060, 0xfeff, 0x00ad, 0x061c, 0xfff9}, r),
			r >= 0xe0000 && r <= 0xe007f:
			t.Errorf("%s: %U in %q", where, r, s)
		}
	}
}

// ownBytes fails the test when raw holds anything that the renderer has no reason to write.
func ownBytes(t *testing.T, raw string) {
	t.Helper()
	for _, bad := range []string{"owned", "b3duZWQ=", "q544e", "evil\u202c"} {
		if i := strings.Index(raw, "\x1b]0;"+bad); i >= 0 {
			t.Errorf("the terminal got %q", raw[i:min(len(raw), i+20)])
		}
	}
	for seq := range sequences(raw) {
		switch {
		case strings.HasPrefix(seq, "\x1b]"):
			if !strings.HasPrefix(seq, "\x1b]2;claimdeck ") && !strings.HasPrefix(seq, "\x1b]11;?") && seq != "\x1b]2;\a" {
				t.Errorf("the terminal got the operating system command %q", seq)
			}
		case strings.HasPrefix(seq, "\x1bP"), strings.HasPrefix(seq, "\x1b_"), strings.HasPrefix(seq, "\x1b^"), strings.HasPrefix(seq, "\x1bX"):
			if !strings.HasPrefix(seq, "\x1bP+q") || strings.Contains(seq, "544e") {
				t.Errorf("the terminal got the control string %q", seq)
			}
		case strings.HasPrefix(seq, "\x1b"):
		case strings.Trim(seq, "\r\n\b\t") == "":
		default:
			printable(t, "the wire", seq)
		}
	}
}

// sequences splits s into escape sequences and graphemes.
func sequences(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		var state byte
		for len(s) > 0 {
			seq, _, n, next := ansi.DecodeSequence(s, state, nil)
			state = next
			if !yield(seq) || n == 0 {
				return
			}
			s = s[n:]
		}
	}
}
