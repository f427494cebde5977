package cli

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"claimdeck/state/activity"
	"claimdeck/state/claim"
)

// claimView is a claim as claim show --json prints it. Names are those of the API where it has the field. Money is in
// US dollars and exact; times are UTC, dates YYYY-MM-DD. What is not known is absent, lists are always there.
// Account and phone numbers are masked unless they are to be revealed.
type claimView struct {
	ClaimID                string            `json:"claimId"`
	ClaimNumber            string            `json:"claimNumber"`
	ExternalID             string            `json:"externalId,omitempty"`
	VIN                    string            `json:"vin"`
	Vehicle                vehicleView       `json:"vehicle"`
	Headline               string            `json:"headline"`  // where the claim stands
	WaitingOn              *waitingView      `json:"waitingOn"` // null: nobody
	LenderName             string            `json:"lenderName"`
	LenderID               string            `json:"lenderId,omitempty"`
	OwnersName             string            `json:"ownersName"`
	OwnersPhoneNumber      string            `json:"ownersPhoneNumber,omitempty"`
	OwnersEmailAddress     string            `json:"ownersEmailAddress,omitempty"`
	OwnersStreetAddress    string            `json:"ownersStreetAddress,omitempty"`
	OwnersRetained         *bool             `json:"ownersRetained,omitempty"`
	AdjusterName           string            `json:"adjusterName,omitempty"`
	AdjusterPhoneNumber    string            `json:"adjusterPhoneNumber,omitempty"`
	AdjusterEmailAddress   string            `json:"adjusterEmailAddress,omitempty"`
	AccountNumber          string            `json:"accountNumber,omitempty"`
	InsurerType            string            `json:"insurerType,omitempty"`
	FinanceType            string            `json:"financeType,omitempty"`
	CauseOfLoss            string            `json:"causeOfLoss,omitempty"`
	DateOfLoss             string            `json:"dateOfLoss,omitempty"`
	Odometer               *json.Number      `json:"odometer,omitempty"` // miles
	SettlementAmount       *json.Number      `json:"settlementAmount,omitempty"`
	Deductible             *json.Number      `json:"deductible,omitempty"`
	Shortfall              *json.Number      `json:"shortfall,omitempty"` // payoff minus settlement
	TitleRemittanceAddress string            `json:"titleRemittanceAddress,omitempty"`
	VehicleLocation        string            `json:"vehicleLocation,omitempty"`
	Payoff                 *payoffView       `json:"payoff"`            // null: none yet
	PayoffRequest          *requestView      `json:"payoffRequest"`     // null: never requested
	LetterOfGuarantee      *guaranteeView    `json:"letterOfGuarantee"` // null: never requested
	MissingDocuments       []string          `json:"missingDocuments"`  // that a payoff or a letter of guarantee needs
	Orders                 []orderView       `json:"orders"`
	Documents              []documentView    `json:"documents"`
	Counters               []counterView     `json:"counters"`
	Messages               []messageView     `json:"messages"`
	Payments               []paymentView     `json:"payments"`
	Calls                  int               `json:"calls"`
	Timeline               []timelineView    `json:"timeline,omitempty"` // with --timeline, newest first
	CreatedAt              *time.Time        `json:"createdAt,omitempty"`
	LastActivityAt         *time.Time        `json:"lastActivityAt,omitempty"`
	ReadAt                 *time.Time        `json:"readAt,omitempty"` // when the claim object was last read
	Extra                  map[string]string `json:"extra,omitempty"`  // fields not known here; with --reveal
}

type vehicleView struct {
	Year  int    `json:"year,omitempty"`
	Make  string `json:"make,omitempty"`
	Model string `json:"model,omitempty"`
}

type waitingView struct {
	Who  string `json:"who"`
	What string `json:"what"`
}

type payoffView struct {
	Amount           *json.Number   `json:"amount,omitempty"`
	PerDiem          *json.Number   `json:"perDiem,omitempty"`
	ValidThroughDate string         `json:"validThroughDate,omitempty"`
	BusinessDaysLeft *int           `json:"businessDaysLeft,omitempty"`
	Remittance       remittanceView `json:"remittance"`
	DocumentID       string         `json:"documentId,omitempty"`
	UpdatedAt        *time.Time     `json:"updatedAt,omitempty"`
}

