package lossexpress

import "time"

// FeedOrder is the order in which GET /activities lists its rows. The documents do not say which one is used.
type FeedOrder int

// The orders of the feed.
const (
	FeedAscending  FeedOrder = iota // oldest first
	FeedDescending                  // newest first
	FeedShuffled                    // pages follow each other oldest first; the rows of one page are in no order
)

// TokenShape is the form of the answer of POST /oauth/token, which no public document shows.
type TokenShape int

// The shapes of a token answer.
const (
	TokenSnake         TokenShape = iota // {"access_token","token_type","expires_in":3600}
	TokenCamel                           // {"accessToken","tokenType","expiresIn":3600}
	TokenPlain                           // {"token","expiresIn":3600}
	TokenBare                            // "the-token": a JSON string, no lifetime
	TokenJWT                             // {"access_token": a JWT with exp}, no expires_in
	TokenNoExpiry                        // {"access_token","token_type"}, no lifetime at all
	TokenNumericString                   // as TokenSnake with "expires_in":"3600"
)

// WebhookRoutes says under which paths the webhook is registered and read.
type WebhookRoutes int

// The families of webhook routes.
const (
	WebhookBoth       WebhookRoutes = iota // /carriers/webhook* and /activities/webhook*
	WebhookCarriers                        // the older documents: /carriers/webhook, /carriers/webhook-info
	WebhookActivities                      // the newer ones: /activities/webhook, /activities/webhook-info
)

// LetterEstimate says what a letter of guarantee request is told about its turnaround time.
type LetterEstimate int

// What becomes of the estimate.
const (
	EstimateGiven  LetterEstimate = iota // a timestamp, in the answer and in the activity
	EstimateAbsent                       // the key is missing from both
	EstimateNull                         // null in the answer, missing from the activity
)

// Behaviour is every switch of the sandbox. Its zero value is a well-behaved service that does what the documents
// say, and the plainest thing where they say nothing. Switches that distort what an activity says (DevHost,
// HostileStrings, UnknownTypes, UnknownEnums, NullValues, ClockGranularity) act when the activity is emitted: rows
// that are already in the feed stay as they are, so Truth is always what a client can read.
type Behaviour struct {
	// The feed.

	FeedOrder              FeedOrder
	CursorExclusive        bool // activityId: rows after that activity only; otherwise it is listed too
	CursorKeepsDefaultAge  bool // the 30 minutes of createdAfter also apply when activityId is given
	RefuseCursor           int  // 400 or 404: any activityId is refused with it
	CreatedAfterInclusive  bool // createdAfter <= createdAt instead of <
	CreatedBeforeInclusive bool // createdAt <= createdBefore instead of <
	NoDefaultAge           bool // without createdAfter everything is listed, not the last 30 minutes
	DefaultAgeFromBefore   bool // the 30 minutes count back from createdBefore, not from now
	MaxPageSize            int  // 0: 500
	ClampPageSize          bool // a larger pageSize is cut to the maximum instead of refused with 400
	DuplicateRows          bool // every third row of a page appears twice in it
	DuplicateAcrossPages   bool // every page but the first begins with the last row of the page before

	// PageDrift is the number of times that an activity is still emitted between two pages of a walk. Each use
	// counts it down. DriftAge is how far back the createdAt of such an activity lies: with an age it falls inside
	// a window that a client froze before, and shifts the rows of the pages still to come.
	PageDrift int
	DriftAge  time.Duration

	// BetweenPages is called after a page of the feed was put together and before it is sent, when more pages
	// follow. It may call the Server.
	BetweenPages func(page int)

	// ClockGranularity rounds every createdAt down: with a second, hundreds of rows share one millisecond. 0: 1 ms.
	ClockGranularity time.Duration

	// The token.

	TokenShape    TokenShape
	TokenLifetime time.Duration // 0: one hour
	TokenRefused  bool          // 401 for any credentials

	// The webhook.

	WebhookRoutes WebhookRoutes

	// What the carrier's configuration or the service decides.

	WithholdAccountNumber    bool // claim-created carries no accountNumber
	NoCombinedDocument       bool // one document that is both breakdown and valuation is not enough
	DropLegacy               bool // the deprecated activities are not sent, order-status-changed alone
	DropStatusChanged        bool // order-status-changed is not sent, the deprecated activities alone
	LetterEstimate           LetterEstimate
	RefuseSecondRequest      bool // 400 for a payoff or letter request while one is pending; otherwise 200, no second order
	CounterChangesSettlement bool // accepting a counter changes the settlement amount (claim-updated)
	DecimalCheckAmount       bool // payoff-sent takes a checkAmount with cents; otherwise 400, as "an integer" is documented
	SearchEmpty404           bool // a search without a hit is a 404, not {"claims":[]}
	SearchEither             bool // vin and claimNumber together are OR, not AND
	SearchSummary            bool // a search lists a few fields of a claim, not the whole object
	TestVINDelay             time.Duration

	// What the strings and values look like.

	DevHost        bool // xapi-dev.lossexpress.com in document addresses, except in the orders of order-status-changed
	HostileStrings bool // control, escape, bidi, zero-width, wide, endless and multi-line text in every free string
	UnknownTypes   bool // every third activity is followed by one of an undocumented type
	UnknownEnums   bool // statuses, categories, causes of loss and the like have undocumented values
	NullValues     bool // null where a value is expected

	// The transport.

	MaxBody             int64 // bytes of a request body before 413; 0: 20 MiB (the service's own limit is not known)
	AllowUnknownKeys    bool  // an unknown body key is ignored, not refused with 400
	AllValidationErrors bool  // every validation error is listed, not the first alone
	FlatValidationPaths bool  // key and path of a validation error are strings and label is missing
	StrictAccept        bool  // 406 also without an Accept header and for */*

	// Faults are tried in order; the first that matches strikes. See also Switches.Inject.
	Faults []Fault
}

const (
	defaultMaxPageSize = 500
	defaultPageSize    = 100
	defaultAge         = 30 * time.Minute
	defaultMaxBody     = 20 << 20
	defaultLifetime    = time.Hour
)

// takeDrift uses up one page drift, if there is one left.
func (s *Server) takeDrift() (drifts bool) {
	s.Change(func(b *Behaviour) {
		if drifts = b.PageDrift > 0; drifts {
			b.PageDrift--
		}
	})
	return drifts
}
