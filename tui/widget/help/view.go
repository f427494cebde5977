package help

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"claimdeck/keymap"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/modal"
	"claimdeck/tui/widget/rank"
)

// The box is one column of at most oneWide, or two from twoFrom columns on.
const (
	oneWide = 72
	// foundWide is the most that a line of what was found takes: its note must not stand too far from it.
	foundWide = 94
	twoFrom   = 96
	twoWide   = 116
	gutter    = 3  // between two columns
	roomy     = 14 // the height from which the parts stand apart
)

// row is one line of the list: a heading, an empty line, or a hit.
type row struct {
	heading string
	hit     int // in shown; -1: none
}

func (r row) empty() bool { return r.hit < 0 && r.heading == "" }

// View returns the help's box: at most w columns and h rows. Below 16×6 it is empty.
func (h *Help) View(w, height int, t theme.Theme) string {
	h.cursor = nil
	if w < 16 || height < 6 {
		return ""
	}
	columns := 1
	if w >= twoFrom {
		columns, w = 2, min(w, twoWide)
	} else {
		w = min(w, oneWide)
	}
	inner := w - modal.FrameWidth
	foot := []string{h.foot(inner, t)}
	if height >= roomy {
		foot = []string{"", foot[0]}
	}
	room := height - modal.FrameHeight - 2 - len(foot)
	line, x := h.line.View(inner-4, t)
	h.cursor = tea.NewCursor(1+3+x, 1)
	box := modal.Box{Title: h.title, Width: w}
	box.Lines = []string{" " + t.Key.Render("/") + " " + line + " ", t.Faint.Render(strings.Repeat(t.Glyphs.Horizontal, inner))}
	box.Lines = append(box.Lines, h.grid(inner, room, columns, t)...)
	box.Lines = append(box.Lines, foot...)
	return box.Render(t)
}

// Cursor returns where the cursor stands, relative to the box that View returned last.
func (h *Help) Cursor() *tea.Cursor { return h.cursor }

// grid lays the rows out in columns of at most room lines, read downwards.
func (h *Help) grid(inner, room, columns int, t theme.Theme) []string {
	all := h.list()
	full := h.height() // while one types, the box keeps the height of the whole list
	lines := min(room, max(1, (full+columns-1)/columns))
	if columns > 1 {
		lines = min(room, max(lines, balanced(h.sections(), lines)))
	}
	h.page = max(1, lines-1)
	if columns == 1 || h.searching() { // what was found is a short list, with room for its notes
		return h.scroll(all, inner, lines, t)
	}
	wide := (inner - (columns-1)*gutter) / columns
	pages := paginate(all, lines)
	first := h.first(pages, columns)
	out := make([]string, lines)
	for y := range out {
		var b strings.Builder
		for c := range columns {
			if c > 0 {
				b.WriteString(strings.Repeat(" ", gutter))
			}
			cell := ""
			if p := first + c; p < len(pages) && y < len(pages[p]) {
				cell = h.cell(pages[p][y], wide, t)
			}
			b.WriteString(cells.Fit(cell, wide, t.Glyphs.Ellipsis))
		}
		out[y] = b.String()
	}
	return more(out, inner, first > 0, first+columns < len(pages), t)
}

// scroll shows one column, which moves line by line and keeps the heading of the first row of a section in sight.
func (h *Help) scroll(all []row, inner, lines int, t theme.Theme) []string {
	at := slices.IndexFunc(all, func(r row) bool { return r.hit == h.sel })
	from := at
	if from > 0 && lines > 1 && all[from-1].heading != "" {
		from--
	}
	h.top = cells.Window(h.top, len(all), lines, max(0, from), at+1)
	out := make([]string, lines)
	for y := range out {
		cell := ""
		if i := h.top + y; i < len(all) {
			cell = h.cell(all[i], min(inner, foundWide), t)
		}
		out[y] = cells.Fit(cell, inner, t.Glyphs.Ellipsis)
	}
	return more(out, inner, h.top > 0, h.top+lines < len(all), t)
}

// list returns all lines: by section with headings, or the ranked hits alone.
func (h *Help) list() []row {
	var out []row
	if len(h.shown) == 0 {
		return []row{{heading: "", hit: -1}, {heading: "nothing is called that", hit: -1}}
	}
	section := ""
	for i, hit := range h.shown {
		if s := h.rows[hit.index].Section; !h.searching() && s != "" && (s != section || i == 0) {
			if i > 0 {
				out = append(out, row{hit: -1})
			}
			out = append(out, row{heading: s, hit: -1})
			section = s
		}
		out = append(out, row{hit: i})
	}
	return out
}

// height is how many lines the whole list takes when nothing is typed.
func (h *Help) height() int {
	n := len(h.rows)
	for _, s := range h.sections() {
		if s.named {
			n++
		}
	}
	return n + max(0, len(h.sections())-1)
}

type section struct {
	rows  int
	named bool
}

func (h *Help) sections() []section {
	var out []section
	for i, r := range h.rows {
		if i == 0 || r.Section != h.rows[i-1].Section {
			out = append(out, section{named: r.Section != ""})
		}
		out[len(out)-1].rows++
	}
	return out
}

