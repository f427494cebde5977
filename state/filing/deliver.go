package filing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// How patient a run is with a service that has trouble.
const (
	tries       = 6                // calls of one chunk that provably did nothing
	maxDoubts   = 3                // calls in a row without an answer, before nothing more is put in doubt
	maxRefusals = 5                // rows in a row that are refused alone, before the whole run is taken for refused
	maxPause    = 60 * time.Second // the longest wait of ours; Retry-After may say more
	maxAfter    = 10 * time.Minute // the longest Retry-After that a run waits for
	journalTry  = 6
	journalTime = 10 * time.Second
)

// pause is the wait before try n, from 0.
func pause(n int) time.Duration { return min(time.Second<<min(n, 10), maxPause) }

// deliver claims a chunk, sends it, and journals what came of it. An error ends the run; whatever the error, every row of
// the chunk is journaled as it is.
func (r *run) deliver(ctx context.Context, chunk []item) error {
	if ctx.Err() != nil {
		return r.stopped(ctx, nil)
	}
	ours, err := r.claim(ctx, chunk)
	if err != nil || len(ours) == 0 {
		return err
	}
	return r.send(ctx, ours)
}

// send sends claimed rows until it is known what became of them, or no longer to be found out.
func (r *run) send(ctx context.Context, ours []item) error {
	for try := 0; ; try++ {
		answer, err := r.call(ctx, ours)
		if err == nil {
			r.doubts, r.refusals = 0, 0
			return r.take(ctx, ours, answer)
		}
		d := diagnose(err)
		fault, _ := errors.AsType[*Fault](err)
		switch d {
		case signIn:
			return r.release(ctx, ours, fmt.Errorf("%w: sign in again or check the key, then run it again; nothing is lost (%w)", ErrSignIn, err))
		case fatal:
			return r.release(ctx, ours, fmt.Errorf("%w: check the URL and what the account may do, then run it again (%w)", ErrRefused, err))
		case refusedRows:
			return r.halve(ctx, ours, err)
		case uncertain:
			return r.doubt(ctx, ours, err)
		case unsent, busy: // the same again, a little later
		}
		if try == tries-1 {
			return r.release(ctx, ours, giveUp(d, err))
		}
		delay := pause(try)
		if fault != nil && fault.After > 0 {
			delay = fault.After
		}
		if delay > maxAfter {
			return r.release(ctx, ours, giveUp(d, err))
		}
		if err := r.wait(ctx, delay); err != nil {
			return r.release(ctx, ours, r.stopped(ctx, err))
		}
	}
}

func giveUp(d diagnosis, err error) error {
	if d == busy {
		return fmt.Errorf("%w: run it again later (%w)", ErrBusy, err)
	}
	return fmt.Errorf("%w: check the connection, then run it again; nothing is lost (%w)", ErrUnreachable, err)
}

// wait pauses the run.
func (r *run) wait(ctx context.Context, d time.Duration) error {
	phase := r.progress.Phase
	r.progress.Phase, r.progress.Wait = PhaseWait, d
	r.tell()
	r.progress.Phase, r.progress.Wait = phase, 0
	return r.e.o.Wait(ctx, d)
}

// call sends rows once. A run that is cancelled lets the call end, for a while.
func (r *run) call(ctx context.Context, ours []item) (Answer, error) {
	rows := make([]json.RawMessage, len(ours))
	for i, it := range ours {
		rows[i] = it.json
	}
	r.report.Calls++
	own, cancel := r.e.patient(ctx)
	defer cancel()
	return r.e.o.Service.Send(own, rows)
}

// patient returns a context for one call that outlives the cancellation of ctx by the grace.
func (e *Engine) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.o.Timeout)
	stop := context.AfterFunc(ctx, func() {
		if e.o.Wait(own, e.o.Grace) == nil {
			cancel()
		}
	})
	return own, func() { stop(); cancel() }
}

