package store

import (
	"context"
	"fmt"

	"claimdeck/state/activity"
	"claimdeck/state/query"
)

// Activities returns the rows of a filter next to a position, at most p.Limit: newest first for Older, oldest
// first for Newer. It stops at the limit, so that a screenful costs little however much is stored; a word that
// nothing contains costs a few reads for every 8192 rows.
func (s *Store) Activities(ctx context.Context, f query.Filter, p Paging) ([]Row, error) {
	if p.Limit <= 0 {
		return nil, fmt.Errorf("read activities: a page of %d rows was asked for", p.Limit)
	}
	var rows []Row
	err := s.read(ctx, "read activities", func(c *conn) error {
		plan, err := s.newPlan(c, f)
		if err != nil || plan.none {
			return err
		}
		t := &top{span: span{from: p.From, dir: p.Dir}, limit: p.Limit}
		if plan.timeOnly() {
			err = t.byTime(c, plan)
		} else {
			sc := scanner{c: c, plan: plan, span: t.span, visit: t.add, enough: t.enough}
			err = sc.run()
			t.cut()
		}
		if err != nil {
			return err
		}
		rows, err = s.finish(c, t.rows)
		return err
	})
	return rows, err
}

const (
	older = "SELECT " + scanColumns + ` FROM activities WHERE (created_ms, key) < (?, ?) AND created_ms >= ?
		ORDER BY created_ms DESC, key DESC LIMIT ?`
	newer = "SELECT " + scanColumns + ` FROM activities WHERE (created_ms, key) > (?, ?) AND created_ms < ?
		ORDER BY created_ms, key LIMIT ?`
)

// byTime reads a page that is bounded by time alone, along the index.
func (t *top) byTime(c *conn, p *plan) error {
	var st *stmt
	if t.span.dir == Newer {
		from := Position{CreatedMs: p.since} // keys are 16 bytes: an empty one sorts before all of them
		key := []byte{}
		if t.span.from != nil && t.span.from.CreatedMs >= p.since {
			from = *t.span.from
			key = from.Key[:]
		}
		st = c.prepare(newer).int(from.CreatedMs).blob(key).int(p.until).int(int64(t.limit))
	} else {
		from := Position{CreatedMs: p.until}
		key := []byte{}
		if t.span.from != nil && t.span.from.CreatedMs < p.until {
			from = *t.span.from
			key = from.Key[:]
		}
		st = c.prepare(older).int(from.CreatedMs).blob(key).int(p.since).int(int64(t.limit))
	}
	for st.next() {
		t.rows = append(t.rows, scannedRow(st, position(st)))
	}
	return st.done()
}

