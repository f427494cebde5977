package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/outbox"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/form"
	"claimdeck/tui/widget/help"
	"claimdeck/tui/widget/keys"
	"claimdeck/tui/widget/palette"
	"claimdeck/tui/widget/viewer"
)

// overlay is a box over the screen. It gets every key until it closes itself.
type overlay interface {
	update(msg tea.Msg) tea.Cmd
	view(w, h int, t theme.Theme) string
	cursor() *tea.Cursor
}

func (a *App) close() { a.overlay = nil }

// helpBox lists what can be done here; enter does it.
type helpBox struct {
	*help.Help
	a *App
}

func newHelp(a *App) overlay {
	why := a.reasons()
	var rows []help.Row
	for _, b := range a.env.Keys.Help(a.scopes()) {
		reason, no := why[b.Action]
		rows = append(rows, help.Row{
			ID: string(b.Action), Keys: displayKeys(b.Keys), What: b.Help, Section: b.Scope.Title(),
			Enabled: !no || a.registered(b.Action), Why: reason,
		})
	}
	return helpBox{help.New("Help", rows, a.env.Keys), a}
}

func (b helpBox) update(msg tea.Msg) tea.Cmd {
	cmd, ev := b.Update(msg)
	switch ev := ev.(type) {
	case help.Chosen:
		b.a.close()
		return tea.Batch(cmd, b.a.do(keymap.ID(ev.ID)))
	case help.Closed:
		b.a.close()
	}
	return cmd
}
func (b helpBox) view(w, h int, t theme.Theme) string { return b.View(w, h, t) }
func (b helpBox) cursor() *tea.Cursor                 { return b.Cursor() }

// paletteBox runs any action by its name.
type paletteBox struct {
	*palette.Palette
	a *App
}

func newPalette(a *App) overlay {
	why := a.reasons()
	var items []palette.Item
	seen := map[keymap.ID]bool{keymap.AppPalette: true}
	for _, scope := range a.paletteScopes() {
		for _, b := range a.env.Keys.Bindings() {
			if seen[b.Action] || b.Scope != scope {
				continue
			}
			seen[b.Action] = true
			reason, no := why[b.Action]
			items = append(items, palette.Item{
				ID: string(b.Action), Title: b.Help, Hint: a.env.Keys.Hint(b.Action), Section: b.Scope.Title(),
				Enabled: !no || a.registered(b.Action), Why: reason,
			})
		}
	}
	return paletteBox{palette.New(append(items, a.unbound(seen)...), a.env.Keys), a}
}

// unbound are the actions of the registry that the key map does not know, as far as they can be done here: those that
// need no claim can be done everywhere.
func (a *App) unbound(seen map[keymap.ID]bool) []palette.Item {
	var items []palette.Item
	onClaim := slices.Contains(a.scopes(), keymap.ScopeClaimAct)
	for _, act := range a.env.Actions.All() {
		scope := keymap.ScopeClaimAct
		if act.NoClaim {
			scope = keymap.ScopeGlobal
		}
		if seen[keymap.ID(act.ID)] || (!act.NoClaim && !onClaim) {
			continue
		}
		title := strings.ToLower(act.Title[:1]) + act.Title[1:]
		items = append(items, palette.Item{ID: act.ID, Title: title, Section: scope.Title(), Enabled: true})
	}
	return items
}

// paletteScopes are the scopes whose actions can be run from where the person is: the selected claim first, without
// the movements of lists.
func (a *App) paletteScopes() []keymap.Scope {
	var out []keymap.Scope
	if slices.Contains(a.scopes(), keymap.ScopeClaimAct) {
		out = append(out, keymap.ScopeClaimAct)
	}
	for _, s := range a.scopes() {
		if s != keymap.ScopeList && s != keymap.ScopeClaimAct {
			out = append(out, s)
		}
	}
	return out
}

// reasons are the actions that cannot act now, and why. What a preflight holds against an action is said but does
// not disable it: the server decides.
func (a *App) reasons() map[keymap.ID]string {
	out := map[keymap.ID]string{}
	for _, o := range a.current().Offers() {
		if !o.Enabled {
			out[o.Action] = o.Why
		}
	}
	if _, ok := a.held(); !ok {
		out[keymap.AppUndo] = "nothing waits to be sent"
	}
	if !a.env.Profile.Production {
		out[keymap.AppUnlock] = "nothing is locked here"
	}
	return out
}

func (b paletteBox) update(msg tea.Msg) tea.Cmd {
	cmd, ev := b.Update(msg)
	switch ev := ev.(type) {
	case palette.Chosen:
		b.a.close()
		return tea.Batch(cmd, b.a.do(keymap.ID(ev.ID)))
	case palette.Closed:
		b.a.close()
	}
	return cmd
}
func (b paletteBox) view(w, h int, t theme.Theme) string { return b.View(w, h, t) }
func (b paletteBox) cursor() *tea.Cursor                 { return b.Cursor() }

// viewBox shows a text.
type viewBox struct {
	*viewer.Viewer
	a *App
}

func newView(a *App, title, text string) overlay {
	return viewBox{viewer.New(title, text, a.env.Keys), a}
}

