package inscipher

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"claimdeck/api"
)

const opCheck = "check"

// noBatch is a batch id of the right form that no batch has: a hash of nothing but zeros.
const noBatch = "00000000000000000000000000000000"

// Health is what a harmless call found out.
type Health struct {
	Status     int       // the HTTP status
	Proven     bool      // the credentials were surely accepted; otherwise only nothing spoke against them
	Words      string    // for a person
	ServerTime time.Time // by the answer's Date header; zero when absent
}

// Check finds out whether the service can be used, without changing anything there. The document has no call for this, so
// it asks for the results of a batch that cannot exist, and judges the answer:
//
//   - 200 (or another success) with JSON or nothing: reached, credentials accepted, unless its words speak of the key;
//   - 400, 409, 410, 422: reached. That the key was looked at first is likely but not sure;
//   - 404 in JSON: reached. Either the batch is unknown, as it should be, or Options.ResultsPath is;
//   - any other 404, 405, a web page, a redirect: the address or the path is wrong;
//   - 401, 403, and a 4xx or a success whose words speak of the key: api.ErrUnauthorized or api.ErrForbidden;
//   - 429, 5xx, no connection: not now; whether the credentials are right is not known.
//
// With AuthOAuth the sign-in itself proves the credentials, so that every answer that is no error is Proven.
func (c *Client) Check(ctx context.Context) (Health, error) {
	r := c.ResultsRequest(noBatch)
	r.Op, r.MustAnswer = opCheck, false
	m, err := c.api.Do(ctx, r, nil)
	if err == nil {
		return c.answered(m)
	}
	e, ok := api.AsError(err)
	if !ok {
		return Health{}, err
	}
	h, refused := c.judge(*e)
	if refused != nil {
		return Health{}, refused
	}
	return h, nil
}

// answered judges a success.
func (c *Client) answered(m api.Meta) (Health, error) {
	var a answer
	_ = a.UnmarshalJSON(m.Body) // of another shape: an answer all the same
	if len(a.rows) == 0 && aboutKey(a.state+" "+a.message) {
		refused := failure{kind: api.ErrUnauthorized, message: c.refusal() + " (" + cmp.Or(a.message, a.state) + ")"}
		return Health{}, refused.of(m, opCheck)
	}
	return Health{Status: m.Status, Proven: true, Words: "reached; the credentials are accepted", ServerTime: m.ServerTime}, nil
}

// judge judges a refusal.
func (c *Client) judge(e api.Error) (Health, *api.Error) {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		if e.Sent { // not one of the token call, which has its words
			e.Message = c.refusal() + " (" + e.Message + ")"
		}
		return Health{}, &e
	case http.StatusMethodNotAllowed:
		e.Message = "the results cannot be read at that path: check results_path"
		return Health{}, &e
	case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusUnprocessableEntity:
	default:
		return Health{}, &e
	}
	if !e.Sent {
		return Health{}, &e
	}
	if aboutKey(e.Code + " " + e.Message) {
		e.Kind = api.ErrUnauthorized
		e.Message = c.refusal() + " (" + e.Message + ")"
		return Health{}, &e
	}
	h := Health{Status: e.Status, Proven: c.how == AuthOAuth, Words: fmt.Sprintf("reached; answered %d, as a batch that does not exist may be", e.Status)}
	if e.Status == http.StatusNotFound {
		if e.Body == nil {
			e.Message = "nothing is there: check the address and results_path"
			return Health{}, &e
		}
		h.Words += "; if results of real batches are not found either, check results_path"
	}
	return h, nil
}

func (c *Client) refusal() string {
	if c.how == AuthOAuth {
		return "the token was refused: check the user name and the account's API access"
	}
	return "the API key was refused: sign in with a new one, or check where the key belongs (auth, key)"
}

// aboutKey reports whether a refusal speaks of who asks, not of what is asked for.
func aboutKey(words string) bool {
	return contains(words, "api key", "apikey", "api_key", "api-key", "unauthori", "authenticat", "credential", "access denied", "access_denied", "access token")
}
