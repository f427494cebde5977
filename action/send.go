package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
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

// Send implements outbox.Sender. An effect that the feed does not tell of is looked for before it is sent a second time.
func (r *Registry) Send(ctx context.Context, e outbox.Entry) outbox.Outcome {
	a, ok := r.Get(e.Action)
	if !ok {
		return rejected(outbox.Problem{NotSent: true, Message: fmt.Sprintf("this claimdeck does not know the action %q: it may be older than the one that wrote it", e.Action)})
	}
	v, err := DecodeInput(e.Input)
	if err != nil {
		return rejected(outbox.Problem{NotSent: true, Message: err.Error()})
	}
	if e.Attempts > 1 && a.seen != nil {
		switch there, err := a.seen(ctx, e, v); {
		case err != nil:
			return rejected(outbox.Problem{NotSent: true, Message: fmt.Sprintf("not sent again: whether it was done before cannot be seen now: %v", err)})
		case there:
			return outbox.Outcome{State: outbox.Accepted} // an earlier attempt did it
		}
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
	if d, ok := errors.AsType[*declined](err); ok {
		return rejected(outbox.Problem{Message: d.words})
	}
	if d, ok := errors.AsType[*inDoubt](err); ok {
		return unknown(outbox.Problem{Message: d.cause.Message, Status: d.cause.Status})
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
		p.Message = fmt.Sprintf("%s failed (%d: %s)", a.System, e.Status, e.Message)
		if a.doubt != "" {
			p.Message += "; " + a.doubt
		}
	}
	return unknown(p)
}

// fieldsOf gives the service's words to the fields they are about. The path may go deeper than a field, as in
// "types.0", or name a group of fields, as "sentTo" does; words about anything else are in the message only.
func fieldsOf(a Action, e *api.Error) map[string]string {
	var fields map[string]string
	for _, f := range e.Fields {
		name := fieldAt(a, f.Path)
		if name == "" {
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

// fieldAt returns the name of the field that a path of the body belongs to; empty when there is none.
func fieldAt(a Action, path string) string {
	head, _, _ := strings.Cut(path, ".")
	for _, fits := range [...]func(name string) bool{
		func(name string) bool { return name == path },
		func(name string) bool { return name == head },
		func(name string) bool { return strings.HasPrefix(name, head+".") },
	} {
		if i := slices.IndexFunc(a.Fields, func(f Field) bool { return fits(f.Name) }); i >= 0 {
			return a.Fields[i].Name
		}
	}
	return ""
}

func rejected(p outbox.Problem) outbox.Outcome {
	return outbox.Outcome{State: outbox.Rejected, Problem: &p}
}

func unknown(p outbox.Problem) outbox.Outcome {
	return outbox.Outcome{State: outbox.Unknown, Problem: &p}
}

// Recheck implements outbox.Sender: it reads what happened to the claim since the entry was made. What a write does
// shows in the feed, as a rule; of what goes to another system it tells nothing. A claim that may have been created is searched for by its number and VIN first; what is
// about no claim at all only Seen can tell.
func (r *Registry) Recheck(ctx context.Context, e outbox.Entry) error {
	ids := []string{ClaimIDOf(e)}
	a, ok := r.Get(e.Action)
	if ok && !a.ToldByFeed() {
		return nil
	}
	if ok && a.NoClaim && ids[0] == "" {
		var err error
		if ids, err = r.created(ctx, e); err != nil {
			return err
		}
	} else if ids[0] == "" {
		return errors.New("the entry names no claim to look at")
	}
	for _, id := range ids {
		if err := r.deps.Backfill(ctx, id, e.CreatedAt.Add(-recheckMargin)); err != nil {
			return err
		}
	}
	return nil
}

// created returns the claims of the service that e may have created. Both searches are made, as it is not documented
// what giving both at once means.
func (r *Registry) created(ctx context.Context, e outbox.Entry) ([]string, error) {
	v, err := DecodeInput(e.Input)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, by := range [...]lossexpress.ClaimSearch{{ClaimNumber: v.first("claimNumber")}, {VIN: v.first("vin")}} {
		if by == (lossexpress.ClaimSearch{}) {
			continue
		}
		rows, _, err := r.deps.Client.SearchClaims(ctx, by)
		if err != nil {
			return nil, err
		}
		for _, c := range rows {
			if c.ClaimID != "" && !slices.Contains(ids, c.ClaimID) {
				ids = append(ids, c.ClaimID)
			}
		}
	}
	return ids, nil
}

// Seen asks the service for an effect of e that the feed does not tell of: a document of an order kind, the changes of a
// claim that has been quiet for two weeks, and the webhook. False also for every other action.
func (r *Registry) Seen(ctx context.Context, e outbox.Entry) (bool, error) {
	a, ok := r.Get(e.Action)
	if !ok || a.seen == nil {
		return false, nil
	}
	v, err := DecodeInput(e.Input)
	if err != nil {
		return false, err
	}
	return a.seen(ctx, e, v)
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
