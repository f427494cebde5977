package form

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"claimdeck/state/text"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
)

// options is what one and several choices share: the list, and how it looks. huh holds the place and the marks by
// the option's index; the rows are drawn here, because huh knows neither notes nor disabled options.
type options struct {
	fixed
	list    []Option
	loading bool
	failed  bool
	compact bool     // without the focus it takes one line
	kept    []string // a draft that waits for the options it names
}

func (o *options) Fail() { o.loading, o.failed = false, true }

// set takes the options when they come.
func (o *options) set(list []Option) { o.list, o.loading, o.failed = list, false, false }

// waits reports whether there are no options yet to tell values by.
func (o *options) waits() bool { return o.loading || o.failed }

func (o *options) huh() []huh.Option[int] {
	out := make([]huh.Option[int], len(o.list))
	for i := range o.list {
		out[i] = huh.NewOption(fmt.Sprint(i), i) // huh tells options apart by this name
	}
	return out
}

// indexes returns which of the list hold one of the values and can be chosen.
func (o *options) indexes(values []string) []int {
	var at []int
	for i, opt := range o.list {
		if !opt.Disabled && slices.Contains(values, opt.Value) {
			at = append(at, i)
		}
	}
	return at
}

func (o *options) lines(w, here int, focused bool, t theme.Theme, box func(i int) string) drawn {
	d := drawn{x: -1, to: 1}
	if o.loading || len(o.list) == 0 {
		words := "nothing to choose from"
		switch {
		case o.loading:
			words = "the choices are loading"
		case o.failed && len(o.kept) > 0:
			words = "as drafted: " + text.Line(strings.Join(o.kept, ", "))
		}
		d.lines = []string{cells.Fit("  "+t.Dim.Render(words), w, t.Glyphs.Ellipsis)}
		return d
	}
	column := 0
	for _, opt := range o.list {
		column = max(column, ansi.StringWidth(opt.Label))
	}
	column = min(column, max(12, (w-6)*3/5))
	for i, opt := range o.list {
		mark := "  "
		if focused && i == here {
			mark = t.Selected.Render(t.Glyphs.Marker) + " "
			d.from, d.to = i, i+1
		}
		label, style := opt.Label, t.Text
		if opt.Disabled {
			style = t.Dim
		}
		row := mark + style.Render(box(i)+" ")
		if opt.Note != "" {
			row += style.Render(cells.Fit(label, column, t.Glyphs.Ellipsis)) + "  " + t.Dim.Render(opt.Note)
		} else {
			row += style.Render(label)
		}
		d.lines = append(d.lines, cells.Fit(row, w, t.Glyphs.Ellipsis))
	}
	return d
}

// multi is some of the options.
type multi struct {
	options
	in *huh.MultiSelect[int]
}

func newMulti(fd Field, draft []string) *multi {
	m := &multi{options: options{list: fd.Options, loading: fd.Loading, kept: draft}}
	m.build(draft)
	return m
}

func (m *multi) build(values []string) {
	marked := m.indexes(values)
	m.in = huh.NewMultiSelect[int]().Filterable(false).Options(m.huh()...).Value(&marked)
	m.in.WithTheme(&look{}).WithKeyMap(editing())
}

func (m *multi) SetOptions(list []Option) {
	values := m.Values()
	m.set(list)
	m.build(values)
}

func (m *multi) Focus() { _ = m.in.Focus() }
func (m *multi) Blur()  { _ = m.in.Blur() }

func (m *multi) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok || len(m.list) == 0 {
		return nil
	}
	if here, ok := m.in.Hovered(); ok && m.list[here].Disabled && (k.String() == "space" || k.String() == "x") {
		return nil // its note says why
	}
	update(m.in, k)
	return nil
}

func (m *multi) Values() []string {
	if m.waits() {
		return m.kept
	}
	marked, _ := m.in.GetValue().([]int)
	var values []string
	for _, i := range marked {
		values = append(values, m.list[i].Value)
	}
	return values
}

