package activity

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"claimdeck/state/activity/wire"
	"claimdeck/state/money"
	"claimdeck/state/text"
)

// infoField is one key of a ClaimInfo: how it is called, read, shown and copied. Exactly one of the accessors at
// the end is set.
type infoField struct {
	key, alias string
	label      string
	sensitive  bool
	day        bool // a text that is a calendar day
	address    bool // a text that some versions send as an object

	text    func(*ClaimInfo) *string
	amount  func(*ClaimInfo) **decimal.Decimal
	plain   func(*ClaimInfo) **decimal.Decimal // a number that is no money
	flag    func(*ClaimInfo) **bool
	vehicle func(*ClaimInfo) *Vehicle
}

// infoFields are the known keys, in the order of the document. A FieldSet counts by their index.
var infoFields = [...]infoField{
	{key: "claimNumber", label: "claim number", text: func(c *ClaimInfo) *string { return &c.ClaimNumber }},
	{key: "externalId", label: "external id", text: func(c *ClaimInfo) *string { return &c.ExternalID }},
	{key: "accountNumber", label: "account number", sensitive: true, text: func(c *ClaimInfo) *string { return &c.AccountNumber }},
	{key: "adjusterName", label: "adjuster", text: func(c *ClaimInfo) *string { return &c.AdjusterName }},
	{key: "adjusterEmailAddress", label: "adjuster email", text: func(c *ClaimInfo) *string { return &c.AdjusterEmail }},
	{key: "adjusterPhoneNumber", label: "adjuster phone", sensitive: true, text: func(c *ClaimInfo) *string { return &c.AdjusterPhone }},
	{key: "causeOfLoss", label: "cause of loss", text: func(c *ClaimInfo) *string { return &c.CauseOfLoss }},
	{key: "dateOfLoss", label: "date of loss", day: true, text: func(c *ClaimInfo) *string { return &c.DateOfLoss }},
	{key: "deductible", label: "deductible", amount: func(c *ClaimInfo) **decimal.Decimal { return &c.Deductible }},
	{key: "financeType", label: "finance type", text: func(c *ClaimInfo) *string { return &c.FinanceType }},
	{key: "insurerType", label: "insurer type", text: func(c *ClaimInfo) *string { return &c.InsurerType }},
	{key: "lenderName", label: "lender", text: func(c *ClaimInfo) *string { return &c.LenderName }},
	{key: "lenderId", label: "lender id", text: func(c *ClaimInfo) *string { return &c.LenderID }},
	{key: "lenderPhoneNumber", label: "lender phone", text: func(c *ClaimInfo) *string { return &c.LenderPhone }},
	{key: "lenderAddress", label: "lender address", address: true, text: func(c *ClaimInfo) *string { return &c.LenderAddress }},
	{key: "odometer", label: "odometer", plain: func(c *ClaimInfo) **decimal.Decimal { return &c.Odometer }},
	{key: "ownersName", label: "owner", text: func(c *ClaimInfo) *string { return &c.OwnerName }},
	{key: "ownersPhoneNumber", label: "owner phone", sensitive: true, text: func(c *ClaimInfo) *string { return &c.OwnerPhone }},
	{key: "ownerRetained", alias: "ownersRetained", label: "owner retained", flag: func(c *ClaimInfo) **bool { return &c.OwnerRetained }},
	{key: "ownersStreetAddress", label: "owner address", address: true, text: func(c *ClaimInfo) *string { return &c.OwnerAddress }},
	{key: "settlementAmount", label: "settlement amount", amount: func(c *ClaimInfo) **decimal.Decimal { return &c.Settlement }},
	{key: "titleRemittanceAddress", label: "title remittance address", address: true, text: func(c *ClaimInfo) *string { return &c.TitleRemittance }},
	{key: "vehicle", label: "vehicle", vehicle: func(c *ClaimInfo) *Vehicle { return &c.Vehicle }},
	{key: "vehicleLocation", label: "vehicle location", address: true, text: func(c *ClaimInfo) *string { return &c.VehicleLocation }},
	{key: "vin", label: "VIN", text: func(c *ClaimInfo) *string { return &c.VIN }},
}

