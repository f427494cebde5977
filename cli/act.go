package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/api"
	"claimdeck/state/outbox"
	"claimdeck/state/store"
)

// verb makes a command of an action: its flags are the action's fields, and one of them may be arguments after CLAIM.
func (p *Program) verb(acts *action.Registry, id, example string) *cobra.Command {
	act, ok := acts.Get(id)
	if !ok {
		panic("no action " + id) // a fault of this program, found by its first test
	}
	_, name, _ := strings.Cut(id, ".")
	use, check := name+" CLAIM", cobra.ExactArgs(1)
	var rest action.Field // the one that the arguments fill
	flags := map[string]*[]string{}
	dryRun := false
	cmd := &cobra.Command{
		Short: act.Title, Long: act.Help + "\n\n" + aboutClaim, Example: example,
		RunE: func(cmd *cobra.Command, args []string) error {
			v := action.Values{}
			for field, typed := range flags {
				if len(*typed) > 0 {
					v[field] = *typed
				}
			}
			if rest.Args {
				v[rest.Name] = args[1:]
			}
			return p.act(cmd.Context(), id, args[0], v, dryRun)
		},
	}
	for _, f := range act.Fields {
		if f.Args {
			rest = f
			use, check = use+" "+strings.ToUpper(f.Flag)+"...", cobra.MinimumNArgs(2)
			continue
		}
		flags[f.Name] = new([]string)
		help := f.Label
		if f.Kind == action.MultiChoice {
			help += "; may be given several times"
		}
		cmd.Flags().StringArrayVar(flags[f.Name], f.Flag, nil, help)
	}
	cmd.Use, cmd.Args = use, check
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print the request and send nothing")
	return cmd
}

// aboutClaim says what CLAIM may be.
const aboutClaim = "CLAIM is a claim id, a claim number in any case, or a VIN; what is not stored is searched for at LossExpress."

// act performs an action through the outbox and tells how it ended.
func (p *Program) act(ctx context.Context, id, ref string, v action.Values, dryRun bool) error {
	s, _, err := p.profileSession(ctx, nil)
	if err != nil {
		return err
	}
	defer s.close()
	row, err := s.resolve(ctx, ref)
	if err != nil {
		return err
	}
	act, _ := s.actions.Get(id)
	subject, err := s.subject(ctx, p, row)
	if err != nil {
		return err
	}
	prepared, err := s.actions.Prepare(ctx, act, subject, v)
	if err != nil {
		return err
	}
	if err := refused(act, prepared.Problems); err != nil {
		return err
	}
	if dryRun {
		return p.preview(act, subject, v)
	}
	for _, w := range prepared.Warnings {
		p.narrate("warning: %s", w)
	}
	draft := prepared.Draft
	draft.Origin = outbox.FromCLI
	e, err := s.box.Submit(ctx, draft)
	if err != nil {
		return err
	}
	return p.settle(ctx, s, e.ID)
}

// settle waits for the outcome of a write and tells it.
func (p *Program) settle(ctx context.Context, s *session, id string) error {
	s.onEntry = func(e outbox.Entry) {
		if e.State == outbox.Unknown && !e.Checked {
			p.narrate("%s: %s. Looking whether it was done; this may take half a minute", e.Title, reason(e))
		}
	}
	e, err := s.box.Settle(ctx, id)
	switch {
	case err != nil && e.Attempts > 0:
		return &exit{exitUnknown, err}
	case err != nil:
		return err
	}
	return p.tellEntry(e)
}

// reason is why a write was refused, or is in doubt.
func reason(e outbox.Entry) string {
	if e.Problem == nil {
		return "no reason was given"
	}
	return e.Problem.Message
}

// subject is the claim as known now; its history is read first, so that preflight and confirmation can rely on it.
func (s *session) subject(ctx context.Context, p *Program, row store.ClaimRow) (action.Subject, error) {
	if err := s.openClaim(ctx, row.ID); err != nil {
		p.narrate("the claim was not read from LossExpress: %s", err)
	}
	c, err := s.actions.Load(ctx, row.ID)
	if err != nil {
		return action.Subject{}, err
	}
	if c.ID == "" {
		c.ID = row.ID
	}
	if c.Number == "" {
		c.Number = row.Number
	}
	return action.Subject{Claim: c, Now: p.Now()}, nil
}

// refused names what is wrong with the values by their flags.
func refused(act action.Action, problems map[string]string) error {
	if len(problems) == 0 {
		return nil
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(problems)) {
		flag := name
		for _, f := range act.Fields {
			if f.Name == name {
				flag = "--" + f.Flag
			}
		}
		words = append(words, flag+": "+problems[name])
	}
	return usage("%s", strings.Join(words, "; "))
}

