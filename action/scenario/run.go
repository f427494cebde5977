package scenario

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"time"

	"claimdeck/action"
	"claimdeck/api/lossexpress"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// ErrProduction is why nothing runs on a production profile.
var ErrProduction = errors.New("this profile is production: scenarios create claims, which cost money and reach real lenders. Choose a sandbox profile with --profile")

// Actions is the registry of what a person can do, as scenarios use it; *action.Registry implements it.
type Actions interface {
	All() []action.Action
	Get(id string) (action.Action, bool)
	Load(ctx context.Context, claimID string) (claim.Claim, error)
	Prepare(ctx context.Context, a action.Action, s action.Subject, v action.Values) (action.Prepared, error)
	Send(ctx context.Context, e outbox.Entry) outbox.Outcome
}

// Options are what a Studio works with. Client, Now and Wait are required.
type Options struct {
	Client   *lossexpress.Client
	ClientID string // of the account: webhook deliveries are signed with it
	// Actions are needed by act steps, and Refresh, which reads a claim from the service to where Actions knows it.
	Actions    Actions
	Refresh    func(ctx context.Context, claimID string) error
	Memory     Memory // remembers what was fired, for a recording; nil: nothing
	Production bool   // nothing runs
	Vendor     bool   // the account is a vendor's: claims need a carrierId
	// Fields replace those of the template of a claim; the fields of a step go before them.
	Fields map[string]any
	Within time.Duration // of a wait that does not say; 0: 30 s
	Now    func() time.Time
	Wait   func(ctx context.Context, d time.Duration) error
	ID     func() string // of a run, unique; nil: random
}

// defaultWithin is how long an activity is waited for.
const defaultWithin = 30 * time.Second

// Studio runs scenarios on one account. It is safe for concurrent use: every run is its own.
type Studio struct{ o Options }

// New returns a studio.
func New(o Options) *Studio {
	if o.Within == 0 {
		o.Within = defaultWithin
	}
	if o.ID == nil {
		o.ID = func() string { return rand.Text()[:8] }
	}
	return &Studio{o: o}
}

// Within is how long an activity is waited for when a step does not say.
func (s *Studio) Within() time.Duration { return s.o.Within }

// Loopback reports whether the service is on this machine, so that it can call a webhook here.
func (s *Studio) Loopback() bool {
	u, err := url.Parse(s.o.Client.Base())
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}

// Run is one run of a scenario, taken step by step: Next until it says that there are no more, then Close. It is not
// safe for concurrent use.
type Run struct {
	s       *Studio
	sc      Scenario
	next    int
	failed  bool
	skip    string // why nothing more is done
	began   time.Time
	cause   time.Time // when the step that later steps wait for was begun
	vars    map[string]string
	counts  map[string]int // of orders and documents
	claims  int            // created so far
	created []Created
	on      Created
	watch   *watch
	hook    *receiver
	dir     string // of generated files
	steps   []StepResult
}

// Begin starts a run of sc, on a claim that is there already or on none. Nothing is asked of the service yet. The error
// is ErrProduction, or a Problem of the scenario.
func (s *Studio) Begin(sc Scenario, on Created) (*Run, error) {
	if s.o.Production {
		return nil, ErrProduction
	}
	if s.o.Actions != nil {
		if err := sc.known(s.o.Actions); err != nil {
			return nil, err
		}
	}
	id := s.o.ID()
	r := &Run{s: s, sc: sc, began: s.o.Now(), vars: map[string]string{varRun: id}, counts: map[string]int{}}
	r.cause = r.began
	if on.ClaimID != "" {
		r.take(on)
		r.watch = newWatch(on.ClaimID, true)
	}
	if sc.Needs == Loopback && !s.Loopback() {
		r.skip = "the service is not on this machine, so it cannot call a webhook here"
	}
	return r, nil
}

