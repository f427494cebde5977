package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"claimdeck/action"
	"claimdeck/action/account"
	"claimdeck/action/systems"
	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/config"
	"claimdeck/state/feed"
	"claimdeck/state/outbox"
	"claimdeck/state/secret"
	"claimdeck/state/store"
)

// beginning is before any claim of the service: histories are read from there.
var beginning = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

// session is one account with its store: everything the console and the verbs work with.
type session struct {
	store    *store.Store
	dir      string // of the store, and of what else belongs to the profile
	instance *store.Instance
	account  *account.Account
	systems  *systems.Systems // those that the profile has an account of
	actions  *action.Registry
	box      *outbox.Box
	syncer   *feed.Syncer
	creds    []*credentials // LossExpress first; none: those of the demo
	onEntry  func(outbox.Entry)
	// registered is called when the registration of a webhook ended; untold is why the listeners of this machine do not
	// know. nil: nobody waits for it.
	registered func(answer lossexpress.Registration, untold error)
	log        *slog.Logger
	close      func()
}

// sessionOptions say whose session it is and where it is kept.
type sessionOptions struct {
	profile     string
	url         string
	dir         string         // of the store
	accounts    config.Profile // with the accounts of the side systems
	credentials func(system string) systems.Credentials
	flavour     config.Flavour
	lookback    time.Duration
	hold        time.Duration
	noSync      bool
	log         *slog.Logger
	changed     func() // called after every change; must not block
	pace        feed.Pace
}

// open opens the store and the account. Nothing is asked of the service yet.
func (p *Program) open(ctx context.Context, o sessionOptions) (*session, error) {
	st, err := store.Open(ctx, filepath.Join(o.dir, "claimdeck.db"), store.Options{Now: p.Now, NoSync: o.noSync})
	if err != nil {
		return nil, err
	}
	instance, err := store.NewInstance(o.dir)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	s := &session{store: st, dir: o.dir, instance: instance, log: o.log}
	s.close = func() {
		if s.account != nil {
			s.account.Close()
		}
		if s.systems != nil {
			s.systems.Close()
		}
		if err := errors.Join(instance.Close(), st.Close()); err != nil {
			o.log.Warn("close", "error", err)
		}
	}
	if err := s.wire(p, o); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) wire(p *Program, o sessionOptions) error {
	var err error
	s.account, err = account.Open(account.Options{
		Name: o.profile, BaseURL: o.url, Credentials: o.credentials(config.LossExpress), Now: p.Now, Wait: p.wait, Log: o.log, UserAgent: p.userAgent(),
	})
	if err != nil {
		return err
	}
	side := p.systemOptions(o.accounts, o.credentials)
	side.Memory, side.Log = s.store, o.log
	s.systems = systems.Open(side)
	s.syncer = feed.New(feed.Options{
		Source: s.account.Source(), Journal: s.store, Now: p.Now, Wait: p.wait, Log: o.log, Lookback: o.lookback, Pace: o.pace,
		Lead:    store.PollerLock(o.dir),
		OnAdded: func(ctx context.Context, added []activity.Activity) { s.box.Observe(ctx, added) },
	})
	deps := action.Deps{
		Client: s.account.Client(), Store: s.store, Now: p.Now, Flavour: action.Flavour(o.flavour), Known: s.known,
		Backfill: func(ctx context.Context, claimID string, after time.Time) error {
			_, err := s.syncer.Backfill(ctx, claimID, after)
			return err
		},
		Registering: s.registering(p.Now), Unusable: s.systems.Problem,
	}
	// An interface that holds a nil pointer is not nil: a system without an account stays away.
	if s.systems.Cases != nil {
		deps.Cases = s.systems.Cases
	}
	if s.systems.Reserves != nil {
		deps.Reserves = s.systems.Reserves
	}
	s.actions = action.New(deps)
	s.box = outbox.New(outbox.Options{
		Journal: action.Journal(s.store), Sender: s.actions, Now: p.Now, Wait: p.wait, Hold: o.hold, Instance: s.instance.ID(),
		Alive: s.instance.Alive, Lane: s.actions.Lane, Log: o.log,
		OnChange: func(e outbox.Entry) {
			if o.changed != nil {
				o.changed()
			}
			if s.onEntry != nil {
				s.onEntry(e)
			}
		},
	})
	return nil
}

