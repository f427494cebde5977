package store

import (
	"context"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
)

// Ingest stores a batch in one transaction: its activities, what they say of their claims, the cursor and the gap.
// An activity whose key is stored already is left as it is. It implements feed.Journal.
func (s *Store) Ingest(ctx context.Context, b feed.Batch) (feed.Result, error) {
	var result feed.Result
	err := s.write(ctx, "store activities", false, func(c *conn) error {
		in := &ingestion{
			c: c, types: s.types, known: s.claims,
			claims: make(map[string]*claimRecord), counts: make(map[int64]int64),
		}
		if err := s.claims.refresh(c); err != nil {
			return err
		}
		result = feed.Result{}
		for _, a := range b.Activities {
			added, err := in.add(a)
			if err != nil {
				return err
			}
			if added {
				result.Added = append(result.Added, a)
			}
		}
		if err := in.flush(); err != nil {
			return err
		}
		if err := setCursor(c, b.Cursor); err != nil {
			return err
		}
		return addGap(c, b.Gap)
	})
	if err != nil {
		return feed.Result{}, err
	}
	return result, nil
}

// ingestion is the state of one Ingest: what is written once at its end.
type ingestion struct {
	c        *conn
	types    *typeNames
	known    *claimCache
	claims   map[string]*claimRecord
	counts   map[int64]int64 // new activities by type
	segments segmentWriter
}

const insertActivity = `INSERT INTO activities (key, created_ms, type, claim, prev, number, summary, tone)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`

func (in *ingestion) add(a activity.Activity) (added bool, err error) {
	kind, err := in.types.give(in.c, a.Type)
	if err != nil {
		return false, err
	}
	rec, err := in.claim(a.ClaimID)
	if err != nil {
		return false, err
	}
	before := in.c.db.TotalChanges()
	ms, summary := a.CreatedAt.UnixMilli(), a.Summary()
	err = in.c.prepare(insertActivity).blob(a.Key[:]).int(ms).int(kind).int(rec.id).int(rec.arrival).
		text(a.ClaimNumber).text(summary).int(int64(a.Tone())).run()
	if err != nil || in.c.db.TotalChanges() == before {
		return false, err
	}
	seq := in.c.db.LastInsertRowID()
	raw := a.Raw
	if raw == nil {
		raw = []byte{}
	}
	if err := in.c.prepare("INSERT INTO bodies (seq, raw) VALUES (?, ?)").int(seq).blob(raw).run(); err != nil {
		return false, err
	}
	in.counts[kind]++
	rec.saw(a, seq)
	return true, in.segments.add(in.c, seq, ms)
}

// flush writes what was gathered over the batch.
func (in *ingestion) flush() error {
	for kind, n := range in.counts {
		err := in.c.prepare("UPDATE types SET activities = activities + ? WHERE id = ?").int(n).int(kind).run()
		if err != nil {
			return err
		}
	}
	for id, rec := range in.claims {
		if id == "" {
			continue
		}
		if err := in.known.put(in.c, id, rec); err != nil {
			return err
		}
	}
	return in.segments.flush(in.c)
}

// claim returns the record of a claim, made if it is new. Activities without a claim share the record 0, which is
// never written.
func (in *ingestion) claim(id string) (*claimRecord, error) {
	if rec, ok := in.claims[id]; ok {
		return rec, nil
	}
	rec := &claimRecord{}
	if id != "" {
		var err error
		if rec, err = in.known.get(in.c, id); err != nil {
			return nil, err
		}
	}
	in.claims[id] = rec
	return rec, nil
}

// Cursor returns the newest activity that is stored with everything before it; false before the first complete
// walk of the feed. It implements feed.Journal.
func (s *Store) Cursor(ctx context.Context) (feed.Cursor, bool, error) {
	var cursor feed.Cursor
	found := false
	err := s.read(ctx, "read the cursor", func(c *conn) error {
		st := c.prepare("SELECT activity, created_ns FROM cursor")
		if st.next() {
			cursor, found = feed.Cursor{ID: st.s.ColumnText(0), CreatedAt: fromNano(st.s.ColumnInt64(1))}, true
		}
		return st.done()
	})
	return cursor, found, err
}

func setCursor(c *conn, cursor *feed.Cursor) error {
	if cursor == nil {
		return nil
	}
	return c.prepare(`INSERT INTO cursor (id, activity, created_ns) VALUES (1, ?, ?)
		ON CONFLICT (id) DO UPDATE SET activity = excluded.activity, created_ns = excluded.created_ns`).
		text(cursor.ID).int(toNano(cursor.CreatedAt)).run()
}

// LastGap returns the stretch of the feed that was filled late last; false when there never was one.
func (s *Store) LastGap(ctx context.Context) (feed.Gap, bool, error) {
	var gap feed.Gap
	found := false
	err := s.read(ctx, "read the last gap", func(c *conn) error {
		st := c.prepare("SELECT from_ns, to_ns, filled_ns, added, why FROM gaps ORDER BY id DESC LIMIT 1")
		if st.next() {
			found = true
			gap = feed.Gap{
				From: fromNano(st.s.ColumnInt64(0)), To: fromNano(st.s.ColumnInt64(1)), FilledAt: fromNano(st.s.ColumnInt64(2)),
				Added: st.s.ColumnInt(3), Why: st.s.ColumnText(4),
			}
		}
		return st.done()
	})
	return gap, found, err
}

func addGap(c *conn, gap *feed.Gap) error {
	if gap == nil {
		return nil
	}
	return c.prepare("INSERT INTO gaps (from_ns, to_ns, filled_ns, added, why) VALUES (?, ?, ?, ?, ?)").
		int(toNano(gap.From)).int(toNano(gap.To)).int(toNano(gap.FilledAt)).int(int64(gap.Added)).text(gap.Why).run()
}

// toNano is t in nanoseconds since 1970; the zero time is 0.
func toNano(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNano(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

func fromMilli(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
