package filings

import (
	"context"
	"errors"
	"fmt"
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

// beginning is the row that a new transaction is begun from.
type beginning struct {
	book *filings.Book
	from filing.Row
}

// added is a transaction that was typed and saved.
type added struct{ filings.Added }

// in is the place of the transaction in a book, or the place that is given when it has none there.
func (a added) in(b *filings.Book, at int, had bool) (int, bool) {
	if a.ID == "" {
		return at, had
	}
	for i, r := range slices.Backward(b.Rows) {
		if r.ID == a.ID && b.Files[r.File].Name == a.Written {
			return i, true
		}
	}
	return at, had
}

// fieldID is the one field that a typed transaction cannot be saved without.
const fieldID = "id"

// typeNew opens the form of a new transaction: from the selected row, or empty where there is none.
func (s *Screen) typeNew() (tea.Cmd, screen.Request, bool) {
	i, ok := s.selected()
	if !ok {
		return nil, s.askNew(filing.Row{}), true
	}
	desk, book := s.env.Filings, s.book
	return screen.Start(s.env.Tasks, screen.Filings, taskNew, func(ctx context.Context) (beginning, error) {
		sight, err := desk.Look(ctx, book, i)
		return beginning{book, sight.Row}, err
	}), nil, true
}

func (s *Screen) tookBeginning(msg screen.Result[beginning]) (tea.Cmd, screen.Request) {
	switch {
	case errors.Is(msg.Err, context.Canceled), msg.Value.book != s.book && msg.Err == nil:
		return nil, nil
	case msg.Err != nil:
		return nil, screen.Toast{Tone: screen.Bad, Text: msg.Err.Error()}
	}
	return nil, s.askNew(msg.Value.from)
}

// askNew opens the form of a new transaction, with every field by section.
func (s *Screen) askNew(from filing.Row) screen.Request {
	begun, err := filings.Begin(from, s.env.At)
	if err != nil {
		return screen.Toast{Tone: screen.Bad, Text: sentence(err.Error())}
	}
	n := &typing{book: s.book, fields: allFields(filing.Row{})}
	draft := form.Values{}
	spec := form.Spec{
		Title: "New filing", Subtitle: filings.TypedName(s.env.At) + ", " + s.typedBeside(), SubmitLabel: "save", Draft: draft,
		Intro:  s.introOfNew(from),
		Effect: func(v form.Values) string { return leaves(filings.Sight{}, edits(filings.Sight{}, n.fields, v)) },
		Preview: func(v form.Values) (string, error) {
			r, err := n.row(v)
			if err != nil {
				return "", err
			}
			return indented(r)
		},
	}
	sight := filings.Sight{Result: filing.Result{Row: begun}}
	for _, p := range filing.Check(begun) {
		if begun.Text(p.Field) != "" { // a mistake of the other row is not copied in silence; what is empty is yet to come
			sight.Problems = append(sight.Problems, p)
		}
	}
	for _, name := range n.fields {
		field, value := newInput(sight, name)
		if value != "" {
			draft[name] = []string{value}
		}
		spec.Fields = append(spec.Fields, field)
	}
	return screen.Ask{Spec: spec, Done: func(v form.Values) (tea.Cmd, screen.Request) { return s.saveNew(n, v) }}
}

// newInput is the input for a field of a new transaction, and what stands in it.
func newInput(begun filings.Sight, name string) (form.Field, string) {
	field, value := inputOf(begun, name)
	field.Section, field.Required = sectionOf(name), name == fieldID
	if f, _ := filing.FieldOf(name); f.Need == filing.Required {
		field.Help = "Required. " + field.Help
	}
	if field.Error != "" { // typing begins with the first field, not with this one
		field.Help, field.Error = sentence(field.Error)+". "+field.Help, ""
	}
	return field, value
}

// typedBeside says where the file of typed transactions is.
func (s *Screen) typedBeside() string {
	if s.book == nil {
		return "a file in claimdeck's own folder"
	}
	return "a file beside yours"
}

func (s *Screen) introOfNew(from filing.Row) string {
	key := s.env.Keys.Hint
	words := key(keymap.FormPreview) + " shows the transaction, and " + key(keymap.FormSubmit) + " there saves it."
	if from.ID() != "" || from.PolicyNumber() != "" {
		words = "Policy, insured and address are those of " + orNothing(text.Line(from.ID())) + ". " + words
	}
	return words
}

// howToSave are the keys that save from any page of the form.
func (s *Screen) howToSave() string {
	return s.env.Keys.Hint(keymap.FormPreview) + " and " + s.env.Keys.Hint(keymap.FormSubmit)
}

// typing is a new transaction while its form is open.
type typing struct {
	book   *filings.Book
	fields []string
	told   []string // the errors that the person knows of
}

func (n *typing) row(v form.Values) (filing.Row, error) {
	return filings.Apply(filing.Row{}, edits(filings.Sight{}, n.fields, v))
}

// saveNew takes the form: what was typed must be right, and what else is wrong is said once.
func (s *Screen) saveNew(n *typing, v form.Values) (tea.Cmd, screen.Request) {
	r, err := n.row(v)
	if err != nil {
		return nil, screen.Refuse{Message: sentence(err.Error())}
	}
	wrong, rest := n.sorted(r)
	if len(wrong) > 0 {
		return nil, screen.Refuse{Fields: wrong}
	}
	if n.tell(rest) {
		return nil, screen.Refuse{Warn: []string{"The row is held back as it is: " + few(rest) + ". " + s.howToSave() + " once more saves it all the same."}}
	}
	desk := s.env.Filings
	return screen.Start(s.env.Tasks, screen.Filings, taskNew, func(ctx context.Context) (added, error) {
		a, err := desk.Add(ctx, n.book, r)
		return added{a}, err
	}), nil
}

// sorted are the errors of a typed row: those of what was typed, by field, and those that may wait.
func (n *typing) sorted(r filing.Row) (wrong map[string]string, rest []filing.Problem) {
	wrong = map[string]string{}
	for _, p := range filing.Check(r) {
		switch {
		case p.Level != filing.Error:
		case r.Text(p.Field) != "" && slices.Contains(n.fields, p.Field):
			wrong[p.Field] = p.Reason + "; " + p.Fix
		default:
			rest = append(rest, p)
		}
	}
	return wrong, rest
}

// tell notes which errors the person is told of, and reports whether one of them is new.
func (n *typing) tell(problems []filing.Problem) (news bool) {
	for _, p := range problems {
		if told := filings.Told(p); !slices.Contains(n.told, told) {
			n.told, news = append(n.told, told), true
		}
	}
	return news
}

// fewErrors is how many errors are told in one breath.
const fewErrors = 3

// few tells errors in little room. The fields that are empty are only counted: the form lists them.
func few(problems []filing.Problem) string {
	var words []string
	empty := 0
	for _, p := range problems {
		if p.Rule == "required" {
			empty++
		} else {
			words = append(words, filings.Told(p))
		}
	}
	switch empty {
	case 0:
	case 1:
		words = slices.Insert(words, 0, "1 required field is empty")
	default:
		words = slices.Insert(words, 0, fmt.Sprintf("%d required fields are empty", empty))
	}
	if len(words) > fewErrors {
		words = append(words[:fewErrors], fmt.Sprintf("and %d more", len(words)-fewErrors))
	}
	return strings.Join(words, "; ")
}

// tookAdded goes on with the file that the transaction is in, and selects it.
func (s *Screen) tookAdded(msg screen.Result[added]) (tea.Cmd, screen.Request) {
	taken, isTaken := errors.AsType[*filings.TakenError](msg.Err)
	switch {
	case errors.Is(msg.Err, context.Canceled):
		return nil, nil
	case isTaken:
		return nil, screen.Refuse{Fields: map[string]string{fieldID: taken.Error()}}
	case msg.Err != nil:
		return nil, screen.Refuse{Message: sentence(text.Line(msg.Err.Error()))}
	}
	a := msg.Value
	s.text, s.failed = "", nil // a filter might hide it
	cmd := s.read(a.Paths, false)
	s.reading.choose = a
	return cmd, screen.Several{screen.Close{}, screen.Toast{Tone: screen.Good, Text: "Saved into " + a.Written}}
}
