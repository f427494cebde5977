package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/action/scenario"
	"claimdeck/state/activity"
	"claimdeck/state/config"
	"claimdeck/state/config/nearest"
)

// studioCommands are the verbs that test an account, beside serving the sandbox.
func (p *Program) studioCommands() []*cobra.Command {
	return []*cobra.Command{p.sandboxRun(), p.sandboxTrigger(), p.sandboxVIN(), p.sandboxRecord()}
}

// studioOptions are those of every run, from flags.
type studioOptions struct {
	within time.Duration
	fields []string
}

func (o *studioOptions) flags(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&o.within, "within", 0, "how long to wait for an activity, such as 2m (default 30s)")
}

func (o *studioOptions) claimFlags(cmd *cobra.Command) {
	o.flags(cmd)
	cmd.Flags().StringArrayVar(&o.fields, "field", nil, "NAME=VALUE of the claims that are created, such as lenderName=Chase; may be given several times")
}

// studio is the scenario engine on a session.
func (p *Program) studio(s *session, profile config.Profile, o studioOptions) (*scenario.Studio, error) {
	fields, err := fieldValues(o.fields)
	if err != nil {
		return nil, err
	}
	return scenario.New(scenario.Options{
		Client: s.account.Client(), ClientID: profile.LossExpress.ClientID, Actions: s.actions, Refresh: s.openClaim, Memory: s.store,
		Production: profile.Environment == config.Production, Vendor: profile.LossExpress.Flavour == config.Vendor,
		Fields: fields, Within: o.within, Now: p.Now, Wait: p.wait,
	}), nil
}

// fieldValues reads NAME=VALUE; numbers, true and false are sent as such.
func fieldValues(pairs []string) (map[string]any, error) {
	fields := map[string]any{}
	known := scenario.ClaimFields()
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		switch {
		case !ok || name == "":
			return nil, usage("--field %s is not NAME=VALUE, such as lenderName=Chase", pair)
		case !slices.Contains(known, name):
			return nil, usage("--field %s is not a field of a claim%s", name, nearest.Hint(name, known))
		}
		fields[name] = scenario.FieldValue(name, value)
	}
	return fields, nil
}

// withStudio opens the profile and its studio. Production is refused before anything is asked of the service, and a
// service that does not let us in ends it before anything is done: no step failed then.
func (p *Program) withStudio(ctx context.Context, o studioOptions, do func(s *session, st *scenario.Studio) error) error {
	s, cfg, err := p.profileSession(ctx, nil)
	if err != nil {
		return err
	}
	defer s.close()
	if cfg.Profile.Environment == config.Production {
		return &exit{exitFailed, scenario.ErrProduction}
	}
	st, err := p.studio(s, cfg.Profile, o)
	if err != nil {
		return err
	}
	if err := s.account.Check(ctx); err != nil {
		return err
	}
	return do(s, st)
}

func (p *Program) sandboxRun() *cobra.Command {
	var o studioOptions
	var junit string
	var list bool
	cmd := &cobra.Command{
		Use:   "run [NAME...]",
		Short: "Run scenarios against the configured service, and say what passed",
		Long: "Runs scenarios, all shipped ones when none is named. NAME is a shipped scenario (--list shows them) or a TOML file.\n" +
			"Each creates claims of its own, whose numbers begin with SCN, and leaves them behind: the service has no delete.\n" +
			"Nothing runs on a production profile. The exit code is 1 when a scenario failed.",
		Example: "claimdeck sandbox run --list\nclaimdeck sandbox run\nclaimdeck sandbox run vin-payoff counter --junit report.xml",
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := chosen(args)
			if err != nil {
				return err
			}
			if list {
				return p.printScenarios(all)
			}
			return p.withStudio(cmd.Context(), o, func(s *session, st *scenario.Studio) error {
				return p.runScenarios(cmd.Context(), s, st, all, junit)
			})
		},
	}
	o.claimFlags(cmd)
	cmd.Flags().StringVar(&junit, "junit", "", "write the result as JUnit XML to this file")
	cmd.Flags().BoolVar(&list, "list", false, "print the scenarios and run nothing")
	return cmd
}

