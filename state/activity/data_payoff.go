package activity

import (
	"github.com/shopspring/decimal"

	"claimdeck/state/activity/wire"
	"claimdeck/state/money"
)

// PayoffData is the data of payoff-data-added, the fulfillmentData of a payoff order, and the payoffData of a claim.
// Any part may be missing: the feed sends what changed.
type PayoffData struct {
	Amount, PerDiem *decimal.Decimal
	ValidThrough    string   // YYYY-MM-DD: the day that was written, in no zone
	Standard        *Address // nil: not sent
	Overnight       *Address
	Document
}

// Address is where mail goes.
type Address struct {
	Payee, Attn, Street, Street2, City, State, ZIP string
}

// String returns the address in one line, without payee and attention line.
func (a Address) String() string {
	return join(", ", a.Street, a.Street2, join(" ", a.City, a.State, a.ZIP))
}

func readPayoffData(r *wire.Reader) Data { return readPayoff(r) }

// ReadPayoff reads payoff data out of an object.
func ReadPayoff(r *wire.Reader) PayoffData { return readPayoff(r) }

func readPayoff(r *wire.Reader) PayoffData {
	d := PayoffData{
		Amount:       r.Amount("payoffAmount"),
		PerDiem:      r.Amount("perDiem"),
		ValidThrough: r.Day("validThroughDate"),
		Document:     ReadDocument(r),
	}
	var buffer [4]wire.Field
	remittance := r.Object("remittanceInformation", buffer[:0])
	d.Standard = readRemittance(&remittance, "standard")
	d.Overnight = readRemittance(&remittance, "overnight")
	r.Also(&remittance)
	return d
}

func readRemittance(r *wire.Reader, name string) *Address {
	a := readAddress(r, name)
	if a == (Address{}) {
		return nil
	}
	return &a
}

// readAddress reads an address that is an object; a plain text counts as its street.
func readAddress(r *wire.Reader, name string) Address {
	if r.Fields.Get(name).Kind() == wire.String {
		return Address{Street: r.Line(name)}
	}
	var buffer [8]wire.Field
	part := r.Object(name, buffer[:0])
	a := Address{
		Payee:   part.Line("makeCheckPayableTo"),
		Attn:    part.Line("attn"),
		Street:  part.Line("streetAddress"),
		Street2: part.Line("streetAddress2"),
		City:    part.Line("city"),
		State:   part.Line("state"),
		ZIP:     part.Line("zipCode"),
	}
	r.Also(&part)
	return a
}

// Known reports whether anything was sent at all.
func (d PayoffData) Known() bool {
	return d.Amount != nil || d.PerDiem != nil || d.ValidThrough != "" || d.Standard != nil || d.Overnight != nil || d.ID != ""
}

// say leads with the amount; a part that comes without it says what it brings.
func (d PayoffData) say(a *Activity) string {
	until := ""
	if d.ValidThrough != "" {
		until = "good to " + day(d.ValidThrough, a.CreatedAt)
	}
	if d.Amount != nil {
		return join(", ", "Payoff "+money.Format(*d.Amount), until)
	}
	perDiem := ""
	if d.PerDiem != nil {
		perDiem = "per diem " + money.FormatExact(*d.PerDiem)
	}
	if parts := join(", ", perDiem, until); parts != "" {
		return "Payoff update: " + parts
	}
	switch {
	case d.Standard != nil:
		return after("Payoff address", join(", ", d.Standard.Payee, d.Standard.String()))
	case d.Overnight != nil:
		return after("Payoff overnight address", join(", ", d.Overnight.Payee, d.Overnight.String()))
	case d.ID != "":
		return "Payoff letter arrived"
	}
	return "Payoff update"
}

func (d PayoffData) tone() Tone {
	if d.Amount != nil {
		return Good
	}
	return Neutral
}

// Payment is the data of payment-sent: somebody acknowledged that a check is on its way.
type Payment struct {
	Amount        *decimal.Decimal
	SentOn        string // YYYY-MM-DD: the day that was written
	To            Address
	Via, Tracking string
}

func readPayment(r *wire.Reader) Data {
	return Payment{
		Amount:   r.Amount("checkAmount"),
		SentOn:   r.Day("sentAt"),
		To:       readAddress(r, "sentTo"),
		Via:      r.Line("sentVia"),
		Tracking: r.Line("trackingNumber"),
	}
}

func (d Payment) say(*Activity) string {
	s := after("Payment sent", formatted(d.Amount))
	if d.Via != "" {
		s += " by " + d.Via
	}
	return s
}

func (Payment) tone() Tone { return Good }
