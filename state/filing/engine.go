package filing

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Options configure an Engine. Service, Ledger and Now are required.
type Options struct {
	Service Service
	Ledger  Ledger
	Now     func() time.Time
	Wait    func(ctx context.Context, d time.Duration) error // nil: a timer
	// Instance names this process in Holder; it must differ from every earlier process of the machine. Empty: a random one.
	Instance string
	// Alive reports whether the process of a Holder still runs. Nil: none but this one does.
	Alive func(instance string) bool
	Log   *slog.Logger
	// Timeout bounds one call. 0: two minutes.
	Timeout time.Duration
	// Grace is how long a chunk under way may take to its end once the run was cancelled; then it is cut off and in doubt.
	// 0: ten seconds.
	Grace time.Duration
}

// Engine submits rows and asks for results. One process has one Engine; its methods may be called from any goroutine.
type Engine struct {
	o       Options
	running sync.Mutex
}

// NewEngine returns an Engine. Nothing is sent before Submit.
func NewEngine(o Options) *Engine {
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Alive == nil {
		o.Alive = func(string) bool { return false }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Instance = cmp.Or(o.Instance, uuid.NewString())
	o.Timeout = cmp.Or(o.Timeout, 2*time.Minute)
	o.Grace = cmp.Or(o.Grace, 10*time.Second)
	return &Engine{o: o}
}

// wait is the default Options.Wait.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// SubmitOptions say how a source is submitted.
type SubmitOptions struct {
	Chunk    int  // rows a call; 0: 50. The service documents no limit
	Override bool // send rows with errors that may be overridden
	Changed  bool // send rows under whose id different content was sent before
	Partial  bool // send what can be read of a file that cannot be read to its end
	// Resume sends once more, at the end of the run, what the run itself left in doubt. What earlier runs left in doubt is
	// always sent again: the service knows the ids that it has.
	Resume bool
	// Patience is how long to wait for the results of queued batches. 0: 30 minutes, the most the service takes; negative:
	// not at all, Poll asks later.
	Patience time.Duration
	// Progress is called after every step, from the goroutine of Submit; it must not block.
	Progress func(Progress)
}

// Phase is what a run is doing.
type Phase string

// The phases of a run.
const (
	PhaseRead   Phase = "reading"  // all rows, before the first is sent
	PhaseSend   Phase = "sending"  // the rows that are not done yet
	PhaseWait   Phase = "waiting"  // for a connection, or because the service asked to
	PhaseResume Phase = "resuming" // sends once more what this run left in doubt
	PhasePoll   Phase = "polling"  // asks for the results of queued batches
	PhaseCount  Phase = "counting" // what became of every row
)

// Progress is how far a run is.
type Progress struct {
	Phase  Phase
	Rows   int // of the source
	Seen   int // of them, in this phase
	Sent   int // rows sent in this run
	Counts map[Outcome]int
	Wait   time.Duration // of PhaseWait
}

// Report is what a run came to. The result of each row is asked for apart: Results.
type Report struct {
	Rows      int
	Counts    map[Outcome]int // of all rows of the source, as they stand now
	Sent      int             // rows sent in this run, each counted once a time
	Calls     int             // chunks that went out
	Strays    int             // answers about ids that were not asked about
	Files     []FileSummary
	StartedAt time.Time
	EndedAt   time.Time
}

// Failed returns how many rows need a person.
func (r Report) Failed() int {
	n := 0
	for outcome, count := range r.Counts {
		if outcome.Failed() {
			n += count
		}
	}
	return n
}

// defaultChunk is how many rows go out at once.
const defaultChunk = 50

// Recover turns what a dead process was sending into what it is: unknown. Submit and Poll begin with it; a program that
// only shows the ledger calls it first.
func (e *Engine) Recover(ctx context.Context) error { return e.recover(ctx, e.sends) }

func (e *Engine) recover(ctx context.Context, sends func(holder string) bool) error {
	var ids []string
	flush := func() error {
		if len(ids) == 0 {
			return nil
		}
		list := ids
		ids = nil
		return e.o.Ledger.Update(ctx, list, func(_ string, prev Entry, known bool) (Entry, bool) {
			if !known || prev.State != Sending || sends(prev.Holder) {
				return prev, false
			}
			return orphaned(prev, e.o.Now()), true
		})
	}
	for entry, err := range e.o.Ledger.Walk(ctx, Query{State: Sending}) {
		if err != nil {
			return fmt.Errorf("read the ledger of filings: %w", err)
		}
		if sends(entry.Holder) {
			continue
		}
		if ids = append(ids, entry.ID); len(ids) == 200 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// sends reports whether the process of a holder may be sending at this moment.
func (e *Engine) sends(holder string) bool {
	if holder != e.o.Instance {
		return e.o.Alive(holder)
	}
	if !e.running.TryLock() {
		return true // a run of ours is under way
	}
	e.running.Unlock()
	return false
}

// Submit sends the rows of a source that are fit to be sent and not done yet, and returns what became of all of them. An
// error says why the run ended early; nothing is lost by it, and the next run goes on. A run that is cancelled finishes the
// chunk under way.
func (e *Engine) Submit(ctx context.Context, source Source, o SubmitOptions) (Report, error) {
	if !e.running.TryLock() {
		return Report{}, fmt.Errorf("%w: wait for it to end", ErrRunning)
	}
	defer e.running.Unlock()
	r := &run{e: e, o: o, source: source, chunk: cmp.Or(max(o.Chunk, 0), defaultChunk)}
	r.report.StartedAt = e.o.Now()
	r.progress.Counts = map[Outcome]int{}
	err := r.submit(ctx)
	r.count(context.WithoutCancel(ctx))
	r.report.EndedAt = e.o.Now()
	return r.report, err
}

// foreign reports whether another process holds and lives.
func (e *Engine) foreign(holder string) bool { return holder != e.o.Instance && e.o.Alive(holder) }
