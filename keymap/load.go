package keymap

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"claimdeck/state/config/nearest"
)

//go:embed defaults.toml
var defaults []byte

// Default returns the key map as it is shipped.
func Default() *Map {
	m, problems := Load(nil, "")
	if len(problems) > 0 { // a test holds that this cannot be
		panic("keymap: the embedded defaults are wrong: " + problems[0].Error())
	}
	return m
}

// Load lays a person's key map over the defaults. userFile is only for messages and Source. The map is always
// usable: whatever has a mistake is reported, in the order of the file, and ignored, and the defaults hold there.
func Load(user []byte, userFile string) (*Map, []Problem) {
	if userFile == "" {
		userFile = "keys.toml"
	}
	base, problems := read(defaults, "")
	homes := map[ID]Scope{}
	for _, e := range base {
		homes[e.action] = e.scope
	}
	over, mistakes := read(user, userFile)
	problems = append(problems, mistakes...)
	over, mistakes = resolve(over, homes)
	problems = append(problems, mistakes...)

	for {
		merged := merge(base, over)
		bad, p := firstConflict(merged)
		if bad == nil {
			bad, p = firstLost(merged, over)
		}
		if bad == nil {
			sortProblems(problems)
			return newMap(bindingsOf(merged), homes), problems
		}
		problems = append(problems, p)
		i := slices.Index(over, bad)
		if i < 0 { // the defaults contradict themselves; a test holds that this cannot be
			sortProblems(problems)
			return newMap(bindingsOf(merged), homes), problems
		}
		over = slices.Delete(over, i, i+1)
	}
}

func sortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
}

// resolve checks names and fills in the scope where it was left out.
func resolve(entries []*entry, homes map[ID]Scope) (good []*entry, problems []Problem) {
	ids := make([]string, 0, len(homes))
	for id := range homes {
		ids = append(ids, string(id))
	}
	slices.Sort(ids)
	for _, e := range entries {
		home, ok := homes[e.action]
		if !ok {
			problems = append(problems, e.problem("unknown action %q%s", e.action, nearest.Hint(string(e.action), ids)))
			continue
		}
		if e.scope == "" {
			e.scope = home
		}
		if !e.scope.known() {
			problems = append(problems, e.problem("unknown scope %q%s", e.scope,
				nearest.Hint(string(e.scope), scopeNames())))
			continue
		}
		if k := unseen(e); k != "" {
			problems = append(problems, e.problem(
				"key %q cannot be bound in scope %q: it is typed there; use enter, esc, tab, arrows, pgup, pgdown, ctrl, alt or function keys",
				k, e.scope))
			continue
		}
		good = append(good, e)
	}
	return good, problems
}

// unseen returns a key of the entry that its scope never sees, because text is typed there. The later keys of a
// sequence are seen.
func unseen(e *entry) string {
	if !e.scope.TextEntry() {
		return ""
	}
	for _, chord := range e.chords {
		if first, _, _ := strings.Cut(chord, " "); typedAsText(first) {
			return first
		}
	}
	return ""
}

func scopeNames() []string {
	var names []string
	for _, t := range scopeTitles() {
		names = append(names, string(t.scope))
	}
	return names
}

// slot is an action in a scope, with the entries that bind it there.
type slot struct {
	action  ID
	scope   Scope
	help    string
	hard    bool // optional
	entries []*entry
}

// merge lays over over base: what over binds replaces all that base binds for that action in that scope.
func merge(base, over []*entry) []slot {
	var slots []slot
	at := map[[2]string]int{}
	put := func(e *entry) {
		k := [2]string{string(e.action), string(e.scope)}
		i, ok := at[k]
		if !ok {
			at[k] = len(slots)
			slots = append(slots, slot{
				action: e.action, scope: e.scope, help: e.help, hard: e.optional,
				entries: []*entry{e},
			})
			return
		}
		s := &slots[i]
		if s.entries[0].file != e.file {
			s.entries = nil
		}
		s.entries = append(s.entries, e)
		if e.help != "" {
			s.help = e.help
		}
	}
	for _, e := range base {
		put(e)
	}
	for _, e := range over {
		put(e)
	}
	for i := range slots {
		if slots[i].help == "" { // bound in another scope than its own
			j := slices.IndexFunc(slots, func(s slot) bool { return s.action == slots[i].action })
			slots[i].help = slots[j].help
		}
	}
	return slots
}

