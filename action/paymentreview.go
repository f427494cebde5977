package action

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/claim"
	"claimdeck/state/money"
	"claimdeck/state/reserve"
)

// inTheMail is how many days a check may travel.
const inTheMail = 10

// readyForPayment says what a person should know before a check goes out.
func readyForPayment(s Subject) Readiness {
	switch {
	case len(s.Claim.Payments) > 0:
		last := s.Claim.Payments[len(s.Claim.Payments)-1]
		return Readiness{OK: true, Reason: "a payment was recorded already" + on(s, last.At)}
	case s.Claim.Payoff.Amount == nil:
		return Readiness{OK: true, Reason: "no payoff is known for this claim: its amount cannot be compared", Fix: "payoff.request"}
	}
	return Readiness{OK: true}
}

// reviewPayment asks about cents, and compares the payment with the payoff and with what is set aside for it.
func (r *Registry) reviewPayment(ctx context.Context, s Subject, v Values) (problems map[string]string, warnings []string) {
	amount, err := decimal.NewFromString(v.first(fieldAmount))
	if err != nil {
		return nil, nil // the field itself says so
	}
	switch {
	case !amount.IsPositive():
		problems = map[string]string{fieldAmount: "the check amount is nothing"}
	case !amount.IsInteger() && v.first(fieldCents) == "":
		problems = map[string]string{fieldCents: fmt.Sprintf(
			"$%s has cents, and LossExpress documents whole numbers: choose whole dollars (down or up), or send it as it is (exact)", money.Format(amount))}
	}
	if v.first(fieldSentTo) == toOther && len(typedParts(v)) == 0 {
		if problems == nil {
			problems = map[string]string{}
		}
		problems[fieldSentTo+"."+partsOfAddress[0].name] = "give the address that the check was sent to"
	}
	if sent, err := parseDay(v.first(fieldSentAt)); err == nil {
		warnings = append(warnings, oddPayment(s, amount, sent)...)
	}
	warnings = append(warnings, r.overReserve(ctx, s, amount)...)
	return problems, append(warnings, oddAddress(s, v)...)
}

// overReserve says that a payment exceeds the vehicle reserve, as ClaimCenter told it last. Nobody is asked now: a side
// system must not hold up a payment.
func (r *Registry) overReserve(ctx context.Context, s Subject, amount decimal.Decimal) []string {
	if r.deps.Reserves == nil {
		return nil
	}
	book, known, err := r.deps.Reserves.Book(ctx, s.Claim.ID)
	switch {
	case err != nil:
		return []string{fmt.Sprintf("whether the reserve covers the payment is not known: %v", err)}
	case !known:
		return nil
	}
	finding, ok := reserve.Compare(book, s.Claim, s.Now, reserve.DefaultRule()).Payment(amount)
	if !ok || finding.Level < reserve.Warn {
		return nil
	}
	words := strings.TrimSuffix(finding.Text, ".")
	return []string{fmt.Sprintf("%s%s (%s at ClaimCenter, read %s)",
		strings.ToLower(words[:1]), words[1:], reserve.SumLabel, book.At.In(s.Now.Location()).Format("Jan 2, 15:04"))}
}

// oddPayment compares amount and day with the payoff.
func oddPayment(s Subject, amount decimal.Decimal, sent time.Time) []string {
	var odd []string
	c := s.Claim
	if sent.After(today(s.Now)) {
		odd = append(odd, "Sent on: "+sent.Format("Jan 2, 2006")+" has not come yet")
	}
	if last, err := time.Parse(time.DateOnly, c.Payoff.ValidThrough); err == nil && sent.After(last) {
		odd = append(odd, "the payoff was good through "+last.Format("Jan 2, 2006")+": the lender may want more")
	}
	if want, ok := claim.CheckAmount(c, sent); ok && !claim.Fits(c, amount, sent, inTheMail) {
		words := fmt.Sprintf("the check is $%s, and the payoff on %s is $%s", money.Format(amount), sent.Format("Jan 2"), money.Format(want))
		if perDiem := c.Payoff.PerDiem; perDiem != nil {
			words += " with $" + money.FormatExact(*perDiem) + " a day"
		}
		odd = append(odd, words)
	}
	return odd
}

// oddAddress compares where the check went with how it was sent.
func oddAddress(s Subject, v Values) []string {
	via, kind := v.first(fieldSentVia), addressKind(s, v)
	var odd []string
	switch {
	case kind == toStandard && isOvernight(via):
		odd = append(odd, "sent via "+via+" to the standard address: couriers may not deliver there, the overnight address is for them")
	case kind == toOvernight && via != "" && !isOvernight(via):
		odd = append(odd, "sent via "+via+" to the overnight address: ordinary mail may go astray there")
	}
	if kind != toOther {
		return odd
	}
	for name, look := range map[string]func(string) string{"state": oddState, "zipCode": oddZIP} {
		if value := v.first(fieldSentTo + "." + name); value != "" && look(value) != "" {
			odd = append(odd, value+" "+look(value))
		}
	}
	slices.Sort(odd)
	return odd
}