// infoIndex finds a key; -1 when it is not known.
func infoIndex(name string) int {
	for i := range infoFields {
		if f := &infoFields[i]; f.key == name || f.alias == name {
			return i
		}
	}
	for i := range infoFields {
		if f := &infoFields[i]; strings.EqualFold(f.key, name) || strings.EqualFold(f.alias, name) {
			return i
		}
	}
	return -1
}

func foldedIn(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// read reads the field out of r, under the name by which it was sent.
func (f *infoField) read(r *wire.Reader, name string, c *ClaimInfo) {
	switch {
	case f.text != nil && f.day:
		*f.text(c) = r.Day(name)
	case f.text != nil && f.address:
		*f.text(c) = readOneLine(r, name)
	case f.text != nil:
		*f.text(c) = r.Line(name)
	case f.amount != nil:
		*f.amount(c) = r.Amount(name)
	case f.plain != nil:
		*f.plain(c) = r.Amount(name)
	case f.flag != nil:
		*f.flag(c) = r.Flag(name)
	case f.vehicle != nil:
		*f.vehicle(c) = readVehicle(r, name)
	}
}

func (f *infoField) copy(to, from *ClaimInfo) {
	switch {
	case f.text != nil:
		*f.text(to) = *f.text(from)
	case f.amount != nil:
		*f.amount(to) = *f.amount(from)
	case f.plain != nil:
		*f.plain(to) = *f.plain(from)
	case f.flag != nil:
		*f.flag(to) = *f.flag(from)
	case f.vehicle != nil:
		*f.vehicle(to) = *f.vehicle(from)
	}
}

// show returns the value for people; empty when it has none.
func (f *infoField) show(c *ClaimInfo) string {
	switch {
	case f.text != nil:
		return *f.text(c)
	case f.amount != nil:
		if d := *f.amount(c); d != nil {
			return money.Format(*d)
		}
	case f.plain != nil:
		if d := *f.plain(c); d != nil {
			return d.String()
		}
	case f.flag != nil:
		if b := *f.flag(c); b != nil {
			return map[bool]string{true: "yes", false: "no"}[*b]
		}
	case f.vehicle != nil:
		return f.vehicle(c).String()
	}
	return ""
}

func readVehicle(r *wire.Reader, name string) Vehicle {
	var buffer [6]wire.Field
	part := r.Object(name, buffer[:0])
	v := Vehicle{Year: part.Count("year"), Make: part.Line("make"), Model: part.Line("model")}
	r.Also(&part)
	return v
}

// readOneLine reads an address that is one text, or an object in some versions of the API.
func readOneLine(r *wire.Reader, name string) string {
	if r.Fields.Get(name).Kind() == wire.Number {
		return r.Line(name)
	}
	return readAddress(r, name).String()
}

// spaced turns the key "titledState" into "titled state".
func spaced(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte(' ')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return text.Line(b.String())
}

// SensitiveName reports whether a key that is not known here may hold something that is not for every eye.
func SensitiveName(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"account", "phone", "ssn", "social", "birth", "dob", "license", "secret", "token", "password"},
		func(part string) bool { return strings.Contains(name, part) })
}

// Mask hides a sensitive value: the last four letters or digits stay when there are at least eight, punctuation
// always does.
func Mask(s string) string {
	runes := []rune(s)
	significant := 0
	for _, r := range runes {
		if wordRune(r) {
			significant++
		}
	}
	keep := 0
	if significant >= 8 {
		keep = 4
	}
	for i, r := range runes {
		if wordRune(r) {
			if significant > keep {
				runes[i] = '•'
			}
			significant--
		}
	}
	return string(runes)
}
