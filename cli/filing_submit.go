package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/state/config"
	"claimdeck/state/filing"
)

// maxChunk bounds --chunk, as it does inscipher.chunk.
const maxChunk = 1000

// filingOptions say how transactions are submitted.
type filingOptions struct {
	chunk     int
	override  bool
	changed   bool
	partial   bool
	dryRun    bool
	all       bool
	wait      time.Duration
	noWait    bool
	waitGiven bool
}

func (p *Program) filingSubmit() *cobra.Command {
	var o filingOptions
	cmd := &cobra.Command{
		Use: "submit PATH...", Short: "Check transactions, then file those not filed yet",
		Long: "Sends the rows that pass the checks and are not filed yet, in chunks, and waits for the results of what is queued. " +
			"A ledger remembers every id that was sent: run it again after anything that broke, and only what is not done is " +
			"sent. Prints one line for each row that needs a person, with the code of InsCipher and what to do.\n\n" +
			"The exit code is 0 when every row is filed (or, with --no-wait, queued), 1 when some were refused or not sent, " +
			"3 when the outcome of some is not known, and 4 when InsCipher does not accept the account.\n\n" + aboutFiles,
		Example: "claimdeck filing submit filings.csv --dry-run\nclaimdeck filing submit filings.csv --send-anyway\n" +
			"claimdeck filing submit ./filings --json > results.json",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.waitGiven = cmd.Flags().Changed("wait"); o.waitGiven && (o.noWait || o.wait <= 0) {
				return usage("--wait says how long to wait, such as 10m; --no-wait says not to")
			}
			if o.chunk < 0 || o.chunk > maxChunk {
				return usage("--chunk must be between 1 and %d", maxChunk)
			}
			return p.submitFilings(cmd.Context(), args, o)
		},
	}
	cmd.Flags().IntVar(&o.chunk, "chunk", 0, "transactions sent at once, 1 to 1000 (default: that of the profile, inscipher.chunk)")
	cmd.Flags().BoolVar(&o.override, "send-anyway", false, "send rows with errors too, unless they cannot be sent as they stand: InsCipher decides")
	cmd.Flags().BoolVar(&o.changed, "changed", false, "send rows under whose id different content was sent before")
	cmd.Flags().BoolVar(&o.partial, "partial", false, "send what can be read of a file that cannot be read to its end")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "say what would be sent and send nothing")
	cmd.Flags().BoolVar(&o.all, "all", false, "print a line for every row, not only for those that need a person")
	cmd.Flags().DurationVar(&o.wait, "wait", 30*time.Minute, "how long to wait for the results of queued batches")
	cmd.Flags().BoolVar(&o.noWait, "no-wait", false, "do not wait for results: claimdeck filing status --poll asks for them later")
	return cmd
}

