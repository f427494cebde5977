package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/store"
	"claimdeck/state/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what it knows will come.
const patience = 20 * time.Second

// sign is written apart from the code it tests.
func sign(key, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = io.WriteString(mac, body+":"+client)
	return hex.EncodeToString(mac.Sum(nil))
}

func message(id string) string {
	return fmt.Sprintf(`{"activityId":%q,"createdAt":"2026-11-20T10:00:00.000Z","claimId":"c1","claimNumber":"EX-1","type":"direct-message-added","data":{"message":"hello","sentByLossExpress":true}}`, id)
}

func now() time.Time { return time.Date(2026, 11, 20, 15, 30, 0, 0, time.UTC) }

// ledger is a store in memory that can fail.
type ledger struct {
	mu   sync.Mutex
	got  map[string]activity.Activity
	fail error
}

func (l *ledger) ingest(_ context.Context, a activity.Activity) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return false, l.fail
	}
	_, there := l.got[a.ID]
	if l.got == nil {
		l.got = map[string]activity.Activity{}
	}
	l.got[a.ID] = a
	return !there, nil
}

func (l *ledger) breaks(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fail = err
}

func receiver(l *ledger, more func(*webhook.Options)) *webhook.Receiver {
	o := webhook.Options{Keys: func() []string { return []string{key} }, ClientID: client, Ingest: l.ingest, Now: now, MaxBody: 4096}
	if more != nil {
		more(&o)
	}
	return webhook.New(o)
}

func post(r http.Handler, body, signature string) *httptest.ResponseRecorder {
	q := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	q.Header.Set("x-lossexpress-signature", signature)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, q)
	return w
}

func TestReceiver(t *testing.T) {
	t.Parallel()
	body := message("a1")
	large := strings.Replace(body, "hello", strings.Repeat("x", 5000), 1)
	broken := errors.New("disk full")
	for name, test := range map[string]struct {
		body, signature string
		fail            error
		status          int
		stats           webhook.Stats
	}{
		"good":                {body, sign(key, body), nil, 200, webhook.Stats{Stored: 1}},
		"laid out anew":       {"\n" + body + "\n", sign(key, body), nil, 200, webhook.Stats{Stored: 1}},
		"bad signature":       {body, sign(key+"x", body), nil, 401, webhook.Stats{BadSignature: 1}},
		"no signature":        {body, "", nil, 401, webhook.Stats{BadSignature: 1}},
		"no activity":         {`{"a":1}`, sign(key, `{"a":1}`), nil, 400, webhook.Stats{NotActivity: 1}},
		"no JSON":             {`hello`, sign(key, `hello`), nil, 400, webhook.Stats{NotActivity: 1}},
		"empty":               {``, sign(key, ``), nil, 400, webhook.Stats{NotActivity: 1}},
		"too large":           {large, sign(key, large), nil, 413, webhook.Stats{TooLarge: 1}},
		"store fails":         {body, sign(key, body), broken, 503, webhook.Stats{Failed: 1}},
		"store fails, forged": {body, sign("forged", body), broken, 401, webhook.Stats{BadSignature: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &ledger{fail: test.fail}
			r := receiver(l, nil)
			w := post(r, test.body, test.signature)
			if w.Code != test.status || r.Stats() != test.stats {
				t.Errorf("status %d, %+v; want %d, %+v", w.Code, r.Stats(), test.status, test.stats)
			}
			if want := int(test.stats.Stored); len(l.got) != want {
				t.Errorf("%d activities committed, want %d", len(l.got), want)
			}
			if (w.Header().Get("Retry-After") != "") != (test.status == 503) {
				t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
			}
		})
	}
}

// A body of unknown length is cut off too, and the answer comes without the rest of it.
func TestReceiverCapsUnknownLength(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	r := receiver(l, nil)
	endless := &counting{}
	q := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(endless))
	q.ContentLength = -1
	q.Header.Set(webhook.SignatureHeader, sign(key, ""))
	w := httptest.NewRecorder()
	r.ServeHTTP(w, q)
	if w.Code != 413 || r.Stats().TooLarge != 1 || endless.n.Load() > 64<<10 {
		t.Errorf("status %d after %d bytes", w.Code, endless.n.Load())
	}
}

// counting is an endless body.
type counting struct{ n atomic.Int64 }

