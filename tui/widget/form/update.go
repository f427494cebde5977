package form

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/text"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/prompt"
)

// Update takes keys, pastes and the answers of the form's own commands; anything else is passed to the inputs, which
// ignore what is not theirs.
func (f *Form) Update(msg tea.Msg) (tea.Cmd, Event) {
	switch msg := msg.(type) {
	case graceOver:
		if msg.owner == f {
			f.waiting = false
		}
		return nil, nil
	case tea.KeyPressMsg:
		if f.waiting {
			return nil, nil
		}
		return f.key(msg)
	case tea.PasteMsg:
		return f.paste(msg), nil
	}
	var cmds []tea.Cmd
	for _, fd := range f.fields {
		cmds = append(cmds, fd.in.Update(msg))
	}
	return tea.Batch(cmds...), nil
}

func (f *Form) paste(msg tea.PasteMsg) tea.Cmd {
	fd := f.current()
	if fd == nil || f.busy || f.waiting || f.preview != nil {
		return nil
	}
	if fd.Kind == LongText {
		msg.Content = text.Block(msg.Content)
	}
	f.touched(fd)
	return fd.in.Update(msg)
}

func (f *Form) key(k tea.KeyPressMsg) (tea.Cmd, Event) {
	id, taken := f.keys.Press(k)
	switch {
	case taken:
		return nil, nil
	case id == keymap.FormCancel && f.preview != nil:
		f.preview = nil
		return nil, nil
	case id == keymap.FormCancel:
		return nil, Cancelled{Values: f.Values(), Dirty: f.Dirty()}
	case f.busy:
		return nil, nil
	case id == keymap.FormPreview:
		f.togglePreview()
		return nil, nil
	case f.preview != nil && id == keymap.FormSubmit:
		f.preview = nil
		return f.submit()
	case f.preview != nil:
		f.preview.key(k.String())
		return nil, nil
	}
	fd := f.current()
	if fd == nil {
		if id == keymap.FormSubmit {
			return f.submit()
		}
		return nil, nil
	}
	return f.fieldKey(fd, k, id)
}

// fieldKey moves between the fields or gives the key to the input.
func (f *Form) fieldKey(fd *field, k tea.KeyPressMsg, id keymap.ID) (tea.Cmd, Event) {
	switch {
	case fd.in.Wants(id):
		f.touched(fd)
		return fd.in.Do(id), nil
	case f.turns(fd, k.String(), id):
		return nil, nil
	case f.spec.Editor && fd.Kind == LongText && id == keymap.FormEditor:
		return nil, EditText{Field: fd.Name, Text: first(fd.in.Values())}
	case id == keymap.FormSubmit:
		return f.enter(fd)
	case id == keymap.FormNext:
		f.leave(fd, 1)
		return nil, nil
	case id == keymap.FormPrev:
		f.leave(fd, -1)
		return nil, nil
	}
	if !prompt.Typeable(k) {
		return nil, nil
	}
	if fd.Loading {
		return nil, nil
	}
	f.touched(fd)
	return fd.in.Update(k), nil
}

// turns goes to another section when a key says so. Brackets do where no text is typed; a file picker turns its own
// pages.
func (f *Form) turns(fd *field, name string, id keymap.ID) bool {
	if !f.paged() || (fd.Kind == File && (name == "pgdown" || name == "pgup")) {
		return false
	}
	switch choosing := fd.Kind == Choice && !fd.Open || fd.Kind == MultiChoice; {
	case id == keymap.FormNextPage, choosing && name == "]":
		f.turn(1)
	case id == keymap.FormPrevPage, choosing && name == "[":
		f.turn(-1)
	default:
		return false
	}
	return true
}

// touched forgets what was wrong with a field: the person is at work on it.
func (f *Form) touched(fd *field) {
	fd.err = ""
	f.failure, f.warnings = "", nil
}

// enter goes to the next field, and submits from the last.
func (f *Form) enter(fd *field) (tea.Cmd, Event) {
	if f.focus == len(f.fields)-1 {
		f.fill(fd)
		return f.submit()
	}
	if fd.err = fd.refusal(); fd.err != "" {
		return nil, nil
	}
	if f.fill(fd); fd.err == "" {
		f.moveFocus(1)
	}
	return nil, nil
}

