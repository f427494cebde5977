package webhook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"claimdeck/state/activity"
)

const (
	defaultMaxBody = 1 << 20
	maxAtOnce      = 32               // deliveries being read or stored; each may hold MaxBody bytes
	ingestTimeout  = 10 * time.Second // of one commit
)

// Options configure a Receiver. Keys, ClientID, Ingest and Now are required.
type Options struct {
	// Keys are the apiKeys that a delivery may be signed with: the current one, and for a while the one before.
	Keys func() []string
	// Renew is called when none of them fits, because every registration makes a new key; it may ask the service. Nil: the
	// keys never change.
	Renew func(ctx context.Context)
	// Testing reports whether the next delivery is the test of a registration that is under way. It is signed with a key
	// that nobody can know yet, so it is answered but never stored. Nil: never.
	Testing  func(ctx context.Context) bool
	ClientID string
	// Ingest commits an activity; added is false when it was stored before. It is called from several goroutines.
	Ingest func(ctx context.Context, a activity.Activity) (added bool, err error)
	// Delivered is called after each commit; it must not block. Nil: nobody is told.
	Delivered func(a activity.Activity, added bool)
	Path      string // where deliveries come to; empty: /
	MaxBody   int64  // bytes; 0: 1 MiB
	Now       func() time.Time
	Log       *slog.Logger
}

// Receiver is the endpoint of a webhook: an http.Handler for POST. It may be used by several goroutines.
type Receiver struct {
	o        Options
	slots    chan struct{}
	counters [outcomes]atomic.Int64
}

// New returns a receiver.
func New(o Options) *Receiver {
	o.Path = cmp.Or(o.Path, "/")
	o.MaxBody = cmp.Or(o.MaxBody, defaultMaxBody)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Renew == nil {
		o.Renew = func(context.Context) {}
	}
	if o.Testing == nil {
		o.Testing = func(context.Context) bool { return false }
	}
	if o.Delivered == nil {
		o.Delivered = func(activity.Activity, bool) {}
	}
	return &Receiver{o: o, slots: make(chan struct{}, maxAtOnce)}
}

// ServeHTTP takes one delivery. It answers 200 when the activity is committed; 401 to a bad signature; 400 to what is no
// activity; 413 to a body above the limit; 503 when the store failed or too much comes at once, so that the service may
// send it again.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	switch {
	case q.URL.Path != r.o.Path:
		http.Error(w, "deliveries go to "+r.o.Path, http.StatusNotFound)
		return
	case q.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "deliveries are posted", http.StatusMethodNotAllowed)
		return
	}
	end, err := r.take(w, q)
	n := r.counters[end].Add(1)
	answer := answers()[end]
	if err != nil && n&(n-1) == 0 { // a flood must not fill the log: the 1st, 2nd, 4th, 8th ... of a kind
		r.o.Log.Warn("webhook delivery not taken", "why", answer.words, "error", err, "from", q.RemoteAddr, "count", n)
	}
	if answer.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	if answer.status != http.StatusOK {
		http.Error(w, answer.words, answer.status)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// take does all that is to be done before the answer.
func (r *Receiver) take(w http.ResponseWriter, q *http.Request) (outcome, error) {
	signature := q.Header.Get(SignatureHeader)
	if _, ok := readSignature(signature); !ok { // nothing of such a delivery is read
		return badSignature, Verify("-", r.o.ClientID, nil, signature)
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	default:
		return busy, errors.New("too many deliveries at once")
	}
	body, end, err := r.read(w, q)
	if err != nil {
		return end, err
	}
	ctx := q.Context()
	if err := r.verify(ctx, body, signature); err != nil {
		if r.isTest(ctx, body) {
			return tested, nil
		}
		r.o.Renew(ctx)
		if err := r.verify(ctx, body, signature); err != nil {
			return badSignature, err
		}
	}
	a, err := activity.Decode(body)
	if err != nil {
		return notActivity, err
	}
	return r.commit(ctx, a.Stamped(r.o.Now()))
}

func (r *Receiver) read(w http.ResponseWriter, q *http.Request) ([]byte, outcome, error) {
	if q.ContentLength > r.o.MaxBody {
		return nil, tooLarge, fmt.Errorf("a body of %d bytes", q.ContentLength)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, r.o.MaxBody))
	if err == nil {
		return body, stored, nil
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, tooLarge, err
	}
	return nil, broken, err
}

