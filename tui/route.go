package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/keys"
	"claimdeck/tui/widget/prompt"
)

// terminal takes facts about the terminal: size, background, focus.
func (a *App) terminal(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		if msg.Width > 0 && msg.Height > 0 {
			a.w, a.h, a.sized = msg.Width, msg.Height, true
		}
		return nil, true
	case tea.BackgroundColorMsg:
		if !a.o.Fixed {
			a.theme.Dark = msg.IsDark()
			a.env.Theme = screen.NewLook(theme.New(a.theme))
			a.behind = nil // it reads the same, and looks otherwise
		}
		return nil, true
	case tea.FocusMsg:
		a.env.Feed.SetIdle(false)
		return nil, true
	case tea.BlurMsg:
		a.env.Feed.SetIdle(true)
		return nil, true
	}
	return nil, false
}

// signals takes changes of the store and the passing of time.
func (a *App) signals(msg tea.Msg) (tea.Cmd, bool) {
	switch msg.(type) {
	case changed:
		a.feed = a.env.Feed.Status()
		return tea.Batch(a.current().Refresh(), a.readPending(),
			tea.Tick(drawEvery, func(time.Time) tea.Msg { return listenAgain{} })), true
	case listenAgain:
		return a.listen(), true
	case ageTick:
		a.feed = a.env.Feed.Status()
		return age(), true
	}
	if a.toasts.Update(msg) {
		return nil, true
	}
	return nil, false
}

// results brings finished tasks to those who started them; results of tasks that were started again are dropped.
func (a *App) results(msg tea.Msg) (tea.Cmd, bool) {
	r, ok := msg.(screen.Owned)
	if !ok {
		return nil, false
	}
	if !a.env.Tasks.Current(r) {
		return nil, true
	}
	if s, ok := a.screens[r.Owner()]; ok {
		return a.asked(s.Update(msg)), true
	}
	return a.finished(msg), true
}

// modal gives everything else to the box over the screen, when there is one.
func (a *App) modal(msg tea.Msg) (tea.Cmd, bool) {
	if a.overlay == nil {
		return nil, false
	}
	if key, ok := msg.(tea.KeyPressMsg); ok && a.quits(key) {
		return a.quit(), true
	}
	if _, ok := msg.(screen.Tick); ok {
		return nil, false
	}
	before := a.shown()
	cmd := a.overlay.update(msg)
	if a.behind != nil {
		a.behind.fresh = a.shown() == before
	}
	return cmd, true
}

// quits reports whether a key quits even where text is typed.
func (a *App) quits(key tea.KeyPressMsg) bool {
	return key.Text == "" && a.env.Keys.Bound(keymap.AppQuit, keys.Name(key))
}

// typing gives keys and pastes to the filter line while it is open.
func (a *App) typing(msg tea.Msg) (tea.Cmd, bool) {
	if a.filter == nil {
		return nil, false
	}
	target, ok := a.current().(screen.Filterable)
	if !ok {
		a.filter = nil
		return nil, false
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if a.quits(msg) {
			return a.quit(), true
		}
		if cmd, done := a.filterKey(msg, target); done {
			return cmd, true
		}
	case tea.PasteMsg:
	default:
		return nil, false
	}
	if a.filter.line.Update(msg) {
		return target.SetFilter(a.filter.line.Value()), true
	}
	return nil, true
}

// filterKey performs what a key means while the filter is typed; done is false for text.
func (a *App) filterKey(key tea.KeyPressMsg, target screen.Filterable) (cmd tea.Cmd, done bool) {
	id, taken := a.filter.keys.Press(key)
	switch id {
	case keymap.PromptAccept:
		a.filter = nil
		return nil, true
	case keymap.PromptCancel:
		before := a.filter.before
		a.filter = nil
		return target.SetFilter(before), true
	case keymap.PromptNext:
		cmd, _, _ = a.current().Do(keymap.ListDown)
		return cmd, true
	case keymap.PromptPrev:
		cmd, _, _ = a.current().Do(keymap.ListUp)
		return cmd, true
	}
	return nil, taken
}

