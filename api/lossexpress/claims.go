package lossexpress

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"claimdeck/api"
)

// Claim reads one claim: GET /claims/{claimId}, which answers {claim: {...}, requestUrl}. 403 "This claim is not
// available during testing."; 404 (remote document: Fetch Claim).
func (c *Client) Claim(ctx context.Context, claimID string) (Claim, api.Meta, error) {
	var a claimAnswer
	m, err := c.api.Do(ctx, ClaimRequest(claimID), &a)
	if err != nil {
		return Claim{}, api.Meta{}, err
	}
	return a.named(claimID), m, nil
}

// ClaimRequest is what Claim sends.
func ClaimRequest(claimID string) api.Request {
	return forClaim("read claim", http.MethodGet, claimID, "claims", claimID)
}

// claimAnswer is a claim object, nested under "claim" (Fetch Claim) or flat (Update Claim).
type claimAnswer struct{ Claim }

// UnmarshalJSON implements json.Unmarshaler.
func (a *claimAnswer) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	if nested, ok := o["claim"]; ok && isObject(nested) {
		return a.Claim.UnmarshalJSON(nested)
	}
	if o["claimId"] == nil && o["claimNumber"] == nil {
		return errors.New("it has no claim")
	}
	return a.Claim.UnmarshalJSON(raw)
}

// named fills in the id that was asked for, where the answer left it out.
func (a claimAnswer) named(claimID string) Claim {
	if a.ClaimID == "" {
		a.ClaimID = claimID
	}
	return a.Claim
}

// ClaimSearch says what to look for. Whether both together mean and or or is not documented.
type ClaimSearch struct {
	VIN         string
	ClaimNumber string // the case does not matter
}

// SearchClaims looks claims up: GET /claims?vin=&claimNumber=, which answers {claims: [...]}, at times several. Finding
// nothing is an empty list, or a 404 in the service's own form; both are no error here. Whether the rows are whole claim
// objects is not documented. A row that cannot be read is an error: a claim that exists must not look as if it did not
// (remote document: Search Claims).
func (c *Client) SearchClaims(ctx context.Context, s ClaimSearch) ([]Claim, api.Meta, error) {
	var found claimList
	m, err := c.api.Do(ctx, SearchClaimsRequest(s), &found)
	// Only a 404 that the service wrote itself says that there is nothing: a proxy's page does not.
	if e, ok := api.AsError(err); ok && e.Status == http.StatusNotFound && e.Sent && e.Code != "" {
		return nil, api.Meta{Status: e.Status, RequestID: e.RequestID}, nil
	}
	if err != nil {
		return nil, api.Meta{}, err
	}
	return found, m, nil
}

// SearchClaimsRequest is what SearchClaims sends.
func SearchClaimsRequest(s ClaimSearch) api.Request {
	r := api.Request{
		Op: "search claims", Method: http.MethodGet, Path: []string{"claims"},
		Query: api.Values(map[string]string{"vin": s.VIN, "claimNumber": s.ClaimNumber}),
	}
	return invalid(r, s == ClaimSearch{}, "give a VIN or a claim number to search for")
}

// claimList reads {claims: [...]}, a bare list, or a single claim.
type claimList []Claim

