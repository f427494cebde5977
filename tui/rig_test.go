package tui_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata" // the tests live in Chicago, wherever they run

	"claimdeck/action"
	"claimdeck/action/account"
	"claimdeck/action/scenario"
	"claimdeck/keymap"
	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/outbox"
	"claimdeck/state/store"
	"claimdeck/tui"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/picker"
)

// lookback reaches all that the sandbox is seeded with.
const lookback = 12 * 24 * time.Hour

// morning is when every test begins, in the zone of the person at the console.
func morning(tb testing.TB) time.Time {
	tb.Helper()
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		tb.Fatal(err)
	}
	return time.Date(2026, time.November, 20, 9, 30, 0, 0, zone)
}

// bubble runs f where time passes only while everything waits: what the console does comes to rest without anybody
// waiting for it, and hours cost nothing.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { time.Sleep(2 * time.Minute) }) // for ticks that nobody waits for any more
		f(t)
	})
}

// rig is everything the console stands on, wired as the program wires it: a sandbox, the account that talks to it, a
// store on disk, the syncer, the actions, the outbox. Requests reach the sandbox without a socket, as a socket would
// keep the clock of a bubble from running.
type rig struct {
	tb      testing.TB
	ctx     context.Context
	now     func() time.Time
	sandbox *lossexpress.Server
	store   *store.Store
	syncer  *feed.Syncer
	actions *action.Registry
	box     *outbox.Box
	env     *screen.Env
	options tui.Options
	changes chan struct{}
	work    sync.WaitGroup
	sides   sides // the side systems; zero: there are none
	filed   filed // the desk of filings; zero: there is none
}

// setup is how a rig differs from the usual one.
type setup struct {
	empty      bool // the sandbox has no claims
	unread     bool // the store is empty, whatever the sandbox has
	live       bool // the syncer polls and the outbox sends; otherwise a test does both by hand
	hold       time.Duration
	behaviour  lossexpress.Behaviour
	feed       *stillFeed // what the console is told of the feed; nil and not live: all is well
	production bool
	theme      theme.Options
	fixed      bool // the theme does not follow the terminal
	notice     string
	keys       *keymap.Map
	layout     screen.Layout
	between    func(http.Handler) http.Handler // stands before the sandbox; nil: nothing
	sides      bool                            // the profile has accounts of ClaimCenter and Scalepoint
	filings    *filingsSetup                   // the desk of filings; nil: there is none
}

func newRig(tb testing.TB, s setup) *rig {
	tb.Helper()
	ctx, stop := context.WithCancel(tb.Context())
	began, base := time.Now(), morning(tb)
	r := &rig{tb: tb, ctx: ctx, changes: make(chan struct{}, 1)}
	r.now = func() time.Time { return base.Add(time.Since(began)) }
	tb.Cleanup(func() {
		stop()
		r.work.Wait()
	})
	r.openSandbox(s)
	usual := !s.empty && !s.unread && !s.behaviour.HostileStrings
	r.openStore(usual)
	r.wire(s)
	if !s.unread && !usual {
		r.sync()
	}
	tb.Cleanup(r.store.Subscribe(r.raise))
	r.optionsFor(s)
	if s.live {
		r.work.Go(func() { r.ends(r.syncer.Run(ctx)) })
		r.work.Go(func() { r.ends(r.box.Run(ctx)) })
	}
	return r
}

func (r *rig) openSandbox(s setup) {
	r.sandbox = lossexpress.New(lossexpress.Options{Seed: 1, Now: r.now, Behaviour: s.behaviour})
	r.tb.Cleanup(r.sandbox.Close)
	if !s.empty {
		r.sandbox.SeedDemo()
	}
}

// openStore opens an empty store, or one that holds all that a seeded sandbox has.
func (r *rig) openStore(seeded bool) {
	name := filepath.Join(r.tb.TempDir(), "claimdeck.db")
	if seeded {
		if err := os.WriteFile(name, seededStore(r.tb), 0o600); err != nil {
			r.tb.Fatal(err)
		}
	}
	var err error
	r.store, err = store.Open(r.ctx, name, store.Options{Now: r.now, NoSync: true})
	if err != nil {
		r.tb.Fatal(err)
	}
	r.tb.Cleanup(func() {
		if err := r.store.Close(); err != nil {
			r.tb.Error(err)
		}
	})
}

// seeds is the file of a store that was synced with a freshly seeded sandbox: it is the same in every bubble, as the
// sandbox and the clock are.
var seeds struct {
	sync.Mutex
	file []byte
}

func seededStore(tb testing.TB) []byte {
	tb.Helper()
	seeds.Lock()
	defer seeds.Unlock()
	if seeds.file != nil {
		return seeds.file
	}
	ctx, stop := context.WithCancel(tb.Context())
	defer stop()
	base := morning(tb)
	r := &rig{tb: tb, ctx: ctx, changes: make(chan struct{}, 1), now: func() time.Time { return base }}
	r.openSandbox(setup{})
	name := filepath.Join(tb.TempDir(), "seeds.db")
	var err error
	if r.store, err = store.Open(ctx, name, store.Options{Now: r.now, NoSync: true}); err != nil {
		tb.Fatal(err)
	}
	r.wire(setup{})
	r.sync()
	if err := r.store.Close(); err != nil {
		tb.Fatal(err)
	}
	if seeds.file, err = os.ReadFile(name); err != nil {
		tb.Fatal(err)
	}
	return seeds.file
}

