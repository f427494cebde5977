package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// switches are those of a service that has nothing else.
type switches struct{ Faults []Fault }

func newSwitches(faults ...Fault) *Switches[switches] {
	return NewSwitches(switches{faults}, func(s *switches) *[]Fault { return &s.Faults })
}

// bench is a service on a real connection: faults are also what a recorder cannot show.
type bench struct {
	*Switches[switches]
	t      *testing.T
	url    string
	client *http.Client

	mu     sync.Mutex
	effect int
	notes  []int
	waited []time.Duration
}

const whole = `{"say":"all is well"}`

func newBench(t *testing.T, faults ...Fault) *bench {
	t.Helper()
	b := &bench{Switches: newSwitches(faults...), t: t}
	service := Service{
		Refuse: func(r *http.Request, status int) Reply {
			return JSON(status, map[string]any{"refused": status, "at": r.URL.Path})
		},
		Header: http.Header{"Content-Type": {"application/json"}, "X-Service": {"bench"}},
		Wait: func(ctx context.Context, d time.Duration) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.waited = append(b.waited, d)
			return ctx.Err()
		},
		Note: func(_ *http.Request, status int) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.notes = append(b.notes, status)
		},
	}
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, refused := ReadJSON(w, r, 100)
		Serve(w, r, service, b.Switches, func() Reply {
			if refused != 0 {
				return service.Refuse(r, refused)
			}
			b.mu.Lock()
			defer b.mu.Unlock()
			b.effect++
			return Reply{Status: http.StatusCreated, Body: []byte(whole)}.With("X-Length", fmt.Sprint(len(body)))
		})
	}))
	web.Config.SetKeepAlivesEnabled(false) // net/http repeats a GET whose kept connection was reset
	web.Start()
	t.Cleanup(web.Close)
	b.url, b.client = web.URL, web.Client()
	return b
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (b *bench) ask(ctx context.Context, method, path, body string, header ...string) (answer, error) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := b.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(raw)}, err
}

func (b *bench) get(path string, header ...string) answer {
	b.t.Helper()
	a, err := b.ask(b.t.Context(), http.MethodGet, path, "", header...)
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

func (b *bench) waits() []time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.waited)
}

func (b *bench) seen() (effect int, notes []int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.effect, slices.Clone(b.notes)
}

