package action_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/oauth2"

	"claimdeck/action"
	"claimdeck/action/account"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/outbox"
	"claimdeck/state/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock moves when somebody waits, and then at once.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return ctx.Err()
}

// bench is the sandbox over loopback HTTP, the real client, the real store, the real syncer and the real outbox.
type bench struct {
	t       *testing.T
	clock   *clock
	service *sandbox.Server
	account *account.Account
	flavour action.Flavour
	path    string // of the store
	store   *store.Store
	syncer  *feed.Syncer
	actions *action.Registry
	box     *outbox.Box
	wire    wire
	hooks   string // where webhooks are answered
}

// wire keeps the write that came over the network last.
type wire struct {
	mu           sync.Mutex
	method, path string
	body         []byte
}

// tap is h with the writes noted down.
func (w *wire) tap(h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.URL.Path != "/oauth/token" {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(rw, "unreadable", http.StatusBadRequest)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			w.mu.Lock()
			w.method, w.path, w.body = r.Method, r.URL.RequestURI(), body
			w.mu.Unlock()
		}
		h.ServeHTTP(rw, r)
	})
}

func (w *wire) last() (method, path string, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.method, w.path, w.body
}

const sendTimeout = 300 * time.Millisecond

// with is the bench in a test below the one that made it.
func (b *bench) with(t *testing.T) *bench {
	t.Helper()
	outer := b.t
	b.t = t
	t.Cleanup(func() { b.t = outer })
	return b
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return newBenchOf(t, action.Carrier)
}

