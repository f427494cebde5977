package secret

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// Options say where a chain looks.
type Options struct {
	// Env finds an environment variable, as os.LookupEnv does.
	Env func(name string) (string, bool)
	// Keyring is where secrets are kept by default; nil: the one of the operating system.
	Keyring Backend
	// Command is the command line for a system; empty: none. Setting: secret.command.
	Command func(system string) string
	// File is the encrypted file for a system; empty: none. Setting: secret.file.
	File func(system string) string
	// Passphrase asks a person for the passphrase of an encrypted file; nil: there is nobody to ask.
	Passphrase func(ctx context.Context, a Ask) (string, error)
	// AgreeToFile asks a person whether the secret may go to the encrypted file, because the keyring is
	// unavailable; nil: it may not.
	AgreeToFile func(ctx context.Context, unavailable error) bool
	// ToFile makes Set write the encrypted file without trying the keyring.
	ToFile bool

	// KeyringLimit, CommandLimit and WorkFactor (log2) replace the defaults when they are not zero.
	KeyringLimit time.Duration
	CommandLimit time.Duration
	WorkFactor   int
}

// Chain asks the environment, then the keyring, then the command, then the encrypted file.
type Chain struct{ o Options }

var _ Store = (*Chain)(nil)

// NewChain returns a chain. It does nothing until it is asked.
func NewChain(o Options) *Chain {
	if o.Keyring == nil {
		o.Keyring = OSKeyring()
	}
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	none := func(string) string { return "" }
	if o.Command == nil {
		o.Command = none
	}
	if o.File == nil {
		o.File = none
	}
	if o.CommandLimit == 0 {
		o.CommandLimit = commandLimit
	}
	if o.WorkFactor == 0 {
		o.WorkFactor = workFactor
	}
	return &Chain{o: o}
}

// Get finds a secret. A place that is set up and fails is an error, not a reason to go on: only a keyring that
// cannot be used is passed over. Call it before the console takes the screen: it may ask for a passphrase.
func (c *Chain) Get(ctx context.Context, system, profile string) (Secret, Origin, error) {
	if v, ok := c.o.Env(Variable(system)); ok && v != "" {
		return New(v), Origin{Environment, Variable(system)}, nil
	}
	s, trouble := c.fromKeyring(ctx, system, profile)
	if trouble == nil {
		return s, Origin{Place: Keyring}, nil
	}
	if !errors.Is(trouble, ErrKeyring) && !errors.Is(trouble, ErrNotFound) {
		return Secret{}, Origin{}, trouble
	}
	if line := c.o.Command(system); line != "" {
		s, err := runCommand(ctx, line, c.o.CommandLimit)
		if err != nil {
			return Secret{}, Origin{}, fmt.Errorf("secret of %s: %w", title(system), err)
		}
		return s, Origin{Command, line}, nil
	}
	if path := c.o.File(system); path != "" {
		s, err := c.vault(path).read(ctx)
		if err == nil {
			return s, Origin{File, path}, nil
		}
		if !errors.Is(err, ErrNotFound) {
			return Secret{}, Origin{}, fmt.Errorf("secret of %s: %w", title(system), err)
		}
	}
	return Secret{}, Origin{}, missing(system, profile, trouble)
}

// missing is the error of a secret that is nowhere, with what to do about it.
func missing(system, profile string, trouble error) error {
	if errors.Is(trouble, ErrKeyring) {
		return fmt.Errorf("secret of %s in profile %s: %w: %w: set %s, or secret.command in config.toml, or run %s --file",
			title(system), profile, ErrNotFound, trouble, Variable(system), signIn(system))
	}
	return fmt.Errorf("secret of %s in profile %s: %w: run %s, or set %s", title(system), profile,
		ErrNotFound, signIn(system), Variable(system))
}

func (c *Chain) fromKeyring(ctx context.Context, system, profile string) (Secret, error) {
	v, err := limited(ctx, c.limit(getLimit), func() (string, error) {
		return c.o.Keyring.Get(service, user(system, profile))
	})
	switch {
	case errors.Is(err, keyring.ErrNotFound) || (err == nil && v == ""):
		return Secret{}, ErrNotFound
	case err != nil:
		return Secret{}, err
	}
	return New(v), nil
}

func (c *Chain) limit(fallback time.Duration) time.Duration {
	if c.o.KeyringLimit != 0 {
		return c.o.KeyringLimit
	}
	return fallback
}

func (c *Chain) vault(path string) vault {
	return vault{path: path, passphrase: c.o.Passphrase, workFactor: c.o.WorkFactor}
}

// Set keeps a secret in the keyring, or in the encrypted file when the keyring is unavailable and a person agrees.
// A secret that an earlier Set left in the other place is removed from there as far as possible, so that a later
// Get cannot find an old one.
func (c *Chain) Set(ctx context.Context, system, profile string, s Secret) (Origin, error) {
	if s.Empty() {
		return Origin{}, ErrEmpty
	}
	path := c.o.File(system)
	if !c.o.ToFile {
		_, err := limited(ctx, c.limit(setLimit), func() (struct{}, error) {
			return struct{}{}, c.o.Keyring.Set(service, user(system, profile), s.Reveal())
		})
		if err == nil {
			if path != "" {
				err = ignore(c.vault(path).remove(), ErrNotFound)
			}
			return Origin{Place: Keyring}, err
		}
		if !errors.Is(err, ErrKeyring) {
			return Origin{}, err
		}
		if path == "" || c.o.AgreeToFile == nil || !c.o.AgreeToFile(ctx, err) {
			return Origin{}, fmt.Errorf("keep the secret of %s: %w: set %s, or secret.command in config.toml, or run %s --file",
				title(system), err, Variable(system), signIn(system))
		}
	}
	if path == "" {
		return Origin{}, fmt.Errorf("keep the secret of %s: no file is named: set secret.file in config.toml", title(system))
	}
	if err := c.vault(path).write(ctx, s); err != nil {
		return Origin{}, fmt.Errorf("keep the secret of %s: %w", title(system), err)
	}
	if err := c.fromKeyringDelete(ctx, system, profile); err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrKeyring) {
		return Origin{File, path}, err
	}
	return Origin{File, path}, nil
}

func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

func (c *Chain) fromKeyringDelete(ctx context.Context, system, profile string) error {
	_, err := limited(ctx, c.limit(getLimit), func() (struct{}, error) {
		return struct{}{}, c.o.Keyring.Delete(service, user(system, profile))
	})
	if errors.Is(err, keyring.ErrNotFound) {
		return ErrNotFound
	}
	return err
}

// Delete removes a secret from the keyring and from the encrypted file. A secret of the environment or of the
// command is not ours to remove; Get still finds it. When the keyring is unavailable, what may be in it stays, and
// the error says so unless the file held the secret.
func (c *Chain) Delete(ctx context.Context, system, profile string) error {
	inKeyring := c.fromKeyringDelete(ctx, system, profile)
	inFile := ErrNotFound
	if path := c.o.File(system); path != "" {
		inFile = c.vault(path).remove()
	}
	if inFile != nil && !errors.Is(inFile, ErrNotFound) {
		return fmt.Errorf("remove the secret of %s: %w", title(system), inFile)
	}
	if inKeyring == nil || (inFile == nil && (errors.Is(inKeyring, ErrNotFound) || errors.Is(inKeyring, ErrKeyring))) {
		return nil
	}
	return fmt.Errorf("remove the secret of %s in profile %s: %w", title(system), profile, inKeyring)
}
