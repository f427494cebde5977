package store

import (
	"bytes"
	"cmp"
	"strings"
	"time"

	"claimdeck/state/activity"
)

// claimRecord is the row of a claim while it is being changed.
type claimRecord struct {
	id         int64
	facts      factSet
	last       Position // newest in the feed's order
	lastSeq    int64
	arrival    int64 // newest to arrive
	activities int64
	grown      bool // activities were added
	changed    bool // facts were
}

// factSet is what a claim's row says, each with the time (ms) of what stated it.
type factSet struct {
	number, vin, owner, vehicle, lender           string
	numberMs, vinMs, ownerMs, vehicleMs, lenderMs int64
}

const selectClaim = `SELECT c.id, c.number, c.vin, c.owner, c.vehicle, coalesce(l.name, ''),
	h.number_ms, c.vin_ms, c.owner_ms, c.vehicle_ms, c.lender_ms, h.last_ms, h.last_key, h.last_seq, h.arrival, h.activities
	FROM claims c JOIN heads h ON h.claim = c.id LEFT JOIN lenders l ON l.id = c.lender WHERE c.claim_id = ?`

// loadClaim reads the record of a claim, and makes a row for it if there is none.
func loadClaim(c *conn, claimID string) (*claimRecord, error) {
	rec := &claimRecord{}
	st := c.prepare(selectClaim).text(claimID)
	if st.next() {
		f := &rec.facts
		rec.id = st.s.ColumnInt64(0)
		for i, text := range []*string{&f.number, &f.vin, &f.owner, &f.vehicle, &f.lender} {
			*text = st.s.ColumnText(1 + i)
		}
		for i, ms := range []*int64{&f.numberMs, &f.vinMs, &f.ownerMs, &f.vehicleMs, &f.lenderMs} {
			*ms = st.s.ColumnInt64(6 + i)
		}
		rec.last.CreatedMs = st.s.ColumnInt64(11)
		copy(rec.last.Key[:], st.s.ColumnRawBlob(12))
		rec.lastSeq, rec.arrival, rec.activities = st.s.ColumnInt64(13), st.s.ColumnInt64(14), st.s.ColumnInt64(15)
	}
	if err := st.done(); err != nil || rec.id != 0 {
		return rec, err
	}
	if err := c.prepare("INSERT INTO claims (claim_id) VALUES (?)").text(claimID).run(); err != nil {
		return nil, err
	}
	rec.id = c.db.LastInsertRowID()
	return rec, c.prepare("INSERT INTO heads (claim) VALUES (?)").int(rec.id).run()
}

// saw counts a new activity of the claim and learns what it states.
func (r *claimRecord) saw(a activity.Activity, seq int64) {
	if r.id == 0 {
		return
	}
	r.activities++
	r.arrival, r.grown = seq, true
	at := Position{CreatedMs: a.CreatedAt.UnixMilli(), Key: a.Key}
	if r.lastSeq == 0 || at.compare(r.last) > 0 {
		r.last, r.lastSeq = at, seq
	}
	facts := a.Facts()
	if facts.Number == "" {
		facts.Number = a.ClaimNumber
	}
	r.learn(facts, a.CreatedAt)
}

// learn takes over every fact that is newer than the one known.
func (r *claimRecord) learn(f activity.Facts, at time.Time) {
	ms := at.UnixMilli()
	take := func(known *string, knownMs *int64, value string) (fresh bool) {
		if value == "" || (ms < *knownMs && *known != "") {
			return false
		}
		r.changed = r.changed || *known != value
		fresh = *knownMs != ms
		*known, *knownMs = value, ms
		return fresh
	}
	take(&r.facts.number, &r.facts.numberMs, f.Number) // every activity states it: its time is written with the head
	for _, fresh := range []bool{
		take(&r.facts.vin, &r.facts.vinMs, strings.ToUpper(f.VIN)),
		take(&r.facts.owner, &r.facts.ownerMs, f.Owner),
		take(&r.facts.vehicle, &r.facts.vehicleMs, f.Vehicle),
		take(&r.facts.lender, &r.facts.lenderMs, f.Lender),
	} {
		r.changed = r.changed || fresh
	}
}

// write stores what changed.
func (r *claimRecord) write(c *conn) error {
	if r.changed {
		if err := r.writeFacts(c); err != nil {
			return err
		}
	}
	if !r.grown && !r.changed {
		return nil
	}
	return c.prepare(`UPDATE heads SET last_ms = ?, last_key = ?, last_seq = ?, arrival = ?, number_ms = ?, activities = ?
		WHERE claim = ?`).
		int(r.last.CreatedMs).blob(r.last.Key[:]).int(r.lastSeq).int(r.arrival).int(r.facts.numberMs).int(r.activities).
		int(r.id).run()
}

func (r *claimRecord) writeFacts(c *conn) error {
	f := r.facts
	st := c.prepare(`UPDATE claims SET number = ?, number_lower = ?, vin = ?, owner = ?, vehicle = ?,
		vin_ms = ?, owner_ms = ?, vehicle_ms = ?, lender_ms = ? WHERE id = ?`).
		text(f.number).text(strings.ToLower(f.number)).text(f.vin).text(f.owner).text(f.vehicle).
		int(f.vinMs).int(f.ownerMs).int(f.vehicleMs).int(f.lenderMs).int(r.id)
	if err := st.run(); err != nil || f.lender == "" {
		return err
	}
	lender, err := giveLender(c, f.lender)
	if err != nil {
		return err
	}
	return c.prepare("UPDATE claims SET lender = ? WHERE id = ? AND lender IS NOT ?").int(lender).int(r.id).int(lender).run()
}

func giveLender(c *conn, name string) (int64, error) {
	id, found, err := c.prepare("SELECT id FROM lenders WHERE name = ?").text(name).one()
	if err != nil || found {
		return id, err
	}
	err = c.prepare("INSERT INTO lenders (name, lower) VALUES (?, ?)").text(name).text(strings.ToLower(name)).run()
	return c.db.LastInsertRowID(), err
}

// compare orders positions by time, then by key.
func (p Position) compare(q Position) int {
	if n := cmp.Compare(p.CreatedMs, q.CreatedMs); n != 0 {
		return n
	}
	return bytes.Compare(p.Key[:], q.Key[:])
}
