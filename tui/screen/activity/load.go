package activity

import (
	"bytes"
	"context"

	tea "charm.land/bubbletea/v2"

	"claimdeck/state/activity"
	"claimdeck/state/query"
	"claimdeck/state/store"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/activityview"
	"claimdeck/tui/widget/window"
)

// taskRaw and taskDetail read one activity for showing.
const (
	taskRaw    = "raw"
	taskDetail = "detail"
)

// source reads the activities that match f.
func source(st screen.Store, f query.Filter) window.Source[store.Row] {
	return window.Source[store.Row]{
		Read: func(ctx context.Context, from *store.Row, up bool, limit int) ([]store.Row, error) {
			p := store.Paging{Dir: store.Older, Limit: limit}
			if up {
				p.Dir = store.Newer
			}
			if from != nil {
				at := from.Position()
				p.From = &at
			}
			return st.Activities(ctx, f, p)
		},
		From: func(ctx context.Context, first store.Row, limit int) ([]store.Row, error) {
			at := first.Position()
			at.Key = activity.Key(bytes.Repeat([]byte{0xff}, len(at.Key)))
			return st.Activities(ctx, f, store.Paging{From: &at, Dir: store.Older, Limit: limit})
		},
		Above: func(ctx context.Context, first store.Row) (int, error) {
			return st.CountNewer(ctx, f, first.Position())
		},
		Count: func(ctx context.Context) (int, error) { return st.CountActivities(ctx, f) },
	}
}

// read shows the selected activity: in full, or as the service sent it.
func (s *Screen) read(task string) tea.Cmd {
	r, ok := s.list.Selected()
	if !ok {
		return nil
	}
	return screen.Start(s.env.Tasks, screen.Activity, task, func(ctx context.Context) (activity.Activity, error) {
		return s.env.Store.Activity(ctx, r.Key)
	})
}

// Refresh re-reads what is on screen.
func (s *Screen) Refresh() tea.Cmd {
	switch {
	case s.frozen:
		return s.list.Recount()
	case !s.list.Loaded:
		return tea.Batch(s.list.Top(), s.list.Recount())
	}
	return tea.Batch(s.list.Again(s.follow), s.list.Recount(), s.pane.Reload(s.Subject()))
}

// Update takes the results of reads.
func (s *Screen) Update(msg tea.Msg) (tea.Cmd, screen.Request) {
	if s.list.Update(msg) {
		s.keepUp()
		return s.pane.Rest(s.Subject()), nil
	}
	if msg, ok := msg.(screen.Result[activity.Activity]); ok {
		return nil, activityview.Read(s.env, msg, msg.Name() == taskRaw)
	}
	return s.pane.Update(msg), nil
}

// keepUp shows new rows at the top while following. The selection stays on its row until that would leave the
// screen, then it goes to the newest.
func (s *Screen) keepUp() {
	if s.follow && s.list.HoldsFirst() && !s.list.Reveal() {
		s.list.Move(-s.list.Len())
		s.movedAt = s.env.At
	}
}
