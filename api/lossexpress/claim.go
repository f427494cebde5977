package lossexpress

import (
	"encoding/json"
	"time"
)

// Claim is the claim object. Any part may be absent: strings empty, numbers and flags nil, times zero. Enumerations are
// open. It holds no orders, counters or messages: those are in the feed only.
type Claim struct {
	ClaimID     string
	ClaimNumber string
	ExternalID  string // vendor accounts only
	CarrierID   string // vendor accounts only
	CreatedAt   time.Time
	UpdatedAt   time.Time // not fit for finding changes: use the feed

	VIN             string
	Vehicle         *Vehicle
	Odometer        *Number // miles
	VehicleLocation string  // if not at the title remittance address
	CauseOfLoss     string  // "Fire", "Flood" ...
	DateOfLoss      string  // YYYY-MM-DD

	AccountNumber    string // sensitive
	FinanceType      string // "Retail", "Lease"
	InsurerType      string // "First Party", "Third Party"
	LenderName       string
	LenderID         string // empty: not in the service's database
	Deductible       *Money
	SettlementAmount *Money

	AdjusterName         string
	AdjusterEmailAddress string
	AdjusterPhoneNumber  string // E.164
	OwnersName           string
	OwnersPhoneNumber    string // E.164
	OwnersStreetAddress  string // one line
	// OwnersRetained: the owner keeps the vehicle. The documents write it ownerRetained in samples and ownersRetained in
	// tables: both are read, the second is written.
	OwnersRetained         *bool
	TitleRemittanceAddress Address // a line in the carrier document, a line or an object in the vendor's

	Documents                []Document
	LetterOfGuaranteeRequest *GuaranteeRequest // has no status: the feed tells
	PayoffData               *PayoffData

	Extra map[string]json.RawMessage // keys not known, and known ones of a shape not known
	Raw   json.RawMessage            // the object exactly as sent; not written by MarshalJSON
}

// Vehicle is what the VIN decoded to.
type Vehicle struct {
	Make, Model string
	Year        int
	Extra       map[string]json.RawMessage
}

// Document is one document of a claim.
type Document struct {
	CreatedAt, UpdatedAt time.Time
	DocumentURL          string // may name another host: fetch with Client.Document
	Type                 string // "settlement breakdown" ...; case does not matter
	Extra                map[string]json.RawMessage
}

// GuaranteeRequest is the request for a letter of guarantee.
type GuaranteeRequest struct {
	CreatedAt, UpdatedAt time.Time
	DocumentURL          string // of the letter; empty until it arrived
	Extra                map[string]json.RawMessage
}

// PayoffData is the lender's payoff quote. Any part may be missing.
type PayoffData struct {
	CreatedAt, UpdatedAt time.Time
	PayoffAmount         *Money
	PerDiem              *Money // interest per day; may have more than two decimals
	// ValidThroughDate is as sent: a timestamp at midnight UTC that means a date. Its first ten characters are the last
	// day on which the amount is right; it must not be moved to a local time zone first.
	ValidThroughDate string
	Remittance       *RemittanceInformation
	Extra            map[string]json.RawMessage
}

// RemittanceInformation says where a payoff check goes.
type RemittanceInformation struct {
	Standard  *Remittance // a PO box, as a rule
	Overnight *Remittance // a street address
	Extra     map[string]json.RawMessage
}

// Remittance is one payee with its address.
type Remittance struct {
	MakeCheckPayableTo string
	Attn               string
	Address
}

// UnmarshalJSON reads a claim object, whatever is missing in it.
func (c *Claim) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	*c = Claim{Raw: append(json.RawMessage(nil), raw...)}
	for key, field := range c.strings() {
		*field = take(o, key, asString)
	}
	c.CreatedAt, c.UpdatedAt = take(o, "createdAt", asTime), take(o, "updatedAt", asTime)
	c.Odometer = take(o, "odometer", asNumber)
	c.Deductible = take(o, "deductible", asNumber)
	c.SettlementAmount = take(o, "settlementAmount", asNumber)
	c.OwnersRetained = take(o, "ownersRetained", asBool)
	if other := take(o, "ownerRetained", asBool); c.OwnersRetained == nil {
		c.OwnersRetained = other
	}
	if a := take(o, "titleRemittanceAddress", asAddress); a != nil {
		c.TitleRemittanceAddress = *a
	}
	c.Vehicle = take(o, "vehicle", asPart[Vehicle])
	c.Documents = take(o, "documents", asParts[Document])
	c.LetterOfGuaranteeRequest = take(o, "letterOfGuaranteeRequest", asPart[GuaranteeRequest])
	c.PayoffData = take(o, "payoffData", asPart[PayoffData])
	c.Extra = o.extra()
	return nil
}

// MarshalJSON writes the claim object with the keys of Extra.
func (c Claim) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	for key, field := range c.strings() {
		put(m, key, *field)
	}
	putTime(m, "createdAt", c.CreatedAt)
	putTime(m, "updatedAt", c.UpdatedAt)
	put(m, "odometer", c.Odometer)
	put(m, "deductible", c.Deductible)
	put(m, "settlementAmount", c.SettlementAmount)
	put(m, "ownersRetained", c.OwnersRetained)
	if !c.TitleRemittanceAddress.IsZero() {
		m["titleRemittanceAddress"] = c.TitleRemittanceAddress
	}
	put(m, "vehicle", c.Vehicle)
	if c.Documents != nil {
		m["documents"] = c.Documents
	}
	put(m, "letterOfGuaranteeRequest", c.LetterOfGuaranteeRequest)
	put(m, "payoffData", c.PayoffData)
	return encode(m, c.Extra)
}

// strings are the fields that are plain text, by key.
func (c *Claim) strings() map[string]*string {
	return map[string]*string{
		"claimId": &c.ClaimID, "claimNumber": &c.ClaimNumber, "externalId": &c.ExternalID, "carrierId": &c.CarrierID,
		"vin": &c.VIN, "vehicleLocation": &c.VehicleLocation, "causeOfLoss": &c.CauseOfLoss, "dateOfLoss": &c.DateOfLoss,
		"accountNumber": &c.AccountNumber, "financeType": &c.FinanceType, "insurerType": &c.InsurerType,
		"lenderName": &c.LenderName, "lenderId": &c.LenderID,
		"adjusterName": &c.AdjusterName, "adjusterEmailAddress": &c.AdjusterEmailAddress,
		"adjusterPhoneNumber": &c.AdjusterPhoneNumber, "ownersName": &c.OwnersName,
		"ownersPhoneNumber": &c.OwnersPhoneNumber, "ownersStreetAddress": &c.OwnersStreetAddress,
	}
}
