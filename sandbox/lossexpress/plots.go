package lossexpress

import "time"

// plots are the kinds of story among the seeded claims. With 60 claims each is told at least three times.
func plots() []func(*tale) {
	return []func(*tale){
		plotCounterOpen, plotPayoffExpiring, plotMessageWaits, plotOrderFails, plotPaid, plotLetterAwaited,
		plotPayoffExpired, plotFresh, plotCounterDisputed, plotDocumentsMissing, plotQuoted, plotWithdrawn,
		plotCounterAccepted, plotPaidTitleDue, plotLenderUnknown, plotOwnerRetains, plotSleeping, plotQuoteHalf,
		plotLenderAlias, plotLenderNew,
	}
}

// papers uploads what a payoff needs, as two documents or as one.
func (t *tale) papers() {
	upload := func(description string) func(time.Time) {
		return func(at time.Time) { t.s.addDocument(t.c, description, t.c.text("adjusterName"), at) }
	}
	if t.s.chance(25) {
		t.then(1, 9, upload("valuation report & settlement breakdown"))
		return
	}
	t.then(1, 6, upload("settlement breakdown"))
	t.then(0, 2, upload("valuation report"))
	if t.s.chance(30) {
		t.then(1, 30, upload("police report"))
	}
}

// asked uploads the papers, requests the payoff, and brings the lender on the phone.
func (t *tale) asked() {
	t.papers()
	t.then(1, 15, func(at time.Time) { t.s.requestPayoff(t.c, at) })
	t.then(20, 160, func(at time.Time) { t.s.view(t.c, at) })
	t.then(1, 30, func(at time.Time) { t.s.call(t.c, at) })
	t.then(2, 12, func(at time.Time) { t.s.sendToLender(t.c, t.c.documents[0], at) })
}

// quoted lets the lender quote, first the figure and later the rest; the quote is good until so many days from now.
func (t *tale) quoted(goodFor int) {
	var q quote
	t.then(30, 600, func(at time.Time) {
		q = t.s.newQuote(t.c, t.now, goodFor)
		t.s.quoteAmount(t.c, q, at)
	})
	t.then(3, 240, func(at time.Time) { t.s.quoteRest(t.c, q, at) })
}

// guaranteed requests the letter of guarantee and brings it.
func (t *tale) guaranteed() {
	t.then(1, 20, func(at time.Time) { t.s.requestLetter(t.c, at) })
	t.then(60, 300, func(at time.Time) { t.s.chase(t.c, at) })
	t.then(600, 3600, func(at time.Time) { t.s.grantLetter(t.c, at) })
}

// ordered places an order and hands it to what follows.
func (t *tale) ordered(kind string, then func(*order)) {
	t.then(2, 40, func(at time.Time) { then(t.s.addOrder(t.c, kind, at)) })
}

func (t *tale) countered() {
	t.then(400, 2400, func(at time.Time) { t.s.counterSettlement(t.c, pick(t.s, counterReasons()), at) })
}

func plotCounterOpen(t *tale) {
	t.asked()
	t.then(1, 20, func(at time.Time) { t.s.requestLetter(t.c, at) })
	t.countered()
}

func plotPayoffExpiring(t *tale) {
	t.asked()
	t.quoted(t.s.between(0, 3))
	t.guaranteed()
}

func plotMessageWaits(t *tale) {
	t.asked()
	m := pick(t.s, actionMessages())
	t.then(30, 900, func(at time.Time) { t.s.say(t.c, m.category, m.text, true, at) })
}

func plotOrderFails(t *tale) {
	var o *order
	t.asked()
	t.quoted(t.s.between(2, 9))
	t.ordered(pick(t.s, []string{"Payment History", "Repo Affidavit", "Installment Contract"}), func(placed *order) { o = placed })
	tries := t.s.between(2, 4)
	for range tries {
		t.then(200, 1500, func(at time.Time) { t.s.attempt(t.c, o, pick(t.s, attemptMessages()), at) })
	}
	ahead := t.s.between(-1, 4)
	t.then(0, 3, func(at time.Time) { t.s.followUp(t.c, o, t.now.AddDate(0, 0, ahead), at) })
}

func plotPaid(t *tale) {
	var release, title *order
	t.asked()
	t.quoted(t.s.between(4, 11))
	t.guaranteed()
	t.then(60, 900, func(at time.Time) { t.s.pay(t.c, t.s.check(t.c, at), at) })
	t.ordered("Lien Release Letter", func(o *order) { release = o })
	t.ordered("Copy of Title", func(o *order) { title = o })
	t.then(900, 3000, func(at time.Time) {
		t.s.fulfil(t.c, release, t.s.attach(t.c, "Lien Release Letter", at), at)
	})
	t.then(10, 400, func(at time.Time) { t.s.fulfil(t.c, title, t.s.attach(t.c, "Copy of Title", at), at) })
}

func plotLetterAwaited(t *tale) {
	t.asked()
	t.quoted(t.s.between(5, 12))
	t.then(1, 20, func(at time.Time) { t.s.requestLetter(t.c, at) })
	t.then(300, 2000, func(at time.Time) { t.s.chase(t.c, at) })
	m := pick(t.s, plainMessages())
	t.then(1, 20, func(at time.Time) { t.s.say(t.c, m.category, m.text, false, at) })
}

func plotPayoffExpired(t *tale) {
	t.quiet = max(t.quiet, 26*time.Hour)
	t.asked()
	t.quoted(-t.s.between(1, 3))
}

