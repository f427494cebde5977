package lossexpress

import (
	"slices"
	"time"

	"claimdeck/sandbox/fault"
)

const (
	demoClaims  = 60
	demoHistory = 10 * 24 * time.Hour
)

// tale is the story of one seeded claim: beats one after the other, the first of which happens some time after the
// claim was created.
type tale struct {
	s      *Server
	c      *claim // there once the tale is told
	now    time.Time
	fields object // of the claim, instead of invented ones
	beats  []beat
	quiet  time.Duration // since the last beat
	start  time.Time
}

type beat struct {
	gap time.Duration // since the beat before
	do  func(at time.Time)
}

// then adds a beat some minutes after the one before.
func (t *tale) then(low, high int, do func(at time.Time)) {
	gap := t.s.span(time.Duration(low)*time.Minute, time.Duration(high)*time.Minute)
	t.beats = append(t.beats, beat{gap, do})
}

// SeedDemo fills the service with 60 believable claims and their history over the last ten days: every documented
// activity type, lenders of all kinds, open counters, quotes that are about to expire or have, messages that wait for
// an answer, orders that failed, letters and payments. It is the same for the same seed and clock.
func (s *Server) SeedDemo() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	plots := plots()
	tales := make([]*tale, 0, demoClaims)
	for i := range demoClaims {
		t := &tale{s: s, now: now, quiet: s.silence()}
		plots[i%len(plots)](t)
		t.schedule()
		tales = append(tales, t)
	}
	slices.SortStableFunc(tales, func(a, b *tale) int { return a.start.Compare(b.start) })
	for _, t := range tales {
		t.tell()
	}
}

// silence is how long nothing has happened on a claim: half of them moved within the last hours.
func (s *Server) silence() time.Duration {
	switch n := s.rng.IntN(10); {
	case n < 5:
		return s.span(40*time.Second, 6*time.Hour)
	case n < 8:
		return s.span(6*time.Hour, 24*time.Hour)
	default:
		return s.span(24*time.Hour, 4*24*time.Hour)
	}
}

// span is a duration between the two, in milliseconds.
func (s *Server) span(low, high time.Duration) time.Duration {
	return time.Duration(s.between(int(low/time.Millisecond), int(high/time.Millisecond))) * time.Millisecond
}

// schedule fits the tale into the history: some go faster than others; all end the silence before now and start
// within ten days.
func (t *tale) schedule() {
	tempo := t.s.between(100, 340)
	var length time.Duration
	for i := range t.beats {
		t.beats[i].gap = t.beats[i].gap * time.Duration(tempo) / 100
		length += t.beats[i].gap
	}
	if room := demoHistory - t.quiet - time.Hour; length > room {
		for i := range t.beats {
			t.beats[i].gap = time.Duration(float64(t.beats[i].gap) * float64(room) / float64(length))
		}
		length = room
	}
	t.start = t.now.Add(-t.quiet - length).Truncate(time.Millisecond)
}

// tell creates the claim and lets everything happen.
func (t *tale) tell() {
	fields := t.s.inventClaim(t.start)
	for name, value := range t.fields {
		fields[name] = fault.Encode(value)
	}
	t.c = t.s.openClaim(fields, "", t.start)
	at := t.start
	for _, b := range t.beats {
		at = at.Add(b.gap).Truncate(time.Millisecond)
		b.do(at)
	}
}
