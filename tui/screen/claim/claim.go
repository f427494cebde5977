// Package claim is one claim: who and what it is about, the money, the orders, the documents, the story.
package claim

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/claimpane"
	"claimdeck/tui/widget/claimview"
)

// The tasks of this screen.
const (
	taskLoad  = "load"
	taskFetch = "fetch"
)

// Screen is one claim.
type Screen struct {
	env      *screen.Env
	on       screen.Subject
	tab      claimview.Tab
	top      int // first line of the body on screen
	height   int // lines of the body on screen
	claim    claim.Claim
	shown    bool
	failed   error // the store could not be read
	fetching bool
	stale    error // the service could not be asked; what is stored is shown
}

// loaded is the claim as the store knows it.
type loaded struct{ claim claim.Claim }

// fetched is the end of reading claim and history from the service.
type fetched struct{}

// New returns the screen; Open shows a claim.
func New(env *screen.Env) *Screen { return &Screen{env: env} }

// Open shows a claim: at once what is stored, then what the service says now.
func (s *Screen) Open(on screen.Subject) tea.Cmd {
	if on.ClaimID == "" {
		return nil
	}
	if on.ClaimID != s.on.ClaimID {
		s.tab, s.top, s.shown, s.stale = claimview.Overview, 0, false, nil
	}
	s.on = on
	return tea.Batch(s.load(), s.fetch())
}

func (s *Screen) load() tea.Cmd {
	id := s.on.ClaimID
	return screen.Start(s.env.Tasks, screen.Claim, taskLoad, func(ctx context.Context) (loaded, error) {
		c, err := s.env.Actions.Load(ctx, id)
		return loaded{c}, err
	})
}

func (s *Screen) fetch() tea.Cmd {
	id := s.on.ClaimID
	s.fetching = true
	return screen.Start(s.env.Tasks, screen.Claim, taskFetch, func(ctx context.Context) (fetched, error) {
		return fetched{}, s.env.Open(ctx, id)
	})
}

// Scopes are those of a claim, and of lists for scrolling.
func (s *Screen) Scopes() []keymap.Scope {
	return []keymap.Scope{keymap.ScopeClaim, keymap.ScopeClaimAct, keymap.ScopeList}
}

// Subject is the claim on screen.
func (s *Screen) Subject() screen.Subject { return s.on }

// Offers are what can be done with the claim.
func (s *Screen) Offers() []keymap.Offer {
	var out []keymap.Offer
	if s.shown {
		out = screen.ClaimOffers(s.env, s.claim)
	}
	return append(out, screen.Yes(keymap.ClaimTabNext), screen.Yes(keymap.ClaimNext), screen.Yes(keymap.ClaimPrev),
		screen.Yes(keymap.AppReveal), screen.Yes(keymap.ClaimRefresh))
}

// Do performs an action.
func (s *Screen) Do(id keymap.ID) (tea.Cmd, screen.Request, bool) {
	switch id {
	case keymap.ClaimTabNext:
		s.turn(1)
	case keymap.ClaimTabPrev:
		s.turn(-1)
	case keymap.ClaimNext:
		return nil, screen.Step{N: 1}, true
	case keymap.ClaimPrev:
		return nil, screen.Step{N: -1}, true
	case keymap.ClaimRefresh:
		return s.fetch(), screen.Toast{Text: "Reading the claim and its history again"}, true
	case keymap.ListTop:
		s.top = 0
	case keymap.ListBottom:
		s.top = 1 << 20
	case keymap.ListOpen:
	default:
		return nil, nil, screen.MoveList(scroller{s}, id)
	}
	return nil, nil, true
}

func (s *Screen) turn(n int) {
	s.tab = claimview.Tab((int(s.tab) + n + claimview.Count) % claimview.Count)
	s.top = 0
}

// scroller lets the movements of lists scroll the body.
type scroller struct{ s *Screen }

func (x scroller) Move(n int) bool { x.s.top = max(0, x.s.top+n); return true }
func (x scroller) Page(n int) bool { return x.Move(n * max(1, x.s.height-2)) }
func (x scroller) Half(n int) bool { return x.Move(n * max(1, x.s.height/2)) }

// Refresh reads the claim again from the store.
func (s *Screen) Refresh() tea.Cmd {
	if s.on.ClaimID == "" {
		return nil
	}
	return s.load()
}

// Update takes the results of reads.
func (s *Screen) Update(msg tea.Msg) (tea.Cmd, screen.Request) {
	switch msg := msg.(type) {
	case screen.Result[loaded]:
		if errors.Is(msg.Err, context.Canceled) {
			return nil, nil
		}
		s.failed = msg.Err
		if msg.Err == nil && (msg.Value.claim.ID == s.on.ClaimID) {
			s.claim, s.shown = msg.Value.claim, true
			if s.claim.Number != "" {
				s.on.Number = s.claim.Number
			}
		}
	case screen.Result[fetched]:
		s.fetching = false
		if errors.Is(msg.Err, context.Canceled) {
			return nil, nil
		}
		if s.stale = msg.Err; msg.Err == nil {
			return s.load(), nil
		}
	}
	return nil, nil
}

// View draws strip, tabs and body.
func (s *Screen) View(w, h int) string {
	v := claimpane.View(s.env)
	if !s.shown {
		return s.env.Theme.Page(w, h, s.env.Theme.Words(w, s.nothing()))
	}
	lines := v.Strip(s.claim, w)
	lines = append(lines, "", v.Tabs(s.tab, s.claim, w), "")
	if note := s.note(); note != "" {
		lines[len(lines)-1] = s.env.Theme.Note(w, note)
	}
	body := v.Body(s.tab, s.claim, w)
	s.height = max(0, h-len(lines))
	s.top = max(0, min(s.top, len(body)-s.height))
	for i := s.top; i < min(len(body), s.top+s.height); i++ {
		lines = append(lines, body[i])
	}
	if where := claimview.Position(s.top, s.height, len(body)); where != "" {
		lines[len(v.Strip(s.claim, w))+2] = s.env.Theme.NoteRight(w, s.note(), where)
	}
	return s.env.Theme.Page(w, h, lines)
}

// note says how current the claim is when that is not obvious.
func (s *Screen) note() string {
	switch {
	case s.stale != nil:
		return "Not read from LossExpress now: " + s.stale.Error() + ". What is stored is shown."
	case s.failed != nil:
		return "Not read from the store: " + s.failed.Error()
	case s.fetching && s.claim.SnapshotAt.IsZero():
		return "Reading the claim and its history"
	}
	return ""
}

func (s *Screen) nothing() string {
	switch {
	case s.on.ClaimID == "":
		return "No claim is open. " + s.env.Keys.Hint(keymap.ScreenClaims) + " lists the claims, " +
			s.env.Keys.Hint(keymap.ListOpen) + " opens one."
	case s.failed != nil:
		return "This claim could not be read from the store: " + s.failed.Error()
	}
	return ""
}
