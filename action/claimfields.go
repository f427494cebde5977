package action

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/money"
	"claimdeck/state/vin"
)

// Flavour is the kind of account: carriers and vendors see different fields.
type Flavour string

// The flavours. The zero value is Carrier.
const (
	Carrier Flavour = "carrier"
	Vendor  Flavour = "vendor"
)

// need is what creating a claim asks of a field.
type need int

const (
	may   need = iota
	must       // it is required
	never      // the account has no such field
)

// claimField is one key of the body of Create Claim and Update Claim.
type claimField struct {
	Field
	carrier, vendor need
	fixed           bool                     // cannot be changed once the claim is there
	phone           bool                     // shown masked
	now             func(claim.Claim) string // as it is known now
}

// need says what the field is to an account.
func (f claimField) need(flavour Flavour) need {
	if flavour == Vendor {
		return f.vendor
	}
	return f.carrier
}

// The sections of the form.
const (
	sectionClaim     = "Claim"
	sectionVehicle   = "Vehicle"
	sectionOwner     = "Owner"
	sectionLender    = "Lender"
	sectionMoney     = "Money"
	sectionAdjuster  = "Adjuster"
	sectionLocations = "Locations"
)

// claimFields are all of them, in the order of the form (remote document: Create Claim).
func claimFields() []claimField {
	return slices.Concat(claimPart(), vehiclePart(), ownerPart(), lenderPart(), moneyPart(), adjusterPart(), locationPart())
}

func in(section, name, flag, label string, carrier, vendor need, now func(claim.Claim) string) claimField {
	return claimField{
		Field:   Field{Name: name, Flag: flag, Label: label, Section: section},
		carrier: carrier, vendor: vendor, now: now,
	}
}

func (f claimField) help(words string) claimField { f.Help = words; return f }

func (f claimField) kind(k Kind) claimField {
	f.Kind = k
	switch k {
	case Money:
		f.Check, f.normal = checkMoney, plainMoney
	case Number:
		f.Check, f.normal = checkNumber, plainNumber
	case Date:
		f.Check, f.normal = checkDay, plainDay
	default:
	}
	return f
}

// from makes the field a choice. What the claim has now is offered too: the service may know more values than it
// documents.
func (f claimField) from(values ...string) claimField {
	now := f.now
	f.Kind = Choice
	f.Options = func(_ context.Context, s Subject) ([]Option, error) {
		options := named(values...)
		if has := now(s.Claim); has != "" && !slices.Contains(values, has) {
			options = append(options, Option{Value: has, Label: has})
		}
		return options, nil
	}
	return f
}

func (f claimField) asPhone() claimField { f.phone, f.normal = true, plainPhone; return f }

func claimPart() []claimField {
	return []claimField{
		in(sectionClaim, "claimNumber", "claim-number", "Claim number", must, must, func(c claim.Claim) string { return c.Number }),
		in(sectionClaim, "carrierId", "carrier-id", "Carrier id", never, must, nil).help("The carrier the claim is for, as LossExpress numbers it.").final(),
		in(sectionClaim, "externalId", "external-id", "External id", never, may, func(c claim.Claim) string { return c.ExternalID }).
			help("Your own id; it comes back with every activity."),
		in(sectionClaim, "dateOfLoss", "date-of-loss", "Date of loss", must, may, func(c claim.Claim) string { return c.DateOfLoss }).
			kind(Date).help("Such as 2026-11-20."),
		in(sectionClaim, "causeOfLoss", "cause-of-loss", "Cause of loss", must, may, func(c claim.Claim) string { return c.CauseOfLoss }).
			from(lossexpress.CausesOfLoss()...),
		in(sectionClaim, "insurerType", "insurer-type", "Insurer type", must, may, func(c claim.Claim) string { return c.InsurerType }).
			from("First Party", "Third Party"),
	}
}

// final marks a field that cannot be changed later.
func (f claimField) final() claimField { f.fixed = true; return f }

func vehiclePart() []claimField {
	number := in(sectionVehicle, "vin", "vin", "VIN", must, must, func(c claim.Claim) string { return c.VIN }).
		help("17 characters; spaces and dashes do not matter.")
	number.normal = vin.Normalise
	return []claimField{
		number,
		in(sectionVehicle, "odometer", "odometer", "Odometer", must, may, func(c claim.Claim) string { return amount(c.Odometer) }).
			kind(Number).help("Miles."),
	}
}

func ownerPart() []claimField {
	return []claimField{
		in(sectionOwner, "ownersName", "owners-name", "Owner", must, may, func(c claim.Claim) string { return c.Owner.Name }),
		in(sectionOwner, "ownersPhoneNumber", "owners-phone-number", "Owner's phone", must, may, func(c claim.Claim) string { return c.Owner.Phone }).
			asPhone(),
		in(sectionOwner, "ownersStreetAddress", "owners-street-address", "Owner's address", must, may, func(c claim.Claim) string { return c.Owner.Address }).
			help("One line: 12200 Test Avenue Dallas TX 75204."),
		in(sectionOwner, "ownersRetained", "owners-retained", "Owner keeps the vehicle", must, may, func(c claim.Claim) string { return yesNo(c.OwnerRetained) }).
			from(no, yes),
	}
}

