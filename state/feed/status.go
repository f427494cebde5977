package feed

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Phase is what the syncer is doing.
type Phase int

// The phases.
const (
	Starting   Phase = iota // nothing was read yet
	CatchingUp              // reading what happened while nobody looked
	Live                    // in step
	Retrying                // the service or the store failed: trying again at NextTry
	SignedOut               // the credentials were refused: waiting for a sign-in
	Paused                  // by a person
	Standby                 // another process of this machine reads the feed into the same store
)

// String names the phase.
func (p Phase) String() string {
	switch p {
	case Starting:
		return "starting"
	case CatchingUp:
		return "catching up"
	case Live:
		return "live"
	case Retrying:
		return "retrying"
	case SignedOut:
		return "signed out"
	case Paused:
		return "paused"
	case Standby:
		return "standby"
	default:
		return fmt.Sprintf("phase %d", int(p))
	}
}

// Status is how the syncer stands.
type Status struct {
	Phase             Phase
	Since             time.Time     // of the phase
	LastOK            time.Time     // end of the last complete walk of this process; zero: none yet
	Why               string        // the trouble, in a person's words; empty: none
	NextTry           time.Time     // zero: at once, or never by itself
	Pages, TotalPages int           // of the walk under way; zero: none
	Gap               *Gap          // the last one this process filled
	Skew              time.Duration // the service's clock minus ours, by its Date header (whole seconds)
	Undecodable       int           // rows without an id that this process had to leave out
}

// Status returns how the syncer stands.
func (s *Syncer) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Subscribe calls fn after every change of the status, under no lock. fn must not block. cancel ends it.
func (s *Syncer) Subscribe(fn func()) (cancel func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextWatcher
	s.nextWatcher++
	s.watchers[id] = fn
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, id)
	}
}

// update changes the status and tells the watchers if that changed anything.
func (s *Syncer) update(change func(st *Status)) {
	s.mu.Lock()
	before := s.status
	change(&s.status)
	if s.status.Phase != before.Phase {
		s.status.Since = s.o.Now()
	}
	changed := s.status != before
	fns := slices.Collect(maps.Values(s.watchers))
	s.mu.Unlock()
	if !changed {
		return
	}
	for _, fn := range fns {
		fn()
	}
}

// enter goes to a quiet phase, one that is no trouble.
func (s *Syncer) enter(p Phase) {
	s.update(func(st *Status) { st.Phase, st.Why, st.NextTry = p, "", time.Time{} })
}

// heard learns the service's clock from an answer.
func (s *Syncer) heard(p Page) {
	if p.ServerTime.IsZero() {
		return
	}
	skew := p.ServerTime.Sub(s.o.Now()).Truncate(time.Second)
	s.update(func(st *Status) {
		if (st.Skew - skew).Abs() > time.Second { // the header has whole seconds: less is noise
			st.Skew = skew
		}
	})
}

// serverNow is the service's clock as far as it is known.
func (s *Syncer) serverNow() time.Time { return s.o.Now().Add(s.Status().Skew) }