// UnmarshalJSON implements json.Unmarshaler.
func (l *claimList) UnmarshalJSON(raw []byte) error {
	if isObject(raw) {
		o, err := parseObject(raw)
		if err != nil {
			return err
		}
		rows, ok := o["claims"]
		switch {
		case ok:
			raw = rows
		case o["claim"] != nil || o["claimId"] != nil:
			var one claimAnswer
			if err := one.UnmarshalJSON(raw); err != nil {
				return err
			}
			*l = claimList{one.Claim}
			return nil
		default:
			return errors.New("it has no list of claims")
		}
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(raw, &rows); err != nil {
		return err
	}
	list := make(claimList, 0, len(rows))
	for _, row := range rows {
		if isNull(row) {
			continue
		}
		var one claimAnswer
		if err := one.UnmarshalJSON(row); err != nil {
			return err
		}
		list = append(list, one.Claim)
	}
	*l = list
	return nil
}

// NewClaim is the body of CreateClaim. What is required differs by account: the service decides. Zero fields are left
// out. Money is US dollars.
type NewClaim struct {
	AccountNumber          string   `json:"accountNumber,omitzero"`
	AdjusterName           string   `json:"adjusterName,omitzero"`
	AdjusterEmailAddress   string   `json:"adjusterEmailAddress,omitzero"`
	AdjusterPhoneNumber    string   `json:"adjusterPhoneNumber,omitzero"`
	CarrierID              string   `json:"carrierId,omitzero"`   // vendor accounts: required
	CauseOfLoss            string   `json:"causeOfLoss,omitzero"` // one of CausesOfLoss
	ClaimNumber            string   `json:"claimNumber,omitzero"`
	DateOfLoss             string   `json:"dateOfLoss,omitzero"` // YYYY-MM-DD
	Deductible             *Money   `json:"deductible,omitzero"`
	ExternalID             string   `json:"externalId,omitzero"`  // vendor accounts
	FinanceType            string   `json:"financeType,omitzero"` // "Retail", "Lease"
	InsurerType            string   `json:"insurerType,omitzero"` // "First Party", "Third Party"
	LenderName             string   `json:"lenderName,omitzero"`
	LenderID               string   `json:"lenderId,omitzero"` // vendor accounts, instead of the name
	LenderPhoneNumber      string   `json:"lenderPhoneNumber,omitzero"`
	LenderAddress          *Address `json:"lenderAddress,omitzero"`
	Odometer               *Number  `json:"odometer,omitzero"` // miles
	OwnersName             string   `json:"ownersName,omitzero"`
	OwnersPhoneNumber      string   `json:"ownersPhoneNumber,omitzero"`
	OwnersRetained         *bool    `json:"ownersRetained,omitzero"`
	OwnersStreetAddress    string   `json:"ownersStreetAddress,omitzero"` // one line
	SettlementAmount       *Money   `json:"settlementAmount,omitzero"`
	TitleRemittanceAddress string   `json:"titleRemittanceAddress,omitzero"` // one line
	VehicleLocation        string   `json:"vehicleLocation,omitzero"`        // if not at the title remittance address
	VIN                    string   `json:"vin,omitzero"`
}

// CausesOfLoss returns the documented values of causeOfLoss. A claim may come back with others.
func CausesOfLoss() []string {
	return []string{
		"Single-Vehicle Collision", "Multi-Vehicle Collision", "Wind/Hail", "Fire", "Flood", "Vandalism", "Theft", "Other",
	}
}

// CreateClaim creates a claim: POST /claims, which answers 201 {claimId}. It is billable. When the outcome is uncertain,
// search for the claim before anything else. 400 with validation errors (remote document: Create Claim).
func (c *Client) CreateClaim(ctx context.Context, claim NewClaim) (claimID string, m api.Meta, err error) {
	var a createdAnswer
	if m, err = c.api.Do(ctx, CreateClaimRequest(claim), &a); err != nil {
		return "", api.Meta{}, err
	}
	return a.claimID, m, nil
}

// CreateClaimRequest is what CreateClaim sends.
func CreateClaimRequest(claim NewClaim) api.Request {
	return api.Request{Op: "create claim", Method: http.MethodPost, Path: []string{"claims"}, Body: claim, MustAnswer: true}
}

type createdAnswer struct{ claimID string }

// UnmarshalJSON implements json.Unmarshaler.
func (a *createdAnswer) UnmarshalJSON(raw []byte) error {
	var o answer
	if err := o.UnmarshalJSON(raw); err != nil {
		return err
	}
	if a.claimID = take(o.object, "claimId", asString); a.claimID == "" {
		return errors.New("it has no claim id")
	}
	return nil
}

// ClaimChange is the body of UpdateClaim: nil fields are left as they are. Send only what changed: it becomes the
// claim-updated activity.
type ClaimChange struct {
	AccountNumber          *string `json:"accountNumber,omitempty"`
	AdjusterName           *string `json:"adjusterName,omitempty"`
	AdjusterEmailAddress   *string `json:"adjusterEmailAddress,omitempty"`
	AdjusterPhoneNumber    *string `json:"adjusterPhoneNumber,omitempty"`
	CauseOfLoss            *string `json:"causeOfLoss,omitempty"`
	ClaimNumber            *string `json:"claimNumber,omitempty"`
	DateOfLoss             *string `json:"dateOfLoss,omitempty"`
	Deductible             *Money  `json:"deductible,omitempty"`
	ExternalID             *string `json:"externalId,omitempty"` // vendor accounts
	FinanceType            *string `json:"financeType,omitempty"`
	InsurerType            *string `json:"insurerType,omitempty"`
	LenderName             *string `json:"lenderName,omitempty"`
	LenderID               *string `json:"lenderId,omitempty"` // vendor accounts
	Odometer               *Number `json:"odometer,omitempty"`
	OwnersName             *string `json:"ownersName,omitempty"`
	OwnersPhoneNumber      *string `json:"ownersPhoneNumber,omitempty"`
	OwnersRetained         *bool   `json:"ownersRetained,omitempty"`
	OwnersStreetAddress    *string `json:"ownersStreetAddress,omitempty"`
	SettlementAmount       *Money  `json:"settlementAmount,omitempty"`
	TitleRemittanceAddress *string `json:"titleRemittanceAddress,omitempty"`
	VehicleLocation        *string `json:"vehicleLocation,omitempty"`
	VIN                    *string `json:"vin,omitempty"`
}

// UpdateClaim changes a claim: PUT /claims/{claimId}, which answers the claim object flat, not under "claim". 400 with
// validation errors; 404 (remote document: Update Claim).
func (c *Client) UpdateClaim(ctx context.Context, claimID string, change ClaimChange) (Claim, api.Meta, error) {
	var a updatedAnswer
	m, err := c.api.Do(ctx, UpdateClaimRequest(claimID, change), &a)
	if err != nil {
		return Claim{}, api.Meta{}, err
	}
	return a.named(claimID), m, nil
}

// UpdateClaimRequest is what UpdateClaim sends.
func UpdateClaimRequest(claimID string, change ClaimChange) api.Request {
	r := forClaim("update claim", http.MethodPut, claimID, "claims", claimID)
	r.Body = change
	return invalid(r, change == ClaimChange{}, "nothing was changed")
}

// updatedAnswer is a claim if the service sent one: the status alone says that the change was made.
type updatedAnswer struct{ claimAnswer }

// UnmarshalJSON implements json.Unmarshaler.
func (a *updatedAnswer) UnmarshalJSON(raw []byte) error {
	var o answer
	if err := o.UnmarshalJSON(raw); err != nil {
		return err
	}
	if a.claimAnswer.UnmarshalJSON(raw) != nil {
		a.Claim = Claim{}
	}
	return nil
}
