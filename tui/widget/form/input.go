package form

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"claimdeck/keymap"
	"claimdeck/state/text"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/picker"
)

// input holds and edits the value of one field. All but the file picker are a field of huh.
type input interface {
	Init() tea.Cmd
	Update(tea.Msg) tea.Cmd
	Focus()
	Blur()
	Values() []string        // trimmed; nil: no input
	Problem() string         // why the value cannot be used yet, beyond Check
	Wants(id keymap.ID) bool // the action of a form is the input's now
	Do(id keymap.ID) tea.Cmd // what it Wants
	SetOptions([]Option)
	Fail() // the options that were loading will not come
	// Lines draws the input in w columns, its own marker column included.
	Lines(w int, focused bool, t theme.Theme) drawn
}

// drawn is an input's picture.
type drawn struct {
	lines    []string
	from, to int // the rows that must be seen: where the person is at work
	x, y     int // the cursor; x < 0: there is none
}

// newInput makes the input of a field; on a page, a choice without the focus takes one line.
func newInput(fd Field, draft []string, files picker.Source, page bool) input {
	switch fd.Kind {
	case LongText:
		return newArea(first(draft))
	case Choice:
		fd.compact = page
		if fd.Open {
			return newOpenChoice(fd, first(draft))
		}
		return newChoice(fd, first(draft))
	case MultiChoice:
		return newMulti(fd, draft)
	case File:
		if fd.Many {
			return newFiles(files, draft)
		}
		return newFile(files, first(draft))
	default:
		return newLine(fd, first(draft))
	}
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// fixed is what most inputs have in common.
type fixed struct{}

func (fixed) Init() tea.Cmd         { return nil }
func (fixed) Problem() string       { return "" }
func (fixed) Wants(keymap.ID) bool  { return false }
func (fixed) Do(keymap.ID) tea.Cmd  { return nil }
func (fixed) SetOptions(_ []Option) {}
func (fixed) Fail()                 {}

// update passes keys and pastes to a huh field. Its commands are dropped: they blink a cursor, which would write to
// the terminal while nothing happens, or move between fields, which is ours.
func update(f huh.Field, msg tea.Msg) {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		_, _ = f.Update(msg)
	}
}

// newline is the key at which huh begins a new line. No person presses it: the key map says which keys do.
const newline = tea.KeyF63

// editing leaves huh the keys of editing only. What a form's keys do is said by the key map, and read by the form; no key
// opens an editor or asks this computer for its clipboard.
func editing() *huh.KeyMap {
	k := huh.NewDefaultKeyMap()
	none := key.NewBinding()
	k.Input = huh.InputKeyMap{AcceptSuggestion: none, Next: none, Prev: none, Submit: none}
	k.Text = huh.TextKeyMap{
		Next: none, Prev: none, Submit: none, Editor: none,
		NewLine: key.NewBinding(key.WithKeys(tea.KeyPressMsg{Code: newline}.String())),
	}
	for _, b := range []*key.Binding{
		&k.Select.Next, &k.Select.Prev, &k.Select.Submit, &k.Select.Filter, &k.Select.SetFilter, &k.Select.ClearFilter,
		&k.MultiSelect.Next, &k.MultiSelect.Prev, &k.MultiSelect.Submit, &k.MultiSelect.Filter,
		&k.MultiSelect.SetFilter, &k.MultiSelect.ClearFilter, &k.MultiSelect.SelectAll, &k.MultiSelect.SelectNone,
	} {
		*b = none
	}
	return k
}

// look is the huh theme that follows ours. huh keeps the first theme it is given and asks it at every message, so the
// styles, which are large, are made once a theme.
type look struct {
	styles huh.Styles
	of     theme.Options // of styles, once they are made
	made   bool
}

// set follows a theme.
func (l *look) set(t theme.Theme) {
	if l.made && l.of == t.Options {
		return
	}
	l.of, l.made = t.Options, true
	for _, f := range []*huh.FieldStyles{&l.styles.Focused, &l.styles.Blurred} {
		f.TextInput = huh.TextInputStyles{Text: t.Input.Style, Placeholder: t.Dim.Style}
	}
}

// Theme returns the styles as they are now.
func (l *look) Theme(bool) *huh.Styles { return &l.styles }

// rail draws the bar at the left of text that can be typed into.
func rail(focused bool, t theme.Theme) string {
	if focused {
		return t.Selected.Render(t.Glyphs.Marker) + " "
	}
	return t.Faint.Render(t.Glyphs.Vertical) + " "
}

// railWidth is the marker column and the space behind it.
const railWidth = 2

// line is one line of text.
type line struct {
	fixed
	in      *huh.Input
	look    *look
	secret  bool
	private bool
	typed   bool // the person is at work on it
}

func newLine(fd Field, draft string) *line {
	l := &line{look: &look{}, secret: fd.Secret, private: fd.Private, typed: draft == ""}
	l.in = huh.NewInput().Prompt("")
	if fd.Secret {
		l.in.EchoMode(huh.EchoModePassword)
	}
	draft = cells.Clean(draft)
	l.in.Value(&draft)
	l.in.WithTheme(l.look).WithKeyMap(editing())
	return l
}

func (l *line) Focus() { _ = l.in.Focus() }
func (l *line) Blur()  { _ = l.in.Blur() }

func (l *line) Update(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		paste.Content = text.Line(paste.Content)
		msg = paste
	}
	if ctrlV(msg) {
		return nil
	}
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		l.typed = true
	}
	update(l.in, msg)
	return nil
}