// chosen are the scenarios that were named: shipped ones, or files.
func chosen(names []string) ([]scenario.Scenario, error) {
	shipped, err := scenario.Shipped()
	if err != nil || len(names) == 0 {
		return shipped, err
	}
	var all []scenario.Scenario
	for _, name := range names {
		i := slices.IndexFunc(shipped, func(sc scenario.Scenario) bool { return sc.Name == name })
		switch {
		case i >= 0:
			all = append(all, shipped[i])
		case strings.HasSuffix(name, ".toml"):
			data, err := os.ReadFile(name) //nolint:gosec // the file that was asked for
			if err != nil {
				return nil, usage("the scenario cannot be read: %w", err)
			}
			sc, err := scenario.Parse(name, data)
			if err != nil {
				return nil, &exit{exitUsage, err}
			}
			all = append(all, sc)
		default:
			var known []string
			for _, sc := range shipped {
				known = append(known, sc.Name)
			}
			return nil, usage("there is no scenario %q%s; claimdeck sandbox run --list shows them, and a file ends in .toml", name, nearest.Hint(name, known))
		}
	}
	return all, nil
}

func (p *Program) printScenarios(all []scenario.Scenario) error {
	if p.json {
		type view struct {
			Name  string        `json:"name"`
			About string        `json:"about"`
			Needs scenario.Need `json:"needs,omitempty"`
			Steps int           `json:"steps"`
		}
		views := []view{}
		for _, sc := range all {
			views = append(views, view{sc.Name, sc.About, sc.Needs, len(sc.Steps)})
		}
		return p.printJSON(views)
	}
	for _, sc := range all {
		if err := p.print(fmt.Sprintf("%-14s  %3d steps  %s", sc.Name, len(sc.Steps), sc.About)); err != nil {
			return err
		}
	}
	return nil
}

func (p *Program) runScenarios(ctx context.Context, s *session, st *scenario.Studio, all []scenario.Scenario, junit string) error {
	report := scenario.Report{Service: s.account.Base()}
	for _, sc := range all {
		res, err := st.Run(ctx, sc, scenario.Created{}, nil)
		if err != nil {
			return usage("%w", err)
		}
		report.Results = append(report.Results, res)
		if err := p.tellResult(res); err != nil {
			return err
		}
		if ctx.Err() != nil {
			break
		}
	}
	if junit != "" {
		if err := writeJUnit(junit, report); err != nil {
			return err
		}
	}
	if p.json {
		if err := p.printJSON(report); err != nil {
			return err
		}
	}
	p.tellCreated(report)
	if n := report.Count(scenario.Failed); n > 0 {
		return &exit{exitFailed, fmt.Errorf("%d of %d scenarios failed", n, len(report.Results))}
	}
	return ctx.Err()
}

// tellResult prints the line of a scenario, with the reason when it did not pass. With --json it is narration: the
// document comes when all have run.
func (p *Program) tellResult(res scenario.Result) error {
	line := fmt.Sprintf("%-7s  %-14s  %7s  %3d steps", res.Status, res.Name, scenario.Seconds(res.Took), len(res.Steps))
	if res.Words != "" {
		line += "  " + res.Words
	}
	if p.json {
		p.narrate("%s", line)
		return nil
	}
	return p.print(line)
}

// tellCreated says on stderr what came of it in all, and what is left at the service.
func (p *Program) tellCreated(r scenario.Report) {
	p.narrate("%d passed, %d failed, %d skipped in %s", r.Count(scenario.Passed), r.Count(scenario.Failed), r.Count(scenario.Skipped), scenario.Seconds(r.Took()))
	var numbers []string
	for _, res := range r.Results {
		for _, c := range res.Created {
			numbers = append(numbers, c.Number)
		}
	}
	switch len(numbers) {
	case 0:
	case 1:
		p.narrate("claim %s was created at %s and stays there", numbers[0], r.Service)
	default:
		p.narrate("%d claims were created at %s and stay there: %s", len(numbers), r.Service, strings.Join(numbers, ", "))
	}
}

func writeJUnit(path string, r scenario.Report) error {
	f, err := os.Create(path) //nolint:gosec // the file that was asked for
	if err != nil {
		return fmt.Errorf("the JUnit report cannot be written: %w", err)
	}
	return errors.Join(r.WriteJUnit(f), f.Close())
}

