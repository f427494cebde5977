// Package systems are the side systems of one profile: ClaimCenter for reserves, InsCipher for filings, Scalepoint for
// cases. Each is there only when the profile has an account of it, and none of them can disturb the others or
// LossExpress: what goes wrong with one is its own problem, with words of its own.
package systems

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"claimdeck/api"
	"claimdeck/state/config"
	"claimdeck/state/side"
)

// Credentials return the client id (or user name) and the secret of a system.
type Credentials func(ctx context.Context) (id, secret string, err error)

// Options say which accounts there are and what the systems work with. Profile, Credentials and Now are required.
type Options struct {
	Profile     config.Profile
	Credentials func(system string) Credentials
	Memory      side.Memory       // nil: nothing is remembered, as for a check of an account
	Transport   http.RoundTripper // nil: the transport's own
	Now         func() time.Time
	Wait        func(ctx context.Context, d time.Duration) error // nil: a timer
	Timeout     time.Duration                                    // of one request; 0: one minute
	Log         *slog.Logger
	UserAgent   string
}

// Systems are the side systems of a profile. A system without an account is nil.
type Systems struct {
	Reserves *Reserves
	Filings  *Filings
	Cases    *Cases

	problems map[string]error // why an account cannot be used as it is configured, by system
}

// Open opens the accounts of the profile. Nothing is asked of the systems yet. An account that cannot be used as it is
// configured has a Problem, and the others are there.
func Open(o Options) *Systems {
	s := &Systems{problems: map[string]error{}}
	var err error
	if o.Profile.ClaimCenter.Configured() {
		if s.Reserves, err = openReserves(o); err != nil {
			s.problems[config.ClaimCenter] = err
		}
	}
	if o.Profile.InsCipher.Configured() {
		if s.Filings, err = openFilings(o); err != nil {
			s.problems[config.InsCipher] = err
		}
	}
	if o.Profile.Scalepoint.Configured() {
		if s.Cases, err = openCases(o); err != nil {
			s.problems[config.Scalepoint] = err
		}
	}
	return s
}

// Problem is why an account cannot be used as it is configured; nil when it can, or when there is none.
func (s *Systems) Problem(system string) error { return s.problems[system] }

// Close drops idle connections.
func (s *Systems) Close() {
	if s.Reserves != nil {
		s.Reserves.client.Close()
	}
	if s.Filings != nil {
		s.Filings.client.Close()
	}
	if s.Cases != nil {
		s.Cases.client.Close()
	}
}

// transport are the options of every client.
func (o Options) transport() api.Options {
	return api.Options{
		Transport: o.Transport, Now: o.Now, Wait: o.Wait, Timeout: o.Timeout, Log: o.Log, UserAgent: o.UserAgent,
	}
}

// secretOf returns only the secret of a system's credentials.
func (o Options) secretOf(system string) func(ctx context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		_, key, err := o.Credentials(system)(ctx)
		return key, err
	}
}

// NotConfigured is the error of a system that the profile has no account of.
func NotConfigured(system, title string) error {
	return fmt.Errorf("%w: %s has no account in this profile: claimdeck login %s", ErrNotConfigured, title, system)
}

// ErrNotConfigured is matched by the errors of systems without an account.
var ErrNotConfigured = errors.New("not configured")
