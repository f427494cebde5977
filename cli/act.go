package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	return p.verbTold(acts, id, example, nil)
}

// verbTold is verb with words of its own about how the write ended.
func (p *Program) verbTold(acts *action.Registry, id, example string, tell teller) *cobra.Command {
	act, ok := acts.Get(id)
	if !ok {
		panic("no action " + id) // a fault of this program, found by its first test
	}
	use, check := usageOf(act)
	ask := asked{id: id, tell: tell}
	flags := map[string]*[]string{}
	cmd := &cobra.Command{
		Use: use, Args: check, Short: act.Title, Long: about(act), Example: example,
		RunE: func(cmd *cobra.Command, args []string) error {
			ask.values = action.Values{}
			for field, typed := range flags {
				if len(*typed) > 0 {
					ask.values[field] = *typed
				}
			}
			ask.take(act, args)
			return p.act(cmd.Context(), ask)
		},
	}
	for _, f := range act.Fields {
		if f.Args {
			continue
		}
		flags[f.Name] = new([]string)
		if f.Commas {
			cmd.Flags().StringSliceVar(flags[f.Name], f.Flag, nil, flagHelp(f))
			continue
		}
		cmd.Flags().StringArrayVar(flags[f.Name], f.Flag, nil, flagHelp(f))
	}
	cmd.Flags().BoolVar(&ask.dryRun, "dry-run", false, "print the request and send nothing")
	if act.Confirm != "" {
		cmd.Flags().BoolVar(&ask.yes, "yes", false, "do it: "+act.Risk.String())
	}
	return cmd
}

// aboutClaim says what CLAIM may be.
const aboutClaim = "CLAIM is a claim id, a claim number in any case, or a VIN; what is not stored is searched for at LossExpress."

// act performs an action through the outbox and tells how it ended.
func (p *Program) act(ctx context.Context, ask asked) error {
	s, _, err := p.profileSession(ctx, nil)
	if err != nil {
		return err
	}
	defer s.close()
	act, _ := s.actions.Get(ask.id)
	if err := ask.allowed(act); err != nil {
		return err
	}
	subject, err := p.subjectOf(ctx, s, act, ask.ref)
	if err != nil {
		return err
	}
	if act.Preflight != nil {
		if ready := act.Preflight(subject); ready.Blocked {
			return &exit{exitSignedOut, errors.New(ready.Reason)}
		}
	}
	prepared, err := s.actions.Prepare(ctx, act, subject, ask.values)
	if err != nil {
		return err
	}
	if err := refused(act, prepared.Problems); err != nil {
		return err
	}
	for _, w := range prepared.Warnings {
		p.narrate("warning: %s", w)
	}
	if ask.dryRun {
		return p.preview(act, subject, ask.values)
	}
	if ask.tell != nil {
		return p.sendTold(ctx, s, act, prepared.Draft, ask.tell(s))
	}
	return p.send(ctx, s, act, prepared.Drafts)
}

// settle waits for the outcome of a write.
func (p *Program) settle(ctx context.Context, s *session, id string) (outbox.Entry, error) {
	s.onEntry = func(e outbox.Entry) {
		if e.State == outbox.Unknown && !e.Checked {
			p.narrate("%s: %s. Looking whether it was done; this may take half a minute", e.Title, reason(e))
		}
	}
	e, err := s.box.Settle(ctx, id)
	if err != nil && e.Attempts > 0 {
		return e, &exit{exitUnknown, err}
	}
	return e, err
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

// tellEntry prints how a write ended and turns it into the exit code.
func (p *Program) tellEntry(e outbox.Entry) error {
	if p.json {
		if err := p.printJSON(entryJSON(e)); err != nil {
			return err
		}
	} else if err := p.print(line(e)); err != nil {
		return err
	}
	return verdict(e)
}

// verdict is the end of a write as an exit code.
func verdict(e outbox.Entry) error {
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