func (r *rig) wire(s setup) {
	var service http.Handler = r.sandbox
	if s.between != nil {
		service = s.between(service)
	}
	acc, err := account.Open(account.Options{
		Name: "test", BaseURL: "http://127.0.0.1:1", Transport: inProcess{service}, Now: r.now, UserAgent: "claimdeck/test",
		Credentials: func(context.Context) (string, string, error) { return "demo-client", "demo-secret", nil },
	})
	if err != nil {
		r.tb.Fatal(err)
	}
	r.tb.Cleanup(acc.Close)
	log := slog.New(slog.DiscardHandler)
	r.syncer = feed.New(feed.Options{
		Source: acc.Source(), Journal: r.store, Now: r.now, Wait: wait, Log: log, Lookback: lookback,
		OnAdded: func(ctx context.Context, added []activity.Activity) { r.box.Observe(ctx, added) },
	})
	deps := action.Deps{
		Client: acc.Client(), Store: r.store, Now: r.now,
		Backfill: func(ctx context.Context, claimID string, after time.Time) error {
			_, err := r.syncer.Backfill(ctx, claimID, after)
			return err
		},
	}
	if s.sides {
		r.openSides(&deps)
	}
	r.actions = action.New(deps)
	r.box = outbox.New(outbox.Options{
		Journal: r.store, Sender: r.actions, Now: r.now, Wait: wait, Hold: s.hold, Lane: r.actions.Lane, Log: log,
		OnChange: func(outbox.Entry) { r.raise() },
	})
	r.env = &screen.Env{
		Open: func(ctx context.Context, claimID string) error {
			snap, err := acc.Snapshot(ctx, claimID)
			if err != nil {
				return err
			}
			if err := r.store.SaveSnapshot(ctx, snap); err != nil {
				return err
			}
			_, err = r.syncer.Backfill(ctx, claimID, r.now().Add(-lookback))
			return err
		},
		Find: func(ctx context.Context, ref string) ([]store.ClaimRow, error) {
			snaps, err := acc.Find(ctx, ref)
			if err != nil {
				return nil, err
			}
			for _, snap := range snaps {
				if err := r.store.SaveSnapshot(ctx, snap); err != nil {
					return nil, err
				}
			}
			return r.store.FindClaims(ctx, ref)
		},
		Log: log,
	}
	r.env.Studio = scenario.New(scenario.Options{
		Client: acc.Client(), ClientID: "demo-client", Actions: r.actions, Refresh: r.env.Open, Production: s.production,
		Now: r.now, Wait: wait,
	})
}

func (r *rig) optionsFor(s setup) {
	e := r.env
	e.Tasks, e.Store, e.Actions, e.Box, e.Now, e.Layout = screen.NewTasks(r.ctx), r.store, r.actions, r.box, r.now, s.layout
	if e.Keys = s.keys; e.Keys == nil {
		e.Keys = keymap.Default()
	}
	r.handSides(e)
	r.handFilings(s.filings)
	e.Profile = screen.Profile{Name: "north", Label: "sandbox", Host: "127.0.0.1"}
	if s.production {
		e.Profile.Label, e.Profile.Production = "PRODUCTION", true
	}
	switch {
	case s.feed != nil:
		e.Feed = s.feed
	case s.live:
		e.Feed = r.syncer
		r.tb.Cleanup(r.syncer.Subscribe(r.raise))
	default:
		e.Feed = &stillFeed{status: feed.Status{Phase: feed.Live, LastOK: r.now()}}
	}
	home := r.tb.TempDir()
	r.options = tui.Options{
		Env: e, Changes: r.changes, Done: r.ctx.Done(), Theme: s.theme, Fixed: s.fixed, Notice: s.notice, Settle: r.box.Settle,
		Files: tui.Files{ReadDir: picker.ReadDir, Inspect: action.Inspect, Home: home, Start: home},
	}
	if !s.fixed && s.theme == (theme.Options{}) {
		r.options.Theme.Dark = true
	}
}

// raise says that something changed, as the program does.
func (r *rig) raise() {
	select {
	case r.changes <- struct{}{}:
	default:
	}
}

func (r *rig) ends(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		r.tb.Errorf("background work ended: %v", err)
	}
}

// sync reads what the sandbox has that the store has not.
func (r *rig) sync() {
	r.tb.Helper()
	if _, err := r.syncer.Once(r.ctx); err != nil {
		r.tb.Fatal(err)
	}
}

// stillFeed is a feed that stands still, in whatever state a test wants.
type stillFeed struct {
	mu     sync.Mutex
	status feed.Status
	poked  int
	hurry  int
	idle   bool
}

func (f *stillFeed) Status() feed.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}

func (f *stillFeed) set(s feed.Status) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status = s
}

func (f *stillFeed) Poke()               { f.poked++ }
func (f *stillFeed) Hurry(time.Duration) { f.hurry++ }
func (f *stillFeed) SetIdle(idle bool)   { f.idle = idle }

// inProcess carries requests to a handler without a network.
type inProcess struct{ handler http.Handler }

var errReset = errors.New("connection reset by peer")

// RoundTrip answers like a server: a handler that aborts is a connection that breaks.
func (p inProcess) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	defer func() {
		if recover() != nil {
			resp, err = nil, errReset
		}
	}()
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.RequestURI = r.URL.RequestURI()
	out := httptest.NewRecorder()
	p.handler.ServeHTTP(out, in)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	resp = out.Result()
	resp.Request = r
	return resp, nil
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
