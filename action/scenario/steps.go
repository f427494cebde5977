package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"claimdeck/action"
	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

var (
	claimType  = reflect.TypeFor[lossexpress.NewClaim]()
	changeType = reflect.TypeFor[lossexpress.ClaimChange]()
)

// claimWithin is how long a claim may take to show what a step wants.
const claimWithin = 10 * time.Second

// refusedError is a step that was refused, by the service or before it was sent.
type refusedError struct {
	status  int // 0: it was not sent
	message string
}

func (e *refusedError) Error() string {
	if e.status == 0 {
		return "refused before it was sent: " + e.message
	}
	return fmt.Sprintf("refused (%d): %s", e.status, e.message)
}

// do takes one step. It returns what came of it in words.
func (r *Run) do(ctx context.Context, st Step, res *StepResult) (string, error) {
	st, err := r.prepared(ctx, st)
	if err != nil {
		return "", err
	}
	switch st.Kind {
	case Wait:
		return r.wait(ctx, st, res)
	case Delivered:
		return r.delivered(ctx, st, res)
	case Expect:
		return r.expect(ctx, st)
	default:
		return r.bringAbout(ctx, st)
	}
}

// bringAbout does a step that makes something happen, and looks at the answer.
func (r *Run) bringAbout(ctx context.Context, st Step) (string, error) {
	if r.watch != nil {
		if err := r.watch.settle(ctx, r.s); err != nil {
			return "", err
		}
	}
	raw, words, err := r.perform(ctx, st)
	if st.Refused != nil {
		return st.Refused.judge(err)
	}
	if err != nil {
		return "", refusalOf(err)
	}
	if err := r.learn(st, raw); err != nil {
		return "", err
	}
	return words, nil
}

// perform does what a step of a causing kind says, and returns the answer.
func (r *Run) perform(ctx context.Context, st Step) (json.RawMessage, string, error) {
	switch st.Kind {
	case Create:
		return r.create(ctx, st)
	case Trigger:
		raw, err := r.trigger(ctx, st)
		return raw, "", err
	case Act:
		return r.act(ctx, st)
	case Upload:
		raw, err := callUpload(ctx, r, given{"description": st.What})
		if err == nil {
			r.countFrom("document", "documentUrl", raw)
		}
		return raw, "", err
	default:
		c, ok := callOf(st.What)
		if !ok {
			return nil, "", fmt.Errorf("there is no call %q", st.What)
		}
		raw, err := c.do(ctx, r, st.With)
		if err == nil {
			r.countFrom("order", "orders[*].orderId", raw)
			r.countFrom("document", "documentUrl", raw)
		}
		return raw, "", err
	}
}

func (r *Run) countFrom(kind, path string, raw json.RawMessage) {
	if doc, err := readDocument(raw); err == nil {
		r.count(kind, doc.at(path))
	}
}

// create creates a claim from the template, the studio's fields and the step's, and goes on with it.
func (r *Run) create(ctx context.Context, st Step) (json.RawMessage, string, error) {
	fields := template(r, st.What)
	maps.Copy(fields, r.s.o.Fields)
	maps.Copy(fields, st.With)
	var body lossexpress.NewClaim
	if err := shape(fields, &body); err != nil {
		return nil, "", err
	}
	id, m, err := r.s.o.Client.CreateClaim(ctx, body)
	if err != nil {
		return nil, "", err
	}
	r.goOn(Created{ClaimID: id, Number: body.ClaimNumber, VIN: body.VIN})
	r.remember(ctx, Fired{At: r.s.o.Now(), ClaimID: id, Number: body.ClaimNumber, VIN: body.VIN})
	return m.Body, "created " + body.ClaimNumber, nil
}

// goOn makes a claim that was just created the one of the run.
func (r *Run) goOn(c Created) {
	r.claims++
	r.created = append(r.created, c)
	r.take(c)
	r.watch = newWatch(c.ClaimID, false)
}

func (r *Run) trigger(ctx context.Context, st Step) (json.RawMessage, error) {
	kind := st.What
	if e, ok := FindTrigger(kind); ok {
		kind = string(e.Activity)
	}
	m, err := r.s.o.Client.TriggerActivity(ctx, r.vars[varClaim], kind)
	if err == nil {
		r.remember(ctx, Fired{At: r.s.o.Now(), ClaimID: r.on.ClaimID, Number: r.on.Number, Trigger: kind})
	}
	return m.Body, err
}

// act does what a person does with the action: it is prepared with all its checks, and sent by the registry.
func (r *Run) act(ctx context.Context, st Step) (json.RawMessage, string, error) {
	reg := r.s.o.Actions
	if reg == nil {
		return nil, "", &unfit{"actions are not available here"}
	}
	a, ok := reg.Get(st.What)
	if !ok {
		return nil, "", fmt.Errorf("this claimdeck has no action %q", st.What)
	}
	subject := action.Subject{Now: r.s.o.Now()}
	if !a.NoClaim {
		var err error
		if subject, err = r.subject(ctx); err != nil {
			return nil, "", err
		}
	}
	p, err := reg.Prepare(ctx, a, subject, valuesOf(st.With))
	if err != nil {
		return nil, "", err
	}
	if len(p.Problems) > 0 {
		var words []string
		for _, name := range slices.Sorted(maps.Keys(p.Problems)) {
			words = append(words, p.Problems[name])
		}
		return nil, "", &refusedError{message: strings.Join(words, "; ")}
	}
	var raw json.RawMessage
	for _, d := range p.Drafts {
		if raw, err = r.send(ctx, a, d); err != nil {
			return nil, "", err
		}
	}
	return raw, p.Draft.Title, nil
}

