package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimdeck/api"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func contains(err error, s string) bool { return err != nil && strings.Contains(err.Error(), s) }

func TestStatuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status  int
		kind    error
		outcome string // of a write
	}{
		{400, api.ErrInvalid, "refused"},
		{401, api.ErrUnauthorized, "refused"},
		{403, api.ErrForbidden, "refused"},
		{404, api.ErrNotFound, "refused"},
		{405, api.ErrUnsupported, "refused"},
		{406, api.ErrUnsupported, "refused"},
		{408, api.ErrUnavailable, "uncertain"},
		{409, api.ErrConflict, "refused"},
		{410, api.ErrNotFound, "refused"},
		{413, api.ErrTooLarge, "refused"},
		{415, api.ErrUnsupported, "refused"},
		{422, api.ErrInvalid, "refused"},
		{429, api.ErrRateLimited, "refused"},
		{499, api.ErrInvalid, "refused"},
		{500, api.ErrUnavailable, "uncertain"},
		{502, api.ErrUnavailable, "uncertain"},
		{503, api.ErrUnavailable, "uncertain"},
		{504, api.ErrUnavailable, "uncertain"},
		{302, api.ErrBadResponse, "uncertain"},
		{304, api.ErrBadResponse, "uncertain"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status), func(t *testing.T) {
			t.Parallel()
			c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Request-Id", "req-1")
				w.WriteHeader(tt.status)
			})
			_, err := c.Do(t.Context(), write(), nil)
			e := mustFail(t, err)
			if !errors.Is(err, tt.kind) || e.Status != tt.status || outcome(t, e) != tt.outcome || e.RequestID != "req-1" {
				t.Errorf("%+v", e)
			}
			if e.Message == "" || e.System != "LossExpress" || e.Op != "make thing" {
				t.Errorf("no words: %+v", e)
			}
		})
	}
}

