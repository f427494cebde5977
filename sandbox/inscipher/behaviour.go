package inscipher

import "time"

// AuthStyle is where the service looks for who is asking. The document of the import does not say.
type AuthStyle int

// The styles.
const (
	AuthAny    AuthStyle = iota // whichever of them comes
	AuthHeader                  // the API key in the header alone
	AuthQuery                   // the API key in the query alone
	AuthBearer                  // a bearer token of the sign-in alone
)

// QueuedForm is the wording of the answer to a batch that is queued. The public pages say "valid and queued".
type QueuedForm int

// The wordings.
const (
	QueuedStatus    QueuedForm = iota // {"batch_id","status":"queued"}
	QueuedValid                       // {"batch_id","status":"Valid and queued"}
	QueuedMessage                     // {"batch_id","message":"Batch is valid and queued for processing."}
	QueuedAccepted                    // 202 {"batchId"}
	QueuedEmptyList                   // {"batch_id","status":"pending","transactions":[]}
	QueuedSuccess                     // {"success":true,"status":0,"batch_id","status_message":"Queued"}
)

// Behaviour is every switch of the sandbox. Its zero value answers at once, as the document of the import does.
type Behaviour struct {
	// The batch.

	Async         bool       // the answer is "queued"; what became of the rows is in the results
	Polls         int        // this many times the results are "queued", then "processed"
	QueuedForm    QueuedForm // how "queued" is said
	BatchFails    bool       // the results of a batch are {"status":"failed"}; its rows were accepted all the same
	UnknownBatch  int        // the status for the results of an unknown batch; 0: 404. 200: in words only
	MaxRows       int        // a larger batch is refused with 413; 0: no limit
	MaxBody       int64      // bytes of a request body before 413; 0: 64 MiB
	DocumentCodes []string   // without one of each a row is 1001; nil: POLIC

	// The rows.

	AcceptDuplicates bool // an id that was accepted before is accepted again, not refused with 3001
	UnknownCodes     bool // the first of every three rows is refused with the undocumented 4711

	// The answer.

	Shuffle      bool // rows in any order; otherwise that of the request
	MissingRows  bool // the second of every three rows is not in the answer
	ExtraRows    bool // a row that nobody sent is in the answer
	RepeatRows   bool // the first row is in the answer twice
	StringStatus bool // "status":"1001"
	NumberIDs    bool // ids of digits are answered as numbers
	RowsAsObject bool // {"transactions":{"0":{...},"1":{...}}}
	WarningList  bool // warnings are a list of texts, also an empty one
	HostileText  bool // control, escape, bidi, zero-width, wide and endless text in messages, policy numbers and warnings

	// Who is asking.

	Auth          AuthStyle
	BadKeyStatus  int           // for a wrong key or token; 0: 401
	EchoKey       bool          // refusals repeat what was presented as key, token or password
	TokenLifetime time.Duration // 0: one hour
	TokenRefused  bool          // 401 for any sign-in
	NoRefresh     bool          // refresh tokens are refused

	// Faults are tried in order; the first that matches strikes. See also Switches.Inject.
	Faults []Fault
}
