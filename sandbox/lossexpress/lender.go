package lossexpress

import (
	"strings"
)

// lender is an entry of the service's lender database.
type lender struct {
	ID         string   `json:"lenderId"`
	Name       string   `json:"lenderName"`
	Aliases    []string `json:"aliases"`
	Integrated bool     `json:"integratedPayoff"`

	authorization bool // the lender talks only after the customer has agreed
	payTo         string
	phone         string
	standard      address
	overnight     address
}

type address struct {
	Attn           string
	StreetAddress  string
	StreetAddress2 string
	City           string
	State          string
	ZipCode        string
}

// remittance is where a payoff goes, as in payoff data; parts that are empty are absent.
func (l *lender) remittance() object {
	part := func(a address) object {
		o := object{
			"makeCheckPayableTo": l.payTo, "streetAddress": a.StreetAddress, "city": a.City, "state": a.State, "zipCode": a.ZipCode,
		}
		if a.Attn != "" {
			o["attn"] = a.Attn
		}
		if a.StreetAddress2 != "" {
			o["streetAddress2"] = a.StreetAddress2
		}
		return o
	}
	return object{"standard": part(l.standard), "overnight": part(l.overnight)}
}

// getLenders answers GET /lenders (remote document: Vendor API, Lenders).
func (s *Server) getLenders(r *request) reply {
	name := strings.ToLower(plain(r.query("name")))
	if name != "" && len(name) < 3 {
		return *invalid(r.b, wrong{
			path: []string{"name"}, message: "name length must be at least 3 characters long", typ: "string", constraint: "min",
		})
	}
	found := []*lender{}
	for _, l := range s.lenders {
		known := strings.ToLower(l.Name + "\n" + strings.Join(l.Aliases, "\n"))
		switch {
		case !strings.Contains(known, name),
			r.query("integratedPayoffOnly") == "true" && !l.Integrated,
			r.query("customerAuthorizationRequired") == "true" && !l.authorization,
			r.query("customerAuthorizationRequired") == "false" && l.authorization:
			continue
		}
		found = append(found, l)
	}
	return ok(object{"lenders": found, "requestUrl": s.requestURL(r)})
}
