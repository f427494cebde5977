package store

import (
	"context"
	"errors"

	"claimdeck/state/side"
)

var _ side.Memory = (*Store)(nil)

// Link returns the link of a claim to a side system; false when there is none. It implements side.Memory.
func (s *Store) Link(ctx context.Context, claimID string, system side.System) (side.Link, bool, error) {
	return s.link(ctx, "claim_id = ? AND system = ?", claimID, string(system))
}

// Linked returns the newest link of a side system's id; false when there is none. It implements side.Memory.
func (s *Store) Linked(ctx context.Context, system side.System, ref string) (side.Link, bool, error) {
	return s.link(ctx, "system = ? AND ref = ?", string(system), ref)
}

func (s *Store) link(ctx context.Context, where, first, second string) (l side.Link, found bool, err error) {
	err = s.read(ctx, "read a link", func(c *conn) error {
		st := c.prepare("SELECT claim_id, system, ref, how, at_ns FROM links WHERE " + where + " ORDER BY at_ns DESC LIMIT 1").text(first).text(second)
		if st.next() {
			found = true
			l = side.Link{
				ClaimID: st.s.ColumnText(0), System: side.System(st.s.ColumnText(1)), Ref: st.s.ColumnText(2), How: st.s.ColumnText(3),
				At: fromNano(st.s.ColumnInt64(4)),
			}
		}
		return st.done()
	})
	return l, found, err
}

// SaveLink keeps a link; one that a search found never replaces one that a person gave. What was cached under another id
// is forgotten: it is the answer about another thing. It implements side.Memory.
func (s *Store) SaveLink(ctx context.Context, l side.Link) error {
	if l.ClaimID == "" || l.System == "" || l.Ref == "" {
		return errors.New("keep a link: it needs a claim id, a system and the system's id")
	}
	return s.write(ctx, "keep a link", false, func(c *conn) error {
		_, theirs, err := c.prepare("SELECT 1 FROM links WHERE claim_id = ? AND system = ? AND how = ? AND ? = ?").
			text(l.ClaimID).text(string(l.System)).text(side.ByPerson).text(l.How).text(side.ByNumber).one()
		if err != nil || theirs {
			return err
		}
		err = c.prepare(`DELETE FROM cached WHERE claim_id = ? AND system = ? AND EXISTS
			(SELECT 1 FROM links k WHERE k.claim_id = cached.claim_id AND k.system = cached.system AND k.ref <> ?)`).
			text(l.ClaimID).text(string(l.System)).text(l.Ref).run()
		if err != nil {
			return err
		}
		return c.prepare("INSERT OR REPLACE INTO links (claim_id, system, ref, how, at_ns) VALUES (?, ?, ?, ?, ?)").
			text(l.ClaimID).text(string(l.System)).text(l.Ref).text(l.How).int(toNano(l.At)).run()
	})
}

// DropLink forgets a link and what was cached under it. It implements side.Memory.
func (s *Store) DropLink(ctx context.Context, claimID string, system side.System) error {
	return s.write(ctx, "drop a link", false, func(c *conn) error {
		for _, table := range []string{"links", "cached"} {
			if err := c.prepare("DELETE FROM " + table + " WHERE claim_id = ? AND system = ?").text(claimID).text(string(system)).run(); err != nil {
				return err
			}
		}
		return nil
	})
}

// Cached returns what a side system answered last about a claim; false when it was never asked. It implements side.Memory.
func (s *Store) Cached(ctx context.Context, claimID string, system side.System) (k side.Cached, found bool, err error) {
	err = s.read(ctx, "read what a side system answered", func(c *conn) error {
		st := c.prepare("SELECT at_ns, raw, problem, problem_ns FROM cached WHERE claim_id = ? AND system = ?").text(claimID).text(string(system))
		if st.next() {
			found = true
			k = side.Cached{
				ClaimID: claimID, System: system, At: fromNano(st.s.ColumnInt64(0)), Raw: st.s.ColumnBlob(1, nil),
				Problem: st.s.ColumnText(2), ProblemAt: fromNano(st.s.ColumnInt64(3)),
			}
		}
		return st.done()
	})
	return k, found, err
}

// SaveCached keeps an answer, or why there is no newer one. Answers and problems may come in any order: the newer of each
// stays, and an answer ends the problems before it. It implements side.Memory.
func (s *Store) SaveCached(ctx context.Context, k side.Cached) error {
	if k.ClaimID == "" || k.System == "" {
		return errors.New("keep an answer: it needs a claim id and a system")
	}
	return s.write(ctx, "keep what a side system answered", false, func(c *conn) error {
		err := c.prepare("INSERT OR IGNORE INTO cached (claim_id, system, at_ns, raw, problem, problem_ns) VALUES (?, ?, 0, NULL, '', 0)").
			text(k.ClaimID).text(string(k.System)).run()
		if err != nil {
			return err
		}
		if k.Raw != nil {
			err = c.prepare("UPDATE cached SET at_ns = ?1, raw = ?2 WHERE claim_id = ?3 AND system = ?4 AND at_ns <= ?1").
				int(toNano(k.At)).blob(k.Raw).text(k.ClaimID).text(string(k.System)).run()
		}
		if err == nil && k.Problem != "" {
			err = c.prepare("UPDATE cached SET problem = ?1, problem_ns = ?2 WHERE claim_id = ?3 AND system = ?4 AND problem_ns <= ?2").
				text(k.Problem).int(toNano(k.ProblemAt)).text(k.ClaimID).text(string(k.System)).run()
		}
		if err != nil {
			return err
		}
		return c.prepare("UPDATE cached SET problem = '', problem_ns = 0 WHERE claim_id = ? AND system = ? AND problem_ns < at_ns").
			text(k.ClaimID).text(string(k.System)).run()
	})
}
