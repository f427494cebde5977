// Package account is one LossExpress account as the rest of the program uses it: a feed source, claims by id, VIN or
// number, and the client for what a person does.
package account

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/feed"
)

// Options say whose account it is and where the service is. Credentials and Now are required.
type Options struct {
	Name    string // of the profile
	BaseURL string // empty: the service's only documented address
	// Credentials returns the client id and the secret. It is asked whenever a new token is needed.
	Credentials func(ctx context.Context) (id, secret string, err error)
	Transport   http.RoundTripper // nil: the transport's own
	Now         func() time.Time
	Wait        func(ctx context.Context, d time.Duration) error // nil: a timer
	Timeout     time.Duration                                    // of one request; 0: one minute
	Log         *slog.Logger
	UserAgent   string
}

// Account is one account. It is safe for concurrent use.
type Account struct {
	name   string
	now    func() time.Time
	client *lossexpress.Client
}

// Open returns the account without calling the service. It refuses an address to which a token must not go.
func Open(o Options) (*Account, error) {
	client, err := lossexpress.New(lossexpress.Options{
		BaseURL: o.BaseURL, Credentials: o.Credentials,
		API: api.Options{
			Transport: o.Transport, Now: o.Now, Wait: o.Wait, Timeout: o.Timeout, Log: o.Log, UserAgent: o.UserAgent,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("open account %s: %w", o.Name, err)
	}
	return &Account{name: o.Name, now: o.Now, client: client}, nil
}

// Name returns the name of the account's profile.
func (a *Account) Name() string { return a.name }

// Base returns the address of the service.
func (a *Account) Base() string { return a.client.Base() }

// Client returns the typed client of the account.
func (a *Account) Client() *lossexpress.Client { return a.client }

// Source returns the account's activity feed.
func (a *Account) Source() feed.Source { return source{a.client} }

// Check signs in if needed and reports whether the service accepts the credentials. Refused ones are
// api.ErrUnauthorized.
func (a *Account) Check(ctx context.Context) error {
	_, err := a.client.Token(ctx)
	return err
}

// Clock returns the service's time by the Date header of a harmless read, to the second; zero when it does not say.
func (a *Account) Clock(ctx context.Context) (time.Time, error) {
	p, err := a.client.Activities(ctx, lossexpress.ActivityQuery{CreatedAfter: a.now().Add(-time.Minute), PageSize: 1})
	return p.ServerTime, err
}

// Close drops idle connections.
func (a *Account) Close() { a.client.Close() }
