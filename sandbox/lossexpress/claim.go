package lossexpress

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// The states of an order.
const (
	pending   = "pending"
	fulfilled = "fulfilled"
	cancelled = "cancelled"
)

// The two order types that have routes of their own.
const (
	typePayoff = "Loan Payoff Request"
	typeLetter = "Letter of Guarantee"
)

// orderTypes is what GET /claims/order-types answers.
func orderTypes() []string {
	return []string{
		"Bill of Sale", "Copy of Title", "Installment Contract", typeLetter, "Lien Release Letter", typePayoff,
		"One and the Same Letter", "Payment History", "Payment Status", "Repo Affidavit", "Title Status",
	}
}

// claim is all that the service knows of a claim.
type claim struct {
	id         string
	externalID string
	fields     map[string]json.RawMessage // what was sent on create and update, by the names of the claim object
	vehicle    *vehicle
	createdAt  time.Time
	updatedAt  time.Time
	documents  []*document
	orders     []*order
	letter     *letter
	payoff     *payoff
	counters   []*counter

	activities int    // in the feed
	unanswered string // the message of LossExpress that still waits for the carrier
	paid       bool
}

type document struct {
	id          string
	claimID     string
	description string
	createdAt   time.Time
}

type order struct {
	id       string
	kind     string // one of orderTypes
	status   string
	paper    *document
	data     object // fulfillmentData
	attempts int
}

// letter is the letter of guarantee request of the claim object.
type letter struct {
	createdAt, updatedAt time.Time
	paper                *document
}

// payoff is the payoff data of the claim object: what is known so far.
type payoff struct {
	createdAt, updatedAt time.Time
	data                 object
}

type counter struct {
	description string
	answered    bool
}

// number is the claim number.
func (c *claim) number() string { return rawText(c.fields["claimNumber"]) }

// text is a field of the claim, or "".
func (c *claim) text(name string) string { return rawText(c.fields[name]) }

// money is a number field of the claim, or zero.
func (c *claim) money(name string) decimal.Decimal {
	d, _ := decimal.NewFromString(string(c.fields[name]))
	return d
}

// pendingOrder is the claim's pending order of a type, or nil.
func (c *claim) pendingOrder(kind string) *order {
	for _, o := range c.orders {
		if o.kind == kind && o.status == pending {
			return o
		}
	}
	return nil
}

// lastOrder is the claim's newest order of a type, or nil.
func (c *claim) lastOrder(kind string) *order {
	for _, o := range slices.Backward(c.orders) {
		if o.kind == kind {
			return o
		}
	}
	return nil
}

// openCounter is the counter that waits for the carrier, or nil.
func (c *claim) openCounter() *counter {
	for _, n := range slices.Backward(c.counters) {
		if !n.answered {
			return n
		}
	}
	return nil
}

// has reports whether a document of that description is there, whatever its case.
func (c *claim) has(descriptions ...string) bool {
	return slices.ContainsFunc(c.documents, func(d *document) bool {
		return slices.ContainsFunc(descriptions, func(want string) bool {
			return strings.EqualFold(plain(d.description), want)
		})
	})
}

// ready reports whether the documents for a payoff or a letter of guarantee are there (remote document: Document
// Types).
func (c *claim) ready(b Behaviour) bool {
	if !b.NoCombinedDocument && c.has(
		"valuation report & settlement breakdown", "settlement breakdown & valuation report") {
		return true
	}
	return c.has("settlement breakdown") && c.has("valuation report", "total loss evaluation")
}

// object is the claim object of the remote document (Claims).
func (s *Server) claimObject(c *claim) object {
	o := object{}
	for name, value := range c.fields {
		o[name] = value
	}
	o["claimId"] = c.id
	o["createdAt"] = stamp(c.createdAt)
	o["updatedAt"] = stamp(c.updatedAt)
	if c.externalID != "" {
		o["externalId"] = c.externalID
	}
	if c.vehicle != nil {
		o["vehicle"] = c.vehicle
	}
	papers := make([]object, 0, len(c.documents))
	for _, d := range c.documents {
		papers = append(papers, object{
			"createdAt": stamp(d.createdAt), "updatedAt": stamp(d.createdAt),
			"documentUrl": s.address(d), "type": d.description,
		})
	}
	o["documents"] = papers
	if c.letter != nil {
		l := object{"createdAt": stamp(c.letter.createdAt), "updatedAt": stamp(c.letter.updatedAt)}
		if c.letter.paper != nil {
			l["documentUrl"] = s.address(c.letter.paper)
		}
		o["letterOfGuaranteeRequest"] = l
	}
	if c.payoff != nil {
		p := maps.Clone(c.payoff.data)
		p["createdAt"], p["updatedAt"] = stamp(c.payoff.createdAt), stamp(c.payoff.updatedAt)
		o["payoffData"] = p
	}
	return o
}

// address is a document's URL, on the host that the switches ask for.
func (s *Server) address(d *document) string {
	if s.Behaviour().DevHost {
		return devURL + "/documents/" + d.id
	}
	return s.publicAddress(d)
}

func (s *Server) publicAddress(d *document) string { return s.options.PublicURL + "/documents/" + d.id }

// lenderOf finds the lender of a claim: by its id, or by its name or an alias in any case.
func (s *Server) lenderOf(c *claim) *lender {
	id, name := c.text("lenderId"), plain(c.text("lenderName"))
	for _, l := range s.lenders {
		if l.ID == id || strings.EqualFold(l.Name, name) {
			return l
		}
		for _, alias := range l.Aliases {
			if strings.EqualFold(alias, name) {
				return l
			}
		}
	}
	return nil
}

// dollars is an amount in cents as the service writes money: a JSON number in dollars.
func dollars(cents int64) json.Number { return amount(decimal.New(cents, -2)) }

// amount is a decimal as a JSON number, without quotes and without an exponent.
func amount(d decimal.Decimal) json.Number { return json.Number(d.String()) }
