package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/claim"
)

// maxFull is how many claims of a search are read in full; of further ones the search row has to do.
const maxFull = 10

// Snapshot reads one claim: GET /claims/{claimId}. api.ErrNotFound when the service does not know it.
func (a *Account) Snapshot(ctx context.Context, claimID string) (claim.Snapshot, error) {
	c, m, err := a.client.Claim(ctx, claimID)
	if err != nil {
		return claim.Snapshot{}, err
	}
	at := m.ServerTime
	if at.IsZero() {
		at = a.now()
	}
	return snapshot(c, at)
}

// snapshot decodes a claim as it was sent; one that left its id out gets it from what was asked for.
func snapshot(c lossexpress.Claim, at time.Time) (claim.Snapshot, error) {
	if len(c.Raw) > 0 {
		if s, err := claim.DecodeSnapshot(c.Raw, at); err == nil {
			return s, nil
		}
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return claim.Snapshot{}, fmt.Errorf("read claim %s: %w", c.ClaimID, err)
	}
	s, err := claim.DecodeSnapshot(raw, at)
	if err != nil {
		return claim.Snapshot{}, fmt.Errorf("read claim %s: %w", c.ClaimID, err)
	}
	return s, nil
}

// Find looks a claim up at the service by its claim id, its VIN or its claim number (in any case). Finding nothing is
// no error. Several claims may share a VIN or a number.
func (a *Account) Find(ctx context.Context, ref string) ([]claim.Snapshot, error) {
	ref = strings.TrimSpace(ref)
	if uuid.Validate(ref) == nil {
		s, err := a.Snapshot(ctx, ref)
		if err == nil {
			return []claim.Snapshot{s}, nil
		}
		if !errors.Is(err, api.ErrNotFound) {
			return nil, err
		}
	}
	for _, by := range searches(ref) {
		found, m, err := a.client.SearchClaims(ctx, by)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return a.full(ctx, found, m.ServerTime)
		}
	}
	return nil, nil
}

// searches lists what ref may mean, the likelier first. Both together in one search may mean and or or.
func searches(ref string) []lossexpress.ClaimSearch {
	number := lossexpress.ClaimSearch{ClaimNumber: ref}
	vin := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(ref))
	switch {
	case ref == "":
		return nil
	case looksLikeVIN(vin):
		return []lossexpress.ClaimSearch{{VIN: vin}, number}
	}
	return []lossexpress.ClaimSearch{number}
}

// looksLikeVIN reports whether s may be a VIN: 17 letters and digits, as since 1981. The letters I, O and Q, which a
// VIN does not have, are let through: they may be typing errors of the one who created the claim.
func looksLikeVIN(s string) bool {
	return len(s) == 17 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	})
}

// full reads the claims that a search found: its rows may be summaries, and a summary must not stand for a claim.
// A row stays what it is when its claim cannot be read.
func (a *Account) full(ctx context.Context, found []lossexpress.Claim, at time.Time) ([]claim.Snapshot, error) {
	if at.IsZero() {
		at = a.now()
	}
	var all []claim.Snapshot
	for i, row := range found {
		if i < maxFull && row.ClaimID != "" {
			s, err := a.Snapshot(ctx, row.ClaimID)
			if err == nil {
				all = append(all, s)
				continue
			}
			if ctx.Err() != nil {
				return nil, err
			}
		}
		s, err := snapshot(row, at)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}
