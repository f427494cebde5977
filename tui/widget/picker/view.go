package picker

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/state/text"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/rank"
)

// View returns the entry's line, the listing and what is known of the file under the cursor: at most h lines of
// exactly w cells, and the cursor's column on the first. The listing is left out once a file is chosen.
func (p *Picker) View(w, h int, t theme.Theme) (lines []string, x int) {
	if w <= 0 || h <= 0 {
		return nil, 0
	}
	entry, x := p.line.View(w, t)
	lines = append(lines, entry)
	if p.chosen == "" {
		lines = append(lines, p.list(w, h-2, t)...)
	}
	if p.chosen == "" {
		p.tall = max(p.tall, len(lines)+1) // and the status
	}
	status := p.status(len(lines)-1, t)
	if status != "" {
		lines = append(lines, cells.Fit(status, w, t.Glyphs.Ellipsis))
	}
	for p.chosen == "" && len(lines) < min(h, p.tall) {
		lines = append(lines, strings.Repeat(" ", w))
	}
	return lines[:min(h, len(lines))], x
}

// Summary returns the one line that stands for the picker where it has no focus.
func (p *Picker) Summary(w int, t theme.Theme) string {
	if path, info, ok := p.Chosen(); ok {
		return cells.Ends(t.Input.Render(label(p.short(path))), t.Dim.Render(info), w, t.Glyphs.Ellipsis)
	}
	if path := p.Path(); path != "" {
		return cells.Fit(t.Input.Render(label(p.short(path))), w, t.Glyphs.Ellipsis)
	}
	return cells.Fit(t.Dim.Render("no file chosen"), w, t.Glyphs.Ellipsis)
}

// Short is a path as it is shown: below the home folder with ~.
func (p *Picker) Short(path string) string { return label(p.short(path)) }

// status is the line below the listing, which shows rows of the names.
func (p *Picker) status(rows int, t theme.Theme) string {
	switch {
	case p.chosen != "":
		return t.Good.Render(t.Glyphs.Good + " " + p.describe(p.chosen))
	case p.wanted != "":
		return t.Dim.Render("looking at the file")
	case p.Refusal() != "":
		return t.Bad.Render(t.Glyphs.Attention + " " + p.Refusal())
	case p.reading:
		return t.Dim.Render("reading the folder")
	case p.readErr != nil:
		return t.Bad.Render(t.Glyphs.Attention + " " + text.Line(p.readErr.Error()))
	}
	if len(p.shown) == 0 {
		return t.Dim.Render(p.nothing())
	}
	return p.aside(rows, t)
}

// aside says what the file under the cursor is; failing that, how many names do not show.
func (p *Picker) aside(rows int, t theme.Theme) string {
	_, path, _ := p.current()
	v, known := p.verdicts[path]
	hidden := len(p.shown) - rows
	switch {
	case known && v.err != nil:
		return t.Warn.Render(t.Glyphs.Attention + " " + text.Line(v.err.Error()))
	case known && v.info != "":
		return t.Dim.Render(v.info)
	case hidden > 0:
		return t.Dim.Render(fmt.Sprintf("%d more: type to narrow them down", hidden))
	}
	return ""
}

func (p *Picker) describe(path string) string {
	if info := p.verdicts[path].info; info != "" {
		return info
	}
	return "ready to send"
}

func (p *Picker) nothing() string {
	if _, base := p.split(); base != "" && len(p.entries) > 0 {
		return "nothing here matches " + label(base)
	}
	return "this folder is empty"
}

// list returns the rows around the cursor, at most h.
func (p *Picker) list(w, h int, t theme.Theme) []string {
	if h <= 0 {
		return nil
	}
	top := cells.Window(max(0, p.cursor-h/2), len(p.shown), h, p.cursor, p.cursor+1)
	var rows []string
	for i := top; i < min(top+h, len(p.shown)); i++ {
		rows = append(rows, p.row(p.shown[i], i == p.cursor, w, t))
	}
	return rows
}

// The widths from which a row shows a file's size, its date, and the time of day too.
const (
	sizeRoom = 30
	dateRoom = 42
	timeRoom = 56
)

func (p *Picker) row(r rank.Ranked, here bool, w int, t theme.Theme) string {
	e := p.entries[r.Index]
	mark := "  "
	if here {
		mark = t.Selected.Render(t.Glyphs.Marker) + " "
	}
	style := t.Text
	if e.Dir {
		style = t.Accent
	}
	name := rank.Paint(label(e.Name), r.At, style, t.Match)
	if e.Dir {
		name += style.Render("/")
	}
	line := cells.Ends(name, t.Dim.Render(facts(e, w)), max(0, w-2), t.Glyphs.Ellipsis)
	return cells.Fit(ansi.Truncate(mark+line, w, ""), w, "")
}

// facts are a file's size and date as far as w columns have room for them.
func facts(e Entry, w int) string {
	var parts []string
	if !e.Dir && w >= sizeRoom {
		parts = append(parts, size(e.Size))
	}
	if layout := "2006-01-02 15:04"; !e.ModTime.IsZero() && w >= dateRoom {
		if w < timeRoom {
			layout = "2006-01-02"
		}
		parts = append(parts, e.ModTime.Format(layout))
	}
	return strings.Join(parts, "  ")
}

// size writes bytes with three figures at most, in units of 1000 as file managers do.
func size(n int64) string {
	const unit = 1000
	if n < unit {
		return fmt.Sprintf("%d B", max(0, n))
	}
	value, units := float64(n), "kMGTPE"
	i := -1
	for value >= unit-0.5 && i < len(units)-1 {
		value /= unit
		i++
	}
	if value < 9.95 {
		return fmt.Sprintf("%.1f %cB", value, units[i])
	}
	return fmt.Sprintf("%.0f %cB", value, units[i])
}
