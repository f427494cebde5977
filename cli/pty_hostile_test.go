//go:build !windows

package cli_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"claimdeck/cli/terminal"
)

// allowedOSC matches the operating system commands of a console: its title, and questions for the terminal's colours.
var allowedOSC = regexp.MustCompile(`^\x1b\](2;claimdeck [a-zA-Z -]*|2;|1[012];\?|11[012])(\x07|\x1b\\)$`)

// hostileIn lists what of a service's text has reached the terminal as something else than letters.
func hostileIn(raw []byte) []string {
	m := terminal.ReadModes(raw)
	var found []string
	for _, s := range m.Sequences {
		switch {
		case s.Bytes[0] != 0x1b:
			found = append(found, fmt.Sprintf("8-bit control sequence %q", s.Bytes))
		case s.Kind == ']' && !allowedOSC.MatchString(s.Bytes):
			found = append(found, fmt.Sprintf("operating system command %q", s.Bytes))
		case s.Kind != '[' && s.Kind != ']' && s.Kind != 0:
			found = append(found, fmt.Sprintf("device command %q", s.Bytes))
		}
	}
	for _, r := range m.OnAlternate + m.OnMain {
		if what := hostileRune(r); what != "" {
			found = append(found, fmt.Sprintf("%s %U", what, r))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func hostileRune(r rune) string {
	switch {
	case strings.ContainsRune("\r\n\b\t", r): // the renderer moves the cursor by these
		return ""
	case unicode.Is(unicode.Cc, r):
		return "control character"
	case unicode.Is(unicode.Cf, r):
		return "invisible or direction-changing character"
	case r == '\u2028' || r == '\u2029':
		return "line separator"
	case unicode.Is(unicode.Co, r), r == unicode.ReplacementChar:
		return "character without a meaning"
	}
	return ""
}

// The check finds what it is for: otherwise its silence says nothing.
func TestHostileTextIsNoticed(t *testing.T) {
	t.Parallel()
	for _, payload := range []string{
		"\x1b]0;owned\x07", "\x1b]52;c;b3duZWQ=\x1b\\", "\x1bP+q544e\x1b\\", "\x1b_G\x1b\\", "\u009b31m", "\u009d0;owned\u009c",
		"\u0085", "\u202eevil\u202c", "\u2066left\u2069", "\u200f", "\u061c", "ze\u200bro", "\u200c", "\u200d", "wi\ufeffdth", "\u00ad",
		"\U000e0041", "\ufff9", "\u2060", "\x00", "\x7f", "\u2028", "\x1b]2;claimdeck\u202e\x07",
	} {
		if len(hostileIn([]byte("before "+payload+" after"))) == 0 {
			t.Errorf("%q is not noticed", payload)
		}
	}
	if found := hostileIn([]byte("\x1b[?1049h\x1b]2;claimdeck demo sandbox\x07\x1b]11;?\x07\x1b[2;3H\x1b[31mPayoff 10,222.33 · 漢字 ▌ Z\u0351\x1b[m\r\n\b\t")); len(found) > 0 {
		t.Errorf("harmless output is called hostile: %q", found)
	}
}

// calm is how long the program must have written nothing until its screen counts as drawn.
const calm = 100 * time.Millisecond

// testHostileText walks through the console while every free string of the service attacks the terminal.
func testHostileText(t *testing.T, p programs) {
	c := p.demo(t, terminal.Size{W: 140, H: 40}, nil, "--hostile")
	unseen := []string{"evil", "endless", "forged line", "漢字"} // what is left of the payloads when they are harmless
	look := func(keys string) {
		t.Helper()
		c.do("type", c.Type(keys))
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		c.do("settle", c.Settle(ctx, calm))
		s := c.Screen()
		if err := straight(s); err != nil {
			t.Fatalf("after %q: %v\n%s", keys, err, s)
		}
		unseen = slices.DeleteFunc(unseen, s.Shows)
	}
	look("")
	look("J") // the raw JSON of an activity
	look("\x1b")
	for range 6 {
		look("jjj")
	}
	look("G")
	look("\r") // the claim, its pages one after the other
	for range 6 {
		look("\t")
		look("jj")
	}
	look("\x1b")
	look("2")
	for range 3 {
		look("jj")
	}
	look("3")
	look("1")
	look("O") // a form over the screen
	look("\x1b")
	for range 100 {
		if len(unseen) == 0 {
			break
		}
		look("jjjjj")
	}
	if len(unseen) > 0 {
		t.Errorf("nothing with %q was ever shown, so the walk proves nothing about it", unseen)
	}
	if found := hostileIn(c.Raw()); len(found) > 0 {
		t.Errorf("reached the terminal: %q", found)
	}
	c.do("type", c.Type("q"))
	if exit := c.end(); exit.Code != 0 {
		t.Errorf("ended with code %d", exit.Code)
	}
}

// box is a frame around something, by its corners.
type box struct{ left, top, right, bottom int }

// boxes finds the boxes over a screen. The error says where a side of one leaves its column.
func boxes(s *terminal.Screen) ([]box, error) {
	var found []box
	for y := range s.H {
		for x := range s.W {
			if s.At(x, y).Text != "┌" {
				continue
			}
			b := box{left: x, top: y, right: x + 1, bottom: y + 1}
			for b.right < s.W && s.At(b.right, y).Text != "┐" {
				b.right++
			}
			for b.bottom < s.H && s.At(x, b.bottom).Text != "└" {
				if left, right := s.At(b.left, b.bottom).Text, s.At(b.right, b.bottom).Text; !side(left) || !side(right) {
					return nil, fmt.Errorf("the sides of the box at %d,%d are %q and %q in row %d", x, y, left, right, b.bottom)
				}
				b.bottom++
			}
			if s.At(b.right, b.bottom).Text != "┘" {
				return nil, fmt.Errorf("the box at %d,%d has no lower right corner at %d,%d", x, y, b.right, b.bottom)
			}
			found = append(found, b)
		}
	}
	return found, nil
}

func side(text string) bool { return text == "│" || text == "├" || text == "┤" }

// straight says where a line of the frame leaves its place: the sides of a box; where there is none, the rules below
// the header and above the footer, and the line between list and claim.
func straight(s *terminal.Screen) error {
	over, err := boxes(s)
	if err != nil || len(over) > 0 {
		return err
	}
	if err := fits(s); err != nil {
		return err
	}
	first, last := 2, s.H-3 // the body
	for x := range s.W {
		if s.At(x, first).Text != "│" {
			continue
		}
		for y := first; y <= last; y++ {
			if got := s.At(x, y).Text; got != "│" {
				return fmt.Errorf("the line in column %d has %q in row %d: %q", x, got, y, s.Row(y))
			}
		}
	}
	return nil
}
