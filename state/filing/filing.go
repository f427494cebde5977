// Package filing files surplus-lines transactions at InsCipher: it reads them from JSON and CSV, checks them against the
// rules of the transaction import document, mends them in place, and submits them in chunks such that every row is filed
// once, whatever breaks in between.
//
//	files -> Rows -> Check -> Submit -> Service -> Ledger -> Results
//
// The ledger remembers every id that was ever sent, with the hash of its content:
//
//	(new) -> sending -> accepted | rejected | queued -> accepted | rejected
//	         sending -> unknown -> sending (the next run)
//
// A row goes into the ledger as sending before it is sent. What ends without a trustworthy answer is unknown; the next run
// sends it again, because the service answers an id that it has with code 3001, and then the row is ours and accepted.
// The rules in full are in decide.go and settle.go, both pure; Engine takes the steps.
package filing

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"
)

// State is where a transaction stands.
type State string

// The states of a transaction in the ledger.
const (
	Sending  State = "sending"  // being sent by the process in Holder; unknown once that process is gone
	Queued   State = "queued"   // taken over by the service as part of a batch whose results are not there yet
	Accepted State = "accepted" // filed
	Rejected State = "rejected" // the service said no
	Unknown  State = "unknown"  // sent, and no trustworthy answer
)

// States returns all states, what needs a person first.
func States() []State { return []State{Rejected, Unknown, Sending, Queued, Accepted} }

// Entry is one transaction as the ledger remembers it.
type Entry struct {
	ID            string // the transaction's own id
	Hash          string // of the content that was sent last, Row.Hash
	File          string // where that content came from
	Position      Position
	PolicyNumber  string
	State         State
	BatchID       string   // of the service; empty until it gave one
	Code          string   // of the service, such as "0" or "1001"; empty until it answered
	Message       string   // its words, or ours where it said nothing
	Warnings      []Remark // of an accepted transaction
	TransactionID string   // of the service, where it gives one
	Attempts      int
	SentAt        time.Time // start of the latest attempt
	SettledAt     time.Time // when it came to its state; zero while sending or queued
	Holder        string    // the process that is sending it
	// Doubt says that an attempt with this very content ended without an answer: a 3001 then means that it was filed.
	Doubt bool
	// Earlier is different content sent under this id before, which may be what the service has; nil: none.
	Earlier *Version
	// Before is what the ledger said before the attempt under way, to go back to when nothing was sent; nil: nothing.
	Before *Entry
}

// Version is one content of a transaction that was sent under its id.
type Version struct {
	Hash          string    `json:"hash"`
	State         State     `json:"state"` // Accepted or Unknown
	File          string    `json:"file,omitempty"`
	Position      Position  `json:"position,omitzero"`
	PolicyNumber  string    `json:"policyNumber,omitempty"`
	BatchID       string    `json:"batchId,omitempty"`
	TransactionID string    `json:"transactionId,omitempty"`
	SentAt        time.Time `json:"sentAt,omitzero"`
	SettledAt     time.Time `json:"settledAt,omitzero"`
}

// Remark is a warning of the service about a field of a transaction that it accepted.
type Remark struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Answer is what the service says about a batch, answered at once or asked for later.
type Answer struct {
	BatchID string
	Queued  bool // the service is still at work: rows that Rows does not settle have their result later
	Rows    []RowAnswer
}

// RowAnswer is what the service says about one transaction.
type RowAnswer struct {
	ID            string
	PolicyNumber  string
	TransactionID string
	Code          string // the number as text; "0": ok, which of a batch that is Queued means only that it was taken over
	Message       string
	Warnings      []Remark
	Queued        bool // taken over; its result comes with the batch's
}

// Service is InsCipher as this package needs it; an adapter over api/inscipher implements it. Errors should have the
// methods of Fate, and should wrap a *Fault where more is known; an error that says nothing of itself leaves the outcome
// unknown.
type Service interface {
	// Send sends the rows as one batch, once. It never tries again after bytes may have reached the service.
	Send(ctx context.Context, rows []json.RawMessage) (Answer, error)
	// Results asks for the results of a batch that was queued.
	Results(ctx context.Context, batchID string) (Answer, error)
}

// Fate is what an error of a call tells about the call. Exactly one holds.
type Fate interface {
	error
	NotSent() bool   // provably nothing reached the service
	Refused() bool   // the service got it and surely did none of it
	Uncertain() bool // nobody can say
}

// Fault adds to the error of a call what the engine can act upon. Err should have the methods of Fate.
type Fault struct {
	Err      error
	SignIn   bool          // the token or the key was refused: nothing else will be accepted either
	Busy     bool          // 429: send the same again after After
	After    time.Duration // Retry-After; zero: not said
	TooLarge bool          // 413: send fewer rows at once
	Unknown  bool          // Results: the service does not know the batch
	Fatal    bool          // any other refusal that concerns the call and not its rows, such as 403, 404 or 405
}

// Error returns the words of the cause.
func (f *Fault) Error() string { return f.Err.Error() }

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Query selects entries of the ledger. The zero value selects all.
type Query struct {
	State State  // empty: any
	Batch string // empty: any
	File  string // empty: any
}

// Change gives the new content of an entry in a transaction of the ledger; prev is a zero entry when known is false. It
// returns false to leave the entry as it is; an entry without a State is removed. It must do nothing else: it may be called
// for entries in any order.
type Change func(id string, prev Entry, known bool) (next Entry, write bool)

// Ledger is the store as this package needs it.
type Ledger interface {
	// Update applies change to the entries of ids, in one transaction that no other process can step into. It is on the
	// disk when Update returns.
	Update(ctx context.Context, ids []string, change Change) error
	// Find returns the entries of ids that are known, in no particular order.
	Find(ctx context.Context, ids []string) ([]Entry, error)
	// Walk returns the entries of a query page by page, in order of file and place. An error ends it. Entries may change
	// while it goes on; those that stay as they are are shown exactly once.
	Walk(ctx context.Context, q Query) iter.Seq2[Entry, error]
	// Counts returns how many entries of a query are in each state.
	Counts(ctx context.Context, q Query) (map[State]int, error)
	// Batches returns the batches with queued entries, the oldest first.
	Batches(ctx context.Context) ([]string, error)
}

// The reasons for a run to end early; match with errors.Is. None of them loses anything: run again.
var (
	ErrSignIn      = errors.New("InsCipher did not accept the key or the sign-in")
	ErrUnreachable = errors.New("InsCipher cannot be reached")
	ErrBusy        = errors.New("InsCipher asks to wait longer than this run does")
	ErrRefused     = errors.New("InsCipher refuses the transactions as a whole")
	ErrDoubtful    = errors.New("InsCipher does not answer")
	ErrJournal     = errors.New("the ledger cannot be written")
	ErrRunning     = errors.New("this claimdeck is submitting already")
)
