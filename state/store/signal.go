package store

import (
	"context"
	"slices"
)

// Subscribe calls fn after every commit of this process that changed data, from the goroutine that committed and
// under no lock. fn must not block; what it learns may be coalesced. cancel ends it.
func (s *Store) Subscribe(fn func()) (cancel func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextID
	s.nextID++
	s.watchers[id] = fn
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, id)
	}
}

func (s *Store) notify() {
	s.mu.Lock()
	fns := make([]func(), 0, len(s.watchers))
	for _, fn := range s.watchers {
		fns = append(fns, fn)
	}
	s.mu.Unlock()
	for _, fn := range slices.Clip(fns) {
		fn()
	}
}

// DataVersion returns a number that changes when another process committed. While this process is writing it
// returns the last known number instead of waiting: ask again.
func (s *Store) DataVersion(ctx context.Context) (int64, error) {
	s.version.Lock()
	defer s.version.Unlock()
	select {
	case c, ok := <-s.writer:
		if !ok {
			return 0, ErrClosed
		}
		defer put(s.writer, c)
		c.db.SetInterrupt(ctx)
		version, _, err := c.prepare("PRAGMA data_version").one()
		if err != nil {
			return 0, s.explain(ctx, "look for changes", err)
		}
		s.lastVersion = version
		return version, nil
	default:
		return s.lastVersion, ctx.Err()
	}
}
