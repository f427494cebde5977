package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/state/config"
	"claimdeck/state/filing"
)

// ledgerOptions say which entries of the ledger are shown.
type ledgerOptions struct {
	ids      []string
	query    filing.Query
	poll     bool
	wait     time.Duration
	all      bool
	failures string
}

func (p *Program) filingStatus() *cobra.Command {
	var o ledgerOptions
	var state string
	cmd := &cobra.Command{
		Use: "status [ID...]", Short: "Tell what became of them; ask for results of queued ones",
		Long: "Prints how many transactions stand where, and one line for each that needs a person; the transactions themselves " +
			"when ids are given. --poll asks InsCipher once for the results of queued batches, --wait until they are there. " +
			"The exit code is 0 when it could be told, whatever is told; 3 when --wait ended before all results were there.",
		Example: "claimdeck filing status\nclaimdeck filing status --poll --failures failed.csv\n" +
			"claimdeck filing status --state accepted --json\nclaimdeck filing status 222",
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ids = args
			if o.query.State = filing.State(state); state != "" && !slices.Contains(filing.States(), o.query.State) {
				return usage("--state %s is none of %s", state, statesLine())
			}
			if len(args) > 0 && o.query != (filing.Query{}) {
				return usage("ids are given, or --batch, --file and --state, not both")
			}
			o.poll = o.poll || o.wait > 0
			return p.ledger(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.query.Batch, "batch", "", "only those of this batch of InsCipher")
	cmd.Flags().StringVar(&o.query.File, "file", "", "only those of this file, named as it was submitted")
	cmd.Flags().StringVar(&state, "state", "", "only those that are "+statesLine())
	cmd.Flags().BoolVar(&o.poll, "poll", false, "ask InsCipher for the results of queued batches first")
	cmd.Flags().DurationVar(&o.wait, "wait", 0, "poll until all results are there, for this long at most, such as 10m")
	cmd.Flags().BoolVar(&o.all, "all", false, "print a line for every transaction, not only for those that need a person")
	cmd.Flags().StringVar(&o.failures, "failures", "", "write those that need a person to this CSV file, for a spreadsheet")
	return cmd
}

func statesLine() string {
	var names []string
	for _, s := range filing.States() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// ledger shows what the ledger has.
func (p *Program) ledger(ctx context.Context, o ledgerOptions) error {
	s, cfg, err := p.filingSession(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	engine := s.filer(p)
	polled, err := p.pollFilings(ctx, s, engine, o)
	if err != nil && polled == nil { // nothing was asked
		return err
	}
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	if recovered := engine.Recover(ctx); recovered != nil {
		return errors.Join(err, recovered)
	}
	if shown := p.showLedger(ctx, s.store.Filings(), cfg.Profile.Name, o); shown != nil {
		return errors.Join(err, shown)
	}
	switch {
	case errors.Is(err, filing.ErrSignIn):
		return &exit{exitSignedOut, err}
	case err != nil:
		return err
	case polled != nil && polled.Waiting > 0 && o.wait > 0:
		return &exit{exitUnknown, fmt.Errorf("InsCipher has no results yet for %s: ask again later", plural(polled.Waiting, "batch"))}
	}
	return nil
}

// pollFilings asks for the results of queued batches when that is wanted; nil: nothing was asked.
func (p *Program) pollFilings(ctx context.Context, s *session, engine *filing.Engine, o ledgerOptions) (*filing.PollReport, error) {
	if !o.poll {
		return nil, nil
	}
	if s.systems.Filings == nil {
		return nil, p.unconfigured(s, config.InsCipher)
	}
	if err := s.signInAt(ctx, config.InsCipher); err != nil {
		return nil, err
	}
	patience := o.wait
	if patience <= 0 {
		patience = -1
	}
	report, err := engine.Poll(ctx, filing.PollOptions{Patience: patience})
	p.narrate("asked InsCipher: results for %s, none yet for %s", plural(settledOf(report), "row"), plural(report.Waiting, "batch"))
	return &report, err
}

func settledOf(r filing.PollReport) int {
	n := 0
	for _, count := range r.Settled {
		n += count
	}
	return n
}

// ledgerView is what filing status prints with --json, before the results.
type ledgerView struct {
	Profile string               `json:"profile"`
	Counts  map[filing.State]int `json:"counts"`
	Batches []string             `json:"queuedBatches"`
}

func (p *Program) showLedger(ctx context.Context, l filing.Ledger, profile string, o ledgerOptions) error {
	counts, err := l.Counts(ctx, o.query)
	if err != nil {
		return err
	}
	batches, err := l.Batches(ctx)
	if err != nil {
		return err
	}
	if batches == nil {
		batches = []string{}
	}
	results, err := ledgerResults(ctx, l, o)
	if err != nil {
		return err
	}
	if o.failures != "" {
		if err := writeFailures(o.failures, filing.Failures(results)); err != nil {
			return err
		}
	}
	if p.json {
		return exportJSON(p.Stdout, ledgerView{Profile: profile, Counts: counts, Batches: batches}, results)
	}
	if len(o.ids) == 0 {
		if err := p.print(statesOf(counts)); err != nil {
			return err
		}
	}
	if len(o.ids) == 0 && !o.all && o.query.State == "" {
		results = filing.Failures(results)
	}
	return p.printFiled(results)
}

// ledgerResults are the entries that were asked for.
func ledgerResults(ctx context.Context, l filing.Ledger, o ledgerOptions) (iter.Seq2[filing.Result, error], error) {
	if len(o.ids) == 0 {
		return filing.FromLedger(l.Walk(ctx, o.query)), nil
	}
	found, err := l.Find(ctx, o.ids)
	if err != nil {
		return nil, err
	}
	known := map[string]filing.Entry{}
	for _, e := range found {
		known[e.ID] = e
	}
	for _, id := range o.ids {
		if _, ok := known[id]; !ok {
			return nil, fmt.Errorf("no transaction %q was ever submitted from this profile; claimdeck filing status --all lists those that were", id)
		}
	}
	return filing.FromLedger(func(yield func(filing.Entry, error) bool) {
		for _, id := range o.ids {
			if !yield(known[id], nil) {
				return
			}
		}
	}), nil
}

// writeFailures writes a new file; what is there already is somebody's work.
func writeFailures(path string, results iter.Seq2[filing.Result, error]) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the person named it
	if errors.Is(err, fs.ErrExist) {
		return usage("%s is there already: name another file", path)
	}
	if err != nil {
		return fmt.Errorf("the failures cannot be written: %w", err)
	}
	if err = errors.Join(filing.ExportCSV(f, results), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// statesOf says how many transactions stand where.
func statesOf(counts map[filing.State]int) string {
	all := map[filing.Outcome]int{}
	total := 0
	for s, n := range counts {
		all[filing.Outcome(s)] = n
		total += n
	}
	if total == 0 {
		return "nothing was submitted"
	}
	return plural(total, "transaction") + ": " + countsOf(all)
}