// pressed turns key presses into actions.
func (a *App) pressed(msg tea.Msg) (tea.Cmd, bool) {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil, false
	}
	a.env.Feed.Hurry(30 * time.Second)
	r := a.resolver.Press(a.scopes(), keys.Name(key))
	a.next = nil
	switch r.Kind {
	case keymap.Match:
		return a.do(r.ID), true
	case keymap.Pending:
		a.next = r.Next
	default:
	}
	return nil, true
}

// ticks brings moments to the screens that asked for them.
func (a *App) ticks(msg tea.Msg) (tea.Cmd, bool) {
	t, ok := msg.(screen.Tick)
	if !ok {
		return nil, false
	}
	if t.To == frame {
		return a.ticked(t), true
	}
	if s, ok := a.screens[t.To]; ok {
		return a.asked(s.Update(msg)), true
	}
	return nil, true
}

// scopes are those of the screen, and the global one.
func (a *App) scopes() []keymap.Scope { return append(a.current().Scopes(), keymap.ScopeGlobal) }

// asked runs a command and does what the screen asked of the frame.
func (a *App) asked(cmd tea.Cmd, req screen.Request) tea.Cmd {
	return tea.Batch(cmd, a.request(req))
}

func (a *App) request(req screen.Request) tea.Cmd {
	switch r := req.(type) {
	case screen.Navigate:
		return a.navigate(r)
	case screen.Back:
		return a.back()
	case screen.Toast:
		return a.say(r.Tone, r.Text)
	case screen.Act:
		return a.openForm(r, false)
	case screen.Step:
		return a.step(r.N)
	case screen.Show:
		a.overlay = newView(a, r.Title, r.Text)
	case screen.Detail:
		a.overlay = newDetail(a, r)
	default:
		return a.requestMore(req)
	}
	return nil
}

// requestMore are the requests about forms of a screen's own.
func (a *App) requestMore(req screen.Request) tea.Cmd {
	switch r := req.(type) {
	case screen.Ask:
		return a.ask(r)
	case screen.Close:
		a.closeAsk()
	case screen.Refuse:
		return a.refuse(r)
	case screen.Copy:
		return a.copyText(r)
	case screen.Several:
		var cmds []tea.Cmd
		for _, one := range r {
			cmds = append(cmds, a.request(one))
		}
		return tea.Batch(cmds...)
	}
	return nil
}

func (a *App) navigate(n screen.Navigate) tea.Cmd {
	a.noteSubject()
	if n.To == screen.Claim {
		if _, ok := a.current().(stepper); ok {
			a.from = a.currentID()
		}
		a.stack = append(a.stack, screen.Claim)
	} else {
		a.stack = []screen.ID{n.To}
	}
	a.filter = nil
	a.resolver.Reset()
	s := a.current()
	if o, ok := s.(screen.Opener); ok {
		return o.Open(n.Claim)
	}
	return s.Refresh()
}

func (a *App) back() tea.Cmd {
	if len(a.stack) > 1 {
		a.stack = a.stack[:len(a.stack)-1]
		return a.current().Refresh()
	}
	if f, ok := a.current().(screen.Filterable); ok && f.Filter() != "" {
		return f.SetFilter("")
	}
	if c, ok := a.current().(screen.Closer); ok {
		if cmd, req, done := c.Back(); done {
			return a.asked(cmd, req)
		}
	}
	return nil
}

// stepper is a list that the claim screen can step through.
type stepper interface {
	Move(n int) (screen.Subject, tea.Cmd)
}

func (a *App) step(n int) tea.Cmd {
	list, ok := a.screens[a.from].(stepper)
	if !ok {
		return nil
	}
	on, cmd := list.Move(n)
	return tea.Batch(cmd, a.screens[screen.Claim].(screen.Opener).Open(on))
}

func (a *App) openFilter() tea.Cmd {
	f, ok := a.current().(screen.Filterable)
	if !ok {
		return a.say(screen.Info, "There is nothing to filter here; the lists of activities and claims can be filtered")
	}
	hint := "text  type:payoff  claim:EX-1001  lender:ally  since:2h"
	if h, ok := f.(screen.Hinted); ok {
		hint = h.FilterHint()
	}
	line := prompt.New(hint)
	line.Set(f.Filter())
	read := keys.New(a.env.Keys, keymap.ScopePrompt, keymap.PromptCancel)
	a.filter = &filtering{line: line, keys: read, before: f.Filter()}
	return nil
}
