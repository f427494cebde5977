package action

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// The fields of an upload, as the API calls them.
const (
	fieldDocument    = "document"
	fieldDescription = "description"
)

// descriptions are the documented types of document (remote document: Document Types); the last five are in the vendor
// document only. Others are taken too.
var descriptions = [...]string{
	activity.SettlementBreakdown, activity.ValuationReport, activity.CombinedReport, "cause of loss", "police report",
	"declaration page", activity.TotalLossEvaluation, "cause of loss statement", "proof of payment", "other",
}

// orderKinds are the descriptions of documents that fulfil an order. Nothing in the feed tells of such a document,
// unless it does fulfil one (remote document: Document Added).
var orderKinds = [...]string{
	"Loan Payoff Document", "Letter of Guarantee", "Copy of Title", "Lien Release Letter", "Installment Contract",
	"Bill of Sale", "Payment History", "Repo Affidavit", "One and the Same Letter", "Settlement Dispute (Counter-Offer)",
}

// documentAdd adds documents to a claim, one write each (remote document: Add Document to Claim).
func (r *Registry) documentAdd() Action {
	return Action{
		ID: "document.add", Title: "Add documents", Risk: Irreversible,
		Help: "Adds documents to the claim. A payoff and a letter of guarantee need a settlement breakdown and a valuation report.",
		Fields: []Field{
			{
				Name: fieldDocument, Flag: "document", Args: true, Label: "Documents", Kind: File, Many: true, Required: true,
				Help: "PDF, JPEG, TIFF, GIF or PNG, as the content says and not the name.",
			},
			{
				Name: fieldDescription, Flag: "description", Label: "Type", Kind: Choice, Required: true, Open: true,
				Options: descriptionOptions, Help: "What the documents are; anything else may be typed.",
			},
		},
		Describe: func(_ Subject, v Values) string {
			names := make([]string, len(v[fieldDocument]))
			for i, path := range v[fieldDocument] {
				names[i] = nameOf(path)
			}
			words := "Add " + listed(names, "documents")
			if description := v.first(fieldDescription); description != "" {
				words += " as " + description
			}
			return words
		},
		Preview: func(s Subject, v Values) (Request, error) {
			return r.previewFile(v.first(fieldDocument), func(content []byte) api.Request {
				return lossexpress.AddDocumentRequest(s.Claim.ID, upload(content, v))
			})
		},
		Send: func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
			content, err := r.picked(e, fieldDocument)
			if err != nil {
				return nil, err
			}
			answer, err := r.deps.Client.AddDocument(ctx, e.ClaimID, upload(content, v))
			return answer.Body, err
		},
		Match: matchDocument,
		seen:  r.seenDocument,
	}
}

func upload(content []byte, v Values) lossexpress.Upload {
	return lossexpress.Upload{Content: content, Description: v.first(fieldDescription)}
}

// previewFile shows a request with its document shortened: the hash stands in for it in the very request.
func (r *Registry) previewFile(path string, build func(content []byte) api.Request) (Request, error) {
	if path == "" {
		return Request{}, errors.New("pick a document first")
	}
	doc, _, err := r.disk.inspect(path)
	if err != nil {
		return Request{}, err
	}
	sum, err := hex.DecodeString(doc.SHA256)
	if err != nil {
		return Request{}, err
	}
	p, err := preview(build(sum))
	p.Body = strings.Replace(p.Body, base64.StdEncoding.EncodeToString(sum), doc.short(), 1)
	return p, err
}

// descriptionOptions lists the types, with a note at what is missing and at what is there.
func descriptionOptions(_ context.Context, s Subject) ([]Option, error) {
	missing := s.Claim.MissingDocuments()
	options := named(descriptions[:]...)
	for i := range options {
		o := &options[i]
		there := slices.ContainsFunc(s.Claim.Documents, func(d claim.Document) bool {
			return strings.EqualFold(activity.DocumentType(d.Type), o.Value)
		})
		switch {
		case there:
			o.Label += " (the claim has one)"
		case slices.Contains(missing, o.Value), o.Value == activity.CombinedReport && len(missing) > 1:
			o.Label += " (needed for a payoff)"
		}
	}
	return options, nil
}

// matchDocument looks for the document that the answer names or, without an answer, for one of the same type from the
// carrier. A document that fulfils an order shows in the order.
func matchDocument(e outbox.Entry, v Values, since []activity.Activity) ([]activity.Key, bool) {
	id := answeredDocument(e)
	return one(since, func(a *activity.Activity) bool {
		switch d := a.Data.(type) {
		case activity.NewDocument:
			if id != "" {
				return d.ID == id
			}
			by, known := a.FromLossExpress()
			return (!known || !by) && sameType(d.DocType, v.first(fieldDescription))
		case activity.FulfilledOrder:
			return id != "" && d.ID == id
		case activity.OrderStatus:
			return id != "" && d.Updated.Document.ID == id
		}
		return false
	})
}

func sameType(a, b string) bool {
	return strings.EqualFold(activity.DocumentType(a), activity.DocumentType(b))
}

// answeredDocument is the id of the document in the answer; empty when there is none.
func answeredDocument(e outbox.Entry) string {
	var told struct {
		DocumentURL string `json:"documentUrl"`
	}
	if len(e.Answer) == 0 || json.Unmarshal(e.Answer, &told) != nil {
		return ""
	}
	return lossexpress.DocumentID(told.DocumentURL)
}

// seenDocument asks the claim object for a document of an order kind: the feed does not tell of those. Without an
// answer it must be of the time of an attempt.
func (r *Registry) seenDocument(ctx context.Context, e outbox.Entry, v Values) (bool, error) {
	description := v.first(fieldDescription)
	if !slices.ContainsFunc(orderKinds[:], func(kind string) bool { return strings.EqualFold(kind, description) }) {
		return false, nil
	}
	now, err := r.read(ctx, e.ClaimID)
	if err != nil {
		return false, err
	}
	id := answeredDocument(e)
	return slices.ContainsFunc(now.Documents, func(d claim.Document) bool {
		if id != "" {
			return d.ID == id
		}
		return sameType(d.Type, description) && within(e, d.At)
	}), nil
}

// within reports whether at, by the service's clock, can be when an attempt of e had its effect.
func within(e outbox.Entry, at time.Time) bool {
	const skew = 2 * time.Minute
	first := e.SentAt
	if e.Attempts > 1 {
		first = e.CreatedAt
	}
	return !at.Before(first.Add(-skew)) && (e.AnsweredAt.IsZero() || !at.After(e.AnsweredAt.Add(skew)))
}