func (b viewBox) update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	again := ok && b.a.env.Keys.Bound(keymap.ActivityJSON, keys.Name(key)) // the key that opened it
	if again || b.Update(msg) {
		b.a.close()
	}
	return nil
}
func (b viewBox) view(w, h int, t theme.Theme) string { return b.View(w, h, t) }
func (b viewBox) cursor() *tea.Cursor                 { return nil }

// choice is a small question with a few answers.
type choice struct {
	title, subtitle, intro, submit string
	options                        []option
	chosen                         func(id string) tea.Cmd
}

type option struct{ id, label string }

// answer is the one field of a choice.
const answer = "answer"

func newChoice(a *App, c choice) overlay {
	field := form.Field{Name: answer, Kind: form.Choice, Required: true}
	for _, o := range c.options {
		field.Options = append(field.Options, form.Option{Value: o.id, Label: o.label})
	}
	if c.submit == "" {
		c.submit = "choose"
	}
	f := form.New(form.Spec{
		Title: c.title, Subtitle: c.subtitle, Intro: c.intro, Fields: []form.Field{field}, SubmitLabel: c.submit, Keys: a.env.Keys,
		Draft: form.Values{answer: {c.options[0].id}},
	})
	return &formBox{a: a, Form: f, submitted: func(v form.Values) tea.Cmd {
		a.close()
		if len(v[answer]) == 0 {
			return nil
		}
		return c.chosen(v[answer][0])
	}}
}

// newUnlock asks for the profile's name before production can be written to.
func newUnlock(a *App) overlay {
	name := a.env.Profile.Name
	f := form.New(form.Spec{
		Title: "Unlock production", Subtitle: a.env.Profile.Host, SubmitLabel: "unlock", Keys: a.env.Keys,
		Intro:  "What you send from now on changes real claims, and may cost money. It locks again when you press the key again, or quit.",
		Fields: []form.Field{{Name: answer, Label: "Type the profile's name: " + name, Kind: form.Text, Required: true}},
	})
	box := &formBox{a: a, Form: f}
	box.submitted = func(v form.Values) tea.Cmd {
		if len(v[answer]) == 0 || v[answer][0] != name {
			f.SetError("", map[string]string{answer: "this is not the profile's name"})
			return nil
		}
		a.close()
		a.locked = false
		return a.say(0, "Production is unlocked: writes go to real claims")
	}
	return box
}

// formBox is a form with what its end does.
type formBox struct {
	*form.Form
	a         *App
	submitted func(form.Values) tea.Cmd
	cancelled func(v form.Values, dirty bool) tea.Cmd // nil: just closes

	act  *opened     // of an action's form; nil: a small question
	kept form.Values // as they were when a draft was last thought of
	gen  uint64      // of the draft's tick
	read []string    // the warnings that the person has read
}

func (b *formBox) update(msg tea.Msg) tea.Cmd {
	if done, ok := msg.(edited); ok {
		return b.edited(done)
	}
	cmd, ev := b.Update(msg)
	switch ev := ev.(type) {
	case form.Submitted:
		return tea.Batch(cmd, b.submitted(ev.Values))
	case form.Cancelled:
		b.a.close()
		if b.cancelled != nil {
			return tea.Batch(cmd, b.cancelled(ev.Values, ev.Dirty))
		}
		return cmd
	case form.EditText:
		return tea.Batch(cmd, b.edit(ev))
	}
	return tea.Batch(cmd, b.draftSoon())
}

// edited is the end of writing a text in the person's own editor.
type edited struct {
	field string
	by    Editor
	err   error
}

// edit hands the terminal to the person's own editor.
func (b *formBox) edit(ev form.EditText) tea.Cmd {
	if b.a.o.Edit == nil {
		return nil
	}
	by := b.a.o.Edit(ev.Text)
	return tea.Exec(by, func(err error) tea.Msg { return edited{ev.Field, by, err} })
}

func (b *formBox) edited(done edited) tea.Cmd {
	if done.err != nil {
		b.SetError("The editor could not be used: "+done.err.Error()+". What was typed is still here.", nil)
		return nil
	}
	b.SetText(done.field, done.by.Text())
	return b.draftSoon()
}
func (b *formBox) view(w, h int, t theme.Theme) string { return b.View(w, h, t) }
func (b *formBox) cursor() *tea.Cursor                 { return b.Cursor() }

// quit ends the console; what is still held is asked about first.
func (a *App) quit() tea.Cmd {
	var held []outbox.Entry
	for _, e := range a.pending.entries {
		if e.State == outbox.Held {
			held = append(held, e)
		}
	}
	if len(held) == 0 {
		return tea.Quit
	}
	a.overlay = newChoice(a, choice{
		title: "Quit", subtitle: held[0].Title, intro: "This was not sent yet.",
		options: []option{
			{"send", "Send it now, then quit"},
			{"undo", "Take it back, then quit"},
			{"stay", "Stay"},
		},
		chosen: func(id string) tea.Cmd { return a.quitAfter(id, held) },
	})
	return nil
}

func displayKeys(keys []string) string {
	shown := make([]string, 0, len(keys))
	for _, k := range keys {
		shown = append(shown, keymap.Display(k))
	}
	return strings.Join(shown, "  ")
}