func (c *counting) Read(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestReceiverRoutes(t *testing.T) {
	t.Parallel()
	r := receiver(&ledger{}, func(o *webhook.Options) { o.Path = "/hook" })
	body := message("a1")
	for _, test := range []struct {
		method, path string
		status       int
	}{
		{"POST", "/hook", 200}, {"POST", "/", 404}, {"POST", "/hook/x", 404}, {"GET", "/hook", 405}, {"PUT", "/hook", 405}, {"HEAD", "/hook", 405},
	} {
		q := httptest.NewRequest(test.method, test.path, strings.NewReader(body))
		q.Header.Set(webhook.SignatureHeader, sign(key, body))
		w := httptest.NewRecorder()
		r.ServeHTTP(w, q)
		if w.Code != test.status || (test.status == 405) != (w.Header().Get("Allow") == "POST") {
			t.Errorf("%s %s: %d, Allow %q", test.method, test.path, w.Code, w.Header().Get("Allow"))
		}
	}
	if got := r.Stats(); got != (webhook.Stats{Stored: 1}) {
		t.Errorf("got %+v", got)
	}
}

// 200 comes after the commit, and the one who waits for deliveries is told in between.
func TestReceiverAnswersAfterTheCommit(t *testing.T) {
	t.Parallel()
	var steps []string
	r := receiver(&ledger{}, func(o *webhook.Options) {
		o.Ingest = func(context.Context, activity.Activity) (bool, error) {
			steps = append(steps, "commit")
			return true, nil
		}
		o.Delivered = func(a activity.Activity, added bool) { steps = append(steps, fmt.Sprint(a.ID, " ", added)) }
	})
	q := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(message("a1")))
	q.Header.Set(webhook.SignatureHeader, sign(key, message("a1")))
	w := &told{ResponseRecorder: httptest.NewRecorder(), steps: &steps}
	r.ServeHTTP(w, q)
	if got := strings.Join(steps, ", "); got != "commit, a1 true, 200" {
		t.Errorf("got %s", got)
	}
}

type told struct {
	*httptest.ResponseRecorder
	steps *[]string
}

func (w *told) WriteHeader(status int) {
	*w.steps = append(*w.steps, fmt.Sprint(status))
	w.ResponseRecorder.WriteHeader(status)
}

// A delivery that was sent again after the store had failed is stored once.
func TestReceiverAgain(t *testing.T) {
	t.Parallel()
	l := &ledger{fail: errors.New("busy")}
	r := receiver(l, nil)
	body := message("a1")
	for i, want := range []int{503, 200, 200} {
		if w := post(r, body, sign(key, body)); w.Code != want {
			t.Errorf("delivery %d: %d, want %d", i, w.Code, want)
		}
		l.breaks(nil)
	}
	if got := r.Stats(); got != (webhook.Stats{Stored: 1, Known: 1, Failed: 1}) || len(l.got) != 1 {
		t.Errorf("got %+v, %d rows", got, len(l.got))
	}
}

// An activity without a time gets that of its arrival, and a sender that has gone does not undo the commit.
func TestReceiverKeepsWhatIsVerified(t *testing.T) {
	t.Parallel()
	body := `{"activityId":"a1","type":"call-made"}`
	var got activity.Activity
	r := receiver(&ledger{}, func(o *webhook.Options) {
		o.Ingest = func(ctx context.Context, a activity.Activity) (bool, error) {
			got = a
			return true, ctx.Err()
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	q := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", &hangingUp{strings.NewReader(body), cancel})
	q.Header.Set(webhook.SignatureHeader, sign(key, body))
	w := httptest.NewRecorder()
	r.ServeHTTP(w, q)
	if w.Code != 200 || !got.CreatedAt.Equal(now()) {
		t.Errorf("status %d, created %s, %+v", w.Code, got.CreatedAt, r.Stats())
	}
}

// hangingUp ends the request once its body was read.
type hangingUp struct {
	*strings.Reader
	hangUp context.CancelFunc
}

func (h *hangingUp) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		h.hangUp()
	}
	return n, err
}

// More at once than there is room for is turned away, and comes again.
func TestReceiverBusy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		l := &ledger{}
		r := receiver(l, func(o *webhook.Options) {
			o.Ingest = func(ctx context.Context, a activity.Activity) (bool, error) {
				<-release
				return l.ingest(ctx, a)
			}
		})
		var work sync.WaitGroup
		for i := range 32 {
			body := message(fmt.Sprint("a", i))
			work.Go(func() { post(r, body, sign(key, body)) })
		}
		synctest.Wait()
		if w := post(r, message("b"), sign(key, message("b"))); w.Code != 503 {
			t.Errorf("status %d", w.Code)
		}
		close(release)
		work.Wait()
		if got := r.Stats(); got != (webhook.Stats{Stored: 32, Busy: 1}) {
			t.Errorf("got %+v", got)
		}
	})
}

