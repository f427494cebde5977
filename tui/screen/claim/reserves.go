package claim

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/systems"
	"claimdeck/keymap"
	"claimdeck/state/reserve"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/claimview"
	"claimdeck/tui/widget/reserveview"
)

// taskReserves reads the reserves from ClaimCenter.
const taskReserves = "reserves"

// believed is how old reserves may be when their tab is opened without being read again by themselves.
const believed = 15 * time.Minute

// reserves are those of the claim on screen. What goes wrong with ClaimCenter stays in here.
type reserves struct {
	known   systems.View
	read    bool   // the store was asked for them
	failed  error  // and did not answer
	reading bool   // ClaimCenter is being asked
	seen    bool   // the tab was opened since the claim was
	ref     string // the id under which it was read by itself
	short   bool   // they do not cover what the claim costs today
	drawn   drawn
}

// drawn is the tab as it was drawn last: scrolling draws the same lines again and again.
type drawn struct {
	of    drawnOf
	lines []string
}

type drawnOf struct {
	w, days, at int // at: the second
	look        *screen.Look
}

// remembered is what the store has of a claim's reserves and of its case.
type remembered struct {
	reserves systems.View
	problem  error // of the reserves
	kase     *systems.Case
}

// refreshed is the end of reading the reserves of a claim from ClaimCenter.
type refreshed struct {
	claimID string
	view    systems.View
}

// remember reads what the store has of the side systems. It never fails: without it the claim is shown all the same.
func remember(ctx context.Context, env *screen.Env, claimID string) remembered {
	var m remembered
	if env.Reserves != nil {
		m.reserves, m.problem = env.Reserves.Stored(ctx, claimID)
	}
	m.kase = screen.CaseOf(ctx, env, claimID)
	return m
}

// tookRemembered shows what the store has, and reads what the tab on screen lacks.
func (s *Screen) tookRemembered(m remembered) tea.Cmd {
	r := &s.reserves
	r.failed, r.read, s.kase = m.problem, s.env.Reserves != nil, m.kase
	if m.problem == nil {
		r.known = m.reserves
	}
	s.weigh()
	return s.visitReserves()
}

// weigh finds out whether the reserves cover what the claim costs today.
func (s *Screen) weigh() {
	r := &s.reserves
	r.drawn = drawn{}
	r.short = r.known.Known() && reserve.Compare(r.known.Book, s.claim, s.env.At, reserve.DefaultRule()).Level() == reserve.Warn
}

// visitReserves reads the reserves when their tab is opened, unless they were read a moment ago, and when the claim came
// to be linked to another id meanwhile.
func (s *Screen) visitReserves() tea.Cmd {
	r := &s.reserves
	if s.tab != claimview.Reserves || !s.shown || !r.read || r.reading {
		return nil
	}
	relinked := r.known.Link.Ref != r.ref
	if r.seen && !relinked {
		return nil
	}
	r.seen, r.ref = true, r.known.Link.Ref
	if r.known.Known() && s.env.At.Sub(r.known.Book.At) < believed {
		return nil
	}
	return s.readReserves()
}

// readReserves asks ClaimCenter. What was read before stays on screen meanwhile.
func (s *Screen) readReserves() tea.Cmd {
	if s.env.Reserves == nil {
		return nil
	}
	id, number := s.on.ClaimID, s.on.Number
	s.reserves.reading, s.reserves.drawn = true, drawn{}
	return screen.Start(s.env.Tasks, screen.Claim, taskReserves, func(ctx context.Context) (refreshed, error) {
		view, err := s.env.Reserves.Refresh(ctx, id, number)
		return refreshed{id, view}, err
	})
}

// tookReserves takes the end of a read. Its error is in the view, with its time, unless even that could not be kept.
func (s *Screen) tookReserves(msg screen.Result[refreshed]) {
	if msg.Value.claimID != s.on.ClaimID {
		return
	}
	r := &s.reserves
	r.reading, r.drawn = false, drawn{}
	if errors.Is(msg.Err, context.Canceled) {
		return
	}
	r.known, r.failed = msg.Value.view, nil
	if msg.Err != nil && r.known.Problem == "" {
		r.failed = msg.Err
	}
	r.ref = r.known.Link.Ref
	s.weigh()
}

// again reads the claim again, with its reserves where those are on screen.
func (s *Screen) again() (tea.Cmd, screen.Request) {
	if s.tab == claimview.Reserves && s.env.Reserves != nil {
		return tea.Batch(s.fetch(), s.readReserves()), screen.Toast{Text: "Reading the claim and its reserves again"}
	}
	return s.fetch(), screen.Toast{Text: "Reading the claim and its history again"}
}

// openReserves shows all line items.
func (s *Screen) openReserves() screen.Request {
	book := s.reserves.known.Book
	switch {
	case s.env.Reserves == nil:
		return screen.Toast{Text: "There is nothing to open: ClaimCenter has no account here that can be used"}
	case !s.reserves.known.Known():
		return screen.Toast{Text: "No reserves were read yet; " + s.env.Keys.Hint(keymap.ClaimRefresh) + " asks ClaimCenter for them"}
	}
	return screen.Detail{
		Title: "Reserves  " + s.on.Number,
		Lines: func(w int) []string { return s.reservesView().Items(book, w) },
	}
}

// reservesOffers are what can be done on the tab of the reserves, before what can be done everywhere.
func (s *Screen) reservesOffers() []keymap.Offer {
	link, known := screen.OfferOf(s.env, s.claim, keymap.ReserveLink), s.reserves.known
	switch {
	case s.env.Reserves == nil:
		return []keymap.Offer{screen.Yes(keymap.ClaimRefresh), link}
	case known.Known():
		return []keymap.Offer{screen.Yes(keymap.ListOpen), screen.Yes(keymap.ClaimRefresh), link}
	case known.Link.Ref == "" && known.Problem != "": // the next step first
		return []keymap.Offer{link, screen.Yes(keymap.ClaimRefresh)}
	}
	return []keymap.Offer{screen.Yes(keymap.ClaimRefresh), link}
}

func (s *Screen) reservesView() reserveview.View {
	return reserveview.View{Look: s.env.Theme, Now: s.env.At, Arrives: s.arrives(), Hint: func(id string) string {
		return s.env.Keys.Hint(keymap.ID(id))
	}}
}

// drawReserves is the tab of the reserves.
func (s *Screen) drawReserves(w int) []string {
	r := &s.reserves
	of := drawnOf{w: w, days: s.days, at: int(s.env.At.Unix()), look: s.env.Theme}
	if r.drawn.lines == nil || r.drawn.of != of {
		r.drawn = drawn{of, s.reservesView().Body(reserveview.Reserves{
			Claim: s.claim, Known: r.known, Configured: s.env.Reserves != nil, Why: s.env.NoReserves, Reading: r.reading, Failed: r.failed,
		}, w)}
	}
	return r.drawn.lines
}
