package tui

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action"
	"claimdeck/state/outbox"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/form"
)

// submitted are the writes in the outbox, or why they are not there.
type submitted struct {
	entries  []outbox.Entry
	of       int // how many there should be
	problems map[string]string
	warnings []string // to be read before they are sent
}

// drafted is the end of keeping or dropping a draft.
type drafted struct{}

// submit puts the writes of a form into the outbox. What should be read before is shown once; submitting again is the
// answer.
func (a *App) submit(box *formBox, v form.Values) tea.Cmd {
	box.gen++ // no draft is kept of what is sent
	a.env.Tasks.Cancel(frame, taskDraft)
	o, read := *box.act, slices.Clone(box.read)
	return screen.Start(a.env.Tasks, frame, taskSubmit, func(ctx context.Context) (submitted, error) {
		o.on.Now = a.env.Now()
		p, err := a.env.Actions.Prepare(ctx, o.act, o.on, action.Values(v))
		if err != nil || len(p.Problems) > 0 {
			return submitted{problems: p.Problems}, err
		}
		if fresh := unread(o, p.Warnings, read); len(fresh) > 0 {
			return submitted{warnings: fresh}, nil
		}
		return a.queue(ctx, o, p)
	})
}

// unread are the warnings that the person has not seen: the form opens with what a preflight says.
func unread(o opened, warnings, read []string) []string {
	if o.act.Preflight != nil {
		read = append(read, o.act.Preflight(o.on).Reason)
	}
	return slices.DeleteFunc(slices.Clone(warnings), func(w string) bool { return slices.Contains(read, w) })
}

// queue puts each write of a form into the outbox, and forgets the draft.
func (a *App) queue(ctx context.Context, o opened, p action.Prepared) (submitted, error) {
	done := submitted{of: len(p.Drafts)}
	for _, d := range p.Drafts {
		d.Origin = outbox.FromConsole
		e, err := a.env.Box.Submit(ctx, d)
		if err != nil {
			return done, err
		}
		done.entries = append(done.entries, e)
	}
	if err := a.env.Store.DropDraft(ctx, o.act.ID, o.on.Claim.ID); err != nil {
		a.env.Log.Warn("draft not dropped", "error", err)
	}
	return done, nil
}

func (a *App) tookSubmitted(msg screen.Result[submitted]) tea.Cmd {
	box, ok := a.overlay.(*formBox)
	done := msg.Value
	switch {
	case len(done.entries) > 0:
	case msg.Err != nil && ok:
		box.SetError(msg.Err.Error(), done.problems)
		return nil
	case msg.Err != nil:
		return a.failed("Not sent", msg.Err)
	case len(done.problems) > 0 && ok:
		whole := done.problems[""]
		delete(done.problems, "")
		box.SetError(sentence(whole), done.problems)
		return nil
	case len(done.warnings) > 0 && ok:
		box.read = append(box.read, done.warnings...)
		box.Warn(sentences(done.warnings))
		return nil
	case len(done.entries) == 0: // the form was closed meanwhile
		return nil
	}
	a.close()
	last := done.entries[len(done.entries)-1]
	a.watch = watch{id: last.ID, state: last.State, tries: last.Attempts, system: a.systemOf(last)}
	if msg.Err != nil {
		return tea.Batch(a.readPending(), a.failed(fmt.Sprintf("%d of %d are on their way, the rest is not", len(done.entries), done.of), msg.Err))
	}
	return a.readPending()
}

func sentences(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = sentence(s)
	}
	return out
}

// draftAfter is how long typing must rest before a draft is kept.
const draftAfter = 700 * time.Millisecond

// tickDraft is the moment to keep a draft.
const tickDraft = "draft"

// draftSoon keeps what is typed once the person pauses, so that a crash loses no more than that.
func (b *formBox) draftSoon() tea.Cmd {
	if b.act == nil || b.act.entry.ID != "" || b.Busy() {
		return nil
	}
	now := b.Values()
	if sameValues(now, b.kept) {
		return nil
	}
	b.kept = now
	b.gen++
	t := screen.Tick{To: frame, Name: tickDraft, Gen: b.gen}
	return tea.Tick(draftAfter, func(time.Time) tea.Msg { return t })
}

// draftNow keeps what is typed, unless something was typed since the tick was set, or the form was sent.
func (a *App) draftNow(t screen.Tick) tea.Cmd {
	box, ok := a.overlay.(*formBox)
	if !ok || box.act == nil || box.gen != t.Gen || box.Busy() {
		return nil
	}
	return a.keepDraft(*box.act, box.Values())
}

// keepDraft keeps what a person typed into a form, and forgets the draft once there is nothing of theirs in it.
func (a *App) keepDraft(o opened, v form.Values) tea.Cmd {
	if o.entry.ID != "" {
		return nil
	}
	own := typed(o.initial, v)
	return screen.Start(a.env.Tasks, frame, taskDraft, func(ctx context.Context) (drafted, error) {
		if len(own) == 0 {
			return drafted{}, a.env.Store.DropDraft(ctx, o.act.ID, o.on.Claim.ID)
		}
		data, err := json.Marshal(own)
		if err != nil {
			return drafted{}, err
		}
		return drafted{}, a.env.Store.SaveDraft(ctx, o.act.ID, o.on.Claim.ID, data)
	})
}

func sameValues(a, b form.Values) bool {
	if len(a) != len(b) {
		return false
	}
	for name, values := range a {
		if !slices.Equal(values, b[name]) {
			return false
		}
	}
	return true
}

// created is a claim that was created and read back.
type created struct{ id string }

// readCreated reads a claim that was just created, so that its write is confirmed and the claim is in the lists at once.
func (a *App) readCreated(e outbox.Entry) tea.Cmd {
	id := action.ClaimIDOf(e)
	if e.ClaimID != "" || id == "" {
		return nil
	}
	return screen.Start(a.env.Tasks, frame, taskCreated, func(ctx context.Context) (created, error) {
		if err := a.env.Open(ctx, id); err != nil {
			return created{}, err
		}
		a.env.Box.Observe(ctx, nil)
		return created{id}, nil
	})
}

func (a *App) tookCreated(msg screen.Result[created]) tea.Cmd {
	if msg.Err != nil {
		return a.failed("The new claim was created, and could not be read back yet", msg.Err)
	}
	return a.current().Refresh()
}
