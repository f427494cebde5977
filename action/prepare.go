package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"claimdeck/state/outbox"
)

// Prepared is a form made ready for the outbox.
type Prepared struct {
	Draft    outbox.Draft      // the first of Drafts
	Drafts   []outbox.Draft    // the writes, each to be submitted by itself; without their origin
	Problems map[string]string // by field name, "" for the whole form: why it must not be sent as it is; no Drafts then
	Warnings []string          // worth a word; it may be sent
}

// Prepare checks what was typed and makes the draft of the write, for a form and for the command line alike. Only
// what can surely not work is a problem: an empty required field, a choice that the service does not offer, a
// document that cannot be read or is of a kind it does not take. Everything else is a warning, because the service
// decides. The error is about a, s or the program, not about a field.
func (r *Registry) Prepare(ctx context.Context, a Action, s Subject, v Values) (Prepared, error) {
	if s.Claim.ID == "" && !a.NoClaim {
		return Prepared{}, fmt.Errorf("%s: no claim is chosen", a.Title)
	}
	c := checker{r: r, system: a.System, subject: s, problems: map[string]string{}, values: Values{}, docs: map[string]Document{}}
	if a.Preflight != nil {
		switch ready := a.Preflight(s); {
		case ready.Blocked:
			return Prepared{Problems: map[string]string{"": ready.Reason}}, nil
		case ready.Reason != "":
			c.warnings = append(c.warnings, ready.Reason)
		}
	}
	for _, f := range a.Fields {
		c.field(ctx, f, v[f.Name])
	}
	if a.review != nil {
		problems, warnings := a.review(ctx, s, c.values)
		for name, words := range problems {
			if c.problems[name] == "" {
				c.problems[name] = words
			}
		}
		c.warnings = append(c.warnings, warnings...)
	}
	if len(c.problems) > 0 {
		return Prepared{Problems: c.problems, Warnings: c.warnings}, nil
	}
	drafts, err := c.drafts(a)
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{Draft: drafts[0], Drafts: drafts, Warnings: c.warnings}, nil
}

// drafts are the writes that the checked values ask for.
func (c *checker) drafts(a Action) ([]outbox.Draft, error) {
	values := c.values
	if a.settle != nil {
		values = a.settle(c.subject, values)
	}
	var drafts []outbox.Draft
	for _, one := range a.split(values) {
		docs := map[string]Document{}
		for _, f := range a.Fields {
			if doc, ok := c.docs[one.first(f.Name)]; ok && f.Kind == File {
				docs[f.Name] = doc
			}
		}
		raw, err := EncodeInput(a, one, docs)
		if err != nil {
			return nil, err
		}
		number := c.subject.Claim.Number
		if a.NoClaim {
			number = one.first("claimNumber")
		}
		drafts = append(drafts, outbox.Draft{
			Action: a.ID, ClaimID: c.subject.Claim.ID, ClaimNumber: number, Title: a.Describe(c.subject, one), Input: raw,
			AtOnce: a.Risk == Reads,
		})
	}
	return drafts, nil
}

// checker collects what Prepare finds.
type checker struct {
	r        *Registry
	system   string // that decides about what is typed
	subject  Subject
	problems map[string]string
	warnings []string
	values   Values
	docs     map[string]Document // by path
}

func (c *checker) field(ctx context.Context, f Field, typed []string) {
	values := tidy(typed)
	switch {
	case len(values) == 0 && f.Required:
		c.problems[f.Name] = required(f)
		return
	case len(values) == 0:
		return
	case len(values) > 1 && f.Kind != MultiChoice && !f.Many:
		c.problems[f.Name] = f.Label + ": give one value, not several"
		return
	}
	switch f.Kind {
	case Choice, MultiChoice:
		values = c.choices(ctx, f, values)
	case File:
		c.documents(f, values)
		return
	default:
	}
	for i, value := range values {
		if f.Check != nil {
			if err := f.Check(value); err != nil {
				c.problems[f.Name] = err.Error()
				continue
			}
		}
		if f.normal != nil {
			values[i] = f.normal(value)
		}
	}
	c.values[f.Name] = values
}

// tidy trims values and drops empty and repeated ones.
func tidy(typed []string) []string {
	var values []string
	for _, value := range typed {
		if value = strings.TrimSpace(value); value != "" && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	return values
}

func required(f Field) string {
	switch f.Kind {
	case MultiChoice:
		return f.Label + ": choose at least one"
	case Choice:
		return f.Label + ": choose one"
	case File:
		return f.Label + ": pick a document"
	case Date:
		return f.Label + " is required, such as 2026-11-20"
	default:
		return f.Label + " is required"
	}
}

// choices returns the values in the spelling of the options.
func (c *checker) choices(ctx context.Context, f Field, values []string) []string {
	options, err := f.Options(ctx, c.subject)
	if err != nil {
		c.warnings = append(c.warnings, fmt.Sprintf("%s could not be checked: %v", f.Label, err))
		return values
	}
	var chosen []string
	for _, value := range values {
		i := offered(options, value)
		switch {
		case i < 0 && f.Open:
			if words := f.stranger(value, c.system); words != "" {
				c.warnings = append(c.warnings, words)
			}
			chosen = append(chosen, value)
		case i < 0:
			c.problems[f.Name] = notOffered(f, value, c.system, options)
		case slices.Contains(chosen, options[i].Value):
		default:
			chosen = append(chosen, options[i].Value)
			if note := options[i].Note; note != "" {
				c.warnings = append(c.warnings, options[i].Label+": "+note)
			}
		}
	}
	return chosen
}

// stranger is what to say of a value that is not among the options of an Open field.
func (f Field) stranger(value, system string) string {
	if f.strange != nil {
		return f.strange(value)
	}
	return value + " is not known here: " + system + " decides"
}

// offered finds an option by its value, or by what people read; -1 when there is none.
func offered(options []Option, value string) int {
	i := slices.IndexFunc(options, func(o Option) bool { return strings.EqualFold(o.Value, value) })
	if i >= 0 {
		return i
	}
	return slices.IndexFunc(options, func(o Option) bool { return strings.EqualFold(o.Label, value) })
}

func notOffered(f Field, value, system string, options []Option) string {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = o.Value
		if o.Label != o.Value {
			names[i] += " (" + o.Label + ")"
		}
	}
	offers := "There is"
	if f.Remote {
		offers = system + " offers"
	}
	return fmt.Sprintf("%q is not offered. %s: %s", value, offers, strings.Join(names, ", "))
}

// documents looks at each file; several problems become one, each with the name of its file.
func (c *checker) documents(f Field, values []string) {
	var problems []string
	for _, value := range values {
		doc, warning, err := c.r.disk.inspect(value)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		if warning != "" {
			c.warnings = append(c.warnings, warning)
		}
		c.docs[doc.Path] = doc
		if !slices.Contains(c.values[f.Name], doc.Path) {
			c.values[f.Name] = append(c.values[f.Name], doc.Path)
		}
	}
	if len(problems) > 0 {
		c.problems[f.Name] = strings.Join(problems, "; ")
	}
}

// picked returns the document of a field as the journal names it.
func (r *Registry) picked(e outbox.Entry, field string) ([]byte, error) {
	in, err := decodeInput(e.Input)
	if err != nil {
		return nil, err
	}
	doc, ok := in.Files[field]
	if !ok {
		return nil, &unsent{field: field, err: errors.New("no document was picked")}
	}
	content, err := r.disk.again(doc)
	if err != nil {
		return nil, &unsent{field: field, err: err}
	}
	return content, nil
}
