// Package claim folds what is known of a claim (snapshots of GET /claims/{id} and the claim's activities) into
// one projection. The API's claim object has no orders, counters or messages: those exist only as activities.
//
// The fold is pure, idempotent, tolerant of unknown types, and independent of the order in which activities
// arrive: it sorts by createdAt first, puts causes before their effects within one millisecond, and breaks the
// remaining ties by key.
package claim

import (
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/activity"
)

// Claim is the projection. Empty fields are not known. All strings are safe to print. Money is US dollars.
type Claim struct {
	ID, Number, ExternalID string
	VIN                    string
	Vehicle                Vehicle
	Lender, LenderID       string
	Owner                  Person
	Adjuster               Person
	AccountNumber          string // sensitive: masked until revealed
	InsurerType            string // "First Party", "Third Party"
	FinanceType            string // "Retail", "Lease"
	CauseOfLoss            string
	DateOfLoss             string // YYYY-MM-DD
	Deductible, Settlement *decimal.Decimal
	Odometer               *decimal.Decimal
	OwnerRetained          *bool
	TitleRemittance        string
	VehicleLocation        string
	CreatedAt              time.Time // of the claim; zero when not known
	Payoff                 Payoff
	PayoffRequest          Request
	Guarantee              Guarantee // the letter of guarantee
	Orders                 []Order   // by creation
	Documents              []Document
	Counters               []Counter // oldest first; the last one may be open
	Messages               []Message // oldest first
	Payments               []Payment
	Calls                  int
	FirstActivity          time.Time
	LastActivity           time.Time
	SnapshotAt             time.Time         // when the claim object was last read; zero: never
	Timeline               []Event           // newest first; legacy and new activities of one fact are one event
	Extra                  map[string]string // keys of the claim object that are not known here
}

// Vehicle is what the VIN decoded to.
type Vehicle struct {
	Year        int
	Make, Model string
}

// Person is a name with ways to reach them. Phones are sensitive.
type Person struct{ Name, Phone, Email, Address string }

// Payoff is the merged payoff quote: the feed sends parts of it, repeatedly.
type Payoff struct {
	Amount, PerDiem *decimal.Decimal
	ValidThrough    string // YYYY-MM-DD, the last day on which Amount is right
	Standard        *Remittance
	Overnight       *Remittance
	DocumentID      string
	At              time.Time // of the newest part
}

// Remittance is where a payoff check goes. Two fields of one address are never mixed from two answers.
type Remittance struct {
	Payee, Attn, Street, Street2, City, State, ZIP string
}

// Request is the state of a payoff request.
type Request struct {
	State RequestState
	At    time.Time // of the latest change
}

// RequestState is where a request to the lender stands.
type RequestState string

// The states of a request.
const (
	NotRequested RequestState = ""
	Pending      RequestState = "pending"
	Fulfilled    RequestState = "fulfilled"
	Cancelled    RequestState = "cancelled"
)

// Guarantee is the letter of guarantee and its request.
type Guarantee struct {
	Request
	Estimate   time.Time // estimated response time; zero: none given
	DocumentID string    // of the letter; empty until it arrived
}

// Order is one order and what became of it.
type Order struct {
	ID, Type   string
	Status     string // "pending", "fulfilled", "cancelled", or as sent
	CreatedAt  time.Time
	ChangedAt  time.Time
	Attempts   int
	LastNote   string // message of the latest attempt
	FollowUp   string // YYYY-MM-DD; empty: none
	DocumentID string
}

// Document is one document of the claim, identified by the last path segment of its URL.
type Document struct {
	ID, Type, URL string
	At            time.Time
	ByLossExpress bool
	By            string
	SentToLender  bool
}

// Counter is a lender's counter to the settlement, and the answer to it.
type Counter struct {
	At          time.Time
	Description string
	DocumentID  string
	Answered    bool
	Disputed    bool
	Reason      string // of the dispute
	AnswerDoc   string // the new settlement breakdown
	AnsweredAt  time.Time
}

// Message is one direct message.
type Message struct {
	At             time.Time
	ByLossExpress  bool
	By             string
	Category       string
	Text           string // may have several lines
	ActionRequired bool
	Key            activity.Key
}

// Payment is one acknowledgement that a check was sent.
type Payment struct {
	At            time.Time
	Amount        *decimal.Decimal
	SentAt        string // YYYY-MM-DD, the day that was written
	Via, Tracking string
	To            string // one line
}

// Event is one line of the timeline.
type Event struct {
	At      time.Time
	Type    activity.Type
	Summary string
	Key     activity.Key   // of the activity that tells it best
	Also    []activity.Key // other activities of the same fact
}
