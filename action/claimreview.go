package action

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"claimdeck/api/lossexpress"
	"claimdeck/state/vin"
)

// farOdometer is beyond what an odometer shows that was read right, in miles.
const farOdometer = 500_000

// reviewCreate looks at a new claim as a whole, for claims that may be the same, and for its lender.
func (r *Registry) reviewCreate(ctx context.Context, s Subject, v Values) (problems map[string]string, warnings []string) {
	if r.deps.Flavour == Vendor && v.first("lenderName") == "" && v.first("lenderId") == "" {
		problems = map[string]string{"lenderName": "give the lender's name, or the lender id"}
	}
	warnings = reviewClaim(s, v, v)
	if len(problems) == 0 && v.first("claimNumber")+v.first("vin") != "" {
		warnings = append(warnings, r.duplicates(ctx, v.first("claimNumber"), v.first("vin"))...)
		warnings = append(warnings, r.oddLender(ctx, v.first("lenderName"))...)
	}
	return problems, warnings
}

// reviewClaim says what is odd about the values that are sent; all are those of the whole form.
func reviewClaim(s Subject, sent, all Values) []string {
	var odd []string
	if number := sent.first("vin"); number != "" {
		odd = append(odd, oddVIN(number)...)
	}
	if at, err := parseDay(sent.first("dateOfLoss")); err == nil && at.After(today(s.Now)) {
		odd = append(odd, "Date of loss: "+at.Format("Jan 2, 2006")+" has not come yet")
	}
	if miles, err := decimal.NewFromString(sent.first("odometer")); err == nil {
		switch {
		case miles.IsZero():
			odd = append(odd, "Odometer: 0 miles")
		case miles.GreaterThan(decimal.NewFromInt(farOdometer)):
			odd = append(odd, "Odometer: more than 500,000 miles; look for a digit too many")
		}
	}
	odd = append(odd, oddMoney(sent, all)...)
	return append(odd, oddForms(sent)...)
}

// oddVIN says what is odd about a VIN. Vehicles made elsewhere often fail the check digit: it is never more than a hint.
func oddVIN(s string) []string {
	r := vin.Check(s)
	switch r.Verdict {
	case vin.WrongLength:
		return []string{fmt.Sprintf("VIN: %s has %d characters, not %d; LossExpress may refuse it", r.VIN, len([]rune(r.VIN)), vin.Length)}
	case vin.WrongLetters:
		words := fmt.Sprintf("VIN: %s has %s, which no VIN has", r.VIN, spelled(r.Odd))
		if r.Suggestion != "" {
			words += ": is it " + r.Suggestion + "?"
		}
		return []string{words}
	case vin.WrongCheck:
		return []string{fmt.Sprintf("VIN: the check digit of %s is %c and should be %c: look for a slip. Vehicles made outside North America often have another one",
			r.VIN, r.VIN[8], r.Expected)}
	default:
		return nil
	}
}

func spelled(letters string) string { return strings.Join(strings.Split(letters, ""), " and ") }

func oddMoney(sent, all Values) []string {
	if sent.first("settlementAmount")+sent.first("deductible") == "" {
		return nil
	}
	settlement, err := decimal.NewFromString(all.first("settlementAmount"))
	if err != nil {
		return nil
	}
	deductible, err := decimal.NewFromString(all.first("deductible"))
	if err == nil && settlement.LessThan(deductible) {
		return []string{"Settlement amount: it is less than the deductible"}
	}
	return nil
}

// oddForms says which values do not look like what their fields are for.
func oddForms(v Values) []string {
	var odd []string
	looks := map[string]func(string) string{
		"adjusterEmailAddress": oddEmail, "lenderAddress.state": oddState, "lenderAddress.zipCode": oddZIP,
	}
	for _, f := range claimFields() {
		look := looks[f.Name]
		if f.phone {
			look = oddPhone
		}
		if value := v.first(f.Name); value != "" && look != nil {
			if words := look(value); words != "" {
				odd = append(odd, fmt.Sprintf("%s: %s %s", f.Label, f.shown(value), words))
			}
		}
	}
	return odd
}

// duplicates looks here and at the service for claims of the same number or VIN.
func (r *Registry) duplicates(ctx context.Context, number, vehicle string) []string {
	var warnings []string
	for _, by := range [...]struct {
		what, ref string
		search    lossexpress.ClaimSearch
	}{
		{"number", number, lossexpress.ClaimSearch{ClaimNumber: number}}, {"VIN", vehicle, lossexpress.ClaimSearch{VIN: vehicle}},
	} {
		if by.ref == "" {
			continue
		}
		found, err := r.find(ctx, by.ref, by.search)
		if len(found) > 0 {
			warnings = append(warnings, fmt.Sprintf("there is already a claim with this %s: %s. Another one is billed again",
				by.what, strings.Join(found, ", ")))
		}
		if err != nil {
			warnings = append(warnings, fmt.Sprintf("LossExpress could not be searched for claims with this %s: %v", by.what, err))
		}
	}
	return warnings
}

// find returns the claims that are stored here or that the service has, in words, each once.
func (r *Registry) find(ctx context.Context, ref string, search lossexpress.ClaimSearch) ([]string, error) {
	var claims []Known
	if r.deps.Known != nil {
		known, err := r.deps.Known(ctx, ref)
		if err != nil {
			return nil, err
		}
		claims = known
	}
	rows, _, err := r.deps.Client.SearchClaims(ctx, search)
	for _, c := range rows {
		claims = append(claims, Known{ID: c.ClaimID, Number: c.ClaimNumber, VIN: c.VIN})
	}
	var words []string
	var seen []string
	for _, c := range claims {
		if slices.Contains(seen, c.ID) {
			continue
		}
		seen = append(seen, c.ID)
		words = append(words, c.Number+tail(filled(c.VIN)))
	}
	return words, err
}

// filled returns the parts that are not empty.
func filled(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}
