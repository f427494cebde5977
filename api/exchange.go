package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"
)

// errSlow ends an attempt that took too long. It is not context.DeadlineExceeded: the caller's context is alive.
var errSlow = errors.New("no answer in time")

// reply is an answer whose body was not read yet. It holds one of the client's slots until it is closed.
type reply struct {
	*http.Response
	call   *call
	parent context.Context // the caller's: tells its end from our time limit while the body is read
	ctx    context.Context // of this attempt
	clock  *time.Timer     // ends ctx with errSlow
	free   func()          // once
}

func (r *reply) close() {
	_ = r.Body.Close()
	r.free()
}

// once makes one attempt and hands a successful answer to consume, which must close it.
func (c *Client) once(ctx context.Context, p *call, consume func(*reply) *Error) *Error {
	rep, e := c.send(ctx, p)
	if e != nil {
		return e
	}
	c.o.Log.LogAttrs(ctx, slog.LevelDebug, "answer", slog.String("system", c.o.System), slog.String("op", p.Op),
		slog.String("method", p.Method), slog.String("path", p.url.Path), slog.Int("status", rep.StatusCode))
	if rep.StatusCode < 200 || rep.StatusCode > 299 {
		return c.refused(rep)
	}
	return consume(rep)
}

// send sends p, and once more with a new token after a 401: the service did not process what it did not let in.
func (c *Client) send(ctx context.Context, p *call) (*reply, *Error) {
	token, e := c.token(ctx, p)
	if e != nil {
		return nil, e
	}
	rep, e := c.exchange(ctx, p, token)
	if e != nil || rep.StatusCode != http.StatusUnauthorized || token == nil || p.replayed {
		return rep, e
	}
	p.replayed = true
	rep.close()
	c.o.Tokens.Forget(token)
	if token, e = c.token(ctx, p); e != nil {
		return nil, e
	}
	return c.exchange(ctx, p, token)
}

// exchange sends p once, within the limits of rate and number.
func (c *Client) exchange(ctx context.Context, p *call, token *oauth2.Token) (*reply, *Error) {
	release, err := c.admit(ctx)
	if err != nil {
		return nil, c.broken(ctx, p, err, false)
	}
	attempt, cancel := context.WithCancelCause(ctx)
	clock := time.AfterFunc(p.Timeout, func() { cancel(errSlow) })
	free := sync.OnceFunc(func() {
		clock.Stop()
		cancel(nil)
		release()
	})
	seen := new(Trace)
	req, err := c.build(seen.Watch(attempt), p, token)
	if err != nil {
		free()
		return nil, c.refuse(p.Op, "the request cannot be built")
	}
	if token != nil {
		p.Secrets = append(slices.Clip(p.Secrets), token.AccessToken) // the service may echo it
	}
	client := c.reads
	if p.Writes() {
		client = c.writes
	}
	resp, err := client.Do(req) //nolint:bodyclose // closed with the reply it becomes part of
	if err != nil {
		if errors.Is(context.Cause(attempt), errSlow) {
			err = errSlow
		}
		free()
		return nil, c.broken(ctx, p, err, seen.Sent())
	}
	return &reply{Response: resp, call: p, parent: ctx, ctx: attempt, clock: clock, free: free}, nil
}

func (c *Client) build(ctx context.Context, p *call, token *oauth2.Token) (*http.Request, error) {
	var body io.Reader
	if p.body != nil {
		body = bytes.NewReader(p.body)
	}
	req, err := http.NewRequestWithContext(ctx, p.Method, p.url.String(), body)
	if err != nil {
		return nil, err
	}
	if p.Writes() {
		req.GetBody = nil // net/http replays only what it can rewind
	}
	if p.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", p.Accept)
	req.Header.Set("User-Agent", c.o.UserAgent)
	if token != nil {
		c.o.Authorize(req, token)
	}
	return req, nil
}

// admit waits for the rate and for a free slot.
func (c *Client) admit(ctx context.Context) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	now := c.o.Now()
	ticket := c.limiter.ReserveN(now, 1)
	if d := ticket.DelayFrom(now); d > 0 {
		if err := c.o.Wait(ctx, d); err != nil {
			ticket.CancelAt(c.o.Now())
			return nil, err
		}
	}
	select {
	case c.slots <- struct{}{}:
		return func() { <-c.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Trace watches how far a request came.
type Trace struct{ asked, got atomic.Bool }

// Watch returns the context to send the request with.
func (t *Trace) Watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true) },
	})
}

// Sent reports whether bytes may have left. They surely have not while a connection was asked for and never had. Once
// there is one, WroteHeaders proves nothing: a cancelled request may still be written behind our back. A foreign
// RoundTripper that does not tell is not trusted either.
func (t *Trace) Sent() bool { return t.got.Load() || !t.asked.Load() }
