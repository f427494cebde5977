package form

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
)

// A form whose fields have sections shows one section at a time, each field on one line where it can.

// paged reports whether the form has more than one section.
func (f *Form) paged() bool { return len(f.sections) > 1 }

// section returns the index of the section of a field.
func (f *Form) section(fd *field) int { return max(0, slices.Index(f.sections, fd.Section)) }

// page returns the index of the section on screen: that of the field with the focus.
func (f *Form) page() int {
	if fd := f.current(); fd != nil {
		return f.section(fd)
	}
	return 0
}

// onPage reports whether a field is on screen.
func (f *Form) onPage(fd *field) bool { return !f.paged() || f.section(fd) == f.page() }

// turn goes to the first field of another section; beyond the ends it stays.
func (f *Form) turn(by int) {
	to := f.page() + by
	if to < 0 || to >= len(f.sections) {
		return
	}
	if fd := f.current(); fd != nil {
		f.left(fd)
	}
	f.focusFirst(func(fd *field) bool { return f.section(fd) == to })
}

// sectionsOf are the sections of fields, in order. Fields of one section that stand apart are brought together.
func sectionsOf(fields []Field) ([]string, []Field) {
	var names []string
	for _, fd := range fields {
		if !slices.Contains(names, fd.Section) {
			names = append(names, fd.Section)
		}
	}
	return names, slices.SortedStableFunc(slices.Values(fields), func(a, b Field) int {
		return slices.Index(names, a.Section) - slices.Index(names, b.Section)
	})
}

// tallest is how many rows the tallest section takes as it opens; 0 when they were measured for this width before.
func (f *Form) tallest(inner int, t theme.Theme) int {
	if f.measured == inner {
		return 0
	}
	f.measured = inner
	here, most := f.focus, 0
	for section := range f.sections {
		f.focus = slices.IndexFunc(f.fields, func(fd *field) bool { return f.section(fd) == section })
		b := body{x: -1}
		f.addFields(&b, inner, t)
		most = max(most, len(b.rows)+1) // and the empty row above
	}
	f.focus = here
	return most
}

// pageHead is the line that says which section this is, and which others have something wrong in them.
func (f *Form) pageHead(wide int, t theme.Theme) string {
	here := f.page()
	name := f.sections[here]
	if name == "" { // what a form is about needs no other name
		name = f.spec.Title
	}
	head := t.Dim.Render(fmt.Sprintf("%d of %d", here+1, len(f.sections))) + "  " + t.Title.Render(name)
	var wrong []string
	for i, name := range f.sections {
		if i != here && f.wrongIn(i) {
			wrong = append(wrong, name)
		}
	}
	right := t.Dim.Render("* required")
	if len(wrong) > 0 {
		right = t.Bad.Render(t.Glyphs.Attention + " see " + strings.Join(wrong, ", "))
	} else if !slices.ContainsFunc(f.fields, func(fd *field) bool { return fd.Required && f.onPage(fd) }) {
		right = ""
	}
	return cells.Ends(head, right, wide, t.Glyphs.Ellipsis)
}

func (f *Form) wrongIn(section int) bool {
	return slices.ContainsFunc(f.fields, func(fd *field) bool { return fd.err != "" && f.section(fd) == section })
}

// labelWidth is the column of the labels on a page.
func labelWidth(inner int) int { return max(12, min(28, inner*2/5)) }

// addDense draws a field with its label in front of its input, and its help only while it has the focus.
func (f *Form) addDense(b *body, fd *field, focused bool, inner int, t theme.Theme) {
	start, col := len(b.rows), labelWidth(inner)
	style := t.Text
	if focused {
		style = t.Title
	}
	name, star := fd.Label, ""
	if fd.Required { // it stays where the label is cut
		star = " *"
	}
	name = ansi.Truncate(name, col-1-len(star), t.Glyphs.Ellipsis) + star
	lead := strings.Repeat(" ", margin) + cells.Fit(style.Render(name), col-1, t.Glyphs.Ellipsis) + " "
	if fd.Kind == File {
		b.add(strings.TrimRight(lead, " "))
		lead, col = strings.Repeat(" ", margin-railWidth), -railWidth
	}
	d := fd.in.Lines(inner-margin-col-rightMargin, focused, t)
	at := len(b.rows)
	for i, row := range d.lines {
		if i > 0 {
			lead = strings.Repeat(" ", margin+col)
		}
		b.add(lead + row)
	}
	indent := strings.Repeat(" ", margin+max(0, col)+railWidth)
	wide := inner - len(indent) - rightMargin
	switch {
	case fd.err != "":
		b.add(paragraph(t.Glyphs.Attention+" "+fd.err, wide, indent, t.Bad)...)
	case fd.Help != "" && focused:
		b.add(paragraph(fd.Help, wide, indent, t.Dim)...)
	}
	if !focused {
		return
	}
	b.from, b.to = start, len(b.rows)
	b.y = at + d.from
	if d.x >= 0 {
		b.x, b.y = margin+col+d.x, at+d.y
	}
}

// cutLeft drops the first n cells of a styled line.
func cutLeft(s string, n int) string { return ansi.TruncateLeft(s, n, "") }

// fitTo is a styled line in exactly n cells.
func fitTo(s string, n int, t theme.Theme) string {
	return cells.Fit(ansi.Truncate(s, n, ""), n, t.Glyphs.Ellipsis)
}
