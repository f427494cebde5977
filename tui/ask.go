package tui

import (
	"context"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/tui/screen"
	"claimdeck/tui/widget/clip"
	"claimdeck/tui/widget/form"
)

// askBox is a form that a screen asked for.
type askBox struct{ *formBox }

// ask opens the form of a screen.
func (a *App) ask(r screen.Ask) tea.Cmd {
	if r.Writes && a.locked {
		return a.readOnly()
	}
	spec := r.Spec
	spec.Keys, spec.Files = a.env.Keys, a.o.Files
	if r.Browse != nil {
		spec.Files = r.Browse(spec.Files)
	}
	box := &askBox{&formBox{a: a, Form: form.New(spec)}}
	box.submitted = func(v form.Values) tea.Cmd { return a.asked(r.Done(v)) }
	if r.Cancelled != nil {
		box.cancelled = func(v form.Values, _ bool) tea.Cmd { return a.asked(r.Cancelled(v)) }
	}
	a.overlay = box
	return box.Init()
}

// closeAsk closes the form that a screen asked for, if it is still there.
func (a *App) closeAsk() {
	if _, ok := a.overlay.(*askBox); ok {
		a.close()
	}
}

// refuse gives the form that a screen asked for back to the person, or says in the footer what is against it.
func (a *App) refuse(r screen.Refuse) tea.Cmd {
	if box, ok := a.overlay.(*askBox); ok {
		if len(r.Warn) > 0 && r.Message == "" && len(r.Fields) == 0 {
			box.Warn(r.Warn)
		} else {
			box.SetError(r.Message, r.Fields)
		}
		return nil
	}
	words := append([]string{r.Message}, slices.Sorted(maps.Values(r.Fields))...)
	return a.say(screen.Bad, strings.TrimSpace(strings.Join(append(words, r.Warn...), " ")))
}

// copyText puts a text of a screen on the clipboard.
func (a *App) copyText(c screen.Copy) tea.Cmd {
	board := a.env.Clip
	if board == nil {
		board = clip.New(clip.Options{})
	}
	return screen.Start(a.env.Tasks, frame, taskCopy, func(ctx context.Context) (copied, error) {
		outcome, sequence := board.Copy(ctx, c.Text)
		return copied{placed: &placed{what: c.What, outcome: outcome, sequence: sequence}}, nil
	})
}
