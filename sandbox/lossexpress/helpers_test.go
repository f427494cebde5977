package lossexpress

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock that only tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// bench is a server with a clock and a token.
type bench struct {
	*Server
	t     *testing.T
	clock *clock
	token string
}

func newBench(t *testing.T, b Behaviour, change ...func(*Options)) *bench {
	t.Helper()
	c := newClock()
	if b.TokenLifetime == 0 {
		b.TokenLifetime = 48 * time.Hour
	}
	o := Options{Seed: 7, Now: c.Now, Behaviour: b}
	for _, fn := range change {
		fn(&o)
	}
	s := New(o)
	t.Cleanup(s.Close)
	return &bench{Server: s, t: t, clock: c}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("answer %d is not JSON: %v\n%s", a.status, err, a.body)
	}
}

func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var o map[string]any
	a.into(t, &o)
	return o
}

// signIn gets a token.
func (b *bench) signIn() {
	b.t.Helper()
	a := b.raw(http.MethodPost, "/oauth/token", `{"clientId":"demo-client","secret":"demo-secret"}`, nil)
	b.token, _ = a.object(b.t)["access_token"].(string)
	if b.token == "" {
		b.t.Fatalf("no token: %d %s", a.status, a.body)
	}
}

// raw sends a request with the given headers alone.
func (b *bench) raw(method, path, body string, header map[string]string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	out, err := io.ReadAll(w.Result().Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{w.Code, w.Result().Header, string(out)}
}

// do sends a request with a token, signing in first.
func (b *bench) do(method, path, body string) answer {
	b.t.Helper()
	if b.token == "" {
		b.signIn()
	}
	return b.raw(method, path, body, map[string]string{
		"Authorization": "Bearer " + b.token, "Accept": "application/json", "Content-Type": "application/json",
	})
}

// good is do for what has to succeed.
func (b *bench) good(method, path, body string) answer {
	b.t.Helper()
	a := b.do(method, path, body)
	if a.status/100 != 2 {
		b.t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	return a
}

// activity is one decoded row of the feed.
type activity struct {
	ActivityID, CreatedAt, ClaimID, Type, ClaimNumber, ExternalID string
	Data                                                          map[string]any
}

func decodeAll(t *testing.T, rows []json.RawMessage) []activity {
	t.Helper()
	all := make([]activity, len(rows))
	for i, raw := range rows {
		if err := json.Unmarshal(raw, &all[i]); err != nil {
			t.Fatalf("activity is not JSON: %v\n%s", err, raw)
		}
	}
	return all
}

// types are the types of a claim's activities, in the order of the feed.
func (b *bench) types(claimID string) []string {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []string
	for _, e := range b.log {
		if e.claimID == claimID {
			list = append(list, e.kind)
		}
	}
	return list
}

// last is the newest activity of a type on a claim.
func (b *bench) last(claimID, kind string) activity {
	b.t.Helper()
	all := decodeAll(b.t, b.Truth())
	for _, a := range slices.Backward(all) {
		if a.ClaimID == claimID && a.Type == kind {
			return a
		}
	}
	b.t.Fatalf("no %s on claim %s among %v", kind, claimID, b.types(claimID))
	return activity{}
}

func (b *bench) count(claimID, kind string) int {
	b.t.Helper()
	n := 0
	for _, k := range b.types(claimID) {
		if k == kind {
			n++
		}
	}
	return n
}

// papers are the documents that a payoff needs.
func papers() []string { return []string{"Settlement Breakdown", "Valuation Report"} }

// kinds are the kinds of the effects so far.
func (b *bench) kinds() []string {
	var list []string
	for _, w := range b.Writes() {
		list = append(list, w.Kind)
	}
	return list
}

const pngFile = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// claimsThat counts the claims of which something is true.
func (b *bench) claimsThat(is func(*claim) bool) int { return b.Server.count(is) }

// benchPage reads one page of 500.
func benchPage(b *testing.B, s *Server, page int) {
	b.Helper()
	path := "/activities?pageSize=500&pageNumber=" + strconv.Itoa(page)
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, http.NoBody)
	r.Header.Set("Authorization", "Bearer t")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatal(w.Code, w.Body)
	}
}
