package scenario_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"claimdeck/action"
	"claimdeck/action/scenario"
	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// person does things through the outbox, as the console and the command line do.
type person struct {
	*rig
	t   *testing.T
	box *outbox.Box
}

func (r *rig) person(t *testing.T, later time.Duration) *person {
	t.Helper()
	now := func() time.Time { return time.Now().Add(later) }
	return &person{rig: r, t: t, box: outbox.New(outbox.Options{Journal: r.store, Sender: r.actions, Now: now, Wait: wait})}
}

// does performs an action on a claim and waits until it is settled.
func (p *person) does(id, claimID string, v action.Values) outbox.Entry {
	p.t.Helper()
	ctx := p.t.Context()
	if claimID != "" {
		if err := p.options.Refresh(ctx, claimID); err != nil {
			p.t.Fatal(err)
		}
	}
	a, _ := p.actions.Get(id)
	c, err := p.actions.Load(ctx, claimID)
	if err != nil {
		p.t.Fatal(err)
	}
	prepared, err := p.actions.Prepare(ctx, a, action.Subject{Claim: c, Now: time.Now()}, v)
	if err != nil || len(prepared.Problems) > 0 {
		p.t.Fatal(err, prepared.Problems)
	}
	prepared.Draft.Origin = outbox.FromCLI
	e, err := p.box.Submit(ctx, prepared.Draft)
	if err != nil {
		p.t.Fatal(err)
	}
	if e, err = p.box.Settle(ctx, e.ID); err != nil {
		p.t.Fatal(err)
	}
	if err := p.options.Refresh(ctx, claimID); err != nil {
		p.t.Fatal(err)
	}
	p.box.Observe(ctx, nil)
	return e
}

// recording is what the person did since a time.
func (p *person) recording(since time.Time) scenario.Recording {
	p.t.Helper()
	ctx := context.WithoutCancel(p.t.Context())
	rec := scenario.Recording{Name: "again", Since: since, Actions: p.actions, Activities: map[string][]activity.Activity{}}
	var err error
	if rec.Fired, err = scenario.Remembered(ctx, p.store, since); err != nil {
		p.t.Fatal(err)
	}
	if rec.Entries, err = p.store.Entries(ctx, 0); err != nil {
		p.t.Fatal(err)
	}
	slices.Reverse(rec.Entries)
	for _, f := range rec.Fired {
		rec.Activities[f.ClaimID] = nil
	}
	for _, e := range rec.Entries {
		rec.Activities[action.ClaimIDOf(e)] = nil
	}
	for id := range rec.Activities {
		if err := p.options.Refresh(ctx, id); err != nil {
			p.t.Fatal(err)
		}
		if rec.Activities[id], err = p.store.ClaimActivities(ctx, id); err != nil {
			p.t.Fatal(err)
		}
	}
	return rec
}

// again records what was done and runs it on another service.
func (p *person) again(since time.Time) (string, scenario.Result) {
	p.t.Helper()
	toml, err := scenario.Record(p.recording(since))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(toml), newRig(p.t, lossexpress.Behaviour{}).run(p.t, string(toml))
}

