package systems

import (
	"context"
	"errors"
	"os"
	"time"

	"claimdeck/api"
	"claimdeck/state/config"
)

// Health is what a check of a system found out.
type Health struct {
	Words string        // "signed in", and what is uncertain about it
	Skew  time.Duration // of this machine's clock against the service's; positive: ours is ahead
	Timed bool          // Skew is known
}

// Check finds out whether a system lets the account in, without changing anything there: a token is had, and where the
// service has a harmless read, that is made. It is ErrNotConfigured without an account. The clocks may be compared even
// where the sign-in was refused: a wrong clock can be the reason.
func (s *Systems) Check(ctx context.Context, system string) (Health, error) {
	if err := s.problems[system]; err != nil {
		return Health{}, err
	}
	switch {
	case system == config.ClaimCenter && s.Reserves != nil:
		return s.Reserves.check(ctx)
	case system == config.InsCipher && s.Filings != nil:
		return s.Filings.check(ctx)
	case system == config.Scalepoint && s.Cases != nil:
		return s.Cases.check(ctx)
	}
	return Health{}, ErrNotConfigured
}

func (r *Reserves) check(ctx context.Context) (Health, error) {
	m, err := r.client.Check(ctx)
	if err != nil {
		return Health{}, err
	}
	return timed("signed in, claims can be read", m.ServerTime, r.now()), nil
}

func (f *Filings) check(ctx context.Context) (Health, error) {
	h, err := f.client.Check(ctx)
	if err != nil {
		return Health{}, err
	}
	words := "signed in"
	if !h.Proven { // nothing harmless tells for sure
		words = "reached, and the key was not refused"
	}
	return timed(words, h.ServerTime, f.now()), nil
}

func (c *Cases) check(ctx context.Context) (Health, error) {
	_, refused := c.client.Tokens().TokenContext(ctx)
	h := Health{Words: "signed in, cases can be submitted"}
	if refused != nil {
		h.Words = ""
		if e, ok := api.AsError(refused); !ok || !e.Sent { // there is nobody to ask for the time
			return h, refused
		}
	}
	if skew, err := c.client.Tokens().Skew(ctx); err == nil {
		h.Skew, h.Timed = skew, true
	}
	if refused != nil {
		return h, refused
	}
	if c.country == "" || c.tenant == "" {
		return h, errors.New("country and tenant are missing: claimdeck login scalepoint --set country=dk --set tenant=NAME")
	}
	return h, nil
}

func timed(words string, theirs, ours time.Time) Health {
	h := Health{Words: words}
	if !theirs.IsZero() {
		h.Skew, h.Timed = ours.Sub(theirs).Round(time.Second), true
	}
	return h
}

// SignedOut reports whether an error means that the system refused the credentials, or that there are none.
func SignedOut(err error) bool { return errors.Is(err, api.ErrUnauthorized) }

func readFile(path string) ([]byte, error) { return os.ReadFile(path) } //nolint:gosec // the person's own configuration names it