// finish turns scanned rows into rows of a list.
func (s *Store) finish(c *conn, list []scanned) ([]Row, error) {
	rows := make([]Row, len(list))
	for i, r := range list {
		kind, err := s.types.name(c, r.kind)
		if err != nil {
			return nil, err
		}
		rows[i] = Row{
			Key: r.at.Key, Seq: r.seq, CreatedAt: fromMilli(r.at.CreatedMs), Type: kind,
			ClaimNumber: r.number, Summary: r.words, Tone: r.tone,
		}
		st := c.prepare("SELECT c.claim_id, coalesce(l.name, '') FROM claims c LEFT JOIN lenders l ON l.id = c.lender WHERE c.id = ?").
			int(r.claim)
		if st.next() {
			rows[i].ClaimID, rows[i].Lender = st.s.ColumnText(0), st.s.ColumnText(1)
		}
		if err := st.done(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// CountActivities returns how many activities match. Without words and bounds in time it is read from counters;
// with words it reads every row that may match, a second or so for a million: call it in the background. It ends
// soon after ctx does.
func (s *Store) CountActivities(ctx context.Context, f query.Filter) (int, error) {
	n := 0
	err := s.read(ctx, "count activities", func(c *conn) error {
		plan, err := s.newPlan(c, f)
		if err != nil || plan.none {
			return err
		}
		n, err = plan.count(c)
		return err
	})
	return n, err
}

func (p *plan) count(c *conn) (int, error) {
	if p.timeOnly() {
		if !p.bounded() {
			n, err := sequence(c)
			return int(n), err
		}
		n, _, err := c.prepare("SELECT count(*) FROM activities WHERE created_ms >= ? AND created_ms < ?").
			int(p.since).int(p.until).one()
		return int(n), err
	}
	if len(p.words) == 0 && !p.bounded() {
		switch {
		case p.types == nil:
			n, err := p.claims.activities(c)
			return int(n), err
		case p.claims == nil:
			return p.countTypes(c)
		}
	}
	return p.countRows(c, span{dir: Newer})
}

func (p *plan) countTypes(c *conn) (int, error) {
	total := int64(0)
	for _, kind := range p.types {
		n, _, err := c.prepare("SELECT activities FROM types WHERE id = ?").int(kind).one()
		if err != nil {
			return 0, err
		}
		total += n
	}
	return int(total), nil
}

func (p *plan) countRows(c *conn, sp span) (int, error) {
	n := 0
	sc := scanner{c: c, plan: p, span: sp, visit: func(*stmt, Position) { n++ }}
	err := sc.run()
	return n, err
}

// CountNewer returns how many activities of a filter come after a position: the "n new" above a list.
func (s *Store) CountNewer(ctx context.Context, f query.Filter, above Position) (int, error) {
	n := 0
	err := s.read(ctx, "count new activities", func(c *conn) error {
		plan, err := s.newPlan(c, f)
		if err != nil || plan.none {
			return err
		}
		if plan.timeOnly() && !plan.bounded() {
			var total int64
			total, _, err = c.prepare("SELECT count(*) FROM activities WHERE (created_ms, key) > (?, ?)").
				int(above.CreatedMs).blob(above.Key[:]).one()
			n = int(total)
			return err
		}
		n, err = plan.countRows(c, span{from: &above, dir: Newer})
		return err
	})
	return n, err
}

// Sequence returns the number of the newest arrival, which is also how many activities are stored.
func (s *Store) Sequence(ctx context.Context) (int64, error) {
	var n int64
	err := s.read(ctx, "read the sequence", func(c *conn) error {
		var err error
		n, err = sequence(c)
		return err
	})
	return n, err
}

func sequence(c *conn) (int64, error) {
	n, _, err := c.prepare("SELECT max(seq) FROM activities").one()
	return n, err
}

// Activity returns one activity, or ErrNotFound.
func (s *Store) Activity(ctx context.Context, key activity.Key) (activity.Activity, error) {
	var found []activity.Activity
	err := s.read(ctx, "read an activity", func(c *conn) error {
		var err error
		found, err = decodeAll(c.prepare("SELECT b.raw, a.created_ms FROM activities a JOIN bodies b ON b.seq = a.seq WHERE a.key = ?").
			blob(key[:]))
		return err
	})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("read activity %x: %w", key, ErrNotFound)
	}
	if err != nil {
		return activity.Activity{}, err
	}
	return found[0], nil
}

// ActivityByID is Activity by the id the service gave it.
func (s *Store) ActivityByID(ctx context.Context, id string) (activity.Activity, error) {
	return s.Activity(ctx, activity.KeyOf(id))
}

// ClaimActivities returns all activities of a claim, oldest first.
func (s *Store) ClaimActivities(ctx context.Context, claimID string) ([]activity.Activity, error) {
	var list []activity.Activity
	err := s.read(ctx, "read the activities of a claim", func(c *conn) error {
		id, found, err := c.prepare("SELECT id FROM claims WHERE claim_id = ?").text(claimID).one()
		if err != nil || !found {
			return err
		}
		list, err = decodeAll(c.prepare(chain + `SELECT b.raw, a.created_ms FROM chain CROSS JOIN activities a USING (seq)
			CROSS JOIN bodies b USING (seq) ORDER BY a.created_ms, a.key`).int(id).int(0))
		return err
	})
	return list, err
}

// decodeAll decodes rows of (raw, created_ms).
func decodeAll(st *stmt) ([]activity.Activity, error) {
	var list []activity.Activity
	var bad error
	for bad == nil && st.next() {
		var a activity.Activity
		if a, bad = activity.Decode(st.s.ColumnBlob(0, nil)); bad == nil {
			list = append(list, a.Stamped(fromMilli(st.s.ColumnInt64(1))))
		}
	}
	if err := st.done(); err != nil {
		return nil, err
	}
	return list, bad
}
