package claim

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/activity/wire"
)

// ErrNotClaim is wrapped by every error of DecodeSnapshot.
var ErrNotClaim = errors.New("the answer is not a claim")

// Snapshot is the claim object as it was read once (remote document: Example Claim Object). It has no orders,
// counters or messages.
type Snapshot struct {
	ClaimID   string
	At        time.Time // when it was read, by the clock of the service where that is known
	Raw       json.RawMessage
	Info      activity.ClaimInfo
	CreatedAt time.Time // of the claim; zero: not sent
	Payoff    activity.PayoffData
	PayoffAt  time.Time // when Payoff last changed; At when that was not sent
	Letter    Letter
	Documents []Document
}

// Letter is the letterOfGuaranteeRequest of a claim object. It has no state: a request that was cancelled looks
// like a pending one.
type Letter struct {
	Requested bool
	At        time.Time // of its latest change; zero: not sent
	Document  activity.Document
}

// claimKeys are the keys of the claim object that are not primary information.
var claimKeys = [...]string{"claimId", "createdAt", "updatedAt", "documents", "letterOfGuaranteeRequest", "payoffData", "requestUrl"}

// DecodeSnapshot reads a claim object, bare or under the key "claim" as Fetch Claim answers. It fails only when raw
// is no object or has no claimId; errors wrap ErrNotClaim. Anything else that cannot be understood is left out, and
// unknown keys are kept. Raw is the claim object itself and shares its bytes with the argument.
func DecodeSnapshot(raw json.RawMessage, at time.Time) (Snapshot, error) {
	doc, err := wire.Parse(raw)
	if err != nil {
		return Snapshot{}, fmt.Errorf("%w: %w", ErrNotClaim, err)
	}
	r := wire.Read(doc, nil)
	if inner := r.Fields.Get("claim"); inner.Kind() == wire.Object && !r.Has("claimId") {
		doc, raw = inner, json.RawMessage(inner.Raw())
		r = wire.Read(doc, nil)
	}
	if doc.Kind() != wire.Object {
		return Snapshot{}, fmt.Errorf("%w: it is not an object", ErrNotClaim)
	}
	s := Snapshot{
		ClaimID:   r.Line("claimId"),
		At:        at.UTC().Truncate(time.Millisecond),
		Raw:       raw,
		CreatedAt: r.Moment("createdAt"),
		Info:      activity.ReadClaimInfo(&r, claimKeys[:]...),
	}
	if s.ClaimID == "" {
		return Snapshot{}, fmt.Errorf("%w: it has no claimId", ErrNotClaim)
	}
	s.readPayoff(&r)
	s.readLetter(&r)
	s.readDocuments(&r)
	return s, nil
}

func (s *Snapshot) readPayoff(r *wire.Reader) {
	part := r.Object("payoffData", nil)
	s.Payoff = activity.ReadPayoff(&part)
	s.PayoffAt = firstTime(part.Moment("updatedAt"), part.Moment("createdAt"), s.At)
}

func (s *Snapshot) readLetter(r *wire.Reader) {
	if r.Fields.Get("letterOfGuaranteeRequest").Kind() != wire.Object {
		return
	}
	part := r.Object("letterOfGuaranteeRequest", nil)
	s.Letter = Letter{
		Requested: true,
		At:        firstTime(part.Moment("updatedAt"), part.Moment("createdAt")),
		Document:  activity.ReadDocument(&part),
	}
}

func (s *Snapshot) readDocuments(r *wire.Reader) {
	for _, item := range r.Items("documents") {
		part := wire.Read(item, nil)
		d := activity.ReadDocument(&part)
		if d.ID == "" {
			continue
		}
		s.Documents = append(s.Documents, Document{
			ID:   d.ID,
			Type: activity.DocumentType(part.Line("type")),
			URL:  d.URL,
			At:   firstTime(part.Moment("createdAt"), part.Moment("updatedAt"), s.At),
		})
	}
}

// Facts returns what the claim object states, for lists and search.
func (s *Snapshot) Facts() activity.Facts { return s.Info.Facts() }

// firstTime returns the first time that is known.
func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
