// Package outbox is the list of writes: what was asked for, where it stands, and what a person must decide.
package outbox

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/outbox"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/window"
)

// kept is how many writes the screen shows; older ones are in the export.
const kept = 500

// The tasks of this screen.
const (
	taskDetail = "detail"
	taskDo     = "do"
)

// Screen is the outbox.
type Screen struct {
	env     *screen.Env
	list    *window.Window[outbox.Entry, string]
	story   []outbox.Event
	storyOf string
}

// detail is the story of one entry.
type detail struct {
	id     string
	events []outbox.Event
}

// done is the end of something a person asked for.
type done struct {
	entry outbox.Entry
	words string
}

// New returns the screen; Refresh fills it.
func New(env *screen.Env) *Screen {
	s := &Screen{env: env}
	s.list = window.New(env.Tasks, screen.Outbox, func(e outbox.Entry) string { return e.ID }, nil)
	all := func(ctx context.Context) ([]outbox.Entry, error) { return env.Store.Entries(ctx, kept) }
	s.list.SetSource(window.Source[outbox.Entry]{
		Read: func(ctx context.Context, from *outbox.Entry, _ bool, _ int) ([]outbox.Entry, error) {
			if from != nil {
				return nil, nil
			}
			return all(ctx)
		},
		From:  func(ctx context.Context, _ outbox.Entry, _ int) ([]outbox.Entry, error) { return all(ctx) },
		Count: func(ctx context.Context) (int, error) { es, err := env.Store.Entries(ctx, 0); return len(es), err },
	})
	return s
}

// Scopes are those of the outbox and of lists.
func (s *Screen) Scopes() []keymap.Scope { return []keymap.Scope{keymap.ScopeOutbox, keymap.ScopeList} }

// Subject is the claim of the selected write.
func (s *Screen) Subject() screen.Subject {
	e, _ := s.list.Selected()
	return screen.Subject{ClaimID: e.ClaimID, Number: e.ClaimNumber}
}

// Offers are what can be done with the selected write.
func (s *Screen) Offers() []keymap.Offer {
	e, ok := s.list.Selected()
	if !ok {
		return nothingToDo()
	}
	may := func(id keymap.ID, yes bool, why string) keymap.Offer {
		if yes {
			return screen.Yes(id)
		}
		return screen.No(id, why)
	}
	state := fmt.Sprintf("this write is %s", e.State)
	return []keymap.Offer{
		may(keymap.OutboxOpen, true, ""),
		may(keymap.OutboxUndo, e.State == outbox.Held, state+": only a write that is still held can be undone"),
		may(keymap.OutboxRetry, e.State == outbox.Rejected || e.State == outbox.Unknown, state+": only a rejected or unknown write can be sent again"),
		may(keymap.OutboxRecheck, e.State == outbox.Unknown || e.State == outbox.Accepted, state+": there is nothing to look for"),
		may(keymap.OutboxDrop, e.State == outbox.Unknown || e.State == outbox.Rejected, state+": only a rejected or unknown write can be dropped"),
	}
}

// nothingToDo says of each key why it cannot act while there is no write.
func nothingToDo() []keymap.Offer {
	offers := []keymap.Offer{screen.No(keymap.OutboxUndo, "nothing waits to be sent, so there is nothing to undo")}
	for _, id := range []keymap.ID{
		keymap.OutboxOpen, keymap.ListOpen, keymap.OutboxRetry, keymap.OutboxRecheck, keymap.OutboxDrop,
	} {
		offers = append(offers, screen.No(id, "the outbox is empty: nothing was sent yet"))
	}
	return offers
}

// Do performs an action.
func (s *Screen) Do(id keymap.ID) (tea.Cmd, screen.Request, bool) {
	if screen.MoveList(s.list, id) {
		return s.detail(), nil, true
	}
	e, ok := s.list.Selected()
	switch id {
	case keymap.ListTop:
		return tea.Batch(s.list.GoTop(), s.detail()), nil, true
	case keymap.ListBottom:
		return tea.Batch(s.list.GoBottom(), s.detail()), nil, true
	case keymap.ListOpen, keymap.OutboxOpen:
		if !ok {
			return nil, nil, true
		}
		return nil, open(e), true
	}
	if !ok {
		return nil, nil, false
	}
	switch id {
	case keymap.OutboxUndo:
		return s.person(e, "Undone: ", s.env.Box.Undo), nil, true
	case keymap.OutboxRetry:
		return s.person(e, "Sending again: ", s.env.Box.Retry), nil, true
	case keymap.OutboxDrop:
		return s.person(e, "Dropped: ", s.env.Box.Drop), nil, true
	case keymap.OutboxRecheck:
		return s.person(e, "Looked again: ", s.env.Box.Recheck), screen.Toast{Text: "Looking for the effect of: " + e.Title}, true
	}
	return nil, nil, false
}

// open goes to the form of a rejected write, with all that was typed, or to the claim of any other.
func open(e outbox.Entry) screen.Request {
	on := screen.Subject{ClaimID: e.ClaimID, Number: e.ClaimNumber}
	if e.State == outbox.Rejected {
		return screen.Act{Action: e.Action, On: on, Entry: e.ID}
	}
	return screen.Navigate{To: screen.Claim, Claim: on}
}

// person does what was asked for with an entry and says how it ended.
func (s *Screen) person(e outbox.Entry, words string, do func(context.Context, string) (outbox.Entry, error)) tea.Cmd {
	return screen.Start(s.env.Tasks, screen.Outbox, taskDo, func(ctx context.Context) (done, error) {
		now, err := do(ctx, e.ID)
		return done{entry: now, words: words + e.Title}, err
	})
}

// Refresh re-reads the writes.
func (s *Screen) Refresh() tea.Cmd {
	if !s.list.Loaded {
		return tea.Batch(s.list.Top(), s.list.Recount())
	}
	return tea.Batch(s.list.Again(true), s.list.Recount(), s.read())
}

// detail reads the story of the selected entry when it is not the one shown.
func (s *Screen) detail() tea.Cmd {
	if e, ok := s.list.Selected(); !ok || e.ID == s.storyOf {
		return nil
	}
	return s.read()
}

func (s *Screen) read() tea.Cmd {
	e, ok := s.list.Selected()
	if !ok {
		return nil
	}
	return screen.Start(s.env.Tasks, screen.Outbox, taskDetail, func(ctx context.Context) (detail, error) {
		events, err := s.env.Store.History(ctx, e.ID)
		return detail{id: e.ID, events: events}, err
	})
}

// Update takes the results of reads and of what a person asked for.
func (s *Screen) Update(msg tea.Msg) (tea.Cmd, screen.Request) {
	if s.list.Update(msg) {
		return s.detail(), nil
	}
	switch msg := msg.(type) {
	case screen.Result[detail]:
		if msg.Err == nil {
			s.story, s.storyOf = msg.Value.events, msg.Value.id
		}
	case screen.Result[done]:
		if msg.Err != nil {
			return s.Refresh(), screen.Toast{Tone: screen.Bad, Text: msg.Err.Error()}
		}
		return s.Refresh(), screen.Toast{Tone: tone(msg.Value.entry.State), Text: msg.Value.words + " (" + string(msg.Value.entry.State) + ")"}
	}
	return nil, nil
}

func tone(st outbox.State) screen.Tone {
	switch st {
	case outbox.Confirmed:
		return screen.Good
	case outbox.Unknown:
		return screen.Warn
	case outbox.Rejected:
		return screen.Bad
	default:
		return screen.Info
	}
}
