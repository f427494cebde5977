package lossexpress

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

var errEnough = errors.New("enough")

// run lets the generator live for a number of ticks under the fake clock.
func (b *bench) run(ticks int, between func(tick int)) {
	b.t.Helper()
	n := 0
	b.Live(b.t.Context(), nil, func(_ context.Context, d time.Duration) error {
		if d < 4*time.Second || d > 12*time.Second {
			b.t.Errorf("pace of %v", d)
		}
		if n == ticks {
			return errEnough
		}
		b.clock.forward(d)
		if between != nil {
			between(n)
		}
		n++
		return nil
	})
}

func TestLiveKeepsTheDemoAlive(t *testing.T) {
	t.Parallel()
	b := seeded(t, 5)
	before := len(b.Truth())
	b.run(300, nil)
	grown := b.Truth()[before:]
	kinds := map[string]int{}
	for _, a := range decodeAll(t, grown) {
		kinds[a.Type]++
	}
	if len(grown) < 250 || len(grown) > 1200 {
		t.Errorf("%d activities in 300 ticks", len(grown))
	}
	for _, kind := range []string{
		"claim-created", "order-attempted", "order-fulfilled", "payoff-data-added", "direct-message-added", "call-made",
		"order-status-changed", "letter-of-guarantee-added", "settlement-counter-added", "payment-sent", "document-added",
	} {
		if kinds[kind] == 0 {
			t.Errorf("no %s among %v", kind, kinds)
		}
	}
	if len(b.Writes()) != 0 {
		t.Error("the generator's doings count as writes")
	}
}

// TestLiveStaysBounded: however long the demo is open, it does not grow absurd.
func TestLiveStaysBounded(t *testing.T) {
	t.Parallel()
	b := seeded(t, 6)
	b.run(25_000, nil)
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.claims) > maxClaims || len(b.claims) < 90 {
		t.Errorf("%d claims", len(b.claims))
	}
	for _, c := range b.claims {
		if c.activities > maxClaimActivities+6 || len(c.orders) > 9 || len(c.documents) > 20 {
			t.Errorf("%s: %d activities, %d orders, %d documents", c.number(), c.activities, len(c.orders), len(c.documents))
		}
	}
	if n := b.claimsThat(waits); n > 40 {
		t.Errorf("%d claims wait for an answer", n)
	}
}

// TestLiveAnswersAPerson: what a person does through the API has its consequences after a while.
func TestLiveAnswersAPerson(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{ClaimNumber: "EX-1", LenderName: "Ally Financial", Documents: papers()})
	unknown := ""
	b.run(60, func(tick int) {
		if tick != 0 {
			return
		}
		b.good("POST", "/claims/"+id+"/orders", `{"types":["Copy of Title"]}`)
		b.good("POST", "/claims/"+id+"/payoff-request", "")
		b.good("POST", "/claims/"+id+"/letter-of-guarantee-request", "")
		b.good("POST", "/claims/"+id+"/direct-messages", `{"message":"hello"}`)
		if err := b.Trigger(id, activityCounter); err != nil {
			t.Error(err)
		}
		b.good("POST", "/claims/"+id+"/settlement-counter", `{"dispute":true,"reasonForDispute":"no"}`)
		body := with(carrierClaim, "lenderName", "Lone Pine Community CU")
		unknown, _ = b.good("POST", "/claims", body).object(t)["claimId"].(string)
	})
	got := b.types(id)
	for _, want := range []string{
		"order-attempted", "order-fulfilled", "payoff-data-added", "order-status-changed", "letter-of-guarantee-added",
		"document-sent-to-lender", "call-made",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %s after a while: %v", want, got)
		}
	}
	var categories []any
	for _, a := range decodeAll(t, b.Truth()) {
		if a.Type == activityMessage && a.ClaimID == id {
			categories = append(categories, a.Data["category"])
		}
	}
	if !slices.Contains(categories, any("SETTLEMENT DISPUTE")) || len(categories) < 3 {
		t.Errorf("no answers to the dispute and the message: %v", categories)
	}
	if b.count(unknown, "new-lender-verified") != 1 {
		t.Errorf("the unknown lender was not verified: %v", b.types(unknown))
	}
}

// TestNothingHappensByItself: without the generator a test sees only what it causes.
func TestNothingHappensByItself(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{Documents: papers()})
	b.good("POST", "/claims/"+id+"/orders", `{"types":["Copy of Title"]}`)
	b.clock.forward(time.Hour)
	b.good("GET", "/claims/"+id, "")
	if n := len(b.Truth()); n != 4 {
		t.Errorf("%d activities: %v", n, b.types(id))
	}
}

// TestCancelledOrdersStayCancelled: an answer that is already on its way finds the order ended and keeps silent.
func TestCancelledOrdersStayCancelled(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{Documents: papers()})
	b.run(60, func(tick int) {
		if tick == 0 {
			b.good("POST", "/claims/"+id+"/orders", `{"types":["Title Status"]}`)
			order := b.claimIDs[id].lastOrder("Title Status").id
			b.good("DELETE", "/claims/"+id+"/cancel-orders", `{"orderIds":["`+order+`"]}`)
		}
	})
	if o := b.claimIDs[id].orders[0]; o.status != cancelled || o.attempts != 0 {
		t.Errorf("the order went on: %+v", o)
	}
}

func TestLiveEndsWithItsContext(t *testing.T) {
	t.Parallel()
	b := seeded(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Live(ctx, func() time.Duration { return time.Hour }, nil)
	}()
	cancel()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the generator goes on")
	}
}

func TestAgenda(t *testing.T) {
	t.Parallel()
	var a agenda
	base := time.Unix(0, 0)
	var got []int
	for i, second := range []int{3, 1, 2, 1} {
		a.add(base.Add(time.Duration(second)*time.Second), func(time.Time) { got = append(got, i) })
	}
	a.run(base.Add(2 * time.Second))
	if !slices.Equal(got, []int{1, 3, 2}) || len(a.items) != 1 {
		t.Errorf("ran %v, left %d", got, len(a.items))
	}
	for range maxAppointments + 5 {
		a.add(base, func(time.Time) {})
	}
	if len(a.items) != maxAppointments {
		t.Errorf("%d appointments", len(a.items))
	}
}