func TestKinds(t *testing.T) {
	t.Parallel()
	refused := func(status int) string { return fmt.Sprintf(`{"at":"/x","refused":%d}`, status) }
	half := whole[:len(whole)/2]
	tests := []struct {
		fault  Fault
		status int // 0: no answer
		body   string
		retry  string // Retry-After
		broken bool
		effect int
		noted  int
	}{
		{Fault{Kind: None}, 201, whole, "", false, 1, 201},
		{Fault{Kind: Unauthorized}, 401, refused(401), "", false, 0, 401},
		{Fault{Kind: Forbidden}, 403, refused(403), "", false, 0, 403},
		{Fault{Kind: NotFound}, 404, refused(404), "", false, 0, 404},
		{Fault{Kind: MethodNotAllowed}, 405, refused(405), "", false, 0, 405},
		{Fault{Kind: NotAcceptable}, 406, refused(406), "", false, 0, 406},
		{Fault{Kind: TooLarge}, 413, refused(413), "", false, 0, 413},
		{Fault{Kind: TooManyRequests}, 429, refused(429), "1", false, 0, 429},
		{Fault{Kind: TooManyRequests, RetryAfter: "30"}, 429, refused(429), "30", false, 0, 429},
		{Fault{Kind: ServerError}, 500, refused(500), "", false, 0, 500},
		{Fault{Kind: ServerError, After: true}, 500, refused(500), "", false, 1, 500},
		{Fault{Kind: Unavailable}, 503, refused(503), "", false, 0, 503},
		{Fault{Kind: Unavailable, RetryAfter: "7", After: true}, 503, refused(503), "7", false, 1, 503},
		{Fault{Kind: BareUnauthorized}, 401, "", "", false, 0, 401},
		{Fault{Kind: HTMLBadGateway}, 502, "", "", false, 0, 502},
		{Fault{Kind: HTMLOK}, 200, "", "", false, 1, 200},
		{Fault{Kind: Empty}, 200, "", "", false, 1, 200},
		{Fault{Kind: Answer, Body: `{"new":1}`}, 200, `{"new":1}`, "", false, 1, 200},
		{Fault{Kind: Answer, Status: 418}, 418, "", "", false, 1, 418},
		{Fault{Kind: Reset}, 0, "", "", true, 0, 0},
		{Fault{Kind: Reset, After: true}, 0, "", "", true, 1, 0},
		{Fault{Kind: Slow, Delay: time.Hour}, 201, whole, "", false, 1, 201},
		{Fault{Kind: Slow, Delay: time.Hour, After: true}, 201, whole, "", false, 1, 201},
		{Fault{Kind: SlowBody, Delay: time.Hour}, 201, whole, "", false, 1, 201},
		{Fault{Kind: Truncated}, 201, half, "", false, 1, 201},
		{Fault{Kind: CutShort}, 201, half, "", true, 1, 201},
		{Fault{Kind: 99}, 500, refused(500), "", false, 0, 0},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%v after=%t", tt.fault.Kind, tt.fault.After), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tt.fault)
			got, err := b.ask(t.Context(), http.MethodGet, "/x", "")
			if got.status != tt.status || (err != nil) != tt.broken {
				t.Errorf("got %d, %v", got.status, err)
			}
			switch html := strings.HasPrefix(got.body, "<!DOCTYPE html>"); {
			case tt.fault.Kind == HTMLBadGateway || tt.fault.Kind == HTMLOK:
				if !html || got.header.Get("Content-Type") != "text/html; charset=utf-8" {
					t.Errorf("no page: %+v", got)
				}
			case got.body != tt.body:
				t.Errorf("got %s", got.body)
			case tt.status != 0 && (got.header.Get("Content-Type") != "application/json" || got.header.Get("X-Service") != "bench"):
				t.Errorf("headers %v", got.header)
			}
			if retry := got.header.Get("Retry-After"); retry != tt.retry {
				t.Errorf("Retry-After %q", retry)
			}
			effect, notes := b.seen()
			if effect != tt.effect || !slices.Equal(notes, []int{tt.noted}) {
				t.Errorf("effect %d, notes %v", effect, notes)
			}
			if slow := tt.fault.Delay > 0; slow != slices.Equal(b.waits(), []time.Duration{time.Hour}) {
				t.Errorf("waited %v", b.waits())
			}
			if again := b.get("/x"); again.status != 201 || again.body != whole {
				t.Errorf("strikes twice: %+v", again)
			}
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for k := None; k <= HTMLOK; k++ {
		if name := k.String(); seen[name] || (name == "") != (k == None) {
			t.Errorf("kind %d is called %q", int(k), name)
		}
		seen[k.String()] = true
	}
	for k, want := range map[Kind]string{-1: "fault -1", HTMLOK + 1: fmt.Sprintf("fault %d", int(HTMLOK)+1), CutShort: "cut-short"} {
		if k.String() != want {
			t.Errorf("%d: %q, want %q", int(k), k, want)
		}
	}
}

func TestByHeader(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, want := range map[string]struct{ status, effect int }{
		"500": {500, 0}, "500-after": {500, 1}, "401-bare": {401, 0}, "html-502": {502, 0}, "slow": {201, 1},
		"nonsense": {201, 1}, "-after": {201, 1}, "": {201, 1},
	} {
		before, _ := b.seen()
		if a := b.get("/x", "X-Sandbox-Fault", name); a.status != want.status {
			t.Errorf("%s: %d", name, a.status)
		}
		if after, _ := b.seen(); after-before != want.effect {
			t.Errorf("%s: effect %d", name, after-before)
		}
	}
	if !slices.Equal(b.waits(), []time.Duration{headerDelay}) {
		t.Errorf("waited %v", b.waits())
	}
}

// A request is struck by the first fault that it matches, as often as that one says.
func TestWhichRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Inject(
		Fault{Kind: ServerError, Method: http.MethodPost, Times: -1},
		Fault{Kind: NotFound, PathPrefix: "/claims/", Skip: 1, Times: 2},
		Fault{Kind: Forbidden, Path: "/token"},
		Fault{Kind: Unavailable, Contains: "serve", Times: -1, Match: func(r *http.Request) bool { return r.URL.RawQuery != "" }},
	)
	for i, c := range []struct {
		method, path string
		want         int
	}{
		{"POST", "/claims/1", 500},
		{"GET", "/claims/1", 201},
		{"GET", "/a/claims/1", 201},
		{"GET", "/claims/1", 404},
		{"GET", "/claims/2", 404},
		{"GET", "/claims/3", 201},
		{"GET", "/token/a", 403},
		{"GET", "/token/a", 201},
		{"GET", "/reserves", 201},
		{"GET", "/reserves?x", 503},
		{"POST", "/reserves?x", 500},
	} {
		a, err := b.ask(t.Context(), c.method, c.path, "")
		if err != nil || a.status != c.want {
			t.Errorf("%d: %s %s: %d %v, want %d", i, c.method, c.path, a.status, err, c.want)
		}
	}
	if left := b.Behaviour().Faults; len(left) != 2 || left[0].Kind != ServerError || left[1].Kind != Unavailable {
		t.Errorf("left: %+v", left)
	}
	b.ClearFaults()
	if a, err := b.ask(t.Context(), "POST", "/", ""); err != nil || a.status != 201 || len(b.Behaviour().Faults) != 0 {
		t.Errorf("cleared: %+v %v", a, err)
	}
}

