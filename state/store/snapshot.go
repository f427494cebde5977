package store

import (
	"context"
	"errors"
	"fmt"

	"claimdeck/state/claim"
)

// SaveSnapshot keeps a claim object as it was read, in the place of an older one, and takes over what it says of the
// claim where nothing newer is known. A claim that had no activity yet is made known.
func (s *Store) SaveSnapshot(ctx context.Context, snap claim.Snapshot) error {
	if snap.ClaimID == "" {
		return errors.New("keep a claim: it has no claim id")
	}
	raw := snap.Raw
	if raw == nil {
		raw = []byte("{}")
	}
	return s.write(ctx, "keep a claim", false, func(c *conn) error {
		if err := s.claims.refresh(c); err != nil {
			return err
		}
		rec, err := s.claims.get(c, snap.ClaimID)
		if err != nil {
			return err
		}
		rec.learn(snap.Facts(), snap.At)
		rec.changed = true
		if err := s.claims.put(c, snap.ClaimID, rec); err != nil {
			return err
		}
		return c.prepare(`INSERT INTO snapshots (claim, at_ns, raw) VALUES (?, ?, ?)
			ON CONFLICT (claim) DO UPDATE SET at_ns = excluded.at_ns, raw = excluded.raw WHERE excluded.at_ns >= at_ns`).
			int(rec.id).int(toNano(snap.At)).blob(raw).run()
	})
}

// Snapshot returns the claim object as it was read last; false when it never was.
func (s *Store) Snapshot(ctx context.Context, claimID string) (snap claim.Snapshot, found bool, err error) {
	err = s.read(ctx, "read a claim", func(c *conn) error {
		var bad error
		st := c.prepare("SELECT s.raw, s.at_ns FROM snapshots s JOIN claims c ON c.id = s.claim WHERE c.claim_id = ?").text(claimID)
		if st.next() {
			snap, bad = claim.DecodeSnapshot(st.s.ColumnBlob(0, nil), fromNano(st.s.ColumnInt64(1)))
			found = bad == nil
		}
		if bad != nil {
			bad = fmt.Errorf("claim %s: %w", claimID, bad)
		}
		return errors.Join(st.done(), bad)
	})
	return snap, found && err == nil, err
}
