package lossexpress

import (
	"encoding/json"
	"net/http"

	"claimdeck/sandbox/fault"
)

func messageRules(Flavour) []rule { return []rule{{name: "message", required: true}} }

// postMessage answers POST /claims/{claimId}/direct-messages (remote document: Create Direct Message).
func (s *Server) postMessage(r *request, c *claim) reply {
	message := r.text("message")
	s.tell(c, "API User", message, r.now)
	s.wrote(WroteMessage, c, message, r.now)
	s.afterMessage(c)
	return ok(object{"claimId": c.id, "message": message})
}

func paymentRules(Flavour) []rule {
	return []rule{
		{name: "sentTo", shape: isAddress},
		{name: "trackingNumber"},
		{name: "sentVia"},
		{name: "sentAt", shape: isDate, required: true},
		{name: "checkAmount", shape: isNumber, required: true},
	}
}

// postPayment answers POST /claims/{claimId}/payoff-sent (remote document: Acknowledge Payment Sent).
func (s *Server) postPayment(r *request, c *claim) reply {
	whole := rule{name: "checkAmount", shape: isInteger}
	if w := whole.check(r.body["checkAmount"]); w != nil && !r.b.DecimalCheckAmount {
		return *invalid(r.b, *w)
	}
	data := object{}
	for name, value := range r.body {
		data[name] = value
	}
	if at, err := parseTime(r.text("sentAt")); err == nil {
		data["sentAt"] = stamp(at)
	}
	s.pay(c, data, r.now)
	s.wrote(WrotePayoffSent, c, string(r.body["checkAmount"]), r.now)
	return ok(object{"claimId": c.id, "success": true})
}

func counterRules(Flavour) []rule {
	return []rule{
		{name: "dispute", shape: isBoolean, required: true},
		{name: "settlementBreakdown"},
		{name: "reasonForDispute"},
	}
}

// postCounter answers POST /claims/{claimId}/settlement-counter (remote document: Accept or Dispute Counter).
func (s *Server) postCounter(r *request, c *claim) reply {
	dispute := string(r.body["dispute"]) == "true"
	needed := "settlementBreakdown"
	if dispute {
		needed = "reasonForDispute"
	}
	if r.body[needed] == nil {
		return *invalid(r.b, *rule{name: needed}.fault("is required", "any", "required"))
	}
	if !dispute {
		if w := checkFile("settlementBreakdown", r.text("settlementBreakdown")); w != nil {
			return *invalid(r.b, *w)
		}
	}
	if len(c.counters) == 0 {
		return failure(http.StatusNotFound, textNoCounter)
	}
	if dispute {
		reason := r.text("reasonForDispute")
		s.disputeCounter(c, reason, r.now)
		s.wrote(WroteCounterDispute, c, reason, r.now)
	} else {
		s.acceptCounter(c, r.now)
		s.wrote(WroteCounterAccept, c, "", r.now)
		if r.b.CounterChangesSettlement {
			s.raiseSettlement(c, false, r.now)
		}
	}
	s.afterCounter(c, dispute)
	return ok(object{"claimId": c.id, "success": true})
}

// postTrigger answers POST /activities/trigger-activity/{claimId} (remote document: Trigger Activities).
func (s *Server) postTrigger(r *request, c *claim) reply {
	kind := r.query("activityType")
	w := rule{name: "activityType", required: true, oneOf: triggers()}
	values := map[string]json.RawMessage{}
	if kind != "" {
		values["activityType"] = fault.Encode(kind)
	}
	if found := validate(values, []rule{w}, r.b); len(found) > 0 {
		return *invalid(r.b, found...)
	}
	s.trigger(c, kind, r.now)
	s.wrote(WroteTrigger, c, kind, r.now)
	return ok(object{"claimId": c.id, "success": true})
}
