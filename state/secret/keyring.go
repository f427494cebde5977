package secret

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/zalando/go-keyring"

	"claimdeck/state/text"
)

// service is the name under which the keyring shows our secrets.
const service = "claimdeck"

// How long the keyring may take. It has no limit of its own: it waits for as long as an unlock dialog is open.
const (
	getLimit = 3 * time.Second
	setLimit = 60 * time.Second // someone is there and may have to unlock it first
)

// Backend is a keyring. Get and Delete return keyring.ErrNotFound of go-keyring when there is no such secret.
type Backend interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
	Delete(service, user string) error
}

// osKeyring is the keyring of the operating system: Secret Service, Keychain or Credential Manager.
type osKeyring struct{}

// OSKeyring returns the keyring of the operating system.
func OSKeyring() Backend { return osKeyring{} }

func (osKeyring) Get(service, user string) (string, error) { return keyring.Get(service, user) }

func (osKeyring) Set(service, user, password string) error {
	return keyring.Set(service, user, password)
}

func (osKeyring) Delete(service, user string) error { return keyring.Delete(service, user) }

func user(system, profile string) string { return profile + "/" + system }

// limited calls the keyring and stops waiting after the limit. The call itself cannot be stopped; its answer is
// dropped when it comes late.
func limited[T any](ctx context.Context, limit time.Duration, call func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	answers := make(chan answer, 1)
	go func() {
		v, err := call()
		answers <- answer{v, err}
	}()
	var none T
	select {
	case a := <-answers:
		if a.err == nil || errors.Is(a.err, keyring.ErrNotFound) {
			return a.value, a.err
		}
		return none, unavailable(a.err)
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.Canceled) {
			return none, ctx.Err()
		}
		return none, fmt.Errorf("%w: no answer within %v; it may wait to be unlocked", ErrKeyring, limit)
	}
}

// unavailable says in a person's words why the keyring cannot be used. Its errors have no types to go by.
func unavailable(err error) error {
	says := err.Error()
	var why string
	switch {
	case errors.Is(err, exec.ErrNotFound) && strings.Contains(says, "dbus"):
		why = "no keyring on this machine (no D-Bus session)"
	case strings.Contains(says, "dial unix") || strings.Contains(says, "connect: no such file"):
		why = "no keyring on this machine (the D-Bus session is gone)"
	case strings.Contains(says, "not provided by any .service files"):
		why = "no keyring on this machine (no secret service is installed)"
	case strings.Contains(says, "failed to unlock"):
		why = "the keyring is locked"
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		why = "this system has no keyring"
	case errors.Is(err, keyring.ErrSetDataTooBig):
		why = "the secret is too long for the keyring"
	default:
		why = text.Line(says)
	}
	return &keyringError{why: why, cause: err}
}

// keyringError is ErrKeyring with its reason; the raw cause stays out of the message.
type keyringError struct {
	why   string
	cause error
}

// Error says why the keyring cannot be used.
func (e *keyringError) Error() string { return ErrKeyring.Error() + ": " + e.why }

// Unwrap returns ErrKeyring and the cause.
func (e *keyringError) Unwrap() []error { return []error{ErrKeyring, e.cause} }
