// Package query is the filter language of the console and the command line:
//
//	settle type:payoff claim:EX-1001 lender:ally since:2h
//
// Words are searched in the claim number and the summary; every part narrows the result (AND). Quotes hold words
// together: lender:"wells fargo". A part that is still being typed matches everything.
package query

import (
	"slices"
	"strings"
	"time"

	"claimdeck/state/activity"
)

// Filter is a parsed query. The zero value matches everything.
type Filter struct {
	Words  []string        // lower case; all must occur in "claimNumber summary"
	Types  []activity.Type // any of; already expanded from prefixes and parts of names
	Claim  string          // lower case; a part of the claim number, or a whole claim id or VIN
	Lender string          // lower case; a part of the lender's name
	Since  time.Time       // inclusive, to the millisecond; zero: no bound
	Until  time.Time       // exclusive, to the millisecond; zero: no bound
}

// Empty reports whether f matches everything.
func (f Filter) Empty() bool {
	return len(f.Words) == 0 && len(f.Types) == 0 && f.Claim == "" && f.Lender == "" && f.Since.IsZero() && f.Until.IsZero()
}

// Equal reports whether two filters match the same for the same reasons.
func (f Filter) Equal(g Filter) bool {
	return slices.Equal(f.Words, g.Words) && slices.Equal(f.Types, g.Types) && f.Claim == g.Claim &&
		f.Lender == g.Lender && f.Since.Equal(g.Since) && f.Until.Equal(g.Until)
}

// Subject is what a filter is asked about: one activity, and what is known of its claim.
type Subject struct {
	ClaimID, ClaimNumber, VIN, Lender, Summary string

	Type activity.Type
	At   time.Time
}

// SearchText is the text in which words are searched. A store that searches by itself keeps this text.
func SearchText(claimNumber, summary string) string {
	return strings.ToLower(claimNumber + " " + summary)
}

// Match reports whether s passes f. Case does not matter; times are compared to the millisecond.
func Match(f Filter, s Subject) bool {
	if len(f.Types) > 0 && !slices.Contains(f.Types, s.Type) {
		return false
	}
	at := s.At.UnixMilli()
	if !f.Since.IsZero() && at < f.Since.UnixMilli() || !f.Until.IsZero() && at >= f.Until.UnixMilli() {
		return false
	}
	if f.Lender != "" && !strings.Contains(strings.ToLower(s.Lender), f.Lender) {
		return false
	}
	return matchClaim(f.Claim, s) && matchWords(f.Words, s)
}

func matchClaim(claim string, s Subject) bool {
	return claim == "" || strings.Contains(strings.ToLower(s.ClaimNumber), claim) ||
		strings.ToLower(s.ClaimID) == claim || strings.ToLower(s.VIN) == claim
}

func matchWords(words []string, s Subject) bool {
	if len(words) == 0 {
		return true
	}
	text := SearchText(s.ClaimNumber, s.Summary)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
