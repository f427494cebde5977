package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"claimdeck/state/config"
	"claimdeck/state/secret"
)

// credentials are the client id and the secret of a session. The secret is looked for once, with questions if it takes
// any, and kept in memory. It is looked for again only after the service refused it, so that a new sign-in is noticed,
// and then nobody is asked: the console may have the screen.
type credentials struct {
	profile string
	url     string                                 // the service that the secret is for
	reload  func() (config.Account, error)         // the account as it is configured now
	chain   func(ask passphraseAsker) secretFinder // where secrets are kept
	ask     passphraseAsker                        // asks a person

	refused atomic.Bool // the service refused the secret since it was looked for
	mu      sync.Mutex  // guards everything below
	quiet   bool        // nobody is asked any more
	id      string
	secret  secret.Secret
	where   secret.Origin
	phrase  string // of the encrypted file, as it was typed
}

// passphraseAsker gets the passphrase of an encrypted file.
type passphraseAsker func(context.Context, secret.Ask) (string, error)

// secretFinder is secret.Chain as far as credentials need it.
type secretFinder interface {
	Get(ctx context.Context, system, profile string) (secret.Secret, secret.Origin, error)
}

// errNobodyAsked is why an encrypted file stays closed.
var errNobodyAsked = errors.New("it has another passphrase now: end claimdeck and start it again")

func (p *Program) credentials(cfg config.Config) *credentials {
	account := cfg.Profile.LossExpress
	return &credentials{
		profile: cfg.Profile.Name, url: account.URL, id: account.ClientID, ask: p.askPassphrase,
		chain: func(ask passphraseAsker) secretFinder { return p.secrets(cfg, ask) },
		reload: func() (config.Account, error) {
			now, err := config.Load(p.Env, config.Options{Profile: cfg.Profile.Name})
			return now.Profile.LossExpress, err
		},
	}
}

// fetch looks for the secret, with questions if it takes any, unless it is known.
func (c *credentials) fetch(ctx context.Context) (secret.Origin, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.secret.Empty() {
		if err := c.look(ctx, c.typed); err != nil {
			return secret.Origin{}, err
		}
	}
	return c.where, nil
}

// hush ends all questions: from now on the console has the screen.
func (c *credentials) hush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.quiet = true
}

// doubt says that the service refused the credentials. It does not block.
func (c *credentials) doubt() { c.refused.Store(true) }

// get returns client id and secret; it is account.Options.Credentials.
func (c *credentials) get(ctx context.Context) (id, key string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	refused := c.refused.Swap(false)
	switch {
	case c.secret.Empty() && !c.quiet:
		err = c.look(ctx, c.typed)
	case c.secret.Empty():
		err = c.look(ctx, c.remembered)
	case refused:
		// What could not be asked now leaves the secret as it is; the service may have been wrong.
		if again := c.look(ctx, c.remembered); gone(again) {
			c.secret, err = secret.Secret{}, again
		}
	}
	if err != nil {
		return "", "", err
	}
	return c.id, c.secret.Reveal(), nil
}

// errMoved means that the profile has another address now, to which this session's requests do not go.
var errMoved = errors.New("the profile has another address now: end claimdeck and start it again")

// gone reports whether the secret must not be used any more: somebody signed out, or the account is another one.
func gone(err error) bool {
	return errors.Is(err, errMoved) || errors.Is(err, secret.ErrNotFound) && !errors.Is(err, secret.ErrKeyring)
}

// look finds the secret, and the client id that belongs to it. c.mu is held.
func (c *credentials) look(ctx context.Context, ask passphraseAsker) error {
	account, err := c.reload()
	switch {
	case err != nil: // somebody is editing it: what it was holds
	case account.URL != c.url:
		return fmt.Errorf("profile %s: %w", c.profile, errMoved)
	case account.ClientID != "":
		c.id = account.ClientID
	}
	s, where, err := c.chain(ask).Get(ctx, config.LossExpress, c.profile)
	if err != nil {
		return err
	}
	c.secret, c.where = s, where
	return nil
}

// typed asks the person for a passphrase and remembers it: a new sign-in will most likely have the same.
func (c *credentials) typed(ctx context.Context, a secret.Ask) (string, error) {
	phrase, err := c.ask(ctx, a)
	c.phrase = phrase
	return phrase, err
}

// remembered asks nobody.
func (c *credentials) remembered(_ context.Context, a secret.Ask) (string, error) {
	if a.Attempt > 1 || c.phrase == "" {
		return "", errNobodyAsked
	}
	return c.phrase, nil
}
