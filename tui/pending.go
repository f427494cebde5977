package tui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action"
	"claimdeck/keymap"
	"claimdeck/state/outbox"
	"claimdeck/tui/screen"
)

// frame owns the tasks and ticks of the frame itself.
const frame screen.ID = "frame"

// The tasks and ticks of the frame.
const (
	taskPending = "pending"
	taskUndo    = "undo"
	taskSetting = "setting"
	tickHold    = "hold"
)

// pending are the writes that are not settled, newest first.
type pending struct {
	entries []outbox.Entry
	gen     uint64 // of the countdown's tick
}

// watch is the write that the person sent last: the footer tells its story.
type watch struct {
	id    string
	state outbox.State
	tries int

	system string // that it goes to
}

// unsettled is one read of the outbox.
type unsettled struct {
	entries []outbox.Entry
	watched outbox.Entry
}

// readPending reads what is held, being sent or in doubt, and the write that is watched.
func (a *App) readPending() tea.Cmd {
	id := a.watch.id
	return screen.Start(a.env.Tasks, frame, taskPending, func(ctx context.Context) (unsettled, error) {
		open, err := a.env.Store.Entries(ctx, 0, outbox.Held, outbox.Sending, outbox.Unknown)
		if err != nil || id == "" {
			return unsettled{entries: open}, err
		}
		e, err := a.env.Store.Entry(ctx, id)
		return unsettled{entries: open, watched: e}, err
	})
}

// tookPending shows what changed about the watched write, and keeps the countdown going.
func (a *App) tookPending(u unsettled) tea.Cmd {
	a.pending.entries = u.entries
	cmds := []tea.Cmd{a.countdown()}
	if e := u.watched; e.ID != "" && e.ID == a.watch.id && (e.State != a.watch.state || e.Attempts != a.watch.tries) {
		a.watch.state, a.watch.tries = e.State, e.Attempts
		cmds = append(cmds, a.tell(e))
	}
	return tea.Batch(cmds...)
}

// tell says in the footer what became of the write that was sent last. A refusal opens its form again.
func (a *App) tell(e outbox.Entry) tea.Cmd {
	key := a.env.Keys.Hint
	switch e.State {
	case outbox.Accepted:
		if a.toldByFeed(e) {
			a.env.Feed.Hurry(30 * time.Second)
		}
		return a.readCreated(e)
	case outbox.Confirmed:
		a.watch = watch{}
		return a.say(screen.Good, a.confirmed(e))
	case outbox.Rejected:
		a.watch = watch{}
		words := "Not done: " + e.Title
		if e.Problem != nil {
			words = "Not done: " + strings.TrimSuffix(e.Problem.Message, ".") + " (" + e.Title + ")"
		}
		cmds := []tea.Cmd{a.say(screen.Bad, words)}
		if a.overlay == nil && a.filter == nil {
			on := screen.Subject{ClaimID: e.ClaimID, Number: e.ClaimNumber}
			cmds = append(cmds, a.act(e.Action, on, e.ID, true))
		}
		return tea.Batch(cmds...)
	case outbox.Unknown:
		return a.say(screen.Warn, "Sent, but no answer came: "+key(keymap.ScreenOutbox)+" shows it in the outbox. "+a.doubtful(e))
	default:
	}
	return nil
}

// after says how long a write took from being sent to being seen.
func after(e outbox.Entry) string {
	took := e.SettledAt.Sub(e.SentAt).Seconds()
	if e.SentAt.IsZero() || took < 0.05 {
		return ""
	}
	return fmt.Sprintf(" after %.1f s", took)
}

// held is the newest write that can still be undone.
func (a *App) held() (outbox.Entry, bool) {
	for _, e := range a.pending.entries {
		if e.State == outbox.Held {
			return e, true
		}
	}
	return outbox.Entry{}, false
}

// countdown ticks once a second while something is held, and not otherwise.
func (a *App) countdown() tea.Cmd {
	if _, ok := a.held(); !ok {
		return nil
	}
	a.pending.gen++
	t := screen.Tick{To: frame, Name: tickHold, Gen: a.pending.gen}
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return t })
}

func (a *App) ticked(t screen.Tick) tea.Cmd {
	if t.Name == tickDraft {
		return a.draftNow(t)
	}
	if t.Name == tickHold && t.Gen == a.pending.gen {
		return a.countdown()
	}
	return nil
}

// undo takes back the newest write that is still held.
func (a *App) undo() tea.Cmd {
	e, ok := a.held()
	if !ok {
		return a.say(screen.Info, "Nothing waits to be sent, so there is nothing to undo")
	}
	return screen.Start(a.env.Tasks, frame, taskUndo, func(ctx context.Context) (undone, error) {
		now, err := a.env.Box.Undo(ctx, e.ID)
		return undone{now}, err
	})
}

// undone is a write that was taken back.
type undone struct{ entry outbox.Entry }

// remembered is the end of writing a setting.
type remembered struct{}

// remember keeps a small setting for the next start.
func (a *App) remember(name, value string) tea.Cmd {
	return screen.Start(a.env.Tasks, frame, taskSetting, func(ctx context.Context) (remembered, error) {
		return remembered{}, a.env.Store.SetSetting(ctx, name, value)
	})
}

// story is what the footer says about the write in hand; empty when there is none.
func (a *App) story() (words string, key keymap.ID) {
	if e, ok := a.held(); ok {
		left := max(1, int(e.HoldUntil.Sub(a.env.At).Round(time.Second).Seconds()))
		return fmt.Sprintf("Goes out in %d s: %s", left, e.Title), keymap.AppUndo
	}
	switch a.watch.state {
	case outbox.Sending:
		return "Sending", ""
	case outbox.Accepted:
		if a.watch.system != action.LossExpress {
			return "Accepted by " + a.watch.system, ""
		}
		return "Accepted by LossExpress, waiting for the feed to confirm it", ""
	default:
		return "", ""
	}
}