func TestEnvelope(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		want   api.Error
	}{
		{
			"documented", 400,
			`{"statusCode":400,"error":"Bad Request","message":"vin is required","validation":{"errors":[{"key":["vin"],
			"path":["vin"],"message":"vin is required","type":"any","constraint":"required","label":"vin"}]}}`,
			api.Error{Code: "Bad Request", Message: "vin is required", Fields: []api.FieldError{
				{Path: "vin", Message: "vin is required", Type: "any", Constraint: "required"},
			}},
		},
		{
			"strings, indexes and no label", 400,
			`{"message":"a, b","validation":{"source":"payload","errors":[{"path":"lenderAddress.city","message":"a"},
			{"path":["types",0],"message":"b"},{"key":"vin"},null,7,{}]}}`,
			api.Error{Message: "a, b", Fields: []api.FieldError{
				{Path: "lenderAddress.city", Message: "a"}, {Path: "types.0", Message: "b"}, {Path: "vin"},
			}},
		},
		{
			"older keys", 400, `{"error":"Bad Request","message":"child \"vin\" fails","validation":{"source":"payload","keys":["vin"]}}`,
			api.Error{Code: "Bad Request", Message: `child "vin" fails`, Fields: []api.FieldError{{Path: "vin", Message: `child "vin" fails`}}},
		},
		{
			"missing documents", 400,
			`{"statusCode":400,"error":"Bad Request","message":"Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'"}`,
			api.Error{Code: "Bad Request", Message: "Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'"},
		},
		{"expired token", 401, `{"statusCode":401,"error":"Unauthorized","message":"The provided token has expired."}`, api.Error{Code: "Unauthorized", Message: "The provided token has expired."}},
		{"says nothing", 404, `{"statusCode":404,"error":"Not Found","message":"Not Found"}`, api.Error{Code: "Not Found", Message: "the service does not know this"}},
		{"empty", 403, ``, api.Error{Message: "the service does not allow this for your account"}},
		{"maintenance", 503, ``, api.Error{Message: "the service is down for maintenance: try again later"}},
		{"short text", 400, "no such thing", api.Error{Message: "no such thing"}},
		{"quoted text", 400, `"no such thing"`, api.Error{Message: "no such thing"}},
		{"list", 400, `[1,2]`, api.Error{Message: "answered 400 Bad Request"}},
		{"wrong shapes", 400, `{"message":{"a":1},"error":7,"validation":[]}`, api.Error{Code: "7", Message: "answered 400 Bad Request"}},
		{"list of messages", 400, `{"message":["a","b"]}`, api.Error{Message: "a, b"}},
		{"oauth", 400, `{"error":"invalid_client","error_description":"unknown client"}`, api.Error{Code: "invalid_client", Message: "unknown client"}},
		{"web page", 502, "<!DOCTYPE html><html>Bad gateway</html>", api.Error{Message: "answered 502 Bad Gateway, with a web page: a proxy or a sign-in page may stand between"}},
		{
			"hostile", 400, `{"error":"\u001b[31mBad\u0007","message":"a\u202eb\u001b]0;x\u0007c\nd","validation":{"errors":[{"path":["\u001b[2Jvin"],"message":"\u200bx"}]}}`,
			api.Error{Code: "Bad", Message: "abc d", Fields: []api.FieldError{{Path: "vin", Message: "x"}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			})
			_, err := c.Do(t.Context(), write(), nil)
			e := mustFail(t, err)
			got := api.Error{Code: e.Code, Message: e.Message, Fields: e.Fields}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLongWordsAreClipped(t *testing.T) {
	t.Parallel()
	c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"message":"`+strings.Repeat("é", 5000)+`"}`)
	})
	_, err := c.Do(t.Context(), write(), nil)
	if e := mustFail(t, err); len(e.Message) > 510 || !strings.HasSuffix(e.Message, "é...") {
		t.Errorf("%d bytes: %q", len(e.Message), e.Message)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := l.Addr().String()
	_ = l.Close()
	c, w := client(t, "http://"+host)
	for _, r := range []api.Request{read(), write()} {
		_, err = c.Do(t.Context(), r, nil)
		e := mustFail(t, err)
		if !errors.Is(err, api.ErrUnreachable) || outcome(t, e) != "not sent" || len(w.all()) != 0 {
			t.Errorf("%+v, waits %v", e, w.all())
		}
		if want := "no connection to " + host + ": connection refused"; e.Message != want {
			t.Errorf("%q, want %q", e.Message, want)
		}
	}
}

func TestNameNotFound(t *testing.T) {
	t.Parallel()
	c, _ := client(t, "https://nowhere.invalid", func(o *api.Options) {
		o.Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "nowhere.invalid", IsNotFound: true}}
		}}
	})
	_, err := c.Do(t.Context(), write(), nil)
	if e := mustFail(t, err); outcome(t, e) != "not sent" || !contains(err, "the name cannot be found") {
		t.Error(err)
	}
}

func TestSlow(t *testing.T) {
	t.Parallel()
	tests := map[string]http.HandlerFunc{
		"header": func(_ http.ResponseWriter, r *http.Request) { hang(r) },
		"body": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"a":`)
			_ = http.NewResponseController(w).Flush()
			hang(r)
		},
	}
	for name, h := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _, w := serve(t, h, func(o *api.Options) { o.Timeout = 60 * time.Millisecond })
			for _, r := range []api.Request{read(), write()} {
				var out any
				_, err := c.Do(t.Context(), r, &out)
				e := mustFail(t, err)
				if !errors.Is(err, api.ErrInterrupted) || outcome(t, e) != "uncertain" || !contains(err, "it took too long") {
					t.Errorf("%+v", e)
				}
				if errors.Is(err, context.DeadlineExceeded) {
					t.Error("our time limit looks like the caller's")
				}
			}
			if len(w.all()) != 0 {
				t.Error("a slow service was asked again")
			}
		})
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	c, _, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		hang(r)
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	_, err := c.Do(ctx, write(), nil)
	if e := mustFail(t, err); !errors.Is(err, context.Canceled) || outcome(t, e) != "uncertain" || e.Message != "stopped before an answer came" {
		t.Errorf("under way: %+v", e)
	}
	_, err = c.Do(ctx, write(), nil)
	if e := mustFail(t, err); !errors.Is(err, context.Canceled) || outcome(t, e) != "not sent" || e.Message != "stopped before anything was sent" {
		t.Errorf("before: %+v", e)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = c.Do(ctx, read(), nil)
	if e := mustFail(t, err); !errors.Is(err, context.DeadlineExceeded) || outcome(t, e) != "uncertain" {
		t.Errorf("deadline: %+v", e)
	}
}

// foreign is a RoundTripper that tells nothing about connections.
type foreign func(*http.Request) (*http.Response, error)

func (f foreign) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestForeignTransportIsNotTrusted(t *testing.T) {
	t.Parallel()
	c, _ := client(t, "https://service.test", func(o *api.Options) {
		o.Transport = foreign(func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodGet && r.GetBody != nil {
				t.Error("a write that can be rewound can be repeated")
			}
			return nil, errors.New("lost")
		})
	})
	_, err := c.Do(t.Context(), write(), nil)
	if e := mustFail(t, err); outcome(t, e) != "uncertain" || !errors.Is(err, api.ErrInterrupted) {
		t.Errorf("%+v", e)
	}
}
