package filings

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/filings"
	"claimdeck/keymap"
	"claimdeck/state/filing"
	"claimdeck/state/text"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/form"
)

// fixed is a row that is being mended.
type fixed struct {
	book       *filings.Book
	sight      filings.Sight
	everything bool
	typed      form.Values // what was typed before; nil: nothing
	warned     bool        // the person knows of the errors that stay
}

// fixing is a row that was read, to be mended.
type fixing struct{ fixed }

// saved is where the corrections are.
type saved struct {
	written string
	paths   []string
}

// The field that says where corrections go, and its values; and the one that a word is typed into.
const (
	fieldSave = "\x00save"
	fieldWord = "\x00word"
	saveFixed = "fixed"
	saveOwn   = "own"
)

func (s *Screen) tookFixing(msg screen.Result[fixing]) (tea.Cmd, screen.Request) {
	switch {
	case errors.Is(msg.Err, context.Canceled), msg.Value.book != s.book && msg.Err == nil:
		return nil, nil
	case msg.Err != nil:
		return nil, screen.Toast{Tone: screen.Bad, Text: msg.Err.Error()}
	}
	return nil, s.askFix(msg.Value.fixed)
}

// askFix opens the form on a row: the fields that are wrong, or every field.
func (s *Screen) askFix(f fixed) screen.Request {
	fields := wrongFields(f.sight)
	all := f.everything || len(fields) == 0
	if all {
		fields = allFields(f.sight.Row)
	}
	draft := form.Values{}
	spec := form.Spec{Title: "Fix " + orNothing(text.Line(f.sight.Row.ID())), Subtitle: text.Line(f.sight.Row.Where()), SubmitLabel: "save", Draft: draft}
	spec.Intro = s.introOf(f, all)
	for _, name := range fields {
		field, value := inputOf(f.sight, name)
		if all {
			field.Section = sectionOf(name)
		} else {
			field.Required = field.Error != ""
		}
		if value != "" {
			draft[name] = []string{value}
		}
		spec.Fields = append(spec.Fields, field)
	}
	spec.Fields = append(spec.Fields, saveField(f.sight, all))
	draft[fieldSave] = []string{saveFixed}
	if f.typed != nil {
		spec.Draft = f.typed
	}
	spec.Effect = func(v form.Values) string { return leaves(f.sight, edits(f.sight, fields, v)) }
	spec.Preview = func(v form.Values) (string, error) { return s.preview(f.sight, edits(f.sight, fields, v)) }
	return screen.Ask{Spec: spec, Done: func(v form.Values) (tea.Cmd, screen.Request) {
		return s.fix(&f, fields, v)
	}}
}

// introOf says what is wrong that no field of the form can say.
func (s *Screen) introOf(f fixed, all bool) string {
	var words []string
	if f.sight.Outcome == filing.Outcome(filing.Rejected) {
		words = append(words, "InsCipher said "+strings.TrimSuffix(text.Line(f.sight.Reason()), ".")+".")
	}
	for _, p := range f.sight.Problems {
		if p.Field == "" {
			words = append(words, filings.Told(p)+"; "+p.Fix+".")
		}
	}
	key := s.env.Keys.Hint
	if all {
		words = append(words, key(keymap.FormPreview)+" shows what changes, and "+key(keymap.FormSubmit)+" there saves it.")
	} else {
		words = append(words, "The fields that need you; "+key(keymap.FilingsEdit)+" shows all of them.")
	}
	return strings.Join(words, " ")
}

// wrongFields are the fields with problems, and the one that a rejection is about, in the order of the document.
func wrongFields(sight filings.Sight) []string {
	wrong := map[string]bool{}
	documents := false
	note := func(name string) {
		if _, ok := filing.FieldOf(name); name == "transaction_documents" {
			documents = true
		} else if name != "" && (ok || sight.Row.Text(name) != "") {
			wrong[name] = true
		}
	}
	for _, p := range sight.Problems {
		if p.Rule != "unknown" { // sent as it is; nothing to mend
			note(p.Field)
		}
	}
	if sight.Outcome == filing.Outcome(filing.Rejected) {
		note(filing.Explain(sight.Entry.Code).Field)
	}
	var names []string
	for _, name := range allFields(sight.Row) {
		if wrong[name] || documents && strings.HasPrefix(name, "transaction_documents.") {
			names = append(names, name)
			delete(wrong, name)
		}
	}
	return append(names, sortedKeys(wrong)...) // the fields that the document does not know come last
}

func sortedKeys(m map[string]bool) []string {
	return slices.Sorted(maps.Keys(m))
}

