package signin

import (
	"context"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"claimdeck/api"
)

// Cache keeps the token of a system, so that many calls can ask for it at once for the price of one call. Those who come
// while a call is under way share its result, a failure included; a failure is not kept beyond them. A token with an Expiry
// is used until shortly before it. Now and Fetch are required.
type Cache struct {
	Now func() time.Time
	// Fetch gets a new token; a zero Expiry: nobody knows how long it is good. Its ctx outlives the call that asked
	// first, and ends when nobody waits for the token any more; another Fetch may then begin before this one returns.
	Fetch func(ctx context.Context) (*oauth2.Token, error)
	// Undated says what becomes of a token without an Expiry. false: those who wait for it share it, and whoever asks
	// later causes a new one; true: it is kept until the service refuses it.
	Undated bool

	mu     sync.Mutex
	token  *oauth2.Token
	until  time.Time // zero: until it is refused
	flight *flight   // the call under way, if any
}

var _ api.TokenSource = (*Cache)(nil)

// flight is one token call and those who wait for it.
type flight struct {
	done    chan struct{} // closed when token and err are set
	token   *oauth2.Token
	err     error
	waiting int // guarded by Cache.mu; at zero the call is given up
	cancel  context.CancelFunc
}

// Token is TokenContext without a way to give up; the call has the transport's own time limits.
func (c *Cache) Token() (*oauth2.Token, error) { return c.TokenContext(context.Background()) }

// TokenContext returns the token in use, or a new one.
func (c *Cache) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	c.mu.Lock()
	if c.token != nil && (c.until.IsZero() || c.Now().Before(c.until)) {
		defer c.mu.Unlock()
		return c.token, nil
	}
	if c.flight == nil {
		c.start(ctx)
	}
	f := c.flight
	f.waiting++
	c.mu.Unlock()

	defer c.leave(f)
	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Forget drops t after a refusal, if it is still the one in use. Tokens are told apart by identity, not by their text: a
// service may hand out the same text again, and that must not cost another call for every request that was refused.
func (c *Cache) Forget(t *oauth2.Token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token == t {
		c.token = nil
	}
}

// start begins a call that outlives the one who started it, as long as somebody waits. c.mu is held.
func (c *Cache) start(ctx context.Context) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel}
	c.flight = f
	go func() {
		defer cancel()
		token, err := c.Fetch(ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		f.token, f.err = token, err
		close(f.done)
		if c.flight != f {
			return // given up by everybody
		}
		c.flight = nil
		if err == nil && (c.Undated || !token.Expiry.IsZero()) {
			c.token, c.until = token, renewal(token, c.Now())
		}
	}()
}

// renewal is when to stop using a token that is new at now: half a minute before its end, or a tenth of its life if that
// is shorter. Zero: when it is refused.
func renewal(t *oauth2.Token, now time.Time) time.Time {
	if t.Expiry.IsZero() {
		return time.Time{}
	}
	return t.Expiry.Add(-min(30*time.Second, t.Expiry.Sub(now)/10))
}

func (c *Cache) leave(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.cancel()
	if c.flight == f {
		c.flight = nil
	}
}
