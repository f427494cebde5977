package action_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"claimdeck/action"
	"claimdeck/api"
	"claimdeck/api/lossexpress"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/outbox"
)

const missingPapers = "Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'"

// Each documented refusal, word for word, through the real service.
func TestRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	withPapers := b.claim()
	bare := b.service.AddClaim(sandbox.ClaimSeed{ClaimNumber: "EX-1002"})
	picked := b.prepare("counter.accept", withPapers, action.Values{"settlementBreakdown": {b.breakdown(pdf)}})
	tests := []refusal{
		{
			name:  "an order type that is not offered",
			draft: b.draft("order.create", withPapers, action.Values{"types": {"Copy of Titel"}}), status: 400,
			words: "must be one of", fields: map[string]string{"types": "must be one of"},
		},
		{
			name:  "a payoff ordered without documents",
			draft: b.draft("order.create", bare, action.Values{"types": {"Loan Payoff Request"}}), status: 400, words: missingPapers,
		},
		{
			name:  "an order of another claim",
			draft: b.draft("order.cancel", withPapers, action.Values{"orderIds": {"nobody's"}}), status: 404, words: "Order does not exist",
		},
		{name: "a payoff without documents", draft: b.draft("payoff.request", bare, nil), status: 400, words: missingPapers},
		{
			name: "no payoff request", draft: b.draft("payoff.cancel", bare, nil), status: 404,
			words: "A payoff request does not exist for this claim.",
		},
		{name: "no counter to accept", draft: picked, status: 404, words: "A settlement counter does not exist for this claim."},
		{
			name: "no counter to dispute", status: 404, words: "A settlement counter does not exist for this claim.",
			draft: b.draft("counter.dispute", bare, action.Values{"reasonForDispute": {"Verified."}}),
		},
		{
			name: "a claim out of reach", draft: b.draft("payoff.request", bare, nil), fault: sandbox.FaultForbidden, status: 403,
			words: "This claim is not available during testing.",
		},
		{
			name: "credentials that hold no more", draft: b.draft("payoff.request", bare, nil), fault: sandbox.FaultUnauthorized,
			status: 401, words: "The provided token has expired.", signIn: true,
		},
		{
			name: "too often", draft: b.draft("payoff.request", bare, nil), fault: sandbox.FaultTooManyRequests, status: 429,
			words: "(wait 1s)",
		},
		{name: "too large", draft: picked, fault: sandbox.FaultTooLarge, status: 413, words: "greater than maximum allowed"},
		{name: "the wrong method", draft: picked, fault: sandbox.FaultMethodNotAllowed, status: 405, words: "does not offer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := b.with(t)
			defer b.service.ClearFaults()
			if tt.fault != sandbox.FaultNone {
				b.service.Inject(sandbox.Fault{
					Kind: tt.fault, Times: -1,
					Match: func(r *http.Request) bool { return r.Method != http.MethodGet && r.URL.Path != "/oauth/token" },
				})
			}
			before := len(b.service.Writes())
			tt.judge(t, b.settle(tt.draft))
			if len(b.service.Writes()) != before {
				t.Error("it happened all the same")
			}
		})
	}
}

// refusal is a write that the service refuses, and how.
type refusal struct {
	name   string
	draft  outbox.Draft
	fault  sandbox.FaultKind
	status int
	words  string
	fields map[string]string
	signIn bool
}

func (r refusal) judge(t *testing.T, e outbox.Entry) {
	t.Helper()
	p := e.Problem
	if e.State != outbox.Rejected || p == nil || p.NotSent || !p.Refused {
		t.Fatalf("%s %+v", e.State, p)
	}
	if p.Status != r.status || !strings.Contains(p.Message, r.words) || p.SignIn != r.signIn {
		t.Errorf("problem %+v, want %d %q", p, r.status, r.words)
	}
	if len(p.Fields) != len(r.fields) {
		t.Errorf("fields %v, want %v", p.Fields, r.fields)
	}
	for name, words := range r.fields {
		if !strings.Contains(p.Fields[name], words) {
			t.Errorf("field %s says %q, want %q", name, p.Fields[name], words)
		}
	}
	if string(e.Input) != string(r.draft.Input) {
		t.Errorf("the form would come back with %s instead of %s", e.Input, r.draft.Input)
	}
}

