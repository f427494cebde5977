// Package side is what is remembered of a claim's counterparts at the side systems (ClaimCenter, InsCipher, Scalepoint):
// under which id a system knows the claim, and what it answered last. Package store keeps it.
package side

import (
	"context"
	"encoding/json"
	"time"
)

// System names a side system, as the configuration does.
type System string

// The side systems.
const (
	ClaimCenter System = "claimcenter"
	InsCipher   System = "inscipher"
	Scalepoint  System = "scalepoint"
)

// How a claim was linked.
const (
	ByNumber = "number" // found by the claim number
	ByPerson = "person" // given by a person; a search never replaces it
)

// Link is the id under which a side system knows a claim.
type Link struct {
	ClaimID string // of LossExpress
	System  System
	Ref     string    // the system's own id, such as "cc:99001" or a case token
	How     string    // ByNumber, ByPerson, or the action that made it
	At      time.Time // when it was made
}

// Cached is the latest answer of a side system about a claim, and the latest failure to get a newer one. Age is counted
// from At; a Problem that is not empty and younger than At says why the answer is as old as it is.
type Cached struct {
	ClaimID   string
	System    System
	At        time.Time       // when Raw was read; zero: there never was an answer
	Raw       json.RawMessage // the answer as the caller encodes it; nil when there never was one
	Problem   string          // why the latest attempt failed, in a specialist's words; empty: it did not
	ProblemAt time.Time
}

// Memory keeps links and answers. Every method is one transaction.
type Memory interface {
	// Link returns the link of a claim to a system; false when there is none.
	Link(ctx context.Context, claimID string, system System) (Link, bool, error)
	// Linked returns the link of the claim that a system knows as ref; false when there is none.
	Linked(ctx context.Context, system System, ref string) (Link, bool, error)
	// SaveLink keeps a link in the place of an older one, except that a ByNumber never replaces a ByPerson.
	SaveLink(ctx context.Context, l Link) error
	// DropLink forgets a link and what was cached under it; it is no error when there is none.
	DropLink(ctx context.Context, claimID string, system System) error
	// Cached returns what a system answered about a claim; false when it was never asked.
	Cached(ctx context.Context, claimID string, system System) (Cached, bool, error)
	// SaveCached keeps an answer or a failure. With a Raw it replaces the answer, unless the stored one is newer, and
	// ends the problem; without, it keeps the stored answer and notes the problem.
	SaveCached(ctx context.Context, c Cached) error
}
