// Package form asks a person for the inputs of one action, in one box over the screen. It is the only place that
// knows huh, whose fields hold and edit the values; the frame, the order of the lines and the focus are ours.
//
// A form never performs its action: it ends in an Event, and its owner answers with SetError or closes it. It keeps
// what was typed in every case, so that nothing has to be typed twice.
package form

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/text"
	"claimdeck/tui/widget/keys"
	"claimdeck/tui/widget/picker"
)

// Values are the inputs by field name; a MultiChoice may hold several. A field without input is absent.
type Values = map[string][]string

// Kind is how a field is asked for.
type Kind int

// The kinds of field.
const (
	Text Kind = iota
	LongText
	Choice      // one of Options
	MultiChoice // some of Options
	File        // a document on disk; its value is the path
)

// Option is one choice of a field.
type Option struct {
	Value, Label string
	Note         string // why it may be unwise or impossible: "already pending"
	Disabled     bool   // it cannot be chosen; Note says why
}

// Field is one input.
type Field struct {
	Name     string // the key in Values
	Label    string
	Help     string
	Kind     Kind
	Required bool
	Section  string // fields with different sections stand on pages of their own
	Secret   bool   // Text only: what is typed is not shown
	Private  bool   // Text only: shown while it is typed, masked otherwise
	Many     bool   // File only: several may be chosen
	Open     bool   // Choice only: a text of one's own may be given instead
	Options  []Option
	Loading  bool               // Options are still on their way: SetOptions brings them
	Check    func(string) error // a refusal in a specialist's words; nil accepts everything
	Error    string             // the server's words about an earlier try
	// Fills returns texts for other fields by name, once a value was chosen here: a template fills the message. Such a
	// field is no input itself: it is not among the Values. What was typed before is never replaced, only added to.
	Fills func(value string) (map[string]string, error)

	compact bool // it stands on a page
}

// Spec describes a form.
type Spec struct {
	Title       string // "New orders"
	Subtitle    string // what it acts on: "EX-1001 · 2021 Honda Accord · …4448 · sandbox"
	Intro       string // a sentence or two, or a warning of the preflight
	Fields      []Field
	SubmitLabel string // what enter does; empty: "send"
	// Effect says what submitting does with these values: "Sends 2 orders to LossExpress." It is called while
	// drawing and must be quick.
	Effect func(Values) string
	// Preview is the exact request, for ctrl+r; nil: there is none.
	Preview func(Values) (string, error)
	Draft   Values
	// KeepsDraft: the owner keeps what is filled in when the form is cancelled, and the form may say so.
	KeepsDraft bool
	// Confirm is a word that a person must type before the form is submitted; empty: none.
	Confirm string
	// Editor: texts of several lines can be written in a person's own editor, see EditText.
	Editor bool
	Files  picker.Source // for File fields
	Grace  bool          // the form opens by itself: keys typed for something else are ignored at first
	Keys   *keymap.Map   // what the keys of a form do; nil: as shipped
}

// Event is what a form tells its owner; nil when there is nothing to tell.
type Event interface{ event() }

// Submitted asks the owner to act. The form is busy until SetError, and will not ask twice.
type Submitted struct{ Values Values }

// Cancelled asks the owner to close the form. Dirty: Values differ from the draft it was opened with.
type Cancelled struct {
	Values Values
	Dirty  bool
}

// EditText asks the owner to have a text written in the person's own editor. It answers with SetText.
type EditText struct{ Field, Text string }

func (Submitted) event() {}
func (Cancelled) event() {}
func (EditText) event()  {}

// grace is how long a form that opened by itself ignores keys.
const grace = 300 * time.Millisecond

type graceOver struct{ owner *Form }

// Form is the widget. It is touched only on the event loop.
type Form struct {
	spec     Spec
	keys     *keys.Reader
	fields   []*field
	sections []string
	focus    int
	opened   Values   // as it was when opened
	failure  string   // of the whole form: the server's words
	warnings []string // to be read before it is sent
	busy     bool
	waiting  bool // in the grace period
	preview  *preview
	top      int // first body row shown
	tall     int // rows of the tallest page: a box that changes its size with every page jumps
	measured int // the width for which the pages were measured
	cursor   *tea.Cursor
}

// field is a Field with its input and what is wrong with it.
type field struct {
	Field
	in      input
	err     string
	failed  string // why the options could not be had
	confirm bool   // it takes the word of Spec.Confirm
	filled  string // the value whose texts were filled in last
}

// New returns a form with the draft filled in and the focus on the first field with an error, or else on the first that
// is no help with filling in others.
func New(spec Spec) *Form {
	f := &Form{spec: clean(spec), waiting: spec.Grace, keys: keys.New(spec.Keys, keymap.ScopeForm, keymap.FormCancel)}
	f.sections, f.spec.Fields = sectionsOf(f.spec.Fields)
	for _, fs := range f.spec.Fields {
		fd := &field{Field: fs, err: fs.Error}
		fd.in = newInput(fs, spec.Draft[fs.Name], spec.Files, f.paged())
		f.fields = append(f.fields, fd)
	}
	if spec.Confirm != "" {
		f.fields = append(f.fields, f.confirmation(spec.Confirm))
	}
	f.opened = f.Values()
	f.focusFirst(func(fd *field) bool { return fd.Fills == nil })
	f.focusFirst(func(fd *field) bool { return fd.err != "" })
	return f
}

