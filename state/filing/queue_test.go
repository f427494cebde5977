package filing_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"claimdeck/state/filing"
)

func TestQueuedAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.queue = true
	list := batch(t, 25)
	list[2] = edit(t, list[2], "transaction_type", "ZZZ")
	report := b.mustSubmit(t, list, filing.SubmitOptions{Override: true, Patience: -1})
	wantCounts(t, report, map[filing.Outcome]int{queued: 25})
	if again := b.mustSubmit(t, list, filing.SubmitOptions{Override: true, Patience: -1}); again.Sent != 0 {
		t.Error("queued rows were sent again")
	}
	got, err := b.Poll(t.Context(), filing.PollOptions{})
	if want := map[filing.Outcome]int{accepted: 24, rejected: 1}; err != nil || !maps.Equal(got.Settled, want) || got.Waiting != 0 {
		t.Errorf("%+v %v", got, err)
	}
	if !slices.Equal(b.waits, []time.Duration{1e9}) {
		t.Errorf("waits %v", b.waits)
	}
	b = newBench(t)
	b.service.queue = true
	report = b.mustSubmit(t, list, filing.SubmitOptions{Override: true})
	wantCounts(t, report, map[filing.Outcome]int{accepted: 24, rejected: 1})
}

func TestQueuedAndLost(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.queue = true
	list := batch(t, 5)
	b.mustSubmit(t, list, filing.SubmitOptions{Patience: -1})
	clear(b.service.batches)
	if got, err := b.Poll(t.Context(), filing.PollOptions{Patience: -1}); err != nil || got.Settled[unknown] != 5 {
		t.Errorf("%+v %v", got, err)
	}
	b.service.queue = false
	wantCounts(t, b.mustSubmit(t, list, filing.SubmitOptions{}), map[filing.Outcome]int{accepted: 5})
	b = newBench(t)
	b.service.queue = true
	b.service.intercept = func(_ int, do func() (filing.Answer, error)) (filing.Answer, error) {
		a, err := do()
		a.BatchID = ""
		return a, err
	}
	wantCounts(t, b.mustSubmit(t, list, filing.SubmitOptions{}), map[filing.Outcome]int{unknown: 5})
}

func TestPatienceEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.queue = true
	b.mustSubmit(t, batch(t, 5), filing.SubmitOptions{Patience: -1})
	b.service.asked["batch-1"] = -1000
	got, err := b.Poll(t.Context(), filing.PollOptions{Patience: 10 * time.Second})
	if err != nil || got.Waiting != 1 || !slices.Equal(b.waits, []time.Duration{1e9, 2e9, 4e9}) {
		t.Errorf("%+v %v %v", got, b.waits, err)
	}
}

// "Valid and queued" is not filed yet; a row that is refused at once is settled at once.
func TestQueuedIsNotAccepted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.queue = true
	b.service.intercept = func(_ int, do func() (filing.Answer, error)) (filing.Answer, error) {
		a, err := do()
		a.Rows = []filing.RowAnswer{{ID: "T-00000", Code: "0"}, {ID: "T-00001", Code: "1002"}, {ID: "T-00002", Code: "0", Queued: true}}
		return a, err
	}
	report := b.mustSubmit(t, batch(t, 4), filing.SubmitOptions{Patience: -1})
	wantCounts(t, report, map[filing.Outcome]int{queued: 3, rejected: 1})
}
