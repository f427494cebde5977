package tui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/form"
	"claimdeck/tui/widget/picker"
)

// Files is the disk as forms see it.
type Files = picker.Source

// The tasks of an action's form.
const (
	taskOpen    = "form open"
	taskOptions = "form options "
	taskSubmit  = "form submit"
	taskDraft   = "form draft"
	taskCreated = "claim created"
	taskQuit    = "quit"
	taskCopy    = "copy"
)

// opened is what a form needs to open.
type opened struct {
	act     action.Action
	on      action.Subject
	initial action.Values // what the action itself proposes
	values  action.Values // with those of a draft, or of a refused write
	entry   outbox.Entry
	grace   bool
}

// options are the choices of one field.
type options struct {
	field string
	list  []action.Option
}

// act opens the form of an action on a claim: with the input of a refused write, with a draft, or as it begins.
func (a *App) act(id string, on screen.Subject, entry string, byItself bool) tea.Cmd {
	return a.openForm(screen.Act{Action: id, On: on, Entry: entry}, byItself)
}

// openForm reads what a form needs. One that comes up by itself ignores keys at first.
func (a *App) openForm(r screen.Act, byItself bool) tea.Cmd {
	act, ok := a.env.Actions.Get(r.Action)
	if !ok {
		return nil
	}
	if a.locked && act.Risk != action.Reads {
		return a.readOnly()
	}
	return screen.Start(a.env.Tasks, frame, taskOpen, func(ctx context.Context) (opened, error) {
		o := opened{act: act, grace: byItself, on: action.Subject{Now: a.env.Now()}}
		if !act.NoClaim {
			c, err := a.env.Actions.Load(ctx, r.On.ClaimID)
			if err != nil {
				return o, err
			}
			o.on.Claim = named(c, r.On)
		}
		if act.Preflight != nil {
			if ready := act.Preflight(o.on); ready.Blocked {
				return o, blocked(ready.Reason)
			}
		}
		typed, err := a.typedBefore(ctx, &o, r.Entry)
		if err != nil {
			return o, err
		}
		maps.Copy(typed, r.Values)
		o.initial = act.Start(o.on, a.recalled(ctx, o))
		o.values = maps.Clone(o.initial)
		maps.Copy(o.values, typed)
		return o, nil
	})
}

// typedBefore is the input of a refused write, or a draft.
func (a *App) typedBefore(ctx context.Context, o *opened, entry string) (action.Values, error) {
	typed := action.Values{}
	if entry == "" {
		draft, ok, err := a.env.Store.Draft(ctx, o.act.ID, o.on.Claim.ID)
		if err == nil && ok {
			err = json.Unmarshal(draft, &typed)
		}
		if typed == nil { // a draft of nothing
			typed = action.Values{}
		}
		return typed, err
	}
	var err error
	if o.entry, err = a.env.Store.Entry(ctx, entry); err != nil {
		return typed, err
	}
	return action.DecodeInput(o.entry.Input)
}

// named makes sure that a claim without any activity yet still says which one it is.
func named(c claim.Claim, on screen.Subject) claim.Claim {
	if c.ID == "" {
		c.ID = on.ClaimID
	}
	if c.Number == "" {
		c.Number = on.Number
	}
	return c
}

// open shows the form and asks for the choices of its fields.
func (a *App) open(o opened) tea.Cmd {
	f := form.New(a.spec(o))
	box := &formBox{a: a, Form: f, act: &o, kept: f.Values()}
	box.submitted = func(v form.Values) tea.Cmd { return a.submit(box, v) }
	box.cancelled = func(v form.Values, dirty bool) tea.Cmd {
		box.gen++
		if !dirty {
			return nil
		}
		return a.keepDraft(o, v)
	}
	if p := o.entry.Problem; p != nil {
		f.SetError(aboutAll(p.Message, p.Fields), p.Fields)
	}
	a.overlay = box
	cmds := []tea.Cmd{f.Init()}
	for _, field := range o.act.Fields {
		if field.Options != nil {
			cmds = append(cmds, a.loadOptions(o, field))
		}
	}
	return tea.Batch(cmds...)
}

// aboutAll is what is to be said about the whole form: nothing where a field says the very same.
func aboutAll(words string, fields map[string]string) string {
	for _, field := range fields {
		if field == words {
			return ""
		}
	}
	return words
}

