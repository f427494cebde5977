package scenario

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/webhook"
)

// maxDelivery bounds the body of a delivery.
const maxDelivery = 1 << 20

// receiver takes webhook deliveries on this machine for the time of a run.
type receiver struct {
	url    string
	server *http.Server
	done   chan struct{}

	mu        sync.Mutex
	delivered []delivery
}

type delivery struct {
	activity.Activity
	body      []byte
	signature string
	at        time.Time
	taken     bool
}

// listen starts a receiver on a free port of the loopback interface. It lives until close, whatever becomes of ctx.
func listen(ctx context.Context, now func() time.Time) (*receiver, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("a webhook cannot be received on this machine: %w", err)
	}
	h := &receiver{url: "http://" + l.Addr().String() + "/claimdeck", done: make(chan struct{})}
	h.server = &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.take(w, r, now())
	})}
	go func() {
		defer close(h.done)
		_ = h.server.Serve(l) // it ends with close
	}()
	return h, nil
}

func (h *receiver) take(w http.ResponseWriter, r *http.Request, now time.Time) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDelivery))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	a, err := activity.Decode(raw)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delivered = append(h.delivered, delivery{Activity: a, body: raw, signature: r.Header.Get(webhook.SignatureHeader), at: now})
	w.WriteHeader(http.StatusOK)
}

func (h *receiver) close() {
	_ = h.server.Close() // nothing depends on it any more
	<-h.done
}

// pick takes the first delivery that a step wants.
func (h *receiver) pick(st Step) (delivery, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.delivered {
		d := &h.delivered[i]
		if d.taken || string(d.Type) != st.What {
			continue
		}
		if doc, err := readDocument(d.Raw); err == nil && doc.lacks(st) == "" {
			d.taken = true
			return *d, true
		}
	}
	return delivery{}, false
}

func (h *receiver) types() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for _, d := range h.delivered {
		if !d.taken {
			all = append(all, string(d.Type))
		}
	}
	return all
}

// receiverURL is the address of the run's receiver, which is started when it is first asked for.
func (r *Run) receiverURL(ctx context.Context) (string, error) {
	if r.hook == nil {
		var err error
		if r.hook, err = listen(ctx, r.s.o.Now); err != nil {
			return "", err
		}
	}
	return r.hook.url, nil
}

// receives reports whether an address is the run's own.
func (r *Run) receives(endpoint string) bool { return r.hook != nil && r.hook.url == endpoint }

// delivered waits for an activity at the run's webhook.
func (r *Run) delivered(ctx context.Context, st Step, res *StepResult) (string, error) {
	if r.hook == nil {
		return "", errors.New("no webhook was registered at ${receiver}")
	}
	limit := r.within(st, r.s.o.Within)
	var d delivery
	err := r.s.until(ctx, limit, func() (ok bool, err error) {
		d, ok = r.hook.pick(st)
		return ok, nil
	})
	switch {
	case errors.Is(err, errLate):
		words := fmt.Sprintf("%s was not delivered in %s", st.What, Seconds(limit))
		if others := r.hook.types(); len(others) > 0 {
			words += "; what came: " + strings.Join(others, ", ")
		}
		return "", errors.New(words)
	case err != nil:
		return "", err
	}
	if err := r.signed(ctx, d); err != nil {
		return "", err
	}
	res.Activity, res.After = &d.Activity, max(d.at.Sub(r.cause), 0)
	doc, err := readDocument(d.Raw)
	if err != nil {
		return "", err
	}
	return d.Summary(), r.keep(st, doc)
}

// signed checks the signature of a delivery with the key that is in force now (remote document: Validating Webhook
// Payloads).
func (r *Run) signed(ctx context.Context, d delivery) error {
	info, err := r.s.o.Client.Webhook(ctx)
	if err != nil {
		return fmt.Errorf("the webhook's key cannot be read: %w", err)
	}
	if err := webhook.Verify(info.APIKey.Reveal(), r.s.o.ClientID, d.body, d.signature); err != nil {
		return fmt.Errorf("%s was delivered, but %w", d.Type, err)
	}
	return nil
}
