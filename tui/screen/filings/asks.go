package filings

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/filings"
	"claimdeck/keymap"
	"claimdeck/state/filing"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/form"
	"claimdeck/tui/widget/picker"
)

// fieldFiles is the field of the form that opens files.
const fieldFiles = "files"

// askOpen asks which files to open.
func (s *Screen) askOpen() screen.Request {
	if s.refusal(keymap.FilingsOpen) != "" {
		return nil
	}
	return screen.Ask{
		Spec: form.Spec{
			Title: "Open filings", SubmitLabel: "open",
			Intro: "JSON, the list of transactions of InsCipher's document, or CSV with field names in its first line.",
			Fields: []form.Field{{
				Name: fieldFiles, Label: "Files", Kind: form.File, Many: true, Required: true,
				Help: "Several may be chosen one after the other; \"" + filings.AllHere + "\" takes a whole folder.",
			}},
			Effect: func(v form.Values) string { return opens(v[fieldFiles]) },
		},
		Browse: s.browse,
		Done: func(v form.Values) (tea.Cmd, screen.Request) {
			paths := make([]string, 0, len(v[fieldFiles]))
			for _, path := range v[fieldFiles] {
				paths = append(paths, filings.Resolve(path))
			}
			s.text = ""
			return s.read(paths, true), screen.Close{}
		},
	}
}

func opens(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	return "Opens and checks " + plural(len(paths), "path") + ". Nothing is sent."
}

// browse shows of the disk what transactions can be read from, beginning where the last file was.
func (s *Screen) browse(disk picker.Source) picker.Source {
	list := disk.ReadDir
	disk.ReadDir = func(dir string) ([]picker.Entry, error) {
		entries, err := list(dir)
		return suitable(entries), err
	}
	disk.Inspect = s.env.Filings.Inspect
	if s.book != nil && len(s.book.Files) > 0 {
		disk.Start = filepath.Dir(s.book.Files[0].Name)
	}
	return disk
}

// suitable are the folders and the files of transactions, and an entry for all of those.
func suitable(entries []picker.Entry) []picker.Entry {
	var size int64
	var newest time.Time
	n := 0
	entries = slices.DeleteFunc(slices.Clone(entries), func(e picker.Entry) bool {
		if e.Dir || !filings.Listed(e.Name) {
			return !e.Dir
		}
		if ext := strings.ToLower(filepath.Ext(e.Name)); ext == ".csv" || ext == ".json" {
			n++
			size += e.Size
			if e.ModTime.After(newest) {
				newest = e.ModTime
			}
		}
		return false
	})
	if n > 0 {
		entries = append(entries, picker.Entry{Name: filings.AllHere, Size: size, ModTime: newest})
	}
	return entries
}

// fieldAlso is the field of the form that submits.
const fieldAlso = "also"

// askSubmit says what goes and what does not, and submits.
func (s *Screen) askSubmit() screen.Request {
	p, plans := s.plan, map[filings.Choice]filings.Plan{{}: s.plan}
	book := s.book
	planned := func(v form.Values) filings.Plan {
		c := chosen(v)
		if _, ok := plans[c]; !ok {
			plans[c] = book.Plan(c)
		}
		return plans[c]
	}
	spec := form.Spec{
		Title: "Submit to InsCipher", Subtitle: book.Title() + " " + s.env.Theme.Glyphs.Dot + " " + s.env.Profile.Label, SubmitLabel: "submit",
		Intro: goes(p) + " " + stays(p),
		Effect: func(v form.Values) string {
			if n := planned(v).Go(); n > 0 {
				return "Sends " + plural(n, "row") + " to InsCipher. It can be stopped, and gone on with, at any time."
			}
			return "Nothing would be sent."
		},
	}
	if options := also(p); len(options) > 0 {
		spec.Fields = []form.Field{{
			Name: fieldAlso, Label: "Send as well", Kind: form.MultiChoice, Options: options,
			Help: "InsCipher decides; the checks only delay. Space marks.",
		}}
	}
	return screen.Ask{Spec: spec, Writes: true, Done: func(v form.Values) (tea.Cmd, screen.Request) {
		if planned(v).Go() == 0 {
			return nil, screen.Refuse{Message: "Nothing would be sent: mark what is to go all the same, or fix the rows first."}
		}
		return s.submit(chosen(v), false), screen.Close{}
	}}
}

// The values of what may be sent as well.
const (
	alsoErrors  = "errors"
	alsoChanged = "changed"
	alsoPartial = "partial"
)

func chosen(v form.Values) filings.Choice {
	has := func(name string) bool { return slices.Contains(v[fieldAlso], name) }
	return filings.Choice{Override: has(alsoErrors), Changed: has(alsoChanged), Partial: has(alsoPartial)}
}

