package claim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/activity"
	"claimdeck/state/money"
)

// StoryOptions say how a claim's story is told.
type StoryOptions struct {
	Reveal bool // the account number and phone numbers are written out
	Events int  // how much of the timeline is told, the newest; 0: all of it
}

// Tale is the story of a claim at one moment: what a colleague needs who takes it over. Account and phone numbers are
// masked unless the options reveal them.
type Tale struct {
	At       time.Time  `json:"at"`
	Claim    TaleClaim  `json:"claim"`
	Standing string     `json:"standing,omitempty"` // "Payoff expires today"
	WaitsFor string     `json:"waitsFor,omitempty"` // You, TheLender or nobody
	NextStep string     `json:"nextStep,omitempty"`
	Money    TaleMoney  `json:"money"`
	Orders   []TaleLine `json:"orders"`
	Open     []string   `json:"open"`   // what keeps the claim from its end
	Events   []TaleLine `json:"events"` // oldest first
	Earlier  int        `json:"earlierEvents,omitempty"`
}

// TaleClaim says which claim it is, and who belongs to it.
type TaleClaim struct {
	ID            string `json:"claimId"`
	Number        string `json:"claimNumber"`
	VIN           string `json:"vin,omitempty"`
	Vehicle       string `json:"vehicle,omitempty"`
	Owner         string `json:"owner,omitempty"`
	OwnerPhone    string `json:"ownerPhone,omitempty"`
	Lender        string `json:"lender,omitempty"`
	AccountNumber string `json:"accountNumber,omitempty"`
	FinanceType   string `json:"financeType,omitempty"`
	InsurerType   string `json:"insurerType,omitempty"`
	DateOfLoss    string `json:"dateOfLoss,omitempty"`
	OwnerRetained bool   `json:"ownerRetained,omitempty"`
}

// TaleMoney is the settlement, the payoff and what was paid, in US dollars.
type TaleMoney struct {
	Settlement       *decimal.Decimal `json:"settlement,omitempty"`
	Deductible       *decimal.Decimal `json:"deductible,omitempty"`
	Payoff           *decimal.Decimal `json:"payoff,omitempty"`
	PerDiem          *decimal.Decimal `json:"perDiem,omitempty"`
	ValidThrough     string           `json:"validThrough,omitempty"`
	BusinessDaysLeft *int             `json:"businessDaysLeft,omitempty"` // negative: past
	Shortfall        *decimal.Decimal `json:"shortfall,omitempty"`        // payoff less settlement
	Payments         []string         `json:"payments,omitempty"`
}

// TaleLine is one thing with its moment.
type TaleLine struct {
	At   time.Time `json:"at,omitzero"`
	What string    `json:"what"`
}

// Tell tells the story of c at now; days are those of now's zone.
func Tell(c Claim, now time.Time, o StoryOptions) Tale {
	s := Tale{At: now, Claim: particulars(c, o.Reveal), Standing: c.Headline(now), Money: moneyOf(c, now), Open: c.open(now)}
	s.WaitsFor, s.NextStep = c.WaitingOn(now)
	s.Orders = make([]TaleLine, 0, len(c.Orders))
	for _, order := range c.Orders {
		s.Orders = append(s.Orders, TaleLine{At: order.CreatedAt, What: orderWords(order, now)})
	}
	told := c.Timeline
	if o.Events > 0 && len(told) > o.Events {
		s.Earlier = len(told) - o.Events
		told = told[:o.Events]
	}
	s.Events = make([]TaleLine, 0, len(told))
	for _, e := range slices.Backward(told) {
		s.Events = append(s.Events, TaleLine{At: e.At, What: e.Summary})
	}
	return s
}

// StoryJSON is the story of c as JSON.
func StoryJSON(c Claim, now time.Time, o StoryOptions) (json.RawMessage, error) {
	raw, err := json.Marshal(Tell(c, now, o))
	if err != nil {
		return nil, fmt.Errorf("the story of claim %s cannot be written: %w", c.Number, err)
	}
	return raw, nil
}

func particulars(c Claim, reveal bool) TaleClaim {
	hide := activity.Mask
	if reveal {
		hide = func(s string) string { return s }
	}
	year := ""
	if c.Vehicle.Year > 0 {
		year = fmt.Sprint(c.Vehicle.Year)
	}
	return TaleClaim{
		ID: c.ID, Number: c.Number, VIN: c.VIN, Vehicle: words(" ", year, c.Vehicle.Make, c.Vehicle.Model),
		Owner: c.Owner.Name, OwnerPhone: hide(c.Owner.Phone), Lender: c.Lender, AccountNumber: hide(c.AccountNumber),
		FinanceType: c.FinanceType, InsurerType: c.InsurerType, DateOfLoss: c.DateOfLoss,
		OwnerRetained: c.OwnerRetained != nil && *c.OwnerRetained,
	}
}

