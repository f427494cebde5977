package activity

import (
	"claimdeck/state/activity/wire"

	"github.com/shopspring/decimal"
)

// Call is the data of call-made.
type Call struct {
	Minutes *decimal.Decimal
}

func readCall(r *wire.Reader) Data { return Call{Minutes: r.Amount("callLength")} }

func (d Call) say(*Activity) string {
	if d.Minutes == nil || !d.Minutes.IsPositive() {
		return "Call to lender"
	}
	return "Call to lender, " + d.Minutes.String() + " min"
}

func (Call) tone() Tone { return Muted }

// Bare is the data of a type that carries none: the type says it all.
type Bare struct {
	words string
	weigh Tone
}

func bare(words string, weigh Tone) func(*wire.Reader) Data {
	return func(*wire.Reader) Data { return Bare{words: words, weigh: weigh} }
}

func (d Bare) say(*Activity) string { return d.words }

func (d Bare) tone() Tone { return d.weigh }

// DirectMessage is the data of direct-message-added.
type DirectMessage struct {
	SentByLossExpress *bool
	SentBy            string // name, when a carrier user sent it
	Category          string // such as "TITLE"; only from LossExpress, an open set
	Text              string // may have several lines
	ActionRequired    bool
	Orders            []OrderState // that wait for the answer; without status
}

func readDirectMessage(r *wire.Reader) Data {
	return DirectMessage{
		SentByLossExpress: r.Flag("sentByLossExpress"),
		SentBy:            r.Line("sentBy"),
		Category:          r.Line("category"),
		Text:              r.Block("message"),
		ActionRequired:    is(r.Flag("actionRequired"), true),
		Orders:            readOrders(r, "orders"),
	}
}

// fromLossExpress tells the sender by the flag, or by the keys that only one side sends; nil when neither tells.
func (d DirectMessage) fromLossExpress() *bool {
	switch {
	case d.SentByLossExpress != nil:
		return d.SentByLossExpress
	case d.SentBy != "":
		return new(false)
	case d.Category != "":
		return new(true)
	}
	return nil
}

// Asks reports whether somebody must answer: a request that was not written by the carrier's own people.
func (d DirectMessage) Asks() bool { return d.ActionRequired && !is(d.fromLossExpress(), false) }

func (d DirectMessage) say(*Activity) string {
	line := firstLine(d.Text)
	from := d.fromLossExpress()
	switch {
	case d.Asks() && line == "":
		return after("LossExpress needs an answer", d.Category)
	case d.Asks():
		return "LossExpress needs: " + line
	case is(from, true):
		return after("Message from LossExpress", line)
	case is(from, false) && d.SentBy != "":
		return after(d.SentBy+" to LossExpress", line)
	case is(from, false):
		return after("Message to LossExpress", line)
	}
	return after("Message", line)
}

func (d DirectMessage) tone() Tone {
	if d.Asks() {
		return Attention
	}
	return Neutral
}
