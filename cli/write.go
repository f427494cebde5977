package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/state/outbox"
)

// asked is an action as the command line asks for it.
type asked struct {
	id, ref string // ref: the claim; empty for an action that needs none
	values  action.Values
	dryRun  bool
	yes     bool // --yes was given
	tell    teller
}

// teller makes what tells how a write ended, before it is sent; nil: as every write is told.
type teller func(s *session) func(e outbox.Entry) error

// usageOf says what arguments an action takes: CLAIM, and those that fill one of its fields.
func usageOf(act action.Action) (use string, check cobra.PositionalArgs) {
	_, use, _ = strings.Cut(act.ID, ".")
	least := 0
	if !act.NoClaim {
		use += " CLAIM"
		least++
	}
	f, ok := argsField(act)
	switch {
	case !ok:
		return use, cobra.ExactArgs(least)
	case f.Kind != action.MultiChoice && !f.Many:
		return use + " " + strings.ToUpper(f.Flag), cobra.ExactArgs(least + 1)
	}
	return use + " " + strings.ToUpper(f.Flag) + "...", cobra.MinimumNArgs(least + 1)
}

// argsField is the field that arguments fill.
func argsField(act action.Action) (action.Field, bool) {
	i := slices.IndexFunc(act.Fields, func(f action.Field) bool { return f.Args })
	if i < 0 {
		return action.Field{}, false
	}
	return act.Fields[i], true
}

// about is the long help of an action.
func about(act action.Action) string {
	words := act.Help
	if !act.NoClaim {
		words += "\n\n" + aboutClaim
	}
	if act.Confirm != "" {
		words += "\n\nIt " + act.Risk.String() + ": nothing is sent without --yes."
	}
	return words
}

func flagHelp(f action.Field) string {
	words := f.Label
	if f.Help != "" {
		words += ": " + strings.TrimSuffix(f.Help, ".")
	}
	if list := choicesOf(f); list != "" {
		words += "; " + list
	}
	switch {
	case f.Commas:
		words += "; separated by commas"
	case f.Kind == action.MultiChoice || f.Many:
		words += "; may be given several times"
	}
	return words
}

// fewChoices is how many choices the help lists.
const fewChoices = 12

// choicesOf lists what a flag takes, where no service has to be asked for it.
func choicesOf(f action.Field) string {
	if f.Options == nil || f.Remote {
		return ""
	}
	options, err := f.Options(context.Background(), action.Subject{})
	if err != nil || len(options) == 0 || len(options) > fewChoices {
		return ""
	}
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = o.Value
	}
	if f.Open {
		return "such as " + strings.Join(names, ", ")
	}
	return "one of: " + strings.Join(names, ", ")
}

// take gives the arguments to the claim and to the field that they fill.
func (a *asked) take(act action.Action, args []string) {
	if !act.NoClaim {
		a.ref, args = args[0], args[1:]
	}
	if f, ok := argsField(act); ok {
		a.values[f.Name] = args
	}
}

// allowed refuses flags that are not for this kind of account, and what needs --yes without it.
func (a *asked) allowed(act action.Action) error {
	for _, name := range slices.Sorted(maps.Keys(a.values)) {
		if !slices.ContainsFunc(act.Fields, func(f action.Field) bool { return f.Name == name }) {
			return usage("%s is for another kind of account: see lossexpress.flavour in the configuration", name)
		}
	}
	if act.Confirm != "" && !a.yes && !a.dryRun {
		return usage("%s %s: give --yes to do it, or --dry-run to see what would be sent", act.Title, act.Risk)
	}
	return nil
}

// subjectOf is what an action acts on: the claim that ref names, or nothing yet.
func (p *Program) subjectOf(ctx context.Context, s *session, act action.Action, ref string) (action.Subject, error) {
	if act.NoClaim {
		return action.Subject{Now: p.Now()}, nil
	}
	row, err := s.resolve(ctx, ref)
	if err != nil {
		return action.Subject{}, err
	}
	return s.subject(ctx, p, row)
}

// refused names what is wrong with the values by their flags.
func refused(act action.Action, problems map[string]string) error {
	if len(problems) == 0 {
		return nil
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(problems)) {
		where := ""
		for _, f := range act.Fields {
			switch {
			case f.Name != name:
			case f.Args:
				where = strings.ToUpper(f.Flag) + ": "
			default:
				where = "--" + f.Flag + ": "
			}
		}
		words = append(words, where+problems[name])
	}
	return usage("%s", strings.Join(words, "; "))
}

