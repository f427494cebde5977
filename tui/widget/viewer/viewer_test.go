package viewer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
)

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "line %d\n", i+1)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func press(v *Viewer, names ...string) (closed bool) {
	for _, msg := range tuitest.Keys(names...) {
		closed = v.Update(msg)
		v.View(80, 24, theme.New(theme.Options{}))
	}
	return closed
}

func TestScrolls(t *testing.T) {
	t.Parallel()
	look := theme.New(theme.Options{})
	v := New("Raw", numbered(100), nil)
	for _, c := range []struct {
		key, first string
	}{
		{"k", "line 1"},
		{"j", "line 2"},
		{"down", "line 3"},
		{"up", "line 2"},
		{"g", "line 1"},
		{"pgdown", "line 20"},
		{"pgup", "line 1"},
		{"space", "line 20"},
		{"home", "line 1"},
		{"G", "line 82"},
		{"j", "line 82"},
		{"end", "line 82"},
		{"k", "line 81"},
	} {
		v.View(80, 24, look)
		if press(v, c.key) {
			t.Fatalf("%s closes", c.key)
		}
		box := ansi.Strip(v.View(80, 24, look))
		if row := strings.Split(box, "\n")[1]; !strings.Contains(row, c.first+" ") {
			t.Errorf("after %s the first row is %q, want %q", c.key, row, c.first)
		}
	}
	for _, key := range []string{"esc", "q", "enter"} {
		if !press(v, key) {
			t.Errorf("%s does not close", key)
		}
	}
	if v.Update("a message") {
		t.Error("a message closes")
	}
}

func TestFitsAnySize(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("漢字 and letters, ", 60) + strings.Repeat("x", 300)
	for _, text := range []string{"", "one", numbered(200), long} {
		v := New("A title that is long enough to be cut somewhere", text, nil)
		for w := range 130 {
			for _, h := range []int{0, 5, 6, 7, 20, 60} {
				box := v.View(w, h, theme.New(theme.Options{}))
				if box == "" {
					continue
				}
				rows := strings.Split(box, "\n")
				if len(rows) > h {
					t.Fatalf("%d×%d: %d rows", w, h, len(rows))
				}
				for _, row := range rows {
					if n := ansi.StringWidth(row); n != ansi.StringWidth(rows[0]) || n > w {
						t.Fatalf("%d×%d: a row of %d cells: %q", w, h, n, row)
					}
				}
			}
		}
	}
}

func TestShortTextNeedsNoPosition(t *testing.T) {
	t.Parallel()
	v := New("Raw", "one", nil)
	if box := ansi.Strip(v.View(80, 24, theme.New(theme.Options{}))); strings.Contains(box, " of ") || !strings.Contains(box, "esc close") {
		t.Errorf("the box is\n%s", box)
	}
}
