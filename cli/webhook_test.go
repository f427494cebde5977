package cli

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/store"
)

// soon is how long a test waits for what it knows will come.
const soon = 30 * time.Second

// office is a machine with a profile, and the sandbox its profile is for.
type office struct {
	t       *testing.T
	sandbox *lossexpress.Server
	env     map[string]string
	home    string
}

func newOffice(t *testing.T, b lossexpress.Behaviour) *office {
	t.Helper()
	sb := lossexpress.New(lossexpress.Options{Seed: 1, Now: time.Now, Behaviour: b})
	sb.SeedDemo()
	srv := httptest.NewServer(sb)
	t.Cleanup(sb.Close)
	t.Cleanup(srv.Close)
	home := t.TempDir()
	return &office{t: t, sandbox: sb, home: home, env: map[string]string{
		"CLAIMDECK_HOME": home, "CLAIMDECK_LOSSEXPRESS_URL": srv.URL,
		"CLAIMDECK_LOSSEXPRESS_CLIENT_ID": sandboxID, "CLAIMDECK_LOSSEXPRESS_SECRET": sandboxSecret,
	}}
}

// result is how a command ended.
type result struct {
	code        int
	out, errout string
}

func (o *office) program(out, errout io.Writer, args ...string) *Program {
	env := maps.Clone(o.env)
	return &Program{
		Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: errout, Now: time.Now, Version: "test",
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}
}

// run runs a command to its end.
func (o *office) run(args ...string) result {
	o.t.Helper()
	var out, errout bytes.Buffer
	code := Run(o.t.Context(), o.program(&out, &errout, args...))
	return result{code, out.String(), errout.String()}
}

// good runs a command that must succeed, and returns its stdout.
func (o *office) good(args ...string) string {
	o.t.Helper()
	r := o.run(args...)
	if r.code != 0 {
		o.t.Fatalf("%s: exit code %d\n%s", strings.Join(args, " "), r.code, r.errout)
	}
	return r.out
}

func (o *office) store() *store.Store {
	o.t.Helper()
	found, err := filepath.Glob(filepath.Join(o.home, "*", "*", "claimdeck.db"))
	if deeper, err2 := filepath.Glob(filepath.Join(o.home, "*", "*", "*", "claimdeck.db")); err2 == nil {
		found = append(found, deeper...)
	}
	if err != nil || len(found) != 1 {
		o.t.Fatalf("stores: %q, %v", found, err)
	}
	s, err := store.Open(o.t.Context(), found[0], store.Options{Now: time.Now, NoSync: true})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = s.Close() })
	return s
}

// listener is `webhook listen` under way.
type listener struct {
	o           *office
	out, errout lockedBuffer
	url         string
	stop        context.CancelFunc
	ended       chan int
}

func (o *office) listen(args ...string) *listener {
	o.t.Helper()
	l := &listener{o: o, ended: make(chan int, 1)}
	ctx, stop := context.WithCancel(context.WithoutCancel(o.t.Context()))
	l.stop = stop
	p := o.program(&l.out, &l.errout, append([]string{"webhook", "listen", "--addr", "127.0.0.1:0"}, args...)...)
	go func() { l.ended <- Run(ctx, p) }()
	o.t.Cleanup(func() { l.end() })
	listening := regexp.MustCompile(`listening on (http://\S+)`)
	o.until("it listens", func() bool {
		m := listening.FindStringSubmatch(l.errout.String())
		if m != nil {
			l.url = m[1]
		}
		return m != nil
	})
	return l
}

// end interrupts it and returns the exit code; it has five seconds.
func (l *listener) end() int {
	l.stop()
	select {
	case code := <-l.ended:
		l.ended <- code
		return code
	case <-time.After(5 * time.Second):
		l.o.t.Error("webhook listen did not end within 5 s")
		return -1
	}
}

