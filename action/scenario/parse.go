package scenario

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"claimdeck/state/config/lines"
	"claimdeck/state/config/nearest"
	"claimdeck/state/text"
)

// Problem is a mistake in a scenario file.
type Problem struct {
	File    string
	Line    int // 1-based; 0 when it is about the whole file
	Message string
}

// Error returns "file:line: message".
func (p Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// maxSteps is more than any scenario written by hand has.
const maxSteps = 500

// maxWithin bounds a wait.
const maxWithin = time.Hour

// Parse reads a scenario; file is its name in messages. The error joins a Problem for every mistake.
func Parse(file string, data []byte) (Scenario, error) {
	tables, err := lines.Read(data)
	if err != nil {
		p := Problem{File: file, Message: err.Error()}
		if e, ok := errors.AsType[*lines.Error](err); ok {
			p.Line = e.Line
		}
		return Scenario{}, p
	}
	p := &parser{sc: Scenario{File: file}, vars: newNames()}
	for _, t := range tables {
		p.table(t)
	}
	for i := range p.sc.Steps {
		p.check(&p.sc.Steps[i])
	}
	if p.sc.Name == "" {
		p.fail(0, `a scenario needs a name, such as name = "payoff"`)
	}
	if len(p.sc.Steps) == 0 {
		p.fail(0, "a scenario needs at least one [[step]]")
	}
	if len(p.problems) > 0 {
		return Scenario{}, errors.Join(p.problems...)
	}
	return p.sc, nil
}

// parser collects a scenario and what is wrong with its file.
type parser struct {
	sc       Scenario
	vars     names
	problems []error
}

func (p *parser) fail(line int, format string, args ...any) {
	p.problems = append(p.problems, Problem{p.sc.File, line, text.Line(fmt.Sprintf(format, args...))})
}

func (p *parser) table(t lines.Table) {
	switch {
	case t.Path == nil:
		for _, e := range t.Entries {
			p.head(e)
		}
	case t.Array && slices.Equal(t.Path, []string{"step"}):
		if len(p.sc.Steps) >= maxSteps {
			p.fail(t.Line, "more than %d steps", maxSteps)
			return
		}
		p.step(t)
	case len(t.Path) == 2 && t.Path[0] == "step" && len(p.sc.Steps) > 0:
		p.section(t)
	default:
		p.fail(t.Line, "unknown table %q: a scenario has [[step]] only", strings.Join(t.Path, "."))
	}
}

func (p *parser) head(e lines.Entry) {
	switch e.Path() {
	case "name":
		p.sc.Name = p.text(e)
	case "about":
		p.sc.About = p.text(e)
	case "needs":
		if p.sc.Needs = Need(p.text(e)); p.sc.Needs != Loopback {
			p.fail(e.Line, "needs can only be %q", Loopback)
		}
	default:
		p.fail(e.Line, "unknown key %q%s", e.Path(), nearest.Hint(e.Path(), []string{"name", "about", "needs"}))
	}
}

// step reads a [[step]].
func (p *parser) step(t lines.Table) {
	st := Step{Line: t.Line}
	for _, e := range t.Entries {
		p.entry(&st, e)
	}
	p.sc.Steps = append(p.sc.Steps, st)
}

// section reads [step.where] and the like: they belong to the step before them.
func (p *parser) section(t lines.Table) {
	st := &p.sc.Steps[len(p.sc.Steps)-1]
	for _, e := range t.Entries {
		e.Key = append([]string{t.Path[1]}, e.Key...)
		p.entry(st, e)
	}
}

// entry reads one key of a step.
func (p *parser) entry(st *Step, e lines.Entry) {
	key, rest := e.Key[0], strings.Join(e.Key[1:], ".")
	switch key {
	case string(Expect):
		p.kind(st, e, Expect)
		p.match(st, e, rest)
	case "fields", "values", "args":
		p.with(st, e, key, rest)
	case "where":
		p.match(st, e, rest)
	case "keep":
		p.keep(st, e, rest)
	case "refused":
		p.refused(st, e, rest)
	default:
		p.single(st, e)
	}
}

// single reads a key that is not a table.
func (p *parser) single(st *Step, e lines.Entry) {
	switch key := e.Path(); {
	case slices.Contains(kinds(), key):
		p.kind(st, e, Kind(key))
		st.What = p.text(e)
	case key == "has":
		st.Has = p.list(e)
		for _, path := range st.Has {
			p.path(e.Line, path)
		}
	case key == "within":
		p.within(st, e)
	default:
		p.fail(e.Line, "unknown key %q%s", key, nearest.Hint(key, stepKeys()))
	}
}

func stepKeys() []string {
	return append(kinds(), "fields", "values", "args", "where", "has", "keep", "refused", "within")
}

func (p *parser) kind(st *Step, e lines.Entry, k Kind) {
	if st.Kind != "" && (st.Kind != k || k != Expect) {
		p.fail(e.Line, "a step is %s or %s, not both: write a second [[step]]", st.Kind, k)
		return
	}
	st.Kind = k
}

// with reads what a step is given: fields of a claim, values of an action, arguments of a call.
func (p *parser) with(st *Step, e lines.Entry, key, name string) {
	want := map[string]Kind{"fields": Create, "values": Act, "args": Call}[key]
	if st.Kind != want && st.Kind != "" {
		p.fail(e.Line, "%s belongs to a step with %s", key, want)
		return
	}
	if st.With == nil {
		st.With = map[string]any{}
	}
	switch v := e.Value.(type) {
	case lines.Empty:
		if name != "" {
			p.fail(e.Line, "%s is empty", e.Path())
		}
	case lines.Moment:
		st.With[name] = string(v)
	default:
		if name == "" {
			p.fail(e.Line, "%s must be a table such as {name = \"value\"}, not %s", key, lines.Describe(v))
			return
		}
		st.With[name] = v
	}
}

func (p *parser) match(st *Step, e lines.Entry, path string) {
	if path == "" {
		p.fail(e.Line, `%s needs a path, such as %s = {claimNumber = "EX-1"}`, e.Path(), e.Path())
		return
	}
	switch e.Value.(type) {
	case string, bool, int64, float64:
	default:
		p.fail(e.Line, "%s must be compared with a text, a number, true or false, not %s", e.Path(), lines.Describe(e.Value))
		return
	}
	p.path(e.Line, path)
	st.Where = append(st.Where, Match{Path: path, Want: e.Value})
}

func (p *parser) path(line int, path string) {
	if _, err := parsePath(path); err != nil {
		p.fail(line, "%s", err.Error())
	}
}

func (p *parser) keep(st *Step, e lines.Entry, name string) {
	if name == "" {
		p.fail(e.Line, `keep needs a name, such as keep = {letter = "data.documentUrl"}`)
		return
	}
	path := p.text(e)
	p.path(e.Line, path)
	if p.vars.built(name) {
		p.fail(e.Line, "${%s} is given by the run: keep the value under another name", name)
	}
	if st.Keep == nil {
		st.Keep = map[string]string{}
	}
	st.Keep[name] = path
}

func (p *parser) refused(st *Step, e lines.Entry, part string) {
	if st.Refused == nil {
		st.Refused = &Refusal{}
	}
	switch part {
	case "status":
		n, ok := e.Value.(int64)
		if !ok || n < 400 || n > 499 {
			p.fail(e.Line, "refused.status must be an HTTP status from 400 to 499")
			return
		}
		st.Refused.Status = int(n)
	case "text":
		st.Refused.Text = p.text(e)
	default:
		p.fail(e.Line, `refused is written as refused = {status = 400, text = "..."}`)
	}
}

func (p *parser) within(st *Step, e lines.Entry) {
	d, err := time.ParseDuration(p.text(e))
	if err != nil || d <= 0 || d > maxWithin {
		p.fail(e.Line, `within must be a time such as "30s", at most %s`, maxWithin)
		return
	}
	st.Within = d
}

func (p *parser) text(e lines.Entry) string {
	s, ok := e.Value.(string)
	switch {
	case !ok:
		p.fail(e.Line, "%s must be a text in quotes, not %s", e.Path(), lines.Describe(e.Value))
	case strings.TrimSpace(s) == "":
		p.fail(e.Line, "%s is empty", e.Path())
	}
	return s
}

func (p *parser) list(e lines.Entry) []string {
	var all []string
	items, ok := e.Value.([]any)
	if !ok {
		p.fail(e.Line, `%s must be a list such as ["data.message"], not %s`, e.Path(), lines.Describe(e.Value))
	}
	for _, item := range items {
		s, ok := item.(string)
		if !ok {
			p.fail(e.Line, "%s must hold texts in quotes, not %s", e.Path(), lines.Describe(item))
			continue
		}
		all = append(all, s)
	}
	return all
}

// keptNames are the variables that the step makes, in order.
func keptNames(st *Step) []string { return slices.Sorted(maps.Keys(st.Keep)) }
