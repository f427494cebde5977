package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"claimdeck/state/query"
)

// ClaimPosition is a place in the list of claims: newest activity first.
type ClaimPosition struct {
	LastMs int64
	Row    int64
}

// ClaimPaging asks for a page of claims. From is exclusive; nil starts at the claim with the newest activity.
// Newer goes upwards from From, and returns its rows oldest first.
type ClaimPaging struct {
	From  *ClaimPosition
	Dir   Direction
	Limit int
}

const claimColumns = `h.claim, h.last_ms, a.type, c.claim_id, c.number, c.vin, coalesce(l.name, ''), c.owner, c.vehicle,
	coalesce(a.summary, ''), h.activities
	FROM heads h JOIN claims c ON c.id = h.claim
	LEFT JOIN lenders l ON l.id = c.lender LEFT JOIN activities a ON a.seq = h.last_seq`

// Claims returns the claims of a filter, at most p.Limit. Words must occur in "number vin owner lender vehicle
// summary" of the claim and its newest activity; types and bounds in time look at the newest activity.
func (s *Store) Claims(ctx context.Context, f query.Filter, p ClaimPaging) ([]ClaimRow, error) {
	if p.Limit <= 0 {
		return nil, fmt.Errorf("read claims: a page of %d rows was asked for", p.Limit)
	}
	var rows []ClaimRow
	err := s.read(ctx, "read claims", func(c *conn) error {
		plan, err := s.newPlan(c, f)
		if err != nil || plan.none {
			return err
		}
		st := claimsFrom(c, p)
		for len(rows) < p.Limit && st.next() {
			if plan.matchesClaim(st) {
				rows = append(rows, claimRow(st))
			}
		}
		return st.done()
	})
	return rows, err
}

func claimsFrom(c *conn, p ClaimPaging) *stmt {
	switch {
	case p.From == nil && p.Dir == Older:
		return c.prepare("SELECT " + claimColumns + " ORDER BY h.last_ms DESC, h.claim DESC")
	case p.From == nil:
		return c.prepare("SELECT " + claimColumns + " ORDER BY h.last_ms, h.claim")
	case p.Dir == Older:
		return c.prepare("SELECT " + claimColumns + " WHERE (h.last_ms, h.claim) < (?, ?) ORDER BY h.last_ms DESC, h.claim DESC").
			int(p.From.LastMs).int(p.From.Row)
	default:
		return c.prepare("SELECT " + claimColumns + " WHERE (h.last_ms, h.claim) > (?, ?) ORDER BY h.last_ms, h.claim").
			int(p.From.LastMs).int(p.From.Row)
	}
}

// CountClaims returns how many claims match.
func (s *Store) CountClaims(ctx context.Context, f query.Filter) (int, error) {
	n := 0
	err := s.read(ctx, "count claims", func(c *conn) error {
		plan, err := s.newPlan(c, f)
		if err != nil || plan.none {
			return err
		}
		if plan.timeOnly() && !plan.bounded() {
			total, _, err := c.prepare("SELECT count(*) FROM claims").one()
			n = int(total)
			return err
		}
		st := c.prepare("SELECT " + claimColumns)
		for st.next() {
			if plan.matchesClaim(st) {
				n++
			}
		}
		return st.done()
	})
	return n, err
}

func (p *plan) matchesClaim(st *stmt) bool {
	if p.claims != nil && !p.claims.has(st.s.ColumnInt64(0)) {
		return false
	}
	if ms := st.s.ColumnInt64(1); ms < p.since || ms >= p.until {
		return false
	}
	if p.types != nil && !slices.Contains(p.types, st.s.ColumnInt64(2)) {
		return false
	}
	if len(p.words) == 0 {
		return true
	}
	p.text = p.text[:0]
	for _, column := range []int{4, 5, 7, 6, 8, 9} {
		p.text = append(appendLower(p.text, st.s.ColumnRawText(column)), ' ')
	}
	for _, w := range p.words {
		if !bytes.Contains(p.text, w) {
			return false
		}
	}
	return true
}

func claimRow(st *stmt) ClaimRow {
	row := ClaimRow{
		ID: st.s.ColumnText(3), Number: st.s.ColumnText(4), VIN: st.s.ColumnText(5), Lender: st.s.ColumnText(6),
		Owner: st.s.ColumnText(7), Vehicle: st.s.ColumnText(8), LastSummary: st.s.ColumnText(9),
		Activities: st.s.ColumnInt(10), at: ClaimPosition{LastMs: st.s.ColumnInt64(1), Row: st.s.ColumnInt64(0)},
	}
	if row.Activities > 0 {
		row.LastAt = fromMilli(row.at.LastMs)
	}
	return row
}

// FindClaims returns the claims that ref names exactly: by claim id, by claim number or by VIN, in any case; newest
// activity first. Several claims may share a number or a VIN.
func (s *Store) FindClaims(ctx context.Context, ref string) ([]ClaimRow, error) {
	var rows []ClaimRow
	if ref = strings.TrimSpace(ref); ref == "" {
		return nil, nil
	}
	err := s.read(ctx, "find a claim", func(c *conn) error {
		st := c.prepare("SELECT " + claimColumns + ` WHERE h.claim IN (
			SELECT id FROM claims WHERE claim_id COLLATE NOCASE = ?1
			UNION ALL SELECT id FROM claims WHERE number_lower = ?2
			UNION ALL SELECT id FROM claims WHERE vin = ?3) ORDER BY h.last_ms DESC, h.claim DESC`).
			text(ref).text(strings.ToLower(ref)).text(strings.ToUpper(ref))
		for st.next() {
			rows = append(rows, claimRow(st))
		}
		return st.done()
	})
	return rows, err
}
