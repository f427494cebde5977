package claimcenter

import "time"

// LinkForm is how the address of the next page is written. The documents do not say it.
type LinkForm int

// The forms of links.next.href.
const (
	LinkPath      LinkForm = iota // /claim/v1/claims/...: the path of the API alone
	LinkPrefixed                  // /cc/rest/claim/v1/claims/...
	LinkAbsolute                  // http://HOST/cc/rest/claim/v1/claims/...
	LinkQuery                     // ?pageOffset=25&...
	LinkForgetful                 // LinkPath with pageOffset alone: the other parameters are left out
	LinkOtherHost                 // an absolute address of another host
	LinkOtherPort                 // an absolute address of the same host and another port
	LinkOtherList                 // the list of another claim
	LinkLoop                      // the first page again
	LinkEndless                   // there is always a next page, an empty one in the end
	LinkBroken                    // no address that can be read
	LinkMissing                   // "next" is there, without an href
)

// Behaviour is every switch of the sandbox. Its zero value is a well-behaved service that does what the documents
// say, and the plainest thing where they say nothing.
type Behaviour struct {
	// Lists.

	Links           LinkForm
	DefaultPageSize int  // 0: 25
	MaxPageSize     int  // 0: 100; more is refused with 400
	AddsBetween     bool // every page but the first begins with the last row of the page before
	RefuseFields    bool // any fields parameter is refused with 400, so that lists show their summary
	DataMissing     bool // lists have no data

	// Finding a claim.

	RefuseFilter bool // claimNumber cannot be filtered: 400
	IgnoreFilter bool // the filter is ignored: every readable claim is listed
	NoSearch     bool // search/claims-v2 is not there: 404
	Unfindable   bool // the account may not search: 403

	// Signing in.

	BasicRefused  bool          // 401 for any Basic header, as in production
	TokenRefused  bool          // 401 for any client
	TokenLifetime time.Duration // 0: one hour

	// What the values look like.

	UnknownKeys    bool // keys that no document has, everywhere
	UnknownCodes   bool // statuses, cost types and the like have undocumented codes
	HostileStrings bool // control, escape, bidi, zero-width and endless text in every free string
	NullValues     bool // null where a value may be missing
	TrailingCommas bool // commas after the last member, as the documents print them

	// Faults are tried in order; the first that matches strikes. See also Switches.Inject.
	Faults []Fault
}

const (
	defaultPageSize = 25
	defaultMaxSize  = 100
	defaultLifetime = time.Hour
)
