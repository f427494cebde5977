package lossexpress

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/sandbox/fault"
)

// The effects in this file change the service's state and emit what a client sees of it. They all run with the lock
// held and happen at a given time.

// openClaim creates a claim.
func (s *Server) openClaim(fields map[string]json.RawMessage, externalID string, at time.Time) *claim {
	c := &claim{id: s.id(), externalID: externalID, fields: fields, createdAt: at, updatedAt: at}
	for _, name := range []string{"vin", "claimNumber"} {
		if fields[name] != nil {
			fields[name] = fault.Encode(plain(rawText(fields[name])))
		}
	}
	c.vehicle = decode(c.text("vin"))
	if l := s.lenderOf(c); l != nil {
		fields["lenderId"] = fault.Encode(l.ID)
		if fields["lenderName"] == nil {
			fields["lenderName"] = fault.Encode(l.Name)
		}
	}
	s.claims = append(s.claims, c)
	s.claimIDs[c.id] = c

	data := object{}
	for name, value := range fields {
		if name != "claimNumber" && (name != "accountNumber" || !s.Behaviour().WithholdAccountNumber) {
			data[name] = value
		}
	}
	if kept, given := data["ownersRetained"]; given { // the documents' samples say ownerRetained where they answer
		delete(data, "ownersRetained")
		data["ownerRetained"] = kept
		fields["ownerRetained"] = fields["ownersRetained"]
		delete(fields, "ownersRetained")
	}
	if c.vehicle != nil {
		data["vehicle"] = c.vehicle
	}
	s.emit(c, activityClaimCreated, data, at)
	return c
}

// updateClaim changes fields; those that are as before do not count.
func (s *Server) updateClaim(c *claim, changes map[string]json.RawMessage, byLossExpress bool, at time.Time) bool {
	update, previous := object{}, object{}
	for name, value := range changes {
		stored := name
		if name == "ownersRetained" {
			stored = "ownerRetained"
		}
		if string(c.fields[stored]) == string(value) {
			continue
		}
		update[stored] = value
		if old := c.fields[stored]; old != nil {
			previous[stored] = old
		}
		c.fields[stored] = value
		if name == "vin" {
			c.vehicle = decode(rawText(value))
		}
	}
	if _, changed := update["lenderName"]; changed {
		delete(c.fields, "lenderId")
		if l := s.lenderOf(c); l != nil {
			c.fields["lenderId"] = fault.Encode(l.ID)
		}
	}
	if len(update) == 0 {
		return false
	}
	c.updatedAt = at
	s.emit(c, activityClaimUpdated, object{
		"update": update, "previous": previous, "updatedByLossExpress": byLossExpress,
	}, at)
	return true
}

// say adds a message of LossExpress.
func (s *Server) say(c *claim, category, message string, actionRequired bool, at time.Time) {
	if actionRequired {
		c.unanswered = message
	}
	s.emit(c, activityMessage, object{
		"sentByLossExpress": true, "message": message, "category": category, "actionRequired": actionRequired,
	}, at)
}

// tell adds a message of a carrier user.
func (s *Server) tell(c *claim, by, message string, at time.Time) {
	c.unanswered = ""
	s.emit(c, activityMessage, object{
		"sentByLossExpress": false, "message": message, "sentBy": by, "actionRequired": false,
	}, at)
}

// attach stores a document without saying so.
func (s *Server) attach(c *claim, description string, at time.Time) *document {
	d := &document{id: s.id(), claimID: c.id, description: description, createdAt: at}
	s.papers[d.id] = d
	c.documents = append(c.documents, d)
	return d
}

// fulfilsOrders are the documents that fulfil an order instead of being announced (remote document: document-added).
func fulfilsOrders(description string) bool {
	switch strings.ToLower(plain(description)) {
	case "loan payoff document", "letter of guarantee", "copy of title", "lien release letter", "installment contract",
		"bill of sale", "payment history", "repo affidavit", "one and the same letter",
		"settlement dispute (counter-offer)":
		return true
	}
	return false
}