// The test of a registration is signed with a key that nobody knows yet: it is answered, never stored, and only when a
// registration is under way.
func TestReceiverTest(t *testing.T) {
	t.Parallel()
	l, renewed, testing := &ledger{}, 0, 0
	r := receiver(l, func(o *webhook.Options) {
		o.Renew = func(context.Context) { renewed++ }
		o.Testing = func(context.Context) bool { testing--; return testing >= 0 }
	})
	body := message("test")
	call := `{"activityId":"a2","type":"call-made"}`
	for i, test := range []struct {
		under, status, renewed int
		body                   string
	}{{0, 401, 1, body}, {1, 401, 2, call}, {1, 200, 2, body}} {
		testing = test.under
		if w := post(r, test.body, sign("the new key", test.body)); w.Code != test.status || renewed != test.renewed {
			t.Errorf("step %d: status %d, renewed %d times", i, w.Code, renewed)
		}
	}
	if got := r.Stats(); got != (webhook.Stats{Tests: 1, BadSignature: 2}) || len(l.got) != 0 {
		t.Errorf("got %+v, %d rows", got, len(l.got))
	}
}

// TestReceiverInStore commits to the real store; what other processes read there changes its version.
func TestReceiverInStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "claimdeck.db")
	ours, theirs := open(t, path), open(t, path)
	before, err := theirs.DataVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := receiver(&ledger{}, func(o *webhook.Options) {
		o.Ingest = func(ctx context.Context, a activity.Activity) (bool, error) {
			result, err := ours.Ingest(ctx, feed.Batch{Activities: []activity.Activity{a}})
			return len(result.Added) > 0, err
		}
	})
	body := message("a1")
	for range 3 {
		if w := post(r, body, sign(key, body)); w.Code != 200 {
			t.Fatalf("status %d", w.Code)
		}
	}
	after, err := theirs.DataVersion(t.Context())
	if err != nil || after == before {
		t.Errorf("version %d, then %d, %v", before, after, err)
	}
	a, err := theirs.Activity(t.Context(), activity.KeyOf("a1"))
	if err != nil || string(a.Raw) != body || r.Stats() != (webhook.Stats{Stored: 1, Known: 2}) {
		t.Errorf("%s, %v, %+v", a.Raw, err, r.Stats())
	}
	if _, known, err := theirs.Cursor(t.Context()); known || err != nil {
		t.Errorf("a delivery moved the cursor: %t, %v", known, err)
	}
	if err := ours.Close(); err != nil {
		t.Fatal(err)
	}
	if w := post(r, message("a2"), sign(key, message("a2"))); w.Code != 503 {
		t.Errorf("with a closed store: %d", w.Code)
	}
}

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{Now: now, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// serve runs a receiver on loopback and returns its address and its end.
func serve(t *testing.T, r *webhook.Receiver) (addr string, stop func() error) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	served := make(chan error, 1)
	go func() { served <- r.Serve(ctx, l) }()
	stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-served:
			return err
		case <-time.After(patience):
			return errors.New("it does not end")
		}
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), stop
}

// Deliveries come at the same time, each activity twice; each is stored once and the end waits for those under way.
func TestServe(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	r := receiver(l, nil)
	addr, stop := serve(t, r)
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 8}}
	defer client.CloseIdleConnections()
	var work sync.WaitGroup
	for i := range 40 {
		body := message(fmt.Sprint("a", i/2))
		work.Go(func() {
			q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/", strings.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			q.Header.Set(webhook.SignatureHeader, sign(key, body))
			answer, err := client.Do(q)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = answer.Body.Close() }()
			if answer.StatusCode != 200 {
				t.Errorf("status %d", answer.StatusCode)
			}
		})
	}
	work.Wait()
	if got := r.Stats(); got != (webhook.Stats{Stored: 20, Known: 20}) {
		t.Errorf("got %+v", got)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr); err == nil {
		_ = c.Close()
		t.Error("it still listens")
	}
}

// A client that sends half a body does not hold the end up for longer than the drain.
func TestServeEndsDespiteASlowClient(t *testing.T) {
	t.Parallel()
	r := receiver(&ledger{}, nil)
	addr, stop := serve(t, r)
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	// "100 Continue" comes once the receiver reads the body.
	_, err = fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nExpect: 100-continue\r\nX-LossExpress-Signature: %s\r\n\r\n", sign(key, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, len("HTTP/1.1 100 Continue"))); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the end took %s", took)
	}
}
