package form

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"claimdeck/tui/theme"
	"claimdeck/tui/widget/prompt"
)

// openChoice is one of the options, or a text of one's own: the last option is typed into.
type openChoice struct {
	*choice
	own   *line
	given []Option // without the last one
}

// ownOption is the value of the option that stands for a text of one's own. No option of a service is called so.
const ownOption = "\x00own"

// ownLabel stands in front of it.
const ownLabel = "own words:"

func newOpenChoice(fd Field, draft string) *openChoice {
	own := ""
	if draft != "" && !fd.Loading && !offers(fd.Options, draft) {
		own = draft
	}
	o := &openChoice{own: newLine(Field{}, own), given: fd.Options}
	inner := fd
	inner.Options = withOwn(fd.Options)
	o.choice = newChoice(inner, draft)
	if own != "" {
		o.build([]string{ownOption})
	}
	return o
}

func withOwn(options []Option) []Option {
	return append(slices.Clone(options), Option{Value: ownOption, Label: ownLabel})
}

func offers(options []Option, value string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == value })
}

// SetOptions brings the options. A draft that is not among them is a text of one's own.
func (o *openChoice) SetOptions(list []Option) {
	values := o.Values()
	o.given = list
	o.set(withOwn(list))
	if v := first(values); v != "" && !offers(list, v) {
		o.own = newLine(Field{}, v)
		values = []string{ownOption}
	}
	o.build(values)
}

// typing reports whether the option of one's own text is chosen.
func (o *openChoice) typing() bool { return !o.waits() && first(o.choice.Values()) == ownOption }

func (o *openChoice) Focus() {
	o.choice.Focus()
	o.own.Focus()
}

func (o *openChoice) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if o.typing() && prompt.Typeable(msg) && !moves(msg.String()) {
			return o.own.Update(msg)
		}
	case tea.PasteMsg:
		if o.typing() {
			return o.own.Update(msg)
		}
	}
	return o.choice.Update(msg)
}

// moves reports whether a key moves between the options even while a text is typed.
func moves(key string) bool {
	return key == "up" || key == "down" || key == "ctrl+p" || key == "ctrl+n"
}

func (o *openChoice) Values() []string {
	values := o.choice.Values()
	if first(values) == ownOption {
		return o.own.Values()
	}
	return values
}

func (o *openChoice) Lines(w int, focused bool, t theme.Theme) drawn {
	if o.compact && !focused {
		return o.summary(first(o.Values()), w, t)
	}
	d := o.choice.Lines(w, focused, t)
	if o.waits() || len(d.lines) == 0 {
		return d
	}
	// What is typed stands behind the word of the last option.
	const lead = 2 + 4 + len(ownLabel) + 1 // the marker, the box, the label
	last := len(d.lines) - 1
	text := o.own.Lines(max(railWidth+1, w-lead+railWidth), focused && o.typing(), t)
	body := cutLeft(text.lines[0], railWidth)
	d.lines[last] = fitTo(d.lines[last], lead, t) + body
	if focused && o.typing() && text.x >= 0 {
		d.x, d.y = lead+text.x-railWidth, last
	}
	return d
}
