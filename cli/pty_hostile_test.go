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

// walk is a way through the console that notes what was seen on it.
type walk struct {
	*console
	unseen []string // of what is left of the payloads when they are harmless
	lines  lines    // all that were checked
}

// look presses keys, waits until the screen is drawn, and checks that every line of it stands where it must.
func (w *walk) look(keys string) {
	w.t.Helper()
	w.do("type", w.Type(keys))
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	w.do("settle", w.Settle(ctx, calm))
	s := w.Screen()
	found, err := straight(s)
	if err != nil {
		w.t.Fatalf("after %q: %v\n%s", keys, err, s)
	}
	w.lines.add(found)
	w.unseen = slices.DeleteFunc(w.unseen, s.Shows)
}

// testHostileText walks through the console while every free string of the service attacks the terminal.
func testHostileText(t *testing.T, p programs) {
	w := walk{
		console: p.demo(t, terminal.Size{W: 170, H: 44}, nil, "--hostile"),
		unseen:  []string{"evil", "endless", "forged line", "漢字"},
	}
	for _, size := range []terminal.Size{{W: 170, H: 44}, {W: 120, H: 40}, {W: 80, H: 24}} {
		w.do("resize", w.Resize(size))
		w.until("the frame has the new size", func(s *terminal.Screen) bool { return s.Size == size && fits(s) == nil })
		w.tour()
	}
	for range 100 {
		if len(w.unseen) == 0 {
			break
		}
		w.look("jjjjj")
	}
	if len(w.unseen) > 0 {
		t.Errorf("nothing with %q was ever shown, so the walk proves nothing about it", w.unseen)
	}
	if w.lines.columns == 0 || w.lines.rows == 0 || w.lines.boxes == 0 {
		t.Errorf("the walk saw %+v, want some of each", w.lines)
	}
	if found := hostileIn(w.Raw()); len(found) > 0 {
		t.Errorf("reached the terminal: %q", found)
	}
	w.do("type", w.Type("q"))
	if exit := w.end(); exit.Code != 0 {
		t.Errorf("ended with code %d", exit.Code)
	}
}

// tour goes once through the screens, from the activities back to them.
func (w *walk) tour() {
	w.t.Helper()
	steps := []string{
		"", "J", "\x1b", // the raw JSON of an activity, and back
		"jjj", "jjj", "G", "g", "j",
		"\r", "\t", "jj", "\t", "\t", "\t", "\t", "\x1b", // the pages of a claim
		"2", "jj", "3", "4", "1", // the other screens
		"O", "\x1b", // a form over the screen
	}
	for _, keys := range steps {
		w.look(keys)
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

// lines counts the lines of frames that were found where they belong.
type lines struct {
	boxes   int
	columns int // between a list and a claim beside it
	rows    int // between a list and a claim below it
}

func (l *lines) add(more lines) {
	l.boxes += more.boxes
	l.columns += more.columns
	l.rows += more.rows
}

// straight checks that the lines of the frame are where they belong: the sides of a box; where there is none, the
// rules below the header and above the footer, and the line between list and claim.
func straight(s *terminal.Screen) (lines, error) {
	over, err := boxes(s)
	if err != nil || len(over) > 0 {
		return lines{boxes: len(over)}, err
	}
	if err := fits(s); err != nil {
		return lines{}, err
	}
	var found lines
	first, last := 2, s.H-3 // the body
	for x := range s.W {
		if s.At(x, first).Text != "│" {
			continue
		}
		found.columns++
		for y := first; y <= last; y++ {
			if got := s.At(x, y).Text; got != "│" {
				return found, fmt.Errorf("the line in column %d has %q in row %d: %q", x, got, y, s.Row(y))
			}
		}
	}
	for y := first; y <= last; y++ {
		if row := s.Row(y); strings.HasPrefix(row, "──") {
			found.rows++
			if row != strings.Repeat("─", s.W) {
				return found, fmt.Errorf("the rule in row %d is %q", y, row)
			}
		}
	}
	return found, nil
}
