// Package list is a window onto a list of any length. It holds the rows around the selection, draws only those on
// screen, and says when it wants more. The selection is held by key: rows that come and go around it never change
// what is selected.
package list

import "slices"

// Headed lists draw a heading above the first row of each group and at the top of the window. A window scrolls line by
// line: the heading at its top leaves before the last row of its group does. Two lines at once would be two rows to draw
// for one key.

// maxHeld is how many rows a window holds before it lets go of those farthest from the selection.
const maxHeld = 2000

// margin is how many rows from its edge the selection may come before more rows are wanted.
const margin = 100

// Model is a window onto rows in display order. R is a row, K its key. It lives on the event loop.
type Model[R any, K comparable] struct {
	key     func(R) K
	heading func(R) string // "" for none; nil: the list has no headings
	rows    []R
	cursor  int
	top     int
	bare    bool // the first row on screen has lost its heading: it is the last of its group
	height  int  // lines
	first   bool
	last    bool
}

// New returns an empty window. heading may be nil.
func New[R any, K comparable](key func(R) K, heading func(R) string) *Model[R, K] {
	return &Model[R, K]{key: key, heading: heading, first: true, last: true}
}

// Len returns how many rows the window holds.
func (m *Model[R, K]) Len() int { return len(m.rows) }

// Rows returns the rows the window holds; the caller must not change them.
func (m *Model[R, K]) Rows() []R { return m.rows }

// First returns the first row held.
func (m *Model[R, K]) First() (r R, ok bool) {
	if len(m.rows) == 0 {
		return r, false
	}
	return m.rows[0], true
}

// Last returns the last row held.
func (m *Model[R, K]) Last() (r R, ok bool) {
	if len(m.rows) == 0 {
		return r, false
	}
	return m.rows[len(m.rows)-1], true
}

// AtFirst reports whether the selection is the first row there is.
func (m *Model[R, K]) AtFirst() bool { return m.first && m.cursor == 0 }

// AtTop reports whether the first row there is stands on screen.
func (m *Model[R, K]) AtTop() bool { return m.first && m.top == 0 && !m.bare }

// HoldsFirst and HoldsLast report whether the window reaches the ends of the list.
func (m *Model[R, K]) HoldsFirst() bool { return m.first }

// HoldsLast reports whether the window reaches the end of the list.
func (m *Model[R, K]) HoldsLast() bool { return m.last }

// Selected returns the selected row.
func (m *Model[R, K]) Selected() (r R, ok bool) {
	if len(m.rows) == 0 {
		return r, false
	}
	return m.rows[m.cursor], true
}

// Replace sets the rows. The selection stays on its key when that is among them, at the same line where it can;
// otherwise it goes to the first row.
func (m *Model[R, K]) Replace(rows []R, first, last bool) {
	old, had := m.Selected()
	line, bare := m.cursor-m.top, m.bare
	m.rows, m.first, m.last = rows, first, last
	m.cursor, m.top, m.bare = 0, 0, false
	if had {
		if i, ok := m.index(m.key(old)); ok {
			m.cursor = i
			m.top, m.bare = max(0, i-line), bare
		}
	}
	m.settle()
}

// Select moves the selection to key, when it is held.
func (m *Model[R, K]) Select(key K) bool {
	i, ok := m.index(key)
	if ok {
		m.cursor = i
		m.settle()
	}
	return ok
}

// Reset sets the rows with the selection at the first one, or at the last.
func (m *Model[R, K]) Reset(rows []R, first, last, atEnd bool) {
	m.rows, m.first, m.last = rows, first, last
	m.cursor, m.top, m.bare = 0, 0, false
	if atEnd {
		m.cursor = max(0, len(rows)-1)
		m.top = m.cursor
	}
	m.settle()
}

// Append adds rows below; last says that there are no more.
func (m *Model[R, K]) Append(rows []R, last bool) {
	m.rows = append(m.rows, m.fresh(rows)...)
	m.last = last
	if cut := len(m.rows) - maxHeld; cut > 0 {
		cut = min(cut, max(0, m.top-margin))
		m.drop(cut)
	}
	m.settle()
}

// Prepend adds rows above; first says that there are no more. What is on screen stays where it is.
func (m *Model[R, K]) Prepend(rows []R, first bool) {
	add := m.fresh(rows)
	m.rows = append(slices.Clip(add), m.rows...)
	m.first = first
	m.cursor += len(add)
	m.top += len(add)
	if len(add) == len(m.rows) {
		m.cursor, m.top, m.bare = 0, 0, false
	}
	if over := len(m.rows) - maxHeld; over > 0 {
		keep := max(len(m.rows)-over, min(len(m.rows), m.cursor+margin))
		if keep < len(m.rows) {
			m.rows, m.last = m.rows[:keep], false
		}
	}
	m.settle()
}

// Reveal scrolls to the first row held without changing the selection, as far as the selection stays on screen. It
// reports whether the first row is on screen then.
func (m *Model[R, K]) Reveal() bool {
	m.top, m.bare = 0, false
	m.settle()
	return m.top == 0 && !m.bare
}

