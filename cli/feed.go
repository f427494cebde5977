package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/query"
	"claimdeck/state/store"
)

// feedPage is how many rows are read at once for printing.
const feedPage = 500

// feedOptions are the flags of the feed.
type feedOptions struct {
	follow       bool
	since, claim string
	types        string
}

// feed prints the activities of the store after one poll, and with --follow those that come.
func (p *Program) feed() *cobra.Command {
	var o feedOptions
	cmd := &cobra.Command{
		Use:     "feed",
		Short:   "Print activities: poll once, print what is stored in the window, oldest first",
		Long:    "Polls once, prints what is stored in the window, oldest first, and ends. With --follow it goes on with what comes.\nWith --json every activity is one line, exactly as LossExpress sent it.",
		Example: "claimdeck feed --since 2h\nclaimdeck feed --follow --json --types payoff-data-added,settlement-counter-added",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.printFeed(cmd.Context(), o) },
	}
	cmd.Flags().BoolVarP(&o.follow, "follow", "f", false, "go on until interrupted")
	cmd.Flags().StringVar(&o.since, "since", "24h", "how far back: 2h, 3d, 2026-11-20, today")
	cmd.Flags().StringVar(&o.types, "types", "", "types, separated by commas: their names or parts of them")
	cmd.Flags().StringVar(&o.claim, "claim", "", "one claim: id, number or VIN")
	return cmd
}

func (p *Program) printFeed(ctx context.Context, o feedOptions) error {
	f, err := p.feedFilter(o)
	if err != nil {
		return err
	}
	s, _, err := p.sessionSince(ctx, nil, f.Since)
	if err != nil {
		return err
	}
	defer s.close()
	if o.claim != "" {
		row, err := s.resolve(ctx, o.claim)
		if err != nil {
			return err
		}
		f.Claim = strings.ToLower(row.ID)
	}
	_, pollErr := s.syncer.Once(ctx)
	if pollErr != nil && ctx.Err() == nil {
		p.narrate("not polled, what is stored follows: %s", pollErr)
	}
	upTo, err := s.store.Sequence(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	err = p.printStored(ctx, s, f, upTo)
	if err == nil && o.follow {
		err = p.followFeed(ctx, s, f, upTo)
	} else if err == nil {
		err = pollErr
	}
	if o.follow && ctx.Err() != nil {
		return nil // that is how it ends
	}
	return err
}

// feedFilter is the query of the flags.
func (p *Program) feedFilter(o feedOptions) (query.Filter, error) {
	var parts []string
	if o.since != "" {
		parts = append(parts, "since:"+o.since)
	}
	if o.types != "" {
		parts = append(parts, "type:"+o.types)
	}
	f, err := query.Parse(strings.Join(parts, " "), p.Now().Local())
	if err != nil {
		return f, &exit{exitUsage, err}
	}
	return f, nil
}

// printStored prints the rows that arrived up to a sequence number, oldest first.
func (p *Program) printStored(ctx context.Context, s *session, f query.Filter, upTo int64) error {
	var at *store.Position
	for {
		rows, err := s.store.Activities(ctx, f, store.Paging{From: at, Dir: store.Newer, Limit: feedPage})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Seq <= upTo {
				if err := p.printActivity(ctx, s, r); err != nil {
					return err
				}
			}
			pos := r.Position()
			at = &pos
		}
		if len(rows) < feedPage {
			return nil
		}
	}
}

// printArrived prints the rows that arrived after a sequence number and returns the newest one.
func (p *Program) printArrived(ctx context.Context, s *session, f query.Filter, after int64) (int64, error) {
	for {
		rows, err := s.store.Arrived(ctx, f, after, feedPage)
		if err != nil {
			return after, err
		}
		for _, r := range rows {
			if err := p.printActivity(ctx, s, r); err != nil {
				return after, err
			}
			after = r.Seq
		}
		if len(rows) < feedPage {
			return after, nil
		}
	}
}

func (p *Program) printActivity(ctx context.Context, s *session, r store.Row) error {
	if p.json {
		a, err := s.store.Activity(ctx, r.Key)
		if err != nil {
			return err
		}
		return p.print(oneLine(a))
	}
	_, err := fmt.Fprintf(p.Stdout, "%s  %-12s  %s\n", r.CreatedAt.Local().Format("2006-01-02 15:04:05"), r.ClaimNumber, r.Summary)
	return err
}

// followFeed keeps the feed in step and prints what arrives, in the order of arrival: an activity that was committed
// late is printed late, not lost.
func (p *Program) followFeed(ctx context.Context, s *session, f query.Filter, seq int64) error {
	more := newSignal()
	more.raise()
	defer s.store.Subscribe(more.raise)()
	ctx, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	ended := make(chan error, 1)
	work.Go(func() { ended <- s.syncer.Run(ctx) })
	work.Go(func() { _ = s.watchOthers(p, func(context.Context) { more.raise() })(ctx) }) // it ends with ctx
	defer s.syncer.Subscribe(p.narrateFeed(s))()
	for {
		select {
		case <-more.ch:
			var err error
			if seq, err = p.printArrived(ctx, s, f, seq); err != nil {
				return err
			}
		case err := <-ended:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// narrateFeed says on stderr when the feed gets into trouble and out of it.
func (p *Program) narrateFeed(s *session) func() {
	var mu sync.Mutex // the status changes from several goroutines
	last := feed.Starting
	return func() {
		mu.Lock()
		defer mu.Unlock()
		st := s.syncer.Status()
		if st.Phase != last && (st.Why != "" || st.Phase == feed.Live) {
			p.narrate("%s %s %s", p.Now().Local().Format(time.TimeOnly), st.Phase, st.Why)
		}
		last = st.Phase
	}
}

// oneLine is the activity exactly as the service sent it; line breaks between its tokens are taken out.
func oneLine(a activity.Activity) string {
	var b bytes.Buffer
	if !bytes.ContainsAny(a.Raw, "\r\n") || json.Compact(&b, a.Raw) != nil {
		return string(a.Raw)
	}
	return b.String()
}
