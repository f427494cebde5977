package action_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"claimdeck/action"
	"claimdeck/api/lossexpress"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

func TestOrderTypes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	claimID := b.service.AddClaim(sandbox.ClaimSeed{ClaimNumber: "EX-7"})
	if _, err := b.account.Client().CreateOrders(t.Context(), claimID, []string{"Copy of Title"}); err != nil {
		t.Fatal(err)
	}
	a, s := b.action("order.create"), b.subject(claimID)
	options, err := a.Fields[0].Options(t.Context(), s)
	if err != nil || len(options) < 5 {
		t.Fatalf("%v %v", options, err)
	}
	got := map[string]action.Option{}
	for _, o := range options {
		got[o.Value] = o
	}
	for _, want := range []action.Option{
		{Value: "Copy of Title", Label: "Copy of Title", Note: "already pending", Disabled: true},
		{Value: "Payment History", Label: "Payment History"},
		{
			Value: "Loan Payoff Request", Label: "Loan Payoff Request",
			Note: "needs a settlement breakdown and a valuation report",
		},
	} {
		if got[want.Value] != want {
			t.Errorf("got  %+v\nwant %+v", got[want.Value], want)
		}
	}
	b.prepareTypes(a, s)
}

// prepareTypes tries choices of types on a claim with a pending Copy of Title.
func (b *bench) prepareTypes(a action.Action, s action.Subject) {
	b.t.Helper()
	for _, tt := range []struct {
		types                  []string
		problem, warning, want string
	}{
		{[]string{"Copy of Titel"}, `"Copy of Titel" is not offered. LossExpress offers: `, "", ""},
		{[]string{" ", ""}, "Order types: choose at least one", "", ""},
		// delayed, not forbidden
		{[]string{"copy of title"}, "", "Copy of Title: already pending", `{"values":{"types":["Copy of Title"]}}`},
		{
			[]string{"payment history", "Payment History ", "Bill of Sale"},
			"", "",
			`{"values":{"types":["Payment History","Bill of Sale"]}}`,
		},
	} {
		p, err := b.actions.Prepare(b.t.Context(), a, s, action.Values{"types": tt.types, "stray": {"x"}})
		if err != nil {
			b.t.Fatal(err)
		}
		if got := p.Problems["types"]; !strings.HasPrefix(got, tt.problem) || (got == "") != (tt.problem == "") {
			b.t.Errorf("%q: problem %q, want %q", tt.types, got, tt.problem)
		}
		if got := strings.Join(p.Warnings, "; "); got != tt.warning {
			b.t.Errorf("%q: warnings %q, want %q", tt.types, got, tt.warning)
		}
		if string(p.Draft.Input) != tt.want {
			b.t.Errorf("%q: journaled as %s, want %s", tt.types, p.Draft.Input, tt.want)
		}
	}
	d := b.prepare("order.create", s.Claim.ID, action.Values{"types": {"Bill of Sale", "Payment History"}})
	if d.Title != "Order Bill of Sale, Payment History" || d.ClaimNumber != "EX-7" || d.Action != "order.create" {
		b.t.Errorf("draft %+v", d)
	}
}

// types is a client that serves order types and counts how often.
type types struct {
	action.Client
	err   error
	asked int
}

func (c *types) OrderTypes(context.Context) ([]string, error) {
	c.asked++
	return []string{"Copy of Title"}, c.err
}

func TestOrderTypesAreAskedForNowAndThen(t *testing.T) {
	t.Parallel()
	client, ticking := &types{err: errors.New("no connection")}, &clock{}
	r := action.New(action.Deps{Client: client, Now: ticking.Now})
	a, s := mustGet(t, r, "order.create"), action.Subject{Claim: claim.Claim{ID: "c1"}}
	v := action.Values{"types": {"Anything"}}
	p, err := r.Prepare(t.Context(), a, s, v)
	if err != nil || len(p.Problems) > 0 || len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], "no connection") {
		t.Fatalf("while the types cannot be asked for: %v %v %v", p.Problems, p.Warnings, err)
	}
	client.err, client.asked = nil, 0
	for range 3 {
		if p, err = r.Prepare(t.Context(), a, s, v); err != nil || len(p.Problems) != 1 {
			t.Fatalf("%v %v", p.Problems, err)
		}
	}
	if client.asked != 1 {
		t.Errorf("asked %d times in a row", client.asked)
	}
	if err := ticking.Wait(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Fields[0].Options(t.Context(), s); err != nil || client.asked != 2 {
		t.Errorf("asked %d times after an hour, %v", client.asked, err)
	}
}

