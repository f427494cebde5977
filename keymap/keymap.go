// Package keymap maps keys to actions. Actions have stable ids and live in scopes; the embedded defaults are the
// same TOML that people write to override them. It knows nothing of terminals: keys are their names ("j",
// "shift+tab", "enter"), as the console reports them.
package keymap

import (
	"slices"
	"strings"
)

// ID is the stable name of an action, such as "claim.open". It is never renamed: people's overrides use it.
type ID string

// Scope is where a binding holds, such as "global", "list", "activity", "claim", "outbox", "form".
type Scope string

// Binding is one line of the key map.
type Binding struct {
	Action   ID       `json:"action"`
	Scope    Scope    `json:"scope"`
	Keys     []string `json:"keys"` // alternatives; a sequence is its keys separated by a space: "g g"
	Help     string   `json:"help"` // a few words: "open claim"
	Source   string   `json:"source"`
	Optional bool     `json:"optional,omitempty"` // works without its key too, so the key may be a hard one
}

// Offer is an action a screen can take here and now, or the reason why it cannot.
type Offer struct {
	Action  ID
	Enabled bool
	Why     string // when not Enabled
}

// Map is a whole key map. It never changes once it is made, so it may be shared.
type Map struct {
	bindings []Binding // by scope in the order of scopeTitles, then in the order of the defaults
	roots    map[Scope]*node
	homes    map[ID]Scope // the scope of each action in the defaults
}

// node is one step of a sequence: an action is here, or more keys follow, never both.
type node struct {
	action ID
	next   map[string]*node
}

func newMap(bindings []Binding, homes map[ID]Scope) *Map {
	m := &Map{roots: map[Scope]*node{}, homes: homes}
	for _, t := range scopeTitles() {
		root := &node{}
		m.roots[t.scope] = root
		for _, b := range bindings {
			if b.Scope != t.scope {
				continue
			}
			m.bindings = append(m.bindings, b)
			for _, chord := range b.Keys {
				root.add(strings.Split(chord, " "), b.Action)
			}
		}
	}
	return m
}

func (n *node) add(keys []string, id ID) {
	for _, k := range keys {
		if n.next == nil {
			n.next = map[string]*node{}
		}
		child, ok := n.next[k]
		if !ok {
			child = &node{}
			n.next[k] = child
		}
		n = child
	}
	n.action = id
}

// Bindings returns every binding, by scope.
func (m *Map) Bindings() []Binding { return slices.Clone(m.bindings) }

// Keys returns the keys of an action in all scopes, those of its own scope first; nil when it has none. The first
// one is the one to show.
func (m *Map) Keys(id ID) []string {
	var keys []string
	for _, b := range m.byAction(id) {
		keys = append(keys, b.Keys...)
	}
	return keys
}

// Hint returns the key to show for an action in footers: the first of its Keys, as Display writes it. Empty: the
// action has no key and is reached by the palette.
func (m *Map) Hint(id ID) string {
	keys := m.Keys(id)
	if len(keys) == 0 {
		return ""
	}
	return Display(keys[0])
}

// Bound reports whether a key alone, not as a part of a sequence, is one of an action's in any scope.
func (m *Map) Bound(id ID, key Key) bool {
	first, second := candidates(key)
	return slices.ContainsFunc(m.bindings, func(b Binding) bool {
		return b.Action == id && first != "" &&
			(slices.Contains(b.Keys, first) || (second != "" && slices.Contains(b.Keys, second)))
	})
}

// Text returns the few words of help for an action; empty when there is no such action.
func (m *Map) Text(id ID) string {
	if b := m.byAction(id); len(b) > 0 {
		return b[0].Help
	}
	return ""
}

// byAction returns the bindings of an action: its own scope first, then those in scopes that people added.
func (m *Map) byAction(id ID) []Binding {
	var found []Binding
	for _, b := range m.bindings {
		if b.Action == id {
			found = append(found, b)
		}
	}
	home := m.homes[id]
	slices.SortStableFunc(found, func(a, b Binding) int {
		return rank(a.Scope == home) - rank(b.Scope == home)
	})
	return found
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// Display returns a key, or the keys of a sequence, as people read it: a sequence of letters without spaces.
func Display(chord string) string {
	keys := strings.Split(chord, " ")
	for _, k := range keys {
		if len([]rune(k)) > 1 {
			return chord
		}
	}
	return strings.Join(keys, "")
}
