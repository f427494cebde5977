package lossexpress

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// TestEverythingAtOnce lets the race detector see requests, the generator, switches and set-up side by side.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	b := seeded(t, 9)
	b.signIn()
	r := newReceiver(t)
	b.good("POST", "/activities/webhook", `{"endpoint":"`+r.URL+`","types":["settlement-counter-added"]}`)
	id := b.AddClaim(ClaimSeed{Documents: papers()})
	var all sync.WaitGroup
	all.Go(func() { b.run(60, nil) })
	for i := range 4 {
		all.Go(func() {
			for n := range 20 {
				b.good("GET", fmt.Sprintf("/activities?pageSize=50&pageNumber=%d&createdAfter=2026-11-01", n), "")
				b.good("POST", "/claims/"+id+"/direct-messages", `{"message":"x"}`)
				b.Change(func(b *Behaviour) { b.FeedOrder, b.PageDrift = FeedOrder(i%3), 1 })
				b.EmitAt(b.clock.Now().Add(-time.Minute), id, "call-made", nil)
				b.Truth()
				b.Writes()
			}
		})
	}
	all.Wait()
	if n := len(b.Writes()); n != 81 {
		t.Errorf("%d writes, want the registration and 80 messages", n)
	}
}

// TestOptionsAreCopied: what New was given stays the caller's.
func TestOptionsAreCopied(t *testing.T) {
	t.Parallel()
	faults := []Fault{{Kind: FaultServerError, Times: 2}}
	b := newBench(t, Behaviour{Faults: faults})
	b.raw("GET", "/lenders", "", nil)
	if faults[0].Times != 2 {
		t.Error("the caller's fault was used up")
	}
	copied := b.Behaviour()
	copied.Faults[0].Times = 99
	if b.Behaviour().Faults[0].Times != 1 {
		t.Error("Behaviour gives the server's own faults away")
	}
	defer func() {
		if recover() == nil {
			t.Error("New without a clock did not panic")
		}
	}()
	New(Options{})
}

func BenchmarkFeedPage(b *testing.B) {
	c := newClock()
	s := New(Options{Seed: 1, Now: c.Now, Behaviour: Behaviour{NoDefaultAge: true}})
	defer s.Close()
	for range 20_000 {
		s.Emit("c", "call-made", object{"callLength": 3})
		c.forward(time.Second)
	}
	s.mu.Lock()
	s.tokens["t"] = c.Now().Add(time.Hour)
	s.mu.Unlock()
	page := 0
	for b.Loop() {
		benchPage(b, s, page%40)
		page++
	}
}

func BenchmarkSeedDemo(b *testing.B) {
	c := newClock()
	for b.Loop() {
		s := New(Options{Seed: 1, Now: c.Now})
		s.SeedDemo()
		s.Close()
	}
}
