package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/state/outbox"
	"claimdeck/state/query"
)

// exportView is a write as it may leave this machine.
type exportView struct {
	entryView
	Values    action.Values             `json:"values"`
	Documents []action.ExportedDocument `json:"documents"`
	Story     []eventView               `json:"story"`
}

func (p *Program) outboxExport() *cobra.Command {
	since := ""
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Print all writes with their stories, oldest first, for an audit or a hand-over",
		Long: "Prints all writes with what was sent and what became of them, oldest first. Documents are named by file name and\n" +
			"hash; account and phone numbers are masked; what LossExpress answered in full is left out.",
		Example: "claimdeck outbox export --since today\nclaimdeck outbox export --json > writes.json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.exportOutbox(cmd.Context(), since) },
	}
	cmd.Flags().StringVar(&since, "since", "", "how far back: 2h, 3d, 2026-11-20, today (default: all)")
	return cmd
}

func (p *Program) exportOutbox(ctx context.Context, since string) error {
	from := time.Time{}
	if since != "" {
		f, err := query.Parse("since:"+since, p.Now().Local())
		if err != nil {
			return &exit{exitUsage, err}
		}
		if from = f.Since; from.IsZero() {
			return usage("--since %s is no time: write 2h, 3d, 2026-11-20 or today", since)
		}
	}
	s, _, err := p.profileSession(ctx, nil)
	if err != nil {
		return err
	}
	defer s.close()
	entries, err := s.store.Entries(ctx, 0)
	if err != nil {
		return err
	}
	views := make([]exportView, 0, len(entries))
	for _, e := range slices.Backward(entries) {
		if e.CreatedAt.Before(from) {
			continue
		}
		v, err := s.export(ctx, e)
		if err != nil {
			return err
		}
		views = append(views, v)
	}
	if p.json {
		return p.printJSON(views)
	}
	for i, v := range views {
		if i > 0 {
			if err := p.print(""); err != nil {
				return err
			}
		}
		if err := p.print(v.text()); err != nil {
			return err
		}
	}
	return nil
}

// export is an entry without what must not leave this machine.
func (s *session) export(ctx context.Context, e outbox.Entry) (exportView, error) {
	story, err := s.store.History(ctx, e.ID)
	if err != nil {
		return exportView{}, err
	}
	x, err := s.actions.Export(e)
	if err != nil {
		return exportView{}, fmt.Errorf("write %s cannot be exported: %w", e.ID, err)
	}
	v := exportView{entryView: entryJSON(e), Values: x.Values, Documents: x.Documents, Story: []eventView{}}
	if v.Documents == nil {
		v.Documents = []action.ExportedDocument{}
	}
	v.Answer = nil // it repeats the claim, with its numbers
	v.Title = x.Hide(v.Title)
	if p := e.Problem; p != nil {
		shown := *p
		shown.Message, shown.Fields = x.Hide(p.Message), map[string]string{}
		for field, words := range p.Fields {
			shown.Fields[field] = x.Hide(words)
		}
		v.Problem = &shown
	}
	for _, ev := range story {
		v.Story = append(v.Story, eventView{At: ev.At.UTC().Format(exportTime), From: ev.From, To: ev.To, Note: x.Hide(ev.Note)})
	}
	return v, nil
}

const exportTime = "2006-01-02T15:04:05.000Z"

// text is the entry in lines.
func (v exportView) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  %s  %s\n", v.CreatedAt.Local().Format("2006-01-02 15:04:05"), v.State, v.ClaimNumber, v.Title)
	fmt.Fprintf(&b, "  write %s by the %s\n", v.ID, v.Origin)
	for _, name := range slices.Sorted(maps.Keys(v.Values)) {
		words := strings.ReplaceAll(strings.Join(v.Values[name], ", "), "\n", "\n    ")
		fmt.Fprintf(&b, "  %s: %s\n", name, words)
	}
	for _, d := range v.Documents {
		fmt.Fprintf(&b, "  document %s, %d bytes, sha256 %s\n", d.Name, d.Size, d.SHA256)
	}
	if v.Problem != nil {
		fmt.Fprintf(&b, "  %s\n", v.Problem.Message)
	}
	for _, ev := range v.Story {
		at := ev.At
		if t, err := time.Parse(exportTime, ev.At); err == nil {
			at = t.Local().Format("2006-01-02 15:04:05")
		}
		fmt.Fprintf(&b, "  %s  %-9s  %s\n", at, ev.To, ev.Note)
	}
	return b.String()
}