// addDocument stores a document: of a carrier user, or of LossExpress when by is empty.
func (s *Server) addDocument(c *claim, description, by string, at time.Time) *document {
	d := s.attach(c, description, at)
	if fulfilsOrders(description) {
		for _, o := range c.orders {
			if o.status == pending && strings.EqualFold(o.kind, plain(description)) {
				s.fulfil(c, o, d, at)
				break
			}
		}
		return d
	}
	data := object{
		"type": description, "documentUrl": s.address(d), "sentByLossExpress": by == "", "sentBy": nil,
	}
	if by != "" {
		data["sentBy"] = by
	}
	s.emit(c, activityDocument, data, at)
	return d
}

// sendToLender tells that a document went to the lender.
func (s *Server) sendToLender(c *claim, d *document, at time.Time) {
	s.emit(c, activitySentToLender, object{"documentUrl": s.address(d)}, at)
}

// placeOrder adds a pending order without saying so.
func (s *Server) placeOrder(c *claim, kind string) *order {
	o := &order{id: s.id(), kind: kind, status: pending}
	c.orders = append(c.orders, o)
	return o
}

// addOrder adds a pending order.
func (s *Server) addOrder(c *claim, kind string, at time.Time) *order {
	o := s.placeOrder(c, kind)
	s.emit(c, "order-created", object{"orderId": o.id, "orderType": kind}, at)
	return o
}

// attempt tells that LossExpress tried to fulfil an order in vain.
func (s *Server) attempt(c *claim, o *order, message string, at time.Time) {
	o.attempts++
	s.emit(c, "order-attempted", object{
		"type": o.kind, "message": message, "count": o.attempts, "orderId": o.id,
	}, at)
}

// followUp tells when LossExpress tries again.
func (s *Server) followUp(c *claim, o *order, date, at time.Time) {
	s.emit(c, "order-updated", object{"orderId": o.id, "nextFollowupDate": date.Format(time.DateOnly)}, at)
}

// cancel ends a pending order, with the deprecated activity of its type.
func (s *Server) cancel(c *claim, o *order, at time.Time) {
	o.status = cancelled
	switch o.kind {
	case typePayoff:
		s.legacy(c, activityPayoffCancel, object{}, at)
	case typeLetter:
		s.legacy(c, "letter-of-guarantee-request-cancelled", object{}, at)
	default:
		s.legacy(c, "order-cancelled", object{"orderId": o.id}, at)
	}
	s.statusChanged(c, o, at)
}

// fulfil ends an order of the general kind with a document, or without one.
func (s *Server) fulfil(c *claim, o *order, d *document, at time.Time) {
	o.status, o.paper = fulfilled, d
	data := object{"orderId": o.id, "orderType": o.kind}
	if d != nil {
		data["documentUrl"] = s.address(d)
	}
	s.legacy(c, "order-fulfilled", data, at)
	s.statusChanged(c, o, at)
}

// requestPayoff creates the payoff request.
func (s *Server) requestPayoff(c *claim, at time.Time) *order {
	o := s.placeOrder(c, typePayoff)
	s.emit(c, "payoff-request-created", object{}, at)
	return o
}

// requestLetter creates the letter of guarantee request; the estimate is nil where the switches hold it back.
func (s *Server) requestLetter(c *claim, at time.Time) (estimate *time.Time) {
	s.placeOrder(c, typeLetter)
	c.letter = &letter{createdAt: at, updatedAt: at}
	data := object{}
	if s.Behaviour().LetterEstimate == EstimateGiven {
		t := at.Add(time.Duration(3+s.rng.IntN(5)) * 24 * time.Hour)
		estimate = &t
		data["estimatedResponseTime"] = stamp(t)
	}
	s.emit(c, "letter-of-guarantee-request-created", data, at)
	return estimate
}

