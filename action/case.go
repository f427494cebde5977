package action

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"claimdeck/api"
	"claimdeck/api/scalepoint"
	"claimdeck/state/outbox"
	"claimdeck/state/side"
	"claimdeck/state/text"
)

// CaseService submits cases at Scalepoint and remembers them; *systems.Cases implements it.
type CaseService interface {
	// Account returns the country and the tenant of the profile.
	Account() (country, tenant string)
	// Submit submits a case once and remembers which claim it belongs to. What became of it is Answer.Outcome; the error
	// is nil only when the case is submitted.
	Submit(ctx context.Context, claimID string, which scalepoint.Case) (scalepoint.Answer, error)
	// Last returns the case of a claim that was sent last, whatever became of it; false when there was none.
	Last(ctx context.Context, claimID string) (scalepoint.Case, bool, error)
}

// The fields of a case.
const (
	fieldCaseToken = "caseToken"
	fieldCountry   = "country"
	fieldTenant    = "tenant"
)

// caseSubmit submits the case of a claim (remote document: Self-Service, Submit Case).
func (r *Registry) caseSubmit() Action {
	return Action{
		ID: "case.submit", Title: "Submit the case", Risk: Irreversible, System: scalepoint.System,
		Help:    "Submits a case of Scalepoint Self-Service, so that its lines come into ClaimShop. The claim remembers it.",
		Fields:  r.caseFields(),
		Initial: func(Subject) Values { return caseValues(scalepoint.Case{Country: r.country(), Tenant: r.tenant()}) },
		Recall: func(ctx context.Context, s Subject) (Values, error) {
			if r.deps.Cases == nil {
				return nil, nil
			}
			last, _, err := r.deps.Cases.Last(ctx, s.Claim.ID)
			return caseValues(last), err
		},
		Preflight: func(Subject) Readiness {
			if r.deps.Cases == nil {
				return blocked(r.noCases())
			}
			return Readiness{OK: true}
		},
		Describe: func(_ Subject, v Values) string {
			if v.first(fieldCaseToken) == "" {
				return "Submit a case to Scalepoint"
			}
			return "Submit the case " + text.Line(v.first(fieldCaseToken)) + " to Scalepoint"
		},
		Preview: func(_ Subject, v Values) (Request, error) {
			return preview(scalepoint.SubmitRequest(r.caseOf(v)))
		},
		Send: r.submitCase,
		// No activity of the feed tells of a case.
		Match: toldByNothing,
		// The answer itself does. A case in doubt cannot be looked up: it is submitted again, which is safe and tells.
		seen: func(_ context.Context, e outbox.Entry, _ Values) (bool, error) {
			return e.State == outbox.Accepted, nil
		},
		doubt: "submitting it again is safe, and tells",
	}
}

func (r *Registry) noCases() error { return r.noAccount(string(side.Scalepoint), scalepoint.System) }

func (r *Registry) caseFields() []Field {
	return []Field{
		{
			Name: fieldCaseToken, Flag: "token", Label: "Case token", Required: true, Plain: true, Check: caseCheck(fieldCaseToken),
			Help: "As it stands in the case's address, such as d1a72df4-f7d5-402c-a495-cc31b8b39a59.",
		},
		{
			Name: fieldCountry, Flag: fieldCountry, Label: "Country", Required: r.country() == "", Check: caseCheck(fieldCountry),
			Help: "Two letters, such as dk; the profile's when empty.", normal: strings.ToLower,
		},
		{
			Name: fieldTenant, Flag: fieldTenant, Label: "Tenant", Required: r.tenant() == "", Check: caseCheck(fieldTenant),
			Help: "The insurance company at Scalepoint, such as abcinsurance; the profile's when empty.",
		},
	}
}

// caseValues are the fields that name a case, as far as it is known.
func caseValues(which scalepoint.Case) Values {
	v := Values{}
	for name, value := range map[string]string{
		fieldCaseToken: which.Token, fieldCountry: which.Country, fieldTenant: which.Tenant,
	} {
		if value != "" {
			v[name] = []string{value}
		}
	}
	return v
}

func (r *Registry) country() string {
	if r.deps.Cases == nil {
		return ""
	}
	country, _ := r.deps.Cases.Account()
	return country
}

func (r *Registry) tenant() string {
	if r.deps.Cases == nil {
		return ""
	}
	_, tenant := r.deps.Cases.Account()
	return tenant
}

// caseOf is the case that v names, with the profile's country and tenant where it names none.
func (r *Registry) caseOf(v Values) scalepoint.Case {
	which := scalepoint.Case{Country: strings.ToLower(v.first(fieldCountry)), Tenant: v.first(fieldTenant), Token: v.first(fieldCaseToken)}
	if which.Country == "" {
		which.Country = r.country()
	}
	if which.Tenant == "" {
		which.Tenant = r.tenant()
	}
	return which
}

// caseCheck refuses a value of one field as the service's client would.
func caseCheck(field string) func(string) error {
	return func(value string) error {
		which := scalepoint.Case{Country: "dk", Tenant: "x", Token: "x"}
		switch field {
		case fieldCountry:
			which.Country = strings.ToLower(value)
		case fieldTenant:
			which.Tenant = value
		default:
			which.Token = value
		}
		if why := scalepoint.SubmitRequest(which).Invalid; why != "" {
			return errors.New(why)
		}
		return nil
	}
}

// submitCase goes by what became of the case: the same HTTP status can mean that it is submitted and that it is not.
func (r *Registry) submitCase(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
	if r.deps.Cases == nil {
		return nil, &unsent{err: r.noCases()}
	}
	a, err := r.deps.Cases.Submit(ctx, e.ClaimID, r.caseOf(v))
	known, isAPI := api.AsError(err)
	switch a.Outcome {
	case scalepoint.Submitted, scalepoint.AlreadySubmitted:
		return a.Body, nil
	case scalepoint.NotSubmitted:
		return nil, &declined{scalepoint.Words(a.Code)}
	case scalepoint.Refused:
		if isAPI && errors.Is(known, api.ErrUnauthorized) && known.Refused() {
			return nil, known // the person can sign in
		}
		if isAPI {
			return nil, &declined{known.Message}
		}
	case scalepoint.NotSent:
		return nil, err
	default:
	}
	if isAPI {
		return nil, &inDoubt{known}
	}
	return nil, fmt.Errorf("whether the case was submitted is not known: %w", err)
}

// inDoubt is an error whose status looks like a refusal and is none.
type inDoubt struct{ cause *api.Error }

func (d *inDoubt) Error() string { return d.cause.Message }
