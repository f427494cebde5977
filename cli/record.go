package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/action/scenario"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// recordWindow is how far back a recording goes when nothing is said.
const recordWindow = 10 * time.Minute

func (p *Program) sandboxRecord() *cobra.Command {
	since := recordWindow
	cmd := &cobra.Command{
		Use:   "record NAME",
		Short: "Turn what was just done into a scenario, on stdout",
		Long: "Writes a scenario that repeats what went through the outbox, and the triggers and test VINs that were fired, and\n" +
			"expects what came of it. A claim that was there before is made anew with what the acts needed. Owners, account\n" +
			"numbers and addresses are not recorded.",
		Example: "claimdeck sandbox record counter-twice > counter-twice.toml\nclaimdeck sandbox record morning --since 2h",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			s, _, err := p.profileSession(ctx, nil)
			if err != nil {
				return err
			}
			defer s.close()
			rec, err := s.recording(ctx, args[0], p.Now().Add(-since))
			if err != nil {
				return err
			}
			toml, err := scenario.Record(rec)
			if err != nil {
				return err
			}
			if p.json {
				return p.printJSON(map[string]string{"name": args[0], "toml": string(toml)})
			}
			return p.print(strings.TrimRight(string(toml), "\n"))
		},
	}
	cmd.Flags().DurationVar(&since, "since", recordWindow, "how far back to record")
	return cmd
}

// recording collects what was done since a time. The claims are read from the service first, so that what came of it
// last is there too.
func (s *session) recording(ctx context.Context, name string, since time.Time) (scenario.Recording, error) {
	rec := scenario.Recording{Name: name, Since: since, Actions: s.actions, Activities: map[string][]activity.Activity{}}
	var err error
	if rec.Fired, err = scenario.Remembered(ctx, s.store, since); err != nil {
		return rec, err
	}
	if rec.Entries, err = s.entriesSince(ctx, since); err != nil {
		return rec, err
	}
	var ids []string
	for _, e := range rec.Entries {
		ids = append(ids, action.ClaimIDOf(e))
	}
	for _, f := range rec.Fired {
		ids = append(ids, f.ClaimID)
	}
	for _, id := range ids {
		if _, read := rec.Activities[id]; read || id == "" {
			continue
		}
		if err := s.openClaim(ctx, id); err != nil {
			return rec, err
		}
		if rec.Activities[id], err = s.store.ClaimActivities(ctx, id); err != nil {
			return rec, err
		}
	}
	s.box.Observe(ctx, nil) // what was read may confirm what was sent
	rec.Entries, err = s.entriesSince(ctx, since)
	return rec, err
}

// entriesSince are the writes since a time, oldest first.
func (s *session) entriesSince(ctx context.Context, since time.Time) ([]outbox.Entry, error) {
	entries, err := s.store.Entries(ctx, 0)
	if err != nil {
		return nil, err
	}
	entries = slices.DeleteFunc(entries, func(e outbox.Entry) bool { return e.CreatedAt.Before(since) })
	slices.Reverse(entries)
	return entries, nil
}
