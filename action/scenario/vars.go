package scenario

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// variable is ${name} in a text; $${name} stands for the text ${name} itself.
var variable = regexp.MustCompile(`\$?\$\{([^{}]*)\}`)

// escaped reports whether a match of variable is text.
func escaped(match string) bool { return strings.HasPrefix(match, "$$") }

// numbered are the variables that a run counts: ${order.0} is the first order that was placed.
var numbered = regexp.MustCompile(`^(order|document)\.(0|[1-9][0-9]{0,3})$`)

// The variables that every run has.
const (
	varClaim    = "claim"    // id of the claim the run is on
	varNumber   = "number"   // its claim number
	varVIN      = "vin"      // its VIN
	varRun      = "run"      // unique to the run
	varToday    = "today"    // YYYY-MM-DD
	varNow      = "now"      // a timestamp
	varPDF      = "pdf"      // path of a generated PDF, for a field that takes a document
	varReceiver = "receiver" // address of the webhook receiver of the run
)

// names are the variables that may stand in a step.
type names struct{ kept map[string]bool }

func newNames() names { return names{kept: map[string]bool{}} }

func (n names) add(name string) { n.kept[name] = true }

// built reports whether a variable is made by the run itself.
func (n names) built(name string) bool {
	return numbered.MatchString(name) || slices.Contains([]string{
		varClaim, varNumber, varVIN, varRun, varToday, varNow, varPDF, varReceiver,
	}, name)
}

func (n names) has(name string) bool { return n.kept[name] || n.built(name) }

// used are the variables in a text.
func used(s string) []string {
	var all []string
	for _, m := range variable.FindAllStringSubmatch(s, -1) {
		if !escaped(m[0]) {
			all = append(all, m[1])
		}
	}
	return all
}

// texts are all texts of a step that may hold variables.
func (s Step) texts() []string {
	all := []string{s.What}
	for _, v := range s.With {
		all = append(all, textsOf(v)...)
	}
	for _, m := range s.Where {
		all = append(all, textsOf(m.Want)...)
	}
	if s.Refused != nil {
		all = append(all, s.Refused.Text)
	}
	return all
}

func textsOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, textsOf(item)...)
		}
		return all
	}
	return nil
}

// expand replaces the variables of a text.
func (r *Run) expand(ctx context.Context, s string) (string, error) {
	var failed error
	out := variable.ReplaceAllStringFunc(s, func(m string) string {
		if escaped(m) {
			return m[1:]
		}
		name := m[2 : len(m)-1]
		value, err := r.value(ctx, name)
		if err != nil && failed == nil {
			failed = err
		}
		return value
	})
	return out, failed
}

// value returns a variable. Those that cost something are made when they are first asked for.
func (r *Run) value(ctx context.Context, name string) (string, error) {
	if v, ok := r.vars[name]; ok {
		return v, nil
	}
	switch name {
	case varPDF:
		return r.paper()
	case varReceiver:
		return r.receiverURL(ctx)
	case varNow:
		return stamp(r.s.o.Now()), nil
	case varToday:
		return r.s.o.Now().UTC().Format("2006-01-02"), nil
	}
	kind, _, _ := strings.Cut(name, ".")
	return "", fmt.Errorf("${%s} is not known yet: no earlier step made that %s", name, kind)
}

// expandAll replaces the variables in every text of a value.
func (r *Run) expandAll(ctx context.Context, v any) (any, error) {
	switch v := v.(type) {
	case string:
		return r.expand(ctx, v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			var err error
			if out[i], err = r.expandAll(ctx, item); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, item := range v {
			var err error
			if out[name], err = r.expandAll(ctx, item); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

// prepared is the step with its variables replaced.
func (r *Run) prepared(ctx context.Context, st Step) (Step, error) {
	var err error
	if st.What, err = r.expand(ctx, st.What); err != nil {
		return st, err
	}
	with, err := r.expandAll(ctx, st.With)
	if err != nil {
		return st, err
	}
	st.With, _ = with.(map[string]any)
	st.Where = slices.Clone(st.Where)
	for i, m := range st.Where {
		if st.Where[i].Want, err = r.expandAll(ctx, m.Want); err != nil {
			return st, err
		}
	}
	if st.Refused != nil {
		refusal := *st.Refused
		if refusal.Text, err = r.expand(ctx, refusal.Text); err != nil {
			return st, err
		}
		st.Refused = &refusal
	}
	return st, nil
}