// openClaim reads a claim and its whole history from the service into the store.
func (s *session) openClaim(ctx context.Context, claimID string) error {
	snap, err := s.account.Snapshot(ctx, claimID)
	if err != nil {
		return err
	}
	if err := s.store.SaveSnapshot(ctx, snap); err != nil {
		return err
	}
	_, err = s.syncer.Backfill(ctx, claimID, beginning)
	return err
}

// find asks the service for claims by number or VIN, and keeps what it finds.
func (s *session) find(ctx context.Context, ref string) ([]store.ClaimRow, error) {
	snaps, err := s.account.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	for _, snap := range snaps {
		if err := s.store.SaveSnapshot(ctx, snap); err != nil {
			return nil, err
		}
	}
	return s.store.FindClaims(ctx, ref)
}

// profileSession opens the session of the configured profile.
func (p *Program) profileSession(ctx context.Context, changed func()) (*session, config.Config, error) {
	return p.sessionSince(ctx, changed, time.Time{})
}

// sessionSince is profileSession whose very first read of the feed goes back to since, if that is earlier than the
// profile says.
func (p *Program) sessionSince(ctx context.Context, changed func(), since time.Time) (*session, config.Config, error) {
	cfg, err := config.Load(p.Env, config.Options{Profile: p.profile})
	if err != nil {
		return nil, cfg, &exit{exitUsage, err}
	}
	if !cfg.Configured() {
		return nil, cfg, &exit{exitSignedOut, errNoAccount}
	}
	s, err := p.sessionOf(ctx, cfg, changed, since)
	return s, cfg, err
}

// sessionOf opens the session of a profile, whichever systems it has an account of.
func (p *Program) sessionOf(ctx context.Context, cfg config.Config, changed func(), since time.Time) (*session, error) {
	log, closeLog, err := openLog(cfg.Paths.State)
	if err != nil {
		return nil, err
	}
	creds := p.allCredentials(cfg)
	lookback := cfg.Profile.Lookback
	if !since.IsZero() {
		lookback = max(lookback, p.Now().Sub(since))
	}
	s, err := p.open(ctx, sessionOptions{
		profile: cfg.Profile.Name, url: cfg.Profile.LossExpress.URL, dir: cfg.Paths.ProfileDir(cfg.Profile.Name),
		flavour: cfg.Profile.LossExpress.Flavour, lookback: lookback, hold: cfg.Profile.Hold, log: log, changed: changed,
		accounts: cfg.Profile, credentials: func(system string) systems.Credentials { return creds[system].get }, pace: p.Pace,
	})
	if err != nil {
		closeLog()
		return nil, err
	}
	for _, system := range systemNames() {
		s.creds = append(s.creds, creds[system])
	}
	unwatch := s.syncer.Subscribe(func() {
		if s.syncer.Status().Phase == feed.SignedOut {
			creds[config.LossExpress].doubt()
		}
	})
	inner := s.close
	s.close = func() { unwatch(); inner(); closeLog() }
	return s, nil
}

// errNoAccount is why nothing can be asked of LossExpress yet.
var errNoAccount = errors.New("no account is configured: claimdeck login signs in, claimdeck demo shows the console without an account")

// secrets is where the profile's secrets are kept; ask gets the passphrase of an encrypted one.
func (p *Program) secrets(cfg config.Config, ask passphraseAsker) *secret.Chain {
	return secret.NewChain(secret.Options{
		Env:        p.Env,
		Keyring:    p.Keyring,
		WorkFactor: p.PhraseCost,
		Command:    func(system string) string { c, _ := cfg.Profile.Secret.For(system); return c },
		File:       func(system string) string { _, file := cfg.Profile.Secret.For(system); return file },
		Passphrase: ask,
	})
}

// maxLog is how large the log may be when a session starts; a larger one is begun anew.
const maxLog = 5 << 20

func openLog(dir string) (*slog.Logger, func(), error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("the log's folder cannot be made: %w", err)
	}
	path := filepath.Join(dir, "claimdeck.log")
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o600) //nolint:gosec // the path is the person's own folder
	if err != nil {
		return nil, nil, fmt.Errorf("the log cannot be written: %w", err)
	}
	log := slog.New(slog.NewJSONHandler(f, nil))
	return log, func() { _ = f.Close() }, nil // it is only the log
}

// wait waits for d, or for the end of ctx.
func (p *Program) wait(ctx context.Context, d time.Duration) error {
	if p.Wait != nil {
		return p.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