// balanced returns the smallest column height from least on at which two columns hold all sections whole, or least
// when that would make them very uneven.
func balanced(sections []section, least int) int {
	total, at := 0, 0
	for _, s := range sections {
		total += s.rows + 2
	}
	for _, s := range sections {
		at += s.rows + 2
		if at >= total/2 {
			break
		}
	}
	if at > least+least/2 {
		return least
	}
	return max(least, at-1)
}

// columns fills columns of height h with lines.
type columns struct {
	h    int
	full [][]row
	open []row // the column being filled
}

// paginate cuts the lines into columns of h. A section that does not fit below the one before it starts a new
// column when it fits there whole; a heading is never the last line of a column.
func paginate(all []row, h int) [][]row {
	c := &columns{h: h}
	for i := 0; i < len(all); {
		block := blockAt(all, i)
		i += len(block)
		if whole := len(block) - 1; len(c.open)+len(block) > h && whole <= h {
			c.turn()
		}
		for _, r := range block {
			c.add(r)
		}
	}
	c.turn()
	return c.full
}

// add puts a line below the others. An empty line does not begin a column.
func (c *columns) add(r row) {
	if len(c.open) == c.h || (r.heading != "" && len(c.open) == c.h-1 && c.h > 1) {
		c.turn()
	}
	if len(c.open) > 0 || !r.empty() {
		c.open = append(c.open, r)
	}
}

// turn begins a new column.
func (c *columns) turn() {
	if len(c.open) > 0 {
		c.full, c.open = append(c.full, c.open), nil
	}
}

// blockAt returns the lines of the section that begins at i: an empty line, the heading and its rows.
func blockAt(all []row, i int) []row {
	j := i + 1
	for j < len(all) && (all[j].hit >= 0 || all[j].heading != "") {
		j++
	}
	return all[i:j]
}

// first returns the first of the pages to show, so that the selected row is on one of the columns.
func (h *Help) first(pages [][]row, columns int) int {
	at := 0
	for p, page := range pages {
		for _, r := range page {
			if r.hit == h.sel {
				at = p
			}
		}
	}
	h.top = cells.Window(h.top, len(pages), columns, at, at+1)
	return h.top
}

// more puts a sign at the right where there are lines before or behind those shown.
func more(lines []string, w int, before, behind bool, t theme.Theme) []string {
	mark := func(i int, sign string) {
		lines[i] = cells.Fit(ansi.Truncate(lines[i], w-1, ""), w-1, "") + t.Dim.Render(sign)
	}
	if behind {
		mark(len(lines)-1, t.Glyphs.Down)
	}
	if before {
		mark(0, t.Glyphs.Up)
	}
	return lines
}

func (h *Help) cell(r row, w int, t theme.Theme) string {
	if r.hit < 0 {
		if len(h.shown) == 0 {
			return "   " + t.Dim.Render(r.heading)
		}
		return " " + t.Title.Render(r.heading)
	}
	hit := h.shown[r.hit]
	it := h.rows[hit.index]
	mark := "   "
	if r.hit == h.sel {
		mark = " " + t.Selected.Render(t.Glyphs.Marker) + " "
	}
	style, keys, note := t.Text, t.Key, it.Why
	if !it.Enabled {
		style, keys = t.Dim, t.Dim
	} else if h.searching() && note == "" {
		note = it.Section
	}
	k := h.keyWidth(w)
	left := cells.Fit(keys.Render(it.Keys), k, t.Glyphs.Ellipsis) + "  " + rank.Paint(it.What, hit.at, style, t.Match)
	// A note is only put where the action's own words fit whole.
	room := max(0, w-4)
	if free := room - ansi.StringWidth(left) - 2; free >= noteRoom {
		left = cells.Ends(left, t.Dim.Render(ansi.Truncate(note, free, t.Glyphs.Ellipsis)), room, "")
	}
	return mark + cells.Fit(left, room, t.Glyphs.Ellipsis) + " "
}

// noteRoom is the least room that a note is worth.
const noteRoom = 10

// keyWidth is the width of the column of keys: of the widest, within reason.
func (h *Help) keyWidth(w int) int {
	n := 1
	for _, r := range h.rows {
		n = max(n, ansi.StringWidth(r.Keys))
	}
	return min(n, max(4, w*3/10))
}

// foot says what enter does to the selected row, or why it does nothing.
func (h *Help) foot(w int, t theme.Theme) string {
	r, ok := h.Selected()
	do, end := h.keys.Hint(keymap.PromptAccept), h.keys.Hint(keymap.PromptCancel)
	run := ""
	if ok && r.ID != "" && r.Enabled && do != "" {
		run = t.Key.Render(do) + " do it   "
	}
	if ok && (!r.Enabled || r.Why != "") {
		why := r.Why
		if why == "" {
			why = "not possible here"
		}
		return "   " + cells.Ends(t.Warn.Render(t.Glyphs.Attention+" "+why), run, w-4, t.Glyphs.Ellipsis) + " "
	}
	return cells.Fit("   "+run+t.Key.Render(end)+" close", w, t.Glyphs.Ellipsis)
}