// grantLetter attaches the letter of guarantee. One that nobody asked for gets its request on the spot.
func (s *Server) grantLetter(c *claim, at time.Time) {
	o := c.pendingOrder(typeLetter)
	if o == nil {
		s.requestLetter(c, at)
		o = c.pendingOrder(typeLetter)
	}
	d := s.attach(c, typeLetter, at)
	o.status, o.paper = fulfilled, d
	if c.letter == nil {
		c.letter = &letter{createdAt: at}
	}
	c.letter.updatedAt, c.letter.paper = at, d
	s.legacy(c, activityLetter, object{"documentUrl": s.address(d)}, at)
	s.statusChanged(c, o, at)
}

// quote is a lender's payoff figures.
type quote struct {
	amount, perDiem decimal.Decimal
	validThrough    time.Time // a date, at midnight UTC
}

// addPayoff merges payoff data and tells what is new of it.
func (s *Server) addPayoff(c *claim, data object, at time.Time) {
	if c.payoff == nil {
		c.payoff = &payoff{createdAt: at, data: object{}}
	}
	c.payoff.updatedAt = at
	for name, value := range data {
		if name != "documentUrl" {
			c.payoff.data[name] = value
		}
	}
	s.legacy(c, activityPayoffData, data, at)
}

// quoteAmount is the first half of an answer to a payoff request: the figure alone, as a lender says it on the phone.
func (s *Server) quoteAmount(c *claim, q quote, at time.Time) {
	s.addPayoff(c, object{"payoffAmount": amount(q.amount)}, at)
}

// quoteRest is the second half: per diem, date, addresses and the letter. It fulfils the request, or creates one
// where none was pending.
func (s *Server) quoteRest(c *claim, q quote, at time.Time) {
	o := c.pendingOrder(typePayoff)
	if o == nil {
		o = s.requestPayoff(c, at)
	}
	d := s.attach(c, "Loan Payoff Document", at)
	rest := object{
		"perDiem": amount(q.perDiem), "validThroughDate": stamp(q.validThrough), "documentUrl": s.address(d),
	}
	if l := s.lenderOf(c); l != nil {
		rest["remittanceInformation"] = l.remittance()
	}
	s.addPayoff(c, rest, at)
	o.status, o.paper, o.data = fulfilled, d, object{"payoffAmount": amount(q.amount)}
	for _, name := range []string{"perDiem", "validThroughDate", "remittanceInformation"} {
		if value, given := rest[name]; given {
			o.data[name] = value
		}
	}
	s.statusChanged(c, o, at)
}

// counterSettlement lets the lender counter the settlement.
func (s *Server) counterSettlement(c *claim, description string, at time.Time) {
	c.counters = append(c.counters, &counter{description: description})
	d := s.attach(c, "Settlement Dispute (Counter-Offer)", at)
	s.emit(c, activityCounter, object{"description": description, "documentUrl": s.address(d)}, at)
}

// disputeCounter answers the last counter with a reason.
func (s *Server) disputeCounter(c *claim, reason string, at time.Time) {
	c.counters[len(c.counters)-1].answered = true
	s.emit(c, "settlement-counter-updated", object{"disputed": true, "reasonForDispute": reason}, at)
}

// acceptCounter answers the last counter with a new settlement breakdown.
func (s *Server) acceptCounter(c *claim, at time.Time) {
	c.counters[len(c.counters)-1].answered = true
	d := s.attach(c, "settlement breakdown", at)
	s.emit(c, "settlement-counter-updated", object{"disputed": false, "documentUrl": s.address(d)}, at)
}

// raiseSettlement raises the settlement amount as an accepted counter does.
func (s *Server) raiseSettlement(c *claim, byLossExpress bool, at time.Time) {
	raised := c.money("settlementAmount").Mul(decimal.New(103, -2)).Round(2)
	s.updateClaim(c, map[string]json.RawMessage{"settlementAmount": fault.Encode(amount(raised))}, byLossExpress, at)
}

// pay tells that the payoff was paid.
func (s *Server) pay(c *claim, data object, at time.Time) {
	c.paid = true
	s.emit(c, "payment-sent", data, at)
}