func TestPrepareNeedsAClaim(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{Now: time.Now})
	if _, err := r.Prepare(t.Context(), mustGet(t, r, "payoff.request"), action.Subject{}, nil); err == nil {
		t.Error("a write without a claim was prepared")
	}
}

func TestCancelOptions(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{Now: time.Now})
	at := time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)
	s := action.Subject{Now: at.AddDate(0, 0, 2), Claim: claim.Claim{ID: "c1", Orders: []claim.Order{
		{ID: "o1", Type: "Copy of Title", Status: "pending", CreatedAt: at},
		{ID: "o2", Type: "Bill of Sale", Status: "fulfilled", CreatedAt: at},
		{ID: "o3", Status: "pending"},
	}}}
	a := mustGet(t, r, "order.cancel")
	options, err := a.Fields[0].Options(t.Context(), s)
	if err != nil || len(options) != 2 || options[0].Label != "Copy of Title of Nov 18" || options[1].Label != "Order o3" {
		t.Fatalf("%+v %v", options, err)
	}
	p, err := r.Prepare(t.Context(), a, s, action.Values{"orderIds": {"o1", "elsewhere"}})
	if err != nil || len(p.Problems) > 0 || !strings.Contains(strings.Join(p.Warnings, "\n"), "elsewhere is not known here") {
		t.Errorf("an order that is not known here: %v %v %v", p.Problems, p.Warnings, err)
	}
	if p.Draft.Title != "Cancel Copy of Title, order elsewhere" {
		t.Errorf("title %q", p.Draft.Title)
	}
	if r := a.Preflight(action.Subject{}); r.OK || r.Reason != "no order is pending" {
		t.Errorf("without orders: %+v", r)
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)
	known := func(c claim.Claim) claim.Claim { c.ID, c.CreatedAt = "c1", at; return c }
	papers := []claim.Document{{Type: "settlement breakdown"}, {Type: "valuation report"}}
	pending := claim.Request{State: claim.Pending, At: at}
	tests := []struct {
		name, action string
		claim        claim.Claim
		want         action.Readiness
	}{
		{"no documents", "payoff.request", known(claim.Claim{}), action.Readiness{
			Reason: "needs a settlement breakdown and a valuation report", Fix: "document.add",
		}},
		{"half of them", "payoff.request", known(claim.Claim{Documents: papers[:1]}), action.Readiness{
			Reason: "needs a valuation report", Fix: "document.add",
		}},
		{"a claim never read", "payoff.request", claim.Claim{ID: "c1"}, action.Readiness{
			OK: true, Reason: "the documents of this claim are not known here: it may need a settlement breakdown and a valuation report",
		}},
		{"ready", "payoff.request", known(claim.Claim{Documents: papers}), action.Readiness{OK: true}},
		{"asked already", "payoff.request", known(claim.Claim{Documents: papers, PayoffRequest: pending}), action.Readiness{
			OK: true, Reason: "a payoff request is already pending since Nov 18",
		}},
		{"nothing to cancel", "payoff.cancel", known(claim.Claim{}), action.Readiness{
			Reason: "no payoff request is known for this claim", Fix: "payoff.request",
		}},
		{"to cancel", "payoff.cancel", known(claim.Claim{PayoffRequest: pending}), action.Readiness{OK: true}},
		{"cancelled already", "payoff.cancel", known(claim.Claim{PayoffRequest: claim.Request{State: claim.Cancelled, At: at}}), action.Readiness{
			OK: true, Reason: "the payoff request was cancelled on Nov 18: cancelling it changes nothing",
		}},
		{"no counter", "counter.accept", known(claim.Claim{}), action.Readiness{Reason: "no settlement counter is known for this claim"}},
		{"an open counter", "counter.dispute", known(claim.Claim{Counters: []claim.Counter{{At: at}}}), action.Readiness{OK: true}},
		{
			"a disputed one", "counter.accept",
			known(claim.Claim{Counters: []claim.Counter{{At: at, Answered: true, Disputed: true, AnsweredAt: at.AddDate(-1, 0, 0)}}}),
			action.Readiness{Reason: "the settlement counter was disputed on Nov 18, 2025"},
		},
		{
			"an accepted one", "counter.dispute", known(claim.Claim{Counters: []claim.Counter{{At: at, Answered: true}}}),
			action.Readiness{Reason: "the settlement counter was accepted"},
		},
	}
	r := action.New(action.Deps{Now: time.Now})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := action.Subject{Claim: tt.claim, Now: at.AddDate(0, 0, 2)}
			a := mustGet(t, r, tt.action)
			if got := a.Preflight(s); got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// A preflight warns, and never keeps a person from sending.
