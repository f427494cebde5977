package action_test

import (
	"context"
	"net/http"
	"runtime"
	"testing"
	"time"

	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

type mishap struct {
	name    string
	fault   sandbox.Fault
	killed  string // "before" or "after" the request
	happens bool
	refused bool // the answer proves that nothing happened
}

// mishaps are what can happen to the one request of a write. happens tells whether the service does it.
var mishaps = []mishap{
	{name: "all is well", happens: true},
	{name: "reset before the effect", fault: sandbox.Fault{Kind: sandbox.FaultReset}},
	{name: "reset after the effect", fault: sandbox.Fault{Kind: sandbox.FaultReset, After: true}, happens: true},
	{name: "500 before the effect", fault: sandbox.Fault{Kind: sandbox.FaultServerError}},
	{name: "500 after the effect", fault: sandbox.Fault{Kind: sandbox.FaultServerError, After: true}, happens: true},
	{name: "503", fault: sandbox.Fault{Kind: sandbox.FaultUnavailable}},
	{name: "truncated answer", fault: sandbox.Fault{Kind: sandbox.FaultTruncated}, happens: true},
	{name: "answer cut short", fault: sandbox.Fault{Kind: sandbox.FaultCutShort}, happens: true},
	{name: "no answer in time", fault: sandbox.Fault{Kind: sandbox.FaultSlow}},
	{name: "half an answer in time", fault: sandbox.Fault{Kind: sandbox.FaultSlowBody}, happens: true},
	{name: "a proxy's page before the effect", fault: sandbox.Fault{Kind: sandbox.FaultHTMLBadGateway}},
	{name: "a proxy's page after the effect", fault: sandbox.Fault{Kind: sandbox.FaultHTMLBadGateway, After: true}, happens: true},
	{name: "a web page instead of an answer", fault: sandbox.Fault{Kind: sandbox.FaultHTMLOK}, happens: true},
	{name: "429", fault: sandbox.Fault{Kind: sandbox.FaultTooManyRequests}, refused: true},
	{name: "403", fault: sandbox.Fault{Kind: sandbox.FaultForbidden}, refused: true},
	{name: "401 for every token", fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized, Times: -1}, refused: true},
	{name: "401 once", fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized}, happens: true},
	{name: "killed before the request", killed: "before"},
	{name: "killed after the request", killed: "after", happens: true},
}

// mortal is a sender whose process dies while it sends.
type mortal struct {
	outbox.Sender
	when string
}

func (m mortal) Send(ctx context.Context, e outbox.Entry) outbox.Outcome {
	if m.when == "after" {
		m.Sender.Send(ctx, e)
	}
	runtime.Goexit() // the process is gone: nothing after this line runs in it
	return outbox.Outcome{}
}

// TestNeverDoubled sends each write through each mishap, with the real transport and store: it happens at most once,
// and the outbox ends truthfully. Each case has a claim of its own.
func TestNeverDoubled(t *testing.T) {
	t.Parallel()
	for _, w := range allWrites() {
		t.Run(w.id, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			for _, m := range mishaps {
				t.Run(m.name, func(t *testing.T) { b.with(t).suffer(w, m) })
			}
		})
	}
}

// suffer sends one write through one mishap.
func (b *bench) suffer(w write, m mishap) {
	claimID := b.claim()
	draft := b.prepare(w.id, claimID, w.values(b, claimID))
	if m.fault.Kind != sandbox.FaultNone {
		m.fault.Match = func(r *http.Request) bool { return r.Method != http.MethodGet && r.URL.Path != "/oauth/token" }
		b.service.Inject(m.fault)
	}
	var e outbox.Entry
	if m.killed != "" {
		e = b.die(draft, m.killed)
	} else {
		e = b.settle(draft)
	}
	b.service.ClearFaults()
	e = b.truth(w, e, m.happens, m.refused)
	if n := b.happened(w, claimID); (n == 1) != m.happens || n > 1 {
		b.t.Fatalf("it happened %d times", n)
	}
	b.again(w, e, claimID)
}

