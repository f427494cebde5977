package outbox

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Options configure a Box. Journal, Sender and Now are required.
type Options struct {
	Journal Journal
	Sender  Sender
	Now     func() time.Time
	Wait    func(ctx context.Context, d time.Duration) error // nil: a timer
	// Hold is how long a write of the console can be undone before it goes out; 0 sends at once.
	Hold time.Duration
	// Instance names this process in Holder; it must differ from every earlier process of the machine, so it
	// is more than a process number. Empty: a random one.
	Instance string
	// Alive reports whether the process of a Holder still runs. Nil: none but this one does.
	Alive    func(instance string) bool
	Log      *slog.Logger
	OnChange func(Entry) // called after every change this Box made; must not block, nor call the Box
	// Recheck is when to look for the effect of a write in doubt, counted from the end of its attempt. After the
	// last one it is put into a person's hands. Nil: at once, and after 3, 10 and 30 seconds.
	Recheck []time.Duration
	// Timeout bounds one attempt to send, whatever the Sender does; 0: six minutes, which is more than a transport
	// should allow for an upload.
	Timeout time.Duration
	// Lane names the line that an entry stands in: the writes of one line go out one after the other. Nil: those of one
	// claim do.
	Lane func(Entry) string
	// Grace is how late a held write may still go out by itself, such as after a restart. What is found later than
	// that is given back to the person instead: nothing is sent behind their back. 0: two minutes.
	Grace time.Duration
}

// Draft is a write that a person asked for.
type Draft struct {
	Action      string // id of the action
	ClaimID     string
	ClaimNumber string
	Title       string
	Input       json.RawMessage
	Origin      string // "console" or "cli"; the command line never holds
	AtOnce      bool   // it changes nothing that could be taken back, so it is never held
}

// The origins of a draft.
const (
	FromConsole = "console"
	FromCLI     = "cli"
)

// skew is how far the service's clock may run behind ours: an activity that is older than the attempt by more
// cannot be its effect, however late it arrives here.
const skew = 2 * time.Minute

// Box is the engine of the outbox: it journals writes, sends each at most once at a time, and finds out what became
// of those without an answer. Its methods may be called from any goroutine, and several processes may share one
// journal.
type Box struct {
	o    Options
	last time.Duration // the recheck that decides
	wake chan struct{}

	mu      sync.Mutex
	claimed map[string]bool // entries in Sending that this Box took and did not finish
	late    map[string]bool // due entries that wait for another write of their claim
	lanes   map[string]*job // the attempt under way in each
	checks  map[string]*job // by entry: the rechecks under way

	matching sync.Mutex // one confirmation pass at a time: an activity confirms one entry
}

// job is one piece of work under way.
type job struct {
	id   string        // of the entry
	done chan struct{} // closed at its end
}

// New returns a Box. Nothing is sent before Run, Settle or Retry.
func New(o Options) *Box {
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Instance == "" {
		o.Instance = uuid.NewString()
	}
	if o.Alive == nil {
		o.Alive = func(string) bool { return false }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.OnChange == nil {
		o.OnChange = func(Entry) {}
	}
	if o.Lane == nil {
		o.Lane = func(e Entry) string { return cmp.Or(e.ClaimID, e.ID) }
	}
	if len(o.Recheck) == 0 {
		o.Recheck = []time.Duration{0, 3 * time.Second, 10 * time.Second, 30 * time.Second}
	}
	o.Timeout = cmp.Or(o.Timeout, 6*time.Minute)
	o.Grace = cmp.Or(o.Grace, 2*time.Minute)
	return &Box{
		o: o, last: slices.Max(o.Recheck), wake: make(chan struct{}, 1),
		claimed: map[string]bool{}, late: map[string]bool{}, lanes: map[string]*job{}, checks: map[string]*job{},
	}
}

// Submit journals a write and returns its entry: held, or sending when there is nothing to hold. An error means
// that nothing was journaled and nothing will be sent.
func (b *Box) Submit(ctx context.Context, d Draft) (Entry, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Entry{}, fmt.Errorf("%s was not sent: no id for its journal entry: %w", d.Title, err)
	}
	now := b.o.Now()
	e := Entry{
		ID: id.String(), Action: d.Action, ClaimID: d.ClaimID, ClaimNumber: d.ClaimNumber, Title: d.Title,
		Input: d.Input, Origin: d.Origin, State: Held, CreatedAt: now, HoldUntil: now.Add(b.o.Hold), Holder: b.o.Instance,
	}
	if b.o.Hold <= 0 || d.Origin == FromCLI || d.AtOnce {
		e.HoldUntil = now
		seq, err := b.o.Journal.Sequence(ctx)
		if err != nil {
			return Entry{}, notJournaled(d.Title, err)
		}
		e, _ = advance(e, change{step: stepSend, at: now, holder: b.o.Instance, baseline: seq})
		b.claim(e.ID)
	}
	if err := b.o.Journal.Insert(ctx, e); err != nil {
		b.unclaim(e.ID)
		return Entry{}, notJournaled(d.Title, err)
	}
	b.o.Log.Info("write journaled", "entry", e.ID, "action", e.Action, "claim", e.ClaimID, "state", e.State)
	b.o.OnChange(e)
	b.poke()
	return e, nil
}