// preview prints what would be sent. With --json it is one document: an object, or a list for several documents.
func (p *Program) preview(act action.Action, on action.Subject, v action.Values) error {
	requests, err := act.Previews(on, v)
	if err != nil {
		return err
	}
	var views []map[string]any
	var texts []string
	for _, r := range requests {
		view := map[string]any{"method": r.Method, "path": r.Path, "sent": false}
		if json.Valid([]byte(r.Body)) {
			view["body"] = json.RawMessage(r.Body)
		}
		views = append(views, view)
		texts = append(texts, strings.TrimSpace(r.Method+" "+r.Path+"\n\n"+r.Body))
	}
	switch {
	case p.json && len(views) == 1:
		return p.printJSON(views[0])
	case p.json:
		return p.printJSON(views)
	}
	return p.print(strings.Join(texts, "\n\n"))
}

// sendTold journals and sends one draft, and lets tell say how it ended.
func (p *Program) sendTold(ctx context.Context, s *session, act action.Action, draft outbox.Draft, tell func(e outbox.Entry) error) error {
	e, err := p.sendOne(ctx, s, act, draft)
	if err != nil {
		return err
	}
	return tell(e)
}

// send journals and sends each draft, one after the other, and tells how all ended. What comes after a refused sign-in
// is not tried.
func (p *Program) send(ctx context.Context, s *session, act action.Action, drafts []outbox.Draft) error {
	var ended []outbox.Entry
	var failed error
	for i, draft := range drafts {
		e, err := p.sendOne(ctx, s, act, draft)
		if e.ID != "" {
			ended = append(ended, e)
		}
		signIn := e.Problem != nil && e.Problem.SignIn
		if err == nil && !signIn {
			continue
		}
		failed = err
		for _, left := range drafts[i+1:] {
			p.narrate("%s: not tried", left.Title)
		}
		break
	}
	return errors.Join(failed, p.tellAll(ended))
}

// sendOne sends one draft. The claim that it creates is read at once, so that it can be named by its number from now on.
func (p *Program) sendOne(ctx context.Context, s *session, act action.Action, draft outbox.Draft) (outbox.Entry, error) {
	draft.Origin = outbox.FromCLI
	e, err := s.box.Submit(ctx, draft)
	if err != nil {
		return outbox.Entry{}, err
	}
	e, err = p.settle(ctx, s, e.ID)
	if err != nil {
		return e, err
	}
	if id := action.ClaimIDOf(e); act.NoClaim && id != "" {
		if err := s.openClaim(ctx, id); err != nil {
			s.log.Warn("the new claim was not read", "claim", id, "error", err)
		}
		s.box.Observe(ctx, nil)
		return s.store.Entry(ctx, e.ID)
	}
	return e, nil
}

// tellAll prints how writes ended, as one document with --json: an object, or a list of several. The exit code is that of
// the worst.
func (p *Program) tellAll(entries []outbox.Entry) error {
	if len(entries) == 1 {
		return p.tellEntry(entries[0])
	}
	if len(entries) == 0 {
		return nil
	}
	views := make([]entryView, len(entries))
	var worst *exit
	for i, e := range entries {
		views[i] = entryJSON(e)
		if !p.json {
			if err := p.print(line(e)); err != nil {
				return err
			}
		}
		if bad, ok := errors.AsType[*exit](verdict(e)); ok {
			if worst == nil || severity(bad.code) > severity(worst.code) {
				worst = &exit{bad.code, errors.Join(unwrapped(worst), bad.err)}
			} else {
				worst.err = errors.Join(worst.err, bad.err)
			}
		}
	}
	if p.json {
		if err := p.printJSON(views); err != nil {
			return err
		}
	}
	if worst == nil {
		return nil
	}
	return worst
}

func unwrapped(e *exit) error {
	if e == nil {
		return nil
	}
	return e.err
}

// severity orders exit codes: a write in doubt is worse than one that was refused.
func severity(code int) int {
	return slices.Index([]int{exitDone, exitFailed, exitSignedOut, exitUnknown}, code)
}

func line(e outbox.Entry) string { return fmt.Sprintf("%s  %s  %s", e.State, e.ClaimNumber, e.Title) }
