// Package activity decodes the entries of the LossExpress activity feed and says each in a person's words.
//
// Decoding is tolerant: the feed is the only record of orders, counters and messages, so an unknown type, an
// unknown key or a value of the wrong shape is kept and shown, never dropped. All strings of a decoded activity
// are safe to print (package text); Raw is exactly what the service sent.
package activity

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Key identifies an activity in the store: the 16 bytes of its UUID, or the first 16 bytes of the SHA-256 of any
// other id. It breaks ties between activities of one millisecond.
type Key [16]byte

// KeyOf returns the key of an activity id. Letter case does not matter in a UUID.
func KeyOf(id string) Key {
	if len(id) == len("fed62fa0-c048-46b5-b994-6e3e69fb0f37") {
		if u, err := uuid.Parse(id); err == nil {
			return Key(u)
		}
	}
	sum := sha256.Sum256([]byte(id))
	return Key(sum[:16])
}

// Activity is one entry of the feed.
type Activity struct {
	ID          string // activityId, or hash in documents before mid 2021
	Key         Key
	CreatedAt   time.Time // UTC, milliseconds; zero when the service sent none that can be read
	Type        Type
	ClaimID     string
	ClaimNumber string
	ExternalID  string // vendor accounts only
	Data        Data   // by Type; Unknown where the type or its shape is not known; never nil once decoded
	Raw         json.RawMessage
}

// Data is what one type of activity carries. The concrete types are in the data_*.go files.
type Data interface {
	// say returns the activity in one line; a carries what does not stand in the data.
	say(a *Activity) string
	// tone says what the activity asks of a person.
	tone() Tone
}

// Stamped returns a with CreatedAt set to at if the service sent none: a row needs a place in the feed, and the
// time of its arrival is the best that is known. It must not move the feed's cursor.
func (a Activity) Stamped(at time.Time) Activity {
	if a.CreatedAt.IsZero() {
		a.CreatedAt = at.UTC().Truncate(time.Millisecond)
	}
	return a
}

// Tone says what an activity asks of a person: the glyph and the colour of its row.
type Tone int

// The tones.
const (
	Neutral   Tone = iota
	Good           // something arrived or was settled
	Attention      // a person must act
	Muted          // worth a line, not a look
)

// Tone returns the tone of a.
func (a Activity) Tone() Tone {
	if a.Data == nil {
		return Neutral
	}
	return a.Data.tone()
}

// ActionRequired reports whether LossExpress says that it waits for an answer to this message.
func (a Activity) ActionRequired() bool {
	m, ok := a.Data.(DirectMessage)
	return ok && m.Asks()
}