// confirmation is the last field of a form that asks for a word before it is submitted.
func (f *Form) confirmation(word string) *field {
	fd := &field{confirm: true, Field: Field{Label: "Type " + word + " to send it", Required: true}}
	fd.Section = f.sections[len(f.sections)-1:][0]
	fd.Check = func(typed string) error {
		if !strings.EqualFold(typed, word) {
			return fmt.Errorf("type %s here if this is what you mean", word)
		}
		return nil
	}
	fd.in = newLine(Field{}, "")
	return fd
}

// clean makes sure that whatever the caller passes can be drawn: option labels come from a server.
func clean(s Spec) Spec {
	for _, p := range []*string{&s.Title, &s.Subtitle, &s.Intro, &s.SubmitLabel} {
		*p = text.Line(*p)
	}
	s.Fields = slices.Clone(s.Fields)
	for i := range s.Fields {
		fd := &s.Fields[i]
		fd.Label, fd.Help, fd.Error = text.Line(fd.Label), text.Line(fd.Help), text.Line(fd.Error)
		fd.Section = text.Line(fd.Section)
		fd.Options = cleanOptions(fd.Options)
	}
	return s
}

func cleanOptions(options []Option) []Option {
	options = slices.Clone(options)
	for i := range options {
		options[i].Label, options[i].Note = text.Line(options[i].Label), text.Line(options[i].Note)
	}
	return options
}

// Init returns the command a form needs when it opens; it may be nil.
func (f *Form) Init() tea.Cmd {
	var cmds []tea.Cmd
	for _, fd := range f.fields {
		cmds = append(cmds, fd.in.Init())
	}
	if f.waiting {
		cmds = append(cmds, tea.Tick(grace, func(time.Time) tea.Msg { return graceOver{f} }))
	}
	return tea.Batch(cmds...)
}

// Values returns what is filled in, text trimmed of surrounding space. It is what a draft keeps.
func (f *Form) Values() Values {
	values := Values{}
	for _, fd := range f.fields {
		if v := fd.in.Values(); len(v) > 0 && !fd.confirm && fd.Fills == nil {
			values[fd.Name] = v
		}
	}
	return values
}

// Dirty reports whether the values differ from those the form was opened with.
func (f *Form) Dirty() bool { return !maps.EqualFunc(f.opened, f.Values(), slices.Equal) }

// Busy reports whether the form was submitted and waits for its owner.
func (f *Form) Busy() bool { return f.busy }

// Title returns the form's title.
func (f *Form) Title() string { return f.spec.Title }

// SetError gives the form back to the person: message is about the whole of it, fields are by field name. Errors of
// fields that the form does not have are added to the message, so that no word of the server is lost. The focus
// goes to the first field with an error.
func (f *Form) SetError(message string, fields map[string]string) {
	f.busy, f.preview, f.warnings = false, nil, nil
	f.failure = text.Line(message)
	known := map[string]bool{}
	for _, fd := range f.fields {
		fd.err = text.Line(fields[fd.Name])
		known[fd.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if words := text.Line(fields[name]); !known[name] && words != "" {
			f.failure = join(f.failure, text.Line(name)+": "+words)
		}
	}
	f.focusFirst(func(fd *field) bool { return fd.err != "" })
}

// Warn gives the form back to the person with what should be read before it is sent; submitting it again is the answer.
// What is changed instead takes the warnings away.
func (f *Form) Warn(words []string) {
	f.busy, f.preview, f.warnings = false, nil, nil
	for _, w := range words {
		f.warnings = append(f.warnings, text.Line(w))
	}
}

// SetIntro replaces the sentences that stand first.
func (f *Form) SetIntro(words string) { f.spec.Intro = text.Line(words) }

// SetText replaces the text of a field.
func (f *Form) SetText(name, words string) {
	if fd := f.named(name); fd != nil {
		f.touched(fd)
		fd.setText(words)
	}
}

// setText replaces what is typed in a field of text; other fields have none.
func (fd *field) setText(words string) {
	if in, ok := fd.in.(interface{ SetText(string) }); ok {
		in.SetText(words)
	}
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// SetOptions brings the options of a field that was loading, or replaces them; what was chosen and still exists
// stays chosen.
func (f *Form) SetOptions(name string, options []Option) {
	fd := f.named(name)
	if fd == nil {
		return
	}
	untouched := !f.Dirty()
	fd.Loading, fd.failed = false, ""
	if fd.err == stillLoading {
		fd.err = ""
	}
	fd.Options = cleanOptions(options)
	fd.in.SetOptions(fd.Options)
	if fd == f.fields[f.focus] {
		fd.in.Focus()
	}
	if untouched { // what a list no longer offers is not a change that the person made
		f.opened = f.Values()
	}
}

// SetLoadError says at a field why its options could not be had. A form that needs them cannot be submitted until
// SetOptions, but keeps its draft.
func (f *Form) SetLoadError(name, message string) {
	if fd := f.named(name); fd != nil {
		fd.Loading = false
		fd.failed = text.Line(message)
		fd.err = fd.failed
		fd.in.Fail()
	}
}

func (f *Form) named(name string) *field {
	for _, fd := range f.fields {
		if fd.Name == name {
			return fd
		}
	}
	return nil
}

// focusFirst focuses the first field that is so, or keeps the focus where it is.
func (f *Form) focusFirst(is func(*field) bool) {
	if i := slices.IndexFunc(f.fields, is); i >= 0 {
		f.focus = i
	}
	for i, fd := range f.fields {
		if i == f.focus {
			fd.in.Focus()
		} else {
			fd.in.Blur()
		}
	}
}

func (f *Form) current() *field {
	if len(f.fields) == 0 {
		return nil
	}
	return f.fields[f.focus]
}