func bindingsOf(slots []slot) []Binding {
	bindings := make([]Binding, 0, len(slots))
	for _, s := range slots {
		b := Binding{
			Action: s.action, Scope: s.scope, Help: s.help, Optional: s.hard, Source: s.entries[0].source(),
			Keys: []string{},
		}
		for _, e := range s.entries {
			for _, chord := range e.chords {
				if !slices.Contains(b.Keys, chord) {
					b.Keys = append(b.Keys, chord)
				}
			}
		}
		bindings = append(bindings, b)
	}
	return bindings
}

// firstLost finds a protected action without a key everywhere, and the entry that took it.
func firstLost(slots []slot, over []*entry) (*entry, Problem) {
	for _, s := range slots {
		if s.scope != ScopeGlobal || !s.action.protected() {
			continue
		}
		if slices.ContainsFunc(s.entries, func(e *entry) bool { return len(e.chords) > 0 }) {
			continue
		}
		e := s.entries[0]
		if !slices.Contains(over, e) {
			continue
		}
		return e, e.problem("%q must keep a key: without it there is no way to %s", s.action, s.help)
	}
	return nil, Problem{}
}

// bound is one chord of one entry.
type bound struct {
	keys  []string
	entry *entry
}

// firstConflict finds two bindings that cannot both work, and the entry to blame: a person's line before a
// default, the later of two lines.
func firstConflict(slots []slot) (*entry, Problem) {
	var all []bound
	for _, s := range slots {
		for _, e := range s.entries {
			for _, chord := range e.chords {
				all = append(all, bound{strings.Split(chord, " "), e})
			}
		}
	}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if !collide(a, b) {
				continue
			}
			if why := contradiction(a, b); why != "" {
				bad, other := a, b
				if b.entry.file != "" && (a.entry.file == "" || b.entry.line >= a.entry.line) {
					bad, other = b, a
				}
				return bad.entry, bad.entry.problem("%s", message(bad, other, why))
			}
		}
	}
	return nil, Problem{}
}

// collide reports whether one chord begins with the other, so that only one of them can be typed.
func collide(a, b bound) bool {
	n := min(len(a.keys), len(b.keys))
	return slices.Equal(a.keys[:n], b.keys[:n])
}

// contradiction says why two colliding chords cannot both be; "" when they can.
func contradiction(a, b bound) string {
	x, y := a.entry, b.entry
	switch {
	case x.scope == y.scope && x.action == y.action && len(a.keys) == len(b.keys):
		return "" // the same binding twice
	case x.scope == y.scope:
		return "taken"
	case hides(a, b) || hides(b, a):
		return "hidden"
	default:
		return ""
	}
}

// hides reports whether inner, in an inner scope, takes a key of outer that must work everywhere. It may take the
// very same key for the same action, or for what stands for it there.
func hides(inner, outer bound) bool {
	x, y := inner.entry, outer.entry
	if y.scope != ScopeGlobal || x.scope == ScopeGlobal || !y.action.protected() {
		return false
	}
	same := x.action == y.action || x.action.standsFor(x.scope) == y.action
	return !same || len(inner.keys) != len(outer.keys)
}

func message(bad, other bound, why string) string {
	key, otherKey := strings.Join(bad.keys, " "), strings.Join(other.keys, " ")
	e, o := bad.entry, other.entry
	where := fmt.Sprintf("%q in scope %q (%s)", o.action, o.scope, o.source())
	switch {
	case why == "hidden" && hides(bad, other):
		return fmt.Sprintf("key %q of %q would hide %s, which must work everywhere", key, e.action, where)
	case why == "hidden":
		return fmt.Sprintf("key %q of %q would be hidden by %s, and it must work everywhere", key, e.action, where)
	case key == otherKey:
		return fmt.Sprintf("key %q of %q already belongs to %s; bind that one to another key first", key, e.action, where)
	default:
		return fmt.Sprintf("key %q of %q collides with key %q of %s: one begins with the other", key, e.action,
			otherKey, where)
	}
}
