package scenario_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/time/rate"

	"claimdeck/action"
	"claimdeck/action/account"
	"claimdeck/action/scenario"
	"claimdeck/api"
	lx "claimdeck/api/lossexpress"
	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/feed"
	"claimdeck/state/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a sandbox on loopback and an account of it, wired as the program wires them.
type rig struct {
	sandbox *lossexpress.Server
	account *account.Account
	store   *store.Store
	actions *action.Registry
	options scenario.Options

	mu   sync.Mutex
	seen map[string]bool // "METHOD /path" of every request, ids as *
}

var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// ServeHTTP notes a request and gives it to the sandbox.
func (r *rig) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.note(req.Method + " " + ids.ReplaceAllString(req.URL.Path, "*"))
	r.sandbox.ServeHTTP(w, req)
}

func (r *rig) note(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[what] = true
}

func (r *rig) noted(what string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[what]
}

func newRig(t *testing.T, b lossexpress.Behaviour) *rig {
	t.Helper()
	r := &rig{seen: map[string]bool{}}
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	r.sandbox = lossexpress.New(lossexpress.Options{Seed: 1, Now: time.Now, PublicURL: base, Behaviour: b})
	server.Config.Handler = r
	server.Start()
	t.Cleanup(func() { server.Close(); r.sandbox.Close() })

	var err error
	r.account, err = account.Open(account.Options{
		Name: "test", BaseURL: base, Now: time.Now, UserAgent: "claimdeck/test",
		Credentials: func(context.Context) (string, string, error) { return "demo-client", "demo-secret", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.account.Close)
	if r.store, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "claimdeck.db"), store.Options{Now: time.Now, NoSync: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.store.Close() })
	syncer := feed.New(feed.Options{Source: r.account.Source(), Journal: r.store, Now: time.Now, Wait: wait, Lookback: time.Hour})
	backfill := func(ctx context.Context, claimID string, after time.Time) error {
		_, err := syncer.Backfill(ctx, claimID, after)
		return err
	}
	client, err := lx.New(lx.Options{
		BaseURL: base, API: api.Options{Now: time.Now, Rate: rate.Inf},
		Credentials: func(context.Context) (string, string, error) { return "demo-client", "demo-secret", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	r.actions = action.New(action.Deps{Client: client, Store: r.store, Backfill: backfill, Now: time.Now})
	r.options = scenario.Options{
		Client: client, ClientID: "demo-client", Actions: r.actions, Memory: r.store, Within: 2 * time.Second,
		Now: time.Now, Wait: wait,
		Refresh: func(ctx context.Context, claimID string) error {
			snap, err := r.account.Snapshot(ctx, claimID)
			if err != nil {
				return err
			}
			if err := r.store.SaveSnapshot(ctx, snap); err != nil {
				return err
			}
			return backfill(ctx, claimID, time.Now().Add(-time.Hour))
		},
	}
	return r
}

func (r *rig) studio() *scenario.Studio { return scenario.New(r.options) }

// run runs a scenario of its text.
func (r *rig) run(t *testing.T, toml string) scenario.Result {
	t.Helper()
	sc, err := scenario.Parse("test.toml", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.studio().Run(t.Context(), sc, scenario.Created{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// remote is a client of a service that is not on this machine.
func (r *rig) remote(t *testing.T) *lx.Client {
	t.Helper()
	client, err := lx.New(lx.Options{BaseURL: "https://xapi.example.com", API: api.Options{Now: time.Now}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}
