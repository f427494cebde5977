package cli

import (
	"context"

	"claimdeck/action"
)

// known returns the claims that are stored under a number or a VIN.
func (s *session) known(ctx context.Context, ref string) ([]action.Known, error) {
	rows, err := s.store.FindClaims(ctx, ref)
	if err != nil {
		return nil, err
	}
	claims := make([]action.Known, 0, len(rows))
	for _, r := range rows {
		claims = append(claims, action.Known{ID: r.ID, Number: r.Number, VIN: r.VIN})
	}
	return claims, nil
}
