package lossexpress

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/sandbox/fault"
)

// pick returns one of the list.
func pick[T any](s *Server, from []T) T { return from[s.rng.IntN(len(from))] }

// between returns a number from low to high, both possible.
func (s *Server) between(low, high int) int { return low + s.rng.IntN(high-low+1) }

// chance is true in the given number of cases out of a hundred.
func (s *Server) chance(percent int) bool { return s.rng.IntN(100) < percent }

// inventClaim returns the fields of a believable new claim, without those that a carrier often leaves out.
func (s *Server) inventClaim(at time.Time) map[string]json.RawMessage {
	m := pick(s, models())
	year := s.between(m.from, min(m.to, at.Year()))
	home, yard := pick(s, places()), pick(s, salvageYards())
	adjuster := pick(s, adjusters())
	values := object{
		"accountNumber":          s.digits(s.between(9, 12)),
		"adjusterName":           adjuster,
		"adjusterEmailAddress":   strings.ToLower(strings.ReplaceAll(adjuster, " ", ".")) + "@meridianmutual.example",
		"adjusterPhoneNumber":    s.phone(),
		"causeOfLoss":            s.cause(),
		"claimNumber":            s.nextNumber(),
		"dateOfLoss":             at.AddDate(0, 0, -s.between(4, 35)).Format(time.DateOnly),
		"deductible":             pick(s, []int{0, 250, 500, 500, 500, 1000, 1000}),
		"financeType":            "Retail",
		"insurerType":            "First Party",
		"lenderName":             s.lenderName(),
		"odometer":               (at.Year()-year)*s.between(8200, 15400) + s.between(900, 9900),
		"ownersName":             s.ownerName(),
		"ownersPhoneNumber":      s.phone(),
		"ownersRetained":         s.chance(7),
		"ownersStreetAddress":    home.line(),
		"settlementAmount":       s.settlement(m, year, at),
		"titleRemittanceAddress": yard.line(),
		"vin":                    m.vin(year, s.between(1000, 899999)),
	}
	if s.chance(18) {
		values["financeType"] = "Lease"
	}
	if s.chance(22) {
		values["insurerType"] = "Third Party"
	}
	if s.chance(30) {
		values["vehicleLocation"] = pick(s, places()).line()
	}
	fields := make(map[string]json.RawMessage, len(values))
	for name, value := range values {
		fields[name] = fault.Encode(value)
	}
	return fields
}

// settlement is what the car is worth, in cents or, one time out of four, in whole dollars.
func (s *Server) settlement(m model, year int, at time.Time) json.Number {
	worth := m.price * (100 - 6*max(0, at.Year()-year-3)) / 100
	worth = max(worth, m.price/3) * s.between(88, 112) / 100
	if s.chance(25) {
		return dollars(int64(worth) * 100)
	}
	return dollars(int64(worth)*100 + int64(s.between(1, 99)))
}

func (s *Server) cause() string {
	if s.chance(60) {
		return pick(s, causes()[:2])
	}
	return pick(s, causes())
}

// lenderName is a known lender, now and then by an alias or one that has to be verified.
func (s *Server) lenderName() string {
	l := pick(s, s.lenders[:8])
	switch {
	case s.chance(8):
		return pick(s, unknownLenders())
	case s.chance(10):
		return pick(s, l.Aliases)
	}
	return l.Name
}

// nextNumber is the claim number after the last one.
func (s *Server) nextNumber() string {
	s.number += s.between(1, 3)
	return "EX-" + strconv.Itoa(20329+s.number)
}

// ownerName goes through the owners one by one, so that a person has few claims.
func (s *Server) ownerName() string {
	list := owners()
	return list[len(s.claims)%len(list)]
}

func (s *Server) phone() string {
	area := pick(s, []string{"214", "312", "404", "480", "504", "614", "702", "718", "919", "206"})
	return fmt.Sprintf("+1%s55501%02d", area, s.rng.IntN(100))
}

// digits is a number of n digits that does not begin with 0.
func (s *Server) digits(n int) string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(s.between(1, 9)))
	for range n - 1 {
		b.WriteString(strconv.Itoa(s.rng.IntN(10)))
	}
	return b.String()
}

