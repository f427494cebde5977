// Package store is the SQLite database of one profile: activities, claims, the feed cursor, the outbox and its
// history. It holds the only SQL in the tree. One connection writes, a few read; every write is one transaction.
package store

import (
	"errors"
	"time"

	"claimdeck/state/activity"
)

// ErrNotFound is returned where one thing was asked for and is not stored.
var ErrNotFound = errors.New("not in the store")

// Position is a place in the feed's order (createdAt, key). The zero value is before everything.
type Position struct {
	CreatedMs int64
	Key       activity.Key
}

// Direction is where a page goes from its position.
type Direction int

// The directions of a page.
const (
	Older Direction = iota // towards the past: newest first
	Newer                  // towards the future: oldest first
)

// Paging asks for a page of rows. From is exclusive; nil starts at the newest (Older) or the oldest (Newer) row.
type Paging struct {
	From  *Position
	Dir   Direction
	Limit int
}

// Row is one activity as lists show it, without its data.
type Row struct {
	Key         activity.Key
	Seq         int64 // order of arrival in this store
	CreatedAt   time.Time
	Type        activity.Type
	ClaimID     string
	ClaimNumber string
	Lender      string
	Summary     string
	Tone        activity.Tone
}

// Position returns the row's place in the feed's order.
func (r Row) Position() Position {
	return Position{CreatedMs: r.CreatedAt.UnixMilli(), Key: r.Key}
}

// ClaimRow is one claim as lists show it.
type ClaimRow struct {
	ID, Number, VIN, Lender, Owner, Vehicle string
	LastAt                                  time.Time // newest activity
	LastSummary                             string
	Activities                              int

	at ClaimPosition
}

// Position returns the row's place in the list of claims.
func (r ClaimRow) Position() ClaimPosition { return r.at }
