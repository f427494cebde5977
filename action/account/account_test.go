package account_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"claimdeck/action/account"
	"claimdeck/api"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/feed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// open returns an account on a sandbox. Time stands still, and waits take none.
func open(t *testing.T, h http.Handler, change ...func(*account.Options)) *account.Account {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	o := account.Options{
		Name: "test", BaseURL: server.URL, Now: func() time.Time { return noon },
		Wait:        func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Credentials: func(context.Context) (string, string, error) { return "demo-client", "demo-secret", nil },
	}
	for _, f := range change {
		f(&o)
	}
	a, err := account.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	if a.Name() != "test" || a.Base() != server.URL {
		t.Fatalf("%s at %s", a.Name(), a.Base())
	}
	return a
}

func service(t *testing.T, b sandbox.Behaviour) *sandbox.Server {
	t.Helper()
	b.NoDefaultAge = true
	s := sandbox.New(sandbox.Options{Seed: 3, Now: func() time.Time { return noon }, Behaviour: b})
	t.Cleanup(s.Close)
	return s
}

func TestOpenRefusesToSendATokenInTheClear(t *testing.T) {
	t.Parallel()
	_, err := account.Open(account.Options{Name: "office", BaseURL: "http://example.test", Now: func() time.Time { return noon }})
	if err == nil || !strings.Contains(err.Error(), "open account office") {
		t.Errorf("got %v", err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	s := service(t, sandbox.Behaviour{})
	if err := open(t, s).Check(t.Context()); err != nil {
		t.Error(err)
	}
	wrong := open(t, s, func(o *account.Options) {
		o.Credentials = func(context.Context) (string, string, error) { return "demo-client", "guessed", nil }
	})
	if err := wrong.Check(t.Context()); !errors.Is(err, api.ErrUnauthorized) || strings.Contains(err.Error(), "guessed") {
		t.Errorf("wrong credentials: %v", err)
	}
	locked := errors.New("the keyring is locked")
	none := open(t, s, func(o *account.Options) {
		o.Credentials = func(context.Context) (string, string, error) { return "", "", locked }
	})
	if err := none.Check(t.Context()); !errors.Is(err, locked) {
		t.Errorf("no credentials: %v", err)
	}
}

// rows are the ids of a page.
func rows(t *testing.T, p feed.Page) []string {
	t.Helper()
	var ids []string
	for _, raw := range p.Results {
		var a struct{ ActivityID string }
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, a.ActivityID)
	}
	return ids
}

func TestPage(t *testing.T) {
	t.Parallel()
	s := service(t, sandbox.Behaviour{})
	one, two := s.AddClaim(sandbox.ClaimSeed{CreatedAt: noon.Add(-3 * time.Hour)}), s.AddClaim(sandbox.ClaimSeed{CreatedAt: noon.Add(-time.Hour)})
	for i := range 5 {
		s.EmitAt(noon.Add(time.Duration(i-10)*time.Minute), one, "call-made", map[string]any{"callLength": i})
	}
	source := open(t, s).Source()
	page := func(w feed.Window) feed.Page {
		t.Helper()
		p, err := source.Page(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	all := page(feed.Window{After: noon.Add(-24 * time.Hour), Size: 500})
	if n := len(all.Results); n != 7 || all.TotalPages != 1 || all.TotalResults != 7 || all.ServerTime.IsZero() {
		t.Fatalf("%d rows, %d pages, %d in total, at %s", n, all.TotalPages, all.TotalResults, all.ServerTime)
	}
	ids := rows(t, all)
	if p := page(feed.Window{After: noon.Add(-24 * time.Hour), Size: 3, Number: 2}); len(p.Results) != 1 || rows(t, p)[0] != ids[6] || p.TotalPages != 3 {
		t.Errorf("the last of three pages: %v of %d", rows(t, p), p.TotalPages)
	}
	if p := page(feed.Window{After: noon.Add(-24 * time.Hour), ClaimID: two, Size: 500}); len(p.Results) != 1 {
		t.Errorf("one claim: %v", rows(t, p))
	}
	if p := page(feed.Window{After: noon.Add(-9*time.Minute - time.Second), Before: noon.Add(-8 * time.Minute), Size: 500}); len(p.Results) != 1 {
		t.Errorf("a window of time: %v", rows(t, p))
	}
	if p := page(feed.Window{After: noon.Add(-24 * time.Hour), FromID: ids[5], Size: 500}); len(p.Results) != 2 {
		t.Errorf("from an activity: %v", rows(t, p))
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	cursor := feed.Window{After: noon, FromID: "x", Size: 500}
	tests := []struct {
		name   string
		status int
		after  string
		body   string
		window feed.Window
		kind   feed.Kind
		wait   time.Duration
		words  string
	}{
		{name: "cursor refused", status: 400, window: cursor, kind: feed.BadCursor, words: "no such activity"},
		{name: "cursor gone", status: 404, window: cursor, kind: feed.BadCursor, words: "no such activity"},
		{name: "window refused", status: 400, kind: feed.Refused, words: "LossExpress refused: no such activity"},
		{name: "feed gone", status: 404, kind: feed.Refused},
		{name: "forbidden", status: 403, window: cursor, kind: feed.Refused},
		{name: "wrong method", status: 405, kind: feed.Refused},
		{name: "wrong format", status: 406, kind: feed.Refused},
		{name: "token refused", status: 401, kind: feed.Unauthorized, words: "sign in again"},
		{name: "too fast", status: 429, after: "90", kind: feed.TooFast, wait: 90 * time.Second, words: "slow down"},
		{name: "maintenance", status: 503, after: "120", kind: feed.Unreachable, wait: 2 * time.Minute},
		{name: "failure", status: 500, kind: feed.Unreachable},
		{name: "timeout of theirs", status: 408, kind: feed.Unreachable},
		{name: "no page", status: 200, body: `<html>`, kind: feed.Unreachable},
		{name: "moved", status: 302, kind: feed.Unreachable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if r.URL.Path == "/oauth/token" {
					_, _ = w.Write([]byte(`{"access_token":"token-of-a-test-0123456789","expires_in":3600}`))
					return
				}
				if tt.after != "" {
					w.Header().Set("Retry-After", tt.after)
				}
				w.WriteHeader(tt.status)
				body := tt.body
				if body == "" {
					body = `{"statusCode":0,"error":"Some Error","message":"no such activity"}`
				}
				_, _ = w.Write([]byte(body))
			}))
			_, err := a.Source().Page(t.Context(), tt.window)
			p, ok := errors.AsType[*feed.Problem](err)
			if !ok || p.Kind != tt.kind || p.After != tt.wait || !strings.Contains(p.Error(), tt.words) {
				t.Fatalf("got %+v (%v), want kind %d after %s with %q", p, err, tt.kind, tt.wait, tt.words)
			}
			if _, ok := api.AsError(p); !ok || p.Error() == "" {
				t.Errorf("the cause of %q is lost", p)
			}
		})
	}
}