// diagnosis is what an error of a call means for its rows.
type diagnosis int

const (
	uncertain   diagnosis = iota // nobody can say
	unsent                       // provably nothing happened: the same may be sent again
	busy                         // the same, once the service has time
	signIn                       // nothing happened, and nothing will before a person did something
	fatal                        // as signIn
	refusedRows                  // nothing happened, and at least one row is the reason
)

func diagnose(err error) diagnosis {
	fate, told := errors.AsType[Fate](err)
	fault, _ := errors.AsType[*Fault](err)
	if fault == nil {
		fault = &Fault{}
	}
	switch {
	case told && fate.Uncertain():
		return uncertain
	case fault.SignIn:
		return signIn
	case fault.Busy:
		return busy
	case fault.Fatal:
		return fatal
	case told && fate.NotSent():
		return unsent
	case told && fate.Refused(), fault.TooLarge:
		return refusedRows
	}
	return uncertain
}

// halve finds the row that makes the service refuse a whole call: it sends either half by itself. A row that is refused
// alone is rejected.
func (r *run) halve(ctx context.Context, ours []item, err error) error {
	if len(ours) > 1 {
		half := len(ours) / 2
		for i, part := range [][]item{ours[:half], ours[half:]} {
			stop := r.stopped(ctx, nil)
			if stop == nil {
				stop = r.send(ctx, part)
			}
			if stop == nil {
				continue
			}
			if i == 0 { // the other half was not tried
				return r.release(ctx, ours[half:], stop)
			}
			return stop
		}
		return nil
	}
	if r.refusals++; r.refusals >= maxRefusals {
		return r.release(ctx, ours, fmt.Errorf("%w: %d in a row; read its words, then run it again (%w)", ErrRefused, r.refusals, err))
	}
	why := "refused as a whole: " + err.Error()
	return r.journal(ctx, ours, Outcome(Rejected), func(_ item, e Entry) Entry {
		return refusedAlone(e, why, r.e.o.Now())
	})
}

// doubt journals a call that ended without a trustworthy answer. Its rows are not sent again by the same pass.
func (r *run) doubt(ctx context.Context, ours []item, err error) error {
	why := "no trustworthy answer came: " + err.Error()
	r.report.Sent += len(ours)
	if err := r.journal(ctx, ours, Outcome(Unknown), func(_ item, e Entry) Entry {
		return doubted(e, why, r.e.o.Now())
	}); err != nil {
		return err
	}
	if r.doubts++; r.doubts >= maxDoubts {
		return fmt.Errorf("%w: %d calls in a row; what they held is in doubt, and is sent again by the next run (%w)", ErrDoubtful, r.doubts, err)
	}
	if err := r.wait(ctx, pause(r.doubts)); err != nil {
		return r.stopped(ctx, err)
	}
	return nil
}

// release gives rows back that were claimed and not sent, and returns why the run ends.
func (r *run) release(ctx context.Context, ours []item, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), journalTime)
	defer cancel()
	err := r.e.o.Ledger.Update(ctx, idsOf(ours), func(_ string, prev Entry, known bool) (Entry, bool) {
		if !known || prev.State != Sending || prev.Holder != r.e.o.Instance {
			return prev, false
		}
		return released(prev), true
	})
	if err != nil { // they are taken for sent: the next run asks the service, which is safe
		r.e.o.Log.Error("rows that were not sent stay marked as being sent", "rows", len(ours), "error", err)
	}
	return why
}

// answers are what a service said, by id. Of an id that it answers twice and differently, nothing is known.
type answers struct {
	by    map[string]RowAnswer
	twice map[string]bool
}

func answersOf(a Answer) answers {
	out := answers{by: make(map[string]RowAnswer, len(a.Rows)), twice: map[string]bool{}}
	for _, row := range a.Rows {
		id := strings.TrimSpace(row.ID)
		if first, again := out.by[id]; again && (first.Code != row.Code || first.Queued != row.Queued) {
			out.twice[id] = true
		}
		out.by[id] = row
	}
	return out
}

