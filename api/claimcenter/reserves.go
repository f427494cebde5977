package claimcenter

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"claimdeck/api"
)

// ReserveSet is a set of reserve transactions that was submitted and approved together.
type ReserveSet struct {
	ID             string
	ApprovalStatus Code
	ApprovalDate   time.Time // UTC; zero when it was not approved yet
	RequestingUser Ref       // who submitted the set; not who approved it
	Reserves       []Ref     // the transactions of the set
	Raw            json.RawMessage
}

// UnmarshalJSON reads the attributes of a reserve set. It never fails.
func (s *ReserveSet) UnmarshalJSON(raw []byte) error {
	var wire struct {
		ID             word
		ApprovalStatus Code
		ApprovalDate   instant
		RequestingUser Ref
		Reserves       list[Ref]
	}
	fill(raw, &wire)
	*s = ReserveSet{
		ID: string(wire.ID), ApprovalStatus: wire.ApprovalStatus, ApprovalDate: wire.ApprovalDate.Time,
		RequestingUser: wire.RequestingUser, Reserves: wire.Reserves, Raw: append(json.RawMessage(nil), raw...),
	}
	return nil
}

// Reserve is one reserve transaction: a change of the reserve of its line, and not what the line holds.
type Reserve struct {
	ID        string
	Status    Code // "submitting" once approved, "submitted" once the ledger has it; others exist
	Type      Code
	Coverage  Code
	Currency  Code
	Line      ReserveLine
	LineItems []LineItem
	Raw       json.RawMessage
}

// ReserveLine is what the money is set aside for.
type ReserveLine struct {
	Exposure          *Ref // nil: the reserve is of the whole claim
	CostType          Code // such as claimcost
	CostCategory      Code // such as body
	ReservingCurrency Code
}

// LineItem is one amount of a reserve, in the currencies that the service keeps it in.
type LineItem struct {
	ID                string
	Category          Code
	Comments          string // may have several lines
	ClaimAmount       Amount
	ReportingAmount   Amount
	ReservingAmount   Amount // in the line's reserving currency: the one that may be added up by line
	TransactionAmount Amount
}

// UnmarshalJSON reads the attributes of a reserve. It never fails.
func (r *Reserve) UnmarshalJSON(raw []byte) error {
	var wire struct {
		ID                               word
		Status, Type, Coverage, Currency Code
		ReserveLine                      ReserveLine
		LineItems                        list[LineItem]
	}
	fill(raw, &wire)
	*r = Reserve{
		ID: string(wire.ID), Status: wire.Status, Type: wire.Type, Coverage: wire.Coverage, Currency: wire.Currency,
		Line: wire.ReserveLine, LineItems: wire.LineItems, Raw: append(json.RawMessage(nil), raw...),
	}
	return nil
}

// UnmarshalJSON reads a reserveLine. It never fails.
func (l *ReserveLine) UnmarshalJSON(raw []byte) error {
	var wire struct {
		Exposure                                  *Ref
		CostType, CostCategory, ReservingCurrency Code
	}
	fill(raw, &wire)
	if wire.Exposure != nil && *wire.Exposure == (Ref{}) {
		wire.Exposure = nil
	}
	*l = ReserveLine{wire.Exposure, wire.CostType, wire.CostCategory, wire.ReservingCurrency}
	return nil
}

// UnmarshalJSON reads a line item. It never fails.
func (i *LineItem) UnmarshalJSON(raw []byte) error {
	var wire struct {
		ID                                                               word
		LineCategory                                                     Code
		Comments                                                         prose
		ClaimAmount, ReportingAmount, ReservingAmount, TransactionAmount Amount
	}
	fill(raw, &wire)
	*i = LineItem{
		ID: string(wire.ID), Category: wire.LineCategory, Comments: string(wire.Comments),
		ClaimAmount: wire.ClaimAmount, ReportingAmount: wire.ReportingAmount,
		ReservingAmount: wire.ReservingAmount, TransactionAmount: wire.TransactionAmount,
	}
	return nil
}

// The fields that are asked for in lists. Without them a list shows a summary only (remote document: The fields query
// parameter); "*all" is not meant for production.
const (
	setFields     = "*default,id,approvalDate,approvalStatus,requestingUser,reserves"
	reserveFields = "*default,id,coverage,currency,lineItems,reserveLine,status,type"
)