func TestPreflightIsAWarning(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{Now: time.Now})
	s := action.Subject{Claim: claim.Claim{ID: "c1", CreatedAt: time.Unix(1, 0)}}
	p, err := r.Prepare(t.Context(), mustGet(t, r, "payoff.request"), s, nil)
	if err != nil || len(p.Problems) > 0 || len(p.Warnings) != 1 || p.Draft.Title != "Request the payoff" {
		t.Errorf("%+v %v", p, err)
	}
}

// Every entry of the registry is whole: whoever adds one gets told what is missing.
func TestRegistry(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{Client: &types{}, Now: time.Now})
	seen := map[string]bool{}
	for _, a := range r.All() {
		if a.ID == "" || seen[a.ID] || a.Title == "" || !strings.HasSuffix(a.Help, ".") || a.System == "" || (a.Risk == action.Reads) != (a.ID == "reserve.link") {
			t.Errorf("%+v", a)
		}
		seen[a.ID] = true
		for _, f := range a.Fields {
			wholeField(t, a, f)
		}
		wholeAction(t, a)
		if !strings.Contains(r.DocsTable(), "| "+a.Title+" | `"+a.Command()+"` | "+a.Help+" | "+a.Risk.String()+" |") {
			t.Errorf("%s is not in the table", a.ID)
		}
	}
	if _, ok := r.Get("moon.land"); ok {
		t.Error("an action that does not exist")
	}
	var _ action.Client = (*lossexpress.Client)(nil)
}

func wholeAction(t *testing.T, a action.Action) {
	t.Helper()
	if a.Describe == nil || a.Preview == nil || a.Send == nil || a.Match == nil {
		t.Fatalf("%s lacks a part", a.ID)
	}
	if title := a.Describe(action.Subject{}, nil); title == "" || strings.TrimSpace(title) != title {
		t.Errorf("%s describes nothing as %q", a.ID, title)
	}
	if keys, whole := a.Match(outbox.Entry{}, nil, nil); len(keys) > 0 || whole {
		t.Errorf("%s is confirmed by nothing", a.ID)
	}
}

func wholeField(t *testing.T, a action.Action, f action.Field) {
	t.Helper()
	if f.Name == "" || f.Flag == "" || f.Label == "" || (f.Help == "" && len(a.Fields) < 5) { // in a long form a label says it
		t.Errorf("%s: field %+v", a.ID, f)
	}
	if (f.Options != nil) != (f.Kind == action.Choice || f.Kind == action.MultiChoice) {
		t.Errorf("%s: options of %s do not fit its kind", a.ID, f.Name)
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{Now: time.Now})
	for id, want := range map[string]string{
		"order.create":    "claimdeck order create CLAIM --type TYPE...",
		"order.cancel":    "claimdeck order cancel CLAIM ORDER-ID...",
		"payoff.cancel":   "claimdeck payoff cancel CLAIM",
		"counter.dispute": "claimdeck counter dispute CLAIM --reason REASON",
	} {
		if got := mustGet(t, r, id).Command(); got != want {
			t.Errorf("%s: %q", id, got)
		}
	}
}

// A choice may be given by its value or by what people read; a refusal names both.
func TestChoicesByTheirLabels(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{Now: func() time.Time { return payable().Now }})
	a, _ := r.Get("payoff.sent")
	p, err := r.Prepare(t.Context(), a, payable(), paid("cents", "As it is, with cents"))
	if err != nil || len(p.Drafts) != 1 {
		t.Errorf("the label of a choice: %v %v", p.Problems, err)
	}
	p, err = r.Prepare(t.Context(), a, payable(), paid("cents", "sideways"))
	if err != nil || !strings.Contains(p.Problems["cents"], `"sideways" is not offered. There is: down (whole dollars, cents left out)`) {
		t.Errorf("no choice at all: %v %v", p.Problems, err)
	}
}
