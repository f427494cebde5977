package lossexpress

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"claimdeck/sandbox/fault"
)

// triggers are the types that POST /activities/trigger-activity accepts (remote document: Trigger Activities).
func triggers() []string {
	return []string{
		activityMessage, activitySentToLender, activityLetter, activityPayoffData, activityClaimUpdated, activityCall,
		activityDocument, activityCounter, activityPayoffCancel,
	}
}

// testVINs are the VINs that cause an activity when a claim is created with them (remote document: Test VINs).
func testVINs() map[string]string {
	return map[string]string{
		"JHMGE8H35DC074448": activityMessage,
		"JHMGE8H35DC075558": activityPayoffData,
		"JHMGE8H35DC076668": activityClaimUpdated,
		"1GCHC29U62E142306": activityCall,
		"1GCHC29U62E147776": activityDocument,
		"JHMFA36246S006140": activitySentToLender,
		"JN1CV6AP7CM621670": activityLetter,
		"1FAHP3EN7BW114135": activityCounter,
	}
}

// Trigger does what POST /activities/trigger-activity does, without HTTP.
func (s *Server) Trigger(claimID, activityType string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.claimIDs[claimID]
	switch {
	case c == nil:
		return fmt.Errorf("sandbox: no claim %q", claimID)
	case !slices.Contains(triggers(), activityType):
		return fmt.Errorf("sandbox: %q cannot be triggered, only %q", activityType, triggers())
	}
	s.trigger(c, activityType, s.now())
	return nil
}

// trigger makes LossExpress or the lender act; what the act presupposes is created with it.
func (s *Server) trigger(c *claim, activityType string, at time.Time) {
	switch activityType {
	case activityMessage:
		m := pick(s, actionMessages())
		s.say(c, m.category, m.text, true, at)
	case activitySentToLender:
		if len(c.documents) == 0 {
			s.addDocument(c, "settlement breakdown", c.text("adjusterName"), at)
		}
		s.sendToLender(c, c.documents[0], at)
	case activityLetter:
		s.grantLetter(c, at)
	case activityPayoffData:
		q := s.newQuote(c, at, 3+s.rng.IntN(8))
		s.quoteAmount(c, q, at)
		s.quoteRest(c, q, at)
	case activityClaimUpdated:
		number := fault.Encode(c.text("accountNumber") + "1")
		s.updateClaim(c, map[string]json.RawMessage{"accountNumber": number}, true, at)
	case activityCall:
		s.call(c, at)
	case activityDocument:
		s.addDocument(c, "cause of loss", "", at)
	case activityCounter:
		s.counterSettlement(c, pick(s, counterReasons()), at)
	case activityPayoffCancel:
		o := c.pendingOrder(typePayoff)
		if o == nil {
			o = s.requestPayoff(c, at)
		}
		s.cancel(c, o, at)
	}
}
