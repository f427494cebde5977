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
}

// status tells what is configured, whether it signs in, and what is stored.
func (p *Program) status() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Tell the account in use, whether it signs in, and what is stored", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, cfg, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			v, signedOut, err := p.gather(cmd.Context(), s, cfg)
			if err != nil {
				return err
			}
			if err := p.printStatus(v); err != nil {
				return err
			}
			switch {
			case signedOut:
				return &exit{exitSignedOut, errors.New(v.Problem)}
			case v.Problem != "":
				return errors.New(v.Problem)
			}
			return nil
		},
	}
}

func (p *Program) gather(ctx context.Context, s *session, cfg config.Config) (v statusView, out bool, err error) {
	dir := cfg.Paths.ProfileDir(cfg.Profile.Name)
	v = statusView{
		Profile: cfg.Profile.Name, Environment: string(cfg.Profile.Environment), URL: cfg.Profile.LossExpress.URL,
		ClientID: cfg.Profile.LossExpress.ClientID, Store: filepath.Join(dir, "claimdeck.db"),
	}
	if _, where, err := p.secrets(cfg).Get(ctx, config.LossExpress, cfg.Profile.Name); err != nil {
		v.Problem, out = err.Error(), true
	} else {
		v.Secret = where.String()
		if err := s.account.Check(ctx); err != nil {
			v.Problem, out = err.Error(), signedOut(err)
		}
	}
	v.SignedIn = v.Problem == ""
	if info, err := os.Stat(v.Store); err == nil {
		v.Bytes = info.Size()
	}
	return v, out, s.count(ctx, &v)
}

// count tells what is stored.
func (s *session) count(ctx context.Context, v *statusView) error {
	var err error
	if v.Activities, err = s.store.CountActivities(ctx, noFilter); err != nil {
		return err
	}
	if v.Claims, err = s.store.CountClaims(ctx, noFilter); err != nil {
		return err
	}
	if at, ok, err := s.store.Cursor(ctx); err != nil {
		return err
	} else if ok {
		v.Newest = at.CreatedAt.UTC().Format(time.RFC3339)
	}
	open, err := s.store.Entries(ctx, 0, outbox.Held, outbox.Sending, outbox.Unknown)
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
	_, err := fmt.Fprintf(p.Stdout, "profile     %s (%s)\nservice     %s\nclient id   %s\nsecret      %s\nsigned in   %s\nstore       %s (%.1f MB)\nactivities  %d on %d claims\nnewest      %s\nunsettled   %d writes\n",
		v.Profile, v.Environment, v.URL, v.ClientID, v.Secret, signedIn, v.Store, float64(v.Bytes)/1e6, v.Activities, v.Claims, v.Newest, v.Unsettled)
	return err
}

// signedOut reports whether an error means that the credentials were refused or are missing.
func signedOut(err error) bool {
	return errors.Is(err, api.ErrUnauthorized) || feed.AsProblem(err).Kind == feed.Unauthorized
}
