package tui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
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
	taskQuit    = "quit"
	taskCopy    = "copy"
)

// opened is what a form needs to open.
type opened struct {
	act    action.Action
	on     action.Subject
	values action.Values // of a draft, or of a refused write
	entry  outbox.Entry
	grace  bool
}

// options are the choices of one field.
type options struct {
	field string
	list  []action.Option
}

// submitted is a write in the outbox, or why it is not there.
type submitted struct {
	entry    outbox.Entry
	problems map[string]string
}

// drafted is the end of keeping or dropping a draft.
type drafted struct{}

// act opens the form of an action on a claim: with the input of a refused write, with a draft, or empty.
func (a *App) act(id string, on screen.Subject, entry string, byItself bool) tea.Cmd {
	act, ok := a.env.Actions.Get(id)
	if !ok {
		return nil
	}
	if a.locked && act.Risk != action.Reads {
		return a.readOnly()
	}
	return screen.Start(a.env.Tasks, frame, taskOpen, func(ctx context.Context) (opened, error) {
		o := opened{act: act, grace: byItself}
		c, err := a.env.Actions.Load(ctx, on.ClaimID)
		if err != nil {
			return o, err
		}
		o.on = action.Subject{Claim: named(c, on), Now: a.env.Now()}
		if entry != "" {
			if o.entry, err = a.env.Store.Entry(ctx, entry); err != nil {
				return o, err
			}
			o.values, err = action.DecodeInput(o.entry.Input)
			return o, err
		}
		draft, ok, err := a.env.Store.Draft(ctx, id, on.ClaimID)
		if err == nil && ok {
			err = json.Unmarshal(draft, &o.values)
		}
		return o, err
	})
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
	box := &formBox{a: a, Form: f}
	box.submitted = func(v form.Values) tea.Cmd { return a.submit(o, v) }
	box.cancelled = func(v form.Values, dirty bool) tea.Cmd { return a.keepDraft(o, v, dirty) }
	if p := o.entry.Problem; p != nil {
		f.SetError(p.Message, p.Fields)
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

func (a *App) loadOptions(o opened, field action.Field) tea.Cmd {
	return screen.Start(a.env.Tasks, frame, taskOptions+field.Name, func(ctx context.Context) (options, error) {
		list, err := field.Options(ctx, o.on)
		return options{field: field.Name, list: list}, err
	})
}

// spec is the form of an action.
func (a *App) spec(o opened) form.Spec {
	c := o.on.Claim
	s := form.Spec{
		Title:    o.act.Title,
		Subtitle: strings.Join(nonEmpty(c.Number, vehicleOf(c), lastOf(c.VIN), a.env.Profile.Label), " "+a.env.Theme.Glyphs.Dot+" "),
		Intro:    a.intro(o),
		Draft:    form.Values(o.values),
		Files:    a.o.Files,
		Grace:    o.grace, KeepsDraft: o.entry.ID == "",
		Effect: func(v form.Values) string { return effect(o, v) },
		Preview: func(v form.Values) (string, error) {
			r, err := o.act.Preview(o.on, action.Values(v))
			return strings.TrimSpace(r.Method + " " + r.Path + "\n\n" + r.Body), err
		},
	}
	for _, f := range o.act.Fields {
		s.Fields = append(s.Fields, form.Field{
			Name: f.Name, Label: f.Label, Help: f.Help, Kind: kinds[f.Kind], Required: f.Required, Secret: f.Sensitive,
			Loading: f.Options != nil, Check: f.Check,
		})
	}
	return s
}

// effect says what sending does; nothing while there is nothing to send.
func effect(o opened, v form.Values) string {
	if len(o.act.Fields) > 0 && len(v) == 0 {
		return ""
	}
	return "Sends to LossExpress: " + strings.TrimSuffix(o.act.Describe(o.on, action.Values(v)), ".") + "."
}

// kinds are the form's inputs for the kinds of field.
var kinds = map[action.Kind]form.Kind{
	action.Text: form.Text, action.LongText: form.LongText, action.Choice: form.Choice, action.MultiChoice: form.MultiChoice,
	action.File: form.File,
}

// intro says what the action does, and what a preflight holds against it: the person may send it anyway.
func (a *App) intro(o opened) string {
	if o.act.Preflight == nil {
		return o.act.Help
	}
	r := o.act.Preflight(o.on)
	switch {
	case !r.OK:
		return sentence(r.Reason) + ". LossExpress will probably refuse this; you can send it anyway."
	case r.Reason != "":
		return sentence(r.Reason) + "."
	}
	return o.act.Help
}

// submit puts the write into the outbox.
func (a *App) submit(o opened, v form.Values) tea.Cmd {
	return screen.Start(a.env.Tasks, frame, taskSubmit, func(ctx context.Context) (submitted, error) {
		o.on.Now = a.env.Now()
		p, err := a.env.Actions.Prepare(ctx, o.act, o.on, action.Values(v))
		if err != nil || len(p.Problems) > 0 {
			return submitted{problems: p.Problems}, err
		}
		p.Draft.Origin = outbox.FromConsole
		e, err := a.env.Box.Submit(ctx, p.Draft)
		if err != nil {
			return submitted{}, err
		}
		if err := a.env.Store.DropDraft(ctx, o.act.ID, o.on.Claim.ID); err != nil {
			a.env.Log.Warn("draft not dropped", "error", err)
		}
		return submitted{entry: e}, nil
	})
}

// keepDraft keeps what was typed into a form that was closed.
func (a *App) keepDraft(o opened, v form.Values, dirty bool) tea.Cmd {
	if !dirty || o.entry.ID != "" {
		return nil
	}
	return screen.Start(a.env.Tasks, frame, taskDraft, func(ctx context.Context) (drafted, error) {
		data, err := json.Marshal(action.Values(v))
		if err != nil {
			return drafted{}, err
		}
		return drafted{}, a.env.Store.SaveDraft(ctx, o.act.ID, o.on.Claim.ID, data)
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
		list = append(list, form.Option{Value: o.Value, Label: o.Label, Note: o.Note, Disabled: o.Disabled})
	}
	box.SetOptions(field, list)
}

func (a *App) tookSubmitted(msg screen.Result[submitted]) tea.Cmd {
	box, ok := a.overlay.(*formBox)
	switch {
	case msg.Err != nil && ok:
		box.SetError(msg.Err.Error(), msg.Value.problems)
		return nil
	case msg.Err != nil:
		return a.failed("Not sent", msg.Err)
	case len(msg.Value.problems) > 0 && ok:
		box.SetError("", msg.Value.problems)
		return nil
	}
	a.close()
	a.watch = watch{id: msg.Value.entry.ID, state: msg.Value.entry.State, tries: msg.Value.entry.Attempts}
	return a.readPending()
}

func (a *App) failed(what string, err error) tea.Cmd {
	if errors.Is(err, context.Canceled) {
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
