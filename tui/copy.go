package tui

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/clip"
	"claimdeck/tui/widget/form"
	"claimdeck/tui/widget/keys"
)

// copied is a claim of which something is to be copied, or the end of copying it.
type copied struct {
	claim  claim.Claim
	placed *placed
}

// placed is a text on its way to the clipboard.
type placed struct {
	what     string // "VIN"
	outcome  clip.Outcome
	sequence string // for the terminal, when it is asked
}

// noteEvents is how much of what happened a note block tells: a file note is read, not searched.
const noteEvents = 8

// copyItem is one thing of a claim that can be copied.
type copyItem struct {
	id, name  string
	shown     string // beside the name, so that it is seen before it is copied
	text      string // empty: not known
	sensitive bool   // it holds the account number
}

// loadCopy reads the claim, then asks what of it to copy.
func (a *App) loadCopy(on screen.Subject) tea.Cmd {
	return screen.Start(a.env.Tasks, frame, taskCopy, func(ctx context.Context) (copied, error) {
		c, err := a.env.Actions.Load(ctx, on.ClaimID)
		return copied{claim: named(c, on)}, err
	})
}

func (a *App) tookCopied(msg screen.Result[copied]) tea.Cmd {
	switch {
	case errors.Is(msg.Err, context.Canceled):
		return nil
	case msg.Err != nil:
		return a.failed("The claim could not be read", msg.Err)
	case msg.Value.placed != nil:
		return a.tellPlaced(*msg.Value.placed)
	}
	a.openCopy(msg.Value.claim)
	return nil
}

// copyBox is the menu of what can be copied. The key that shows numbers does so in it, as it says.
type copyBox struct {
	*formBox
	claim claim.Claim
}

func (b *copyBox) update(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok && b.a.env.Keys.Bound(keymap.AppReveal, keys.Name(key)) {
		cmd := b.a.reveal()
		b.a.openCopy(b.claim, b.Values()[answer]...)
		return cmd
	}
	return b.formBox.update(msg)
}

// openCopy shows what can be copied, and why the rest cannot, with the item that was chosen before.
func (a *App) openCopy(c claim.Claim, chosen ...string) {
	items := a.copyItems(c)
	if len(chosen) == 0 {
		chosen = []string{items[0].id}
	}
	field := form.Field{Name: answer, Kind: form.Choice, Required: true}
	for _, item := range items {
		field.Options = append(field.Options, a.copyOption(item))
	}
	f := form.New(form.Spec{
		Title: "Copy", Subtitle: c.Number, SubmitLabel: "copy", Keys: a.env.Keys, Fields: []form.Field{field}, Draft: form.Values{answer: chosen},
	})
	a.overlay = &copyBox{claim: c, formBox: &formBox{a: a, Form: f, submitted: func(v form.Values) tea.Cmd {
		a.close()
		i := slices.IndexFunc(items, func(item copyItem) bool { return slices.Contains(v[answer], item.id) })
		if i < 0 {
			return nil
		}
		return a.place(c, items[i])
	}}}
}

// copyItems are all things of a claim that can be copied, the known and the unknown.
func (a *App) copyItems(c claim.Claim) []copyItem {
	account := c.AccountNumber
	if !a.env.Revealed {
		account = activity.Mask(account)
	}
	note := claim.Story(c, a.env.At, claim.StoryOptions{Reveal: a.env.Revealed, Events: noteEvents})
	return []copyItem{
		{id: "number", name: "Claim number", shown: c.Number, text: c.Number},
		{id: "vin", name: "VIN", shown: c.VIN, text: c.VIN},
		{id: "account", name: "Account number", shown: account, text: c.AccountNumber, sensitive: true},
		{id: "lender", name: "Lender", shown: c.Lender, text: c.Lender},
		{id: "standard", name: "Payee and address, standard", text: claim.PayeeBlock(c, false)},
		{id: "overnight", name: "Payee and address, overnight", text: claim.PayeeBlock(c, true)},
		{id: "memo", name: "Check memo", text: claim.CheckMemo(c), sensitive: c.AccountNumber != ""},
		{id: "note", name: "Note block: its story", text: note},
		{id: "id", name: "Claim id", shown: c.ID, text: c.ID},
	}
}

func (a *App) copyOption(item copyItem) form.Option {
	o := form.Option{Value: item.id, Label: item.name, Note: item.shown}
	switch {
	case item.text == "":
		o.Disabled, o.Note = true, "not known yet"
	case item.sensitive && !a.env.Revealed:
		o.Disabled = true
		o.Note = "press " + a.env.Keys.Hint(keymap.AppReveal) + " first"
		if item.shown != "" {
			o.Note += ": " + item.shown
		}
	}
	return o
}

// place copies an item off the event loop: a program of the desktop may be slow.
func (a *App) place(c claim.Claim, item copyItem) tea.Cmd {
	if item.sensitive {
		a.env.Log.Info("a sensitive text was copied", "what", item.name, "claim", c.Number)
	}
	board := a.env.Clip
	if board == nil {
		board = clip.New(clip.Options{})
	}
	return screen.Start(a.env.Tasks, frame, taskCopy, func(ctx context.Context) (copied, error) {
		outcome, sequence := board.Copy(ctx, item.text)
		return copied{placed: &placed{what: item.name, outcome: outcome, sequence: sequence}}, nil
	})
}

// tellPlaced asks the terminal if need be, and says how the text was copied.
func (a *App) tellPlaced(p placed) tea.Cmd {
	words := p.what + ": " + p.outcome.String()
	switch p.outcome.Method {
	case clip.Native:
		return a.say(screen.Good, words)
	case clip.Terminal:
		return tea.Batch(tea.Raw(p.sequence), a.say(screen.Info, words))
	case clip.Nowhere:
	}
	return a.say(screen.Warn, words)
}