// verify tries every key. The time it takes tells which keys there are, and nothing of what they are.
func (r *Receiver) verify(ctx context.Context, body []byte, signature string) error {
	err := Verify("", r.o.ClientID, body, signature)
	for _, key := range r.o.Keys() {
		if err = Verify(key, r.o.ClientID, body, signature); err == nil {
			return nil
		}
	}
	return errors.Join(err, ctx.Err())
}

// isTest reports whether body is the message that a registration sends first (remote document: Register Webhook).
func (r *Receiver) isTest(ctx context.Context, body []byte) bool {
	a, err := activity.Decode(body)
	return err == nil && a.Type == activity.DirectMessageAdded && r.o.Testing(ctx)
}

// commit stores an activity. It goes on when the sender has gone: what is verified is worth keeping.
func (r *Receiver) commit(ctx context.Context, a activity.Activity) (outcome, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ingestTimeout)
	defer cancel()
	added, err := r.o.Ingest(ctx, a)
	if err != nil {
		return failed, err
	}
	r.o.Delivered(a, added)
	if !added {
		return known, nil
	}
	return stored, nil
}

// outcome is what became of a delivery.
type outcome int

const (
	stored outcome = iota
	known
	tested
	badSignature
	notActivity
	tooLarge
	broken
	failed
	busy
	outcomes // their number
)

type answer struct {
	status int
	words  string
}

func answers() [outcomes]answer {
	return [outcomes]answer{
		stored: {http.StatusOK, "stored"}, known: {http.StatusOK, "stored before"}, tested: {http.StatusOK, "the test of a registration"},
		badSignature: {http.StatusUnauthorized, "the signature is not right"},
		notActivity:  {http.StatusBadRequest, "the body is no activity"},
		tooLarge:     {http.StatusRequestEntityTooLarge, "the body is too large"},
		broken:       {http.StatusBadRequest, "the body did not arrive whole"},
		failed:       {http.StatusServiceUnavailable, "the activity could not be stored"},
		busy:         {http.StatusServiceUnavailable, "too many deliveries at once"},
	}
}

// Stats counts the deliveries since the receiver was made.
type Stats struct {
	Stored       int64 `json:"stored"`       // new activities
	Known        int64 `json:"known"`        // activities that were stored before
	Tests        int64 `json:"tests"`        // of registrations; not stored
	BadSignature int64 `json:"badSignature"` // refused
	NotActivity  int64 `json:"notActivity"`  // signed, but of no use
	TooLarge     int64 `json:"tooLarge"`     // above the limit of the body
	Broken       int64 `json:"broken"`       // ended before the body did
	Failed       int64 `json:"failed"`       // the store could not take them
	Busy         int64 `json:"busy"`         // too many at once
}

// Stats returns the counts.
func (r *Receiver) Stats() Stats {
	n := func(o outcome) int64 { return r.counters[o].Load() }
	return Stats{
		Stored: n(stored), Known: n(known), Tests: n(tested), BadSignature: n(badSignature), NotActivity: n(notActivity),
		TooLarge: n(tooLarge), Broken: n(broken), Failed: n(failed), Busy: n(busy),
	}
}

// String says the counts in a sentence; what did not happen is left out, except that nothing was refused.
func (s Stats) String() string {
	words := []string{fmt.Sprintf("%d new", s.Stored), fmt.Sprintf("%d stored before", s.Known)}
	for _, c := range []struct {
		n     int64
		words string
	}{
		{s.Tests, "for the test of a registration"},
		{s.BadSignature, "refused for their signature"},
		{s.NotActivity, "without an activity"},
		{s.TooLarge, "too large"},
		{s.Broken, "broken off"},
		{s.Failed, "not stored"},
		{s.Busy, "turned away"},
	} {
		if c.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", c.n, c.words))
		}
	}
	return "deliveries: " + strings.Join(words, ", ")
}
