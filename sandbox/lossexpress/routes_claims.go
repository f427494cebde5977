package lossexpress

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"time"

	"claimdeck/sandbox/fault"
)

func causes() []string {
	return []string{
		"Single-Vehicle Collision", "Multi-Vehicle Collision", "Wind/Hail", "Fire", "Flood", "Vandalism", "Theft", "Other",
	}
}

// sharedClaimRules are the fields that both flavours know, none required.
func sharedClaimRules() []rule {
	return []rule{
		{name: "accountNumber"},
		{name: "adjusterName"},
		{name: "adjusterEmailAddress"},
		{name: "adjusterPhoneNumber"},
		{name: "causeOfLoss", oneOf: causes()},
		{name: "claimNumber"},
		{name: "dateOfLoss", shape: isDate},
		{name: "deductible", shape: isNumber},
		{name: "financeType", oneOf: []string{"Retail", "Lease"}},
		{name: "insurerType", oneOf: []string{"First Party", "Third Party"}},
		{name: "lenderName"},
		{name: "odometer", shape: isNumber},
		{name: "ownersName"},
		{name: "ownersPhoneNumber"},
		{name: "ownersRetained", shape: isBoolean},
		{name: "ownersStreetAddress"},
		{name: "settlementAmount", shape: isNumber},
		{name: "titleRemittanceAddress", shape: isTextOrAddress},
		{name: "vehicleLocation"},
		{name: "vin", length: 17},
	}
}

// updateRules are those of PUT /claims/{claimId} (remote document: Update Claim).
func updateRules(f Flavour) []rule {
	if f == FlavourVendor {
		return append(sharedClaimRules(), rule{name: "lenderId"}, rule{name: "externalId"})
	}
	return sharedClaimRules()
}

// claimRules are those of POST /claims (remote document: Create Claim).
func claimRules(f Flavour) []rule {
	required := []string{
		"accountNumber", "causeOfLoss", "claimNumber", "dateOfLoss", "deductible", "financeType", "insurerType",
		"lenderName", "odometer", "ownersName", "ownersPhoneNumber", "ownersRetained", "ownersStreetAddress",
		"settlementAmount", "titleRemittanceAddress", "vin",
	}
	rules := append(sharedClaimRules(), rule{name: "lenderPhoneNumber"}, rule{name: "lenderAddress", shape: isAddress})
	if f == FlavourVendor {
		required = []string{"carrierId", "claimNumber", "financeType", "vin"}
		rules = append(rules, rule{name: "carrierId"}, rule{name: "lenderId"}, rule{name: "externalId"})
	}
	for i := range rules {
		for _, name := range required {
			rules[i].required = rules[i].required || rules[i].name == name
		}
	}
	return rules
}

// postClaim answers POST /claims. Nothing stops a second claim of the same number: each is billed.
func (s *Server) postClaim(r *request) reply {
	if s.options.Flavour == FlavourVendor && r.body["lenderName"] == nil && r.body["lenderId"] == nil {
		return *invalid(r.b, wrong{
			path: []string{"lenderName"}, message: "lenderName is required", typ: "any", constraint: "required",
		})
	}
	externalID := r.text("externalId")
	for _, name := range []string{"externalId", "lenderPhoneNumber", "lenderAddress"} { // not in the claim object
		delete(r.body, name)
	}
	c := s.openClaim(r.body, externalID, r.now)
	s.wrote(WroteClaim, c, c.number(), r.now)
	if kind := testVINs()[strings.ToUpper(c.text("vin"))]; kind != "" {
		s.timers.add(r.now.Add(r.b.TestVINDelay), func(at time.Time) { s.trigger(c, kind, at) })
		s.timers.run(r.now)
	}
	s.afterClaim(c)
	return withBody(http.StatusCreated, object{"claimId": c.id})
}

// getClaim answers GET /claims/{claimId} (remote document: Fetch Claim).
func (s *Server) getClaim(r *request, c *claim) reply {
	return ok(object{"claim": s.claimObject(c), "requestUrl": s.requestURL(r)})
}

// putClaim answers PUT /claims/{claimId} with the claim object, flat (remote document: Update Claim).
func (s *Server) putClaim(r *request, c *claim) reply {
	if externalID := r.text("externalId"); externalID != "" {
		c.externalID = externalID
		delete(r.body, "externalId")
	}
	changed := make([]string, 0, len(r.body))
	for name := range r.body {
		changed = append(changed, name)
	}
	if s.updateClaim(c, r.body, false, r.now) {
		s.wrote(WroteUpdate, c, strings.Join(changed, ","), r.now)
	}
	return ok(s.claimObject(c))
}

// searchClaims answers GET /claims?vin=&claimNumber= (remote document: Search Claims).
func (s *Server) searchClaims(r *request) reply {
	vin, number := plain(r.query("vin")), plain(r.query("claimNumber"))
	if vin == "" && number == "" {
		return *invalid(r.b, wrong{
			message: "value must contain at least one of [vin, claimNumber]", typ: "object", constraint: "missing",
		})
	}
	found := []object{}
	for _, c := range s.claims {
		byVIN := vin != "" && strings.EqualFold(c.text("vin"), vin)
		byNumber := number != "" && strings.EqualFold(c.number(), number)
		hit := (byVIN || vin == "") && (byNumber || number == "")
		if r.b.SearchEither {
			hit = byVIN || byNumber
		}
		if hit {
			found = append(found, s.searchRow(c, r.b))
		}
	}
	if len(found) == 0 && r.b.SearchEmpty404 {
		return failure(http.StatusNotFound, "No claims found.")
	}
	return ok(object{"claims": found})
}

func (s *Server) searchRow(c *claim, b Behaviour) object {
	full := s.claimObject(c)
	if !b.SearchSummary {
		return full
	}
	row := object{}
	for _, name := range []string{"claimId", "claimNumber", "vin", "createdAt", "updatedAt", "ownersName", "lenderName"} {
		if value, given := full[name]; given {
			row[name] = value
		}
	}
	return row
}

// ClaimSeed is a claim to set up. Zero values get something believable.
type ClaimSeed struct {
	ClaimNumber string
	VIN         string
	LenderName  string
	ExternalID  string
	CreatedAt   time.Time                  // zero: now
	Documents   []string                   // descriptions, uploaded by the carrier
	Fields      map[string]json.RawMessage // replace or add fields of the claim object
}

// AddClaim adds a claim without HTTP, with claim-created and one document-added for each document, and returns its id.
func (s *Server) AddClaim(seed ClaimSeed) (claimID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.now()
	if !seed.CreatedAt.IsZero() {
		at = seed.CreatedAt.UTC().Truncate(time.Millisecond)
	}
	fields := s.inventClaim(at)
	for name, value := range map[string]string{
		"claimNumber": seed.ClaimNumber, "vin": seed.VIN, "lenderName": seed.LenderName,
	} {
		if value != "" {
			fields[name] = fault.Encode(value)
		}
	}
	maps.Copy(fields, seed.Fields)
	c := s.openClaim(fields, seed.ExternalID, at)
	for _, description := range seed.Documents {
		s.addDocument(c, description, c.text("adjusterName"), at)
	}
	return c.id
}
