package inscipher

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"claimdeck/api"
)

// The documented statuses of a row (remote document: transaction import, Response Status codes). A service may answer
// others: they are kept as they come, and nothing but StatusOK means that a row was accepted.
const (
	StatusOK               = 0
	StatusMissingDocuments = 1001
	StatusTransactionType  = 1002
	StatusLineOfBusiness   = 1003
	StatusDepartment       = 1004
	StatusTaxRule          = 1005
	StatusDuplicate        = 3001

	// NoStatus is ours: the row has no status, or one that is not a whole number. Row.Code has it as it came.
	NoStatus = -1
)

// ErrBatchFailed is a batch that the service says it could not process. Nothing is known about its rows.
var ErrBatchFailed = errors.New("the batch failed")

// Batch is what the service says about an import.
type Batch struct {
	ID      string // the service's name for it; empty when it gave none
	Queued  bool   // the service has not finished: ask Results. Rows that it knows already may be there
	State   string // as answered, such as "processed"; often empty
	Message string // about the batch as a whole; often empty
	Rows    []Row  // in the order of the answer, which may be any
	api.Meta
}

// Row is what became of one transaction.
type Row struct {
	// Key is the id exactly as it was answered (of a number its digits), to find the transaction that it belongs to.
	// It is the one remote string here that is not safe to print; empty when the answer has none.
	Key string

	ID            string // Key, safe to print
	PolicyNumber  string
	TransactionID string // the service's own id of the transaction; results of queued batches have it
	Status        int    // StatusOK, another code, or NoStatus
	Code          string // the status as it was answered
	Message       string
	Warnings      []Warning // by field; a warning is no refusal
}

// Accepted reports whether the service took the transaction.
func (r Row) Accepted() bool { return r.Status == StatusOK }

// waits reports whether the row has no status yet and says so.
func (r Row) waits() bool { return r.Status == NoStatus && waits(r.Code) }

// Warning is a remark about an accepted transaction, such as "Transaction total values don't match. Provided - 4224.80.
// Calculated - 3407.98".
type Warning struct {
	Field string // as the service calls it: "total", "slTax"; may be empty
	Text  string
}

// Meaning says what a row's status means, in the words of the document.
func Meaning(status int) string {
	switch status {
	case StatusOK:
		return "accepted"
	case StatusMissingDocuments:
		return "missing required documents"
	case StatusTransactionType:
		return "transaction type not found"
	case StatusLineOfBusiness:
		return "line of business is missing or invalid"
	case StatusDepartment:
		return "department not found"
	case StatusTaxRule:
		return "no tax rule could be assigned"
	case StatusDuplicate:
		return "duplicate: this id was submitted before"
	case NoStatus:
		return "answered without a status"
	}
	return fmt.Sprintf("status %d, which is not documented", status)
}

// The documents and public pages show the states "queued", "valid and queued", "processed" and failed. Which other words
// there are nobody says, so states are told by their stems.
func waits(words string) bool {
	return contains(words, "queue", "pending", "processing", "progress", "waiting", "received", "scheduled", "running", "started")
}

func fails(words string) bool {
	return contains(words, "error", "fail", "invalid", "reject", "refuse", "denied", "unknown", "not found", "does not exist")
}

func ends(words string) bool {
	return contains(words, "processed", "complete", "finished", "done", "success")
}

func contains(words string, stems ...string) bool {
	words = strings.ToLower(words)
	for _, stem := range stems {
		if strings.Contains(words, stem) {
			return true
		}
	}
	return false
}

// judge makes a batch of an answer that came with a success. asked is the batch it should be about; empty: a new one.
// Rows decide where there are any; the words decide only where there are none.
func (a *answer) judge(m api.Meta, asked string) (Batch, *failure) {
	b := Batch{ID: a.batchID, State: a.state, Message: a.message, Rows: a.rows, Meta: m}
	if asked != "" {
		if b.ID != "" && !strings.EqualFold(b.ID, asked) {
			return b, bad(fmt.Sprintf("the answer is about batch %s, not %s", b.ID, asked), nil)
		}
		b.ID = asked
	}
	if len(a.rows) > 0 {
		b.Queued = waits(a.state) || b.ID != "" && slices.ContainsFunc(a.rows, Row.waits)
		return b, nil
	}
	if a.failed || fails(a.state) || fails(a.message) && !waits(a.state) && !ends(a.state) {
		return b, a.failure(asked != "")
	}
	b.Queued = a.unfinished(m.Status, asked != "")
	if b.ID == "" && (b.Queued || !a.listed) {
		return b, bad("the answer has neither transactions nor a batch id: whether it was imported is not known", nil)
	}
	return b, nil
}

// unfinished reports whether an answer without rows means that they are still to come. asked says that it answers the
// question for results; the rows of an import can come with nothing else, whatever its answer is called.
func (a *answer) unfinished(status int, asked bool) bool {
	switch words := a.state + " " + a.message; {
	case waits(words), status == http.StatusAccepted:
		return true
	case a.listed:
		return false
	case asked:
		return !ends(words)
	}
	return true
}

// failure is an answer that calls itself a failure, though its HTTP status does not.
func (a *answer) failure(asked bool) *failure {
	words, said := a.state+" "+a.message, cmp.Or(a.message, a.state)
	switch {
	case aboutKey(words):
		return &failure{kind: api.ErrUnauthorized, message: said}
	case asked && contains(words, "not found", "does not exist", "unknown"):
		return &failure{kind: api.ErrNotFound, message: "the service does not know the batch: " + said}
	case asked:
		return bad("the service could not process the batch: "+said, ErrBatchFailed)
	}
	return bad("the service says that the import failed: "+said, ErrBatchFailed)
}

// failure is why an answer that came with a success is none.
type failure struct {
	kind    error // of api
	message string
	err     error // the cause; may be nil
}

func bad(message string, err error) *failure { return &failure{api.ErrBadResponse, message, err} }

// of returns the failure as the error of the call that it answered.
func (f *failure) of(m api.Meta, op string) *api.Error {
	e := m.Bad(System, op, f.message, f.err)
	e.Kind = f.kind
	return e
}
