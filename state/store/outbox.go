package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

var _ outbox.Journal = (*Store)(nil)

const writeColumns = `action, claim_id, claim_number, title, input, origin, state, created_ns, hold_ns, sent_ns,
	answered_ns, settled_ns, attempts, holder, baseline, answer, problem, checked, id`

// Insert journals a new write. It is on the disk when Insert returns: a write must not be sent before it is
// journaled. It implements outbox.Journal.
func (s *Store) Insert(ctx context.Context, e outbox.Entry) error {
	return s.write(ctx, "journal a write", true, func(c *conn) error {
		st := c.prepare("INSERT INTO writes (" + writeColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
		if err := bindEntry(st, e).run(); err != nil {
			return err
		}
		if err := confirm(c, e); err != nil {
			return err
		}
		return s.addHistory(c, e.ID, "", e.State, "")
	})
}

// Move writes e if its stored state is still from; false when it is not, or there is no such entry. It is on the
// disk when Move returns. ErrTaken when an activity of ConfirmedBy confirms another write; nothing is written then.
func (s *Store) Move(ctx context.Context, from outbox.State, e outbox.Entry, note string) (bool, error) {
	moved := false
	err := s.write(ctx, "journal the state of a write", true, func(c *conn) error {
		st := c.prepare(`UPDATE writes SET (action, claim_id, claim_number, title, input, origin, state, created_ns, hold_ns,
			sent_ns, answered_ns, settled_ns, attempts, holder, baseline, answer, problem, checked) =
			(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ? AND state = ?`)
		if err := bindEntry(st, e).text(string(from)).run(); err != nil {
			return err
		}
		if moved = c.db.Changes() > 0; !moved {
			return nil
		}
		if err := confirm(c, e); err != nil {
			return err
		}
		return s.addHistory(c, e.ID, from, e.State, note)
	})
	return moved && err == nil, err
}

func bindEntry(st *stmt, e outbox.Entry) *stmt {
	problem := ""
	if e.Problem != nil {
		raw, err := json.Marshal(e.Problem)
		if err != nil {
			st.err = fmt.Errorf("encode the problem: %w", err)
		}
		problem = string(raw)
	}
	return st.text(e.Action).text(e.ClaimID).text(e.ClaimNumber).text(e.Title).blob(e.Input).text(e.Origin).
		text(string(e.State)).int(toNano(e.CreatedAt)).int(toNano(e.HoldUntil)).int(toNano(e.SentAt)).
		int(toNano(e.AnsweredAt)).int(toNano(e.SettledAt)).int(int64(e.Attempts)).text(e.Holder).int(e.Baseline).
		blob(e.Answer).text(problem).bool(e.Checked).text(e.ID)
}

// confirm makes the confirmations of e exactly its ConfirmedBy.
func confirm(c *conn, e outbox.Entry) error {
	if err := c.prepare("DELETE FROM confirmations WHERE write_id = ?").text(e.ID).run(); err != nil {
		return err
	}
	for _, key := range e.ConfirmedBy {
		err := c.prepare("INSERT INTO confirmations (key, write_id) VALUES (?, ?)").blob(key[:]).text(e.ID).run()
		if errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) {
			return fmt.Errorf("write %s: activity %x: %w", e.ID, key, ErrTaken)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) addHistory(c *conn, id string, from, to outbox.State, note string) error {
	return c.prepare("INSERT INTO write_history (write_id, at_ns, from_state, to_state, note) VALUES (?, ?, ?, ?, ?)").
		text(id).int(toNano(s.now())).text(string(from)).text(string(to)).text(note).run()
}

// Entry returns one write, or ErrNotFound.
func (s *Store) Entry(ctx context.Context, id string) (outbox.Entry, error) {
	var found []outbox.Entry
	err := s.read(ctx, "read a write", func(c *conn) error {
		var err error
		found, err = entries(c, c.prepare("SELECT "+writeColumns+" FROM writes WHERE id = ?").text(id))
		return err
	})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("read write %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return outbox.Entry{}, err
	}
	return found[0], nil
}

// Entries returns the writes in any of the states, all when none is given, newest first, at most limit (0: all).
func (s *Store) Entries(ctx context.Context, limit int, states ...outbox.State) ([]outbox.Entry, error) {
	if limit <= 0 {
		limit = -1
	}
	where := ""
	if len(states) > 0 {
		where = " WHERE state IN (?" + strings.Repeat(", ?", len(states)-1) + ")"
	}
	var list []outbox.Entry
	err := s.read(ctx, "read the outbox", func(c *conn) error {
		st := c.prepare("SELECT " + writeColumns + " FROM writes" + where + " ORDER BY created_ns DESC, id DESC LIMIT ?")
		for _, state := range states {
			st = st.text(string(state))
		}
		var err error
		list, err = entries(c, st.int(int64(limit)))
		return err
	})
	return list, err
}

func entries(c *conn, st *stmt) ([]outbox.Entry, error) {
	var list []outbox.Entry
	var bad error
	for bad == nil && st.next() {
		var e outbox.Entry
		e, bad = entry(st.s)
		list = append(list, e)
	}
	if err := errors.Join(st.done(), bad); err != nil {
		return nil, err
	}
	for i := range list {
		keys := c.prepare("SELECT key FROM confirmations WHERE write_id = ? ORDER BY id").text(list[i].ID)
		for keys.next() {
			var key activity.Key
			copy(key[:], keys.s.ColumnRawBlob(0))
			list[i].ConfirmedBy = append(list[i].ConfirmedBy, key)
		}
		if err := keys.done(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func entry(s *sqlite3.Stmt) (outbox.Entry, error) {
	e := outbox.Entry{
		Action: s.ColumnText(0), ClaimID: s.ColumnText(1), ClaimNumber: s.ColumnText(2), Title: s.ColumnText(3),
		Input: s.ColumnBlob(4, nil), Origin: s.ColumnText(5), State: outbox.State(s.ColumnText(6)),
		CreatedAt: fromNano(s.ColumnInt64(7)), HoldUntil: fromNano(s.ColumnInt64(8)), SentAt: fromNano(s.ColumnInt64(9)),
		AnsweredAt: fromNano(s.ColumnInt64(10)), SettledAt: fromNano(s.ColumnInt64(11)), Attempts: s.ColumnInt(12),
		Holder: s.ColumnText(13), Baseline: s.ColumnInt64(14), Answer: s.ColumnBlob(15, nil), Checked: s.ColumnBool(17),
		ID: s.ColumnText(18),
	}
	if problem := s.ColumnRawText(16); len(problem) > 0 {
		e.Problem = new(outbox.Problem)
		if err := json.Unmarshal(problem, e.Problem); err != nil {
			return e, fmt.Errorf("write %s: its problem cannot be read: %w", e.ID, err)
		}
	}
	return e, nil
}

// History returns the story of a write, oldest first.
func (s *Store) History(ctx context.Context, id string) ([]outbox.Event, error) {
	var list []outbox.Event
	err := s.read(ctx, "read the history of a write", func(c *conn) error {
		st := c.prepare("SELECT at_ns, from_state, to_state, note FROM write_history WHERE write_id = ? ORDER BY id").text(id)
		for st.next() {
			list = append(list, outbox.Event{
				At: fromNano(st.s.ColumnInt64(0)), From: outbox.State(st.s.ColumnText(1)),
				To: outbox.State(st.s.ColumnText(2)), Note: st.s.ColumnText(3),
			})
		}
		return st.done()
	})
	return list, err
}

const candidates = chain + `SELECT b.raw, a.created_ms FROM chain
	CROSS JOIN activities a USING (seq) CROSS JOIN bodies b USING (seq)
	WHERE a.created_ms >= ?3 AND NOT EXISTS (SELECT 1 FROM confirmations k WHERE k.key = a.key AND k.write_id <> ?4)
	ORDER BY a.created_ms, a.key`

// Candidates returns, oldest first claim by claim, the activities that may confirm e: of its claim (of every claim of its number
// while its claim id is not known), arrived after e.Baseline, not older than since, and confirming no other write.
func (s *Store) Candidates(ctx context.Context, e outbox.Entry, since time.Time) ([]activity.Activity, error) {
	var list []activity.Activity
	err := s.read(ctx, "look for the effect of a write", func(c *conn) error {
		claims := &claimSet{}
		st := c.prepare("SELECT id FROM claims WHERE claim_id = ?").text(e.ClaimID)
		if e.ClaimID == "" {
			st = c.prepare("SELECT id FROM claims WHERE number_lower = ? AND number_lower <> ''").text(strings.ToLower(e.ClaimNumber))
		}
		if err := claims.read(st); err != nil {
			return err
		}
		for _, id := range claims.ids {
			some, err := decodeAll(c.prepare(candidates).int(id).int(e.Baseline).int(ceilMilli(since)).text(e.ID))
			if err != nil {
				return err
			}
			list = append(list, some...)
		}
		return nil
	})
	return list, err
}
