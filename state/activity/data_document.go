package activity

import (
	"strings"
	"time"

	"claimdeck/state/activity/wire"
)

// The document types that a payoff or a letter of guarantee needs (remote document: Document Types).
const (
	SettlementBreakdown = "settlement breakdown"
	ValuationReport     = "valuation report"
	CombinedReport      = "valuation report & settlement breakdown"
	TotalLossEvaluation = "total loss evaluation" // replaces a valuation report
)

// DocumentType returns a document type in one spelling: types are not case-sensitive, and the combined document is
// named both ways round. What is not one of the documented types stays as it is.
func DocumentType(s string) string {
	lower := strings.Join(strings.Fields(strings.ToLower(s)), " ")
	first, second, two := strings.Cut(strings.Replace(lower, " and ", "&", 1), "&")
	if two {
		switch [2]string{strings.TrimSpace(first), strings.TrimSpace(second)} {
		case [2]string{ValuationReport, SettlementBreakdown}, [2]string{SettlementBreakdown, ValuationReport}:
			return CombinedReport
		}
		return s
	}
	switch lower {
	case SettlementBreakdown, ValuationReport, TotalLossEvaluation, "cause of loss", "police report", "declaration page":
		return lower
	}
	return s
}

// NewDocument is the data of document-added. It is not sent for a document that fulfils an order.
type NewDocument struct {
	Document
	DocType           string // in the spelling of DocumentType
	SentByLossExpress *bool
	SentBy            string
}

func readNewDocument(r *wire.Reader) Data {
	return NewDocument{
		Document:          ReadDocument(r),
		DocType:           DocumentType(r.Line("type")),
		SentByLossExpress: r.Flag("sentByLossExpress"),
		SentBy:            r.Line("sentBy"),
	}
}

func (d NewDocument) fromLossExpress() *bool {
	if d.SentByLossExpress == nil && d.SentBy != "" {
		return new(false)
	}
	return d.SentByLossExpress
}

func (d NewDocument) say(*Activity) string {
	switch from := d.fromLossExpress(); {
	case is(from, true):
		return after("LossExpress added a document", d.DocType)
	case d.SentBy != "":
		return after("Document added by "+d.SentBy, d.DocType)
	}
	return after("Document added", d.DocType)
}

func (d NewDocument) tone() Tone {
	if is(d.fromLossExpress(), true) {
		return Good
	}
	return Neutral
}

// SentDocument is the data of document-sent-to-lender.
type SentDocument struct {
	Document
}

func readSentDocument(r *wire.Reader) Data { return SentDocument{Document: ReadDocument(r)} }

func (SentDocument) say(*Activity) string { return "Document sent to lender" }

func (SentDocument) tone() Tone { return Muted }

// Guarantee is the data of letter-of-guarantee-added.
type Guarantee struct {
	Document
}

func readGuarantee(r *wire.Reader) Data { return Guarantee{Document: ReadDocument(r)} }

func (Guarantee) say(*Activity) string { return guaranteeArrived }

func (Guarantee) tone() Tone { return Good }

const guaranteeArrived = "Letter of guarantee arrived"

// GuaranteeRequest is the data of letter-of-guarantee-request-created.
type GuaranteeRequest struct {
	Estimate time.Time // from that lender's past; zero: none given
}

func readGuaranteeRequest(r *wire.Reader) Data {
	return GuaranteeRequest{Estimate: r.Moment("estimatedResponseTime")}
}

func (d GuaranteeRequest) say(a *Activity) string {
	if d.Estimate.IsZero() {
		return "Letter of guarantee requested"
	}
	return "Letter of guarantee requested, expected " + day(d.Estimate.Format(time.DateOnly), a.CreatedAt)
}

func (GuaranteeRequest) tone() Tone { return Neutral }
