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
	pace := c.newPace()
	for {
		e := c.once(ctx, p, consume)
		if e == nil {
			return nil
		}
		d, again := pace.next(p, e)
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

// pace decides whether and when a read is tried again.
type pace struct {
	o     Options
	steps *backoff.ExponentialBackOff
	tries int
	spent time.Duration
}

func (c *Client) newPace() *pace {
	steps := backoff.NewExponentialBackOff()
	steps.InitialInterval = 400 * time.Millisecond
	steps.Multiplier = 2.5
	steps.MaxInterval = 8 * time.Second
	steps.RandomizationFactor = 0 // the jitter is ours, from an injected source
	return &pace{o: c.o, steps: steps}
}

func (p *pace) next(sent *call, e *Error) (time.Duration, bool) {
	if sent.Writes() || !passing(e) || p.tries >= p.o.Retries || e.After > p.o.MaxRetryAfter {
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
	if !e.Sent || ended(e.Err) || errors.Is(e.Err, errSlow) {
		return false
	}
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return errors.Is(e.Kind, ErrInterrupted)
}

// ended reports whether err is a context's end.
func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
