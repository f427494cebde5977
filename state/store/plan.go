package store

import (
	"bytes"
	"math"
	"slices"
	"time"

	"claimdeck/state/query"
)

// plan is a filter made ready for one snapshot of the database.
type plan struct {
	words  [][]byte
	types  []int64 // numbers; nil: any
	claims *claimSet
	since  int64 // inclusive, ms
	until  int64 // exclusive, ms
	none   bool  // nothing can match
	text   []byte
}

// claimSet is the claims a filter allows.
type claimSet struct {
	ids  []int64
	bits []uint64
}

func (s *claimSet) add(id int64) {
	for int(id/64) >= len(s.bits) {
		s.bits = append(s.bits, 0)
	}
	if s.has(id) {
		return
	}
	s.bits[id/64] |= 1 << (id % 64)
	s.ids = append(s.ids, id)
}

func (s *claimSet) has(id int64) bool {
	return int(id/64) < len(s.bits) && s.bits[id/64]&(1<<(id%64)) != 0
}

// newPlan looks up what a filter names: its types, its claims and its lenders.
func (s *Store) newPlan(c *conn, f query.Filter) (*plan, error) {
	p := &plan{since: math.MinInt64, until: math.MaxInt64}
	if !f.Since.IsZero() {
		p.since = ceilMilli(f.Since)
	}
	if !f.Until.IsZero() {
		p.until = ceilMilli(f.Until)
	}
	for _, w := range f.Words {
		if w != "" {
			p.words = append(p.words, []byte(w))
		}
	}
	for _, name := range f.Types {
		id, err := s.types.id(c, name)
		if err != nil {
			return nil, err
		}
		if id != 0 && !slices.Contains(p.types, id) {
			p.types = append(p.types, id)
		}
	}
	var err error
	p.claims, err = claimsOf(c, f)
	p.none = p.since >= p.until || (len(f.Types) > 0 && len(p.types) == 0) || (p.claims != nil && len(p.claims.ids) == 0)
	return p, err
}

// claimsOf returns the claims that a filter's claim and lender allow; nil when it names neither.
func claimsOf(c *conn, f query.Filter) (*claimSet, error) {
	if f.Claim == "" && f.Lender == "" {
		return nil, nil //nolint:nilnil // nil is "any claim"
	}
	set := &claimSet{}
	if f.Claim != "" {
		if err := set.read(c.prepare(claimMatches).text(f.Claim)); err != nil || f.Lender == "" {
			return set, err
		}
	}
	ofLender := &claimSet{}
	if err := ofLender.read(c.prepare(lenderMatches).text(f.Lender)); err != nil || f.Claim == "" {
		return ofLender, err
	}
	both := &claimSet{}
	for _, id := range set.ids {
		if ofLender.has(id) {
			both.add(id)
		}
	}
	return both, nil
}

func (s *claimSet) read(st *stmt) error {
	for st.next() {
		s.add(st.s.ColumnInt64(0))
	}
	return st.done()
}

// Both read indexes alone. claimMatches finds claims by a part of the number, or by the whole claim id or VIN; ?1
// is in lower case.
const (
	claimMatches = `SELECT id FROM claims WHERE instr(number_lower, ?1)
	UNION ALL SELECT id FROM claims WHERE claim_id COLLATE NOCASE = ?1
	UNION ALL SELECT id FROM claims WHERE vin = upper(?1)`
	lenderMatches = "SELECT id FROM claims WHERE lender IN (SELECT id FROM lenders WHERE instr(lower, ?))"
)

// activities returns how many activities the claims have together.
func (s *claimSet) activities(c *conn) (int64, error) {
	total := int64(0)
	for _, id := range s.ids {
		n, _, err := c.prepare("SELECT activities FROM heads WHERE claim = ?").int(id).one()
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// bounded reports whether p has a bound in time.
func (p *plan) bounded() bool { return p.since != math.MinInt64 || p.until != math.MaxInt64 }

// timeOnly reports whether p filters by time alone.
func (p *plan) timeOnly() bool { return len(p.words) == 0 && p.types == nil && p.claims == nil }

// blocks returns the blocks of a sealed segment that may hold a match.
func (p *plan) blocks(c *conn, id int64) (blockSet, error) {
	set := allBlocks
	if len(p.types) > 0 {
		some := blockSet{}
		for _, kind := range p.types {
			slice, err := readSlice(c, id, typeGram(kind))
			if err != nil {
				return set, err
			}
			some = some.or(slice)
		}
		set = some
	}
	for _, w := range p.words {
		for _, bit := range wordGrams(string(w)) {
			if set.empty() {
				return set, nil
			}
			slice, err := readSlice(c, id, bit)
			if err != nil {
				return set, err
			}
			set = set.and(slice)
		}
	}
	return set, nil
}

// matches reports whether the row a statement stands on passes. Its columns are those of scanColumns.
func (p *plan) matches(st *stmt) bool {
	if ms := st.s.ColumnInt64(1); ms < p.since || ms >= p.until {
		return false
	}
	if p.types != nil && !slices.Contains(p.types, st.s.ColumnInt64(2)) {
		return false
	}
	if p.claims != nil && !p.claims.has(st.s.ColumnInt64(3)) {
		return false
	}
	if len(p.words) == 0 {
		return true
	}
	p.text = searchText(p.text[:0], st.s.ColumnRawText(5), st.s.ColumnRawText(6))
	for _, w := range p.words {
		if !bytes.Contains(p.text, w) {
			return false
		}
	}
	return true
}

// ceilMilli is the first whole millisecond that is not before t: rows have whole milliseconds, bounds may not.
func ceilMilli(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return ms
}
