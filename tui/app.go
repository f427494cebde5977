// Package tui is the console: a frame with header and footer around the screens, modal forms over them, and the
// routing of keys. App is the only Bubble Tea model; it holds no business logic.
package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/feed"
	"claimdeck/state/outbox"
	"claimdeck/tui/screen"
	activityscreen "claimdeck/tui/screen/activity"
	claimscreen "claimdeck/tui/screen/claim"
	claimsscreen "claimdeck/tui/screen/claims"
	filingsscreen "claimdeck/tui/screen/filings"
	outboxscreen "claimdeck/tui/screen/outbox"
	sandboxscreen "claimdeck/tui/screen/sandbox"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/keys"
	"claimdeck/tui/widget/prompt"
	"claimdeck/tui/widget/toast"
)

// The smallest terminal the console works in.
const (
	minWidth  = 60
	minHeight = 20
)

// drawEvery bounds how often arrivals are drawn.
const drawEvery = 100 * time.Millisecond

// ageEvery is how often ages on screen are brought up to date.
const ageEvery = 30 * time.Second

// Options are what the console is made from.
type Options struct {
	Env *screen.Env
	// Changes tells that the store, the feed's status or the outbox changed. It is coalesced: one signal may stand
	// for many changes.
	Changes <-chan struct{}
	// Done ends the console's waits.
	Done <-chan struct{}
	// Theme is where the look starts; Dark follows the terminal unless Fixed.
	Theme theme.Options
	Fixed bool
	// Notice is said once the console is up, such as problems of the key map.
	Notice string
	// SignIn asks for credentials outside of the console, with the terminal released; nil: not possible here.
	SignIn func() tea.ExecCommand
	// Settle sends what is still held, before the console ends.
	Settle func(ctx context.Context, id string) (outbox.Entry, error)
	Files  Files
	// Edit makes the person's own editor ready for a text; nil: there is none.
	Edit func(text string) Editor
}

// App is the console.
type App struct {
	o        Options
	env      *screen.Env
	theme    theme.Options
	w, h     int
	sized    bool
	screens  map[screen.ID]screen.Screen
	stack    []screen.ID    // the last one is on screen
	from     screen.ID      // the list that the claim screen steps through
	picked   screen.Subject // the claim that was selected last in Activity or Claims
	resolver *keymap.Resolver
	overlay  overlay
	behind   *behind // nil: nothing was drawn behind a box yet
	filter   *filtering
	toasts   toast.Stack
	feed     feed.Status
	pending  pending
	watch    watch
	locked   bool // production: nothing is written until unlocked
	next     []keymap.NextOption
}

// filtering is the filter being typed.
type filtering struct {
	line   *prompt.Line
	keys   *keys.Reader
	before string // what leaving it restores
}

// New returns the console on its first screen.
func New(o Options) *App {
	a := &App{
		o: o, env: o.Env, theme: o.Theme, resolver: o.Env.Keys.Resolver(),
		stack: []screen.ID{screen.Activity}, from: screen.Activity, locked: o.Env.Profile.Production,
	}
	a.theme.Production = o.Env.Profile.Production
	a.env.Theme = screen.NewLook(theme.New(a.theme))
	a.env.At = a.env.Now()
	a.feed = a.env.Feed.Status()
	a.screens = map[screen.ID]screen.Screen{
		screen.Activity: activityscreen.New(a.env),
		screen.Claims:   claimsscreen.New(a.env),
		screen.Claim:    claimscreen.New(a.env),
		screen.Filings:  filingsscreen.New(a.env),
		screen.Outbox:   outboxscreen.New(a.env),
		screen.Sandbox:  sandboxscreen.New(a.env),
	}
	return a
}

// Init reads the first screen and asks the terminal for its background.
func (a *App) Init() tea.Cmd {
	cmds := []tea.Cmd{a.current().Refresh(), a.readPending(), a.listen(), age()}
	if !a.o.Fixed {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if a.o.Notice != "" {
		cmds = append(cmds, a.say(screen.Warn, a.o.Notice))
	}
	return tea.Batch(cmds...)
}

// Update takes one message through the steps of route.go.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	a.env.At = a.env.Now()
	if a.behind != nil {
		a.behind.fresh = false
	}
	for _, step := range []func(tea.Msg) (tea.Cmd, bool){
		a.terminal, a.signals, a.results, a.modal, a.typing, a.pressed, a.ticks,
	} {
		if cmd, done := step(msg); done {
			return a, cmd
		}
	}
	return a, nil
}

// Idle reports whether nothing is under way: tests wait for it.
func (a *App) Idle() bool { return a.env.Tasks.Running() == 0 }

func (a *App) currentID() screen.ID   { return a.stack[len(a.stack)-1] }
func (a *App) current() screen.Screen { return a.screens[a.currentID()] }

// changed says that the store, the feed or the outbox changed.
type changed struct{}

// listenAgain ends the pause between two draws of changes.
type listenAgain struct{}

// ageTick brings ages up to date.
type ageTick struct{}

func (a *App) listen() tea.Cmd {
	changes, done := a.o.Changes, a.o.Done
	return func() tea.Msg {
		select {
		case <-changes:
			return changed{}
		case <-done:
			return nil
		}
	}
}

func age() tea.Cmd { return tea.Tick(ageEvery, func(time.Time) tea.Msg { return ageTick{} }) }

// say shows a message in the footer.
func (a *App) say(tone screen.Tone, words string) tea.Cmd {
	return a.toasts.Push(toast.Toast{Kind: toast.Kind(tone), Text: words})
}
