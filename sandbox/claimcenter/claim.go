package claimcenter

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"claimdeck/sandbox/fault"
)

// Code is an entry of a typelist.
type Code struct{ Code, Name string }

func (c Code) object() object { return object{"code": c.Code, "name": c.Name} }

// The typelist entries that the sandbox writes.
var (
	costClaim   = Code{"claimcost", "Claim Cost"}
	costExpense = Code{"aoexpense", "Expense - A&O"}

	categoryBody    = Code{"body", "Auto body"}
	categoryOther   = Code{"other", "Other"}
	categoryMedical = Code{"medical", "Medical"}
	categoryRental  = Code{"rental", "Rental"}

	// CoverageCollision is the coverage of the documents' sample; CoverageRental that of a rental exposure.
	CoverageCollision = Code{"PACollisionCov", "Collision"}
	CoverageRental    = Code{"PARentalCov", "Rental Reimbursement"}

	statusSubmitted  = Code{"submitted", "Submitted"}
	statusSubmitting = Code{"submitting", "Submitting"}
	statusPending    = Code{"pendingapproval", "Pending approval"}

	approved   = Code{"approved", "Approved"}
	unapproved = Code{"unapproved", "Unapproved"}

	stateOpen     = Code{"open", "Open"}
	stateArchived = Code{"archived", "Archived"}
)

// claim is a claim as the service keeps it.
type claim struct {
	id, number, insured string
	state               Code
	unreadable          bool // not on the account's list: found by the search only, and its GET is a 404
	sets                []*reserveSet
	alias               map[string]string // another id under which a reserve answers
}

type exposure struct {
	id, name string
	coverage Code
}

type reserveSet struct {
	id       string
	approval Code
	at       time.Time // of the approval; zero: none
	by       string    // who submitted it
	reserves []*reserve
}

type reserve struct {
	id, itemID             string
	exposure               *exposure // nil: of the whole claim
	costType, costCategory Code
	amount, currency       string // reserving
	converted              string // the amount in the claim's currency, usd; empty: amount
	status                 Code
	comments               string
}

func (c *claim) reserves() []*reserve {
	var all []*reserve
	for _, s := range c.sets {
		all = append(all, s.reserves...)
	}
	return all
}

func (c *claim) reserve(id string) *reserve {
	if other := c.alias[id]; other != "" {
		id = other
	}
	all := c.reserves()
	if i := slices.IndexFunc(all, func(r *reserve) bool { return r.id == id }); i >= 0 {
		return all[i]
	}
	return nil
}

func (c *claim) set(id string) *reserveSet {
	if i := slices.IndexFunc(c.sets, func(s *reserveSet) bool { return s.id == id }); i >= 0 {
		return c.sets[i]
	}
	return nil
}

func (c *claim) readable() bool { return !c.unreadable && c.state != stateArchived }

// row is one element of an answer: its attributes, those that a list shows without being asked, and its path.
type row struct {
	attributes object
	summary    []string
	path       string
}

func (c *claim) row() row {
	return row{
		attributes: object{
			"id": c.id, "claimNumber": c.number, "state": c.state.object(),
			"insured": object{"displayName": c.insured, "id": c.id + "-insured"},
		},
		summary: []string{"id", "claimNumber", "state", "insured"},
		path:    "/claims/" + c.id,
	}
}

// stamp is a timestamp as the service writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (s *reserveSet) row(c *claim) row {
	var reserves []any
	for _, r := range s.reserves {
		reserves = append(reserves, object{"displayName": r.displayName(), "id": r.id, "type": "Reserve"})
	}
	a := object{
		"approvalStatus": s.approval.object(), "id": s.id, "requestingUser": object{"displayName": s.by}, "reserves": reserves,
	}
	if !s.at.IsZero() {
		a["approvalDate"] = stamp(s.at)
	}
	return row{a, []string{"id", "approvalStatus", "approvalDate"}, "/claims/" + c.id + "/reserve-sets/" + s.id}
}

// displayName cuts the parts as the documents' sample does.
func (r *reserve) displayName() string {
	name := "Claim..."
	if r.exposure != nil {
		name = r.exposure.name
		if head := []rune(name); len(head) > 21 {
			name = string(head[:21]) + "..."
		}
	}
	return fmt.Sprintf("%s%s/%s...", name, r.costType.Name, r.costCategory.Name)
}

func (r *reserve) row(c *claim) row {
	own := object{"amount": r.amount, "currency": r.currency}
	inClaim := object{"amount": cmp.Or(r.converted, r.amount), "currency": "usd"}
	currency := object{"code": r.currency, "name": upper(r.currency)}
	line := object{
		"costCategory": r.costCategory.object(), "costType": r.costType.object(), "reservingCurrency": currency, "exposure": nil,
	}
	a := object{
		"currency": currency, "id": r.id, "status": r.status.object(), "type": object{"code": "Reserve", "name": "Reserve"},
		"reserveLine": line,
		"lineItems": []any{object{
			"claimAmount": inClaim, "comments": r.comments, "id": r.itemID, "lineCategory": categoryOther.object(),
			"reportingAmount": inClaim, "reservingAmount": own, "transactionAmount": own,
		}},
	}
	if r.exposure != nil {
		line["exposure"] = object{"displayName": r.exposure.name, "id": r.exposure.id}
		a["coverage"] = r.exposure.coverage.object()
	}
	summary := []string{"id", "status", "type", "currency", "coverage", "reserveLine"}
	return row{a, summary, "/claims/" + c.id + "/reserves/" + r.id}
}

// checksum is what writes would have to send back; here it only has to be there.
func (r row) checksum() string {
	h := fnv.New32a()
	_, _ = h.Write(fault.Encode(r.attributes))
	return strconv.FormatUint(uint64(h.Sum32()), 16)
}

// element is the envelope of one row.
func (r row) element() object {
	return object{
		"attributes": r.attributes, "checksum": r.checksum(),
		"links": object{"self": object{"href": "/claim/v1" + r.path, "methods": []string{"get"}}},
	}
}
