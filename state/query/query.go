// Package query is the filter language of the console and the command line:
//
//	settle type:payoff claim:EX-1001 lender:ally since:2h
//
// Words are searched in the claim number and the summary; every part narrows the result (AND).
package query

import (
	"time"

	"claimdeck/state/activity"
)

// Filter is a parsed query. The zero value matches everything.
type Filter struct {
	Words  []string        // lower case; all must occur in "claimNumber summary"
	Types  []activity.Type // any of; already expanded from prefixes and parts of names
	Claim  string          // lower case; a part of the claim number, or a whole claim id or VIN
	Lender string          // lower case; a part of the lender's name
	Since  time.Time       // inclusive; zero: no bound
	Until  time.Time       // exclusive; zero: no bound
}

// Empty reports whether f matches everything.
func (f Filter) Empty() bool {
	return len(f.Words) == 0 && len(f.Types) == 0 && f.Claim == "" && f.Lender == "" && f.Since.IsZero() && f.Until.IsZero()
}
