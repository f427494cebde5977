package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"claimdeck/api"
)

func TestMeta(t *testing.T) {
	t.Parallel()
	c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "Thu, 19 Nov 2026 08:00:09 GMT")
		w.Header().Set("X-Request-Id", "r\u202e-7")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, ` {"a": 1.50, "b":"<&>"}`+"\n")
	})
	var out map[string]any
	m, err := c.Do(t.Context(), write(), &out)
	if err != nil {
		t.Fatal(err)
	}
	if m.Status != 201 || m.RequestID != "r-7" || !m.ServerTime.Equal(time.Date(2026, 11, 19, 8, 0, 9, 0, time.UTC)) {
		t.Errorf("%+v", m)
	}
	if string(m.Body) != `{"a": 1.50, "b":"<&>"}` {
		t.Errorf("body %s", m.Body)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	const readable, unreadable = "", "unreadable answer"
	tests := []struct {
		name, body string
		read       string // part of the error of a read with a target
		write      string // of a write with a target
		bare       string // of a write without one
		kept       string // Meta.Body of the last
	}{
		{"object", `{"a":1}`, readable, readable, readable, `{"a":1}`},
		{"byte order mark", "\ufeff{\"a\":1}", readable, readable, readable, `{"a":1}`},
		{"trailing commas", `{"a":1,"l":[1, 2 , ],"s":"a,]\",}",}`, readable, readable, readable, ""},
		{"empty", "", "answered nothing", readable, readable, ``},
		{"blank", " \n", "answered nothing", readable, readable, ``},
		{"truncated", `{"a":1`, "it ends in the middle", "it ends in the middle", readable, `"{\"a\":1"`},
		{"text", `OK`, "it is not JSON", "it is not JSON", readable, `"OK"`},
		{"other shape", `{"a":"x"}`, "string where int was expected", "string where int", readable, `{"a":"x"}`},
		{"web page", " <!doctype html><p>Sign in", "web page", "web page", "web page", ""},
		{"xml", `<?xml version="1.0"?>`, "web page", "web page", "web page", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, tt.body) })
			var out struct{ A int }
			check := func(what string, err error, want string) {
				t.Helper()
				if want == readable && err != nil || want != readable && (!contains(err, want) || !errors.Is(err, api.ErrBadResponse)) {
					t.Errorf("%s: %v, want %q", what, err, want)
				}
				if want != readable && outcome(t, mustFail(t, err)) != "uncertain" {
					t.Errorf("%s: not uncertain", what)
				}
			}
			_, err := c.Do(t.Context(), read(), &out)
			check("read", err, tt.read)
			if err == nil && out.A != 1 {
				t.Errorf("decoded %+v", out)
			}
			_, err = c.Do(t.Context(), write(), &out)
			check("write", err, tt.write)
			m, err := c.Do(t.Context(), write(), nil)
			check("write without a target", err, tt.bare)
			if tt.kept != "" && string(m.Body) != tt.kept {
				t.Errorf("kept %s, want %s", m.Body, tt.kept)
			}
			if _, err := json.Marshal(m.Body); err != nil {
				t.Errorf("the body is not fit for a journal: %v", err)
			}
		})
	}
}

func TestMustAnswer(t *testing.T) {
	t.Parallel()
	c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	r := write()
	r.MustAnswer = true
	if _, err := c.Do(t.Context(), r, nil); !errors.Is(err, api.ErrBadResponse) {
		t.Error(err)
	}
}

func TestSizeLimit(t *testing.T) {
	t.Parallel()
	big := `{"a":"` + strings.Repeat("x", 5000) + `"}`
	tests := map[string]http.HandlerFunc{
		"announced": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, big[:2047]) },
		"chunked": func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, big)
		},
		"compressed": func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				t.Error("no gzip asked for")
			}
			w.Header().Set("Content-Encoding", "gzip")
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<20))
			_ = z.Close()
			_, _ = w.Write(b.Bytes()) // about 1 KiB
		},
	}
	for name, h := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _, w := serve(t, h, func(o *api.Options) { o.MaxBody = 2000 })
			_, err := c.Do(t.Context(), read(), nil)
			if !errors.Is(err, api.ErrBadResponse) || !contains(err, "more than 1.95 KiB") || len(w.all()) != 0 {
				t.Errorf("%v, waits %v", err, w.all())
			}
		})
	}
	c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, big[:2000]) },
		func(o *api.Options) { o.MaxBody = 2000 })
	if m, err := c.Do(t.Context(), write(), nil); err != nil || len(m.Body) < 2000 {
		t.Errorf("exactly at the limit: %v, %d bytes", err, len(m.Body))
	}
}