func (p *Program) sandboxTrigger() *cobra.Command {
	var o studioOptions
	var names []string
	for _, e := range scenario.Triggers() {
		names = append(names, e.Name)
	}
	cmd := &cobra.Command{
		Use:   "trigger CLAIM TYPE",
		Short: "Fire a trigger on a claim, and show its activity arriving",
		Long: "Makes LossExpress act on a claim in its testing phase, waits for the activity, and prints it with the time it took.\n" +
			"TYPE is one of " + strings.Join(names, ", ") + ", or the activity type itself.\n" + aboutClaim + "\n" +
			"The exit code is 1 when the activity did not come.",
		Example: "claimdeck sandbox trigger EX-1001 call\nclaimdeck sandbox trigger EX-1001 payoff-data-added",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, ok := scenario.FindTrigger(args[1])
			if !ok {
				return usage("there is no trigger %q%s; there are %s", args[1], nearest.Hint(args[1], names), strings.Join(names, ", "))
			}
			return p.withStudio(cmd.Context(), o, func(s *session, st *scenario.Studio) error {
				row, err := s.resolve(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				on := scenario.Created{ClaimID: row.ID, Number: row.Number, VIN: row.VIN}
				return p.fire(cmd.Context(), st, scenario.OfTrigger(e), on)
			})
		},
	}
	o.flags(cmd)
	return cmd
}

func (p *Program) sandboxVIN() *cobra.Command {
	var o studioOptions
	cmd := &cobra.Command{
		Use:   "vin [VIN|NAME]",
		Short: "Create a claim with a test VIN, and show its activity arriving",
		Long: "Creates a claim with one of the eight test VINs, waits for what LossExpress does with it, and prints the activity\n" +
			"with the time it took. Without an argument it prints the test VINs. The exit code is 1 when the activity did not come.",
		Example: "claimdeck sandbox vin\nclaimdeck sandbox vin counter\nclaimdeck sandbox vin JHMGE8H35DC075558 --field lenderName=Chase",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return p.printVINs()
			}
			e, ok := scenario.FindVIN(args[0])
			if !ok {
				return usage("%q is no test VIN and no name of one; claimdeck sandbox vin prints them", args[0])
			}
			return p.withStudio(cmd.Context(), o, func(_ *session, st *scenario.Studio) error {
				return p.fire(cmd.Context(), st, scenario.OfVIN(e), scenario.Created{})
			})
		},
	}
	o.claimFlags(cmd)
	return cmd
}

func (p *Program) printVINs() error {
	if p.json {
		type view struct {
			Name     string        `json:"name"`
			VIN      string        `json:"vin"`
			Activity activity.Type `json:"activityType"`
			About    string        `json:"about"`
		}
		var views []view
		for _, e := range scenario.TestVINs() {
			views = append(views, view{e.Name, e.VIN, e.Activity, e.About})
		}
		return p.printJSON(views)
	}
	for _, e := range scenario.TestVINs() {
		if err := p.print(fmt.Sprintf("%-10s  %s  %s", e.Name, e.VIN, e.About)); err != nil {
			return err
		}
	}
	return nil
}

// fire runs a scenario of one effect and tells every step as it ends.
func (p *Program) fire(ctx context.Context, st *scenario.Studio, sc scenario.Scenario, on scenario.Created) error {
	res, err := st.Run(ctx, sc, on, func(step scenario.StepResult) {
		if step.Activity == nil && step.Status == scenario.Passed {
			p.narrate("%s on %s: waiting for the activity, at most %s", step.Title, step.Claim.Number, scenario.Seconds(st.Within()))
		}
	})
	if err != nil {
		return err
	}
	if p.json {
		if err := p.printJSON(res); err != nil {
			return err
		}
	} else if err := p.tellArrivals(res); err != nil {
		return err
	}
	if res.Status != scenario.Passed {
		return &exit{exitFailed, errors.New(res.Words)}
	}
	return nil
}

// tellArrivals prints the activities that came: number, type, what it says, and the time it took.
func (p *Program) tellArrivals(res scenario.Result) error {
	for _, step := range res.Steps {
		if step.Activity == nil {
			continue
		}
		line := fmt.Sprintf("%s  %s  %s  after %s", step.Claim.Number, step.Activity.Type, step.Activity.Summary(), scenario.Seconds(step.After))
		if err := p.print(line); err != nil {
			return err
		}
	}
	return nil
}
