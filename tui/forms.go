package tui

import (
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action"
	"claimdeck/keymap"
	"claimdeck/state/activity"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/form"
)

// Editor lets a person write a text in a program of their own, with the terminal released.
type Editor interface {
	tea.ExecCommand
	// Text returns what was written, once it ended.
	Text() string
}

// templateField is the field of a message that fills it from a template.
const templateField = "template"

// spec is the form of an action.
func (a *App) spec(o opened) form.Spec {
	c := o.on.Claim
	s := form.Spec{
		Title:    o.act.Title,
		Subtitle: strings.Join(nonEmpty(c.Number, vehicleOf(c), lastOf(c.VIN), a.env.Profile.Label), " "+a.env.Theme.Glyphs.Dot+" "),
		Intro:    a.intro(o),
		Draft:    form.Values(o.values),
		Confirm:  o.act.Confirm,
		Editor:   a.o.Edit != nil,
		Files:    a.o.Files,
		Keys:     a.env.Keys,
		Grace:    o.grace, KeepsDraft: o.entry.ID == "",
		Effect:  func(v form.Values) string { return effect(o, v) },
		Preview: func(v form.Values) (string, error) { return a.preview(o, v) },
	}
	if field, ok := a.templates(o); ok {
		s.Fields = append(s.Fields, field)
	}
	for _, f := range o.act.Fields {
		s.Fields = append(s.Fields, form.Field{
			Name: f.Name, Label: f.Label, Help: f.Help, Kind: kinds[f.Kind], Required: f.Required,
			Private: private(f),
			Section: f.Section, Many: f.Many, Open: f.Open, Loading: f.Options != nil, Check: f.Check,
		})
	}
	return s
}

// private fields hold what is not for every eye: account numbers and phones.
func private(f action.Field) bool {
	return f.Sensitive || (activity.SensitiveName(f.Name) && !f.Plain)
}

// templates is the field that fills a message from one of the person's templates.
func (a *App) templates(o opened) (form.Field, bool) {
	if o.act.ID != string(keymap.MessageSend) || len(a.env.Templates) == 0 {
		return form.Field{}, false
	}
	field := form.Field{Name: templateField, Label: "Template", Kind: form.Choice, Help: a.templateHelp()}
	for _, t := range a.env.Templates {
		field.Options = append(field.Options, form.Option{Value: t.Name, Label: t.Name})
	}
	field.Fills = func(name string) (map[string]string, error) {
		i := slices.IndexFunc(a.env.Templates, func(t screen.Template) bool { return t.Name == name })
		if i < 0 {
			return nil, nil
		}
		text, err := action.Expand(a.env.Templates[i].Text, o.on.Claim, o.on.Now)
		return map[string]string{"message": text}, err
	}
	return field, true
}

// templateHelp says how one gets to the templates, which stand above the text, and what choosing one does.
func (a *App) templateHelp() string {
	to, take := a.env.Keys.Hint(keymap.FormPrev), a.env.Keys.Hint(keymap.FormSubmit)
	if to == "" || take == "" {
		return "The one that is chosen is written into the message."
	}
	return to + " goes here, " + take + " writes it into the message"
}

// effect says what sending does; nothing while there is nothing to send.
func effect(o opened, v form.Values) string {
	if len(o.act.Fields) > 0 && len(v) == 0 {
		return ""
	}
	if o.act.ID == string(keymap.ClaimUpdate) && sameValues(v, form.Values(o.initial)) {
		return "Nothing is changed yet."
	}
	lead := "Sends to " + o.act.System + ": "
	if o.act.Risk == action.Reads {
		lead = "Asks " + o.act.System + ", changes nothing there: "
	}
	words := unnamed(o.act.Describe(o.on, action.Values(v)), o.act.System)
	if strings.HasSuffix(words, "…") {
		return lead + words
	}
	return lead + strings.TrimSuffix(words, ".") + "."
}

// preview is what changes, for a form that opened with what is known, and the exact requests.
func (a *App) preview(o opened, v form.Values) (string, error) {
	requests, err := o.act.Previews(o.on, action.Values(v))
	if err != nil {
		return "", err
	}
	var parts []string
	if o.act.ID == string(keymap.ClaimUpdate) {
		parts = append(parts, a.diff(o, v))
	}
	for _, r := range requests {
		parts = append(parts, strings.TrimSpace(r.Method+" "+r.Path+"\n\n"+r.Body))
	}
	return strings.Join(parts, "\n\n"), nil
}

// diff is what a person changed, old and new, a line a field.
func (a *App) diff(o opened, v form.Values) string {
	var lines []string
	for _, f := range o.act.Fields {
		was, is := strings.Join(o.initial[f.Name], ", "), strings.Join(v[f.Name], ", ")
		if was == is {
			continue
		}
		if private(f) && !a.env.Revealed {
			was, is = a.masked(was), a.masked(is)
		}
		lines = append(lines, f.Label+": "+orNothing(was)+" "+a.env.Theme.Glyphs.Arrow+" "+orNothing(is))
	}
	if len(lines) == 0 {
		return "Nothing was changed."
	}
	return strings.Join(lines, "\n")
}

func (a *App) masked(s string) string {
	return strings.ReplaceAll(activity.Mask(s), "•", a.env.Theme.Glyphs.Masked)
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}

// kinds are the form's inputs for the kinds of field. Amounts, numbers and days are typed.
var kinds = map[action.Kind]form.Kind{
	action.Text: form.Text, action.LongText: form.LongText, action.Choice: form.Choice, action.MultiChoice: form.MultiChoice,
	action.File: form.File, action.Money: form.Text, action.Number: form.Text, action.Date: form.Text,
}

// intro says what the action does, and what a preflight holds against it: the person may send it anyway.
func (a *App) intro(o opened) string {
	if o.act.Preflight == nil {
		return o.act.Help
	}
	r := o.act.Preflight(o.on)
	switch {
	case !r.OK:
		return sentence(r.Reason) + ". " + o.act.System + " will probably refuse this; you can send it anyway."
	case r.Reason != "":
		return sentence(r.Reason) + "."
	}
	return o.act.Help
}

// nothingToChoose is the intro of a form that has come to offer no choice where one is needed: it cannot be sent.
func nothingToChoose(o opened, field string) (intro string, is bool) {
	i := slices.IndexFunc(o.act.Fields, func(f action.Field) bool { return f.Name == field })
	if i < 0 || !o.act.Fields[i].Required || (o.act.Fields[i].Kind == action.Choice && o.act.Fields[i].Open) {
		return "", false
	}
	if o.act.Preflight != nil {
		if r := o.act.Preflight(o.on); r.Reason != "" {
			return sentence(r.Reason) + ".", true
		}
	}
	return o.act.Help, true
}

// typed are the values that differ from what the form opens with by itself, so that a draft does not hold on to what
// was known of the claim when it was written. A value that was taken away is an empty list.
func typed(initial action.Values, v form.Values) action.Values {
	out := action.Values{}
	for name, values := range v {
		if !slices.Equal(values, initial[name]) {
			out[name] = values
		}
	}
	for name := range maps.Keys(initial) {
		if _, ok := v[name]; !ok && len(initial[name]) > 0 {
			out[name] = []string{}
		}
	}
	return out
}