// also are the rows that are held back and need not be.
func also(p filings.Plan) []form.Option {
	var options []form.Option
	for _, o := range []struct {
		n           int
		value, what string
	}{
		{p.Overridable, alsoErrors, "with errors, as they are"},
		{p.Changed, alsoChanged, "that were filed with other content"},
		{p.Held, alsoPartial, "of files that cannot be read to their end"},
	} {
		if o.n > 0 {
			options = append(options, form.Option{Value: o.value, Label: plural(o.n, "row") + " " + o.what})
		}
	}
	return options
}

// goes says which rows are sent.
func goes(p filings.Plan) string {
	if p.Go() == 0 {
		return "No row is ready to go."
	}
	words := plural(p.Go(), "row") + " go"
	if p.Go() == 1 {
		words += "es"
	}
	var parts []string
	for _, o := range []counted{{p.New, "for the first time"}, {p.Again, "rejected before"}, {p.Doubt, "without an answer before"}} {
		if o.n > 0 && o.n < p.Go() {
			parts = append(parts, screen.Count(o.n)+" "+o.what)
		}
	}
	if len(parts) > 0 {
		words += " (" + strings.Join(parts, ", ") + ")"
	}
	return words + "."
}

// counted is a number of rows.
type counted struct {
	n    int
	what string
}

// stays says which rows are not sent, and why.
func stays(p filings.Plan) string {
	var parts []string
	for _, o := range []counted{
		{p.Fast + p.Overridable, "held back by errors"},
		{p.Held, "in files that cannot be read to their end"},
		{p.Changed, "filed with other content"},
		{p.Done, "done already"},
		{p.Queued, "waiting for a result"},
		{p.Repeated, "there twice"},
		{p.Busy, "being sent by another claimdeck"},
	} {
		if o.n > 0 {
			parts = append(parts, screen.Count(o.n)+" "+o.what)
		}
	}
	if len(parts) == 0 {
		return "None stays behind."
	}
	return "Not sent: " + strings.Join(parts, ", ") + "."
}

// askRetry sends again what was rejected or had no answer.
func (s *Screen) askRetry() screen.Request {
	p := s.plan
	var parts []string
	if p.Again > 0 {
		parts = append(parts, plural(p.Again, "row")+" that InsCipher rejected: as long as nothing was changed, here or there, it will say the same.")
	}
	if p.Doubt > 0 {
		parts = append(parts, plural(p.Doubt, "row")+" without an answer: InsCipher knows the ids that it has, so none is filed twice.")
	}
	return screen.Ask{
		Writes: true,
		Spec: form.Spec{
			Title: "Retry", Subtitle: s.book.Title(), SubmitLabel: "send again", Intro: strings.Join(parts, " "),
			Effect: func(form.Values) string {
				return "Sends " + plural(p.Again+p.Doubt, "row") + " to InsCipher, and no others."
			},
		},
		Done: func(form.Values) (tea.Cmd, screen.Request) {
			return s.submit(filings.Choice{}, true), screen.Close{}
		},
	}
}

// askStop makes sure that a run is to end.
func (s *Screen) askStop() screen.Request {
	under := s.run
	if under == nil {
		return nil
	}
	return screen.Ask{
		Spec: form.Spec{
			Title: "Stop", Subtitle: under.name, SubmitLabel: "stop",
			Intro: "Nothing is lost: the rows under way still get their answer, what was sent is remembered, and submitting again goes on where this ends.",
		},
		Done: func(form.Values) (tea.Cmd, screen.Request) {
			under.stop()
			under.stopping = true
			return nil, screen.Close{}
		},
	}
}

// lookToFix reads the selected row, to open the form on it.
func (s *Screen) lookToFix(everything bool) tea.Cmd {
	i, ok := s.selected()
	if !ok {
		return nil
	}
	desk, book := s.env.Filings, s.book
	return screen.Start(s.env.Tasks, screen.Filings, taskFix, func(ctx context.Context) (fixing, error) {
		sight, err := desk.Look(ctx, book, i)
		return fixing{fixed{book: book, sight: sight, everything: everything}}, err
	})
}

// changes are what a person changed, old and new, a line a field.
func changes(sight filings.Sight, edits []filings.Edit, arrow string) []string {
	lines := make([]string, 0, len(edits))
	for _, e := range edits {
		was, is := sight.Row.Text(e.Name), e.Text
		if was == is {
			lines = append(lines, fmt.Sprintf("%s: %s, written as the document has it", filings.Label(e.Name), is))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %s %s %s", filings.Label(e.Name), orNothing(was), arrow, orNothing(is)))
	}
	return lines
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}

// describe is a field's help, and the code's state where it has a meaning in one alone.
func describe(f filing.Field) string {
	if f.Only != "" && !strings.Contains(f.Help, "only") {
		return f.Help + " " + f.Only + " only."
	}
	return f.Help
}
