package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"claimdeck/state/outbox"
	"claimdeck/state/store"
)

// outbox is the noun of the journal of writes.
func (p *Program) outbox() *cobra.Command {
	return noun("outbox", "See what was sent, and decide about what is in doubt",
		p.outboxList(), p.outboxShow(), p.outboxExport(),
		p.outboxDo("retry", "Send a rejected write again, or one that was sent but not seen", p.retry),
		p.outboxDo("drop", "Give up a write whose outcome is not known", p.drop))
}

func (p *Program) retry(ctx context.Context, s *session, id string) error {
	if _, err := s.box.Retry(ctx, id); err != nil {
		return err
	}
	e, err := p.settle(ctx, s, id)
	if err != nil {
		return err
	}
	return p.tellEntry(e)
}

func (p *Program) drop(ctx context.Context, s *session, id string) error {
	e, err := s.box.Drop(ctx, id)
	if err != nil {
		return err
	}
	return p.tellEntry(e)
}

func (p *Program) outboxList() *cobra.Command {
	limit := 0
	cmd := &cobra.Command{
		Use: "list", Short: "Print the writes, newest first", Args: cobra.NoArgs,
		Example: "claimdeck outbox list --limit 20\nclaimdeck outbox list --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, _, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			entries, err := s.store.Entries(cmd.Context(), limit)
			if err != nil {
				return err
			}
			if p.json {
				views := make([]entryView, 0, len(entries))
				for _, e := range entries {
					views = append(views, entryJSON(e))
				}
				return p.printJSON(views)
			}
			for _, e := range entries {
				line := fmt.Sprintf("%s  %s  %-9s  %-12s  %s", e.ID, e.CreatedAt.Local().Format("2006-01-02 15:04:05"), e.State, e.ClaimNumber, e.Title)
				if err := p.print(line); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 100, "how many; 0 is all")
	return cmd
}

func (p *Program) outboxShow() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Print one write and its story", Args: cobra.ExactArgs(1), Long: "Prints one write and its story.\n\n" + aboutEntry,
		Example: "claimdeck outbox show " + exampleEntry,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, _, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			e, err := s.entry(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			story, err := s.store.History(cmd.Context(), e.ID)
			if err != nil {
				return err
			}
			if p.json {
				return p.printJSON(storyJSON(e, story))
			}
			return p.print(storyText(e, story))
		},
	}
}

// outboxDo is a verb that changes one entry.
func (p *Program) outboxDo(use, short string, do func(ctx context.Context, s *session, id string) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " ID", Short: short, Args: cobra.ExactArgs(1), Long: short + ".\n\n" + aboutEntry,
		Example: "claimdeck outbox " + use + " " + exampleEntry,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, _, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			e, err := s.entry(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return do(cmd.Context(), s, e.ID)
		},
	}
}

// What the help says about ids.
const (
	aboutEntry   = "ID is the id of a write, or the beginning of one that is long enough to tell it; claimdeck outbox list prints them."
	exampleEntry = "019a9b6e-3c1f"
)

// entry finds an entry by its id or the beginning of it.
func (s *session) entry(ctx context.Context, id string) (outbox.Entry, error) {
	e, err := s.store.Entry(ctx, id)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return e, err
	}
	all, err := s.store.Entries(ctx, 0)
	if err != nil {
		return outbox.Entry{}, err
	}
	var found []outbox.Entry
	for _, e := range all {
		if strings.HasPrefix(e.ID, id) {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return outbox.Entry{}, errNoEntry
	case 1:
		return found[0], nil
	}
	return outbox.Entry{}, usage("%s is the beginning of %d writes; give more of the id", id, len(found))
}

type eventView struct {
	At   string       `json:"at"`
	From outbox.State `json:"from,omitempty"`
	To   outbox.State `json:"to"`
	Note string       `json:"note,omitempty"`
}

func storyJSON(e outbox.Entry, story []outbox.Event) any {
	events := make([]eventView, 0, len(story))
	for _, ev := range story {
		events = append(events, eventView{At: ev.At.UTC().Format("2006-01-02T15:04:05.000Z"), From: ev.From, To: ev.To, Note: ev.Note})
	}
	return struct {
		entryView
		Story []eventView `json:"story"`
	}{entryJSON(e), events}
}

func storyText(e outbox.Entry, story []outbox.Event) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n%s  %s\n", e.ID, e.State, e.ClaimNumber, e.Title)
	if e.Problem != nil {
		fmt.Fprintf(&b, "%s\n", e.Problem.Message)
	}
	for _, ev := range story {
		fmt.Fprintf(&b, "%s  %-9s  %s\n", ev.At.Local().Format("2006-01-02 15:04:05"), ev.To, ev.Note)
	}
	return b.String()
}
