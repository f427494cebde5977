// Package activity is the live stream: what happened, newest first, with the claim of the selected row.
package activity

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/activity"
	"claimdeck/state/query"
	"claimdeck/state/store"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/claimpane"
	"claimdeck/tui/widget/window"
)

// settleGuard is how long after the stream moved the selection by itself a claim action asks to be pressed again.
const settleGuard = 400 * time.Millisecond

// Screen is the activity stream.
type Screen struct {
	env  *screen.Env
	list *window.Window[store.Row, activity.Key]
	pane *claimpane.Pane

	text    string // the filter as typed
	problem string // why the filter cannot be read
	follow  bool
	frozen  bool
	movedAt time.Time // when the stream last moved the selection
}

// New returns the screen; Refresh fills it.
func New(env *screen.Env) *Screen {
	s := &Screen{env: env, follow: true, pane: claimpane.New(env, screen.Activity)}
	s.list = window.New(env.Tasks, screen.Activity, func(r store.Row) activity.Key { return r.Key }, s.day)
	s.list.SetSource(source(env.Store, query.Filter{}))
	return s
}

// Scopes are those of lists, of the stream, and of a claim to act on.
func (s *Screen) Scopes() []keymap.Scope {
	return []keymap.Scope{"activity", "claim.act", "list"}
}

// Subject is the claim of the selected row.
func (s *Screen) Subject() screen.Subject {
	r, ok := s.list.Selected()
	if !ok {
		return screen.Subject{}
	}
	return screen.Subject{ClaimID: r.ClaimID, Number: r.ClaimNumber}
}

// Offers are what can be done with the selected row.
func (s *Screen) Offers() []keymap.Offer {
	if s.list.Len() == 0 {
		const why = "nothing is selected"
		return []keymap.Offer{
			screen.No(keymap.ListOpen, why), screen.No(keymap.ActivityDetail, why), screen.No(keymap.ActivityJSON, why),
			screen.No(keymap.ActivityNew, "no new activities wait"), screen.Yes(keymap.ActivityFollow),
		}
	}
	offers := []keymap.Offer{screen.Yes(keymap.ListOpen), screen.Yes(keymap.ActivityDetail)}
	offers = append(offers, s.pane.Offers()...)
	offers = append(offers, screen.Yes(keymap.ActivityJSON), screen.Yes(keymap.ActivityFollow))
	if s.list.Waiting > 0 {
		offers = append(offers, screen.Yes(keymap.ActivityNew)) // last: what stands before it need not be drawn again
	}
	return offers
}

// Do performs an action.
func (s *Screen) Do(id keymap.ID) (tea.Cmd, screen.Request, bool) {
	if screen.MoveList(s.list, id) {
		s.follow = false
		return s.moved(s.list.Want()), nil, true
	}
	switch id {
	case keymap.ListTop:
		s.follow = false
		return s.moved(s.list.GoTop()), nil, true
	case keymap.ListBottom:
		s.follow = false
		return s.moved(s.list.GoBottom()), nil, true
	case keymap.ListOpen:
		if on := s.Subject(); on.ClaimID != "" {
			return nil, screen.Navigate{To: screen.Claim, Claim: on}, true
		}
		return nil, nil, true
	case keymap.ActivityNew:
		s.frozen = false
		return s.moved(s.list.GoTop()), nil, true
	case keymap.ActivityFollow:
		return s.toggleFollow()
	case keymap.ActivityFreeze:
		return s.toggleFreeze()
	case keymap.ActivityJSON:
		return s.read(taskRaw), nil, true
	case keymap.ActivityDetail:
		return s.read(taskDetail), nil, true
	}
	return nil, nil, false
}

// Settled reports whether the selection has rested long enough to act on it safely.
func (s *Screen) Settled(now time.Time) bool { return now.Sub(s.movedAt) >= settleGuard }

// moved adds the claim of the selection, which may be another one now.
func (s *Screen) moved(cmd tea.Cmd) tea.Cmd { return tea.Batch(cmd, s.pane.Rest(s.Subject())) }

// Move moves the selection for the claim screen, which steps through this list.
func (s *Screen) Move(n int) (screen.Subject, tea.Cmd) {
	s.follow = false
	from := s.Subject()
	for s.list.Move(n) {
		if s.Subject().ClaimID != from.ClaimID {
			break
		}
	}
	return s.Subject(), s.moved(s.list.Want())
}

func (s *Screen) toggleFollow() (tea.Cmd, screen.Request, bool) {
	s.follow, s.frozen = !s.follow, false
	if !s.follow {
		return nil, screen.Toast{Text: "Stopped following: new activities wait behind a count"}, true
	}
	return s.moved(s.list.GoTop()), screen.Toast{Text: "Following: new activities appear at the top"}, true
}

func (s *Screen) toggleFreeze() (tea.Cmd, screen.Request, bool) {
	s.frozen = !s.frozen
	if s.frozen {
		s.follow = false
		return nil, screen.Toast{Text: "Frozen: the list stays as it is until you press " + s.env.Keys.Hint(keymap.ActivityFreeze)}, true
	}
	return s.Refresh(), screen.Toast{Text: "The list is live again"}, true
}

// Filter is the query as typed.
func (s *Screen) Filter() string { return s.text }

// SetFilter narrows the stream. A query that cannot be read leaves the rows as they are and says why.
func (s *Screen) SetFilter(text string) tea.Cmd {
	s.text = text
	f, err := query.Parse(text, s.env.At)
	if err != nil {
		s.problem = err.Error()
		return nil
	}
	s.problem = ""
	s.list.SetSource(source(s.env.Store, f))
	return tea.Batch(s.list.Top(), s.list.Recount())
}

// FilterNote says what the filter found.
func (s *Screen) FilterNote() string { return screen.FoundNote(s.problem, s.list.Total) }
