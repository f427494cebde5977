package webhook

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

const (
	renewEvery   = 30 * time.Second
	renewTimeout = 10 * time.Second
	keepPrevious = 5 * time.Minute // deliveries that were signed before a registration may still be on their way
)

// KeyringOptions configure a Keyring. Fetch and Now are required.
type KeyringOptions struct {
	// Fetch asks the service for the current apiKey; empty when no webhook is registered.
	Fetch func(ctx context.Context) (string, error)
	// Registered is when a registration was last completed on this machine: then the key has changed for sure. Nil: never.
	Registered func(ctx context.Context) time.Time
	Every      time.Duration // how often the service is asked at most when signatures fail; 0: 30 s
	Now        func() time.Time
	Log        *slog.Logger
}

// Keyring holds the webhook's key and finds the next one after a registration. It may be used by several goroutines.
type Keyring struct {
	o       KeyringOptions
	asking  chan struct{} // held while the service is asked
	mu      sync.Mutex
	current string
	before  string
	turned  time.Time // when current replaced before
	asked   time.Time // when the service was asked last
}

// NewKeyring returns a keyring without a key: Load or Renew asks for it.
func NewKeyring(o KeyringOptions) *Keyring {
	o.Every = cmp.Or(o.Every, renewEvery)
	if o.Registered == nil {
		o.Registered = func(context.Context) time.Time { return time.Time{} }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Keyring{o: o, asking: make(chan struct{}, 1)}
}

// Keys returns the keys that a delivery may be signed with, the current one first.
func (k *Keyring) Keys() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var keys []string
	if k.current != "" {
		keys = append(keys, k.current)
	}
	if k.before != "" && k.o.Now().Sub(k.turned) < keepPrevious {
		keys = append(keys, k.before)
	}
	return keys
}

// Load asks the service for the key, whatever was asked before. found is false when no webhook is registered.
func (k *Keyring) Load(ctx context.Context) (found bool, err error) {
	if err := k.begin(ctx); err != nil {
		return false, err
	}
	defer k.end()
	return k.fetch(ctx)
}

// Renew asks the service for the key, unless that was done a moment ago and no registration was completed since. Of
// several callers at once one asks and the others wait for it.
func (k *Keyring) Renew(ctx context.Context) {
	if k.begin(ctx) != nil {
		return
	}
	defer k.end()
	k.mu.Lock()
	asked := k.asked
	k.mu.Unlock()
	if !asked.IsZero() && k.o.Now().Sub(asked) < k.o.Every && !k.o.Registered(ctx).After(asked) {
		return
	}
	if _, err := k.fetch(ctx); err != nil && !errors.Is(err, context.Canceled) {
		k.o.Log.Warn("the webhook's key was not read again", "error", err)
	}
}

func (k *Keyring) begin(ctx context.Context) error {
	select {
	case k.asking <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *Keyring) end() { <-k.asking }

// fetch asks and takes the answer. That no webhook is registered takes no key away: the answer may be about a moment
// before a delivery that is being verified, and a key that is dead signs nothing.
func (k *Keyring) fetch(ctx context.Context) (found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, renewTimeout)
	defer cancel()
	at := k.o.Now()
	key, err := k.o.Fetch(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked = at
	if err != nil || key == "" || key == k.current {
		return key != "", err
	}
	k.before, k.current, k.turned = k.current, key, k.o.Now()
	return true, nil
}
