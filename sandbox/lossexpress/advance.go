package lossexpress

import "time"

// move is something that may happen next on a claim, with its weight among the others.
type move struct {
	weight int
	do     func(at time.Time)
}

// advance lets one plausible thing happen on the claim and reports whether there was one.
func (s *Server) advance(c *claim, at time.Time) bool {
	if c.activities >= maxClaimActivities {
		return false
	}
	moves := s.paperMoves(c)
	moves = append(moves, s.payoffMoves(c)...)
	moves = append(moves, s.letterMoves(c)...)
	moves = append(moves, s.orderMoves(c)...)
	moves = append(moves, s.messageMoves(c)...)
	total := 0
	for _, m := range moves {
		total += m.weight
	}
	if total == 0 {
		return false
	}
	n := s.rng.IntN(total)
	for _, m := range moves {
		if n -= m.weight; n < 0 {
			m.do(at)
			break
		}
	}
	return true
}

// paperMoves are what a carrier's colleague uploads, and who the lender is.
func (s *Server) paperMoves(c *claim) (moves []move) {
	by := c.text("adjusterName")
	b := s.Behaviour()
	if !c.ready(b) {
		for _, description := range []string{"settlement breakdown", "valuation report"} {
			if !c.has(description) {
				moves = append(moves, move{6, func(at time.Time) { s.addDocument(c, description, by, at) }})
			}
		}
	}
	if !c.has("police report") && len(c.documents) < 8 {
		moves = append(moves, move{1, func(at time.Time) { s.addDocument(c, "police report", by, at) }})
	}
	if s.lenderOf(c) == nil {
		moves = append(moves, move{4, func(at time.Time) { s.verifyLender(c, at) }})
	}
	return moves
}

// payoffMoves continue the payoff: asked for, worked on, quoted by halves, paid.
func (s *Server) payoffMoves(c *claim) []move {
	o := c.lastOrder(typePayoff)
	switch {
	case o == nil && c.ready(s.Behaviour()):
		return []move{{8, func(at time.Time) { s.requestPayoff(c, at) }}}
	case o == nil || o.status == cancelled:
		return nil
	case o.status == fulfilled:
		if letter := c.lastOrder(typeLetter); !c.paid && letter != nil && letter.status == fulfilled {
			return []move{{2, func(at time.Time) { s.pay(c, s.check(c, at), at) }}}
		}
		return nil
	}
	moves := []move{
		{4, func(at time.Time) { s.call(c, at) }},
		{2, func(at time.Time) { s.view(c, at) }},
		{2, func(at time.Time) { s.chase(c, at) }},
	}
	q := s.newQuote(c, s.now(), s.between(2, 12))
	if c.payoff == nil {
		return append(moves, move{5, func(at time.Time) { s.quoteAmount(c, q, at) }})
	}
	return append(moves, move{9, func(at time.Time) { s.quoteRest(c, s.sameAmount(c, q), at) }})
}

// sameAmount is the quote with the figure that the lender has named already.
func (s *Server) sameAmount(c *claim, q quote) quote {
	if named := payoffAmount(c); !named.IsZero() {
		q.amount = named
	}
	return q
}

// letterMoves continue the letter of guarantee, or bring a counter instead.
func (s *Server) letterMoves(c *claim) []move {
	o := c.lastOrder(typeLetter)
	switch {
	case o == nil && c.ready(s.Behaviour()) && c.lastOrder(typePayoff) != nil:
		return []move{{3, func(at time.Time) { s.requestLetter(c, at) }}}
	case o == nil || o.status != pending:
		return nil
	}
	moves := []move{{2, func(at time.Time) { s.chase(c, at) }}}
	if len(c.documents) > 0 {
		moves = append(moves, move{2, func(at time.Time) { s.sendToLender(c, c.documents[0], at) }})
	}
	if c.openCounter() != nil {
		return moves
	}
	moves = append(moves, move{4, func(at time.Time) { s.grantLetter(c, at) }})
	if len(c.counters) == 0 && s.count(func(c *claim) bool { return c.openCounter() != nil }) < maxOpenCounters {
		moves = append(moves, move{2, func(at time.Time) { s.counterSettlement(c, pick(s, counterReasons()), at) }})
	}
	return moves
}

// orderMoves continue the orders for documents.
func (s *Server) orderMoves(c *claim) (moves []move) {
	for _, o := range c.orders {
		if o.status != pending || needsPapers(o.kind) {
			continue
		}
		moves = append(moves, move{4, func(at time.Time) { s.fulfil(c, o, s.attach(c, o.kind, at), at) }})
		if o.attempts < 4 {
			moves = append(moves,
				move{3, func(at time.Time) { s.attempt(c, o, pick(s, attemptMessages()), at) }},
				move{1, func(at time.Time) { s.followUp(c, o, at.AddDate(0, 0, s.between(1, 4)), at) }})
		}
	}
	kind := pick(s, followUpDocuments())
	if len(c.orders) < 6 && c.lastOrder(kind) == nil && c.lastOrder(typePayoff) != nil {
		moves = append(moves, move{2, func(at time.Time) { s.addOrder(c, kind, at) }})
	}
	return moves
}

// messageMoves are what is asked and answered. A message that waits is answered by a colleague only now and then:
// most are left for the person at the console.
func (s *Server) messageMoves(c *claim) []move {
	if c.unanswered != "" {
		if s.count(waits) < maxOpenMessages {
			return nil
		}
		return []move{{3, func(at time.Time) { s.tell(c, c.text("adjusterName"), pick(s, carrierMessages()), at) }}}
	}
	if c.lastOrder(typePayoff) == nil {
		return nil
	}
	moves := []move{{1, func(at time.Time) {
		m := pick(s, plainMessages())
		s.say(c, m.category, m.text, false, at)
	}}}
	if s.count(waits) < maxOpenMessages {
		moves = append(moves, move{1, func(at time.Time) {
			m := pick(s, actionMessages())
			s.say(c, m.category, m.text, true, at)
		}})
	}
	return moves
}

func waits(c *claim) bool { return c.unanswered != "" }

// count is the number of claims of which something is true.
func (s *Server) count(is func(*claim) bool) int {
	n := 0
	for _, c := range s.claims {
		if is(c) {
			n++
		}
	}
	return n
}
