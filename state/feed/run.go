package feed

import (
	"context"
	"time"
)

const (
	// tick bounds one wait, so that the end of a sleep of the computer is noticed soon: timers stand still in it.
	tick = 5 * time.Second
	// jump is how much longer than asked a wait must take on the wall to be a sleep of the computer.
	jump = 30 * time.Second
)

// Run polls until ctx ends, whatever happens to the network, the token, the service or the store, and returns why
// ctx ended. While another process is the poller, or a person paused it, it only waits.
func (s *Syncer) Run(ctx context.Context) error {
	var release func()
	drop := func() {
		if release != nil {
			release()
			release = nil
		}
	}
	defer drop()
	for ctx.Err() == nil {
		if s.isPaused() {
			drop()
			s.enter(Paused)
			s.rest(ctx)
			continue
		}
		if release == nil {
			var ok bool
			if release, ok = s.o.Lead(); !ok {
				release = nil
				s.stand()
				s.rest(ctx)
				continue
			}
			if s.Status().Phase != Starting {
				s.enter(CatchingUp)
			}
		}
		if _, err := s.Once(ctx); err != nil && ctx.Err() != nil {
			break
		}
		s.rest(ctx)
	}
	return ctx.Err()
}

func (s *Syncer) stand() {
	s.enter(Standby)
	s.mu.Lock()
	s.ended = s.o.Now()
	s.mu.Unlock()
}

// rest waits until the next poll is due. What it is due by may change meanwhile.
func (s *Syncer) rest(ctx context.Context) {
	for ctx.Err() == nil {
		waiting, cancel := context.WithCancel(ctx)
		s.mu.Lock()
		s.wake = cancel
		left := elapsed(s.o.Now(), s.next())
		if s.paused && s.status.Phase == Paused {
			left = tick
		} else if s.paused || left <= 0 {
			s.forced = false
			s.mu.Unlock()
			cancel()
			return
		}
		s.mu.Unlock()
		left = min(left, tick)
		before := s.o.Now()
		err := s.o.Wait(waiting, left)
		cancel()
		if err == nil && elapsed(before, s.o.Now()) > left+jump {
			s.woke()
			return
		}
	}
}

// next is when the next poll is due. Called with mu held.
func (s *Syncer) next() time.Time {
	at := s.ended
	switch now := s.o.Now(); {
	case s.forced:
	case s.failures > 0 && s.status.Phase != Standby:
		at = at.Add(s.delay)
	case now.Before(s.hurry):
		at = at.Add(s.o.Pace.Fast)
	case s.idle:
		at = at.Add(s.o.Pace.Idle)
	default:
		at = at.Add(s.o.Pace.Normal)
	}
	if at.Before(s.refuses) {
		return s.refuses
	}
	return at
}

// woke notes that the computer slept: what failed before means nothing now. That a sweep is due tells the wall.
func (s *Syncer) woke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures, s.delay = 0, 0
}

func (s *Syncer) isPaused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paused
}

// Poke polls at once, except while the service asked not to be called.
func (s *Syncer) Poke() { s.stir(func() { s.forced = true }) }

// Hurry polls fast for a while: a person acts, or waits for a confirmation.
func (s *Syncer) Hurry(d time.Duration) {
	s.stir(func() {
		if until := s.o.Now().Add(d); until.After(s.hurry) {
			s.hurry = until
		}
	})
}

// SetIdle says whether nobody looks: polls are then rarer.
func (s *Syncer) SetIdle(idle bool) { s.stir(func() { s.idle = idle }) }

// Pause stops polling after the walk under way, and lets another process be the poller.
func (s *Syncer) Pause() { s.stir(func() { s.paused = true }) }

// Resume polls again, at once.
func (s *Syncer) Resume() {
	s.stir(func() {
		s.forced = s.forced || s.paused
		s.paused = false
	})
}

// stir changes what the wait depends on, and ends the wait under way so that it is reckoned again.
func (s *Syncer) stir(change func()) {
	s.mu.Lock()
	change()
	wake := s.wake
	s.mu.Unlock()
	if wake != nil {
		wake()
	}
}