func (p *Program) submitFilings(ctx context.Context, paths []string, o filingOptions) error {
	files, done, err := p.filings(paths)
	if err != nil {
		return err
	}
	defer done()
	s, cfg, err := p.filingSession(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if s.systems.Filings == nil {
		return p.unconfigured(s, config.InsCipher)
	}
	f := filingRun{p: p, s: s, o: o, files: files, engine: s.filer(p), profile: cfg.Profile.Name}
	if o.dryRun {
		return f.rehearse(ctx)
	}
	if err := s.signInAt(ctx, config.InsCipher); err != nil {
		return err
	}
	return f.submit(ctx)
}

// filingRun is one submission.
type filingRun struct {
	p       *Program
	s       *session
	o       filingOptions
	files   *filing.Files
	engine  *filing.Engine
	profile string
}

// submit sends, and tells what became of every row, also when the person ended it.
func (f *filingRun) submit(ctx context.Context) error {
	o := filing.SubmitOptions{
		Chunk: f.s.systems.Filings.Chunk(), Override: f.o.override, Changed: f.o.changed, Partial: f.o.partial, Resume: true,
		Patience: f.o.wait,
	}
	if f.o.chunk > 0 {
		o.Chunk = f.o.chunk
	}
	if f.o.noWait {
		o.Patience = -1
	}
	bar := f.p.bar()
	o.Progress = bar.show
	stop := context.AfterFunc(ctx, func() { bar.note("stopping: the transactions that are under way come to their end first") })
	report, err := f.engine.Submit(ctx, f.files, o)
	stop()
	bar.clear()
	told := f.tell(context.WithoutCancel(ctx), report, err)
	return errors.Join(told, f.verdict(ctx, report, err))
}

// rehearse says what submit would do.
func (f *filingRun) rehearse(ctx context.Context) error {
	survey, err := filing.TakeSurvey(ctx, f.files)
	if err != nil {
		return err
	}
	report := filing.Report{Rows: survey.Rows, Files: survey.Files, Counts: map[filing.Outcome]int{}}
	for r, err := range f.results(ctx, survey) {
		if err != nil {
			return err
		}
		report.Counts[r.Outcome]++
	}
	if err := f.tell(ctx, report, nil); err != nil {
		return err
	}
	f.p.narrate("dry run: %s would be sent to %s; nothing was", plural(f.fit(report), "row"), host(f.s.systems.Filings.Base()))
	return nil
}

// fit is how many rows a run would send.
func (f *filingRun) fit(r filing.Report) int {
	n := r.Counts[filing.New] + r.Counts[filing.Outcome(filing.Rejected)] + r.Counts[filing.Outcome(filing.Unknown)]
	if f.o.changed {
		n += r.Counts[filing.Changed]
	}
	return n
}

func (f *filingRun) results(ctx context.Context, survey *filing.Survey) iter.Seq2[filing.Result, error] {
	return f.engine.Results(ctx, f.files, survey, filing.ResultOptions{Override: f.o.override, Partial: f.o.partial})
}

// shown are the results that are printed: all, or those that a person should look at.
func (f *filingRun) shown(all iter.Seq2[filing.Result, error]) iter.Seq2[filing.Result, error] {
	if f.o.all {
		return all
	}
	return func(yield func(filing.Result, error) bool) {
		for r, err := range all {
			warned := r.Outcome == filing.Outcome(filing.Accepted) && len(r.Entry.Warnings) > 0
			if (err != nil || warned || r.Outcome.Failed()) && !yield(r, err) {
				return
			}
		}
	}
}

// submitted is what filing submit prints with --json, before the results.
type submitted struct {
	Profile string                 `json:"profile"`
	DryRun  bool                   `json:"dryRun,omitempty"`
	Rows    int                    `json:"rows"`
	Sent    int                    `json:"sent"` // in this run
	Calls   int                    `json:"calls"`
	Counts  map[filing.Outcome]int `json:"counts"`
	Files   []submittedFile        `json:"files"`
	Problem string                 `json:"problem,omitempty"` // why the run ended early
}

type submittedFile struct {
	File     string `json:"file"`
	Rows     int    `json:"rows"`
	Readable bool   `json:"readable"` // to its end
}

// tell prints what became of the rows. The results are written as they are read.
func (f *filingRun) tell(ctx context.Context, report filing.Report, ended error) error {
	survey, err := filing.TakeSurvey(ctx, f.files)
	if err != nil {
		return err
	}
	results := f.shown(f.results(ctx, survey))
	if f.p.json {
		v := submitted{
			Profile: f.profile, DryRun: f.o.dryRun, Rows: report.Rows, Sent: report.Sent, Calls: report.Calls, Counts: report.Counts,
			Files: []submittedFile{},
		}
		if v.Counts == nil {
			v.Counts = map[filing.Outcome]int{}
		}
		for _, one := range survey.Files {
			v.Files = append(v.Files, submittedFile{File: one.Name, Rows: one.Rows, Readable: one.Problem == nil})
		}
		if ended != nil {
			v.Problem = ended.Error()
		}
		return exportJSON(f.p.Stdout, v, results)
	}
	for _, one := range survey.Files {
		if one.Problem != nil {
			f.p.narrate("%s", one.Problem)
		}
	}
	if err := f.p.printFiled(results); err != nil {
		return err
	}
	return f.p.print(fmt.Sprintf("%s: %s", plural(report.Rows, "row"), countsOf(report.Counts)))
}

func (p *Program) printFiled(results iter.Seq2[filing.Result, error]) error {
	for r, err := range results {
		if err != nil {
			return err
		}
		if err := p.print(filed(r)); err != nil {
			return err
		}
	}
	return nil
}

// exportJSON writes an object with the members of v and the list of results, which are never held together.
func exportJSON(w io.Writer, v any, results iter.Seq2[filing.Result, error]) error {
	head, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, strings.TrimSuffix(string(head), "}")+",\n\"results\": "); err != nil {
		return err
	}
	if err := filing.ExportJSON(w, results); err != nil {
		return err
	}
	_, err = io.WriteString(w, "}\n")
	return err
}

// verdict is the end of a run as an exit code: rows in doubt are worse than an account that is not accepted, and that is
// worse than rows that were refused.
func (f *filingRun) verdict(ctx context.Context, report filing.Report, ended error) error {
	n := func(s filing.State) int { return report.Counts[filing.Outcome(s)] }
	doubt := n(filing.Unknown) + n(filing.Sending)
	waiting := n(filing.Queued)
	bad := report.Rows - n(filing.Accepted) - report.Counts[filing.Repeated] - doubt - waiting
	switch {
	case doubt > 0:
		return &exit{exitUnknown, because(ended, fmt.Sprintf(
			"what became of %s is not known: run it again, which sends no row twice that InsCipher has", plural(doubt, "row")))}
	case ctx.Err() != nil:
		f.p.narrate("stopped, nothing is in doubt: run it again to go on")
		return interrupted(ctx)
	case errors.Is(ended, filing.ErrSignIn):
		return &exit{exitSignedOut, because(ended, "sign in: "+loginOf(config.InsCipher))}
	case ended != nil:
		return ended
	case waiting > 0 && !f.o.noWait:
		return &exit{exitUnknown, fmt.Errorf("no result yet for %s, queued at InsCipher: claimdeck filing status --poll asks for it", plural(waiting, "row"))}
	case bad > 0:
		return fmt.Errorf("%d of %s are not filed", bad, plural(report.Rows, "row"))
	}
	if waiting > 0 {
		f.p.narrate("queued at InsCipher: %s; claimdeck filing status --poll asks for the results", plural(waiting, "row"))
	}
	return unread(report)
}

// unread is the error of files that could not be read to their end, of which no row is held.
func unread(report filing.Report) error {
	for _, one := range report.Files {
		if one.Problem != nil {
			return fmt.Errorf("%s was not read to its end", one.Name)
		}
	}
	return nil
}

func because(cause error, words string) error {
	if cause == nil {
		return errors.New(words)
	}
	return fmt.Errorf("%s (%w)", words, cause)
}

// interrupted is how a command ends that was asked to, after it has said where things stand.
func interrupted(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), ErrTerminated) {
		return &exit{exitTerminated, errors.New("")}
	}
	return &exit{exitInterrupted, errors.New("")}
}