// maxDocuments bounds how many documents the form shows.
const maxDocuments = 20

// allFields are the fields of a form for a whole row: those of the document by section, and room for one document more.
func allFields(r filing.Row) []string {
	var names []string
	for _, f := range filing.Fields() {
		if f.Kind != filing.Documents {
			names = append(names, f.Name)
		}
	}
	for n := 1; n <= min(r.DocumentCount()+1, maxDocuments); n++ {
		for _, f := range filing.DocumentFields() {
			names = append(names, filing.DocumentPath(n, f.Name))
		}
	}
	return names
}

func sectionOf(name string) string {
	f, _ := filing.FieldOf(name)
	return string(f.Section)
}

// inputOf is the input for a field, and what stands in it when the form opens: what the row has, or what it most likely
// should have where that is wrong.
func inputOf(sight filings.Sight, name string) (form.Field, string) {
	f, _ := filing.FieldOf(name)
	value := sight.Row.Text(name)
	field := form.Field{Name: name, Label: filings.Label(name), Help: describe(f), Kind: form.Text}
	for _, p := range sight.Problems {
		if p.Field != name {
			continue
		}
		told := p.Reason + "; " + p.Fix
		if proposes(p) {
			told = fmt.Sprintf("%q: %s; %q is filled in", p.Value, p.Reason, p.Proposal)
			value = p.Proposal
		}
		if p.Level == filing.Error && field.Error == "" {
			field.Error = told
		} else {
			field.Help = sentence(told) + ". " + field.Help
		}
	}
	if f.Kind == filing.Choice || f.Kind == filing.Flag {
		field.Kind = form.Choice
		field.Options = optionsOf(f)
		field.Open = f.Kind == filing.Choice || value != "" && !slices.ContainsFunc(field.Options, func(o form.Option) bool { return o.Value == value })
	}
	return field, value
}

// proposes reports whether what a problem proposes is filled in: where the value is wrong, or written another way.
func proposes(p filing.Problem) bool {
	return p.Proposal != "" && (p.Level == filing.Error || p.Rule == "number" || p.Rule == "space")
}

func optionsOf(f filing.Field) []form.Option {
	var options []form.Option
	for _, c := range f.Codes {
		if !c.Newer {
			options = append(options, form.Option{Value: c.Value, Label: c.Value + "  " + c.Name})
		}
	}
	return options
}

// saveField says where the corrections go.
func saveField(sight filings.Sight, paged bool) form.Field {
	own := filepath.Base(sight.Row.File)
	mended := filepath.Base(filing.FixedName(sight.Row.File))
	field := form.Field{Name: fieldSave, Label: "Save into", Kind: form.Choice, Required: true}
	if paged {
		field.Section = "Save"
	}
	beside := form.Option{Value: saveFixed, Label: mended, Note: "a new file beside yours"}
	switch {
	case mended == own:
		beside.Note = "which holds your corrections"
		field.Options = []form.Option{beside}
		return field
	case sight.Mended:
		beside.Note = "there already: its corrections go"
	}
	field.Options = []form.Option{beside, {Value: saveOwn, Label: own, Note: "overwrites your own file"}}
	return field
}

// edits are what differs from the row. What a problem proposed is an edit even where only the writing differs.
func edits(sight filings.Sight, fields []string, v form.Values) []filings.Edit {
	var out []filings.Edit
	for _, name := range fields {
		value := ""
		if len(v[name]) > 0 {
			value = v[name][0]
		}
		rewritten := slices.ContainsFunc(sight.Problems, func(p filing.Problem) bool {
			return p.Field == name && proposes(p) && p.Proposal == value
		})
		if value != sight.Row.Text(name) || rewritten {
			out = append(out, filings.Edit{Name: name, Text: value})
		}
	}
	return out
}

// leaves says what the checks will say once the edits are saved.
func leaves(sight filings.Sight, list []filings.Edit) string {
	r, err := filings.Apply(sight.Row, list)
	if err != nil {
		return sentence(err.Error()) + "."
	}
	var left []string
	for _, p := range filing.Check(r) {
		if label := filings.Label(p.Field); p.Level == filing.Error && !slices.Contains(left, label) {
			left = append(left, label)
		}
	}
	switch {
	case len(left) > 0:
		return "Errors that are left: " + strings.Join(left, ", ") + "."
	case len(list) == 0:
		return "Nothing is changed yet."
	}
	return "No error is left in this row."
}

