package form

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/picker"
)

// documents is several documents on disk: the ones chosen so far, and a picker for the next.
type documents struct {
	fixed
	in      *picker.Picker
	chosen  []picked
	queue   []string // pasted or drafted paths that are still to be looked at
	refused []string // what was said against those of them that cannot be sent
}

// picked is one chosen file.
type picked struct{ path, info string }

func newFiles(src picker.Source, draft []string) *documents {
	return &documents{in: picker.New(src), queue: slices.Clone(draft)}
}

func (f *documents) Init() tea.Cmd { return tea.Batch(f.in.Init(), f.next()) }
func (f *documents) Focus()        {}
func (f *documents) Blur()         {}

func (f *documents) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if paths := picker.Paths(msg.Content); len(paths) > 1 {
			f.queue, f.refused = append(f.queue, paths...), nil
			return f.next()
		}
	case tea.KeyPressMsg:
		if msg.String() == "delete" && !f.in.Touched() {
			f.takeOff()
			return nil
		}
		f.refused = nil
	}
	waited := f.in.Pending()
	cmd, event := f.in.Update(msg)
	return tea.Batch(cmd, f.took(event, waited))
}

// takeOff takes off what was refused, or else the file that was chosen last.
func (f *documents) takeOff() {
	if len(f.refused) > 0 {
		f.refused = nil
	} else if len(f.chosen) > 0 {
		f.chosen = f.chosen[:len(f.chosen)-1]
	}
}

// took takes a chosen file over, and goes on with the queue once the picker has answered.
func (f *documents) took(event picker.Event, waited bool) tea.Cmd {
	if chosen, ok := event.(picker.Chosen); ok {
		f.add(chosen)
		return tea.Batch(f.in.Restart(), f.next())
	}
	if waited && !f.in.Pending() && f.in.Refusal() != "" && len(f.queue) > 0 {
		f.refused = append(f.refused, f.in.Refusal())
		f.queue = f.queue[1:]
		return tea.Batch(f.in.Restart(), f.next())
	}
	return nil
}

func (f *documents) add(c picker.Chosen) {
	if len(f.queue) > 0 && f.queue[0] != c.Path {
		f.queue = slices.DeleteFunc(f.queue, func(path string) bool { return path == c.Path })
	} else if len(f.queue) > 0 {
		f.queue = f.queue[1:]
	}
	if !slices.ContainsFunc(f.chosen, func(p picked) bool { return p.path == c.Path }) {
		f.chosen = append(f.chosen, picked{c.Path, c.Info})
	}
}

// next looks at the first file of the queue.
func (f *documents) next() tea.Cmd {
	if len(f.queue) == 0 || f.in.Pending() {
		return nil
	}
	cmd, event := f.in.Choose(f.queue[0])
	return tea.Batch(cmd, f.took(event, false))
}

func (f *documents) Values() []string {
	var paths []string
	for _, p := range f.chosen {
		paths = append(paths, p.path)
	}
	for _, path := range f.queue { // a draft keeps what was not looked at yet
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

func (f *documents) Problem() string {
	switch {
	case len(f.refused) > 0:
		return strings.Join(f.refused, "; ") + "; del takes it off the list"
	case f.in.Pending() || len(f.queue) > 0:
		return "a file is still being looked at"
	case f.in.Touched() && f.in.Path() != "" && f.in.Refusal() != "":
		return f.in.Refusal()
	}
	return ""
}

// Wants says which actions of the form are the picker's. Once there is a file, sending goes on unless another one was
// looked for.
func (f *documents) Wants(id keymap.ID) bool {
	switch id {
	case keymap.FormSubmit:
		return !f.in.Pending() && (len(f.chosen) == 0 || f.in.Touched())
	case keymap.FormNext:
		return f.in.Completes()
	}
	return false
}

// Do chooses or completes.
func (f *documents) Do(id keymap.ID) tea.Cmd {
	f.refused = nil
	waited := f.in.Pending()
	cmd, event := pick(f.in, id)
	return tea.Batch(cmd, f.took(event, waited))
}

func (f *documents) Lines(w int, focused bool, t theme.Theme) drawn {
	room := max(1, w-railWidth)
	d := drawn{x: -1}
	for _, p := range f.chosen {
		name := t.Good.Render(t.Glyphs.Good) + " " + t.Input.Render(f.in.Short(p.path))
		d.lines = append(d.lines, rail(false, t)+cells.Ends(name, t.Dim.Render(p.info), room, t.Glyphs.Ellipsis))
	}
	for _, words := range f.refused {
		d.lines = append(d.lines, rail(false, t)+cells.Fit(t.Bad.Render(t.Glyphs.Attention+" "+words), room, t.Glyphs.Ellipsis))
	}
	d.from, d.to = len(d.lines), len(d.lines)+1
	if !focused {
		if len(d.lines) == 0 {
			d.lines = []string{rail(false, t) + cells.Fit(t.Dim.Render("no file chosen"), room, t.Glyphs.Ellipsis)}
		}
		d.from, d.to = 0, len(d.lines)
		return d
	}
	lines, x := f.in.View(room, max(3, listRows-len(f.chosen)), t)
	for i, l := range lines {
		lead := "  "
		if i == 0 {
			lead = rail(true, t)
		}
		d.lines = append(d.lines, lead+l)
	}
	d.x, d.y, d.to = railWidth+x, d.from, len(d.lines)
	return d
}
