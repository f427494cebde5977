package keymap

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Key is a key press as the console reports it, in both of its spellings.
type Key struct {
	String    string // what it prints, or its name: "G", "?", "enter", "ctrl+r"
	Keystroke string // how it is pressed: "shift+g", "shift+/", "enter", "ctrl+r"; may be empty
}

// Kind says what a key press came to.
type Kind int

// The kinds of result.
const (
	None    Kind = iota // nothing is bound: the key is the caller's, for example text
	Match               // it is an action
	Pending             // it began or continued a sequence
	Aborted             // it ended a sequence that led nowhere; the key is used up
)

// Result is what a key press came to.
type Result struct {
	Kind  Kind
	ID    ID           // of a Match
	Scope Scope        // where the Match was found
	Next  []NextOption // of Pending: what may follow, by key
}

// NextOption is one way to go on with a sequence.
type NextOption struct {
	Key    string // the next key
	Action ID     // empty when yet more keys follow
	Help   string // of the action
}

// Resolver turns key presses into actions. It remembers a sequence that was begun, so each reader of a keyboard
// has its own; it is not safe for use by several goroutines.
type Resolver struct {
	m     *Map
	typed []string // the sequence so far
}

// Resolver returns a new resolver.
func (m *Map) Resolver() *Resolver { return &Resolver{m: m} }

// Pending returns the keys of a sequence that was begun; nil when there is none.
func (r *Resolver) Pending() []string { return slices.Clone(r.typed) }

// Reset forgets a sequence that was begun, for example because the screen changed.
func (r *Resolver) Reset() { r.typed = r.typed[:0] }

// Press resolves one key press in the active scopes, innermost first. The first scope that knows the key has it.
// While a sequence is pending, esc and every key that does not continue it abort it, and do nothing else: half a
// command is never taken for another one. Where text is typed, printable keys resolve to None, unless they continue
// a sequence.
func (r *Resolver) Press(scopes []Scope, key Key) Result {
	first, second := candidates(key)
	begun := len(r.typed) > 0
	if first == "" || (begun && first == "esc") {
		return r.miss()
	}
	if !begun && typedAsText(first) && slices.ContainsFunc(scopes, Scope.TextEntry) {
		return r.miss()
	}
	for _, s := range scopes {
		n := r.m.roots[s].walk(r.typed)
		if n == nil {
			continue
		}
		for _, k := range [...]string{first, second} {
			hit := n.next[k]
			if hit == nil {
				continue
			}
			if hit.next != nil {
				r.typed = append(r.typed, k)
				return Result{Kind: Pending, Next: r.options(scopes)}
			}
			r.Reset()
			return Result{Kind: Match, ID: hit.action, Scope: s}
		}
	}
	return r.miss()
}

func (r *Resolver) miss() Result {
	if len(r.typed) == 0 {
		return Result{}
	}
	r.Reset()
	return Result{Kind: Aborted}
}

// options lists how the pending sequence may go on: inner scopes first, each key once.
func (r *Resolver) options(scopes []Scope) []NextOption {
	var all []NextOption
	for _, s := range scopes {
		n := r.m.roots[s].walk(r.typed)
		if n == nil {
			continue
		}
		for k, child := range n.next {
			if !slices.ContainsFunc(all, func(o NextOption) bool { return o.Key == k }) {
				all = append(all, NextOption{Key: k, Action: child.action, Help: r.m.Text(child.action)})
			}
		}
	}
	slices.SortFunc(all, func(a, b NextOption) int { return strings.Compare(a.Key, b.Key) })
	return all
}

func (n *node) walk(keys []string) *node {
	for _, k := range keys {
		if n == nil {
			return nil
		}
		n = n.next[k]
	}
	return n
}

// candidates returns the names under which a key may be bound, the best one first. The keystroke is a second
// chance for "shift+/" and the like. It names keys by the PC layout, so it must not turn what a person typed on
// another layout into another letter.
func candidates(key Key) (first, second string) {
	first, second = reported(key.String), reported(key.Keystroke)
	if first == "" {
		return second, ""
	}
	if second == first || (utf8.RuneCountInString(first) == 1 && utf8.RuneCountInString(second) == 1) {
		return first, ""
	}
	return first, second
}
