package systems

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"claimdeck/api/oauth"
	"claimdeck/api/scalepoint"
	"claimdeck/state/config"
	"claimdeck/state/side"
)

// Cases are the cases of claims at Scalepoint, submitted and remembered.
type Cases struct {
	client *scalepoint.Client
	memory side.Memory
	now    func() time.Time
	key    func(ctx context.Context) (*oauth.Assertion, error) // nil: a client secret

	country, tenant string
}

// byAction is how a claim was linked to a case.
const byAction = "case.submit"

func openCases(o Options) (*Cases, error) {
	account := o.Profile.Scalepoint
	c := &Cases{memory: o.Memory, now: o.Now, country: account.Country, tenant: account.Tenant}
	settings := scalepoint.Options{
		BaseURL: account.URL, TokenURL: tokenURL(o.Profile), Scopes: strings.Fields(account.Scope),
		Credentials: o.Credentials(config.Scalepoint), API: o.transport(),
	}
	if account.Auth != "secret" {
		c.key = signingKey(account.Certificate, o.secretOf(config.Scalepoint))
		settings.Assertion = c.key
	}
	var err error
	if c.client, err = scalepoint.New(settings); err != nil {
		return nil, err
	}
	return c, nil
}

// tokenURL is where tokens are given out: production has a place of its own.
func tokenURL(p config.Profile) string {
	switch {
	case p.Scalepoint.TokenURL != "":
		return p.Scalepoint.TokenURL
	case p.Environment == config.Production:
		return scalepoint.ProductionTokenURL
	default:
		return scalepoint.TokenURL(p.Scalepoint.URL)
	}
}

// Case is a case as it is remembered.
type Case struct {
	Country string    `json:"country"`
	Tenant  string    `json:"tenant"`
	Token   string    `json:"token"`
	Code    string    `json:"code"`    // of the service, as it came
	Outcome string    `json:"outcome"` // "submitted", "already submitted", "not submitted", "refused" or "unknown"
	Done    bool      `json:"done"`    // the case is submitted, by us or before
	At      time.Time `json:"at"`
}

// Text says a case in a few words, with the day as it is called at now: "submitted Nov 20", "not submitted: no lines".
func (k Case) Text(now time.Time) string {
	at := k.At.In(now.Location())
	day := at.Format("Jan 2")
	if at.Year() != now.Year() {
		day = at.Format(time.DateOnly)
	}
	switch k.Outcome {
	case scalepoint.Submitted.String():
		return "submitted " + day
	case scalepoint.AlreadySubmitted.String():
		return "submitted before " + day
	case scalepoint.NotSubmitted.String():
		return "not submitted: no lines"
	case scalepoint.Refused.String():
		return "refused: " + k.refusal()
	default:
		return "in doubt since " + day
	}
}

// InDoubt reports whether the case may be submitted and may not.
func (k Case) InDoubt() bool { return !k.Done && k.Outcome == scalepoint.Unknown.String() }

// refusal says in two or three words why the service refused; a code that is not documented is shown as it came.
func (k Case) refusal() string {
	switch k.Code {
	case scalepoint.CodeNotOpen:
		return "case not open"
	case scalepoint.CodeAgreementNotAccepted:
		return "no agreement"
	case scalepoint.CodeNotFound:
		return "no such case"
	case scalepoint.CodeInvalidTenant:
		return "unknown tenant"
	case scalepoint.CodeUnauthorized:
		return "not signed in"
	case "":
		return "no reason told"
	}
	return k.Code
}

// Last returns the case of a claim that was sent last, whatever became of it; false when there was none.
func (c *Cases) Last(ctx context.Context, claimID string) (scalepoint.Case, bool, error) {
	if claimID == "" {
		return scalepoint.Case{}, false, nil
	}
	k, found, err := CaseOf(ctx, c.memory, claimID)
	return scalepoint.Case{Country: k.Country, Tenant: k.Tenant, Token: k.Token}, found, err
}

// Account returns the country and the tenant of the profile.
func (c *Cases) Account() (country, tenant string) { return c.country, c.tenant }

// Submit submits a case once, and remembers what became of it and which claim it belongs to. The answer and the error are
// those of scalepoint.Client.Submit; claimID may be empty.
func (c *Cases) Submit(ctx context.Context, claimID string, which scalepoint.Case) (scalepoint.Answer, error) {
	a, err := c.client.Submit(ctx, which)
	if claimID == "" || a.Outcome == scalepoint.NotSent {
		return a, err
	}
	// What the service said stands, whatever becomes of the memory of it.
	if kept := c.remember(context.WithoutCancel(ctx), claimID, which, a); kept != nil && err == nil {
		err = &NotKept{Err: kept}
	}
	return a, err
}

// NotKept is the error of a case that was submitted and could not be remembered.
type NotKept struct{ Err error }

// Error says what is missing.
func (e *NotKept) Error() string {
	return fmt.Sprintf("the case is submitted, but this could not be kept beside the claim: %v", e.Err)
}

// Unwrap returns the cause.
func (e *NotKept) Unwrap() error { return e.Err }

func (c *Cases) remember(ctx context.Context, claimID string, which scalepoint.Case, a scalepoint.Answer) error {
	at := c.now().UTC()
	raw, err := json.Marshal(Case{
		Country: which.Country, Tenant: which.Tenant, Token: which.Token, Code: a.Code, Outcome: a.Outcome.String(),
		Done: a.Outcome.Done(), At: at,
	})
	if err != nil {
		return err
	}
	link := side.Link{ClaimID: claimID, System: side.Scalepoint, Ref: which.Token, How: byAction, At: at}
	if err := c.memory.SaveLink(ctx, link); err != nil {
		return err
	}
	return c.memory.SaveCached(ctx, side.Cached{ClaimID: claimID, System: side.Scalepoint, At: at, Raw: raw})
}

// CaseOf returns the case of a claim as it is remembered; false when there is none.
func CaseOf(ctx context.Context, m side.Memory, claimID string) (Case, bool, error) {
	cached, found, err := m.Cached(ctx, claimID, side.Scalepoint)
	if err != nil || !found || len(cached.Raw) == 0 {
		return Case{}, false, err
	}
	var k Case
	if err := json.Unmarshal(cached.Raw, &k); err != nil {
		return Case{}, false, fmt.Errorf("the kept case of the claim is damaged: submit it again, which is safe: %w", err)
	}
	return k, true, nil
}

// signingKey reads the private key (from where secrets are kept) and its certificate anew for every token.
func signingKey(certificate string, key func(ctx context.Context) (string, error)) func(ctx context.Context) (*oauth.Assertion, error) {
	return func(ctx context.Context) (*oauth.Assertion, error) {
		if certificate == "" {
			return nil, errors.New("the certificate is missing: claimdeck login scalepoint --set certificate=FILE names the one that is registered")
		}
		pem, err := readFile(certificate)
		if err != nil {
			return nil, fmt.Errorf("the certificate cannot be read (setting scalepoint.certificate): %w", err)
		}
		private, err := key(ctx)
		if err != nil {
			return nil, err
		}
		return oauth.ParseAssertion([]byte(private), pem)
	}
}
