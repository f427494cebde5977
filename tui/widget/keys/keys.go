// Package keys reads the keys of a box over the screen from the key map, so that a form or a prompt obeys what a person
// has bound, sequences included.
package keys

import (
	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
)

// Reader turns the keys of one scope into actions. It remembers a sequence that was begun, so every box has its own. It
// is touched only on the event loop.
type Reader struct {
	keys   *keymap.Map
	scopes []keymap.Scope
	read   *keymap.Resolver
	back   keymap.ID
}

// New returns a reader of scope in a key map; nil: the one that is shipped. Back is what the keys that go back everywhere
// do in this scope, unless it takes them for something else: a box can always be left.
func New(m *keymap.Map, scope keymap.Scope, back keymap.ID) *Reader {
	if m == nil {
		m = keymap.Default()
	}
	return &Reader{keys: m, scopes: []keymap.Scope{scope}, read: m.Resolver(), back: back}
}

// Press reads a key. Taken keys are no text: they belong to a sequence that goes on, or that led nowhere. Where neither
// an action nor taken is returned, the key is the box's own.
func (r *Reader) Press(k tea.KeyPressMsg) (id keymap.ID, taken bool) {
	key := Name(k)
	got := r.read.Press(r.scopes, key)
	switch {
	case got.Kind == keymap.Match:
		return got.ID, false
	case got.Kind != keymap.None:
		return "", true
	case k.Text == "" && r.keys.Bound(keymap.AppBack, key):
		return r.back, false
	}
	return "", false
}

// Hint is the key to show for an action; empty when it has none.
func (r *Reader) Hint(id keymap.ID) string {
	hint := r.keys.Hint(id)
	if hint == "" && id == r.back {
		return r.keys.Hint(keymap.AppBack)
	}
	return hint
}

// Name is a key press as the key map knows it.
func Name(k tea.KeyPressMsg) keymap.Key {
	return keymap.Key{String: k.String(), Keystroke: k.Keystroke()}
}
