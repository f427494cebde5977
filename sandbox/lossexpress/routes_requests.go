package lossexpress

import (
	"net/http"
	"time"
)

// requestKind is one of the two orders with routes of their own.
type requestKind struct {
	path            string // below the claim
	order           string // the order type
	missing         string // the text of 404
	created, ended  string // the kinds of Write
	turnaroundGiven bool   // the answer has a turnAroundTimeEstimate
}

// The requests (remote documents: Payoff Requests; Letter of Guarantee Requests).
var (
	payoffRequest = requestKind{
		path: "payoff-request", order: typePayoff, missing: textNoPayoff,
		created: WrotePayoffRequest, ended: WrotePayoffCancel,
	}
	letterRequest = requestKind{
		path: "letter-of-guarantee-request", order: typeLetter, missing: textNoLetter,
		created: WroteLetterRequest, ended: WroteLetterCancel, turnaroundGiven: true,
	}
)

// createRequest answers POST of the request.
func createRequest(kind requestKind) func(*Server, *request, *claim) reply {
	return func(s *Server, r *request, c *claim) reply {
		if !c.ready(r.b) {
			return failure(http.StatusBadRequest, textMissingPapers)
		}
		if c.pendingOrder(kind.order) != nil {
			if r.b.RefuseSecondRequest {
				return failure(http.StatusBadRequest, "A "+kind.order+" is already pending for this claim.")
			}
			return ok(kind.answer(r.b, c, nil))
		}
		return s.createNow(kind, r, c)
	}
}

func (s *Server) createNow(kind requestKind, r *request, c *claim) reply {
	var estimate *time.Time
	if kind.order == typePayoff {
		s.requestPayoff(c, r.now)
	} else {
		estimate = s.requestLetter(c, r.now)
	}
	s.wrote(kind.created, c, "", r.now)
	s.afterOrder(c, c.pendingOrder(kind.order))
	return ok(kind.answer(r.b, c, estimate))
}

// answer is the body of a created request.
func (k requestKind) answer(b Behaviour, c *claim, estimate *time.Time) object {
	o := object{"claimId": c.id}
	if !k.turnaroundGiven {
		return o
	}
	switch {
	case estimate != nil:
		o["turnAroundTimeEstimate"] = stamp(*estimate)
	case b.LetterEstimate != EstimateAbsent:
		o["turnAroundTimeEstimate"] = nil
	}
	return o
}

// cancelRequest answers DELETE of the request: 404 if there never was one, success also for one that has ended.
func cancelRequest(kind requestKind) func(*Server, *request, *claim) reply {
	return func(s *Server, r *request, c *claim) reply {
		if c.lastOrder(kind.order) == nil {
			return failure(http.StatusNotFound, kind.missing)
		}
		if o := c.pendingOrder(kind.order); o != nil {
			s.cancel(c, o, r.now)
			s.wrote(kind.ended, c, "", r.now)
		}
		return ok(object{"claimId": c.id, "success": true})
	}
}

// refreshRequest answers POST …/refresh (remote document: Vendor API), deprecated there for the refresh of orders.
func refreshRequest(kind requestKind) func(*Server, *request, *claim) reply {
	return func(s *Server, r *request, c *claim) reply {
		last := c.lastOrder(kind.order)
		switch {
		case last == nil:
			return failure(http.StatusNotFound, kind.missing)
		case !c.ready(r.b):
			return failure(http.StatusBadRequest, textMissingPapers)
		case last.status == pending:
			return ok(kind.answer(r.b, c, nil))
		}
		return s.createNow(kind, r, c)
	}
}