// Run runs a whole scenario; each is called after every step and may be nil.
func (s *Studio) Run(ctx context.Context, sc Scenario, on Created, each func(StepResult)) (Result, error) {
	r, err := s.Begin(sc, on)
	if err != nil {
		return Result{}, err
	}
	defer r.Close()
	for {
		step, more := r.Next(ctx)
		if !more {
			return r.Result(), nil
		}
		if each != nil {
			each(step)
		}
	}
}

// Close ends what the run had open: its webhook receiver and its generated files.
func (r *Run) Close() {
	if r.hook != nil {
		r.hook.close()
	}
	if r.dir != "" {
		_ = os.RemoveAll(r.dir) // the system clears its temporary folder
	}
}

// Current is the step that Next takes; false when there are no more.
func (r *Run) Current() (Step, bool) {
	if r.next >= len(r.sc.Steps) {
		return Step{}, false
	}
	return r.sc.Steps[r.next], true
}

// Next takes the next step and says how it ended; false when there are no more. After a failure the steps that are
// left are skipped.
func (r *Run) Next(ctx context.Context) (StepResult, bool) {
	st, ok := r.Current()
	if !ok {
		return StepResult{}, false
	}
	r.next++
	res := StepResult{Line: st.Line, Title: st.Title(), Status: Skipped, Claim: r.on}
	if r.skip == "" {
		began := r.s.o.Now()
		if st.Kind.causes() {
			r.cause = began
		}
		res.Status, res.Words = r.outcome(r.do(ctx, st, &res))
		res.Took = r.s.o.Now().Sub(began)
		res.Claim = r.on
	} else {
		res.Words = r.skip
	}
	r.steps = append(r.steps, res)
	return res, true
}

// unfit is why a step cannot be done here, which is no failure.
type unfit struct{ why string }

func (u *unfit) Error() string { return u.why }

// outcome says what a step came to, and what that means for those after it.
func (r *Run) outcome(words string, err error) (Status, string) {
	if u, ok := errors.AsType[*unfit](err); ok {
		r.skip = u.why
		return Skipped, u.why
	}
	if err != nil {
		r.failed = true
		r.skip = "not done, because a step before it failed"
		return Failed, err.Error()
	}
	return Passed, words
}

// Result is how the run ended so far.
func (r *Run) Result() Result {
	res := Result{
		Name: r.sc.Name, About: r.sc.About, File: r.sc.File, Status: Passed, Began: r.began, Took: r.s.o.Now().Sub(r.began),
		Steps: r.steps, Created: r.created,
	}
	for i, st := range r.steps {
		switch st.Status {
		case Failed:
			res.Status = Failed
			res.Words = fmt.Sprintf("step %d, %s: %s", i+1, st.Title, st.Words)
			return res
		case Skipped:
			if res.Status == Passed {
				res.Status, res.Words = Skipped, st.Words
			}
		case Passed:
		}
	}
	return res
}

// take makes a claim the one that the run is on.
func (r *Run) take(c Created) {
	r.on = c
	r.vars[varClaim], r.vars[varNumber], r.vars[varVIN] = c.ClaimID, c.Number, c.VIN
}

// learn keeps what a step wants kept, and counts orders and documents.
func (r *Run) learn(st Step, raw json.RawMessage) error {
	doc, err := readDocument(raw)
	if err != nil {
		return err
	}
	if lacks := doc.lacks(st); lacks != "" {
		return fmt.Errorf("%s", lacks)
	}
	return r.keep(st, doc)
}

func (r *Run) keep(st Step, doc document) error {
	for _, name := range keptNames(&st) {
		values := doc.at(st.Keep[name])
		if len(values) == 0 {
			return fmt.Errorf("%s is not there, ${%s} was to be kept from it", st.Keep[name], name)
		}
		r.vars[name] = plainText(values[0])
	}
	return nil
}

// count gives the run's next number to every value at a path: ${order.0}, ${order.1} ...
func (r *Run) count(kind string, values []any) {
	for _, v := range values {
		r.vars[fmt.Sprintf("%s.%d", kind, r.counts[kind])] = plainText(v)
		r.counts[kind]++
	}
}