func (a *App) loadOptions(o opened, field action.Field) tea.Cmd {
	return screen.Start(a.env.Tasks, frame, taskOptions+field.Name, func(ctx context.Context) (options, error) {
		list, err := field.Options(ctx, o.on)
		return options{field: field.Name, list: list}, err
	})
}

// finished takes the ends of the frame's own tasks.
func (a *App) finished(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Result[unsettled]:
		if msg.Err == nil {
			return a.tookPending(msg.Value)
		}
	case screen.Result[opened]:
		if why, ok := errors.AsType[blocked](msg.Err); ok {
			return a.say(screen.Warn, sentence(why.Error()))
		}
		if msg.Err != nil {
			return a.failed("The form could not be opened", msg.Err)
		}
		return a.open(msg.Value)
	case screen.Result[options]:
		a.tookOptions(msg)
	case screen.Result[submitted]:
		return a.tookSubmitted(msg)
	case screen.Result[copied]:
		return a.tookCopied(msg)
	}
	return a.kept(msg)
}

// kept takes the ends of tasks that only say something when they fail, or end the console.
func (a *App) kept(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Result[undone]:
		if msg.Err != nil {
			return a.failed("Not undone", msg.Err)
		}
		return tea.Batch(a.readPending(), a.say(screen.Info, "Taken back, nothing was sent: "+msg.Value.entry.Title))
	case screen.Result[drafted]:
		return a.unless(msg.Err, "The draft could not be kept")
	case screen.Result[remembered]:
		return a.unless(msg.Err, "The setting could not be kept")
	case screen.Result[leaving]:
		if msg.Err != nil {
			return a.failed("Not sent", msg.Err)
		}
		return tea.Quit
	case screen.Result[created]:
		return a.tookCreated(msg)
	}
	return nil
}

// unless says what failed, when it did.
func (a *App) unless(err error, what string) tea.Cmd {
	if err == nil {
		return nil
	}
	return a.failed(what, err)
}

func (a *App) tookOptions(msg screen.Result[options]) {
	box, ok := a.overlay.(*formBox)
	if !ok {
		return
	}
	field := strings.TrimPrefix(msg.Name(), taskOptions)
	if msg.Err != nil {
		box.SetLoadError(field, msg.Err.Error())
		return
	}
	list := make([]form.Option, 0, len(msg.Value.list))
	for _, o := range msg.Value.list {
		if o.Note != "" { // it is read beside the choice
			box.read = append(box.read, o.Label+": "+o.Note)
		}
		list = append(list, form.Option{Value: o.Value, Label: o.Label, Note: o.Note, Disabled: o.Disabled})
	}
	box.SetOptions(field, list)
	if box.act != nil && len(list) == 0 {
		if intro, is := nothingToChoose(*box.act, field); is {
			box.SetIntro(intro)
		}
	}
}

// failed says in the footer what did not work; nothing when err is nil, or somebody gave up on it.
func (a *App) failed(what string, err error) tea.Cmd {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	if errors.Is(err, fs.ErrPermission) {
		what += ": permission denied"
	}
	return a.say(screen.Bad, what+": "+err.Error())
}

// leaving is the end of what had to be done before quitting.
type leaving struct{}

// quitAfter sends or takes back what is held, then quits.
func (a *App) quitAfter(how string, held []outbox.Entry) tea.Cmd {
	if how == "stay" {
		return nil
	}
	return screen.Start(a.env.Tasks, frame, taskQuit, func(ctx context.Context) (leaving, error) {
		for _, e := range held {
			end := a.env.Box.Undo
			if how == "send" && a.o.Settle != nil {
				end = a.o.Settle
			}
			if _, err := end(ctx, e.ID); err != nil {
				return leaving{}, err
			}
		}
		return leaving{}, nil
	})
}

func vehicleOf(c claim.Claim) string {
	year := ""
	if c.Vehicle.Year > 0 {
		year = fmt.Sprint(c.Vehicle.Year)
	}
	return strings.Join(nonEmpty(year, c.Vehicle.Make, c.Vehicle.Model), " ")
}

// lastOf is the end of a VIN, which people compare.
func lastOf(vin string) string {
	if len(vin) < 4 {
		return ""
	}
	return "VIN ends " + vin[len(vin)-4:]
}

func nonEmpty(parts ...string) []string {
	out := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}
