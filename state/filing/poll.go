package filing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// PollOptions say how long to ask for results.
type PollOptions struct {
	Patience time.Duration // 0: 30 minutes; negative: every batch is asked for once
	settled  func(batch string, outcome Outcome, n int)
}

// maxPatience is how long the service may take to process a batch.
const maxPatience = 30 * time.Minute

// PollReport is what asking for results came to.
type PollReport struct {
	Settled map[Outcome]int // rows that have their result now
	Waiting int             // batches that have none yet
}

// Poll asks for the results of all queued batches until they are there or patience ends. What is not there stays queued. The
// error says why it ended early; nothing is lost by it.
func (e *Engine) Poll(ctx context.Context, o PollOptions) (PollReport, error) {
	report := PollReport{Settled: map[Outcome]int{}}
	if err := e.Recover(ctx); err != nil {
		return report, err
	}
	o.settled = func(_ string, outcome Outcome, n int) { report.Settled[outcome] += n }
	err := e.poll(ctx, o)
	if left, readErr := e.o.Ledger.Batches(context.WithoutCancel(ctx)); readErr == nil {
		report.Waiting = len(left)
	}
	return report, err
}

func (e *Engine) poll(ctx context.Context, o PollOptions) error {
	patience := cmp.Or(o.Patience, maxPatience)
	waited := time.Duration(0)
	for round := 0; ; round++ {
		batches, err := e.o.Ledger.Batches(ctx)
		if err != nil {
			return fmt.Errorf("read the ledger of filings: %w", err)
		}
		var after time.Duration
		var problem error
		for _, batch := range batches {
			if ctx.Err() != nil {
				return fmt.Errorf("stopped: %w; the results can be asked for later", context.Cause(ctx))
			}
			again, err := e.pollBatch(ctx, batch, o.settled)
			after = max(after, again)
			if errors.Is(err, ErrSignIn) || errors.Is(err, ErrJournal) {
				return err
			}
			if problem = cmp.Or(err, problem); again > 0 {
				break // it asks for patience
			}
		}
		left, err := e.o.Ledger.Batches(ctx)
		if err != nil {
			return fmt.Errorf("read the ledger of filings: %w", err)
		}
		delay := max(pause(round), after)
		if len(left) == 0 || waited+delay > patience {
			if len(left) == 0 {
				problem = nil
			}
			return problem
		}
		if err := e.o.Wait(ctx, delay); err != nil {
			return fmt.Errorf("stopped: %w; the results can be asked for later", err)
		}
		waited += delay
	}
}

// pollBatch asks for one batch. after is how long the service asks to wait; zero: it does not.
func (e *Engine) pollBatch(ctx context.Context, batch string, settled func(string, Outcome, int)) (after time.Duration, err error) {
	own, cancel := context.WithTimeout(ctx, e.o.Timeout)
	whole, err := e.o.Service.Results(own, batch)
	cancel()
	if err != nil {
		return e.pollFailed(ctx, batch, err, settled)
	}
	whole.BatchID = batch
	a := answersOf(whole)
	now := e.o.Now()
	return 0, e.settleBatch(ctx, batch, settled, func(entry Entry) (Entry, bool) {
		next := a.settle(entry, whole, now)
		return next, next.State != Queued
	})
}

func (e *Engine) pollFailed(ctx context.Context, batch string, err error, settled func(string, Outcome, int)) (time.Duration, error) {
	fault, _ := errors.AsType[*Fault](err)
	switch {
	case fault == nil:
	case fault.SignIn:
		return 0, fmt.Errorf("%w: sign in again or check the key; the results can be asked for later (%w)", ErrSignIn, err)
	case fault.Unknown:
		now := e.o.Now()
		why := fmt.Sprintf("InsCipher does not know the batch %s any more, so the result cannot be asked for", batch)
		return 0, e.settleBatch(ctx, batch, settled, func(entry Entry) (Entry, bool) { return doubted(entry, why, now), true })
	case fault.Busy:
		return max(fault.After, time.Second), err
	}
	return 0, fmt.Errorf("the results of batch %s could not be asked for: %w", batch, err)
}

// settleBatch changes the queued entries of a batch.
func (e *Engine) settleBatch(ctx context.Context, batch string, settled func(string, Outcome, int), next func(Entry) (Entry, bool)) error {
	var ids []string
	for entry, err := range e.o.Ledger.Walk(ctx, Query{Batch: batch, State: Queued}) {
		if err != nil {
			return fmt.Errorf("read the ledger of filings: %w", err)
		}
		ids = append(ids, entry.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	counts := map[Outcome]int{}
	err := e.o.Ledger.Update(ctx, ids, func(_ string, prev Entry, known bool) (Entry, bool) {
		if !known || prev.State != Queued || prev.BatchID != batch {
			return prev, false
		}
		n, done := next(prev)
		if done {
			counts[Outcome(n.State)]++
		}
		return n, done
	})
	if err != nil {
		return fmt.Errorf("%w: the results of batch %s: %w; they can be asked for again", ErrJournal, batch, err)
	}
	for outcome, n := range counts {
		if settled != nil {
			settled(batch, outcome, n)
		}
	}
	return nil
}
