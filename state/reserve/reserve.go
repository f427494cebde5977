// Package reserve knows the reserves of a claim: the money that the carrier's claim system has set aside for it, what
// was approved, and whether it is enough for the settlement and the payoff. It is pure: what ClaimCenter answered is
// handed in as a Book.
//
// A reserve is a transaction: it changes the reserve of its line up or down. So every figure here is a sum of
// transactions. It is not the available reserve, from which payments would be subtracted too, and it must not be
// called so. Amounts of different currencies are never added or compared.
package reserve

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"

	"claimdeck/state/money"
)

// Code is an entry of a typelist of the remote system: an open set, of which the name is shown.
type Code struct {
	Code string `json:"code,omitzero"`
	Name string `json:"name,omitzero"`
}

// String returns the name, or the code where there is none.
func (c Code) String() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Code
}

// is reports whether c means one of names, by its code or its name, whatever its case and spaces.
func (c Code) is(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		want := bareWord(name)
		return want != "" && (bareWord(c.Code) == want || bareWord(c.Name) == want)
	})
}

// bareWord is s in lower case without spaces, underscores and hyphens: "Auto body" is "autobody".
func bareWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// Amount is an amount as the remote system wrote it: the text is kept exactly.
type Amount struct {
	Text     string `json:"amount,omitzero"`
	Currency string `json:"currency,omitzero"` // as sent: "usd"
}

// Value returns the amount as a number; false when it is none.
func (a Amount) Value() (decimal.Decimal, bool) { return money.Number(a.Text) }

// Item is one line item of a reserve.
type Item struct {
	ID          string `json:"id,omitzero"`
	Category    Code   `json:"category,omitzero"`
	Comments    string `json:"comments,omitzero"` // may have several lines
	Reserving   Amount `json:"reserving,omitzero"`
	Transaction Amount `json:"transaction,omitzero"`
	Claim       Amount `json:"claim,omitzero"`
	Reporting   Amount `json:"reporting,omitzero"`
}

// Exposure is the part of the claim that a reserve is for.
type Exposure struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"` // such as "(1) 1st Party Vehicle - Ray Newton"
}

// Reserve is one reserve transaction.
type Reserve struct {
	ID           string    `json:"id,omitzero"`
	Status       Code      `json:"status,omitzero"`
	Coverage     Code      `json:"coverage,omitzero"`
	Exposure     *Exposure `json:"exposure,omitzero"` // nil: of the whole claim
	CostType     Code      `json:"costType,omitzero"`
	CostCategory Code      `json:"costCategory,omitzero"`
	Currency     Code      `json:"currency,omitzero"` // of the line: the reserving currency
	Items        []Item    `json:"items,omitzero"`
}

// Set is a set of reserve transactions that was submitted and approved together.
type Set struct {
	ID          string    `json:"id,omitzero"`
	Approval    Code      `json:"approval,omitzero"`
	ApprovedAt  time.Time `json:"approvedAt,omitzero"`
	RequestedBy string    `json:"requestedBy,omitzero"` // who submitted it; the approver is not told
	Reserves    []string  `json:"reserves,omitzero"`    // ids
}

// Book is everything that is known of the reserves of one claim.
type Book struct {
	ClaimID  string    `json:"claimId,omitzero"` // of the remote system, such as "demo_sample:1"
	Number   string    `json:"number,omitzero"`  // the claim number
	Sets     []Set     `json:"sets,omitzero"`
	Reserves []Reserve `json:"reserves,omitzero"`
	At       time.Time `json:"at,omitzero"` // when it was read
}

// format is the version of what Encode writes. A Book is only a cache: what was written differently is read anew.
const format = 1

// ErrFormat is returned by Decode for a Book of another version of the program: read the reserves again.
var ErrFormat = errors.New("these reserves were kept by another version of the program: read them again")

type envelope struct {
	Format int   `json:"format"`
	Book   *Book `json:"book"`
}

// Encode writes the Book for the store.
func (b Book) Encode() ([]byte, error) {
	raw, err := json.Marshal(envelope{format, &b})
	if err != nil {
		return nil, fmt.Errorf("the reserves cannot be kept: %w", err)
	}
	return raw, nil
}

// Decode reads what Encode wrote. Errors wrap ErrFormat or say that it is damaged; either way the reserves are to be
// read again.
func Decode(raw []byte) (Book, error) {
	var e envelope
	if err := json.Unmarshal(raw, &e); err != nil {
		return Book{}, fmt.Errorf("the kept reserves are damaged, read them again: %w", err)
	}
	if e.Format != format || e.Book == nil {
		return Book{}, ErrFormat
	}
	return *e.Book, nil
}

// Reserve returns the transaction of an id.
func (b Book) Reserve(id string) (Reserve, bool) {
	i := slices.IndexFunc(b.Reserves, func(r Reserve) bool { return r.ID == id })
	if i < 0 {
		return Reserve{}, false
	}
	return b.Reserves[i], true
}