type remittanceView struct {
	Standard  *payeeView `json:"standard,omitempty"`
	Overnight *payeeView `json:"overnight,omitempty"`
}

type payeeView struct {
	Payee   string `json:"payee,omitempty"`
	Attn    string `json:"attn,omitempty"`
	Street  string `json:"street,omitempty"`
	Street2 string `json:"street2,omitempty"`
	City    string `json:"city,omitempty"`
	State   string `json:"state,omitempty"`
	Zip     string `json:"zip,omitempty"`
}

type requestView struct {
	State string     `json:"state"` // pending, fulfilled, cancelled
	At    *time.Time `json:"at,omitempty"`
}

type guaranteeView struct {
	requestView
	EstimatedAt *time.Time `json:"estimatedAt,omitempty"`
	DocumentID  string     `json:"documentId,omitempty"`
}

type orderView struct {
	OrderID    string     `json:"orderId"`
	Type       string     `json:"type"`
	Status     string     `json:"status"`
	CreatedAt  *time.Time `json:"createdAt,omitempty"`
	ChangedAt  *time.Time `json:"changedAt,omitempty"`
	Attempts   int        `json:"attempts"`
	LastNote   string     `json:"lastNote,omitempty"`
	FollowUp   string     `json:"followUpDate,omitempty"`
	DocumentID string     `json:"documentId,omitempty"`
}

type documentView struct {
	DocumentID   string     `json:"documentId"`
	Type         string     `json:"type"`
	At           *time.Time `json:"at,omitempty"`
	By           string     `json:"by,omitempty"`
	SentToLender bool       `json:"sentToLender"`
}

type counterView struct {
	At          *time.Time `json:"at,omitempty"`
	Description string     `json:"description"`
	DocumentID  string     `json:"documentId,omitempty"`
	Answer      string     `json:"answer,omitempty"` // accepted, disputed; absent while it is open
	Reason      string     `json:"reasonForDispute,omitempty"`
	AnsweredAt  *time.Time `json:"answeredAt,omitempty"`
}

type messageView struct {
	At             *time.Time `json:"at,omitempty"`
	ByLossExpress  bool       `json:"byLossExpress"`
	By             string     `json:"by,omitempty"`
	Category       string     `json:"category,omitempty"`
	Message        string     `json:"message"`
	ActionRequired bool       `json:"actionRequired"`
}

type paymentView struct {
	At       *time.Time   `json:"at,omitempty"`
	Amount   *json.Number `json:"checkAmount,omitempty"`
	SentAt   string       `json:"sentAt,omitempty"`
	Via      string       `json:"sentVia,omitempty"`
	Tracking string       `json:"trackingNumber,omitempty"`
	To       string       `json:"sentTo,omitempty"`
}

type timelineView struct {
	At          *time.Time    `json:"at,omitempty"`
	Type        activity.Type `json:"type"`
	Summary     string        `json:"summary"`
	ActivityKey string        `json:"activityKey"` // the activity's id, if that is a UUID
}

// viewClaim is c as it stands now.
func viewClaim(c claim.Claim, now time.Time, reveal, timeline bool) claimView {
	c = masked(c, reveal)
	v := claimView{
		ClaimID: c.ID, ClaimNumber: c.Number, ExternalID: c.ExternalID, VIN: c.VIN,
		Vehicle:  vehicleView(c.Vehicle),
		Headline: c.Headline(now), LenderName: c.Lender, LenderID: c.LenderID,
		OwnersName: c.Owner.Name, OwnersPhoneNumber: c.Owner.Phone, OwnersEmailAddress: c.Owner.Email, OwnersStreetAddress: c.Owner.Address,
		OwnersRetained: c.OwnerRetained,
		AdjusterName:   c.Adjuster.Name, AdjusterPhoneNumber: c.Adjuster.Phone, AdjusterEmailAddress: c.Adjuster.Email,
		AccountNumber: c.AccountNumber, InsurerType: c.InsurerType, FinanceType: c.FinanceType,
		CauseOfLoss: c.CauseOfLoss, DateOfLoss: c.DateOfLoss, Odometer: exact(c.Odometer),
		SettlementAmount: exact(c.Settlement), Deductible: exact(c.Deductible),
		TitleRemittanceAddress: c.TitleRemittance, VehicleLocation: c.VehicleLocation,
		Payoff: viewPayoff(c, now), PayoffRequest: viewRequest(c.PayoffRequest), LetterOfGuarantee: viewGuarantee(c.Guarantee),
		MissingDocuments: append([]string{}, c.MissingDocuments()...),
		Orders:           each(c.Orders, viewOrder), Documents: each(c.Documents, viewDocument), Counters: each(c.Counters, viewCounter),
		Messages: each(c.Messages, viewMessage), Payments: each(c.Payments, viewPayment), Calls: c.Calls,
		CreatedAt: utc(c.CreatedAt), LastActivityAt: utc(c.LastActivity), ReadAt: utc(c.SnapshotAt),
	}
	if who, what := c.WaitingOn(now); who != "" {
		v.WaitingOn = &waitingView{who, what}
	}
	if d, known := c.Shortfall(); known {
		v.Shortfall = exact(&d)
	}
	if timeline {
		v.Timeline = each(c.Timeline, viewEvent)
	}
	if reveal {
		v.Extra = maps.Clone(c.Extra)
	}
	return v
}

