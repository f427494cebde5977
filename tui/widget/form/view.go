package form

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/modal"
)

// maxWidth is the widest a form's box gets: a person reads it as one column.
const maxWidth = 72

// margin is the room at the left of the fields, where the marker stands, and at the right.
const (
	margin      = 3
	rightMargin = 2
)

// keptForFoot is the room that a page never fills for the sake of a steady size.
const keptForFoot = 6

// body is the scrolling part of a form: its rows and the ones that must be seen.
type body struct {
	rows     []string
	from, to int
	x, y     int // the cursor; x < 0: none
}

func (b *body) add(rows ...string) { b.rows = append(b.rows, rows...) }

// gap adds one empty row between parts.
func (b *body) gap() {
	if len(b.rows) > 0 && b.rows[len(b.rows)-1] != "" {
		b.rows = append(b.rows, "")
	}
}

// View returns the form's box: at most w columns and h rows, and no more than it needs. Below 10×5 it is empty.
func (f *Form) View(w, h int, t theme.Theme) string {
	f.cursor = nil
	w = min(w, maxWidth)
	if w < 10 || h < 5 {
		return ""
	}
	inner := w - modal.FrameWidth
	room := h - modal.FrameHeight
	b, foot := f.parts(inner, room, false, t)
	if len(b.rows)+len(foot) > room {
		b, foot = f.parts(inner, room, true, t)
	}
	box := modal.Box{Title: f.title(inner, t), Width: w}
	box.Lines = append(f.window(b, room-len(foot), inner, t), foot...)
	return box.Render(t)
}

// parts draws the body and the foot. Tight leaves out the empty rows at the edges of the box.
func (f *Form) parts(inner, room int, tight bool, t theme.Theme) (body, []string) {
	b := body{x: -1}
	if !tight {
		b.add("")
	}
	if f.preview != nil {
		f.addPreview(&b, inner)
		f.preview.long = len(b.rows)+keptForFoot > room
	} else {
		f.addFields(&b, inner, t)
		if f.paged() {
			f.tall = max(f.tall, len(b.rows), f.tallest(inner, t))
			b.add(make([]string, min(f.tall-len(b.rows), max(0, room-len(b.rows)-keptForFoot)))...)
		}
	}
	foot := f.foot(inner, room, t)
	if !tight {
		foot = append(foot, "")
	}
	return b, foot
}

// Cursor returns where the cursor stands, relative to the box that View returned last; nil hides it.
func (f *Form) Cursor() *tea.Cursor { return f.cursor }

// title is the title with the subtitle behind it where both fit.
func (f *Form) title(inner int, t theme.Theme) string {
	title := f.spec.Title
	if f.preview != nil {
		return title + " " + t.Glyphs.Dot + " the exact request"
	}
	if f.inTitle(inner) {
		return title + " " + t.Glyphs.Dot + " " + f.spec.Subtitle
	}
	return title
}

func (f *Form) inTitle(inner int) bool {
	return f.spec.Subtitle != "" && ansi.StringWidth(f.spec.Title+f.spec.Subtitle)+7 <= inner
}

// window cuts the rows that are shown out of a body, with signs at the right where there is more.
func (f *Form) window(b body, h, inner int, t theme.Theme) []string {
	if h <= 0 {
		return nil
	}
	top := &f.top
	if f.preview != nil {
		top = &f.preview.top
		b.from = min(max(0, *top), max(0, len(b.rows)-h))
		b.to = b.from + 1
		*top = b.from
	}
	*top = cells.Window(*top, len(b.rows), h, b.from, b.to)
	*top = cells.Window(*top, len(b.rows), h, b.y, b.y+1)
	n := min(h, len(b.rows)-*top)
	rows := slices.Clone(b.rows[*top : *top+n])
	for i := range rows {
		rows[i] = cells.Fit(rows[i], inner, t.Glyphs.Ellipsis)
	}
	if n > 0 && *top > 0 {
		rows[0] = cells.Fit(ansi.Truncate(rows[0], inner-1, ""), inner-1, "") + t.Dim.Render(t.Glyphs.Up)
	}
	if n > 0 && *top+n < len(b.rows) {
		rows[n-1] = cells.Fit(ansi.Truncate(rows[n-1], inner-1, ""), inner-1, "") + t.Dim.Render(t.Glyphs.Down)
	}
	if b.x >= 0 && b.y >= *top && b.y < *top+n && !f.busy {
		f.cursor = tea.NewCursor(1+min(b.x, inner-1), 1+b.y-*top)
	}
	return rows
}