func (p *Program) preview(act action.Action, on action.Subject, v action.Values) error {
	r, err := act.Preview(on, v)
	if err != nil {
		return err
	}
	if p.json {
		out := map[string]any{"method": r.Method, "path": r.Path, "sent": false}
		if json.Valid([]byte(r.Body)) {
			out["body"] = json.RawMessage(r.Body)
		}
		return p.printJSON(out)
	}
	return p.print(strings.TrimSpace(r.Method + " " + r.Path + "\n\n" + r.Body))
}

// tellEntry prints how a write ended and turns it into the exit code.
func (p *Program) tellEntry(e outbox.Entry) error {
	if p.json {
		if err := p.printJSON(entryJSON(e)); err != nil {
			return err
		}
	} else if err := p.print(fmt.Sprintf("%s  %s  %s", e.State, e.ClaimNumber, e.Title)); err != nil {
		return err
	}
	switch e.State {
	case outbox.Accepted, outbox.Confirmed, outbox.Dropped, outbox.Undone:
		return nil
	case outbox.Rejected:
		code := exitFailed
		if e.Problem != nil && e.Problem.SignIn {
			code = exitSignedOut
		}
		return &exit{code, fmt.Errorf("%s was not done: %s", e.Title, reason(e))}
	default:
		return &exit{exitUnknown, fmt.Errorf("%s: sent, but its outcome is not known: %s. See it with: claimdeck outbox show %s", e.Title, reason(e), e.ID)}
	}
}

// entryView is an entry as --json prints it.
type entryView struct {
	ID          string          `json:"id"`
	Action      string          `json:"action"`
	ClaimID     string          `json:"claimId"`
	ClaimNumber string          `json:"claimNumber"`
	Title       string          `json:"title"`
	State       outbox.State    `json:"state"`
	Origin      string          `json:"origin"`
	CreatedAt   time.Time       `json:"createdAt"`
	SentAt      *time.Time      `json:"sentAt,omitempty"`
	SettledAt   *time.Time      `json:"settledAt,omitempty"`
	Attempts    int             `json:"attempts"`
	Checked     bool            `json:"checked,omitempty"`
	Answer      json.RawMessage `json:"answer,omitempty"`
	Problem     *outbox.Problem `json:"problem,omitempty"`
}

func entryJSON(e outbox.Entry) entryView {
	v := entryView{
		ID: e.ID, Action: e.Action, ClaimID: e.ClaimID, ClaimNumber: e.ClaimNumber, Title: e.Title, State: e.State,
		Origin: e.Origin, CreatedAt: e.CreatedAt.UTC(), Attempts: e.Attempts, Checked: e.Checked, Problem: e.Problem,
	}
	if !e.SentAt.IsZero() {
		at := e.SentAt.UTC()
		v.SentAt = &at
	}
	if !e.SettledAt.IsZero() {
		at := e.SettledAt.UTC()
		v.SettledAt = &at
	}
	if json.Valid(e.Answer) {
		v.Answer = e.Answer
	}
	return v
}

// resolve finds the claim that ref names: a claim id, a claim number in any case, or a VIN. What is not in the store
// is searched for at the service.
func (s *session) resolve(ctx context.Context, ref string) (store.ClaimRow, error) {
	rows, err := s.store.FindClaims(ctx, ref)
	if err != nil {
		return store.ClaimRow{}, err
	}
	if len(rows) == 0 {
		if rows, err = s.ask(ctx, ref); err != nil {
			return store.ClaimRow{}, fmt.Errorf("claim %s is not stored, and LossExpress could not be searched for it: %w", ref, err)
		}
	}
	switch len(rows) {
	case 0:
		return store.ClaimRow{}, fmt.Errorf("there is no claim %s: neither stored here nor at LossExpress by claim number or VIN", ref)
	case 1:
		return rows[0], nil
	}
	var several []string
	for _, r := range rows {
		several = append(several, fmt.Sprintf("%s (%s, VIN %s)", r.ID, r.Number, r.VIN))
	}
	return store.ClaimRow{}, usage("%s names %d claims; give the id of one: %s", ref, len(rows), strings.Join(several, ", "))
}

// ask searches the service: by id when ref is one, otherwise by number and VIN.
func (s *session) ask(ctx context.Context, ref string) ([]store.ClaimRow, error) {
	if uuid.Validate(ref) != nil {
		return s.find(ctx, ref)
	}
	snap, err := s.account.Snapshot(ctx, ref)
	if errors.Is(err, api.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := s.store.SaveSnapshot(ctx, snap); err != nil {
		return nil, err
	}
	return s.store.FindClaims(ctx, ref)
}

// narrate says something on stderr.
func (p *Program) narrate(format string, args ...any) {
	fmt.Fprintf(p.Stderr, format+"\n", args...) //nolint:errcheck // narration
}

var errNoEntry = errors.New("there is no such write in the outbox; claimdeck outbox list shows them")
