package lossexpress

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"claimdeck/sandbox/fault"
)

// entry is one activity in the feed.
type entry struct {
	id      string
	claimID string
	kind    string
	at      time.Time
	raw     json.RawMessage
}

// envelope is an activity as it is sent (remote document: Activities).
type envelope struct {
	ActivityID  string          `json:"activityId"`
	CreatedAt   string          `json:"createdAt"`
	ClaimID     string          `json:"claimId"`
	Type        string          `json:"type"`
	ClaimNumber string          `json:"claimNumber"`
	ExternalID  string          `json:"externalId,omitempty"`
	Data        json.RawMessage `json:"data"`
}

// before is the order of the feed.
func before(a, b *entry) int {
	if c := a.at.Compare(b.at); c != 0 {
		return c
	}
	return strings.Compare(a.id, b.id)
}

// Write is one effect that a request really had.
type Write struct {
	Kind    string // see the Wrote constants
	ClaimID string
	Detail  string // an order's type, a document's description, a message, a reason
	At      time.Time
}

// The kinds of effect. An order request with two types has two.
const (
	WroteClaim          = "claim.create"
	WroteUpdate         = "claim.update"
	WroteDocument       = "document.add"
	WroteMessage        = "message.send"
	WroteOrder          = "order.create"
	WroteOrderCancel    = "order.cancel"
	WroteOrderRefresh   = "order.refresh"
	WrotePayoffRequest  = "payoff.request"
	WrotePayoffCancel   = "payoff.cancel"
	WrotePayoffSent     = "payoff.sent"
	WroteLetterRequest  = "letter.request"
	WroteLetterCancel   = "letter.cancel"
	WroteCounterAccept  = "counter.accept"
	WroteCounterDispute = "counter.dispute"
	WroteTrigger        = "activity.trigger"
	WroteWebhook        = "webhook.register"
	WroteWebhookOff     = "webhook.deactivate"
)

// Activity types that more than one place emits.
const (
	activityMessage       = "direct-message-added"
	activityDocument      = "document-added"
	activityCall          = "call-made"
	activityClaimCreated  = "claim-created"
	activityClaimUpdated  = "claim-updated"
	activitySentToLender  = "document-sent-to-lender"
	activityLetter        = "letter-of-guarantee-added"
	activityPayoffData    = "payoff-data-added"
	activityPayoffCancel  = "payoff-request-cancelled"
	activityCounter       = "settlement-counter-added"
	activityStatusChanged = "order-status-changed"
)

// wrote records an effect.
func (s *Server) wrote(kind string, c *claim, detail string, at time.Time) {
	w := Write{Kind: kind, Detail: detail, At: at}
	if c != nil {
		w.ClaimID = c.id
	}
	s.writes = append(s.writes, w)
}

// Writes returns every effect that requests had, in the order in which they had them. What SeedDemo, Live, AddClaim,
// Emit and Trigger do is not among them.
func (s *Server) Writes() []Write {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.writes)
}

// Truth returns every activity of the feed, each once, in the order of createdAt and activityId: what a client must
// end up with.
func (s *Server) Truth() []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]json.RawMessage, 0, len(s.log))
	for _, e := range s.log {
		all = append(all, slices.Clone(e.raw))
	}
	return all
}

// Emit adds one activity now, as it is: nothing else of the claim changes. A claim that does not exist gets an
// activity without a claim number.
func (s *Server) Emit(claimID, activityType string, data any) json.RawMessage {
	return s.EmitAt(s.now(), claimID, activityType, data)
}

// EmitAt is Emit with a given createdAt: an activity that was committed late, or in the millisecond of another one.
func (s *Server) EmitAt(at time.Time, claimID, activityType string, data any) json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.claimIDs[claimID]
	if c == nil {
		c = &claim{id: claimID}
	}
	return slices.Clone(s.append(c, activityType, data, at.UTC().Truncate(time.Millisecond)).raw)
}

// emit adds an activity that the service's own doings cause, and what the switches make of it.
func (s *Server) emit(c *claim, activityType string, data any, at time.Time) {
	s.append(c, activityType, data, at)
	s.emitted++
	if s.emitted%3 == 0 && s.Behaviour().UnknownTypes {
		kind := "title-transfer-updated"
		if s.Behaviour().HostileStrings {
			kind += hostile(s.emitted)
		}
		s.append(c, kind, object{"step": "notarized", "count": s.emitted, "nested": object{"list": []int{1, 2}}}, at)
	}
}

// append puts one activity into the feed and on its way to the webhook.
func (s *Server) append(c *claim, activityType string, data any, at time.Time) *entry {
	b := s.Behaviour()
	if b.ClockGranularity > 0 {
		at = at.Truncate(b.ClockGranularity)
	}
	if data == nil {
		data = object{}
	}
	e := &entry{id: s.id(), claimID: c.id, kind: activityType, at: at}
	number, external := c.number(), c.externalID
	if b.HostileStrings {
		number += hostile(s.emitted + 1)
		if external != "" {
			external += hostile(s.emitted + 2)
		}
	}
	e.raw = fault.Encode(envelope{
		ActivityID: e.id, CreatedAt: stamp(at), ClaimID: c.id, Type: activityType,
		ClaimNumber: number, ExternalID: external, Data: distort(fault.Encode(data), b),
	})
	i, _ := slices.BinarySearchFunc(s.log, e, before)
	s.log = slices.Insert(s.log, i, e)
	s.logIDs[e.id] = e
	c.activities++
	if at.After(c.updatedAt) {
		c.updatedAt = at
	}
	s.hook.offer(e)
	return e
}

// legacy emits a deprecated activity, unless they are switched off.
func (s *Server) legacy(c *claim, activityType string, data any, at time.Time) {
	if !s.Behaviour().DropLegacy {
		s.emit(c, activityType, data, at)
	}
}

// statusChanged emits order-status-changed with the order and all orders of the claim, unless it is switched off.
func (s *Server) statusChanged(c *claim, o *order, at time.Time) {
	if s.Behaviour().DropStatusChanged {
		return
	}
	all := make([]object, 0, len(c.orders))
	for _, each := range c.orders {
		all = append(all, orderObject(each, s.publicAddress))
	}
	s.emit(c, activityStatusChanged, object{"updatedOrder": orderObject(o, s.address), "orders": all}, at)
}

func orderObject(o *order, address func(*document) string) object {
	v := object{"orderId": o.id, "orderType": o.kind, "status": o.status}
	if o.paper != nil {
		v["documentUrl"] = address(o.paper)
	}
	if o.data != nil {
		v["fulfillmentData"] = o.data
	}
	return v
}