// until waits for what must come.
func (o *office) until(what string, ok func() bool) {
	o.t.Helper()
	late := time.NewTimer(soon)
	defer late.Stop()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !ok() {
		select {
		case <-look.C:
		case <-late.C:
			o.t.Fatalf("waited in vain until %s", what)
		}
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// key is the webhook's key, as the sandbox has it.
func (o *office) key() string {
	o.t.Helper()
	var v webhookView
	if err := json.Unmarshal([]byte(o.good("webhook", "show", "--json", "--reveal")), &v); err != nil {
		o.t.Fatal(err)
	}
	return v.APIKey
}

func (l *listener) post(key, body string) int {
	l.o.t.Helper()
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = io.WriteString(mac, body+":"+sandboxID)
	q, err := http.NewRequestWithContext(l.o.t.Context(), http.MethodPost, l.url, strings.NewReader(body))
	if err != nil {
		l.o.t.Fatal(err)
	}
	q.Header.Set("X-LossExpress-Signature", hex.EncodeToString(mac.Sum(nil)))
	answer, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		l.o.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.StatusCode
}

func callMade(id string) string {
	return fmt.Sprintf(`{"activityId":%q,"createdAt":"2026-11-20T10:00:00.000Z","claimId":"c1","claimNumber":"EX-1","type":"call-made","data":{"callLength":7}}`, id)
}

// TestWebhookEndToEnd registers while the listener runs; what the service posts is committed, and another process that
// has the store open sees it.
func TestWebhookEndToEnd(t *testing.T) {
	t.Parallel()
	for name, routes := range map[string]lossexpress.WebhookRoutes{"newer": lossexpress.WebhookActivities, "older": lossexpress.WebhookCarriers} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, lossexpress.Behaviour{WebhookRoutes: routes})
			if got := o.good("webhook", "show"); !strings.Contains(got, "no webhook is registered") {
				t.Errorf("show: %s", got)
			}
			l := o.listen("--json", "--path", "/in")
			if got := o.good("webhook", "register", l.url); got != "registered "+l.url+": its test was answered with 200\n" {
				t.Errorf("register: %s", got)
			}
			other := o.store()
			seen := newSignal()
			ctx, stop := context.WithCancel(t.Context())
			var watching sync.WaitGroup
			watching.Go(func() {
				if err := (&session{store: other}).watchOthers(&Program{}, func(context.Context) { seen.raise() })(ctx); err != nil {
					t.Error(err)
				}
			})
			defer watching.Wait()
			defer stop()

			claim := o.sandbox.AddClaim(lossexpress.ClaimSeed{})
			o.until("the delivery is printed", func() bool { return strings.Contains(l.out.String(), claim) })
			select {
			case <-seen.ch:
			case <-time.After(soon):
				t.Error("a console did not notice the delivery")
			}
			var first struct{ ActivityID, ClaimID, Type string }
			line, _, _ := strings.Cut(l.out.String(), "\n")
			if err := json.Unmarshal([]byte(line), &first); err != nil || first.ClaimID != claim {
				t.Errorf("printed %s, %v", line, err)
			}
			a, err := other.Activity(t.Context(), activity.KeyOf(first.ActivityID))
			if err != nil || string(a.Raw) != line {
				t.Errorf("stored %s, %v; printed %s", a.Raw, err, line)
			}
			if got := o.good("webhook", "off"); got != "the webhook is off\n" {
				t.Errorf("off: %s", got)
			}
			if got := o.good("webhook", "show"); !strings.Contains(got, "verified  no") {
				t.Errorf("show: %s", got)
			}
			if code := l.end(); code != 0 {
				t.Errorf("exit code %d\n%s", code, l.errout.String())
			}
			if said := l.errout.String(); !strings.Contains(said, "1 for the test of a registration") || strings.Contains(said, "refused") {
				t.Errorf("at the end: %s", said)
			}
		})
	}
}

