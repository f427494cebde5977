package action

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/claim"
	"claimdeck/state/money"
)

// variable is a place in a template that a value of the claim fills.
var variable = regexp.MustCompile(`\{[a-z_]+\}`)

// variables are what a template may speak of. A value that is not known is empty.
var variables = [...]struct {
	name  string
	value func(c claim.Claim, now time.Time) string
}{
	{"claim", func(c claim.Claim, _ time.Time) string { return c.Number }},
	{"vin", func(c claim.Claim, _ time.Time) string { return c.VIN }},
	{"vehicle", func(c claim.Claim, _ time.Time) string { return vehicleOf(c.Vehicle) }},
	{"lender", func(c claim.Claim, _ time.Time) string { return c.Lender }},
	{"owner", func(c claim.Claim, _ time.Time) string { return c.Owner.Name }},
	{"payoff", func(c claim.Claim, _ time.Time) string { return dollars(c.Payoff.Amount) }},
	{"per_diem", func(c claim.Claim, _ time.Time) string { return dollars(c.Payoff.PerDiem) }},
	{"good_through", func(c claim.Claim, now time.Time) string { return writtenDay(c.Payoff.ValidThrough, now) }},
	{"settlement", func(c claim.Claim, _ time.Time) string { return dollars(c.Settlement) }},
}

// TemplateVariables returns the names that Expand knows.
func TemplateVariables() []string {
	names := make([]string, len(variables))
	for i, v := range variables {
		names[i] = v.name
	}
	return names
}

// Expand fills the variables of a template, written {claim}, with what is known of c. A variable whose value is not
// known stays as it is, so that the person sees what is missing; an error names the variables that do not exist. The
// year of a day is left out when it is that of now.
func Expand(template string, c claim.Claim, now time.Time) (string, error) {
	var strange []string
	expanded := variable.ReplaceAllStringFunc(template, func(place string) string {
		name := strings.Trim(place, "{}")
		for _, v := range variables {
			if v.name != name {
				continue
			}
			if value := v.value(c, now); value != "" {
				return value
			}
			return place
		}
		strange = append(strange, place)
		return place
	})
	if len(strange) > 0 {
		return "", fmt.Errorf("the template speaks of %s, which does not exist: there are {%s}",
			strings.Join(tidy(strange), ", "), strings.Join(TemplateVariables(), "}, {"))
	}
	return expanded, nil
}

func vehicleOf(v claim.Vehicle) string {
	year := ""
	if v.Year > 0 {
		year = strconv.Itoa(v.Year)
	}
	return strings.Join(filled(year, v.Make, v.Model), " ")
}

func dollars(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return "$" + money.FormatExact(*d)
}

// writtenDay writes the day YYYY-MM-DD for people.
func writtenDay(ymd string, now time.Time) string {
	t, err := time.Parse(time.DateOnly, ymd)
	switch {
	case err != nil:
		return ymd
	case t.Year() == now.Year():
		return t.Format("January 2")
	}
	return t.Format("January 2, 2006")
}