func viewPayoff(c claim.Claim, now time.Time) *payoffView {
	if c.Payoff == (claim.Payoff{}) {
		return nil
	}
	v := &payoffView{
		Amount: exact(c.Payoff.Amount), PerDiem: exact(c.Payoff.PerDiem), ValidThroughDate: c.Payoff.ValidThrough,
		Remittance: remittanceView{viewPayee(c.Payoff.Standard), viewPayee(c.Payoff.Overnight)},
		DocumentID: c.Payoff.DocumentID, UpdatedAt: utc(c.Payoff.At),
	}
	if days, known := c.BusinessDaysLeft(now); known {
		v.BusinessDaysLeft = &days
	}
	return v
}

func viewPayee(r *claim.Remittance) *payeeView {
	if r == nil {
		return nil
	}
	return &payeeView{Payee: r.Payee, Attn: r.Attn, Street: r.Street, Street2: r.Street2, City: r.City, State: r.State, Zip: r.ZIP}
}

func viewRequest(r claim.Request) *requestView {
	if r.State == claim.NotRequested {
		return nil
	}
	return &requestView{string(r.State), utc(r.At)}
}

func viewGuarantee(g claim.Guarantee) *guaranteeView {
	r := viewRequest(g.Request)
	if r == nil {
		return nil
	}
	return &guaranteeView{*r, utc(g.Estimate), g.DocumentID}
}

func viewOrder(o claim.Order) orderView {
	return orderView{
		OrderID: o.ID, Type: o.Type, Status: o.Status, CreatedAt: utc(o.CreatedAt), ChangedAt: utc(o.ChangedAt),
		Attempts: o.Attempts, LastNote: o.LastNote, FollowUp: o.FollowUp, DocumentID: o.DocumentID,
	}
}

func viewDocument(d claim.Document) documentView {
	by := d.By
	if d.ByLossExpress && by == "" {
		by = "LossExpress"
	}
	return documentView{DocumentID: d.ID, Type: d.Type, At: utc(d.At), By: by, SentToLender: d.SentToLender}
}

func viewCounter(c claim.Counter) counterView {
	v := counterView{At: utc(c.At), Description: c.Description, DocumentID: c.DocumentID, Reason: c.Reason, AnsweredAt: utc(c.AnsweredAt)}
	switch {
	case c.Answered && c.Disputed:
		v.Answer = "disputed"
	case c.Answered:
		v.Answer = "accepted"
	}
	return v
}

func viewMessage(m claim.Message) messageView {
	return messageView{utc(m.At), m.ByLossExpress, m.By, m.Category, m.Text, m.ActionRequired}
}

func viewPayment(p claim.Payment) paymentView {
	return paymentView{utc(p.At), exact(p.Amount), p.SentAt, p.Via, p.Tracking, p.To}
}

func viewEvent(e claim.Event) timelineView {
	return timelineView{utc(e.At), e.Type, e.Summary, uuid.UUID(e.Key).String()}
}

// each views every one of a list; the result is never null.
func each[T, V any](list []T, view func(T) V) []V {
	out := make([]V, 0, len(list))
	for _, x := range list {
		out = append(out, view(x))
	}
	return out
}

// exact is an amount with every digit it came with.
func exact(d *decimal.Decimal) *json.Number {
	if d == nil {
		return nil
	}
	n := json.Number(d.String())
	return &n
}

// utc is a time for JSON; nil when it is not known.
func utc(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
