package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// run sends r until consume is content, a failure is final, or the patience for second tries is used up.
func (c *Client) run(ctx context.Context, r Request, consume func(*reply) *Error) *Error {
	p, e := c.prepare(r)
	if e != nil {
		return e
	}
	pace := c.o.Pace()
	for {
		e := c.once(ctx, p, consume)
		if e == nil {
			return nil
		}
		var d time.Duration
		again := false
		if !p.Writes() {
			d, again = pace.Next(e)
		}
		c.o.Log.LogAttrs(ctx, slog.LevelInfo, "failed", slog.String("system", c.o.System), slog.String("op", p.Op),
			slog.String("method", p.Method), slog.String("path", p.url.Path), slog.Int("status", e.Status),
			slog.String("error", e.Message), slog.Bool("sent", e.Sent), slog.Bool("again", again), slog.Duration("wait", d))
		if !again {
			return e
		}
		if err := c.o.Wait(ctx, d); err != nil {
			stopped := *e
			stopped.Err = err
			return &stopped
		}
	}
}

// Pace decides whether and when one read is tried again.
type Pace struct {
	o     Options
	steps *backoff.ExponentialBackOff
	tries int
	spent time.Duration
}

// Pace returns the pace of one read; the options must have their defaults.
func (o Options) Pace() *Pace {
	steps := backoff.NewExponentialBackOff()
	steps.InitialInterval = 400 * time.Millisecond
	steps.Multiplier = 2.5
	steps.MaxInterval = 8 * time.Second
	steps.RandomizationFactor = 0 // the jitter is ours, from an injected source
	return &Pace{o: o, steps: steps}
}

// Next says whether the read that ended in e may well succeed if it is sent once more, and after which wait.
func (p *Pace) Next(e *Error) (wait time.Duration, again bool) {
	if !passing(e) || p.tries >= p.o.Retries || e.After > p.o.MaxRetryAfter {
		return 0, false
	}
	p.tries++
	step := p.steps.NextBackOff()
	d := step/2 + time.Duration(p.o.Rand()*float64(step/2))
	d = max(d, e.After)
	if p.spent += d; p.spent > p.o.RetryBudget {
		return 0, false
	}
	return d, true
}

// passing reports whether the same read may well succeed in a moment. A service that is slow is not asked again: that
// would only add to its load.
func passing(e *Error) bool {
	if !e.Sent || Ended(e.Err) || slow(e.Err) {
		return false
	}
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return errors.Is(e.Kind, ErrInterrupted)
}

// Ended reports whether err is a context's end.
func Ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