func (f *Form) addFields(b *body, inner int, t theme.Theme) {
	indent := strings.Repeat(" ", margin)
	wide := inner - margin - rightMargin
	if f.spec.Subtitle != "" && !f.inTitle(inner) {
		b.add(brief(f.spec.Subtitle, wide, subtitleRows, indent, t.Dim, t)...)
	}
	if f.spec.Intro != "" && f.page() == 0 {
		b.gap()
		b.add(brief(f.spec.Intro, wide, introRows, indent, t.Text, t)...)
	}
	if f.paged() {
		b.gap()
		b.add(indent+f.pageHead(wide, t), "")
	}
	for i, fd := range f.fields {
		switch {
		case !f.onPage(fd):
		case f.paged():
			f.addDense(b, fd, i == f.focus && !f.busy, inner, t)
		default:
			b.gap()
			f.addField(b, fd, i == f.focus && !f.busy, inner, t)
		}
	}
}

func (f *Form) addField(b *body, fd *field, focused bool, inner int, t theme.Theme) {
	indent := strings.Repeat(" ", margin)
	wide := inner - margin - rightMargin
	start := len(b.rows)
	label := t.Text
	if focused {
		label = t.Title
	}
	name := label.Render(fd.Label)
	if !fd.Required && len(f.fields) > 1 {
		name += "  " + t.Dim.Render("optional")
	}
	if fd.Label != "" {
		b.add(indent + cells.Fit(name, wide, t.Glyphs.Ellipsis))
	}
	// The marker stands in the margin, so that what is typed or chosen lines up with the label.
	lead := margin - railWidth
	d := fd.in.Lines(inner-lead-rightMargin, focused, t)
	at := len(b.rows)
	for _, row := range d.lines {
		b.add(strings.Repeat(" ", lead) + row)
	}
	switch {
	case fd.err != "":
		b.add(paragraph(t.Glyphs.Attention+" "+fd.err, wide, indent, t.Bad)...)
	case fd.Help != "":
		b.add(paragraph(fd.Help, wide, indent, t.Dim)...)
	}
	if !focused {
		return
	}
	b.from, b.to = start, len(b.rows)
	b.y = at + d.from
	if d.x >= 0 {
		b.x, b.y = lead+d.x, at+d.y
	}
}

func (f *Form) addPreview(b *body, inner int) {
	indent := strings.Repeat(" ", margin)
	for _, line := range f.preview.lines {
		lead := line[:len(line)-len(strings.TrimLeft(line, " "))]
		if ansi.StringWidth(line) <= inner-margin-rightMargin || len(lead) > inner/2 {
			b.add(indent + line)
			continue
		}
		for _, part := range cells.Wrap(strings.TrimLeft(line, " "), inner-margin-rightMargin-len(lead)) {
			b.add(indent + lead + part)
		}
	}
}

// foot is the part that always shows: what went wrong, what enter will do, and the keys.
func (f *Form) foot(inner, room int, t theme.Theme) []string {
	indent := strings.Repeat(" ", margin)
	wide := inner - margin - rightMargin
	var rows []string
	if f.failure != "" {
		rows = append(rows, "")
		rows = append(rows, limit(paragraph(t.Glyphs.Attention+" "+f.failure, wide, indent, t.Bad), max(1, room/3))...)
	}
	for _, w := range f.warnings {
		rows = append(rows, "")
		rows = append(rows, limit(paragraph(t.Glyphs.Attention+" "+w, wide, indent, t.Warn), max(1, room/4))...)
	}
	words, said := f.effect(wide)
	if words != "" {
		rows = append(rows, "")
		rows = append(rows, limit(paragraph(words, wide, indent, t.Dim), max(1, room/4))...)
	}
	rows = append(rows, "", indent+f.keyLine(wide, said, t))
	if len(rows) > room/2 { // too little room: what can be read elsewhere goes first
		rows = slices.DeleteFunc(rows, func(s string) bool { return s == "" })
	}
	return rows[max(0, len(rows)-max(1, room-2)):]
}

func paragraph(words string, w int, indent string, style theme.Style) []string {
	rows := cells.Wrap(words, w)
	for i := range rows {
		rows[i] = indent + style.Render(rows[i])
	}
	return rows
}

// The most that what comes before the fields may take: names and reasons come from a service.
const (
	subtitleRows = 2
	introRows    = 6
)

// brief is a paragraph of at most n rows, with a sign where it was cut.
func brief(words string, w, n int, indent string, style theme.Style, t theme.Theme) []string {
	rows := cells.Wrap(words, w)
	if len(rows) > n {
		rows[n-1] = cells.Fit(rows[n-1]+" "+rows[n], w, t.Glyphs.Ellipsis)
		rows = rows[:n]
	}
	for i := range rows {
		rows[i] = indent + style.Render(rows[i])
	}
	return rows
}

// limit keeps the first n rows.
func limit(rows []string, n int) []string { return rows[:min(n, len(rows))] }
