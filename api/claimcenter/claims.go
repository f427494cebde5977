package claimcenter

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"claimdeck/api"
)

// Claim is what identifies a claim.
type Claim struct {
	ID      string // such as "demo_sample:1"
	Number  string // such as "235-53-365870"
	State   Code   // such as archived; often absent
	Insured string // display name; often absent
	Raw     json.RawMessage
}

// UnmarshalJSON reads the attributes of a claim. It never fails.
func (c *Claim) UnmarshalJSON(raw []byte) error {
	var wire struct {
		ID, ClaimNumber word
		State           Code
		Insured         Ref
	}
	fill(raw, &wire)
	*c = Claim{
		ID: string(wire.ID), Number: string(wire.ClaimNumber), State: wire.State, Insured: wire.Insured.DisplayName,
		Raw: append(json.RawMessage(nil), raw...),
	}
	return nil
}

// Way is how a claim was found.
type Way string

// The ways to find a claim by its number.
const (
	ByFilter Way = "filter" // among the claims that the account may read
	BySearch Way = "search" // among all claims: reading the hit may still be refused as not found
)

// Found are the claims of a number.
type Found struct {
	Claims []Claim // usually one; several are for a person to choose from; none: not found
	Way    Way     // empty when nothing was found
}

// Claim returns what identifies the claim of an id: GET /claims/{claimId}?fields=id,claimNumber. It tells whether an id
// that a person gave is right.
func (c *Client) Claim(ctx context.Context, claimID string) (Claim, error) {
	r := ofClaim("read the claim", claimID)
	r.Query = api.Values(map[string]string{"fields": "id,claimNumber"})
	return one[Claim](ctx, c, r, "the claim "+claimID)
}

// FindClaim returns the claims of a claim number, upper and lower case being alike. It asks
// GET /claims?filter=claimNumber:eq:NUMBER first; where that finds nothing, or the release cannot filter by number,
// POST /search/claims-v2, which also finds archived claims and those that the account cannot read. Finding nothing is
// no error. Whether claimNumber can be filtered is not documented; a service that ignores the filter is noticed by
// the numbers it returns.
func (c *Client) FindClaim(ctx context.Context, number string) (Found, error) {
	number = strings.TrimSpace(number)
	if number == "" {
		return Found{}, &api.Error{System: System, Op: opFind, Kind: api.ErrInvalid, Message: "the claim number is missing"}
	}
	hits, err := c.filter(ctx, number)
	if err != nil && !searchable(err) {
		return Found{}, err
	}
	if len(hits) > 0 {
		return Found{hits, ByFilter}, nil
	}
	hits, searchErr := c.search(ctx, number)
	switch {
	case searchErr == nil && len(hits) > 0:
		return Found{hits, BySearch}, nil
	case searchErr == nil:
		return Found{}, nil
	case err == nil && searchable(searchErr):
		return Found{}, nil // the filter works, so its "nothing" counts; this account or release has no search
	}
	return Found{}, searchErr
}

const opFind = "find the claim"

// searchable reports whether one way to find a claim is closed for good, so that the other is worth a try.
func searchable(err error) bool {
	return errors.Is(err, api.ErrInvalid) || errors.Is(err, api.ErrForbidden) ||
		errors.Is(err, api.ErrNotFound) || errors.Is(err, api.ErrUnsupported)
}

func (c *Client) filter(ctx context.Context, number string) ([]Claim, error) {
	r := read(opFind, "claims")
	r.Query = api.Values(map[string]string{
		// In a filter a colon of the value is doubled (remote document: The filter query parameter).
		"filter": "claimNumber:eq:" + strings.ReplaceAll(number, ":", "::"),
		"fields": "id,claimNumber",
	})
	return c.hits(ctx, r, number)
}

// search is a POST that changes nothing, so it may be repeated.
func (c *Client) search(ctx context.Context, number string) ([]Claim, error) {
	r := read(opFind, "search", "claims-v2")
	r.Method, r.Repeatable = http.MethodPost, true
	r.Body = map[string]any{"data": map[string]any{"attributes": map[string]string{"claimNumber": number}}}
	return c.hits(ctx, r, number)
}

// hits reads the first page only: more claims of one number than fit on it are none that a person could choose from.
func (c *Client) hits(ctx context.Context, r api.Request, number string) ([]Claim, error) {
	var p page
	if _, err := c.do(ctx, r, "the list of claims", &p); err != nil {
		return nil, err
	}
	var hits []Claim
	for _, raw := range p.rows {
		var hit Claim
		if err := json.Unmarshal(raw, &hit); err == nil && hit.ID != "" && strings.EqualFold(hit.Number, number) {
			hits = append(hits, hit)
		}
	}
	return hits, nil
}
