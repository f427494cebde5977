package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/action/systems"
	"claimdeck/keymap"
	"claimdeck/state/feed"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
)

// demoDays is how much history the demo shows.
const demoDays = 12

// demo opens the console on an embedded sandbox.
func (p *Program) demo() *cobra.Command {
	var still, hostile bool
	var light string
	cmd := &cobra.Command{
		Use:     "demo",
		Short:   "Open the console on an embedded sandbox: nothing to configure, nothing left behind",
		Example: "claimdeck demo",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains([]string{"auto", "dark", "light"}, light) {
				return usage("--theme %s is none of auto, dark and light", light)
			}
			return p.runDemo(cmd.Context(), demoOptions{still: still, hostile: hostile, theme: light})
		},
	}
	cmd.Flags().BoolVar(&still, "still", false, "no new activities arrive")
	cmd.Flags().BoolVar(&hostile, "hostile", false, "the sandbox sends escape sequences and other hostile text")
	cmd.Flags().StringVar(&light, "theme", "auto", "auto, dark or light")
	return cmd
}

type demoOptions struct {
	still, hostile bool
	example        bool // the claim of the help's examples is there too
	theme          string
}

func (p *Program) runDemo(ctx context.Context, o demoOptions) (err error) {
	dir, err := os.MkdirTemp("", "claimdeck-demo-")
	if err != nil {
		return fmt.Errorf("the demo needs a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sb, err := p.startSandboxes(ctx, "127.0.0.1:0", o)
	if err != nil {
		return err
	}
	defer sb.end()
	changes := newSignal()
	s, err := p.open(ctx, sessionOptions{
		profile: "demo", url: sb.base, dir: dir, accounts: sb.accounts(), lookback: demoDays * 24 * time.Hour, hold: 5 * time.Second, noSync: true,
		log: slog.New(slog.DiscardHandler), changed: changes.raise, pace: feed.Pace{Normal: 2 * time.Second},
		credentials: func(string) systems.Credentials {
			return func(context.Context) (string, string, error) { return sandboxID, sandboxSecret, nil }
		},
	})
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.syncer.Once(ctx); err != nil {
		return fmt.Errorf("the demo's first read failed: %w", err)
	}
	studio, err := p.studio(s, sb.accounts(), studioOptions{})
	if err != nil {
		return err
	}
	if err := s.offerFilings(ctx, filepath.Join(dir, strings.ToLower(p.Now().Month().String())), p.Now()); err != nil {
		return err
	}
	return p.runConsole(ctx, s, consoleOptions{
		downloads: filepath.Join(dir, "documents"), templates: demoTemplates(),
		changes: changes, studio: studio, keys: keymap.Default(), profile: screen.Profile{Name: "demo", Label: "demo sandbox", Host: sb.base},
		theme: theme.Options{Dark: o.theme != "light"}, fixed: o.theme == "dark" || o.theme == "light",
	})
}

// demoTemplates are the beginnings of messages that the demo offers; a person's own stand in the configuration.
func demoTemplates() []screen.Template {
	return []screen.Template{
		{Name: "Ask for the letter of guarantee", Text: "Hello, we have the payoff of {payoff} for {claim} ({vehicle}, VIN {vin}). When can we expect the letter of guarantee from {lender}?"},
		{Name: "Per diem after the quote", Text: "The payoff of {payoff} on {claim} is good through {good_through}. Please confirm the per diem of {per_diem} after that date."},
		{Name: "Customer authorization", Text: "{owner} has given authorization to {lender} for claim {claim} by phone today."},
	}
}
