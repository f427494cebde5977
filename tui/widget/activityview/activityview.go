// Package activityview tells one activity in full: what happened in words, when to the millisecond, who did it, and
// every field that its type carries. It is pure: an activity, a width and a moment in, lines out.
package activityview

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/activity"
	"claimdeck/state/money"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/ago"
	"claimdeck/tui/widget/row"
	"claimdeck/tui/widget/sheet"
)

// View is how activities are drawn.
type View struct {
	Look     *screen.Look
	Now      time.Time // in the person's zone
	Revealed bool      // account and phone numbers are shown
}

// labelWidth holds the longest label, "Title remittance address".
const labelWidth = 25

// page is one activity being written.
type page struct{ *sheet.Sheet }

func (v View) page(w int) *page {
	return &page{&sheet.Sheet{Look: v.Look, Now: v.Now, Revealed: v.Revealed, W: w, Label: labelWidth}}
}

// Lines tells a in full, in lines of at most w cells.
func (v View) Lines(a activity.Activity, w int) []string {
	p := v.page(w)
	p.Para(a.Summary(), 1, p.Look.Pens.Title)
	p.Gap()
	p.when(a.CreatedAt)
	p.Fact("Claim", a.ClaimNumber)
	p.Fact("External id", a.ExternalID)
	p.Fact("By", by(a))
	p.Whole("Type", activity.Label(a.Type)+" ("+string(a.Type)+")")
	p.data(a)
	p.Gap()
	p.Whole("Activity id", a.ID)
	p.Whole("Claim id", a.ClaimID)
	return p.Lines
}

// when says the moment in the person's zone, how long ago that is, and the exact instant.
func (p *page) when(t time.Time) {
	if t.IsZero() {
		p.Fact("When", "LossExpress sent no time that can be read")
		return
	}
	p.Whole("When", t.In(p.Now.Location()).Format("Mon Jan 2 2006, 15:04:05 MST")+", "+age(p.Now.Sub(t)))
	p.Whole("Exactly", t.UTC().Format("2006-01-02T15:04:05.000Z")+" (UTC)")
}

// age says how long ago something was.
func age(d time.Duration) string {
	if d < 0 {
		return "ahead of this computer's clock"
	}
	return ago.Words(d)
}

func by(a activity.Activity) string {
	name := ""
	switch d := a.Data.(type) {
	case activity.DirectMessage:
		name = d.SentBy
	case activity.NewDocument:
		name = d.SentBy
	}
	fromLX, known := a.FromLossExpress()
	switch {
	case known && fromLX:
		return "LossExpress"
	case known && name != "":
		return name + ", on our side"
	case known:
		return "our side"
	}
	return "not told"
}

// data writes what the type carries.
func (p *page) data(a activity.Activity) {
	p.Gap()
	switch d := a.Data.(type) {
	case activity.AccountView:
		p.None("The account number of this claim was looked at. The feed does not say which one it was.")
	case activity.Call:
		p.call(d)
	case activity.NewClaim:
		p.newClaim(d)
	case activity.ClaimChange:
		p.changes(d)
	case activity.LenderVerified:
		p.lender(d)
	case activity.DirectMessage:
		p.message(d)
	case activity.NewDocument:
		p.Fact("Document type", d.DocType)
		p.document(d.Document)
	case activity.SentDocument:
		p.document(d.Document)
	case activity.Guarantee:
		p.document(d.Document)
	case activity.GuaranteeRequest:
		p.estimate(d)
	case activity.Counter:
		p.block("What the lender said", d.Description)
		p.document(d.Document)
	case activity.CounterAnswer:
		p.answer(d)
	case activity.Unknown:
		p.unknown(a, d)
	default:
		p.orderData(a)
	}
}

// orderData writes what the types of money and orders carry, and those that carry nothing.
func (p *page) orderData(a activity.Activity) {
	switch d := a.Data.(type) {
	case activity.PayoffData:
		p.payoff(d)
	case activity.Payment:
		p.payment(d)
	case activity.NewOrder:
		p.order(d.OrderID, d.OrderType)
	case activity.CancelledOrder:
		p.order(d.OrderID, "")
	case activity.FulfilledOrder:
		p.order(d.OrderID, d.OrderType)
		p.document(d.Document)
	case activity.OrderAttempt:
		p.attempt(d)
	case activity.OrderFollowUp:
		p.order(d.OrderID, "")
		p.Fact("Next follow-up", fallback(p.Date(d.Day), "none"))
	case activity.OrderStatus:
		p.status(d)
	default:
		p.None("The type says it all: it carries nothing else.")
	}
}

func (p *page) call(d activity.Call) {
	if d.Minutes == nil {
		p.Fact("Length", "not told")
		return
	}
	p.Fact("Length", d.Minutes.String()+" min")
}

