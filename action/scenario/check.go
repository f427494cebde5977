package scenario

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"claimdeck/action"
	"claimdeck/state/activity"
	"claimdeck/state/config/nearest"
)

// check looks for what can be seen in a step without running it.
func (p *parser) check(st *Step) {
	line := st.Line
	p.variables(st, line)
	switch st.Kind {
	case "":
		p.fail(line, "a step needs one of %s", strings.Join(kinds(), ", "))
		return
	case Create:
		p.create(st, line)
	case Trigger:
		if _, ok := FindTrigger(st.What); !ok && st.Refused == nil {
			p.fail(line, "trigger %q is not one of the nine%s", st.What, nearest.Hint(st.What, triggerNames()))
		}
	case Call:
		p.call(st, line)
	case Wait, Delivered:
		if !slices.Contains(activity.Types(), activity.Type(st.What)) {
			p.fail(line, "%s %q is not an activity type%s", st.Kind, st.What, nearest.Hint(st.What, typeNames()))
		}
	case Expect:
		if len(st.paths()) == 0 {
			p.fail(line, "claim says nothing that the claim has to have")
		}
	case Act, Upload:
	}
	p.fit(st, line)
}

func (p *parser) create(st *Step, line int) {
	_, test := FindVIN(st.What)
	if !test && st.What != plainVIN && len(st.What) != vinLength && !strings.Contains(st.What, "${") {
		p.fail(line, "create %q is neither a test VIN, nor a VIN of %d characters, nor %q%s", st.What, vinLength, plainVIN, nearest.Hint(st.What, vinNames()))
	}
	p.fields(st, line, ClaimFields())
}

// fit refuses keys that have no meaning for the kind of step.
func (p *parser) fit(st *Step, line int) {
	waits := st.Kind == Wait || st.Kind == Delivered || st.Kind == Expect
	if st.Refused != nil && waits {
		p.fail(line, "only what is sent can be refused, not %s", st.Kind)
	}
	if st.Within > 0 && !waits {
		p.fail(line, "within belongs to wait, delivered and claim, not to %s", st.Kind)
	}
	if st.Refused != nil && len(st.paths())+len(st.Keep) > 0 {
		p.fail(line, "a refused step has no answer to look at")
	}
}

func (p *parser) call(st *Step, line int) {
	c, ok := callOf(st.What)
	if !ok {
		p.fail(line, "call %q is unknown%s", st.What, nearest.Hint(st.What, callNames()))
		return
	}
	p.fields(st, line, append(c.args(), "claim"))
	for _, name := range c.required {
		if _, given := st.With[name]; !given {
			p.fail(line, "call %s needs args.%s", st.What, name)
		}
	}
}

func (p *parser) fields(st *Step, line int, known []string) {
	for _, name := range slices.Sorted(maps.Keys(st.With)) {
		if !slices.Contains(known, name) {
			p.fail(line, "%s %s does not take %q%s", st.Kind, st.What, name, nearest.Hint(name, known))
		}
	}
}

// variables looks for variables that no earlier step makes, and adds those of this step.
func (p *parser) variables(st *Step, line int) {
	for _, s := range st.texts() {
		for _, name := range used(s) {
			if !p.vars.has(name) {
				p.fail(line, "${%s} is not known here: no earlier step keeps it", name)
			}
		}
	}
	for _, name := range keptNames(st) {
		p.vars.add(name)
	}
}

// fieldsOf are the JSON names of a struct.
func fieldsOf(t reflect.Type) []string {
	var names []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

func vinNames() []string {
	names := []string{plainVIN}
	for _, e := range TestVINs() {
		names = append(names, e.Name)
	}
	return names
}

func triggerNames() []string {
	var names []string
	for _, e := range Triggers() {
		names = append(names, string(e.Activity), e.Name)
	}
	return names
}

func typeNames() []string {
	var names []string
	for _, t := range activity.Types() {
		names = append(names, string(t))
	}
	return names
}

// known looks for actions and values that the registry does not have.
func (sc Scenario) known(actions Actions) error {
	p := &parser{sc: sc}
	for i := range sc.Steps {
		st := &sc.Steps[i]
		if st.Kind != Act {
			continue
		}
		a, ok := actions.Get(st.What)
		if !ok {
			p.fail(st.Line, "act %q is not an action of this claimdeck%s", st.What, nearest.Hint(st.What, actionNames(actions)))
			continue
		}
		var names []string
		for _, f := range a.Fields {
			names = append(names, f.Name)
		}
		p.fields(st, st.Line, names)
	}
	if len(p.problems) > 0 {
		return p.problems[0]
	}
	return nil
}

func actionNames(actions Actions) []string {
	var names []string
	for _, a := range actions.All() {
		names = append(names, a.ID)
	}
	return names
}

var _ Actions = (*action.Registry)(nil)
