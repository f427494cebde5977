package activity

// Summary says a in one line that a specialist understands without the name of the type and without the claim
// number. It is never empty, at most 240 runes long, and holds no sensitive field (the words of a message are shown
// as they are).
func (a Activity) Summary() string {
	if a.Data == nil {
		return Unknown{}.say(&a)
	}
	return clip(a.Data.say(&a), maxSummary)
}

// SummaryIn is Summary for somebody who knows the claim: orders and documents that the feed names by their id only
// are named by their type.
func (a Activity) SummaryIn(orderTypes, documentTypes map[string]string) string {
	switch d := a.Data.(type) {
	case CancelledOrder:
		return clip(orderWords(orderTypes[d.OrderID], "cancelled"), maxSummary)
	case OrderFollowUp:
		if name := orderTypes[d.OrderID]; name != "" {
			return clip(d.words(name, &a), maxSummary)
		}
	case SentDocument:
		if name := documentTypes[d.ID]; name != "" {
			return clip(sentence(name)+" sent to lender", maxSummary)
		}
	}
	return a.Summary()
}

// Facts is what an activity states about its claim. Empty fields are not stated.
type Facts struct {
	Number, VIN, Lender, Owner, Vehicle string
}

// Facts returns what a states about its claim, for lists and search. The newest statement is right.
func (a Activity) Facts() Facts {
	f := Facts{Number: a.ClaimNumber}
	switch d := a.Data.(type) {
	case NewClaim:
		f.take(&d.ClaimInfo)
	case ClaimChange:
		f.take(&d.Update)
	case LenderVerified:
		f.Lender = d.Name
	}
	return f
}

func (f *Facts) take(info *ClaimInfo) {
	if info.ClaimNumber != "" {
		f.Number = info.ClaimNumber
	}
	f.VIN, f.Lender, f.Owner, f.Vehicle = info.VIN, info.LenderName, info.OwnerName, info.Vehicle.String()
}

// Facts returns the facts that info states.
func (c *ClaimInfo) Facts() Facts {
	var f Facts
	f.take(c)
	return f
}

// say tells an unknown type by its name, and a known one of an unknown shape by its label.
func (u Unknown) say(a *Activity) string {
	if k := kindOf(a.Type); k != nil {
		return k.label + ", in a form that is not known here"
	}
	if name := humanise(a.Type); name != "" {
		return "Something new: " + name
	}
	return "Something new, without a type"
}

func (Unknown) tone() Tone { return Neutral }