func (m *multi) Lines(w int, focused bool, t theme.Theme) drawn {
	marked, _ := m.in.GetValue().([]int)
	here, _ := m.in.Hovered()
	return m.lines(w, here, focused, t, func(i int) string {
		switch {
		case slices.Contains(marked, i):
			return "[x]"
		case m.list[i].Disabled:
			return " " + t.Glyphs.Dot + " "
		}
		return "[ ]"
	})
}

// choice is one of the options. The one under the cursor is the one chosen.
type choice struct {
	options
	in *huh.Select[int]
	no bool // nothing is chosen until a key says so
}

func newChoice(fd Field, draft string) *choice {
	c := &choice{options: options{list: fd.Options, loading: fd.Loading, compact: fd.compact}, no: true}
	if draft != "" {
		c.kept = []string{draft}
	}
	c.build(c.kept)
	return c
}

func (c *choice) build(values []string) {
	at := 0
	found := c.indexes(values)
	if c.no = len(found) == 0; !c.no {
		at = found[0]
	}
	c.in = huh.NewSelect[int]().Options(c.huh()...).Value(&at)
	c.in.WithTheme(&look{}).WithKeyMap(editing())
	if c.no && len(c.list) > 0 && c.list[0].Disabled {
		c.step("down")
	}
}

func (c *choice) SetOptions(list []Option) {
	values := c.Values()
	c.set(list)
	c.build(values)
}

func (c *choice) Focus() { _ = c.in.Focus() }
func (c *choice) Blur()  { _ = c.in.Blur() }

func (c *choice) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok || len(c.list) == 0 {
		return nil
	}
	switch name := k.String(); name {
	case "space", "x":
		here, _ := c.in.Hovered()
		c.no = !c.no || c.list[here].Disabled
	case "up", "k", "ctrl+p", "end", "G":
		c.travel(k, "up")
	case "down", "j", "ctrl+n", "home", "g":
		c.travel(k, "down")
	}
	return nil
}

// travel moves, and on past options that cannot be chosen. The first move only shows what would be chosen.
func (c *choice) travel(k tea.KeyPressMsg, on string) {
	if c.no {
		c.no = c.allDisabled()
		return
	}
	update(c.in, k)
	if here, _ := c.in.Hovered(); c.list[here].Disabled {
		c.step(on)
	}
}

// step moves to the next option that can be chosen.
func (c *choice) step(on string) {
	k := tea.KeyPressMsg{Code: tea.KeyDown}
	if on == "up" {
		k.Code = tea.KeyUp
	}
	for range c.list {
		update(c.in, k)
		if here, _ := c.in.Hovered(); !c.list[here].Disabled {
			return
		}
	}
}

func (c *choice) allDisabled() bool {
	return !slices.ContainsFunc(c.list, func(o Option) bool { return !o.Disabled })
}

func (c *choice) Values() []string {
	if c.waits() {
		return c.kept
	}
	here, ok := c.in.Hovered()
	if !ok || c.no || c.list[here].Disabled || c.list[here].Value == "" {
		return nil
	}
	return []string{c.list[here].Value}
}

// summary is a choice in one line: what is chosen.
func (o *options) summary(value string, w int, t theme.Theme) drawn {
	for _, opt := range o.list {
		if opt.Value == value && opt.Label != "" {
			value = opt.Label
		}
	}
	words := t.Input.Render(value)
	if value == "" {
		words = t.Dim.Render("not chosen")
	}
	return drawn{lines: []string{rail(false, t) + cells.Fit(words, max(1, w-railWidth), t.Glyphs.Ellipsis)}, to: 1, x: -1}
}

func (c *choice) Lines(w int, focused bool, t theme.Theme) drawn {
	if c.compact && !focused && !c.waits() {
		return c.summary(first(c.Values()), w, t)
	}
	here, _ := c.in.Hovered()
	return c.lines(w, here, focused, t, func(i int) string {
		switch {
		case i == here && !c.no:
			return "(" + t.Glyphs.Live + ")"
		case c.list[i].Disabled:
			return " " + t.Glyphs.Dot + " "
		}
		return "( )"
	})
}