// refusing is a client whose every write fails the same way.
type refusing struct {
	action.Client
	err error
}

func (c refusing) RequestPayoff(context.Context, string) (lossexpress.Ack, error) {
	return lossexpress.Ack{}, c.err
}

func (c refusing) AnswerCounter(context.Context, string, lossexpress.CounterAnswer) (lossexpress.Ack, error) {
	return lossexpress.Ack{}, c.err
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want outbox.Problem
		st   outbox.State
	}{
		{
			"no connection", &api.Error{Message: "no connection to example.test: connection refused", Kind: api.ErrUnreachable},
			outbox.Problem{Message: "not sent: no connection to example.test: connection refused", NotSent: true},
			outbox.Rejected,
		},
		{
			"words by field", &api.Error{
				Sent: true, Status: 400, Kind: api.ErrInvalid, Message: "reasonForDispute is too long, vin is required",
				Fields: []api.FieldError{
					{Path: "reasonForDispute", Message: "reasonForDispute is too long"},
					{Path: "reasonForDispute.0", Message: "and strange"},
					{Path: "vin", Message: "vin is required"},
				},
			},
			outbox.Problem{
				Status: 400, Message: "reasonForDispute is too long, vin is required",
				Fields: map[string]string{"reasonForDispute": "reasonForDispute is too long, and strange"},
			},
			outbox.Rejected,
		},
		{
			"a server error", &api.Error{Sent: true, Status: 500, Kind: api.ErrUnavailable, Message: "An internal server error occurred"},
			outbox.Problem{Status: 500, Message: "LossExpress failed (500: An internal server error occurred)"},
			outbox.Unknown,
		},
		{
			"a time-out", &api.Error{Sent: true, Kind: api.ErrInterrupted, Message: "no answer from example.test: it took too long"},
			outbox.Problem{Message: "no answer from example.test: it took too long"},
			outbox.Unknown,
		},
		{
			"408", &api.Error{Sent: true, Status: 408, Kind: api.ErrUnavailable, Message: "Request Timeout"},
			outbox.Problem{Status: 408, Message: "Request Timeout"},
			outbox.Unknown,
		},
		{"something else", errors.New("strange"), outbox.Problem{Message: "strange"}, outbox.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := action.New(action.Deps{Client: refusing{err: tt.err}, Now: func() time.Time { return time.Time{} }})
			input, err := action.EncodeInput(mustGet(t, r, "counter.dispute"), action.Values{"reasonForDispute": {"no"}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			out := r.Send(t.Context(), outbox.Entry{Action: "counter.dispute", ClaimID: "c", Input: input})
			if out.State != tt.st {
				t.Fatalf("%s, want %s", out.State, tt.st)
			}
			got := *out.Problem
			if got.Message != tt.want.Message || got.Status != tt.want.Status || got.NotSent != tt.want.NotSent ||
				!maps.Equal(got.Fields, tt.want.Fields) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// What this program cannot even read must not look as if it had been sent.
func TestSendsNothingItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{Client: refusing{err: errors.New("it was sent")}, Now: func() time.Time { return time.Time{} }})
	for name, e := range map[string]outbox.Entry{
		"an action of a newer version": {Action: "moon.land", ClaimID: "c"},
		"a broken journal":             {Action: "payoff.request", ClaimID: "c", Input: []byte(`{"values":`)},
		"no document":                  {Action: "counter.accept", ClaimID: "c", Input: []byte(`{"values":{}}`)},
	} {
		if out := r.Send(t.Context(), e); out.State != outbox.Rejected || !out.Problem.NotSent {
			t.Errorf("%s: %+v %+v", name, out, out.Problem)
		}
	}
}

func mustGet(t *testing.T, r *action.Registry, id string) action.Action {
	t.Helper()
	a, ok := r.Get(id)
	if !ok {
		t.Fatalf("there is no action %s", id)
	}
	return a
}