// Pending returns the writes that are not settled by themselves yet: held, sending or unknown, newest first.
func (b *Box) Pending(ctx context.Context) ([]Entry, error) {
	es, err := b.o.Journal.Entries(ctx, 0, Held, Sending, Unknown)
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	return es, nil
}

// take moves e to Sending and marks it as ours. False: another process was faster.
func (b *Box) take(ctx context.Context, e Entry) (Entry, bool, error) {
	seq, err := b.o.Journal.Sequence(ctx)
	if err != nil {
		return e, false, notJournaled(e.Title, err)
	}
	b.claim(e.ID)
	n, moved, err := b.move(ctx, e, change{step: stepSend, at: b.o.Now(), holder: b.o.Instance, baseline: seq},
		fmt.Sprintf("attempt %d", e.Attempts+1))
	if err != nil || !moved {
		b.unclaim(e.ID)
	}
	if err != nil {
		return e, false, notJournaled(e.Title, err)
	}
	return n, moved, nil
}

// move advances e and journals it, if nobody else moved it first.
func (b *Box) move(ctx context.Context, e Entry, c change, note string) (Entry, bool, error) {
	n, ok := advance(e, c)
	if !ok {
		return e, false, nil
	}
	moved, err := b.o.Journal.Move(ctx, e.State, n, note)
	if err != nil || !moved {
		return e, false, err
	}
	b.o.Log.Info("write moved", "entry", n.ID, "action", n.Action, "claim", n.ClaimID, "from", e.State, "to", n.State)
	b.o.OnChange(n)
	return n, true, nil
}

func (b *Box) load(ctx context.Context, id string) (Entry, error) {
	e, err := b.o.Journal.Entry(ctx, id)
	if err != nil {
		return Entry{}, fmt.Errorf("outbox entry %s: %w", id, err)
	}
	return e, nil
}

func (b *Box) claim(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.claimed[id] = true
	delete(b.late, id)
}

func (b *Box) unclaim(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.claimed, id)
}

func (b *Box) holds(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.claimed[id]
}

// begin reserves the lane of e, as a rule its claim's, so that its writes go out one after the other. It returns our
// job, or the one to wait for.
func (b *Box) begin(e Entry) (mine, busy *job) {
	return b.reserve(b.lanes, b.o.Lane(e), e.ID)
}

func (b *Box) end(e Entry, j *job) { b.release(b.lanes, b.o.Lane(e), j) }

func (b *Box) reserve(jobs map[string]*job, key, id string) (mine, busy *job) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if j := jobs[key]; j != nil {
		return nil, j
	}
	j := &job{id: id, done: make(chan struct{})}
	jobs[key] = j
	return j, nil
}

func (b *Box) release(jobs map[string]*job, key string, j *job) {
	b.mu.Lock()
	delete(jobs, key)
	b.mu.Unlock()
	close(j.done)
	b.poke()
}

// poke lets Run look at the journal again.
func (b *Box) poke() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func notJournaled(title string, err error) error {
	return fmt.Errorf("%s was not sent: it could not be written to the outbox first (%w); free some disk space or check the data folder, then try again", title, err)
}

// wait is the default Options.Wait.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
