// Package claim is one claim: who and what it is about, the money, the orders, the documents, the story.
package claim

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/systems"
	"claimdeck/keymap"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/activityview"
	"claimdeck/tui/widget/claimview"
)

// The tasks of this screen.
const (
	taskLoad     = "load"
	taskFetch    = "fetch"
	taskRaw      = "raw"
	taskDetail   = "detail"
	taskOrder    = "order"
	taskDocument = "document"
)

// Screen is one claim.
type Screen struct {
	env      *screen.Env
	on       screen.Subject
	tab      claimview.Tab
	selected map[claimview.Tab]cursor
	top      int    // first line of the body on screen
	height   int    // lines of the body on screen
	loading  string // what is being fetched
	days     int    // from today to the day on which the payoff check is to arrive
	claim    claim.Claim
	shown    bool
	failed   error // the store could not be read
	fetching bool
	stale    error // the service could not be asked; what is stored is shown
	reserves reserves
	kase     *systems.Case // at Scalepoint; nil: none is remembered
}

// loaded is the claim as the store knows it.
type loaded struct {
	claim claim.Claim
	sides remembered
}

// fetched is the end of reading claim and history from the service.
type fetched struct{}

// New returns the screen; Open shows a claim.
func New(env *screen.Env) *Screen {
	return &Screen{env: env, selected: map[claimview.Tab]cursor{}}
}

// Open shows a claim: at once what is stored, then what the service says now.
func (s *Screen) Open(on screen.Subject) tea.Cmd {
	if on.ClaimID == "" {
		return nil
	}
	if on.ClaimID != s.on.ClaimID {
		s.tab, s.top, s.days, s.shown, s.stale = claimview.Overview, 0, 0, false, nil
		s.reserves, s.kase = reserves{}, nil
		clear(s.selected)
	}
	s.on = on
	s.reserves.seen = false
	return tea.Batch(s.load(), s.fetch())
}

// ShowDocuments turns to the documents.
func (s *Screen) ShowDocuments() { s.show(claimview.Documents) }

func (s *Screen) load() tea.Cmd {
	id := s.on.ClaimID
	return screen.Start(s.env.Tasks, screen.Claim, taskLoad, func(ctx context.Context) (loaded, error) {
		c, err := s.env.Actions.Load(ctx, id)
		return loaded{c, remember(ctx, s.env, id)}, err
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

// Offers are what can be done with the selected row, on this tab, and with the claim.
func (s *Screen) Offers() []keymap.Offer {
	var out []keymap.Offer
	if _, ok := s.current(); ok {
		out = append(out, screen.Yes(keymap.ListOpen))
	}
	if s.tab == claimview.Reserves {
		out = append(out, s.reservesOffers()...)
	}
	out = append(out, screen.Yes(keymap.ClaimTabNext))
	if s.shown {
		all := screen.ClaimOffers(s.env, s.claim)
		slices.SortStableFunc(all, func(a, b keymap.Offer) int { return s.rank(a.Action) - s.rank(b.Action) })
		out = append(out, all...)
	}
	if s.tab == claimview.Payoff || s.tab == claimview.Reserves {
		out = append(out, screen.Yes(keymap.ClaimLater), screen.Yes(keymap.ClaimEarlier))
	}
	out = append(out, screen.Yes(keymap.ClaimNext), screen.Yes(keymap.ClaimPrev), screen.Yes(keymap.AppReveal))
	if s.tab != claimview.Reserves {
		out = append(out, screen.Yes(keymap.ClaimRefresh), screen.OfferOf(s.env, s.claim, keymap.ReserveLink))
	}
	return out
}

// rank puts the actions that a tab is about before the others.
func (s *Screen) rank(id keymap.ID) int {
	own := map[claimview.Tab][]keymap.ID{
		claimview.Orders:    {keymap.OrderCreate, keymap.OrderCancel},
		claimview.Documents: {keymap.DocumentAdd},
		claimview.Payoff:    {keymap.PaymentSent, keymap.PayoffRequest, keymap.LetterRequest},
		claimview.Messages:  {keymap.MessageSend},
		claimview.Reserves:  {keymap.PaymentSent},
	}[s.tab]
	if i := slices.Index(own, id); i >= 0 {
		return i
	}
	return len(own)
}

// Do performs an action.
func (s *Screen) Do(id keymap.ID) (tea.Cmd, screen.Request, bool) {
	switch id {
	case keymap.ClaimTabNext:
		return s.turn(1), nil, true
	case keymap.ClaimTabPrev:
		return s.turn(-1), nil, true
	case keymap.ClaimNext:
		return nil, screen.Step{N: 1}, true
	case keymap.ClaimPrev:
		return nil, screen.Step{N: -1}, true
	case keymap.ClaimRefresh:
		cmd, req := s.again()
		return cmd, req, true
	case keymap.ClaimLater:
		s.arrive(1)
	case keymap.ClaimEarlier:
		s.arrive(-1)
	default:
		return s.doRow(id)
	}
	return nil, nil, true
}

// doRow performs the actions that are about the selected row, or about the tab.
func (s *Screen) doRow(id keymap.ID) (tea.Cmd, screen.Request, bool) {
	switch id {
	case keymap.ListOpen, keymap.ClaimDetail:
		cmd, req := s.open()
		return cmd, req, true
	case keymap.ClaimJSON:
		cmd, req := s.raw()
		return cmd, req, true
	case keymap.ClaimDocuments:
		if s.tab != claimview.Documents {
			s.show(claimview.Documents)
			return nil, nil, true
		}
		cmd, req := s.open()
		return cmd, req, true
	case keymap.PaymentSent:
		return nil, s.payment(), true
	case keymap.ListTop:
		s.move(-len(s.keys()))
		s.top = 0
	case keymap.ListBottom:
		s.move(len(s.keys()))
		s.top = 1 << 20
	default:
		return nil, nil, screen.MoveList(scroller{s}, id)
	}
	return nil, nil, true
}

func (s *Screen) turn(n int) tea.Cmd {
	s.show(claimview.Tab((int(s.tab) + n + claimview.Count) % claimview.Count))
	return s.visitReserves()
}

func (s *Screen) show(t claimview.Tab) {
	if t != s.tab {
		s.tab, s.top = t, 0
	}
}

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
			return s.tookRemembered(msg.Value.sides), nil
		}
	case screen.Result[refreshed]:
		s.tookReserves(msg)
	case screen.Result[fetched]:
		s.fetching = false
		if errors.Is(msg.Err, context.Canceled) {
			return nil, nil
		}
		if s.stale = msg.Err; msg.Err == nil {
			return s.load(), nil
		}
	case screen.Result[activity.Activity]:
		return nil, activityview.Read(s.env, msg, msg.Name() == taskRaw)
	case screen.Result[orderStory]:
		return nil, s.tookOrder(msg)
	case screen.Result[saved]:
		return nil, s.tookDocument(msg)
	}
	return nil, nil
}
