package tui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/tui/screen"
)

// do performs an action: the frame's own, then the screen's, then those of the registry on the selected claim.
func (a *App) do(id keymap.ID) tea.Cmd {
	if cmd, done := a.doFrame(id); done {
		return cmd
	}
	if why, no := a.refusal(id); no {
		return a.say(screen.Info, why)
	}
	if a.locked && id == keymap.OutboxRetry {
		return a.readOnly()
	}
	if cmd, req, done := a.current().Do(id); done {
		return a.asked(cmd, req)
	}
	return a.doClaim(id)
}

// doFrame performs the actions that work on every screen.
func (a *App) doFrame(id keymap.ID) (tea.Cmd, bool) {
	switch id {
	case keymap.AppQuit:
		return a.quit(), true
	case keymap.AppHelp:
		a.overlay = newHelp(a)
		return nil, true
	case keymap.AppPalette:
		a.overlay = newPalette(a)
		return nil, true
	case keymap.AppFilter:
		return a.openFilter(), true
	case keymap.AppBack:
		return a.escape(), true
	case keymap.AppUndo:
		return a.undo(), true
	case keymap.AppRetryFeed:
		a.env.Feed.Poke()
		return a.say(screen.Info, "Asking LossExpress for news now"), true
	case keymap.AppRedraw:
		return tea.ClearScreen, true
	}
	return a.doMode(id)
}

// doMode performs the actions that change how the console is, and where.
func (a *App) doMode(id keymap.ID) (tea.Cmd, bool) {
	switch id {
	case keymap.ScreenActivity:
		return a.navigate(screen.Navigate{To: screen.Activity}), true
	case keymap.ScreenClaims:
		return a.navigate(screen.Navigate{To: screen.Claims}), true
	case keymap.ScreenFilings:
		return a.navigate(screen.Navigate{To: screen.Filings}), true
	case keymap.ScreenOutbox:
		return a.navigate(screen.Navigate{To: screen.Outbox}), true
	case keymap.ScreenSandbox:
		return a.toSandbox(), true
	case keymap.ScreenNext:
		return a.nextScreen(), true
	case keymap.AppReveal:
		return a.reveal(), true
	case keymap.AppLayout:
		return a.turnLayout(), true
	case keymap.AppUnlock:
		return a.unlock(), true
	case keymap.AppSignIn:
		return a.signIn(), true
	case keymap.CopyMenu:
		return a.copyMenu(), true
	}
	return nil, false
}

// refusal says why an action that the screen offers cannot act now.
func (a *App) refusal(id keymap.ID) (string, bool) {
	offers := a.current().Offers()
	i := slices.IndexFunc(offers, func(o keymap.Offer) bool { return o.Action == id })
	if i < 0 || offers[i].Enabled || a.registered(id) {
		return "", false
	}
	return sentence(offers[i].Why), true
}

// registered reports whether id is an action of the registry: its form says what a preflight found, and the server
// decides.
func (a *App) registered(id keymap.ID) bool {
	_, ok := a.env.Actions.Get(string(id))
	return ok
}

// settled screens know whether the selection has rested since the stream moved it by itself.
type settled interface{ Settled(now time.Time) bool }

// doClaim opens the form of an action on the selected claim.
func (a *App) doClaim(id keymap.ID) tea.Cmd {
	if id == keymap.CounterAnswer {
		return a.answerCounter()
	}
	if act, ok := a.env.Actions.Get(string(id)); !ok && id != keymap.ClaimDocuments {
		return nil
	} else if act.NoClaim {
		return a.act(string(id), screen.Subject{}, "", false)
	}
	on := a.current().Subject()
	if on.ClaimID == "" {
		return a.say(screen.Info, "Select a claim first: "+a.env.Keys.Hint(keymap.ScreenClaims)+" lists them")
	}
	if s, ok := a.current().(settled); ok && !s.Settled(a.env.At) {
		return a.say(screen.Warn, "The list moved just now. "+on.Number+" is selected: press the key again if that is the claim you mean")
	}
	if id == keymap.ClaimDocuments {
		return a.showDocuments(on)
	}
	return a.act(string(id), on, "", false)
}

// documented screens show the documents of a claim.
type documented interface{ ShowDocuments() }

// showDocuments opens the claim at its documents.
func (a *App) showDocuments(on screen.Subject) tea.Cmd {
	cmd := a.navigate(screen.Navigate{To: screen.Claim, Claim: on})
	if s, ok := a.current().(documented); ok {
		s.ShowDocuments()
	}
	return cmd
}

