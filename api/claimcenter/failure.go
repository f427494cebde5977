package claimcenter

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"claimdeck/api"
)

// explain gives a refusal of the service words that a specialist can act on. The service's own follow, where they say
// more: userMessage and the messages of details (remote document: Error responses).
func (c *Client) explain(err error, what string) error {
	e, ok := api.AsError(err)
	if !ok || e.Status < 400 {
		return err
	}
	out := *e
	switch e.Status {
	case http.StatusUnauthorized:
		if !e.Sent {
			return err // the token call's own words are better
		}
		out.Message = "the sign-in was not accepted: check the client id, its secret and its scopes"
		if c.basic {
			out.Message = "the sign-in was not accepted: check user and password (production systems take OAuth only)"
		}
	case http.StatusForbidden:
		out.Message = fmt.Sprintf("the account may not read %s: ask your ClaimCenter administrator for the permission", what)
	case http.StatusNotFound:
		out.Message = fmt.Sprintf("%s is not there for this account: it does not exist, it is archived, or the account has no "+
			"permission (ClaimCenter answers all three alike): check the claim's link, then ask your administrator", what)
	case http.StatusBadRequest:
		out.Message = withDetails(e.Message, e.Body)
	}
	return &out
}

// Bounds of what is taken from details.
const (
	maxDetails = 3
	maxDetail  = 200 // bytes
	maxWord    = 40  // a longer one may be an echoed token
)

// withDetails adds to a message what the details of the error say more.
func withDetails(message string, body json.RawMessage) string {
	var wire struct {
		Details list[struct{ Message word }]
	}
	fill(body, &wire)
	said := 0
	for _, d := range wire.Details {
		detail := api.Words(string(d.Message), maxDetail)
		if said == maxDetails || detail == "" || strings.Contains(message, detail) || tellsSecrets(detail) {
			continue
		}
		said++
		message = strings.TrimRight(message, ". ") + ": " + detail
	}
	return message
}

// tellsSecrets reports whether a text may contain a token: nothing of it is shown then.
func tellsSecrets(s string) bool {
	return slices.ContainsFunc(strings.Fields(s), func(word string) bool {
		return len(word) > maxWord || strings.EqualFold(word, "bearer") || strings.EqualFold(word, "basic")
	})
}
