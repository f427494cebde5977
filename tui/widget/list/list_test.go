package list

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func numbers(from, to int) []int {
	var out []int
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

func byTen(i int) string { return fmt.Sprint("group ", i/10) }

// drawn returns the rows on screen and checks that the lines fit.
func drawn(t interface{ Fatalf(string, ...any) }, m *Model[int, int]) (rows []int, selected int) {
	lines, selected := 0, -1
	m.Lines(func(r int, sel bool) {
		rows = append(rows, r)
		lines++
		if sel {
			selected = r
		}
	}, func(string) { lines++ })
	if lines > m.height {
		t.Fatalf("%d lines drawn in %d", lines, m.height)
	}
	return rows, selected
}

// Whatever is done to a list, its selection is on screen, in range, and still the row it was unless it was moved.
func TestSelectionSurvivesEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := New(func(i int) int { return i }, byTen)
		m.SetHeight(rapid.IntRange(3, 30).Draw(t, "height"))
		low, high := 500, 500+rapid.IntRange(1, 60).Draw(t, "rows")
		m.Reset(numbers(low, high), false, false, false)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			before, _ := m.Selected()
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0:
				m.Move(rapid.IntRange(-20, 20).Draw(t, "by"))
				before, _ = m.Selected()
			case 1:
				m.Page(rapid.IntRange(-2, 2).Draw(t, "pages"))
				before, _ = m.Selected()
			case 2:
				last, _ := m.Last()
				m.Append(numbers(last, last+20), false) // with an overlap, as a page read twice has
			case 3:
				first, _ := m.First()
				m.Prepend(numbers(first-20, first+1), false)
			case 4:
				m.SetHeight(rapid.IntRange(3, 30).Draw(t, "height"))
			case 5:
				rows := append(numbers(before-30, before+30), before+1000)
				m.Replace(rows, false, false)
			case 6:
				m.Reveal()
			case 7:
				m.Half(1)
				before, _ = m.Selected()
			}
			now, ok := m.Selected()
			if !ok || now != before {
				t.Fatalf("selection moved from %d to %d", before, now)
			}
			rows, selected := drawn(t, m)
			if selected != now {
				t.Fatalf("selected %d is not on screen: %v", now, rows)
			}
			if !slices.IsSorted(rows) || len(slices.Compact(slices.Clone(rows))) != len(rows) {
				t.Fatalf("rows out of order or twice: %v", rows)
			}
		}
	})
}

func TestHeadingsStandAboveTheirGroups(t *testing.T) {
	t.Parallel()
	m := New(func(i int) int { return i }, byTen)
	m.SetHeight(8)
	m.Reset(numbers(7, 40), true, false, false)
	var got []string
	m.Lines(func(r int, _ bool) { got = append(got, fmt.Sprint(r)) }, func(h string) { got = append(got, h) })
	want := []string{"group 0", "7", "8", "9", "group 1", "10", "11", "12"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A key never brings more than one row: what stood below the first line stands a line higher, or two where the row that
// comes brings its heading.
func TestScrollsLineByLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(1, 5), 12, 30).Draw(t, "groups")
		of := map[int]string{}
		n := 0
		for g, size := range sizes {
			for range size {
				of[n] = fmt.Sprint("group ", g)
				n++
			}
		}
		m := New(func(i int) int { return i }, func(i int) string { return of[i] })
		m.SetHeight(rapid.IntRange(4, 12).Draw(t, "height"))
		m.Reset(numbers(0, n), true, true, false)
		lines := func() (out []string) {
			m.Lines(func(r int, _ bool) { out = append(out, fmt.Sprint(r)) }, func(h string) { out = append(out, h) })
			return out
		}
		before := lines()
		for m.Move(1) {
			after := lines()
			var fresh []string
			for _, line := range after {
				if !slices.Contains(before, line) {
					fresh = append(fresh, line)
				}
			}
			selected, _ := m.Selected()
			row, heading := fmt.Sprint(selected), of[selected]
			if !slices.Contains(after, row) {
				t.Fatalf("row %d is not among %q", selected, after)
			}
			if len(fresh) > 1 && !slices.Equal(fresh, []string{heading, row}) {
				t.Fatalf("one key brings %q, from\n%q\nto\n%q", fresh, before, after)
			}
			before = after
		}
		for m.Move(-1) {
			if selected, _ := m.Selected(); !slices.Contains(lines(), fmt.Sprint(selected)) {
				t.Fatalf("row %d is not among %q", selected, lines())
			}
		}
		if !m.AtTop() || lines()[0] != "group 0" {
			t.Fatalf("the top is %q", lines())
		}
	})
}

func TestWindowForgetsFarRowsAndAsksForThemAgain(t *testing.T) {
	t.Parallel()
	m := New(func(i int) int { return i }, nil)
	m.SetHeight(20)
	m.Reset(numbers(0, 300), true, false, false)
	for next := 300; next < 6000; next += 300 {
		m.Move(300)
		if !m.WantsAfter() {
			t.Fatalf("at %d: no more rows wanted near the edge", next)
		}
		m.Append(numbers(next, next+300), false)
	}
	if m.Len() > maxHeld+300 {
		t.Errorf("%d rows held", m.Len())
	}
	if m.HoldsFirst() {
		t.Error("still claims to hold the first row")
	}
	for range 5000 {
		m.Move(-1)
		if m.WantsBefore() {
			break
		}
	}
	if !m.WantsBefore() {
		t.Error("the rows before are never asked for again")
	}
}

func TestPrependKeepsTheScreen(t *testing.T) {
	t.Parallel()
	m := New(func(i int) int { return i }, nil)
	m.SetHeight(10)
	m.Reset(numbers(100, 200), false, false, false)
	m.Move(30)
	before, _ := drawn(t, m)
	m.Prepend(numbers(50, 100), true)
	after, _ := drawn(t, m)
	if !slices.Equal(before, after) {
		t.Errorf("screen moved from %v to %v", before, after)
	}
	if m.AtTop() || m.AtFirst() {
		t.Error("says the first row is on screen")
	}
}

func TestRevealKeepsTheSelectionWhileItFits(t *testing.T) {
	t.Parallel()
	m := New(func(i int) int { return -i }, nil)
	m.SetHeight(5)
	m.Reset([]int{9, 8, 7, 6, 5, 4}, true, true, false)
	for next := 10; next <= 13; next++ {
		m.Replace(append([]int{next}, m.Rows()...), true, true)
		if !m.Reveal() {
			t.Fatalf("row %d: the selection left the screen too early", next)
		}
		if got, _ := m.Selected(); got != 9 {
			t.Fatalf("selection moved to %d", got)
		}
	}
	m.Replace(append([]int{14}, m.Rows()...), true, true)
	if m.Reveal() {
		t.Error("the newest row and the selection cannot both be on a screen of five")
	}
}