func lenderPart() []claimField {
	account := in(sectionLender, "accountNumber", "account-number", "Account number", must, may, func(c claim.Claim) string { return c.AccountNumber })
	account.Sensitive = true
	parts := []claimField{
		in(sectionLender, "lenderName", "lender-name", "Lender", must, may, func(c claim.Claim) string { return c.Lender }).
			help("A lender that LossExpress does not know yet is accepted, and verified later."),
		in(sectionLender, "lenderId", "lender-id", "Lender id", never, may, func(c claim.Claim) string { return c.LenderID }).
			help("As LossExpress numbers it, instead of the name."),
		account,
		in(sectionLender, "financeType", "finance-type", "Finance type", must, must, func(c claim.Claim) string { return c.FinanceType }).
			from("Retail", "Lease"),
		in(sectionLender, "lenderPhoneNumber", "lender-phone-number", "Lender's phone", may, may, nil).asPhone().final(),
	}
	for _, part := range [...]struct{ name, flag, label string }{
		{"streetAddress", "lender-street-address", "Lender's street"},
		{"streetAddress2", "lender-street-address2", "Lender's suite"},
		{"city", "lender-city", "Lender's city"},
		{"state", "lender-state", "Lender's state"},
		{"zipCode", "lender-zip-code", "Lender's ZIP"},
	} {
		parts = append(parts, in(sectionLender, "lenderAddress."+part.name, part.flag, part.label, may, may, nil).final())
	}
	return parts
}

func moneyPart() []claimField {
	return []claimField{
		in(sectionMoney, "settlementAmount", "settlement-amount", "Settlement amount", must, may, func(c claim.Claim) string { return amount(c.Settlement) }).
			kind(Money).help("US dollars."),
		in(sectionMoney, "deductible", "deductible", "Deductible", must, may, func(c claim.Claim) string { return amount(c.Deductible) }).
			kind(Money).help("US dollars; 0 where there is none."),
	}
}

func adjusterPart() []claimField {
	return []claimField{
		in(sectionAdjuster, "adjusterName", "adjuster-name", "Adjuster", may, may, func(c claim.Claim) string { return c.Adjuster.Name }),
		in(sectionAdjuster, "adjusterEmailAddress", "adjuster-email-address", "Adjuster's email", may, may, func(c claim.Claim) string { return c.Adjuster.Email }),
		in(sectionAdjuster, "adjusterPhoneNumber", "adjuster-phone-number", "Adjuster's phone", may, may, func(c claim.Claim) string { return c.Adjuster.Phone }).
			asPhone(),
	}
}

func locationPart() []claimField {
	return []claimField{
		in(sectionLocations, "titleRemittanceAddress", "title-remittance-address", "Title remittance address", must, may, func(c claim.Claim) string { return c.TitleRemittance }).
			help("Where the lender mails the title; one line."),
		in(sectionLocations, "vehicleLocation", "vehicle-location", "Vehicle location", may, may, func(c claim.Claim) string { return c.VehicleLocation }).
			help("Only if it is not at the title remittance address."),
	}
}

func amount(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return decimalText(*d)
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return yes
	}
	return no
}

// claimFieldsFor are the fields of the form that creates a claim, or that changes one.
func claimFieldsFor(flavour Flavour, creates bool) []claimField {
	return slices.DeleteFunc(claimFields(), func(f claimField) bool {
		return f.need(flavour) == never || (!creates && f.fixed)
	})
}

// fieldsOfForm are the fields as a form takes them.
func fieldsOfForm(flavour Flavour, creates bool) []Field {
	var fields []Field
	for _, f := range claimFieldsFor(flavour, creates) {
		f.Required = creates && f.need(flavour) == must
		fields = append(fields, f.Field)
	}
	return fields
}

// claimBody writes v into body, a NewClaim or a ClaimChange, by the names of the fields.
func claimBody(v Values, body any) error {
	keys := map[string]any{}
	for _, f := range claimFields() {
		value := v.first(f.Name)
		if value == "" {
			continue
		}
		var sent any = value
		switch {
		case f.Kind == Money, f.Kind == Number:
			sent = json.Number(value)
		case f.Name == "ownersRetained":
			sent = value == yes
		}
		parent, part, deep := strings.Cut(f.Name, ".")
		if !deep {
			keys[f.Name] = sent
			continue
		}
		if keys[parent] == nil {
			keys[parent] = map[string]any{}
		}
		keys[parent].(map[string]any)[part] = sent
	}
	raw, err := json.Marshal(keys)
	if err != nil {
		return fmt.Errorf("what was typed cannot be sent: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(body); err != nil {
		return fmt.Errorf("what was typed cannot be sent: %w", err)
	}
	return nil
}

// changedValues are the values of v that the claim does not have already.
func changedValues(s Subject, v Values) Values {
	changed := Values{}
	for _, f := range claimFields() {
		value := v.first(f.Name)
		if value != "" && f.now != nil && !f.same(f.now(s.Claim), value) {
			changed[f.Name] = []string{value}
		}
	}
	return changed
}

// same reports whether two values of the field mean the same.
func (f claimField) same(a, b string) bool {
	if f.normal != nil {
		a, b = f.normal(a), f.normal(b)
	}
	if f.Kind == Money || f.Kind == Number {
		x, errX := decimal.NewFromString(a)
		y, errY := decimal.NewFromString(b)
		return errX == nil && errY == nil && x.Equal(y)
	}
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

// alike is same for a text that the service may have written in a way of its own.
func (f claimField) alike(now, value string) bool {
	return f.same(now, value) || (f.Kind != Money && f.Kind != Number && begins(now, value))
}

// shown is a value for people.
func (f claimField) shown(value string) string {
	switch {
	case value == "":
		return "empty"
	case f.Sensitive || f.phone:
		return activity.Mask(value)
	case f.Kind == Money:
		if d, err := decimal.NewFromString(value); err == nil {
			return "$" + money.FormatExact(d)
		}
	case f.Kind == Number:
		if d, err := decimal.NewFromString(value); err == nil {
			whole, _, _ := strings.Cut(money.Format(d), ".")
			return whole
		}
	}
	return clip(value)
}