func moneyOf(c Claim, now time.Time) TaleMoney {
	m := TaleMoney{
		Settlement: c.Settlement, Deductible: c.Deductible, Payoff: c.Payoff.Amount, PerDiem: c.Payoff.PerDiem,
		ValidThrough: c.Payoff.ValidThrough,
	}
	if days, ok := c.BusinessDaysLeft(now); ok {
		m.BusinessDaysLeft = &days
	}
	if gap, ok := c.Shortfall(); ok {
		m.Shortfall = &gap
	}
	for _, p := range c.Payments {
		m.Payments = append(m.Payments, paymentWords(p, now))
	}
	return m
}

func paymentWords(p Payment, now time.Time) string {
	amount, sent, tracking, to := "an unknown amount", "", "", ""
	if p.Amount != nil {
		amount = money.Format(*p.Amount)
	}
	if p.SentAt != "" {
		sent = "sent " + dayWords(p.SentAt, now)
	}
	if p.Tracking != "" {
		tracking = "tracking " + p.Tracking
	}
	if p.To != "" {
		to = "to " + p.To
	}
	via := p.Via
	if via != "" {
		via = "by " + via
	}
	return words(", ", words(" ", amount, sent, via), tracking, to)
}

// orderWords is an order in a line: what it is, how it stands, and what was tried.
func orderWords(o Order, now time.Time) string {
	status, tried, follow := o.Status, "", ""
	switch {
	case settled(o.Status) && !o.ChangedAt.IsZero():
		status += " " + momentDay(o.ChangedAt, now)
	case !o.CreatedAt.IsZero():
		status += " since " + momentDay(o.CreatedAt, now)
	}
	if o.Attempts > 0 {
		tried = count(o.Attempts, "attempt")
	}
	if o.LastNote != "" {
		tried = words(", ", tried, "last: "+o.LastNote)
	}
	if o.FollowUp != "" && !settled(o.Status) {
		follow = "follow-up " + dayWords(o.FollowUp, now)
	}
	return words(": ", orderName(o), words(", ", status, tried, follow))
}

// open lists what keeps the claim from its end, the most urgent first.
func (c Claim) open(now time.Time) []string {
	list := []string{}
	if m, waits := c.Unanswered(); waits {
		list = append(list, words(": ", "LossExpress asks since "+momentDay(m.At, now), oneParagraph(m.Text)))
	}
	if counter, waits := c.OpenCounter(); waits {
		list = append(list, words(": ", "Lender's counter of "+momentDay(counter.At, now)+" is not answered", oneParagraph(counter.Description)))
	}
	asked := c.PayoffRequest.State != NotRequested || c.Guarantee.State != NotRequested || c.Payoff.Amount != nil
	if missing := c.MissingDocuments(); len(missing) > 0 && !asked && len(c.Payments) == 0 {
		list = append(list, "Documents missing: "+strings.Join(missing, ", "))
	}
	if c.Payoff.Amount == nil {
		list = append(list, requestWords("Payoff", c.PayoffRequest, now))
	}
	if c.Guarantee.State != Fulfilled {
		said := requestWords("Letter of guarantee", c.Guarantee.Request, now)
		if c.Guarantee.State == Pending && !c.Guarantee.Estimate.IsZero() {
			said += ", expected " + momentDay(c.Guarantee.Estimate, now)
		}
		list = append(list, said)
	}
	if len(c.Payments) == 0 {
		list = append(list, "Payment not sent")
	}
	return list
}

func requestWords(what string, r Request, now time.Time) string {
	switch r.State {
	case Pending:
		return what + " requested " + momentDay(r.At, now) + ", not here yet"
	case Cancelled:
		return what + " request cancelled " + momentDay(r.At, now)
	case Fulfilled:
		return what + " answered " + momentDay(r.At, now) + " without an amount"
	case NotRequested:
	}
	return what + " not requested"
}

// momentDay is the day of a moment in now's zone.
func momentDay(at, now time.Time) string {
	return dayWords(at.In(now.Location()).Format(time.DateOnly), now)
}

// maxQuoted is how many runes of what somebody wrote are quoted in a line.
const maxQuoted = 400

// oneParagraph is a text of several lines in one, cut where it gets long.
func oneParagraph(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxQuoted {
		return string(r[:maxQuoted]) + "…"
	}
	return s
}

// words joins the parts that are not empty.
func words(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}
