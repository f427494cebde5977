package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/api"
	"claimdeck/state/config"
	"claimdeck/state/feed"
	"claimdeck/state/outbox"
	"claimdeck/state/store"
)

// statusView is what status tells.
type statusView struct {
	Profile     string `json:"profile"`
	Environment string `json:"environment"`
	URL         string `json:"url"`
	ClientID    string `json:"clientId"`
	Secret      string `json:"secret"` // where it comes from, never what it is
	SignedIn    bool   `json:"signedIn"`
	Problem     string `json:"problem,omitempty"`
	Store       string `json:"store"`
	Bytes       int64  `json:"bytes"`
	Activities  int    `json:"activities"`
	Claims      int    `json:"claims"`
	Newest      string `json:"newest,omitempty"`
	Unsettled   int    `json:"unsettled"`

	// Systems are the side systems that the profile has an account of.
	Systems []health `json:"systems"`
}

// status tells what is configured, whether it signs in, and what is stored.
func (p *Program) status() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Tell the account in use, whether it signs in, and what is stored", Args: cobra.NoArgs,
		Long: "Tells the account in use, whether LossExpress accepts it, and what is stored. The exit code is 4 when nobody is\n" +
			"signed in, and 1 when LossExpress cannot be asked.",
		Example: "claimdeck status\nclaimdeck status --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			dir := cfg.Paths.ProfileDir(cfg.Profile.Name)
			v := statusView{
				Profile: cfg.Profile.Name, Environment: string(cfg.Profile.Environment), URL: cfg.Profile.LossExpress.URL,
				ClientID: cfg.Profile.LossExpress.ClientID, Store: filepath.Join(dir, "claimdeck.db"),
			}
			creds := p.allCredentials(cfg)
			trouble := p.tryAccount(cmd.Context(), cfg, creds[config.LossExpress], &v)
			for _, system := range cfg.Profile.Systems() {
				if system != config.LossExpress {
					v.Systems = append(v.Systems, p.examine(cmd.Context(), cfg, system, creds[system]))
				}
			}
			if err := p.count(cmd.Context(), &v); err != nil {
				return err
			}
			if err := p.printStatus(v); err != nil {
				return err
			}
			return trouble
		},
	}
}

// tryAccount asks LossExpress for a token and says why that cannot be.
func (p *Program) tryAccount(ctx context.Context, cfg config.Config, creds *credentials, v *statusView) error {
	if !cfg.Configured() {
		v.Problem = errNoAccount.Error()
		return &exit{exitSignedOut, errNoAccount}
	}
	h := p.examine(ctx, cfg, config.LossExpress, creds)
	v.Secret, v.Problem, v.SignedIn = h.Secret, h.Problem, h.SignedIn
	if h.err != nil && h.Secret == "" {
		return &exit{exitSignedOut, h.err}
	}
	return h.err
}

// count tells what is stored. A store that does not exist is not made.
func (p *Program) count(ctx context.Context, v *statusView) (err error) {
	info, err := os.Stat(v.Store)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the store cannot be read: %w", err)
	}
	v.Bytes = info.Size()
	s, err := store.Open(ctx, v.Store, store.Options{Now: p.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if v.Activities, err = s.CountActivities(ctx, noFilter); err != nil {
		return err
	}
	if v.Claims, err = s.CountClaims(ctx, noFilter); err != nil {
		return err
	}
	if at, ok, err := s.Cursor(ctx); err != nil {
		return err
	} else if ok {
		v.Newest = at.CreatedAt.UTC().Format(time.RFC3339)
	}
	open, err := s.Entries(ctx, 0, outbox.Held, outbox.Sending, outbox.Unknown)
	v.Unsettled = len(open)
	return err
}

func (p *Program) printStatus(v statusView) error {
	if p.json {
		return p.printJSON(v)
	}
	signedIn := "yes"
	if !v.SignedIn {
		signedIn = "no"
	}
	lines := [][2]string{
		{"profile", fmt.Sprintf("%s (%s)", v.Profile, v.Environment)},
		{"service", v.URL},
		{"client id", v.ClientID},
		{"secret", v.Secret},
		{"signed in", signedIn},
		{"store", fmt.Sprintf("%s (%.1f MB)", v.Store, float64(v.Bytes)/1e6)},
		{"activities", fmt.Sprintf("%d on %d claims", v.Activities, v.Claims)},
		{"newest", v.Newest},
		{"unsettled", fmt.Sprintf("%d writes", v.Unsettled)},
	}
	for _, h := range v.Systems {
		lines = append(lines, [2]string{h.System, hang(h.line(), 12)})
	}
	for _, line := range lines {
		value := line[1]
		if value == "" {
			value = "none"
		}
		if err := p.print(fmt.Sprintf("%-12s%s", line[0], value)); err != nil {
			return err
		}
	}
	return nil
}

// signedOut reports whether an error means that the credentials were refused or are missing.
func signedOut(err error) bool {
	return errors.Is(err, api.ErrUnauthorized) || feed.AsProblem(err).Kind == feed.Unauthorized
}
