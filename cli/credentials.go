package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"claimdeck/state/config"
	"claimdeck/state/secret"
)

// credentials are the client id and the secret of a session. The secret is looked for once, with questions if it takes
// any, and kept in memory. It is looked for again only after the service refused it, so that a new sign-in is noticed,
// and then nobody is asked: the console may have the screen.
type credentials struct {
	system  string // config.LossExpress and its like
	profile string
	url     string                                 // the service that the secret is for
	reload  func() (url, id string, err error)     // the account as it is configured now
	chain   func(ask passphraseAsker) secretFinder // where secrets are kept
	ask     passphraseAsker                        // asks a person

	refused atomic.Bool // the service refused the secret since it was looked for
	mu      sync.Mutex  // guards everything below
	quiet   bool        // nobody is asked any more
	id      string
	secret  secret.Secret
	where   secret.Origin
	phrase  *phrase // of the encrypted file, as it was typed
}

// phrase is a passphrase as it was typed last.
type phrase struct {
	mu   sync.Mutex
	text string
}

func (p *phrase) get() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text
}

func (p *phrase) set(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = text
}

// passphraseAsker gets the passphrase of an encrypted file.
type passphraseAsker func(context.Context, secret.Ask) (string, error)

// secretFinder is secret.Chain as far as credentials need it.
type secretFinder interface {
	Get(ctx context.Context, system, profile string) (secret.Secret, secret.Origin, error)
}

// errNobodyAsked is why an encrypted file stays closed.
var errNobodyAsked = errors.New("it has another passphrase now: end claimdeck and start it again")

// credentials are those of one remote system.
func (p *Program) credentials(cfg config.Config, system string) *credentials {
	url, id := accountOf(cfg.Profile, system)
	return &credentials{
		system: system, profile: cfg.Profile.Name, url: url, id: id, ask: p.askPassphrase, phrase: new(phrase),
		chain: func(ask passphraseAsker) secretFinder { return keyFile(cfg.Profile, system, p.secrets(cfg, ask)) },
		reload: func() (url, id string, err error) {
			now, err := config.Load(p.Env, config.Options{Profile: cfg.Profile.Name})
			url, id = accountOf(now.Profile, system)
			return url, id, err
		},
	}
}

// allCredentials are those of every system, whether it has an account or not. A passphrase that was typed for one is
// tried for the others before anybody is asked again.
func (p *Program) allCredentials(cfg config.Config) map[string]*credentials {
	all := map[string]*credentials{}
	shared := new(phrase)
	for _, system := range systemNames() {
		all[system] = p.credentials(cfg, system)
		all[system].phrase = shared
	}
	return all
}

// accountOf is the address and the client id of a system.
func accountOf(p config.Profile, system string) (url, id string) {
	switch system {
	case config.ClaimCenter:
		return p.ClaimCenter.URL, p.ClaimCenter.ClientID
	case config.InsCipher:
		return p.InsCipher.URL, p.InsCipher.ClientID
	case config.Scalepoint:
		return p.Scalepoint.URL, p.Scalepoint.ClientID
	default:
		return p.LossExpress.URL, p.LossExpress.ClientID
	}
}

// pemFile is a private key that a person keeps as a file of their own.
type pemFile string

// keyFile puts the private key of an account before the places for secrets, when one is configured.
func keyFile(p config.Profile, system string, chain secretFinder) secretFinder {
	if system == config.Scalepoint && p.Scalepoint.Auth == "private_key_jwt" && p.Scalepoint.PrivateKey != "" {
		return pemFile(p.Scalepoint.PrivateKey)
	}
	return chain
}

// Get reads the file.
func (f pemFile) Get(context.Context, string, string) (secret.Secret, secret.Origin, error) {
	where := secret.Origin{Place: secret.PlainFile, Detail: string(f)}
	data, err := os.ReadFile(string(f))
	if err != nil {
		return secret.Secret{}, where, fmt.Errorf("the private key cannot be read (setting scalepoint.private_key): %w", err)
	}
	return secret.New(string(data)), where, nil
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
	url, id, err := c.reload()
	switch {
	case err != nil: // somebody is editing it: what it was holds
	case url != c.url:
		return fmt.Errorf("%s of profile %s: %w", titleOf(c.system), c.profile, errMoved)
	case id != "":
		c.id = id
	}
	s, where, err := c.chain(ask).Get(ctx, c.system, c.profile)
	if err != nil {
		return err
	}
	c.secret, c.where = s, where
	return nil
}

// typed asks the person for a passphrase and remembers it: a new sign-in will most likely have the same, and so have the
// other systems.
func (c *credentials) typed(ctx context.Context, a secret.Ask) (string, error) {
	if known := c.phrase.get(); known != "" && a.Attempt == 1 && !a.New {
		return known, nil
	}
	text, err := c.ask(ctx, a)
	c.phrase.set(text)
	return text, err
}

// remembered asks nobody.
func (c *credentials) remembered(_ context.Context, a secret.Ask) (string, error) {
	known := c.phrase.get()
	if a.Attempt > 1 || known == "" {
		return "", errNobodyAsked
	}
	return known, nil
}
