package systems_test

import (
	"errors"
	"testing"
	"time"

	"claimdeck/action/systems"
	"claimdeck/api/scalepoint"
	sandbox "claimdeck/sandbox/scalepoint"
	"claimdeck/state/side"
)

func caseOf(token string) scalepoint.Case {
	return scalepoint.Case{Country: "dk", Tenant: "abcinsurance", Token: token}
}

// What became of a case is remembered beside its claim, whatever it was; a case that was never sent is not.
func TestCaseMemory(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, token string
		fault       sandbox.Fault
		want        systems.Case // its country, tenant, token and time are looked at apart
		fails       bool
	}{
		{"submitted", "ok-1", sandbox.Fault{}, systems.Case{Code: "SUCCESS", Outcome: "submitted", Done: true}, false},
		{"no lines", "empty-1", sandbox.Fault{}, systems.Case{Code: "NO_LINES_TO_SUBMIT", Outcome: "not submitted"}, true},
		{"not open", "closed-1", sandbox.Fault{}, systems.Case{Code: "CASE_IS_NOT_OPEN", Outcome: "refused"}, true},
		{"a failure", "err-1", sandbox.Fault{}, systems.Case{Code: "INTERNAL_SERVER_ERROR", Outcome: "unknown"}, true},
		{"cut off after the effect", "ok-2", sandbox.Fault{Kind: sandbox.FaultReset, Path: sandbox.SubmitPath, After: true}, systems.Case{Outcome: "unknown"}, true},
		{
			"an undocumented code", "ok-3",
			sandbox.Fault{Kind: sandbox.FaultAnswer, Path: sandbox.SubmitPath, Status: 400, Body: `{"success":false,"code":"NEW_CODE"}`},
			systems.Case{Code: "NEW_CODE", Outcome: "refused"},
			true,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			if tt.fault.Kind != sandbox.FaultNone {
				o.cases.Inject(tt.fault)
			}
			if _, err := o.Cases.Submit(t.Context(), "c1", caseOf(tt.token)); (err != nil) != tt.fails {
				t.Errorf("%v", err)
			}
			got, found, err := systems.CaseOf(t.Context(), o.store, "c1")
			if err != nil || !found || time.Since(got.At).Abs() > time.Minute {
				t.Fatalf("%+v %t %v", got, found, err)
			}
			want := tt.want
			want.Country, want.Tenant, want.Token, want.At = "dk", "abcinsurance", tt.token, got.At
			if got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
			link, ok, err := o.store.Link(t.Context(), "c1", side.Scalepoint)
			if err != nil || !ok || link.Ref != tt.token {
				t.Errorf("%+v %v", link, err)
			}
		})
	}
}

// A case whose outcome was not known is settled by submitting it again.
func TestCaseInDoubtIsSettled(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.cases.Inject(sandbox.Fault{Kind: sandbox.FaultReset, Path: sandbox.SubmitPath, After: true})
	if a, err := o.Cases.Submit(t.Context(), "c1", caseOf("ok-1")); err == nil || a.Outcome != scalepoint.Unknown {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := o.Cases.Submit(t.Context(), "c1", caseOf("ok-1")); err != nil || a.Outcome != scalepoint.AlreadySubmitted {
		t.Errorf("%+v %v", a, err)
	}
	if got, _, err := systems.CaseOf(t.Context(), o.store, "c1"); err != nil || !got.Done || got.Outcome != "already submitted" || o.cases.Submitted("ok-1") != 1 {
		t.Errorf("%+v %v", got, err)
	}
}

func TestCaseThatWasNeverSent(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(o *office) { o.key = "guessed" })
	if a, err := o.Cases.Submit(t.Context(), "c1", caseOf("ok-1")); err == nil || a.Outcome != scalepoint.NotSent || !systems.SignedOut(err) {
		t.Errorf("%+v %v", a, err)
	}
	if got, found, err := systems.CaseOf(t.Context(), o.store, "c1"); found || err != nil {
		t.Errorf("%+v %v", got, err)
	}
	o.key = theSecret
	if _, err := o.Cases.Submit(t.Context(), "", caseOf("ok-1")); err != nil {
		t.Errorf("without a claim: %v", err)
	}
	if country, tenant := o.Cases.Account(); country != "dk" || tenant != "abcinsurance" {
		t.Errorf("%s %s", country, tenant)
	}
}

// A case that was submitted and cannot be remembered is submitted.
func TestCaseThatCannotBeKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	must(t, o.store.Close())
	a, err := o.Cases.Submit(t.Context(), "c1", caseOf("ok-1"))
	if kept, ok := errors.AsType[*systems.NotKept](err); !ok || kept.Err == nil || a.Outcome != scalepoint.Submitted {
		t.Errorf("%+v %v", a, err)
	}
}

func TestDamagedCase(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	must(t, o.store.SaveCached(t.Context(), side.Cached{ClaimID: "c1", System: side.Scalepoint, At: time.Now(), Raw: []byte(`[]`)}))
	if _, found, err := systems.CaseOf(t.Context(), o.store, "c1"); found || err == nil {
		t.Errorf("%t %v", found, err)
	}
}

// The key and the certificate are read for every token, so that new ones need no restart.
func TestCasesWithAPrivateKey(t *testing.T) {
	t.Parallel()
	made, err := sandbox.NewIdentity(time.Now())
	must(t, err)
	other, err := sandbox.NewIdentity(time.Now())
	must(t, err)
	certificate := write(t, "acme.pem", made.Certificate)
	o := newOffice(t, func(o *office) {
		o.profile.Scalepoint.Auth, o.profile.Scalepoint.Certificate = "private_key_jwt", certificate
		o.key = string(made.Key)
	})
	o.cases.Change(func(b *sandbox.Behaviour) { b.Auth = sandbox.AuthAssertion })
	if _, err := o.Cases.Submit(t.Context(), "c1", caseOf("ok-1")); !systems.SignedOut(err) {
		t.Errorf("with a certificate that is not registered: %v", err)
	}
	o.cases.Register(made.Parsed)
	if _, err := o.Cases.Submit(t.Context(), "c1", caseOf("ok-1")); err != nil {
		t.Errorf("%v", err)
	}
	o.cases.RevokeTokens()
	o.key = string(other.Key)
	if _, err := o.Cases.Submit(t.Context(), "c1", caseOf("ok-2")); !systems.SignedOut(err) || o.cases.Submitted("ok-2") != 0 {
		t.Errorf("with a key of another certificate: %v", err)
	}
}
