package store

import (
	"cmp"
	"slices"

	"claimdeck/state/activity"
)

// scanColumns are the columns of every statement that goes over rows; see plan.matches and scanned.
const scanColumns = "seq, created_ms, type, claim, key, number, summary, tone"

// position returns the place of the row a statement stands on.
func position(st *stmt) Position {
	p := Position{CreatedMs: st.s.ColumnInt64(1)}
	copy(p.Key[:], st.s.ColumnRawBlob(4))
	return p
}

// span is the part of the feed a scan goes over, and how.
type span struct {
	from *Position // exclusive; nil: from the end
	dir  Direction
}

// beyond reports whether p lies in the span.
func (s span) has(p Position) bool {
	switch {
	case s.from == nil:
		return true
	case s.dir == Newer:
		return p.compare(*s.from) > 0
	default:
		return p.compare(*s.from) < 0
	}
}

// touches reports whether rows within b may lie in the span and match p's bounds in time.
func (s span) touches(b bounds, p *plan) bool {
	if b.last < p.since || b.first >= p.until {
		return false
	}
	switch {
	case s.from == nil:
		return true
	case s.dir == Newer:
		return b.last >= s.from.CreatedMs
	default:
		return b.first <= s.from.CreatedMs
	}
}

// order compares times in the direction of the span: what comes first is smaller.
func (s span) order(a, b bounds) int {
	if s.dir == Newer {
		return cmp.Compare(a.first, b.first)
	}
	return cmp.Compare(b.last, a.last)
}

// scanner goes over the rows that may match, in roughly the span's order, and stops when no later block can hold
// anything the visitor still wants.
type scanner struct {
	c     *conn
	plan  *plan
	span  span
	visit func(st *stmt, at Position)
	// enough reports whether nothing that happened within b, or later in the span's order, is wanted; nil: never.
	enough func(b bounds) bool
}

// A set of at most fewClaims claims with at most fewRows activities is read claim by claim.
const (
	fewClaims = 256
	fewRows   = 2000
)

func (s *scanner) run() error {
	if s.plan.none {
		return nil
	}
	if s.plan.claims != nil && len(s.plan.claims.ids) <= fewClaims {
		n, err := s.plan.claims.activities(s.c)
		if err != nil {
			return err
		}
		if n <= fewRows {
			return s.byClaim()
		}
	}
	return s.byBlock()
}

// chain is the arrivals of a claim (?1) after a number (?2), newest first. It is joined with CROSS JOIN, which SQLite
// does not reorder: an index that happens to fit an ORDER BY would otherwise be gone through from end to end.
const chain = `WITH RECURSIVE chain (seq) AS (
	SELECT arrival FROM heads WHERE claim = ?1 AND arrival > ?2
	UNION ALL SELECT a.prev FROM chain CROSS JOIN activities a ON a.seq = chain.seq WHERE a.prev > ?2) `

func (s *scanner) byClaim() error {
	for _, id := range s.plan.claims.ids {
		if err := s.rows(s.c.prepare(chain + "SELECT " + scanColumns + " FROM chain CROSS JOIN activities USING (seq)").int(id).int(0)); err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) byBlock() error {
	list, err := segments(s.c)
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b segment) int { return s.span.order(a.all, b.all) })
	for i := range list {
		g := &list[i]
		if s.enough != nil && s.enough(g.all) {
			return nil
		}
		if !s.span.touches(g.all, s.plan) {
			continue
		}
		if err := s.segment(g); err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) segment(g *segment) error {
	set := allBlocks
	if g.sealed {
		var err error
		if set, err = s.plan.blocks(s.c, g.id); err != nil || set.empty() {
			return err
		}
	}
	if err := g.load(s.c); err != nil {
		return err
	}
	order := make([]int, 0, len(g.blocks))
	for i, b := range g.blocks {
		if set.has(i) && s.span.touches(b, s.plan) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return s.span.order(g.blocks[a], g.blocks[b]) })
	for _, i := range order {
		if s.enough != nil && s.enough(g.blocks[i]) {
			return nil
		}
		first := g.id*segmentRows + int64(i)*blockRows + 1
		err := s.rows(s.c.prepare("SELECT " + scanColumns + " FROM activities WHERE seq BETWEEN ? AND ?").
			int(first).int(first + blockRows - 1))
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) rows(st *stmt) error {
	for st.next() {
		if !s.plan.matches(st) {
			continue
		}
		if at := position(st); s.span.has(at) {
			s.visit(st, at)
		}
	}
	return st.done()
}

// scanned is a row of a list before its type and lender are looked up.
type scanned struct {
	at            Position
	seq           int64
	kind, claim   int64
	number, words string
	tone          activity.Tone
}

func scannedRow(st *stmt, at Position) scanned {
	return scanned{
		at: at, seq: st.s.ColumnInt64(0), kind: st.s.ColumnInt64(2), claim: st.s.ColumnInt64(3),
		number: st.s.ColumnText(5), words: st.s.ColumnText(6), tone: activity.Tone(st.s.ColumnInt(7)),
	}
}

// top keeps the first rows of a span.
type top struct {
	span  span
	limit int
	rows  []scanned
	full  bool     // the limit was reached when the rows were last cut,
	worst Position // and this was the last of them
}

func (t *top) add(st *stmt, at Position) {
	if t.full && t.compare(at, t.worst) > 0 {
		return
	}
	t.rows = append(t.rows, scannedRow(st, at))
	if len(t.rows) >= 2*t.limit {
		t.cut()
	}
}

func (t *top) compare(a, b Position) int {
	if t.span.dir == Newer {
		return a.compare(b)
	}
	return b.compare(a)
}

func (t *top) cut() {
	slices.SortFunc(t.rows, func(a, b scanned) int { return t.compare(a.at, b.at) })
	t.rows = t.rows[:min(len(t.rows), t.limit)]
	if t.full = len(t.rows) == t.limit; t.full {
		t.worst = t.rows[t.limit-1].at
	}
}

// enough reports whether the limit is reached and nothing within b can come before the last row kept.
func (t *top) enough(b bounds) bool {
	if len(t.rows) < t.limit {
		return false
	}
	t.cut()
	if t.span.dir == Newer {
		return b.first > t.worst.CreatedMs
	}
	return b.last < t.worst.CreatedMs
}
