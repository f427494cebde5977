// Package activity decodes the entries of the LossExpress activity feed and says each in a person's words.
//
// Decoding is tolerant: the feed is the only record of orders, counters and messages, so an unknown type, an
// unknown key or a value of the wrong shape is kept and shown, never dropped. All strings of a decoded activity
// are safe to print (package text); Raw is exactly what the service sent.
package activity

import (
	"encoding/json"
	"time"
)

// Key identifies an activity in the store: the 16 bytes of its UUID, or the first 16 bytes of the SHA-256 of any
// other id. It breaks ties between activities of one millisecond.
type Key [16]byte

// Type is the feed's name of what happened. The set is open.
type Type string

// The documented types (remote document: Activity Types).
const (
	AccountNumberViewed               Type = "account-number-viewed"
	CallMade                          Type = "call-made"
	ClaimCreated                      Type = "claim-created"
	ClaimUpdated                      Type = "claim-updated"
	DirectMessageAdded                Type = "direct-message-added"
	DocumentAdded                     Type = "document-added"
	DocumentSentToLender              Type = "document-sent-to-lender"
	LetterOfGuaranteeAdded            Type = "letter-of-guarantee-added"
	LetterOfGuaranteeRequestCreated   Type = "letter-of-guarantee-request-created"
	LetterOfGuaranteeRequestCancelled Type = "letter-of-guarantee-request-cancelled"
	LenderAliasVerified               Type = "lender-alias-verified"
	NewLenderVerified                 Type = "new-lender-verified"
	OrderAttempted                    Type = "order-attempted"
	OrderCancelled                    Type = "order-cancelled"
	OrderCreated                      Type = "order-created"
	OrderFulfilled                    Type = "order-fulfilled"
	OrderStatusChanged                Type = "order-status-changed"
	OrderUpdated                      Type = "order-updated"
	PaymentSent                       Type = "payment-sent"
	PayoffDataAdded                   Type = "payoff-data-added"
	PayoffRequestCancelled            Type = "payoff-request-cancelled"
	PayoffRequestCreated              Type = "payoff-request-created"
	RequestPendingLenderContacted     Type = "request-pending-lender-contacted"
	SettlementCounterAdded            Type = "settlement-counter-added"
	SettlementCounterUpdated          Type = "settlement-counter-updated"
)

// Activity is one entry of the feed.
type Activity struct {
	ID          string // activityId, or hash in documents before mid 2021
	Key         Key
	CreatedAt   time.Time // UTC, milliseconds
	Type        Type
	ClaimID     string
	ClaimNumber string
	ExternalID  string // vendor accounts only
	Data        Data   // by Type; Unknown where the type or its shape is not known
	Raw         json.RawMessage
}

// Data is what one type of activity carries. The concrete types are in data.go.
type Data interface{ isData() }