func TestPageWithoutANetwork(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	a, err := account.Open(account.Options{
		BaseURL: gone.URL, Now: func() time.Time { return noon },
		Wait:        func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Credentials: func(context.Context) (string, string, error) { return "a", "b", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	_, err = a.Source().Page(t.Context(), feed.Window{After: noon, Size: 1})
	if p, ok := errors.AsType[*feed.Problem](err); !ok || p.Kind != feed.Unreachable {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Source().Page(ctx, feed.Window{After: noon, Size: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	s := service(t, sandbox.Behaviour{})
	id := s.AddClaim(sandbox.ClaimSeed{ClaimNumber: "EX-1", LenderName: "Ally Financial", Documents: []string{"Valuation Report"}})
	a := open(t, s)
	snap, err := a.Snapshot(t.Context(), id)
	if err != nil || snap.ClaimID != id || snap.Info.ClaimNumber != "EX-1" || snap.Info.LenderName != "Ally Financial" ||
		len(snap.Documents) != 1 || snap.At.IsZero() {
		t.Errorf("%+v %v", snap, err)
	}
	if _, err := a.Snapshot(t.Context(), "nobody"); !errors.Is(err, api.ErrNotFound) {
		t.Errorf("an unknown claim: %v", err)
	}
}

// A claim object that leaves its id out is the one that was asked for.
func TestSnapshotWithoutAnID(t *testing.T) {
	t.Parallel()
	a := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/oauth/token" {
			_, _ = w.Write([]byte(`"token-of-a-test-0123456789"`))
			return
		}
		_, _ = w.Write([]byte(`{"claim":{"claimNumber":"EX-9","settlementAmount":5553.10,"strange":{"kept":true}}}`))
	}))
	snap, err := a.Snapshot(t.Context(), "c9")
	if err != nil || snap.ClaimID != "c9" || snap.Info.ClaimNumber != "EX-9" || !strings.Contains(string(snap.Raw), `"strange"`) ||
		snap.Info.Settlement == nil || snap.Info.Settlement.String() != "5553.1" {
		t.Errorf("%+v %v", snap, err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	const vin = "JHMGE8H35DC074448"
	for name, change := range map[string]func(*sandbox.Behaviour){
		"whole rows":        func(*sandbox.Behaviour) {},
		"summaries":         func(b *sandbox.Behaviour) { b.SearchSummary = true },
		"404 for no result": func(b *sandbox.Behaviour) { b.SearchEmpty404 = true },
		"vin or number":     func(b *sandbox.Behaviour) { b.SearchEither = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b sandbox.Behaviour
			change(&b)
			s := service(t, b)
			id := s.AddClaim(sandbox.ClaimSeed{ClaimNumber: "EX-1001", VIN: vin, Documents: []string{"Police Report"}})
			numbered := s.AddClaim(sandbox.ClaimSeed{ClaimNumber: "00112233445566778"}) // 17 digits, as a VIN has
			s.AddClaim(sandbox.ClaimSeed{ClaimNumber: "EX-1002"})
			a := open(t, s)
			for ref, want := range map[string]string{
				"EX-1001": id, " ex-1001 ": id, id: id, strings.ToUpper(id): id, vin: id, "jhmge8h35 dc074448": id,
				"00112233445566778": numbered, "EX-9": "", "": "", "b3c2e0f6-0000-4000-8000-000000000000": "",
			} {
				found, err := a.Find(t.Context(), ref)
				switch {
				case err != nil:
					t.Errorf("%q: %v", ref, err)
				case want == "" && len(found) > 0:
					t.Errorf("%q found %+v", ref, found)
				case want != "" && (len(found) != 1 || found[0].ClaimID != want):
					t.Errorf("%q found %+v, want %s", ref, found, want)
				case want == id && len(found[0].Documents) != 1:
					t.Errorf("%q found a summary: %+v", ref, found[0])
				}
			}
		})
	}
}

// Several claims may share a VIN, and one that cannot be read in full is there all the same.
func TestFindSeveral(t *testing.T) {
	t.Parallel()
	const vin = "1GCHC29U62E142306"
	s := service(t, sandbox.Behaviour{})
	closed := s.AddClaim(sandbox.ClaimSeed{ClaimNumber: "EX-1", VIN: vin})
	s.AddClaim(sandbox.ClaimSeed{ClaimNumber: "EX-2", VIN: vin})
	s.Inject(sandbox.Fault{Kind: sandbox.FaultForbidden, PathPrefix: "/claims/" + closed, Times: -1})
	a := open(t, s)
	found, err := a.Find(t.Context(), vin)
	if err != nil || len(found) != 2 {
		t.Fatalf("%d claims, %v", len(found), err)
	}
	s.ClearFaults()
	s.Inject(sandbox.Fault{Kind: sandbox.FaultForbidden, Times: -1})
	if _, err := a.Find(t.Context(), vin); !errors.Is(err, api.ErrForbidden) {
		t.Errorf("a search that is refused: %v", err)
	}
	if _, err := a.Find(t.Context(), closed); !errors.Is(err, api.ErrForbidden) {
		t.Errorf("a claim that is refused: %v", err)
	}
}