// What the switches are given, and what they give away, is a copy.
func TestCopies(t *testing.T) {
	t.Parallel()
	given := []Fault{{Kind: ServerError, Times: 3}}
	s := newSwitches(given...)
	if _, hit := s.strikes(httptest.NewRequest(http.MethodGet, "/", http.NoBody)); !hit || given[0].Times != 3 {
		t.Errorf("the caller's fault was used up: %+v", given)
	}
	taken := s.Behaviour()
	taken.Faults[0].Times = 99
	if left := s.Behaviour().Faults[0].Times; left != 2 {
		t.Errorf("%d times left", left)
	}
	s.Change(func(b *switches) { b.Faults = nil })
	if len(s.Behaviour().Faults) != 0 {
		t.Error("the switches cannot be changed")
	}
}

// A slow request ends when it is released, or when its sender gives up: then it has no effect and is not noted.
func TestSlow(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Slow, SlowBody} {
		entered := make(chan struct{}, 1)
		slow := Fault{Kind: kind, Match: func(*http.Request) bool { entered <- struct{}{}; return true }}
		b := newBench(t)

		ctx, giveUp := context.WithCancel(t.Context())
		b.Inject(slow)
		go func() { <-entered; giveUp() }()
		if _, err := b.ask(ctx, http.MethodGet, "/x", ""); !errors.Is(err, context.Canceled) {
			t.Errorf("%v: %v", kind, err)
		}
		if effect, notes := b.seen(); kind == Slow && (effect != 0 || len(notes) != 0) {
			t.Errorf("what was given up had effect %d, notes %v", effect, notes)
		}

		release := make(chan struct{})
		slow.Release = release
		b.Inject(slow)
		go func() { <-entered; close(release) }()
		if a, err := b.ask(t.Context(), http.MethodGet, "/x", ""); err != nil || a.body != whole {
			t.Errorf("%v: %+v %v", kind, a, err)
		}
	}
}

// Where there is no connection to reset, the handler aborts.
func TestResetWithoutConnection(t *testing.T) {
	t.Parallel()
	defer func() {
		if r := recover(); r != http.ErrAbortHandler { //nolint:errorlint // the value itself is the signal
			t.Errorf("recovered %v", r)
		}
	}()
	Serve(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody), Service{}, newSwitches(Fault{Kind: Reset}),
		func() Reply { t.Error("it had an effect"); return Reply{} })
}