// fill puts the texts of a chosen value into other fields, below what was typed there.
func (f *Form) fill(fd *field) {
	value := first(fd.in.Values())
	if fd.Fills == nil || value == "" || value == fd.filled {
		return
	}
	texts, err := fd.Fills(value)
	if err != nil {
		fd.err = text.Line(err.Error())
		return
	}
	before, _ := fd.Fills(fd.filled) // on failure nothing was filled in before
	fd.filled = value
	for name, words := range texts {
		to := f.named(name)
		if to == nil {
			continue
		}
		typed := first(to.in.Values())
		if kept := strings.TrimSpace(before[name]); kept != "" && typed == kept {
			typed = ""
		}
		if typed != "" {
			words = typed + "\n\n" + words
		}
		to.setText(words)
		to.err = ""
	}
}

// leave moves on even from a field that is not right yet, and says what is wrong with what was typed there. What is
// missing is only said when the form is submitted.
func (f *Form) leave(fd *field, by int) {
	f.left(fd)
	f.moveFocus(by)
}

// left says what is wrong with a field that the focus leaves, and fills what it fills.
func (f *Form) left(fd *field) {
	if len(fd.in.Values()) > 0 && fd.err == "" {
		fd.err = fd.refusal()
	}
	if fd.err == "" {
		f.fill(fd)
	}
}

func (f *Form) moveFocus(by int) {
	n := len(f.fields)
	f.focus = ((f.focus+by)%n + n) % n
	f.focusFirst(func(*field) bool { return false })
}

func (f *Form) submit() (tea.Cmd, Event) {
	ok := true
	for _, fd := range f.fields {
		if fd.err = fd.refusal(); fd.err != "" {
			ok = false
		}
	}
	if !ok {
		f.focusFirst(func(fd *field) bool { return fd.err != "" })
		return nil, nil
	}
	f.failure, f.warnings, f.busy = "", nil, true
	return nil, Submitted{Values: f.Values()}
}

const stillLoading = "the choices are still loading"

// refusal says what is wrong with a field's value; empty: nothing.
func (fd *field) refusal() string {
	values := fd.in.Values()
	switch {
	case fd.Loading:
		return stillLoading
	case fd.failed != "" && (fd.Required || len(values) > 0):
		return fd.failed
	case fd.in.Problem() != "":
		return fd.in.Problem()
	case fd.Required && fd.nothing():
		return "there is nothing to choose from"
	case len(values) == 0 && fd.Required:
		return fd.missing()
	case len(values) == 0 || fd.Check == nil:
		return ""
	}
	for _, v := range values {
		if err := fd.Check(v); err != nil {
			return text.Line(err.Error())
		}
	}
	return ""
}

// nothing reports whether a field offers no choice at all.
func (fd *field) nothing() bool {
	chooses := fd.Kind == MultiChoice || (fd.Kind == Choice && !fd.Open)
	return chooses && len(fd.Options) == 0 && !fd.Loading && fd.failed == ""
}

func (fd *field) missing() string {
	switch fd.Kind {
	case Choice:
		return "choose one"
	case MultiChoice:
		return "choose at least one: space marks it"
	case File:
		return "choose a file"
	default:
		return "this is required"
	}
}

// preview is the exact request, in place of the fields.
type preview struct {
	lines []string
	top   int
	long  bool // there is more than fits
}

func (f *Form) togglePreview() {
	if f.preview != nil || f.spec.Preview == nil {
		f.preview = nil
		return
	}
	body, err := f.spec.Preview(f.Values())
	if err != nil {
		body = "The request cannot be shown yet: " + err.Error()
	}
	f.preview = &preview{}
	for line := range strings.SplitSeq(body, "\n") {
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		f.preview.lines = append(f.preview.lines, strings.ReplaceAll(indent, "\t", "  ")+cells.Clean(strings.TrimSpace(line)))
	}
}

// key scrolls; View keeps top in range, as it knows the height.
func (p *preview) key(name string) {
	const page = 8
	switch name {
	case "down", "j":
		p.top++
	case "up", "k":
		p.top--
	case "pgdown", "space":
		p.top += page
	case "pgup":
		p.top -= page
	case "home", "g":
		p.top = 0
	case "end", "G":
		p.top = len(p.lines)
	}
}