// send sends one write as the outbox does, and takes what came of it.
func (r *Run) send(ctx context.Context, a action.Action, d outbox.Draft) (json.RawMessage, error) {
	e := outbox.Entry{
		ID: r.vars[varRun], Action: d.Action, ClaimID: d.ClaimID, ClaimNumber: d.ClaimNumber, Title: d.Title, Input: d.Input,
		Origin: outbox.FromCLI, State: outbox.Sending, CreatedAt: r.s.o.Now(), SentAt: r.s.o.Now(), Attempts: 1,
	}
	out := r.s.o.Actions.Send(ctx, e)
	problem := outbox.Problem{Message: "no reason was given"}
	if out.Problem != nil {
		problem = *out.Problem
	}
	switch out.State {
	case outbox.Accepted:
	case outbox.Rejected:
		return nil, &refusedError{status: problem.Status, message: problem.Message}
	default:
		return nil, fmt.Errorf("sent, but its outcome is not known: %s", problem.Message)
	}
	e.Answer = out.Answer
	if id := action.ClaimIDOf(e); a.NoClaim && id != "" {
		r.goOn(Created{ClaimID: id, Number: d.ClaimNumber})
	}
	r.countFrom("order", "orders[*].orderId", out.Answer)
	r.countFrom("document", "documentUrl", out.Answer)
	return out.Answer, nil
}

// subject is the run's claim as the registry knows it after reading it from the service.
func (r *Run) subject(ctx context.Context) (action.Subject, error) {
	id := r.vars[varClaim]
	if id == "" {
		return action.Subject{}, errors.New("there is no claim yet: a scenario creates one first")
	}
	if r.s.o.Refresh != nil {
		if err := r.s.o.Refresh(ctx, id); err != nil {
			return action.Subject{}, fmt.Errorf("the claim cannot be read: %w", err)
		}
	}
	c, err := r.s.o.Actions.Load(ctx, id)
	if err != nil {
		return action.Subject{}, err
	}
	if c.Number == "" {
		c.Number = r.vars[varNumber]
	}
	return action.Subject{Claim: c, Now: r.s.o.Now()}, nil
}

func valuesOf(with map[string]any) action.Values {
	v := action.Values{}
	for name := range with {
		v[name] = given(with).texts(name)
	}
	return v
}

// wait waits for an activity that no step before has taken.
func (r *Run) wait(ctx context.Context, st Step, res *StepResult) (string, error) {
	if r.watch == nil {
		return "", errors.New("there is no claim to watch: a scenario creates one first")
	}
	a, err := r.watch.await(ctx, r.s, st, r.within(st, r.s.o.Within))
	if err != nil {
		return "", err
	}
	res.Activity, res.After = &a.Activity, max(a.seen.Sub(r.cause), 0)
	doc, err := readDocument(a.Raw)
	if err != nil {
		return "", err
	}
	return a.Summary(), r.keep(st, doc)
}

func (r *Run) within(st Step, otherwise time.Duration) time.Duration {
	if st.Within > 0 {
		return st.Within
	}
	return otherwise
}

// expect waits until the claim has what the step wants.
func (r *Run) expect(ctx context.Context, st Step) (string, error) {
	limit := r.within(st, min(claimWithin, r.s.o.Within))
	lacks := ""
	err := r.s.until(ctx, limit, func() (bool, error) {
		c, _, err := r.s.o.Client.Claim(ctx, r.vars[varClaim])
		if err != nil {
			lacks = err.Error()
			return false, final(err)
		}
		doc, err := readDocument(c.Raw)
		if err != nil {
			return false, err
		}
		if lacks = doc.lacks(st); lacks != "" {
			return false, nil
		}
		return true, r.keep(st, doc)
	})
	if errors.Is(err, errLate) {
		return "", fmt.Errorf("%s, also after %s", lacks, Seconds(limit))
	}
	return "", err
}

// judge says whether a step was refused as it has to be.
func (want Refusal) judge(err error) (string, error) {
	if err == nil {
		return "", errors.New("it was accepted, but it has to be refused")
	}
	if _, ok := errors.AsType[*unfit](err); ok {
		return "", err
	}
	got, ok := errors.AsType[*refusedError](refusalOf(err))
	switch {
	case !ok:
		return "", err
	case got.status != want.Status:
		return "", fmt.Errorf("%w; status %d was expected", got, want.Status)
	case !strings.Contains(got.message, want.Text):
		return "", fmt.Errorf("%w; %q was expected", got, want.Text)
	}
	return got.message, nil
}

// refusalOf names a refusal as one; any other error stays what it is.
func refusalOf(err error) error {
	e, ok := api.AsError(err)
	switch {
	case ok && e.Refused():
		return &refusedError{status: e.Status, message: e.Message}
	case ok && e.NotSent() && errors.Is(e, api.ErrInvalid):
		return &refusedError{message: e.Message}
	}
	return err
}

// final returns err when asking again cannot help.
func final(err error) error {
	if e, ok := api.AsError(err); ok && !e.Refused() {
		return nil
	}
	return err
}

// arrival is an activity and when it was seen here.
type arrival struct {
	activity.Activity
	seen  time.Time
	taken bool
}
