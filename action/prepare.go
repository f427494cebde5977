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
	Draft    outbox.Draft      // without its origin
	Problems map[string]string // by field name: why it must not be sent as it is; then there is no Draft
	Warnings []string          // worth a word; it may be sent
}

// Prepare checks what was typed and makes the draft of the write, for a form and for the command line alike. Only
// what can surely not work is a problem: an empty required field, a choice that the service does not offer, a
// document that cannot be read or is of a kind it does not take. Everything else is a warning, because the service
// decides. The error is about a, s or the program, not about a field.
func (r *Registry) Prepare(ctx context.Context, a Action, s Subject, v Values) (Prepared, error) {
	if s.Claim.ID == "" {
		return Prepared{}, fmt.Errorf("%s: no claim is chosen", a.Title)
	}
	c := checker{r: r, subject: s, problems: map[string]string{}, values: Values{}, docs: map[string]Document{}}
	if a.Preflight != nil {
		if ready := a.Preflight(s); ready.Reason != "" {
			c.warnings = append(c.warnings, ready.Reason)
		}
	}
	for _, f := range a.Fields {
		c.field(ctx, f, v[f.Name])
	}
	if len(c.problems) > 0 {
		return Prepared{Problems: c.problems, Warnings: c.warnings}, nil
	}
	raw, err := EncodeInput(a, c.values, c.docs)
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{
		Draft: outbox.Draft{
			Action: a.ID, ClaimID: s.Claim.ID, ClaimNumber: s.Claim.Number, Title: a.Describe(s, c.values), Input: raw,
		},
		Warnings: c.warnings,
	}, nil
}

// checker collects what Prepare finds.
type checker struct {
	r        *Registry
	subject  Subject
	problems map[string]string
	warnings []string
	values   Values
	docs     map[string]Document
}

func (c *checker) field(ctx context.Context, f Field, typed []string) {
	values := tidy(typed)
	switch {
	case len(values) == 0 && f.Required:
		c.problems[f.Name] = required(f)
		return
	case len(values) == 0:
		return
	case len(values) > 1 && f.Kind != MultiChoice:
		c.problems[f.Name] = f.Label + ": give one value, not several"
		return
	}
	switch f.Kind {
	case Choice, MultiChoice:
		values = c.choices(ctx, f, values)
	case File:
		c.document(f, values)
		return
	case Text, LongText:
	}
	if f.Check != nil {
		for _, value := range values {
			if err := f.Check(value); err != nil {
				c.problems[f.Name] = err.Error()
			}
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
		i := slices.IndexFunc(options, func(o Option) bool { return strings.EqualFold(o.Value, value) })
		switch {
		case i < 0 && f.Open:
			c.warnings = append(c.warnings, fmt.Sprintf("%s is not known here: LossExpress decides", value))
			chosen = append(chosen, value)
		case i < 0:
			c.problems[f.Name] = notOffered(value, options)
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

func notOffered(value string, options []Option) string {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = o.Label
	}
	return fmt.Sprintf("%q is not offered. LossExpress offers: %s", value, strings.Join(names, ", "))
}

func (c *checker) document(f Field, values []string) {
	doc, warning, err := c.r.disk.inspect(values[0])
	if err != nil {
		c.problems[f.Name] = err.Error()
		return
	}
	if warning != "" {
		c.warnings = append(c.warnings, warning)
	}
	c.docs[f.Name] = doc
	c.values[f.Name] = []string{doc.Path}
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