// maxCompleted bounds how many rows of a summary are read one by one.
const maxCompleted = 100

// ReserveSets returns all reserve sets of a claim: GET /claims/{claimId}/reserve-sets, every page of it. No sets is an
// empty list. Of a service that lists only summaries each set is read, up to 100 of them (remote document: Querying for
// reserves).
func (c *Client) ReserveSets(ctx context.Context, claimID string) ([]ReserveSet, error) {
	r := ofClaim("read the reserve sets", claimID, "reserve-sets")
	return withFields(ctx, c, r, "the claim "+claimID, wish[ReserveSet]{
		fields: setFields,
		id:     func(s ReserveSet) string { return s.ID },
		whole:  func(s ReserveSet) bool { return len(s.Reserves) > 0 },
		read:   func(ctx context.Context, id string) (ReserveSet, error) { return c.ReserveSet(ctx, claimID, id) },
	})
}

// ReserveSet returns one reserve set: GET /claims/{claimId}/reserve-sets/{reserveSetId}.
func (c *Client) ReserveSet(ctx context.Context, claimID, setID string) (ReserveSet, error) {
	r := ofClaim("read the reserve set", claimID, "reserve-sets", setID)
	return one[ReserveSet](ctx, c, r, "the reserve set "+setID+" of the claim "+claimID)
}

// Reserves returns all reserve transactions of a claim with their line items: GET /claims/{claimId}/reserves, every
// page of it. Of a service that lists only summaries each reserve is read, up to 100 of them; LineItems stays empty
// where there are none.
func (c *Client) Reserves(ctx context.Context, claimID string) ([]Reserve, error) {
	r := ofClaim("read the reserves", claimID, "reserves")
	return withFields(ctx, c, r, "the claim "+claimID, wish[Reserve]{
		fields: reserveFields,
		id:     func(r Reserve) string { return r.ID },
		whole:  func(r Reserve) bool { return len(r.LineItems) > 0 },
		read:   func(ctx context.Context, id string) (Reserve, error) { return c.Reserve(ctx, claimID, id) },
	})
}

// Reserve returns one reserve transaction: GET /claims/{claimId}/reserves/{transactionId}. The id of the answer can
// differ from the one that was asked for, as in the document's own sample.
func (c *Client) Reserve(ctx context.Context, claimID, transactionID string) (Reserve, error) {
	r := ofClaim("read the reserve", claimID, "reserves", transactionID)
	return one[Reserve](ctx, c, r, "the reserve "+transactionID+" of the claim "+claimID)
}

// one reads an element.
func one[T any](ctx context.Context, c *Client, r api.Request, what string) (T, error) {
	var answer struct {
		Data struct{ Attributes json.RawMessage }
	}
	var value T
	m, err := c.do(ctx, r, what, &answer)
	if err != nil {
		return value, err
	}
	if !strings.HasPrefix(strings.TrimSpace(string(answer.Data.Attributes)), "{") {
		return value, m.Bad(System, r.Op, "the answer has no data in it: check the address", nil)
	}
	if err := json.Unmarshal(answer.Data.Attributes, &value); err != nil {
		return value, m.Bad(System, r.Op, "the answer cannot be read: "+err.Error(), nil)
	}
	return value, nil
}

// wish says what the rows of a list are to show, and how to get it where the list cannot.
type wish[T any] struct {
	fields string
	id     func(T) string
	whole  func(T) bool // nothing is missing
	read   func(ctx context.Context, id string) (T, error)
}

// withFields reads a list with the wished fields. When the service refuses those, it reads the list as it is, and then
// what is missing row by row.
func withFields[T any](ctx context.Context, c *Client, r api.Request, what string, w wish[T]) ([]T, error) {
	rows, err := all(ctx, c, c.paged(r, w.fields), what, w.id)
	if e, ok := api.AsError(err); !ok || e.Status != http.StatusBadRequest {
		return rows, err
	}
	if rows, err = all(ctx, c, c.paged(r, ""), what, w.id); err != nil {
		return nil, err
	}
	left := maxCompleted
	for i, row := range rows {
		if w.whole(row) || w.id(row) == "" || left == 0 {
			continue
		}
		left--
		if rows[i], err = w.read(ctx, w.id(row)); err != nil {
			return nil, err
		}
	}
	return rows, nil
}