// die submits a draft in a process that is killed while sending, and lets the next process settle what it finds.
func (b *bench) die(d outbox.Draft, when string) outbox.Entry {
	b.t.Helper()
	b.newBox("doomed", mortal{b.actions, when})
	e, err := b.box.Submit(b.t.Context(), d)
	if err != nil {
		b.t.Fatal(err)
	}
	dead := make(chan struct{})
	ctx := b.t.Context()
	go func() {
		defer close(dead)
		_, _ = b.box.Settle(ctx, e.ID)
	}()
	<-dead
	b.closeStore()
	b.open("heir of " + d.ClaimID + d.ClaimNumber)
	if e, err = b.store.Entry(ctx, e.ID); err != nil || e.State != outbox.Sending {
		b.t.Fatalf("the dead process left %s, %v", e.State, err)
	}
	if e, err = b.box.Settle(ctx, e.ID); err != nil {
		b.t.Fatal(err)
	}
	return e
}

// truth checks where the entry ended. An accepted one waits for the feed, which comes here.
func (b *bench) truth(w write, e outbox.Entry, happens, refused bool) outbox.Entry {
	b.t.Helper()
	if e.State == outbox.Accepted {
		if _, err := b.syncer.Once(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
		var err error
		if e, err = b.store.Entry(b.t.Context(), e.ID); err != nil {
			b.t.Fatal(err)
		}
	}
	want := outbox.Unknown
	switch {
	case happens:
		want = outbox.Confirmed
	case refused:
		want = outbox.Rejected
	}
	if e.State != want || (want == outbox.Unknown && !e.Checked) {
		b.t.Fatalf("%s ended %s (checked %v): %+v, want %s", w.id, e.State, e.Checked, e.Problem, want)
	}
	if happens == (e.Problem != nil) {
		b.t.Errorf("%s with the problem %+v", e.State, e.Problem)
	}
	return e
}

// again asks for what did not happen once more: then it happens, once.
func (b *bench) again(w write, e outbox.Entry, claimID string) {
	b.t.Helper()
	if e.State == outbox.Confirmed {
		if _, err := b.box.Retry(b.t.Context(), e.ID); err == nil {
			b.t.Fatal("a confirmed write was sent again")
		}
		return
	}
	if _, err := b.box.Retry(b.t.Context(), e.ID); err != nil {
		b.t.Fatal(err)
	}
	b.truth(w, b.finish(e), true, false)
	if n := b.happened(w, claimID); n != 1 {
		b.t.Fatalf("after the retry it happened %d times", n)
	}
}

// A connection that fails before anything is sent leaves no doubt.
func TestNotSentIsNotUnknown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	claimID := b.claim()
	draft := b.prepare("payoff.request", claimID, nil)
	b.service.RevokeTokens()
	b.service.Change(func(s *sandbox.Behaviour) { s.TokenRefused = true })
	b.account.Client().Tokens().Forget(b.token())
	e := b.settle(draft)
	if e.State != outbox.Rejected || !e.Problem.NotSent || !e.Problem.SignIn {
		t.Errorf("without a token: %s %+v", e.State, e.Problem)
	}
	b.service.Change(func(s *sandbox.Behaviour) { s.TokenRefused = false })
	if _, err := b.box.Retry(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	if e = b.finish(e); e.State != outbox.Accepted {
		t.Errorf("after signing in: %s %+v", e.State, e.Problem)
	}
}

// What the feed shows of somebody else, or showed before, confirms nothing of ours.
func TestConfirmsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	claimID := b.claim()
	old := b.clock.Now().Add(-time.Hour)
	b.service.EmitAt(old, claimID, "payoff-request-created", map[string]any{})
	e := b.settle(b.draft("payoff.request", claimID, nil))
	if e.State != outbox.Accepted {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	if _, err := b.syncer.Backfill(t.Context(), claimID, time.Time{}); err != nil {
		t.Fatal(err)
	}
	e, err := b.store.Entry(t.Context(), e.ID)
	if err != nil || e.State != outbox.Confirmed {
		t.Fatalf("%s %v", e.State, err)
	}
	a, err := b.store.Activity(t.Context(), e.ConfirmedBy[0])
	if err != nil || a.CreatedAt.Before(old.Add(time.Minute)) || a.Type != activity.PayoffRequestCreated {
		t.Errorf("confirmed by %s of %s, %v", a.Type, a.CreatedAt, err)
	}
}