// Deliveries that are not as they should be are refused, counted and not stored.
func TestWebhookListenRefuses(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	l := o.listen()
	o.good("webhook", "register", l.url)
	key, large := o.key(), strings.Replace(callMade("a9"), "EX-1", strings.Repeat("x", 1<<20), 1)
	for i, step := range []struct {
		key, body string
		status    int
	}{
		{key, callMade("a1"), 200},
		{key, callMade("a1"), 200}, // again
		{"forged", callMade("a2"), 401},
		{"forged", callMade("a2"), 401},
		{key, `{"no":"activity"}`, 400},
		{key, large, 413},
	} {
		if got := l.post(step.key, step.body); got != step.status {
			t.Errorf("step %d: status %d, want %d", i, got, step.status)
		}
	}
	other := o.store()
	for id, want := range map[string]error{"a1": nil, "a2": store.ErrNotFound, "a9": store.ErrNotFound} {
		if _, err := other.Activity(t.Context(), activity.KeyOf(id)); !errors.Is(err, want) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if code := l.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	want := "deliveries: 1 new, 1 stored before, 1 for the test of a registration, 2 refused for their signature, 1 without an activity, 1 too large"
	if said := l.errout.String(); !strings.Contains(said, want) {
		t.Errorf("at the end: %s", said)
	}
	if got := l.out.String(); strings.Count(got, "\n") != 2 || strings.Count(got, "Call to lender, 7 min  (stored before)") != 1 {
		t.Errorf("printed %s", got)
	}
}

// A new registration makes a new key: the old one is good for what is on its way, the new one is asked for.
func TestWebhookKeyRotation(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	l := o.listen()
	o.good("webhook", "register", l.url)
	before := o.key()
	if got := l.post(before, callMade("a1")); got != 200 {
		t.Fatalf("status %d", got)
	}
	if got := l.post("forged", callMade("a0")); got != 401 { // the service was asked a moment ago, and is not asked again
		t.Fatalf("status %d", got)
	}
	o.good("webhook", "register", l.url)
	after := o.key()
	if before == after {
		t.Fatal("the key did not change")
	}
	for id, key := range map[string]string{"a2": after, "a3": before} {
		if got := l.post(after, callMade("a4")); got != 200 {
			t.Errorf("with the new key: status %d", got)
		}
		if got := l.post(key, callMade(id)); got != 200 {
			t.Errorf("%s: status %d", id, got)
		}
	}
}

// What the store cannot take is an error, which the receiver answers with 503, and never "stored before".
func TestIngestOneFails(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	s, _, err := o.program(io.Discard, io.Discard).profileSession(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := activity.Decode([]byte(callMade("a1")))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		if added, err := s.ingestOne(t.Context(), a); err != nil || added != want {
			t.Errorf("delivery %d: added %t, %v", i, added, err)
		}
	}
	s.close()
	if added, err := s.ingestOne(t.Context(), a); err == nil || added {
		t.Errorf("a closed store took it: %t, %v", added, err)
	}
}

// Whoever reads stdout may go: the listener ends with it instead of receiving for nobody.
func TestWebhookListenWithoutReader(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = write.Close() }()
	var errout lockedBuffer
	ended := make(chan int, 1)
	p := o.program(write, &errout, "webhook", "listen", "--addr", "127.0.0.1:0")
	go func() { ended <- Run(t.Context(), p) }()
	url := ""
	o.until("it listens", func() bool {
		_, rest, ok := strings.Cut(errout.String(), "listening on ")
		url, _, _ = strings.Cut(rest, "\n")
		return ok && url != ""
	})
	o.good("webhook", "register", url)
	if err := read.Close(); err != nil {
		t.Fatal(err)
	}
	o.sandbox.AddClaim(lossexpress.ClaimSeed{})
	select {
	case code := <-ended:
		if code != exitFailed || !strings.Contains(errout.String(), "cannot be printed") {
			t.Errorf("exit code %d: %s", code, errout.String())
		}
	case <-time.After(soon):
		t.Error("it goes on without a reader")
	}
}

func TestWebhookUsage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	for _, test := range []struct {
		args string
		code int
		says string
	}{
		{"webhook register", exitUsage, "accepts 1 arg"},
		{"webhook register ftp://x/", exitUsage, "is not an address to post to"},
		{"webhook register /x", exitUsage, "is not an address to post to"},
		{"webhook register http://127.0.0.1:1/", exitFailed, "there was no answer: is claimdeck webhook listen running there"},
		{"webhook register http://example.com/", exitFailed, "warning: http://example.com/ is plain http"},
		{"webhook register http://127.0.0.1:1/ --types call-mad", exitFailed, `warning: "call-mad" is no type`},
		{"webhook listen --addr 8791", exitUsage, "is not HOST:PORT"},
		{"webhook listen --path x", exitUsage, "does not begin with /"},
		{"webhook lisen", exitUsage, `no verb "lisen"`},
		{"webhook off --json", 0, ""},
	} {
		r := o.run(strings.Fields(test.args)...)
		if r.code != test.code || !strings.Contains(r.errout, test.says) {
			t.Errorf("%s: exit code %d: %s", test.args, r.code, r.errout)
		}
	}
	r := o.run("webhook", "register", "http://127.0.0.1:1/", "--json")
	var v struct {
		Success    *bool
		StatusCode int
	}
	if err := json.Unmarshal([]byte(r.out), &v); err != nil || v.Success == nil || *v.Success || r.code != exitFailed {
		t.Errorf("%+v: %v", r, err)
	}
	o.env["CLAIMDECK_LOSSEXPRESS_SECRET"] = "wrong"
	if r := o.run("webhook", "listen", "--addr", "127.0.0.1:0"); r.code != exitSignedOut {
		t.Errorf("a wrong secret: %+v", r)
	}
}

// An address that others can reach is warned about; one in use is said so.
func TestWebhookListenAddresses(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	l := o.listen()
	addr := strings.TrimSuffix(strings.TrimPrefix(l.url, "http://"), "/")
	if r := o.run("webhook", "listen", "--addr", addr); r.code != exitFailed || !strings.Contains(r.errout, "choose another address with --addr") {
		t.Errorf("an address in use: %+v", r)
	}
	if strings.Contains(l.errout.String(), "warning") {
		t.Errorf("on loopback: %s", l.errout.String())
	}
	ctx, stop := context.WithCancel(t.Context())
	stop() // the warning comes before anything is opened
	var errout bytes.Buffer
	Run(ctx, o.program(io.Discard, &errout, "webhook", "listen", "--addr", ":8791"))
	if !strings.Contains(errout.String(), "warning: :8791 can be reached from elsewhere") {
		t.Errorf("on all addresses: %s", errout.String())
	}
}
