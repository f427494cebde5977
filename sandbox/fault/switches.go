package fault

import (
	"net/http"
	"slices"
	"sync"
)

// Switches are the switches of a sandbox, B, and the faults among them. They can be turned while it runs.
type Switches[B any] struct {
	faults func(*B) *[]Fault

	mu        sync.Mutex
	behaviour B
}

// NewSwitches returns switches that stand as initial says; faults finds the faults among them. What it is given stays
// the caller's.
func NewSwitches[B any](initial B, faults func(*B) *[]Fault) *Switches[B] {
	s := &Switches[B]{faults: faults, behaviour: initial}
	s.Change(func(b *B) { s.own(b) })
	return s
}

// own gives b a list of faults of its own.
func (s *Switches[B]) own(b *B) {
	list := s.faults(b)
	*list = slices.Clone(*list)
}

// Change flips switches at run time: fn gets the current ones and edits them. It must not call the Server.
func (s *Switches[B]) Change(fn func(*B)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(&s.behaviour)
}

// Behaviour returns a copy of the switches as they are now, with what is left of the faults.
func (s *Switches[B]) Behaviour() B {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.behaviour
	s.own(&b)
	return b
}

// Inject adds faults behind those that are already waiting.
func (s *Switches[B]) Inject(faults ...Fault) {
	s.Change(func(b *B) {
		list := s.faults(b)
		*list = append(*list, faults...)
	})
}

// ClearFaults removes all faults.
func (s *Switches[B]) ClearFaults() {
	s.Change(func(b *B) { *s.faults(b) = nil })
}

// strikes returns the fault that strikes r, and uses it up.
func (s *Switches[B]) strikes(r *http.Request) (f Fault, hit bool) {
	if f, hit = asked(r); !hit {
		s.Change(func(b *B) { f, hit = take(s.faults(b), r) })
	}
	return f, hit
}