func TestRequestOnTheWire(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 1)
	_, s, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(b))
		got <- r
	})
	c, _ := client(t, s.URL+"/prefix/", func(o *api.Options) { o.UserAgent = "claimdeck/1" })
	if c.Base() != s.URL+"/prefix" {
		t.Errorf("base %s", c.Base())
	}
	_, err := c.Do(t.Context(), api.Request{
		Op: "x", Method: http.MethodDelete, Path: []string{"claims", "A/B ..?#%", "orders"},
		Query: api.Values(map[string]string{"a": "1,2", "b": "", "c": "&="}), Body: map[string]string{"t": "<&>"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := <-got
	b, _ := io.ReadAll(r.Body)
	if r.Method != "DELETE" || r.URL.RequestURI() != "/prefix/claims/A%2FB%20..%3F%23%25/orders?a=1%2C2&c=%26%3D" {
		t.Errorf("%s %s", r.Method, r.URL.RequestURI())
	}
	if string(b) != `{"t":"<&>"}` || r.Header.Get("Content-Type") != "application/json" || r.ContentLength != 11 {
		t.Errorf("body %s (%d), %v", b, r.ContentLength, r.Header)
	}
	if r.Header.Get("Accept") != "application/json" || r.Header.Get("User-Agent") != "claimdeck/1" || r.Header["Authorization"] != nil {
		t.Errorf("%v", r.Header)
	}
}

func TestNotWorthSending(t *testing.T) {
	t.Parallel()
	c, _, _ := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	tests := []struct {
		name string
		r    api.Request
		want string
	}{
		{"said so", api.Request{Op: "x", Method: "POST", Path: []string{"a"}, Invalid: "no order type is chosen"}, "LossExpress: x: no order type is chosen"},
		{"empty id", api.Request{Op: "x", Method: "POST", Path: []string{"claims", "", "orders"}}, "LossExpress: x: an id is missing"},
		{"blank id", api.Request{Op: "x", Method: "POST", Path: []string{"claims", " "}}, "LossExpress: x: an id is missing"},
		{"climbing id", api.Request{Op: "x", Method: "POST", Path: []string{"claims", ".."}}, `LossExpress: x: ".." is not an id`},
		{"body", api.Request{Op: "x", Method: "POST", Path: []string{"a"}, Body: make(chan int)}, "what was typed cannot be sent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.Do(t.Context(), tt.r, nil)
			if e := mustFail(t, err); outcome(t, e) != "not sent" || !errors.Is(err, api.ErrInvalid) || !contains(err, tt.want) {
				t.Errorf("%+v", e)
			}
			if _, _, _, err := api.Preview(tt.r); err == nil {
				t.Error("the preview should refuse it too")
			}
		})
	}
}

func TestPreview(t *testing.T) {
	t.Parallel()
	r := api.Request{
		Op: "x", Method: http.MethodPost, Path: []string{"claims", "a b"}, Query: api.Values(map[string]string{"k": "v"}),
		Body: struct {
			Document []byte   `json:"document"`
			Text     string   `json:"text"`
			Types    []string `json:"types"`
			Secret   string   `json:"secret"`
		}{bytes.Repeat([]byte{1, 2, 3}, 1000), strings.Repeat("long prose ", 100) + "<&> token=abcdefgh", []string{"Copy of Title"}, "hush-hush"},
		Secrets: []string{"hush-hush"},
	}
	method, path, body, err := api.Preview(r)
	if err != nil || method != "POST" || path != "/claims/a%20b?k=v" {
		t.Fatalf("%s %s %v", method, path, err)
	}
	for _, want := range []string{
		"{\n  \"document\": \"AQIDAQIDAQIDAQIDAQIDAQID... (3000 bytes)\",\n", strings.Repeat("long prose ", 100) + "<&> token=abcdefgh",
		"\"types\": [\n    \"Copy of Title\"\n  ]", `"secret": "(hidden)"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s\nlacks %q", body, want)
		}
	}
	if _, _, body, err := api.Preview(read()); err != nil || body != "" {
		t.Errorf("%q %v", body, err)
	}
}
