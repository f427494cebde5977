package claim

import (
	"fmt"
	"strings"
	"time"

	"claimdeck/state/money"
)

// Story is the story of c in lines of text, to be pasted into a file note: where it stands, whom it waits for, the
// money, the orders, what is open, and what happened. Days are those of now's zone.
func Story(c Claim, now time.Time, o StoryOptions) string {
	return Tell(c, now, o).Text()
}

// Text writes the story in lines.
func (s Tale) Text() string {
	var n note
	n.head(s)
	n.standing(s)
	n.money(s)
	for i, order := range s.Orders {
		n.first(i, "Orders")
		n.line("  " + order.What)
	}
	for i, open := range s.Open {
		n.first(i, "Open")
		n.line("  " + open)
	}
	for i, e := range s.Events {
		n.first(i, "What happened")
		if i == 0 && s.Earlier > 0 {
			n.line(fmt.Sprintf("  (%d earlier)", s.Earlier))
		}
		n.line("  " + e.At.In(s.At.Location()).Format("2006-01-02 15:04") + "  " + e.What)
	}
	return strings.TrimRight(n.b.String(), "\n")
}

// note is a block of text in the making.
type note struct{ b strings.Builder }

func (n *note) line(s string) { n.b.WriteString(strings.TrimRight(s, " ") + "\n") }

// first starts a section with its first line.
func (n *note) first(i int, title string) {
	if i == 0 {
		n.line(title)
	}
}

func (n *note) labelled(label, value string) {
	if value != "" {
		n.line(label + ": " + value)
	}
}

func (n *note) head(s Tale) {
	c := s.Claim
	number := c.Number
	if number == "" {
		number = c.ID
	}
	n.line("Claim " + number + " as of " + s.At.Format("2006-01-02 15:04 MST"))
	n.labelled("Vehicle", words(", ", c.Vehicle, prefixed("VIN ", c.VIN)))
	n.labelled("Owner", words(", ", c.Owner, c.OwnerPhone, c.InsurerType))
	n.labelled("Lender", words(", ", c.Lender, prefixed("account ", c.AccountNumber), c.FinanceType))
	n.labelled("Date of loss", c.DateOfLoss)
	if c.OwnerRetained {
		n.line("The owner keeps the vehicle: the lender must agree")
	}
}

func (n *note) standing(s Tale) {
	n.labelled("Standing", s.Standing)
	n.labelled("Waiting on", s.WaitsFor)
	n.labelled("Next step", s.NextStep)
}

func (n *note) money(s Tale) {
	m, said := s.Money, []string{}
	add := func(line string) { said = append(said, line) }
	if m.Settlement != nil {
		line := "Settlement " + money.Format(*m.Settlement)
		if m.Deductible != nil {
			line += ", deductible " + money.Format(*m.Deductible)
		}
		add(line)
	}
	if m.Payoff != nil {
		add(m.payoff(s.At))
	}
	if m.Shortfall != nil {
		switch {
		case m.Shortfall.IsPositive():
			add("Short by " + money.Format(*m.Shortfall) + ": ask about GAP")
		case m.Shortfall.IsNegative():
			add("Over by " + money.Format(m.Shortfall.Neg()) + ": goes to the owner")
		}
	}
	for _, p := range m.Payments {
		add("Paid " + p)
	}
	for i, line := range said {
		n.first(i, "Money")
		n.line("  " + line)
	}
}

func (m TaleMoney) payoff(now time.Time) string {
	line := "Payoff " + money.Format(*m.Payoff)
	if m.PerDiem != nil {
		line += ", per diem " + money.FormatExact(*m.PerDiem)
	}
	if m.ValidThrough == "" {
		return line
	}
	line += ", good to " + dayWords(m.ValidThrough, now)
	if m.BusinessDaysLeft == nil {
		return line
	}
	switch days := *m.BusinessDaysLeft; {
	case days < 0:
		return line + " (" + count(-days, "business day") + " past)"
	case days == 0:
		return line + " (the last business day)"
	default:
		return line + " (" + count(days, "business day") + " left)"
	}
}

// count writes a number of things: "1 attempt", "2 attempts".
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// CheckMemo is what the lender needs on the check to find the account: the account number written out, the VIN, the
// claim and the owner. It is sensitive when the account number is known.
func CheckMemo(c Claim) string {
	return words(", ", prefixed("Acct ", c.AccountNumber), prefixed("VIN ", c.VIN), prefixed("Claim ", c.Number), c.Owner.Name)
}

// PayeeBlock is whom the payoff check is made out to and where it goes, in the lines of an envelope: by overnight mail,
// which does not reach a PO box, or by standard mail. The two are never mixed; it is empty when that address is not
// known.
func PayeeBlock(c Claim, overnight bool) string {
	to := c.Payoff.Standard
	if overnight {
		to = c.Payoff.Overnight
	}
	if to == nil {
		return ""
	}
	return words("\n", to.Payee, prefixed("Attn: ", to.Attn), to.Street, to.Street2,
		words(", ", to.City, words(" ", to.State, to.ZIP)))
}
