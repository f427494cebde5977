package api

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/time/rate"
)

// What a zero Options field means. They are polite to a service that documents no limits.
const (
	defaultRate        = rate.Limit(10) // requests a second
	defaultBurst       = 20
	defaultConcurrency = 4
	defaultTimeout     = 60 * time.Second
	defaultMaxBody     = 8 << 20
	defaultRetries     = 3
	defaultRetryBudget = 30 * time.Second
	defaultRetryAfter  = 15 * time.Second
	defaultUserAgent   = "claimdeck"
)

// Options say how a Client behaves. Only System, BaseURL and Now are required.
type Options struct {
	System  string // the name a specialist knows it by: "LossExpress"
	BaseURL string // https, or http to this machine; a path in it is kept as a prefix
	// Transport carries the requests; nil: DefaultTransport. Of an *http.Transport the Client uses clones of its
	// own; any other RoundTripper must not repeat a request by itself.
	Transport http.RoundTripper
	Tokens    TokenSource // nil: requests carry no token
	// Authorize puts the token where the system wants it, on a request to its own origin; nil: a bearer token in the
	// Authorization header.
	Authorize func(r *http.Request, t *oauth2.Token)
	Now       func() time.Time
	Wait      func(ctx context.Context, d time.Duration) error // nil: a timer
	Rand      func() float64                                   // in [0,1), for jitter; nil: math/rand
	Log       *slog.Logger                                     // nil: silent

	Rate          rate.Limit    // requests a second; 0: 10; rate.Inf: no limit
	Burst         int           // 0: 20
	Concurrency   int           // requests at once; 0: 4
	Timeout       time.Duration // of one attempt, answer included; for streams, of each silence; 0: one minute
	MaxBody       int64         // bytes of an answer after decompression; 0: 8 MiB
	Retries       int           // second tries of a read; 0: 3; negative: none
	RetryBudget   time.Duration // of all waits between tries; 0: 30 s
	MaxRetryAfter time.Duration // a longer Retry-After is not waited for but returned in Error.After; 0: 15 s
	UserAgent     string
}

// Client calls one remote system. It is safe for concurrent use.
type Client struct {
	o       Options
	base    *url.URL
	reads   *http.Client
	writes  *http.Client
	limiter *rate.Limiter
	slots   chan struct{}
}

// New returns a client. It refuses an address to which a token must not go, in words that can be shown.
func New(o Options) (*Client, error) {
	if o.System == "" || o.Now == nil {
		return nil, errors.New("api: System and Now are required")
	}
	base, err := parseBase(o.System, o.BaseURL)
	if err != nil {
		return nil, err
	}
	o = o.WithDefaults()
	reads, writes := transports(o.Transport)
	return &Client{
		o:       o,
		base:    base,
		reads:   &http.Client{Transport: reads, CheckRedirect: sameOriginReads},
		writes:  &http.Client{Transport: writes, CheckRedirect: sameOriginReads},
		limiter: rate.NewLimiter(o.Rate, o.Burst),
		slots:   make(chan struct{}, o.Concurrency),
	}, nil
}

// WithDefaults returns the options with what their zero fields mean. It is for whoever makes calls of its own, and not for
// options that go to New, which does it itself.
func (o Options) WithDefaults() Options {
	o.Rate = cmp.Or(o.Rate, defaultRate)
	o.Burst = cmp.Or(o.Burst, defaultBurst)
	o.Concurrency = cmp.Or(o.Concurrency, defaultConcurrency)
	o.Timeout = cmp.Or(o.Timeout, defaultTimeout)
	o.MaxBody = cmp.Or(o.MaxBody, defaultMaxBody)
	o.Retries = max(cmp.Or(o.Retries, defaultRetries), 0)
	o.RetryBudget = cmp.Or(o.RetryBudget, defaultRetryBudget)
	o.MaxRetryAfter = cmp.Or(o.MaxRetryAfter, defaultRetryAfter)
	o.UserAgent = cmp.Or(o.UserAgent, defaultUserAgent)
	if o.Authorize == nil {
		o.Authorize = bearerToken
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Base returns the address the client talks to, without a trailing slash.
func (c *Client) Base() string { return c.base.String() }

// Close drops idle connections. Calls under way are not disturbed, and the client stays usable.
func (c *Client) Close() {
	c.reads.CloseIdleConnections()
	c.writes.CloseIdleConnections()
}

// Do sends r and decodes the answer into out (nil: the answer is only kept in Meta.Body). Reads are tried again after
// passing trouble; writes never are. An empty answer to a write is success and leaves out alone, unless r.MustAnswer.
//
// Errors are *Error; a context that ended is matched by errors.Is as well.
func (c *Client) Do(ctx context.Context, r Request, out any) (Meta, error) {
	var m Meta
	if e := c.run(ctx, r, func(rep *reply) *Error {
		var e *Error
		m, e = c.receive(rep, out)
		return e
	}); e != nil {
		return Meta{}, e
	}
	return m, nil
}

// Open sends r, which must be a GET, and returns its answer as a stream of at most limit bytes (0: Options.MaxBody).
// Trouble before the first byte is handled as by Do; a stream that breaks later is not continued. A web page is
// refused unless r.Accept asks for one.
func (c *Client) Open(ctx context.Context, r Request, limit int64) (*Stream, error) {
	if r.Method != http.MethodGet {
		return nil, c.refuse(r.Op, "only a GET can be streamed")
	}
	var s *Stream
	if e := c.run(ctx, r, func(rep *reply) *Error {
		var e *Error
		s, e = c.stream(rep, cmp.Or(limit, c.o.MaxBody))
		return e
	}); e != nil {
		return nil, e
	}
	return s, nil
}

// refuse is an error of a call that is not worth sending.
func (c *Client) refuse(op, why string) *Error {
	return &Error{System: c.o.System, Op: op, Message: why, Kind: ErrInvalid}
}