// Move moves the selection by n rows and reports whether it moved.
func (m *Model[R, K]) Move(n int) bool {
	old := m.cursor
	m.cursor = clamp(m.cursor+n, len(m.rows)-1)
	m.settle()
	return m.cursor != old
}

// Page moves selection and window by screens (n may be negative).
func (m *Model[R, K]) Page(n int) bool {
	old := m.cursor
	step := n * max(1, m.height-2)
	m.cursor = clamp(m.cursor+step, len(m.rows)-1)
	m.top, m.bare = clamp(m.top+step, max(0, len(m.rows)-1)), false
	m.settle()
	return m.cursor != old
}

// Half moves the selection by half screens.
func (m *Model[R, K]) Half(n int) bool { return m.Move(n * max(1, m.height/2)) }

// WantsBefore reports whether rows before the first held one should be fetched.
func (m *Model[R, K]) WantsBefore() bool { return !m.first && m.cursor < margin+m.height }

// WantsAfter reports whether rows after the last held one should be fetched.
func (m *Model[R, K]) WantsAfter() bool {
	return !m.last && m.cursor > len(m.rows)-1-margin-m.height
}

// SetHeight sets the lines there are.
func (m *Model[R, K]) SetHeight(lines int) {
	if lines != m.height {
		m.height = max(0, lines)
		m.settle()
	}
}

// Lines calls row and head for every line on screen, in order. It returns how many lines it used.
func (m *Model[R, K]) Lines(row func(r R, selected bool), head func(text string)) int {
	used, group := 0, ""
	for i := m.top; i < len(m.rows) && used < m.height; i++ {
		h := m.head(i)
		if h != "" && m.headed(i, m.top, m.bare, h, group) {
			head(h)
			used++
		}
		group = h
		if used < m.height {
			row(m.rows[i], i == m.cursor)
			used++
		}
	}
	return used
}

// Shown returns how many rows are on screen.
func (m *Model[R, K]) Shown() int {
	n := 0
	m.Lines(func(R, bool) { n++ }, func(string) {})
	return n
}

func (m *Model[R, K]) head(i int) string {
	if m.heading == nil {
		return ""
	}
	return m.heading(m.rows[i])
}

// headed reports whether a heading stands above row i of a window that begins at row top.
func (m *Model[R, K]) headed(i, top int, bare bool, heading, above string) bool {
	if i == top {
		return !bare
	}
	return heading != above
}

// closes reports whether row i is the last of its group, with another group below it.
func (m *Model[R, K]) closes(i int) bool {
	return i+1 < len(m.rows) && m.head(i) != "" && m.head(i) != m.head(i+1)
}

// settle keeps the selection in range and on screen, and the screen filled.
func (m *Model[R, K]) settle() {
	if len(m.rows) == 0 {
		m.cursor, m.top, m.bare = 0, 0, false
		return
	}
	m.cursor = clamp(m.cursor, len(m.rows)-1)
	if m.top > m.cursor {
		m.top, m.bare = m.cursor, false
	}
	m.top = max(0, m.top)
	m.bare = m.bare && m.closes(m.top)
	for m.top < m.cursor && m.span(m.top, m.cursor, m.bare) > m.height {
		m.scroll()
	}
	for m.fills() {
	}
}

// scroll moves the window down by a line.
func (m *Model[R, K]) scroll() {
	if !m.bare && m.closes(m.top) {
		m.bare = true
		return
	}
	m.top, m.bare = m.top+1, false
}

// fills moves the window up by a line where that leaves nothing out below; it returns false when it does not.
func (m *Model[R, K]) fills() bool {
	top, bare := m.top, false
	if !m.bare {
		if top--; top < 0 {
			return false
		}
		bare = m.closes(top)
	}
	if m.span(top, len(m.rows)-1, bare) > m.height {
		return false
	}
	m.top, m.bare = top, bare
	return true
}

// span returns how many lines rows from..to take with their headings, or more than the height when too many. Bare: the
// first of them without.
func (m *Model[R, K]) span(from, to int, bare bool) int {
	if to-from >= m.height {
		return to - from + 1
	}
	lines, group := 0, ""
	for i := from; i <= to; i++ {
		h := m.head(i)
		if h != "" && m.headed(i, from, bare, h, group) {
			lines++
		}
		group = h
		lines++
	}
	return lines
}

// drop lets go of the first n rows.
func (m *Model[R, K]) drop(n int) {
	if n <= 0 {
		return
	}
	m.rows = append([]R(nil), m.rows[n:]...)
	m.cursor -= n
	m.top -= n
	m.first = false
}

// fresh returns the rows that are not held yet, so that a page read twice shows once.
func (m *Model[R, K]) fresh(rows []R) []R {
	held := make(map[K]struct{}, len(m.rows))
	for _, r := range m.rows {
		held[m.key(r)] = struct{}{}
	}
	out := make([]R, 0, len(rows))
	for _, r := range rows {
		if _, ok := held[m.key(r)]; !ok {
			out = append(out, r)
		}
	}
	return out
}

func (m *Model[R, K]) index(key K) (int, bool) {
	for i, r := range m.rows {
		if m.key(r) == key {
			return i, true
		}
	}
	return 0, false
}

func clamp(n, high int) int { return max(0, min(n, high)) }
