package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"claimdeck/api"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// recheckMargin is how far before an entry a recheck begins to read: the service's clock may be behind ours.
const recheckMargin = 5 * time.Minute

// unsent is why a write did not leave this machine.
type unsent struct {
	field string // that it is about; may be empty
	err   error
}

func (u *unsent) Error() string { return u.err.Error() }
func (u *unsent) Unwrap() error { return u.err }

// Send implements outbox.Sender.
func (r *Registry) Send(ctx context.Context, e outbox.Entry) outbox.Outcome {
	a, ok := r.Get(e.Action)
	if !ok {
		return rejected(outbox.Problem{NotSent: true, Message: fmt.Sprintf("this claimdeck does not know the action %q: it may be older than the one that wrote it", e.Action)})
	}
	v, err := DecodeInput(e.Input)
	if err != nil {
		return rejected(outbox.Problem{NotSent: true, Message: err.Error()})
	}
	answer, err := a.Send(ctx, e, v)
	if err != nil {
		return failed(a, err)
	}
	return outbox.Outcome{State: outbox.Accepted, Answer: answer}
}

// failed says what an error of a call means for the write.
func failed(a Action, err error) outbox.Outcome {
	if u, ok := errors.AsType[*unsent](err); ok {
		p := outbox.Problem{NotSent: true, Message: u.Error()}
		if u.field != "" {
			p.Fields = map[string]string{u.field: u.Error()}
		}
		return rejected(p)
	}
	e, ok := api.AsError(err)
	if !ok {
		return unknown(outbox.Problem{Message: err.Error()})
	}
	p := outbox.Problem{Message: e.Message, Status: e.Status, SignIn: errors.Is(e, api.ErrUnauthorized)}
	switch {
	case e.NotSent():
		p.NotSent = true
		p.Message = "not sent: " + e.Message
		return rejected(p)
	case e.Refused():
		p.Fields = fieldsOf(a, e)
		if e.After > 0 {
			p.Message += fmt.Sprintf(" (wait %s)", e.After.Round(time.Second))
		}
		return rejected(p)
	case e.Status >= 500:
		p.Message = fmt.Sprintf("LossExpress failed (%d: %s)", e.Status, e.Message)
	}
	return unknown(p)
}

// fieldsOf gives the service's words to the fields they are about. The path may go deeper than a field, as in
// "types.0"; words about anything else are in the message only.
func fieldsOf(a Action, e *api.Error) map[string]string {
	var fields map[string]string
	for _, f := range e.Fields {
		name, _, _ := strings.Cut(f.Path, ".")
		if !slices.ContainsFunc(a.Fields, func(known Field) bool { return known.Name == name }) {
			continue
		}
		if fields == nil {
			fields = map[string]string{}
		}
		if fields[name] != "" {
			fields[name] += ", "
		}
		fields[name] += f.Message
	}
	return fields
}

func rejected(p outbox.Problem) outbox.Outcome {
	return outbox.Outcome{State: outbox.Rejected, Problem: &p}
}

func unknown(p outbox.Problem) outbox.Outcome {
	return outbox.Outcome{State: outbox.Unknown, Problem: &p}
}

// Recheck implements outbox.Sender: it reads what happened to the claim since the entry was made. What a write does
// shows in the feed alone; the claim object has no orders, requests or counters.
func (r *Registry) Recheck(ctx context.Context, e outbox.Entry) error {
	if e.ClaimID == "" {
		return errors.New("the entry names no claim to look at")
	}
	return r.deps.Backfill(ctx, e.ClaimID, e.CreatedAt.Add(-recheckMargin))
}

// Match implements outbox.Sender.
func (r *Registry) Match(e outbox.Entry, since []activity.Activity) (keys []activity.Key, whole bool) {
	a, ok := r.Get(e.Action)
	if !ok {
		return nil, false
	}
	v, err := DecodeInput(e.Input)
	if err != nil {
		return nil, false
	}
	return a.Match(e, v, since)
}

// each finds one activity for each of n effects, the oldest first; whole is true when every effect has its own.
func each(n int, since []activity.Activity, shows func(effect int, a *activity.Activity) bool) (keys []activity.Key, whole bool) {
	for effect := range n {
		for i := range since {
			if !slices.Contains(keys, since[i].Key) && shows(effect, &since[i]) {
				keys = append(keys, since[i].Key)
				break
			}
		}
	}
	return keys, n > 0 && len(keys) == n
}

// one is each for a single effect.
func one(since []activity.Activity, shows func(a *activity.Activity) bool) (keys []activity.Key, whole bool) {
	return each(1, since, func(_ int, a *activity.Activity) bool { return shows(a) })
}

// preview is a request as it will be sent.
func preview(r api.Request) (Request, error) {
	method, path, body, err := api.Preview(r)
	return Request{Method: method, Path: path, Body: body}, err
}
