// Package cli is the command line: one file a noun, every verb an action of package action. It wires the parts
// together; what they do is theirs.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/state/config"
	"claimdeck/state/feed"
	"claimdeck/state/secret"
)

// Program is the process as the command line sees it.
type Program struct {
	Args    []string // without the program's name
	Self    string   // path of the executable
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Env     config.Lookup
	Now     func() time.Time
	Version string
	Commit  string
	Date    string

	// For tests; a person has the defaults.
	Keyring    secret.Backend                                   // nil: the one of the operating system
	Wait       func(ctx context.Context, d time.Duration) error // nil: a timer
	Pace       feed.Pace                                        // of polls, except in the demo; zero: the syncer's own
	PhraseCost int                                              // log2 of the work to open an encrypted secret; 0: that of package secret

	profile  string // flag --profile
	json     bool   // flag --json
	prompter prompter
	failed   error // how the command ended
}

// The exit codes.
const (
	exitDone      = 0
	exitFailed    = 1 // refused or failed
	exitUsage     = 2
	exitUnknown   = 3 // sent, outcome unknown
	exitSignedOut = 4 // not signed in, or refused

	exitInterrupted = 130 // as a shell has it for ctrl+c
	exitTerminated  = 143 // as a shell has it for a request to end; also for a lost connection
)

// The causes of the end of Run's context, when it was a signal.
var (
	ErrInterrupted = errors.New("interrupted")
	ErrTerminated  = errors.New("asked to end")
)

// exit is an error with the code the process ends with.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string { return e.err.Error() }
func (e *exit) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &exit{exitUsage, fmt.Errorf(format, args...)} }

// Run runs the command line and returns the exit code.
func Run(ctx context.Context, p *Program) int {
	root := p.root() //nolint:contextcheck // every command has the context that it is executed with
	root.SetArgs(p.Args)
	root.SetIn(p.Stdin)
	root.SetOut(unpad(p.Stdout))
	root.SetErr(p.Stderr)
	err := fang.Execute(ctx, root, fang.WithVersion(p.Version), fang.WithCommit(p.Commit),
		fang.WithColorSchemeFunc(helpColours),
		fang.WithErrorHandler(func(w io.Writer, _ fang.Styles, err error) { p.report(w, err) }))
	if err == nil && p.failed != nil {
		err = p.failed
		p.report(p.Stderr, err)
	}
	return code(err)
}

func code(err error) int {
	if err == nil {
		return exitDone
	}
	if e, ok := errors.AsType[*exit](err); ok {
		return e.code
	}
	if errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	if signedOut(err) {
		return exitSignedOut
	}
	return exitFailed
}

// report says on stderr what went wrong; stdout stays data.
func (p *Program) report(w io.Writer, err error) {
	switch {
	case code(err) == exitInterrupted:
		// who interrupts it knows why it ended
	case err.Error() != "":
		fmt.Fprintln(w, "claimdeck: "+err.Error()) //nolint:errcheck // there is nowhere left to say it
	}
}

func (p *Program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "claimdeck",
		Short: "A console for total-loss claims: watch the LossExpress feed, act by keyboard",
		Long: "claimdeck opens the console on your profile. It tails the LossExpress activity feed without missing an event,\n" +
			"and lets you order documents, request payoffs and answer settlement counters by keyboard.\n" +
			"Without a profile, claimdeck demo shows everything on an embedded sandbox.",
		Example: "claimdeck demo\nclaimdeck login\nclaimdeck\nclaimdeck order create EX-1001 --type \"Copy of Title\"",
		Args:    cobra.NoArgs,
		RunE:    p.console,
	}
	root.PersistentFlags().StringVar(&p.profile, "profile", "", "profile to use (default: the one configured)")
	root.PersistentFlags().BoolVar(&p.json, "json", false, "print one JSON document on stdout")
	root.AddCommand(p.commands()...)
	p.strict(root)
	return root
}

func (p *Program) commands() []*cobra.Command {
	// For what actions say of themselves; a session has its own. A vendor's have every field that there is.
	acts := action.New(action.Deps{Now: p.Now, Flavour: action.Vendor})
	return []*cobra.Command{
		p.demo(), p.login(), p.logout(), p.status(), p.doctor(), p.sandbox(),
		p.feed(), p.claim(acts), p.order(acts), p.payoff(acts), p.guarantee(acts), p.counter(acts), p.document(acts),
		p.message(acts), p.lender(), p.outbox(), p.webhook(acts), p.reserve(acts), p.caseNoun(acts), p.filing(),
		p.keys(), p.config(), p.version(),
	}
}

// strict makes wrong arguments a usage error, and an unknown verb of a noun too. No error of ours reaches fang: it would
// ask the terminal for its colours before it lets us print it, and the answer would be typed into the shell.
func (p *Program) strict(cmd *cobra.Command) {
	fit(cmd)
	check, run := cmd.Args, cmd.RunE
	if check == nil {
		check = cobra.ArbitraryArgs
	}
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			p.failed = usage("%w; see %s --help", err, c.CommandPath())
			return nil
		}
		p.failed = run(c, args)
		return nil
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		p.failed = &exit{exitUsage, err}
		return nil
	})
	for _, sub := range cmd.Commands() {
		p.strict(sub)
	}
}

// noun is a command that only groups its verbs.
func noun(use, short string, verbs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage("%s has no verb %q; see %s --help", use, args[0], c.CommandPath())
		}
		return c.Help()
	}}
	cmd.AddCommand(verbs...)
	return cmd
}