// preview is what changes, and the transaction as it will be sent.
func (s *Screen) preview(sight filings.Sight, list []filings.Edit) (string, error) {
	r, err := filings.Apply(sight.Row, list)
	if err != nil {
		return "", err
	}
	object, err := indented(r)
	if err != nil {
		return "", err
	}
	lines := changes(sight, list, s.env.Theme.Glyphs.Arrow)
	if len(lines) == 0 {
		lines = []string{"Nothing was changed."}
	}
	return strings.Join(lines, "\n") + "\n\n" + object, nil
}

// indented is a transaction as it will be sent, laid out for people.
func indented(r filing.Row) (string, error) {
	var out bytes.Buffer
	if err := json.Indent(&out, r.JSON(), "", "  "); err != nil {
		return "", err
	}
	return out.String(), nil
}

// fix takes the form: what was typed must be right, and what else is wrong is said once.
func (s *Screen) fix(f *fixed, fields []string, v form.Values) (tea.Cmd, screen.Request) {
	list := edits(f.sight, fields, v)
	if len(list) == 0 {
		return nil, screen.Several{screen.Close{}, screen.Toast{Text: "Nothing was changed, so nothing was written"}}
	}
	r, err := filings.Apply(f.sight.Row, list)
	if err != nil {
		return nil, screen.Refuse{Message: sentence(err.Error())}
	}
	wrong, rest := map[string]string{}, []string{}
	for _, p := range filing.Check(r) {
		switch typed := slices.ContainsFunc(list, func(e filings.Edit) bool { return e.Name == p.Field }); {
		case p.Level != filing.Error:
		case typed:
			wrong[p.Field] = p.Reason + "; " + p.Fix
		default:
			rest = append(rest, filings.Told(p))
		}
	}
	switch {
	case len(wrong) > 0:
		return nil, screen.Refuse{Fields: wrong}
	case len(rest) > 0 && !f.warned:
		f.warned = true
		return nil, screen.Refuse{Warn: []string{"The row stays held back: " + strings.Join(rest, "; ") + ". Enter again saves it all the same."}}
	}
	o := filing.SaveOptions{InPlace: slices.Contains(v[fieldSave], saveOwn), Replace: f.sight.Mended}
	if o.InPlace || f.sight.Mended {
		return nil, s.askOverwrite(*f, v, list, o)
	}
	return s.save(f.book, f.sight.Index, list, o), nil
}

// askOverwrite has a word typed before a file that is there is replaced.
func (s *Screen) askOverwrite(f fixed, v form.Values, list []filings.Edit, o filing.SaveOptions) screen.Request {
	name, what := f.sight.Row.File, "Your own file is replaced. What stood there before is gone."
	if !o.InPlace {
		name, what = filing.FixedName(name), "The corrections that are in it already are replaced by this one alone. To keep them, open that file instead."
	}
	const word = "overwrite"
	check := func(typed string) error {
		if !strings.EqualFold(typed, word) {
			return fmt.Errorf("type %s here if this is what you mean", word)
		}
		return nil
	}
	return screen.Ask{
		Spec: form.Spec{
			Title: "Overwrite " + filepath.Base(name), Subtitle: filepath.Dir(name), Intro: what, SubmitLabel: word,
			Fields: []form.Field{{Name: fieldWord, Label: "Type " + word, Required: true, Check: check}},
		},
		Done: func(form.Values) (tea.Cmd, screen.Request) { return s.save(f.book, f.sight.Index, list, o), nil },
		Cancelled: func(form.Values) (tea.Cmd, screen.Request) {
			f.typed = v
			return nil, s.askFix(f)
		},
	}
}

// save writes the corrections.
func (s *Screen) save(book *filings.Book, index int, list []filings.Edit, o filing.SaveOptions) tea.Cmd {
	desk := s.env.Filings
	return screen.Start(s.env.Tasks, screen.Filings, taskSave, func(ctx context.Context) (saved, error) {
		written, paths, err := desk.Save(ctx, book, index, list, o)
		return saved{written, paths}, err
	})
}

// tookSaved goes on with the file that was written.
func (s *Screen) tookSaved(msg screen.Result[saved]) (tea.Cmd, screen.Request) {
	switch {
	case errors.Is(msg.Err, context.Canceled):
		return nil, nil
	case msg.Err != nil:
		return nil, screen.Refuse{Message: sentence(msg.Err.Error())}
	}
	words := "Saved into " + msg.Value.written
	return s.read(msg.Value.paths, false), screen.Several{screen.Close{}, screen.Toast{Tone: screen.Good, Text: words}}
}

// sentence starts with a capital.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
