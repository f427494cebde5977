package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/keymap"
	sandboxlx "claimdeck/sandbox/lossexpress"
	"claimdeck/state/config"
	"claimdeck/state/feed"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
)

// The credentials of the sandbox: published, and good for nothing else.
const (
	sandboxID     = "demo-client"
	sandboxSecret = "demo-secret"
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
	base, end, err := p.startSandbox(ctx, "127.0.0.1:0", o)
	if err != nil {
		return err
	}
	defer end()
	changes := newSignal()
	s, err := p.open(ctx, sessionOptions{
		profile: "demo", url: base, dir: dir, lookback: demoDays * 24 * time.Hour, hold: 5 * time.Second, noSync: true,
		log: slog.New(slog.DiscardHandler), changed: changes.raise, pace: feed.Pace{Normal: 2 * time.Second},
		credentials: func(context.Context) (string, string, error) { return sandboxID, sandboxSecret, nil },
	})
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.syncer.Once(ctx); err != nil {
		return fmt.Errorf("the demo's first read failed: %w", err)
	}
	studio, err := p.studio(s, config.Profile{
		Environment: config.Sandbox, LossExpress: config.Account{URL: base, ClientID: sandboxID, Flavour: config.Carrier},
	}, studioOptions{})
	if err != nil {
		return err
	}
	return p.runConsole(ctx, s, consoleOptions{
		downloads: filepath.Join(dir, "documents"), templates: demoTemplates(),
		changes: changes, studio: studio, keys: keymap.Default(), profile: screen.Profile{Name: "demo", Label: "demo sandbox", Host: base},
		theme: theme.Options{Dark: o.theme != "light"}, fixed: o.theme == "dark" || o.theme == "light",
	})
}

// startSandbox serves the seeded sandbox on addr and returns its address.
func (p *Program) startSandbox(ctx context.Context, addr string, o demoOptions) (base string, end func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, fmt.Errorf("the sandbox cannot listen on %s: %w; choose another address with --addr", addr, err)
	}
	base = "http://" + l.Addr().String()
	sb := sandboxlx.New(sandboxlx.Options{
		Seed: 1, Now: p.Now, ClientID: sandboxID, Secret: sandboxSecret, PublicURL: base,
		Behaviour: sandboxlx.Behaviour{HostileStrings: o.hostile, TestVINDelay: 2 * time.Second},
	})
	sb.SeedDemo()
	if o.example {
		if err := addExample(sb, p.Now()); err != nil {
			sb.Close()
			return "", nil, errors.Join(err, l.Close())
		}
	}
	srv := &http.Server{Handler: sb, ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { _ = srv.Serve(l) }) // it ends with Close
	if !o.still {
		work.Go(func() { sb.Live(ctx, livePace(), p.wait) })
	}
	return base, func() {
		stop()
		_ = srv.Close() // nothing depends on it any more
		sb.Close()
		work.Wait()
	}, nil
}

// demoTemplates are the beginnings of messages that the demo offers; a person's own stand in the configuration.
func demoTemplates() []screen.Template {
	return []screen.Template{
		{Name: "Ask for the letter of guarantee", Text: "Hello, we have the payoff of {payoff} for {claim} ({vehicle}, VIN {vin}). When can we expect the letter of guarantee from {lender}?"},
		{Name: "Per diem after the quote", Text: "The payoff of {payoff} on {claim} is good through {good_through}. Please confirm the per diem of {per_diem} after that date."},
		{Name: "Customer authorization", Text: "{owner} has given authorization to {lender} for claim {claim} by phone today."},
	}
}