// TestRecordedDeedsRunAgain: a test VIN, triggers and writes become a scenario that passes on a fresh service.
func TestRecordedDeedsRunAgain(t *testing.T) {
	t.Parallel()
	p := newRig(t, lossexpress.Behaviour{}).person(t, 0)
	since := time.Now().Add(-time.Second)
	counter, _ := scenario.FindVIN("counter")
	res, err := p.studio().Run(t.Context(), scenario.OfVIN(counter), scenario.Created{}, nil)
	if err != nil || res.Status != scenario.Passed {
		t.Fatal(err, res.Words)
	}
	on := res.Created[0]
	call, _ := scenario.FindTrigger("call")
	if res, err = p.studio().Run(t.Context(), scenario.OfTrigger(call), on, nil); err != nil || res.Status != scenario.Passed {
		t.Fatal(err, res.Words)
	}
	p.does("counter.dispute", on.ClaimID, action.Values{"reasonForDispute": {"Verified ${in} \"person\"."}})
	placed := p.does("order.create", on.ClaimID, action.Values{"types": {"Copy of Title", "Payment History"}})
	var answer struct{ Orders []struct{ OrderID string } }
	if err := json.Unmarshal(placed.Answer, &answer); err != nil || len(answer.Orders) != 2 {
		t.Fatal(err, string(placed.Answer))
	}
	p.does("order.cancel", on.ClaimID, action.Values{"orderIds": {answer.Orders[1].OrderID}})
	p.does("payoff.request", on.ClaimID, nil) // refused: no documents
	paper := filepath.Join(t.TempDir(), "breakdown.pdf")
	if err := os.WriteFile(paper, []byte("%PDF-1.4\n%%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.does("document.add", on.ClaimID, action.Values{"document": {paper}, "description": {"settlement breakdown & valuation report"}})
	p.does("payoff.request", on.ClaimID, nil)

	toml, again := p.again(since)
	if again.Status != scenario.Passed {
		t.Errorf("%s: %s\n%s", again.Status, again.Words, toml)
	}
	for _, want := range []string{
		`create = "counter"`, `trigger = "call-made"`, `wait = "settlement-counter-updated"`, `Verified $${in}`,
		`orderIds = ["${order.1}"]`, `refused = {status = 400`, `document = ["${pdf}"]`, `wait = "payoff-request-created"`,
	} {
		if !strings.Contains(toml, want) {
			t.Errorf("no %s in\n%s", want, toml)
		}
	}
	if strings.Contains(toml, on.ClaimID) || strings.Contains(toml, paper) || strings.Contains(toml, "Whitfield") {
		t.Errorf("it names what is of this claim alone:\n%s", toml)
	}
}

// TestRecordedOnAnOldClaim: what was on the claim before is made anew as far as it is needed.
func TestRecordedOnAnOldClaim(t *testing.T) {
	t.Parallel()
	p := newRig(t, lossexpress.Behaviour{}).person(t, 3*time.Second) // what is older than the first deed was there before
	id := p.sandbox.AddClaim(lossexpress.ClaimSeed{
		ClaimNumber: "EX-7", VIN: "5GZCZ43D13S812715", CreatedAt: time.Now().Add(-30 * time.Minute), Documents: []string{"settlement breakdown", "valuation report"},
	})
	if _, err := p.options.Client.CreateOrders(t.Context(), id, []string{"Bill of Sale"}); err != nil {
		t.Fatal(err)
	}
	if err := p.sandbox.Trigger(id, "settlement-counter-added"); err != nil {
		t.Fatal(err)
	}
	if err := p.options.Refresh(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	acts, err := p.store.ClaimActivities(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var order string
	for _, a := range acts {
		if o, ok := a.Data.(activity.NewOrder); ok {
			order = o.OrderID
		}
	}
	since := time.Now()
	p.does("order.cancel", id, action.Values{"orderIds": {order}})
	p.does("counter.dispute", id, action.Values{"reasonForDispute": {"No."}})
	p.does("payoff.request", id, nil)

	toml, again := p.again(since)
	if again.Status != scenario.Passed {
		t.Errorf("%s: %s\n%s", again.Status, again.Words, toml)
	}
	for _, want := range []string{`create = "5GZCZ43D13S812715"`, `upload = "valuation report"`, `orderIds = ["${order.0}"]`} {
		if !strings.Contains(toml, want) {
			t.Errorf("no %s in\n%s", want, toml)
		}
	}
}

func TestNothingToRecord(t *testing.T) {
	t.Parallel()
	if _, err := scenario.Record(scenario.Recording{Name: "x"}); err == nil || !strings.Contains(err.Error(), "nothing was done") {
		t.Errorf("error %v", err)
	}
}

// TestScenariosAreNotRecorded: what a scenario fires is not what a person did.
func TestScenariosAreNotRecorded(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{})
	r.run(t, "name = \"x\"\n[[step]]\ncreate = \"plain\"\n[[step]]\ntrigger = \"call\"\n")
	if fired, err := scenario.Remembered(t.Context(), r.store, time.Time{}); err != nil || len(fired) != 0 {
		t.Errorf("remembered %v, %v", fired, err)
	}
}
