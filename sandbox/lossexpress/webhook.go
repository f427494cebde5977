package lossexpress

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"syscall"
	"time"

	"claimdeck/sandbox/fault"
)

const (
	maxDeliveries   = 256 // waiting; the oldest goes when there are more
	deliveryTimeout = 5 * time.Second
)

// webhook is the account's registration and the deliveries to it. It has a lock of its own, taken after the
// server's: deliveries go on in the background while the server answers.
type webhook struct {
	clientID string
	client   *http.Client
	base     context.Context //nolint:containedctx // ends all deliveries
	cancel   context.CancelFunc
	running  sync.WaitGroup

	mu       sync.Mutex
	endpoint string
	key      string
	verified bool
	active   bool
	types    []string // nil: all
	queue    []delivery
	busy     bool
	dropped  int
}

type delivery struct {
	endpoint, key string
	body          []byte
}

func (h *webhook) start(clientID string) {
	h.clientID = clientID
	h.base, h.cancel = context.WithCancel(context.Background())
	dialer := &net.Dialer{Control: loopbackOnly}
	h.client = &http.Client{
		Timeout:       deliveryTimeout,
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (h *webhook) stop() {
	h.mu.Lock()
	h.cancel()
	h.mu.Unlock()
	h.running.Wait()
}

// loopbackOnly refuses every connection that leaves the machine, whatever a name resolved to.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil || !target.Addr().IsLoopback() {
		return fmt.Errorf("the sandbox only calls loopback addresses, not %s", address)
	}
	return nil
}

// offer queues an activity for the endpoint, if there is one that wants it.
func (h *webhook) offer(e *entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.active || (h.types != nil && !slices.Contains(h.types, e.kind)) || h.base.Err() != nil {
		return
	}
	if len(h.queue) >= maxDeliveries {
		h.queue = slices.Delete(h.queue, 0, 1)
		h.dropped++
	}
	h.queue = append(h.queue, delivery{endpoint: h.endpoint, key: h.key, body: e.raw})
	if !h.busy {
		h.busy = true
		h.running.Go(h.drain)
	}
}

// drain sends what is queued, one after the other, and ends when nothing is left. A failed delivery is not repeated:
// the documents promise no retry.
func (h *webhook) drain() {
	for {
		h.mu.Lock()
		if len(h.queue) == 0 || h.base.Err() != nil {
			h.busy = false
			h.mu.Unlock()
			return
		}
		next := h.queue[0]
		h.queue = slices.Delete(h.queue, 0, 1)
		h.mu.Unlock()
		h.send(h.base, next)
	}
}

// send posts one activity and returns the status of the answer, 0 for none.
func (h *webhook) send(ctx context.Context, d delivery) int {
	ctx, cancel := context.WithTimeout(ctx, deliveryTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.endpoint, bytes.NewReader(d.body))
	if err != nil {
		return 0
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Lossexpress-Signature", signature(d.key, h.clientID, d.body))
	answer, err := h.client.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, 1<<20)
	return answer.StatusCode
}

// signature is the X-LossExpress-Signature of a body (remote document: Validating Webhook Payloads).
func signature(key, clientID string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	mac.Write([]byte(":" + clientID))
	return hex.EncodeToString(mac.Sum(nil))
}

func webhookRules(Flavour) []rule {
	return []rule{{name: "endpoint", shape: isURL, required: true}, {name: "types", shape: isTextOrTexts}}
}

// registerWebhook answers POST /activities/webhook and /carriers/webhook (remote document: Register Webhook): it
// calls the endpoint with a test message, and makes a new key each time.
func (s *Server) registerWebhook(r *request) reply {
	endpoint := r.text("endpoint")
	if !onLoopback(endpoint) {
		return *invalid(r.b, *rule{name: "endpoint"}.fault("must be on this machine: the sandbox calls no other", "string", "uri"))
	}
	types := r.texts("types")
	if kindOf(r.body["types"]) != '[' {
		types = nil
	}
	key := rand.Text()
	status := s.hook.send(r.http.Context(), delivery{endpoint: endpoint, key: key, body: s.testMessage(r.now)})
	verified := status == http.StatusOK

	s.hook.mu.Lock()
	s.hook.endpoint, s.hook.key, s.hook.types = endpoint, key, types
	s.hook.verified, s.hook.active = verified, verified
	s.hook.mu.Unlock()
	s.mu.Lock()
	s.wrote(WroteWebhook, nil, endpoint, r.now)
	s.mu.Unlock()
	return ok(object{"success": verified, "statusCode": status})
}

// testMessage is the activity that a registration sends; it is not in the feed.
func (s *Server) testMessage(at time.Time) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fault.Encode(envelope{
		ActivityID: s.id(), CreatedAt: stamp(at), ClaimID: s.id(), Type: activityMessage, ClaimNumber: "TEST",
		Data: fault.Encode(object{
			"sentByLossExpress": true, "message": "This is a test message.", "category": "GENERAL", "actionRequired": false,
		}),
	})
}

func onLoopback(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || (err == nil && ip.IsLoopback())
}

// getWebhook answers GET /activities/webhook-info and /carriers/webhook-info (remote document: Fetch Webhook
// Information).
func (s *Server) getWebhook(*request) reply {
	s.hook.mu.Lock()
	defer s.hook.mu.Unlock()
	if s.hook.endpoint == "" {
		return failure(http.StatusNotFound, "A webhook does not exist.")
	}
	subscribed := s.hook.types
	if subscribed == nil {
		subscribed = []string{"all"}
	}
	return ok(object{"success": true, "webhookInfo": object{
		"endpoint": s.hook.endpoint, "verified": s.hook.verified, "apiKey": s.hook.key,
		"activityTypeSubscriptions": subscribed,
	}})
}

// deactivateWebhook answers PUT /carriers/deactivate-webhook (remote document: Deactivate Webhook): the entry stays.
func (s *Server) deactivateWebhook(r *request) reply {
	s.hook.mu.Lock()
	s.hook.active = false
	s.hook.verified = false
	endpoint := s.hook.endpoint
	s.hook.mu.Unlock()
	if endpoint == "" {
		return failure(http.StatusNotFound, "A webhook does not exist.")
	}
	s.wrote(WroteWebhookOff, nil, endpoint, r.now)
	return ok(object{"success": true})
}

// DroppedDeliveries is the number of webhook deliveries that were given up because too many were waiting.
func (s *Server) DroppedDeliveries() int {
	s.hook.mu.Lock()
	defer s.hook.mu.Unlock()
	return s.hook.dropped
}
