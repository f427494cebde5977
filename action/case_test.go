package action_test

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"claimdeck/action"
	"claimdeck/action/systems"
	"claimdeck/sandbox/claimcenter"
	"claimdeck/sandbox/scalepoint"
	"claimdeck/state/claim"
	"claimdeck/state/config"
	"claimdeck/state/outbox"
	"claimdeck/state/side"
	"claimdeck/state/store"
)

// sideDesk has the actions of the side systems with the sandboxes behind them.
type sideDesk struct {
	*action.Registry
	t      *testing.T
	cases  *scalepoint.Server
	center *claimcenter.Server
	memory *store.Store
	secret string
}

func newSideDesk(t *testing.T) *sideDesk {
	t.Helper()
	const id, secret = "ACME-7", "the-right-one"
	d := &sideDesk{
		t: t, secret: secret,
		cases:  scalepoint.New(scalepoint.Options{Now: time.Now, ClientID: id, Secret: secret}),
		center: claimcenter.New(claimcenter.Options{Now: time.Now, Prefix: "/cc", ClientID: id, Secret: secret}),
	}
	cases, center := httptest.NewServer(d.cases), httptest.NewServer(d.center)
	t.Cleanup(cases.Close)
	t.Cleanup(center.Close)
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), store.Options{Now: time.Now, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // of a test that is over
	d.memory = s
	sides := systems.Open(systems.Options{
		Profile: config.Profile{
			ClaimCenter: config.ClaimCenterAccount{URL: center.URL + "/cc", ClientID: id, TokenURL: center.URL + claimcenter.TokenPath},
			Scalepoint: config.ScalepointAccount{
				URL: cases.URL + "/self-service", ClientID: id, Auth: "secret", TokenURL: cases.URL + scalepoint.TokenPath,
				Scope: scalepoint.Scope, Country: "dk", Tenant: "abcinsurance",
			},
		},
		Memory: s, Now: time.Now, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Credentials: func(string) systems.Credentials {
			return func(context.Context) (string, string, error) { return id, d.secret, nil }
		},
	})
	t.Cleanup(sides.Close)
	d.Registry = action.New(action.Deps{Cases: sides.Cases, Reserves: sides.Reserves, Now: time.Now})
	return d
}

// do prepares and sends an action on a claim, as the outbox does.
func (d *sideDesk) do(id string, v action.Values) outbox.Outcome {
	d.t.Helper()
	act, ok := d.Get(id)
	if !ok {
		d.t.Fatalf("no action %s", id)
	}
	p, err := d.Prepare(d.t.Context(), act, action.Subject{Claim: claim.Claim{ID: "c1", Number: "EX-1001"}, Now: time.Now()}, v)
	if err != nil || len(p.Problems) > 0 || len(p.Drafts) != 1 {
		d.t.Fatalf("%s is not ready: %v %v", id, err, p.Problems)
	}
	draft := p.Drafts[0]
	return d.Send(d.t.Context(), outbox.Entry{ID: "e1", Action: id, ClaimID: draft.ClaimID, Input: draft.Input, Attempts: 1})
}

func (d *sideDesk) submit(token string) outbox.Outcome {
	d.t.Helper()
	return d.do("case.submit", action.Values{"caseToken": {token}})
}