// newClaim is everything that was stated when the claim was created.
func (p *page) newClaim(d activity.NewClaim) {
	p.Section("As it was created")
	for _, c := range (activity.ClaimChange{Update: d.ClaimInfo}).Changes() {
		p.Whole(sentence(c.Name), p.value(c.New, c.Sensitive))
	}
}

// changes are the fields of claim-updated, old and new.
func (p *page) changes(d activity.ClaimChange) {
	changes := d.Changes()
	if len(changes) == 0 {
		p.None("No field is named as changed.")
		return
	}
	p.Section("What changed")
	for _, c := range changes {
		was := fallback(p.value(c.Old, c.Sensitive), "(nothing)")
		is := fallback(p.value(c.New, c.Sensitive), "(nothing)")
		p.Whole(sentence(c.Name), was+" "+p.Look.Glyphs.Arrow+" "+is)
	}
}

func (p *page) value(s string, sensitive bool) string {
	if sensitive && !p.Revealed {
		return strings.ReplaceAll(activity.Mask(s), "•", p.Look.Glyphs.Masked)
	}
	return s
}

func (p *page) lender(d activity.LenderVerified) {
	p.Fact("Lender", d.Name)
	p.Whole("Lender id", d.ID)
	p.Whole("Id before", d.PreviousID)
	if d.Alias {
		p.None("The name on the claim is another name of this lender.")
	}
}

func (p *page) message(d activity.DirectMessage) {
	p.Fact("Category", strings.ToLower(d.Category))
	if d.Asks() {
		p.Fact("Action required", "yes: LossExpress waits for an answer")
	}
	p.block("Message", fallback(d.Text, "(no words)"))
	if len(d.Orders) > 0 {
		p.Section("Orders that wait for the answer")
		p.orders(d.Orders)
	}
}

func (p *page) estimate(d activity.GuaranteeRequest) {
	if d.Estimate.IsZero() {
		p.Fact("Expected", "no estimate was given")
		return
	}
	p.Whole("Expected", d.Estimate.In(p.Now.Location()).Format("Mon Jan 2 2006, 15:04")+", an estimate from this lender's past")
}

func (p *page) answer(d activity.CounterAnswer) {
	if d.IsDispute() {
		p.Fact("Answer", "disputed")
		p.block("Reason", fallback(d.Reason, "(none was given)"))
		return
	}
	p.Fact("Answer", "accepted")
	if d.ID != "" {
		p.Fact("New breakdown", "attached")
	}
	p.document(d.Document)
}

func (p *page) payoff(d activity.PayoffData) {
	p.amount("Payoff", d.Amount)
	p.amount("Per diem", d.PerDiem)
	p.Fact("Good through", p.Date(d.ValidThrough))
	if d.Amount == nil && d.PerDiem == nil && d.ValidThrough == "" {
		p.None("A part of the quote: amounts and date are as they were before.")
	}
	p.address("By mail (standard)", d.Standard)
	p.address("By courier (overnight)", d.Overnight)
	if d.ID != "" {
		p.Section("Payoff letter")
		p.document(d.Document)
	}
}

func (p *page) payment(d activity.Payment) {
	p.amount("Amount", d.Amount)
	p.Fact("Sent on", p.Date(d.SentOn))
	p.Fact("Sent by", d.Via)
	p.Whole("Tracking number", d.Tracking)
	if d.To != (activity.Address{}) {
		p.address("Sent to", &d.To)
	}
}

func (p *page) amount(name string, d *decimal.Decimal) {
	if d != nil {
		p.Fact(name, money.FormatExact(*d))
	}
}

func (p *page) address(title string, a *activity.Address) {
	if a == nil {
		return
	}
	p.Section(title)
	for _, line := range []string{a.Payee, a.Attn, a.Street, a.Street2, strings.TrimSpace(join(", ", a.City, a.State) + " " + a.ZIP)} {
		if line != "" {
			p.Para(line, 2, row.Pen{})
		}
	}
}

// document names a document. Its address is shown, but the host in it is not to be trusted: documents are fetched by
// their id.
func (p *page) document(d activity.Document) {
	p.Whole("Document id", d.ID)
	if d.URL != d.ID {
		p.Whole("Document link", d.URL)
	}
}

// block is a text of several lines under a heading.
func (p *page) block(title, text string) {
	if text == "" {
		return
	}
	p.Section(title)
	p.Para(text, 2, row.Pen{})
	p.Gap()
}

// unknown is what nobody expected, field by field.
func (p *page) unknown(a activity.Activity, d activity.Unknown) {
	if len(d.Fields) == 0 {
		p.None("It carries nothing else that can be read.")
		return
	}
	p.Section("What it carries")
	for _, f := range d.Fields {
		p.Whole(f.Name, p.value(f.Text, activity.SensitiveName(f.Name)))
	}
	if a.Type != "" {
		p.Gap()
		p.None("This is not a form of this activity that is documented. The raw JSON has all of it.")
	}
}

func join(sep string, parts ...string) string {
	kept := parts[:0:0]
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, sep)
}

func fallback(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
