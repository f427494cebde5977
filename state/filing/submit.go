package filing

import (
	"context"
	"errors"
	"fmt"
	"maps"
)

// run is one Submit.
type run struct {
	e      *Engine
	o      SubmitOptions
	source Source
	chunk  int

	survey   *Survey
	report   Report
	progress Progress
	resume   bool           // the second pass, for what the first left in doubt
	queued   map[string]int // batches of this run, and how many rows wait in each
	doubts   int            // calls in a row that ended without an answer
	refusals int            // rows in a row that were refused by themselves as a call
}

func (r *run) submit(ctx context.Context) error {
	if err := r.e.recover(ctx, r.e.foreign); err != nil {
		return err
	}
	r.phase(PhaseRead)
	survey, err := TakeSurvey(ctx, r.source)
	if err != nil {
		return fmt.Errorf("nothing was sent: %w", err)
	}
	r.survey, r.report.Files, r.report.Rows, r.progress.Rows = survey, survey.Files, survey.Rows, survey.Rows
	r.queued = map[string]int{}
	r.phase(PhaseSend)
	if err := r.pass(ctx); err != nil {
		return err
	}
	if r.o.Resume && r.progress.Counts[Outcome(Unknown)] > 0 {
		r.resume, r.doubts = true, 0
		r.phase(PhaseResume)
		if err := r.pass(ctx); err != nil {
			return err
		}
	}
	if r.o.Patience < 0 || len(r.queued) == 0 {
		return nil
	}
	r.phase(PhasePoll)
	return r.e.poll(ctx, PollOptions{Patience: r.o.Patience, settled: r.settled})
}

// phase begins a phase.
func (r *run) phase(p Phase) {
	r.progress.Phase, r.progress.Seen = p, 0
	r.tell()
}

func (r *run) tell() {
	if r.o.Progress == nil {
		return
	}
	p := r.progress
	p.Counts = maps.Clone(p.Counts)
	r.o.Progress(p)
}

// tally moves rows from one outcome to another.
func (r *run) tally(from, to Outcome, n int) {
	if from != "" {
		r.progress.Counts[from] -= n
	}
	r.progress.Counts[to] += n
}

// settled takes over what became of rows of a batch.
func (r *run) settled(batch string, outcome Outcome, n int) {
	mine := min(n, r.queued[batch])
	r.queued[batch] -= mine
	r.tally(Outcome(Queued), outcome, mine)
	r.tell()
}

// pass goes through the source once and sends what is to be sent, a chunk at a time. It never holds more than two chunks.
func (r *run) pass(ctx context.Context) error {
	var ahead, chunk []item
	for row, err := range r.source.Rows(ctx) {
		if _, ok := errors.AsType[*SyntaxError](err); ok {
			continue // the survey has it
		}
		if err != nil {
			return r.stopped(ctx, err)
		}
		r.progress.Seen++
		it, fit := r.screen(row)
		if !fit {
			continue
		}
		if ahead = append(ahead, it); len(ahead) < r.chunk {
			continue
		}
		if chunk, err = r.collect(ctx, chunk, ahead, false); err != nil {
			return err
		}
		ahead = ahead[:0]
	}
	_, err := r.collect(ctx, chunk, ahead, true)
	return err
}

// screen holds back what the checks hold back.
func (r *run) screen(row Row) (item, bool) {
	outcome := Outcome("")
	switch {
	case r.survey.Repeats(row):
		outcome = Repeated
	case Blocks(r.survey.Check(row), r.o.Override):
		outcome = Blocked
	case r.survey.Broken(row.File) && !r.o.Partial:
		outcome = Held
	default:
		return itemOf(row), true
	}
	if !r.resume {
		r.tally("", outcome, 1)
	}
	return item{}, false
}

// collect adds the rows that the ledger does not know as done to the chunk, and sends it once it is full, or at the end.
func (r *run) collect(ctx context.Context, chunk, ahead []item, end bool) ([]item, error) {
	known, err := r.find(ctx, ahead)
	if err != nil {
		return nil, r.stopped(ctx, err)
	}
	t := r.terms()
	for _, it := range ahead {
		prev, ok := known[it.id]
		v := t.decide(it, prev, ok)
		if v.send {
			chunk = append(chunk, it)
			continue
		}
		r.skip(v)
	}
	r.tell()
	for len(chunk) >= r.chunk || end && len(chunk) > 0 {
		n := min(len(chunk), r.chunk)
		if err := r.deliver(ctx, chunk[:n]); err != nil {
			return nil, err
		}
		chunk = append([]item(nil), chunk[n:]...)
	}
	return chunk, nil
}

// skip counts a row that is not sent.
func (r *run) skip(v verdict) {
	if !r.resume {
		r.tally("", v.outcome, 1)
	}
}

func (r *run) terms() terms {
	return terms{now: r.e.o.Now(), holder: r.e.o.Instance, alive: r.e.foreign, changed: r.o.Changed, doubts: r.resume}
}

func (r *run) find(ctx context.Context, items []item) (map[string]Entry, error) {
	if len(items) == 0 {
		return nil, nil
	}
	entries, err := r.e.o.Ledger.Find(ctx, idsOf(items))
	if err != nil {
		return nil, fmt.Errorf("read the ledger of filings: %w", err)
	}
	known := make(map[string]Entry, len(entries))
	for _, e := range entries {
		known[e.ID] = e
	}
	return known, nil
}

func idsOf(items []item) []string {
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.id
	}
	return ids
}

// stopped is why the run ends: the person's wish comes before what it caused.
func (r *run) stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("stopped: %w; run it again to go on", context.Cause(ctx))
	}
	return err
}

// claim journals rows as sending, and returns those that are ours to send.
func (r *run) claim(ctx context.Context, chunk []item) ([]item, error) {
	byID := make(map[string]item, len(chunk))
	for _, it := range chunk {
		byID[it.id] = it
	}
	t := r.terms()
	verdicts := make(map[string]verdict, len(chunk))
	err := r.e.o.Ledger.Update(ctx, idsOf(chunk), func(id string, prev Entry, known bool) (Entry, bool) {
		v := t.decide(byID[id], prev, known)
		verdicts[id] = v
		return v.next, v.send
	})
	if err != nil {
		return nil, r.stopped(ctx, fmt.Errorf("%w: %d rows were not sent because they could not be journaled first: %w; free some disk space, then run it again",
			ErrJournal, len(chunk), err))
	}
	ours := chunk[:0:0]
	for _, it := range chunk {
		if v := verdicts[it.id]; v.send {
			ours = append(ours, it)
		} else {
			r.skip(v)
		}
	}
	return ours, nil
}

// count counts what became of every row, from the source and the ledger.
func (r *run) count(ctx context.Context) {
	if r.survey == nil {
		return
	}
	r.phase(PhaseCount)
	r.report.Counts = map[Outcome]int{}
	for result, err := range r.e.results(ctx, r.source, r.survey, ResultOptions{Override: r.o.Override, Partial: r.o.Partial}) {
		if err != nil {
			r.e.o.Log.Warn("the rows of the run were not counted to the end", "error", err)
			return
		}
		r.report.Counts[result.Outcome]++
	}
	r.progress.Counts, r.progress.Seen = r.report.Counts, r.report.Rows
	r.tell()
}