// newBenchOf is the bench of a carrier's or a vendor's account.
func newBenchOf(t *testing.T, flavour action.Flavour) *bench {
	t.Helper()
	b := &bench{t: t, flavour: flavour, clock: &clock{at: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)}}
	b.path = filepath.Join(t.TempDir(), "claimdeck.db")
	o := sandbox.Options{Seed: 1, Now: b.clock.Now, Behaviour: sandbox.Behaviour{NoDefaultAge: true}}
	if flavour == action.Vendor {
		o.Flavour = sandbox.FlavourVendor
	}
	b.service = sandbox.New(o)
	server := httptest.NewServer(b.wire.tap(b.service))
	hooks := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	b.hooks = hooks.URL
	t.Cleanup(func() { server.Close(); b.service.Close(); hooks.Close() })
	var err error
	b.account, err = account.Open(account.Options{
		Name: "test", BaseURL: server.URL, Now: b.clock.Now, Wait: b.clock.Wait,
		Credentials: func(context.Context) (string, string, error) { return "demo-client", "demo-secret", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.account.Close)
	if err := b.account.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.open("first")
	t.Cleanup(func() { b.closeStore() })
	return b
}

// open starts a claimdeck process over the store's file.
func (b *bench) open(instance string) {
	b.t.Helper()
	var err error
	if b.store, err = store.Open(b.t.Context(), b.path, store.Options{Now: b.clock.Now, NoSync: true}); err != nil {
		b.t.Fatal(err)
	}
	b.syncer = feed.New(feed.Options{
		Source: b.account.Source(), Journal: b.store, Now: b.clock.Now, Wait: b.clock.Wait,
		OnAdded: func(ctx context.Context, added []activity.Activity) { b.box.Observe(ctx, added) },
	})
	b.actions = action.New(action.Deps{
		Client: b.account.Client(), Store: b.store, Now: b.clock.Now, Flavour: b.flavour, Known: b.known,
		Backfill: func(ctx context.Context, claimID string, after time.Time) error {
			_, err := b.syncer.Backfill(ctx, claimID, after)
			return err
		},
	})
	b.newBox(instance, b.actions)
}

// known are the claims that the store has under a number or a VIN.
func (b *bench) known(ctx context.Context, ref string) ([]action.Known, error) {
	rows, err := b.store.FindClaims(ctx, ref)
	var known []action.Known
	for _, r := range rows {
		known = append(known, action.Known{ID: r.ID, Number: r.Number, VIN: r.VIN})
	}
	return known, err
}

func (b *bench) newBox(instance string, sender outbox.Sender) {
	b.box = outbox.New(outbox.Options{
		Journal: action.Journal(b.store), Sender: sender, Now: b.clock.Now, Wait: b.clock.Wait, Instance: instance, Timeout: sendTimeout,
		Alive: func(other string) bool { return other == instance },
	})
}

func (b *bench) closeStore() {
	b.t.Helper()
	if err := b.store.Close(); err != nil {
		b.t.Error(err)
	}
}

// claim adds a claim with the documents that a payoff needs.
func (b *bench) claim() string {
	return b.service.AddClaim(sandbox.ClaimSeed{
		ClaimNumber: "EX-1001", Documents: []string{"Settlement Breakdown", "Valuation Report"},
	})
}

// subject is the claim as the store knows it after reading its history.
func (b *bench) subject(claimID string) action.Subject {
	b.t.Helper()
	if _, err := b.syncer.Backfill(b.t.Context(), claimID, time.Time{}); err != nil {
		b.t.Fatal(err)
	}
	c, err := b.actions.Load(b.t.Context(), claimID)
	if err != nil {
		b.t.Fatal(err)
	}
	return action.Subject{Claim: c, Now: b.clock.Now()}
}

func (b *bench) action(id string) action.Action {
	b.t.Helper()
	a, ok := b.actions.Get(id)
	if !ok {
		b.t.Fatalf("there is no action %s", id)
	}
	return a
}

// prepare prepares what must have no problem.
func (b *bench) prepare(id, claimID string, v action.Values) outbox.Draft {
	b.t.Helper()
	on := action.Subject{Now: b.clock.Now()}
	if !b.action(id).NoClaim {
		on = b.subject(claimID)
	}
	p, err := b.actions.Prepare(b.t.Context(), b.action(id), on, v)
	if err != nil || len(p.Problems) > 0 {
		b.t.Fatalf("%s: %v %v", id, err, p.Problems)
	}
	p.Draft.Origin = outbox.FromCLI
	return p.Draft
}

// draft is a draft that no check of ours has seen.
func (b *bench) draft(id, claimID string, v action.Values) outbox.Draft {
	b.t.Helper()
	raw, err := action.EncodeInput(b.action(id), v, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return outbox.Draft{Action: id, ClaimID: claimID, Title: id, Input: raw, Origin: outbox.FromCLI}
}

func (b *bench) settle(d outbox.Draft) outbox.Entry {
	b.t.Helper()
	e, err := b.box.Submit(b.t.Context(), d)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.finish(e)
}

// finish settles an entry. Time goes on meanwhile, as it does.
func (b *bench) finish(e outbox.Entry) outbox.Entry {
	b.t.Helper()
	if err := b.clock.Wait(b.t.Context(), time.Second); err != nil {
		b.t.Fatal(err)
	}
	e, err := b.box.Settle(b.t.Context(), e.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

// effects counts what requests did to a claim, by kind.
func (b *bench) effects(kind, claimID string) int {
	n := 0
	for _, w := range b.service.Writes() {
		if w.Kind == kind && w.ClaimID == claimID {
			n++
		}
	}
	return n
}

// breakdown is a new file breakdown.pdf.
func (b *bench) breakdown(content string) string { return b.file("breakdown.pdf", content) }

// file writes a file to be picked.
func (b *bench) file(name, content string) string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// pdf is a small file that is a PDF by its content.
const pdf = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"

func (b *bench) token() *oauth2.Token {
	b.t.Helper()
	tok, err := b.account.Client().Token(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return tok
}

// decode is an activity of a type, with data as it is sent.
func decode(t *testing.T, activityType, data string) activity.Activity {
	t.Helper()
	a, err := activity.Decode(json.RawMessage(`{"activityId":"fed62fa0-c048-46b5-b994-6e3e69fb0f37","createdAt":"2026-11-20T15:00:00.000Z",` +
		`"claimId":"c30ae9da-9222-4de5-81fe-fe1ac590fa0f","type":"` + activityType + `","claimNumber":"EX-1001","data":` + data + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// searches matches searches for claims by a parameter.
func searches(by string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Path == "/claims" && r.URL.Query().Get(by) != "" }
}

// posts matches the request that posts to a path.
func posts(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path == path }
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