// Every documented answer, and what can happen on the way, from the form to the wire and back.
func TestCaseSubmit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, token string
		fault       scalepoint.Fault
		wrong       bool // the secret
		want        outbox.State
		says        string
		signIn      bool
		filed       int
	}{
		{"submitted", "ok-1", scalepoint.Fault{}, false, outbox.Accepted, "", false, 1},
		{"no lines", "empty-1", scalepoint.Fault{}, false, outbox.Rejected, "not submitted, although the service calls it a success", false, 0},
		{"not open", "closed-1", scalepoint.Fault{}, false, outbox.Rejected, "the case is not open", false, 0},
		{"no agreement", "noagree-1", scalepoint.Fault{}, false, outbox.Rejected, "not accepted the agreement", false, 0},
		{"not there", "missing-1", scalepoint.Fault{}, false, outbox.Rejected, "no case has this token", false, 0},
		{"failed", "err-1", scalepoint.Fault{}, false, outbox.Unknown, "submitting it again is safe", false, 0},
		{"cut after the effect", "ok-2", scalepoint.Fault{Kind: scalepoint.FaultReset, Path: scalepoint.SubmitPath, After: true}, false, outbox.Unknown, "", false, 1},
		{"cut before the effect", "ok-3", scalepoint.Fault{Kind: scalepoint.FaultReset, Path: scalepoint.SubmitPath}, false, outbox.Unknown, "", false, 0},
		{"a web page", "ok-4", scalepoint.Fault{Kind: scalepoint.FaultHTMLOK, Path: scalepoint.SubmitPath}, false, outbox.Unknown, "", false, 1},
		{"a token that ran out", "ok-5", scalepoint.Fault{Kind: scalepoint.FaultUnauthorized, Path: scalepoint.SubmitPath}, false, outbox.Accepted, "", false, 1},
		{"never let in", "ok-6", scalepoint.Fault{Kind: scalepoint.FaultUnauthorized, Path: scalepoint.SubmitPath, Times: -1}, false, outbox.Rejected, "did not accept the sign-in", true, 0},
		{"a 401 without a body", "ok-7", scalepoint.Fault{Kind: scalepoint.FaultBareUnauthorized, Path: scalepoint.SubmitPath, Times: -1}, false, outbox.Rejected, "", true, 0},
		{"a wrong secret", "ok-8", scalepoint.Fault{}, true, outbox.Rejected, "not sent: ", true, 0},
		{
			"a code that no document has", "ok-9",
			scalepoint.Fault{Kind: scalepoint.FaultAnswer, Path: scalepoint.SubmitPath, Status: 400, Body: `{"success":false,"code":"CASE_ON_HOLD"}`},
			false, outbox.Rejected, "CASE_ON_HOLD", false, 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newSideDesk(t)
			if tt.fault.Kind != scalepoint.FaultNone {
				d.cases.Inject(tt.fault)
			}
			if tt.wrong {
				d.secret = "guessed"
			}
			got := d.submit(tt.token)
			problem := outbox.Problem{}
			if got.Problem != nil {
				problem = *got.Problem
			}
			if got.State != tt.want || !strings.Contains(problem.Message, tt.says) || problem.SignIn != tt.signIn || strings.Contains(problem.Message, "guessed") {
				t.Errorf("%s: %+v", got.State, problem)
			}
			if n := d.cases.Submitted(tt.token); n != tt.filed {
				t.Errorf("it was submitted %d times, want %d", n, tt.filed)
			}
		})
	}
}

// What was in doubt is settled by sending it again: the service says that it has the case.
func TestCaseInDoubtIsSettledByARetry(t *testing.T) {
	t.Parallel()
	d := newSideDesk(t)
	d.cases.Inject(scalepoint.Fault{Kind: scalepoint.FaultReset, Path: scalepoint.SubmitPath, After: true})
	if got := d.submit("ok-1"); got.State != outbox.Unknown {
		t.Fatalf("%+v", got)
	}
	got := d.submit("ok-1")
	if got.State != outbox.Accepted || !strings.Contains(string(got.Answer), "CASE_ALREADY_SUBMITTED") || d.cases.Submitted("ok-1") != 1 {
		t.Errorf("%+v", got)
	}
	if link, ok, err := d.memory.Link(t.Context(), "c1", side.Scalepoint); err != nil || !ok || link.Ref != "ok-1" {
		t.Errorf("the claim does not remember it: %+v %v", link, err)
	}
}

// A link is a look at what is there, and then remembered; what is not there is not.
func TestReserveLink(t *testing.T) {
	t.Parallel()
	d := newSideDesk(t)
	got := d.do("reserve.link", action.Values{"claimCenterId": {"demo_sample:99"}})
	if got.State != outbox.Rejected || got.Problem == nil || !got.Problem.NotSent || got.Problem.Fields["claimCenterId"] == "" {
		t.Errorf("%+v", got)
	}
	if _, ok, err := d.memory.Link(t.Context(), "c1", side.ClaimCenter); ok || err != nil {
		t.Errorf("linked to nothing: %v", err)
	}
	got = d.do("reserve.link", action.Values{"claimCenterId": {claimcenter.SampleID}})
	if got.State != outbox.Accepted || string(got.Answer) != `"`+claimcenter.SampleNumber+`"` {
		t.Errorf("%+v", got)
	}
	if link, ok, err := d.memory.Link(t.Context(), "c1", side.ClaimCenter); err != nil || !ok || link.Ref != claimcenter.SampleID || link.How != side.ByPerson {
		t.Errorf("%+v %v", link, err)
	}
	for _, call := range d.center.Calls() {
		if call.Method != "GET" && !strings.Contains(call.Path, "token") {
			t.Errorf("%s %s: nothing is changed at ClaimCenter", call.Method, call.Path)
		}
	}
}