// newQuote is what the lender says the loan costs, good for some days. A second quote on a claim is a few days of
// interest above the first.
func (s *Server) newQuote(c *claim, at time.Time, goodFor int) quote {
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	q := quote{validThrough: day.AddDate(0, 0, goodFor)}
	q.perDiem = decimal.New(int64(s.between(105, 899)), -2)
	if s.chance(10) {
		q.perDiem = decimal.New(int64(s.between(1050, 8990)), -3)
	}
	if named := payoffAmount(c); !named.IsZero() {
		q.amount = named.Add(q.perDiem.Mul(decimal.New(int64(s.between(3, 9)), 0))).Round(2)
		return q
	}
	share := decimal.New(int64(s.between(48, 131)), -2)
	q.amount = c.money("settlementAmount").Mul(share).Truncate(0)
	if q.amount.IsZero() {
		q.amount = decimal.New(int64(s.between(4000, 24000)), 0)
	}
	if !s.chance(25) {
		q.amount = q.amount.Add(decimal.New(int64(s.between(1, 99)), -2))
	}
	return q
}

// payoffAmount is what the lender has named, or zero.
func payoffAmount(c *claim) decimal.Decimal {
	if c.payoff == nil {
		return decimal.Zero
	}
	d, _ := decimal.NewFromString(fmt.Sprint(c.payoff.data["payoffAmount"]))
	return d
}

// call tells of a call to the lender.
func (s *Server) call(c *claim, at time.Time) {
	s.emit(c, activityCall, object{"callLength": s.between(2, 48)}, at)
}

// view tells that somebody looked at the account number.
func (s *Server) view(c *claim, at time.Time) {
	s.emit(c, "account-number-viewed", object{"viewedByLossExpress": s.chance(80)}, at)
}

// chase tells that the lender was contacted about what is pending.
func (s *Server) chase(c *claim, at time.Time) {
	s.emit(c, "request-pending-lender-contacted", object{}, at)
}

// correct lets LossExpress put the account number right.
func (s *Server) correct(c *claim, at time.Time) {
	number := fault.Encode(s.digits(len(c.text("accountNumber"))))
	s.updateClaim(c, map[string]json.RawMessage{"accountNumber": number}, true, at)
}

// verifyLender settles who an unknown lender is: an alias of a known one, or a new one.
func (s *Server) verifyLender(c *claim, at time.Time) {
	name := c.text("lenderName")
	for _, l := range s.lenders {
		if len(name) > 6 && strings.EqualFold(name[:3], l.Name[:3]) {
			previous := s.id()
			l.Aliases = append(l.Aliases, name)
			c.fields["lenderId"] = fault.Encode(l.ID)
			s.emit(c, "lender-alias-verified", object{
				"previousLenderId": previous, "lenderId": l.ID, "lenderName": l.Name,
			}, at)
			return
		}
	}
	l := &lender{ID: s.id(), Name: name, Aliases: []string{}, payTo: strings.ToUpper(name), phone: s.phone()}
	at1, at2 := pick(s, places()), pick(s, places())
	l.standard = address{StreetAddress: at1.street, City: at1.city, State: at1.state, ZipCode: at1.zip}
	l.overnight = address{StreetAddress: at2.street, City: at2.city, State: at2.state, ZipCode: at2.zip}
	s.lenders = append(s.lenders, l)
	c.fields["lenderId"] = fault.Encode(l.ID)
	s.emit(c, "new-lender-verified", object{"lenderId": l.ID, "lenderName": l.Name}, at)
}

// check is the payment of the payoff: what payment-sent carries.
func (s *Server) check(c *claim, at time.Time) object {
	data := object{"checkAmount": amount(payoffAmount(c).Ceil()), "sentAt": stamp(at.Add(-time.Duration(s.between(5, 90)) * time.Minute))}
	if s.chance(85) {
		data["sentVia"] = pick(s, []string{"USPS", "FedEx", "UPS", "ACH"})
	}
	if via, _ := data["sentVia"].(string); slices.Contains([]string{"FedEx", "UPS"}, via) {
		data["trackingNumber"] = s.digits(12)
	}
	if l := s.lenderOf(c); l != nil && s.chance(70) {
		to := object{"streetAddress": l.standard.StreetAddress, "city": l.standard.City, "state": l.standard.State, "zipCode": l.standard.ZipCode}
		if l.standard.StreetAddress2 != "" {
			to["streetAddress2"] = l.standard.StreetAddress2
		}
		data["sentTo"] = to
	}
	return data
}
