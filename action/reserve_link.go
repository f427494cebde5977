package action

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"claimdeck/api"
	"claimdeck/api/claimcenter"
	"claimdeck/state/outbox"
	"claimdeck/state/reserve"
	"claimdeck/state/side"
	"claimdeck/state/text"
)

// ReserveService knows the claims at ClaimCenter; *systems.Reserves implements it.
type ReserveService interface {
	// Link ties a claim to the id that a person gave, after a look at what is there. It returns its claim number there.
	Link(ctx context.Context, claimID, ref string) (number string, err error)
	// Book returns the reserves of a claim as they were read last; false when they never were. It asks nobody.
	Book(ctx context.Context, claimID string) (reserve.Book, bool, error)
}

const fieldClaimCenter = "claimCenterId"

// reserveLink remembers which claim at ClaimCenter belongs to a claim. Nothing is changed anywhere else.
func (r *Registry) reserveLink() Action {
	return Action{
		ID: "reserve.link", Title: "Link to ClaimCenter", Risk: Reads, System: claimcenter.System,
		Help: "Remembers on this machine which claim at ClaimCenter belongs to the claim, for claims that have another number there.",
		Fields: []Field{{
			Name: fieldClaimCenter, Flag: "id", Args: true, Label: "ClaimCenter id", Required: true,
			Help: "The id there, such as cc:5001; it is looked up before it is remembered.",
		}},
		Preflight: func(Subject) Readiness {
			if r.deps.Reserves == nil {
				return blocked(r.noReserves())
			}
			return Readiness{OK: true}
		},
		Describe: func(_ Subject, v Values) string {
			if v.first(fieldClaimCenter) == "" {
				return "Link to a claim at ClaimCenter"
			}
			return text.Line("Link to " + v.first(fieldClaimCenter) + " at ClaimCenter")
		},
		Preview: func(_ Subject, v Values) (Request, error) {
			return Request{Method: "GET", Path: "/rest/claim/v1/claims/" + v.first(fieldClaimCenter)}, nil
		},
		Send: func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
			if r.deps.Reserves == nil {
				return nil, &unsent{err: r.noReserves()}
			}
			number, err := r.deps.Reserves.Link(ctx, e.ClaimID, strings.TrimSpace(v.first(fieldClaimCenter)))
			if e, ok := api.AsError(err); ok {
				err = errors.New(e.Message) // that it is about ClaimCenter stands above
			}
			if err != nil {
				return nil, &unsent{field: fieldClaimCenter, err: err} // it is a read: nothing can be half done
			}
			return json.Marshal(number)
		},
		Match: toldByNothing,
		seen: func(_ context.Context, e outbox.Entry, _ Values) (bool, error) {
			return e.State == outbox.Accepted, nil
		},
	}
}

func (r *Registry) noReserves() error {
	return r.noAccount(string(side.ClaimCenter), claimcenter.System)
}
