package lossexpress

import (
	"context"
	"time"
)

// The bounds that keep a demonstration from growing absurd, however long it stays open.
const (
	maxClaims          = 120 // no new claims beyond
	maxClaimActivities = 70  // a claim with as many only reacts to a person
	maxOpenMessages    = 9   // claims that wait for an answer at once
	maxOpenCounters    = 8
)

// Live is the generator: at every pace it lets one or two believable things happen, until ctx ends or wait fails. It
// continues the stories of the claims (orders are attempted and fulfilled, payoffs are quoted in parts, counters and
// messages arrive and are answered), answers what a person did through the API after a short while, and opens a new
// claim now and then. A nil pace is one of 4 to 12 seconds, a nil wait the one of Options.
func (s *Server) Live(ctx context.Context, pace func() time.Duration, wait func(context.Context, time.Duration) error) {
	if wait == nil {
		wait = s.service.Wait
	}
	if pace == nil {
		pace = s.humanPace
	}
	s.setAlive(true)
	defer s.setAlive(false)
	for wait(ctx, pace()) == nil && ctx.Err() == nil {
		s.tick()
	}
}

func (s *Server) humanPace() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.span(4*time.Second, 12*time.Second)
}

func (s *Server) setAlive(alive bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alive = alive
	if !alive {
		s.replies = agenda{}
	}
}

// tick lets time pass: what a person waits for comes before what just happens.
func (s *Server) tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.timers.run(now)
	if s.replies.runOne(now) {
		return
	}
	if len(s.claims) < maxClaims && s.chance(4) {
		s.newcomer(now)
		return
	}
	// A few tries: not every claim has something to tell.
	for range 12 {
		if len(s.claims) > 0 && s.advance(pick(s, s.claims), now) {
			return
		}
	}
}

// newcomer opens a claim as a colleague would.
func (s *Server) newcomer(at time.Time) {
	c := s.openClaim(s.inventClaim(at), "", at)
	by := c.text("adjusterName")
	s.later(8, 20, func(at time.Time) { s.addDocument(c, "settlement breakdown", by, at) })
	s.later(21, 30, func(at time.Time) { s.addDocument(c, "valuation report", by, at) })
	s.later(35, 60, func(at time.Time) {
		if c.lastOrder(typePayoff) == nil && c.ready(s.Behaviour()) {
			s.requestPayoff(c, at)
		}
	})
}

// later puts an answer on the agenda, some seconds from now, while the generator runs.
func (s *Server) later(low, high int, do func(at time.Time)) {
	if s.alive {
		s.replies.add(s.now().Add(s.span(time.Duration(low)*time.Second, time.Duration(high)*time.Second)), do)
	}
}

// afterClaim answers a claim that a person created.
func (s *Server) afterClaim(c *claim) {
	s.later(15, 40, func(at time.Time) { s.view(c, at) })
	if s.lenderOf(c) == nil {
		s.later(40, 90, func(at time.Time) {
			if s.lenderOf(c) == nil {
				s.verifyLender(c, at)
			}
		})
	}
}

// afterOrder answers an order that a person placed: contact, perhaps a failed attempt, then the result.
func (s *Server) afterOrder(c *claim, o *order) {
	still := func(do func(at time.Time)) func(time.Time) {
		return func(at time.Time) {
			if o.status == pending {
				do(at)
			}
		}
	}
	switch o.kind {
	case typePayoff:
		q := s.newQuote(c, s.now(), s.between(4, 12))
		s.later(8, 16, still(func(at time.Time) { s.call(c, at) }))
		s.later(20, 35, still(func(at time.Time) { s.quoteAmount(c, q, at) }))
		s.later(45, 75, still(func(at time.Time) { s.quoteRest(c, q, at) }))
	case typeLetter:
		s.later(8, 16, still(func(at time.Time) { s.sendToLender(c, c.documents[0], at) }))
		s.later(25, 40, still(func(at time.Time) { s.chase(c, at) }))
		s.later(60, 110, still(func(at time.Time) { s.grantLetter(c, at) }))
	default:
		s.later(10, 25, still(func(at time.Time) { s.attempt(c, o, pick(s, attemptMessages()), at) }))
		s.later(45, 100, still(func(at time.Time) { s.fulfil(c, o, s.attach(c, o.kind, at), at) }))
	}
}

// afterCounter answers a disputed or accepted counter.
func (s *Server) afterCounter(c *claim, disputed bool) {
	s.later(15, 45, func(at time.Time) {
		answers := answersToAccept()
		if disputed {
			answers = answersToDispute()
		}
		m := pick(s, answers)
		s.say(c, m.category, m.text, false, at)
	})
}

// afterMessage answers a message of a person.
func (s *Server) afterMessage(c *claim) {
	s.later(12, 40, func(at time.Time) {
		m := pick(s, answersToCarrier())
		s.say(c, m.category, m.text, false, at)
	})
}
