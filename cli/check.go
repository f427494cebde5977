package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"claimdeck/action/account"
	"claimdeck/action/systems"
	"claimdeck/api"
	"claimdeck/state/config"
	"claimdeck/state/secret"
)

// health is what is known of one remote system: for status and for doctor.
type health struct {
	System     string `json:"system"`
	Configured bool   `json:"configured"`
	URL        string `json:"url,omitempty"`
	ClientID   string `json:"clientId,omitempty"`
	Secret     string `json:"secret,omitempty"` // where it comes from, never what it is
	SignedIn   bool   `json:"signedIn"`
	Words      string `json:"words,omitempty"` // what a good answer leaves open
	ClockSkew  string `json:"clockSkew,omitempty"`
	Problem    string `json:"problem,omitempty"`
	Remedy     string `json:"remedy,omitempty"` // the command or the setting that helps

	err error
}

// skewWorthAWord is the difference of clocks from which on signatures and clocks of work go wrong.
const skewWorthAWord = 30 * time.Second

// examine tries one system out: what is configured, where its secret comes from, whether it lets us in, and whose clock
// is wrong.
func (p *Program) examine(ctx context.Context, cfg config.Config, system string, creds *credentials) health {
	h := health{System: system, Configured: slices.Contains(cfg.Profile.Systems(), system)}
	if !h.Configured {
		h.Remedy = loginOf(system)
		return h
	}
	h.URL, h.ClientID = accountOf(cfg.Profile, system)
	where, err := creds.fetch(ctx)
	if err != nil {
		return h.failed(err)
	}
	h.Secret = where.String()
	found, err := p.tryOut(ctx, cfg.Profile, system, creds.get)
	wrong := found.Timed && found.Skew.Abs() >= skewWorthAWord
	if found.Timed {
		h.ClockSkew = found.Skew.String()
	}
	if err != nil {
		h = h.failed(err)
		wrong = wrong && signedOut(err) // a signed request is refused for its time
	} else {
		h.SignedIn, h.Words = true, found.Words
	}
	if wrong {
		h.Remedy = "set the clock of this machine: it is " + off(found.Skew)
	}
	return h
}

// off is how far the clock of this machine is off, in words.
func off(skew time.Duration) string {
	far := skew.Abs()
	if far >= 2*time.Minute {
		far = far.Truncate(time.Minute)
	}
	words := far.String()
	if strings.HasSuffix(words, "m0s") {
		words = strings.TrimSuffix(words, "0s")
	}
	if skew > 0 {
		return words + " ahead"
	}
	return words + " behind"
}

// failed is h with what went wrong, and the remedy in one line.
func (h health) failed(err error) health {
	h.err, h.Problem = err, err.Error()
	e, _ := api.AsError(err)
	switch {
	case errors.Is(err, secret.ErrPassphrase):
		h.Remedy = "type the passphrase of the encrypted file, or keep the secret anew: " + loginOf(h.System)
	case errors.Is(err, secret.ErrCommand):
		h.Remedy = "run secret.command by hand and mend it"
	case errors.Is(err, secret.ErrKeyring):
		h.Remedy = "keep the secret in an encrypted file: " + loginOf(h.System) + " --file"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		h.Remedy = "check the files that the settings name: claimdeck config show"
	case errors.Is(err, secret.ErrNotFound), signedOut(err):
		h.Remedy = "sign in: " + loginOf(h.System)
	case e == nil:
		h.Remedy = "look at the settings: claimdeck config show"
	case errors.Is(e, api.ErrUnreachable), errors.Is(e, api.ErrInterrupted):
		h.Remedy = "check the address (" + h.System + ".url) and the network, then try again"
	case errors.Is(e, api.ErrForbidden):
		h.Remedy = "ask " + titleOf(h.System) + " to allow this account what it needs"
	case errors.Is(e, api.ErrUnavailable), errors.Is(e, api.ErrRateLimited):
		h.Remedy = "wait, then try again: the service is busy or under repair"
	default:
		h.Remedy = "check the address (" + h.System + ".url): it may belong to something else"
	}
	return h
}

// line says the state of a system in a line.
func (h health) line() string {
	switch {
	case !h.Configured:
		return "not configured"
	case h.SignedIn:
		return h.Words
	default:
		return h.Problem
	}
}

func loginOf(system string) string {
	if system == config.LossExpress {
		return "claimdeck login"
	}
	return "claimdeck login " + system
}

// tryOut asks a system for what shows that it lets us in.
func (p *Program) tryOut(ctx context.Context, profile config.Profile, system string, get systems.Credentials) (systems.Health, error) {
	if system != config.LossExpress {
		s := systems.Open(p.systemOptions(profile, func(string) systems.Credentials { return get }))
		defer s.Close()
		return s.Check(ctx, system)
	}
	acc, err := account.Open(account.Options{
		Name: profile.Name, BaseURL: profile.LossExpress.URL, Credentials: get, Now: p.Now, Wait: p.wait, UserAgent: p.userAgent(),
	})
	if err != nil {
		return systems.Health{}, err
	}
	defer acc.Close()
	if err := acc.Check(ctx); err != nil {
		return systems.Health{}, err
	}
	h := systems.Health{Words: "signed in"}
	if theirs, err := acc.Clock(ctx); err == nil && !theirs.IsZero() {
		h.Skew, h.Timed = p.Now().Sub(theirs).Round(time.Second), true
	}
	return h, nil
}

func (p *Program) systemOptions(profile config.Profile, get func(system string) systems.Credentials) systems.Options {
	return systems.Options{Profile: profile, Credentials: get, Now: p.Now, Wait: p.wait, UserAgent: p.userAgent()}
}

// checkAccount asks the system whether it takes what was typed.
func (p *Program) checkAccount(ctx context.Context, profile config.Profile, system, key string) error {
	_, id := accountOf(profile, system)
	_, err := p.tryOut(ctx, profile, system, func(context.Context) (string, string, error) { return id, key, nil })
	if err != nil {
		return fmt.Errorf("not signed in, nothing was kept: %w", err)
	}
	return nil
}
