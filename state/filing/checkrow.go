package filing

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/shopspring/decimal"

	"claimdeck/state/money"
)

// number reads an amount or a flag; what is not there is zero. False: it cannot be read.
func (f *facts) number(name string) (decimal.Decimal, bool) {
	v := f.values[name]
	switch v.shape {
	case absent:
		return decimal.Zero, true
	case aNumber, aText:
		return money.Number(v.text)
	case aBool, anObject, aList:
	}
	return decimal.Zero, false
}

// set reports whether a flag is 1.
func (f *facts) set(name string) bool {
	d, ok := f.number(name)
	return ok && d.Equal(decimal.NewFromInt(1))
}

// Sum returns premium + all taxes + all fees of a row, which its total should be; false when one of them is no amount, or
// the premium is not there.
func Sum(r Row) (decimal.Decimal, bool) { return factsOf(r).sum() }

func (f *facts) sum() (decimal.Decimal, bool) {
	if f.values["premium"].shape == absent {
		return decimal.Zero, false
	}
	sum := decimal.Zero
	for _, field := range fieldTable {
		if field.Kind != Amount || field.Name == fieldTotal {
			continue
		}
		d, ok := f.number(field.Name)
		if !ok {
			return decimal.Zero, false
		}
		sum = sum.Add(d)
	}
	return sum, true
}

func checkTotal(f *facts) []Problem {
	sum, ok := f.sum()
	total, readable := f.number(fieldTotal)
	if !ok || !readable || f.values[fieldTotal].shape == absent || sum.Equal(total) {
		return nil
	}
	return []Problem{{
		Field: fieldTotal, Value: f.values[fieldTotal].text, Proposal: sum.StringFixed(2),
		Reason: fmt.Sprintf("premium, taxes and fees come to %s, which is %s off", money.FormatExact(sum), money.FormatExact(sum.Sub(total).Abs())),
		Fix:    "correct the total, or the amount that is wrong; InsCipher would accept it with a warning",
	}}
}

func checkGroup(f *facts) []Problem {
	if !f.set(fieldRPG) {
		return nil
	}
	var problems []Problem
	for _, name := range []string{"purchasing_group_name", "risk_description"} {
		if f.values[name].shape == absent {
			problems = append(problems, Problem{Field: name, Reason: "it is empty, and rpg is 1", Fix: "fill it in, or set rpg to 0"})
		}
	}
	return problems
}

func checkCommission(f *facts) []Problem {
	if f.state != "NH" || f.values[fieldCommission].shape != absent {
		return nil
	}
	return []Problem{{Field: fieldCommission, Reason: "New Hampshire requires it", Fix: "type 1 if commission is received, 0 if not"}}
}

func checkFee(f *facts) []Problem {
	fee, ok := f.number(fieldAgencyFee)
	if f.state != "NH" || !f.set(fieldCommission) || !ok || fee.IsZero() {
		return nil
	}
	return []Problem{{
		Field: fieldAgencyFee, Value: f.values[fieldAgencyFee].text, Proposal: "0.00",
		Reason: "in New Hampshire no policy fee can be charged when commission is received (tax rule 33)",
		Fix:    "remove the fee, or set commission_received to 0",
	}}
}

func checkUtah(f *facts) []Problem {
	if f.state != "UT" {
		return nil
	}
	var problems []Problem
	for _, name := range []string{"exempt", "export_list", "multi_state"} {
		if f.values[name].shape == absent {
			problems = append(problems, Problem{Field: name, Reason: "Utah requires it", Fix: "type 1 for yes, 0 for no"})
		}
	}
	return problems
}

// checkOnly finds the charges of one state in another; a zero is none.
func checkOnly(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		if field.Only == "" || f.state == "" || f.state == field.Only {
			return Problem{}, false
		}
		d, ok := money.Number(v.text)
		return Problem{
			Reason: fmt.Sprintf("it is active in %s only, and the row is filed in %s", field.Only, shown(f.state)),
			Fix:    "remove it, or check the state", Proposal: "0.00",
		}, ok && !d.IsZero()
	})
}

func checkPhysical(f *facts) []Problem {
	if v := f.values[fieldSame]; v.shape == absent || v.text != "0" {
		return nil
	}
	var problems []Problem
	for _, name := range []string{"physical_address", "physical_city", "physical_zip_code", fieldPhysState} {
		if f.values[name].shape == absent {
			problems = append(problems, Problem{
				Field: name, Reason: "it is empty, and the physical address is not the mailing address",
				Fix: "fill it in, or set physical_same_as_mailing to 1",
			})
		}
	}
	return problems
}

// checkDocuments looks at each document. Which documents a filing needs is up to the tax rules of the service: it answers
// 1001 with the code that it misses.
func checkDocuments(f *facts) []Problem {
	var problems []Problem
	add := func(n int, part, value, reason, fix string) {
		problems = append(problems, Problem{Field: DocumentPath(n, part), Value: value, Reason: reason, Fix: fix})
	}
	for i, d := range f.docs {
		n := i + 1
		if !d.object {
			problems = append(problems, Problem{Field: fieldDocuments, Value: string(d.raw), Reason: fmt.Sprintf("document %d is no object", n), Fix: `write it as {"code": "POLIC", "url": "https://…"}`})
			continue
		}
		if code := d.value("code"); code.shape != aText {
			add(n, "code", code.text, fmt.Sprintf("document %d has no code", n), "type the code of the tax rules, such as POLIC")
		}
		switch link := d.value("url"); {
		case link.shape != aText:
			add(n, "url", link.text, fmt.Sprintf("document %d has no URL", n), "type the full address from which InsCipher can download it")
		case !isFullURL(link.text):
			add(n, "url", link.text, fmt.Sprintf("document %d has no full URL", n), "type the whole address, such as https://files.example.com/policy.pdf")
		}
	}
	return problems
}

// isFullURL reports whether s is an absolute http or https URL with a host.
func isFullURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && !strings.ContainsAny(s, " \t\r\n")
}

func checkDocumentIDs(f *facts) []Problem {
	var problems []Problem
	seen := map[string]int{}
	for i, d := range f.docs {
		id := d.value(fieldID).text
		if id == "" {
			continue
		}
		if first := seen[id]; first > 0 {
			problems = append(problems, Problem{
				Field: DocumentPath(i+1, fieldID), Value: id, Reason: fmt.Sprintf("document %d has the id of document %d", i+1, first),
				Fix: "give each document an id of its own, or none",
			})
			continue
		}
		seen[id] = i + 1
	}
	return problems
}
