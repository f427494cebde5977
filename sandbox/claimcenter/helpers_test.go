package claimcenter

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
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

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// bench is a server without a network.
type bench struct {
	*Server
	t     *testing.T
	clock *clock
}

func newBench(t *testing.T, b Behaviour, tweak ...func(*Options)) *bench {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)}
	o := Options{Seed: 7, Now: c.now, Behaviour: b}
	for _, f := range tweak {
		f(&o)
	}
	return &bench{New(o), t, c}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(a.body), &o); err != nil {
		t.Fatalf("answer %d is no JSON: %v\n%s", a.status, err, a.body)
	}
	return o
}

func (b *bench) send(r *http.Request) answer {
	b.t.Helper()
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	out, err := io.ReadAll(w.Result().Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{w.Code, w.Result().Header, string(out)}
}

// get sends a GET below the API's root as the demo user.
func (b *bench) get(path string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, b.options.Prefix+root+path, http.NoBody)
	r.SetBasicAuth("aapplegate", "gw")
	return b.send(r)
}

func (b *bench) search(body string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, b.options.Prefix+root+"/search/claims-v2", strings.NewReader(body))
	r.SetBasicAuth("aapplegate", "gw")
	return b.send(r)
}

func (b *bench) token(form url.Values, change func(*http.Request)) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, TokenPath, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if change != nil {
		change(r)
	}
	return b.send(r)
}

// at digs a value out of JSON: names of objects and indexes of lists.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, _ := v.(map[string]any)
			v = o[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return nil
			}
			v = l[step]
		}
	}
	return v
}
