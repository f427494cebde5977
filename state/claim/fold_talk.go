package claim

import (
	"time"

	"claimdeck/state/activity"
)

func (f *folder) message(a *activity.Activity, d activity.DirectMessage) {
	fromLX, _ := a.FromLossExpress()
	f.c.Messages = append(f.c.Messages, Message{
		At:             a.CreatedAt,
		ByLossExpress:  fromLX,
		By:             d.SentBy,
		Category:       d.Category,
		Text:           d.Text,
		ActionRequired: d.Asks(),
		Key:            a.Key,
	})
	for _, o := range d.Orders {
		f.order(o.ID, a.CreatedAt)
	}
}

func (f *folder) payment(a *activity.Activity, d activity.Payment) {
	f.c.Payments = append(f.c.Payments, Payment{
		At: a.CreatedAt, Amount: d.Amount, SentAt: d.SentOn, Via: d.Via, Tracking: d.Tracking, To: d.To.String(),
	})
}

func (f *folder) counter(a *activity.Activity, d activity.Counter) {
	f.c.Counters = append(f.c.Counters, Counter{At: a.CreatedAt, Description: d.Description, DocumentID: d.ID})
	f.impliedDocument(d.Document, counterDocument, a.CreatedAt, true)
}

// counterAnswer answers the latest counter; a second answer replaces the first (disputed, then accepted after all).
// An answer to a counter from before the known history stands for that counter.
func (f *folder) counterAnswer(a *activity.Activity, d activity.CounterAnswer) {
	if len(f.c.Counters) == 0 {
		f.c.Counters = append(f.c.Counters, Counter{})
	}
	c := &f.c.Counters[len(f.c.Counters)-1]
	c.Answered, c.Disputed, c.AnsweredAt = true, d.IsDispute(), a.CreatedAt
	c.Reason, c.AnswerDoc = d.Reason, d.ID
	f.impliedDocument(d.Document, activity.SettlementBreakdown, a.CreatedAt, false)
}

func (f *folder) documentActivity(a *activity.Activity) {
	switch d := a.Data.(type) {
	case activity.NewDocument:
		doc := f.document(d.Document, d.DocType, a.CreatedAt)
		if doc != nil {
			doc.By = d.SentBy
			doc.ByLossExpress, _ = a.FromLossExpress()
		}
	case activity.SentDocument:
		if doc := f.impliedDocument(d.Document, "", a.CreatedAt, false); doc != nil {
			doc.SentToLender = true
		}
	}
}

// document takes a document whose type is stated; nil without an id.
func (f *folder) document(d activity.Document, docType string, at time.Time) *Document {
	doc := f.impliedDocument(d, "", at, false)
	if doc != nil && docType != "" {
		doc.Type = docType
	}
	return doc
}

// impliedDocument takes a document whose type follows from where it was mentioned: a stated type is better. Hosts
// differ for one document, so only its id counts.
func (f *folder) impliedDocument(d activity.Document, docType string, at time.Time, byLossExpress bool) *Document {
	if d.ID == "" {
		return nil
	}
	doc := f.documents[d.ID]
	if doc == nil {
		doc = &Document{ID: d.ID, URL: d.URL, At: at, ByLossExpress: byLossExpress}
		f.documents[d.ID] = doc
		f.documentID = append(f.documentID, d.ID)
	}
	if doc.Type == "" {
		doc.Type = docType
	}
	return doc
}