// ctrlV reports the key at which bubbles would run a clipboard program on this computer, which over SSH is the
// wrong one. The terminal's own paste arrives as a PasteMsg.
func ctrlV(msg tea.Msg) bool {
	k, ok := msg.(tea.KeyPressMsg)
	return ok && k.String() == "ctrl+v"
}

// SetText replaces what is typed.
func (l *line) SetText(words string) {
	words = cells.Clean(words)
	l.in.Value(&words)
}

func (l *line) Values() []string { return trimmed(l.in.GetValue()) }

func trimmed(value any) []string {
	s, _ := value.(string)
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	return []string{s}
}

func (l *line) Lines(w int, focused bool, t theme.Theme) drawn {
	l.look.set(t)
	room := max(1, w-railWidth)
	if focused && l.private && !l.typed { // it shows once it is changed
		shown := cells.Fit(t.Input.Render(l.shown(t)), room, t.Glyphs.Ellipsis)
		return drawn{lines: []string{rail(true, t) + shown}, to: 1, x: railWidth + min(room-1, len([]rune(l.shown(t))))}
	}
	if !focused { // huh leaves text without focus in a colour of its own
		return drawn{lines: []string{rail(false, t) + cells.Fit(t.Input.Render(l.shown(t)), room, t.Glyphs.Ellipsis)}, to: 1, x: -1}
	}
	l.in.WithWidth(room)
	// Where wide characters do not fit, huh breaks the line: it is made whole, and cut.
	view, x, ok := cells.TakeCursor(strings.ReplaceAll(l.in.View(), "\n", ""))
	d := drawn{lines: []string{rail(true, t) + cells.Fit(view, room, "")}, to: 1, x: -1}
	if ok {
		d.x = railWidth + min(x, room-1)
	}
	return d
}

func (l *line) shown(t theme.Theme) string {
	value, _ := l.in.GetValue().(string)
	switch {
	case l.secret:
		return strings.Repeat(t.Glyphs.Masked, len([]rune(value)))
	case l.private:
		return cells.Mask(value, t.Glyphs.Masked)
	}
	return value
}

// area is text of several lines.
type area struct {
	fixed
	in     *huh.Text
	look   *look
	room   int // the width in which it was drawn last
	width  int // the width that huh was told
	height int // the rows that huh was told
}

// The rows an area shows at least and at most; in between it grows with its text.
const (
	areaMin = 3
	areaMax = 8
)

func newArea(draft string) *area {
	a := &area{look: &look{}}
	a.in = huh.NewText().ExternalEditor(false).CharLimit(0)
	draft = text.Block(draft)
	a.in.Value(&draft)
	a.in.WithTheme(a.look).WithKeyMap(editing())
	return a
}

func (a *area) Focus() { _ = a.in.Focus() }
func (a *area) Blur()  { _ = a.in.Blur() }

func (a *area) Update(msg tea.Msg) tea.Cmd {
	if ctrlV(msg) {
		return nil
	}
	switch msg.(type) {
	case tea.KeyPressMsg:
		a.grow(len(a.rows()) + spareRows)
	case tea.PasteMsg:
		a.grow(areaMax)
	}
	update(a.in, msg)
	return nil
}

// spareRows is how many rows a text area has below its text, for what the next key brings.
const spareRows = 2

// grow gives huh more rows. It gets them before its text does, because a text area that grows later keeps its scroll
// position; and it gets no more than that, because it draws each of them at every key, at great length.
func (a *area) grow(rows int) {
	if rows = min(max(rows, areaMin), areaMax); rows > a.height {
		a.height = rows
		a.in.Lines(rows)
	}
}

// rows are the text as it is wrapped.
func (a *area) rows() []string {
	value, _ := a.in.GetValue().(string)
	var rows []string
	for row := range strings.SplitSeq(value, "\n") {
		rows = append(rows, cells.Wrap(row, max(1, a.room-1))...)
	}
	return rows
}

// Wants says that new lines are the text's.
func (a *area) Wants(id keymap.ID) bool { return id == keymap.FormNewline }

// Do begins a new line.
func (a *area) Do(keymap.ID) tea.Cmd { return a.Update(tea.KeyPressMsg{Code: newline}) }

// SetText replaces what is typed.
func (a *area) SetText(words string) {
	words = text.Block(words)
	a.in.Value(&words)
	a.width, a.height = 0, 0
}

func (a *area) Values() []string { return trimmed(a.in.GetValue()) }

func (a *area) Lines(w int, focused bool, t theme.Theme) drawn {
	a.look.set(t)
	room := max(2, w-railWidth)
	a.room = room
	rows := a.rows()
	n := min(max(len(rows), areaMin), areaMax)
	d := drawn{x: -1, to: 1}
	if !focused {
		rows = append(rows, make([]string, n)...)
		for _, row := range rows[:n] {
			d.lines = append(d.lines, rail(false, t)+cells.Fit(t.Input.Render(row), room, ""))
		}
		return d
	}
	// Of the rows that the text area has, only those with text are shown.
	if a.width != room {
		a.width = room
		a.in.WithWidth(room)
		a.grow(len(rows) + spareRows)
		_, _ = a.in.Update(nil) // it scrolls to its cursor only when it is updated
	}
	for y, row := range strings.Split(a.in.View(), "\n") {
		row, x, ok := cells.TakeCursor(row)
		if ok {
			d.x, d.y, d.from, d.to = railWidth+min(x, room-1), y, y, y+1
			n = max(n, y+1)
		}
		d.lines = append(d.lines, rail(true, t)+cells.Fit(row, room, ""))
	}
	d.lines = d.lines[:min(n, len(d.lines))]
	return d
}