// settle is the entry after an answer.
func (a answers) settle(e Entry, whole Answer, now time.Time) Entry {
	row, ok := a.by[e.ID]
	later := whole.Queued || row.Queued
	switch {
	case a.twice[e.ID]:
		e.BatchID = whole.BatchID
		return doubted(e, "the service answered twice and differently about this id", now)
	case ok && !row.Queued && row.Code != "" && (!whole.Queued || row.Code != codeOK): // "valid and queued" is not filed yet
		return answered(e, row, whole.BatchID, now)
	case later && whole.BatchID != "":
		return waiting(e, whole.BatchID)
	case later:
		return doubted(e, "the service queued it without saying in which batch, so its result cannot be asked for", now)
	}
	e.BatchID = whole.BatchID
	return doubted(e, "the answer says nothing about this id", now)
}

// take journals an answer.
func (r *run) take(ctx context.Context, ours []item, whole Answer) error {
	a := answersOf(whole)
	r.report.Sent += len(ours)
	asked := 0
	for _, it := range ours {
		if _, ok := a.by[it.id]; ok {
			asked++
		}
	}
	r.report.Strays += len(a.by) - asked
	return r.journal(ctx, ours, "", func(_ item, e Entry) Entry { return a.settle(e, whole, r.e.o.Now()) })
}

// journal writes what became of sent rows, also while the run is being stopped, and counts it.
func (r *run) journal(ctx context.Context, ours []item, as Outcome, next func(it item, e Entry) Entry) error {
	byID := make(map[string]item, len(ours))
	for _, it := range ours {
		byID[it.id] = it
	}
	became := make(map[string]Outcome, len(ours))
	batches := map[string]int{}
	change := func(id string, prev Entry, known bool) (Entry, bool) {
		it := byID[id]
		if !known || prev.Hash != it.hash || !r.ours(prev) {
			became[id] = Outcome(Unknown)
			return prev, false
		}
		e := next(it, prev)
		became[id] = outcomeOf(it.hash, e)
		if e.State == Queued {
			batches[e.BatchID]++
		}
		return e, true
	}
	err := r.record(ctx, idsOf(ours), change, func() { clear(became); clear(batches) })
	if err != nil {
		return fmt.Errorf("%w: %d rows were sent, and what became of them could not be journaled: %w; free some disk space and run it again, InsCipher knows what it has",
			ErrJournal, len(ours), err)
	}
	for batch, n := range batches {
		r.queued[batch] += n
	}
	for _, outcome := range became {
		from := Outcome("")
		if r.resume {
			from = Outcome(Unknown)
		}
		r.tally(from, outcome, 1)
	}
	r.progress.Sent = r.report.Sent
	r.e.o.Log.Info("filings journaled", "rows", len(ours), "as", as)
	r.tell()
	return nil
}

// ours reports whether an entry is still the one that this run sent: another process may have taken the run for dead, and
// then a trustworthy answer still counts.
func (r *run) ours(e Entry) bool {
	return e.State == Sending && e.Holder == r.e.o.Instance || e.State == Unknown
}

// record offers an outcome to the ledger several times before it gives up.
func (r *run) record(ctx context.Context, ids []string, change Change, reset func()) error {
	var err error
	for try := range journalTry {
		reset()
		own, cancel := context.WithTimeout(context.WithoutCancel(ctx), journalTime)
		err = r.e.o.Ledger.Update(own, ids, change)
		cancel()
		if err == nil {
			return nil
		}
		r.e.o.Log.Error("outcome of filings not journaled", "rows", len(ids), "try", try+1, "error", err)
		if r.e.o.Wait(ctx, time.Duration(1<<try)*100*time.Millisecond) != nil {
			break
		}
	}
	return err
}
