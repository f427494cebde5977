package form

import (
	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/picker"
)

// file is a document on disk. huh's own file field reads folders while it draws, so the picker stands in for it.
type file struct {
	fixed
	in *picker.Picker
}

func newFile(src picker.Source, draft string) *file {
	f := &file{in: picker.New(src)}
	if draft != "" {
		f.in.SetPath(draft)
	}
	return f
}

func (f *file) Init() tea.Cmd { return f.in.Init() }
func (f *file) Focus()        {}
func (f *file) Blur()         {}

func (f *file) Update(msg tea.Msg) tea.Cmd {
	cmd, _ := f.in.Update(msg)
	return cmd
}

func (f *file) Values() []string {
	if path := f.in.Path(); path != "" {
		return []string{path}
	}
	return nil
}

func (f *file) Problem() string {
	_, _, chosen := f.in.Chosen()
	switch {
	case chosen || f.in.Path() == "":
		return ""
	case f.in.Pending():
		return "the file is still being looked at"
	case f.in.Refusal() != "":
		return f.in.Refusal()
	}
	return "choose the file first: enter takes the one marked"
}

// Wants says which actions of the form are the picker's: sending until a file is chosen, moving on while it completes.
func (f *file) Wants(id keymap.ID) bool {
	_, _, chosen := f.in.Chosen()
	return (id == keymap.FormSubmit && !chosen && !f.in.Pending()) || (id == keymap.FormNext && f.in.Completes())
}

// Do chooses or completes.
func (f *file) Do(id keymap.ID) tea.Cmd {
	cmd, _ := pick(f.in, id)
	return cmd
}

// pick does with a picker what a form's action means there.
func pick(p *picker.Picker, id keymap.ID) (tea.Cmd, picker.Event) {
	if id == keymap.FormNext {
		return p.Complete()
	}
	return p.Enter()
}

// listRows is how many rows the picker takes while it has the focus.
const listRows = 9

func (f *file) Lines(w int, focused bool, t theme.Theme) drawn {
	room := max(1, w-railWidth)
	d := drawn{x: -1, to: 1}
	if !focused {
		d.lines = []string{rail(false, t) + f.in.Summary(room, t)}
		return d
	}
	lines, x := f.in.View(room, listRows, t)
	for i, l := range lines {
		lead := "  "
		if i == 0 {
			lead = rail(true, t)
		}
		d.lines = append(d.lines, lead+l)
	}
	d.x, d.to = railWidth+x, len(lines)
	return d
}