func plotFresh(t *tale) {
	t.quiet = t.s.span(15*time.Second, 15*time.Minute)
	t.papers()
	t.then(1, 8, func(at time.Time) { t.s.requestPayoff(t.c, at) })
}

func plotCounterDisputed(t *tale) {
	t.asked()
	t.countered()
	t.then(60, 700, func(at time.Time) { t.s.disputeCounter(t.c, pick(t.s, disputeReasons()), at) })
	m := pick(t.s, answersToDispute())
	t.then(90, 900, func(at time.Time) { t.s.say(t.c, m.category, m.text, false, at) })
}

func plotDocumentsMissing(t *tale) {
	t.then(2, 30, func(at time.Time) { t.s.addDocument(t.c, "settlement breakdown", t.c.text("adjusterName"), at) })
	t.then(40, 500, func(at time.Time) {
		t.s.say(t.c, "ADDITIONAL INFORMATION REQUIRED (NON-DISPUTE)", "Valuation report is missing; the payoff request needs it.", true, at)
	})
}

func plotQuoted(t *tale) {
	t.asked()
	t.quoted(t.s.between(6, 14))
	t.guaranteed()
	t.then(30, 300, func(at time.Time) {
		t.s.tell(t.c, t.c.text("adjusterName"), pick(t.s, carrierMessages()), at)
	})
}

func plotWithdrawn(t *tale) {
	var o *order
	t.asked()
	t.then(1, 20, func(at time.Time) { t.s.requestLetter(t.c, at) })
	t.ordered("Copy of Title", func(placed *order) { o = placed })
	t.then(300, 1500, func(at time.Time) {
		t.s.tell(t.c, t.c.text("adjusterName"), "Coverage was denied, please stop work on this claim.", at)
	})
	for _, kind := range []string{typePayoff, typeLetter} {
		t.then(0, 4, func(at time.Time) { t.s.cancel(t.c, t.c.pendingOrder(kind), at) })
	}
	t.then(0, 4, func(at time.Time) { t.s.cancel(t.c, o, at) })
}

func plotCounterAccepted(t *tale) {
	t.asked()
	t.countered()
	t.then(60, 700, func(at time.Time) { t.s.acceptCounter(t.c, at) })
	t.then(1, 20, func(at time.Time) { t.s.raiseSettlement(t.c, false, at) })
	t.quoted(t.s.between(3, 9))
	t.guaranteed()
}

func plotPaidTitleDue(t *tale) {
	t.asked()
	t.quoted(t.s.between(2, 8))
	t.guaranteed()
	t.then(60, 600, func(at time.Time) { t.s.pay(t.c, t.s.check(t.c, at), at) })
	t.ordered("Lien Release Letter", func(*order) {})
	t.ordered("Copy of Title", func(*order) {})
}

func plotLenderUnknown(t *tale) {
	t.fields = object{"lenderName": pick(t.s, unknownLenders()[:4])}
	t.papers()
	t.then(1, 15, func(at time.Time) { t.s.requestPayoff(t.c, at) })
}

// verified settles who the lender is, unless an earlier claim has.
func (t *tale) verified() {
	t.then(60, 900, func(at time.Time) {
		if t.s.lenderOf(t.c) == nil {
			t.s.verifyLender(t.c, at)
		}
	})
}

func plotLenderNew(t *tale) {
	plotLenderUnknown(t)
	t.verified()
	t.then(20, 200, func(at time.Time) { t.s.call(t.c, at) })
}

func plotLenderAlias(t *tale) {
	t.fields = object{"lenderName": pick(t.s, unknownLenders()[4:])}
	t.papers()
	t.then(1, 15, func(at time.Time) { t.s.requestPayoff(t.c, at) })
	t.verified()
	t.then(20, 200, func(at time.Time) { t.s.call(t.c, at) })
	t.then(1, 9, func(at time.Time) { t.s.correct(t.c, at) })
	t.quoted(t.s.between(3, 10))
}

func plotOwnerRetains(t *tale) {
	t.fields = object{"ownersRetained": true}
	t.asked()
	m := note{"OWNER RETAINED SETTLEMENT", "Owner is keeping the vehicle. Please confirm the salvage value deducted from the settlement."}
	t.then(60, 900, func(at time.Time) { t.s.say(t.c, m.category, m.text, true, at) })
	if t.s.chance(50) {
		t.then(30, 400, func(at time.Time) {
			t.s.tell(t.c, t.c.text("adjusterName"), "Salvage value of 2,150.00 was deducted, see line 9 of the breakdown.", at)
		})
		t.then(20, 90, func(at time.Time) {
			a := pick(t.s, answersToCarrier())
			t.s.say(t.c, a.category, a.text, false, at)
		})
	}
}

func plotSleeping(t *tale) {
	t.quiet = t.s.span(7*24*time.Hour, 9*24*time.Hour)
	t.papers()
	t.then(1, 15, func(at time.Time) { t.s.requestPayoff(t.c, at) })
	t.then(60, 300, func(at time.Time) { t.s.call(t.c, at) })
}

func plotQuoteHalf(t *tale) {
	t.asked()
	t.then(200, 900, func(at time.Time) { t.s.correct(t.c, at) })
	t.then(20, 90, func(at time.Time) { t.s.quoteAmount(t.c, t.s.newQuote(t.c, t.now, 7), at) })
	m := pick(t.s, plainMessages())
	t.then(1, 20, func(at time.Time) { t.s.say(t.c, m.category, m.text, false, at) })
}