func (a *App) answerCounter() tea.Cmd {
	on := a.current().Subject()
	if on.ClaimID == "" {
		return a.say(screen.Info, "Select a claim first: "+a.env.Keys.Hint(keymap.ScreenClaims)+" lists them")
	}
	a.overlay = newChoice(a, choice{
		title: "Answer the counter", subtitle: on.Number,
		options: []option{
			{"counter.dispute", "Dispute it, with a reason"},
			{"counter.accept", "Accept it, with a new settlement breakdown"},
		},
		chosen: func(id string) tea.Cmd { return a.act(id, on, "", false) },
	})
	return nil
}

// escape goes back: from the claim to its list, or from a filter to everything.
func (a *App) escape() tea.Cmd {
	if !a.toasts.Empty() {
		a.toasts.Dismiss()
		if len(a.stack) == 1 {
			return nil
		}
	}
	return a.back()
}

func (a *App) nextScreen() tea.Cmd {
	order := []screen.ID{screen.Activity, screen.Claims, screen.Filings, screen.Outbox, screen.Sandbox}
	i := slices.Index(order, a.stack[0])
	to := order[(i+1)%len(order)]
	if to == screen.Sandbox {
		return a.toSandbox()
	}
	return a.navigate(screen.Navigate{To: to})
}

// toSandbox goes to the sandbox with the claim that was selected last in Activity or Claims, or is on screen.
func (a *App) toSandbox() tea.Cmd {
	if a.currentID() == screen.Sandbox {
		return a.current().Refresh() // it may have moved on to a claim that it created
	}
	a.noteSubject()
	return a.navigate(screen.Navigate{To: screen.Sandbox, Claim: a.picked})
}

// noteSubject remembers the selected claim of the screens that are about claims.
func (a *App) noteSubject() {
	switch a.currentID() {
	case screen.Activity, screen.Claims, screen.Claim:
		if on := a.current().Subject(); on.ClaimID != "" {
			a.picked = on
		}
	default:
	}
}

func (a *App) reveal() tea.Cmd {
	a.env.Revealed = !a.env.Revealed
	if a.env.Revealed {
		a.env.Log.Info("account and phone numbers revealed", "claim", a.current().Subject().Number)
		return a.say(screen.Info, "Account and phone numbers are shown; "+a.env.Keys.Hint(keymap.AppReveal)+" masks them")
	}
	return a.say(screen.Info, "Account and phone numbers are masked")
}

func (a *App) turnLayout() tea.Cmd {
	if a.w < screen.WideWidth {
		return a.say(screen.Info, "The terminal is too narrow for a list and a claim at once; 100 columns are enough")
	}
	if screen.SplitBody(a.w, a.h-frameLines, a.env.Layout).Side {
		a.env.Layout = screen.Below
	} else {
		a.env.Layout = screen.Beside
	}
	return a.remember("layout", string(a.env.Layout))
}

// signIn runs the sign-in with the terminal released.
func (a *App) signIn() tea.Cmd {
	if a.o.SignIn == nil {
		return a.say(screen.Info, "Sign in with claimdeck login --profile "+a.env.Profile.Name+"; this console notices")
	}
	return tea.Exec(a.o.SignIn(), func(err error) tea.Msg { return signedIn{err} })
}

// signedIn is the end of a sign-in.
type signedIn struct{ err error }

// readOnly answers what would write while production is locked.
func (a *App) readOnly() tea.Cmd {
	return a.say(screen.Warn, "Production is read-only until you unlock it with "+a.env.Keys.Hint(keymap.AppUnlock))
}

// unlock lets production be written to, or locks it again.
func (a *App) unlock() tea.Cmd {
	if !a.env.Profile.Production {
		return a.say(screen.Info, "This is not production: nothing is locked here")
	}
	if !a.locked {
		a.locked = true
		return a.say(screen.Info, "Production is read-only again")
	}
	a.overlay = newUnlock(a)
	return nil
}

// copyMenu copies one thing of the selected claim to the clipboard.
func (a *App) copyMenu() tea.Cmd {
	on := a.current().Subject()
	if on.ClaimID == "" {
		return a.say(screen.Info, "Select a claim first: there is nothing to copy")
	}
	return a.loadCopy(on)
}

// sentence starts with a capital.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
