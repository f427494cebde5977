package api_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"claimdeck/api"
)

var pdf = "%PDF-1.7\n" + strings.Repeat("content ", 1000)

func fetch() api.Request {
	return api.Request{Op: "fetch document", Method: http.MethodGet, Path: []string{"documents", "d"}, Accept: "application/pdf, */*"}
}

// readStream opens a stream and reads it to its end. Whatever happens, the client's only slot must be free afterwards.
func readStream(t *testing.T, limit int64, h http.HandlerFunc, tweak ...func(*api.Options)) (string, error) {
	t.Helper()
	c, _, _ := serve(t, h, append(tweak, func(o *api.Options) { o.Concurrency = 1 })...)
	s, err := c.Open(t.Context(), fetch(), limit)
	var b []byte
	if err == nil {
		b, err = io.ReadAll(s)
		_ = s.Close()
		if _, again := s.Read(make([]byte, 1)); again == nil {
			t.Error("read after close")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	s, again := c.Open(ctx, fetch(), limit)
	if again == nil {
		_ = s.Close()
	}
	if errors.Is(again, context.DeadlineExceeded) {
		t.Error("the slot was not freed")
	}
	return string(b), err
}

func send(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// flushed sends body without announcing its length.
func flushed(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).Flush()
		send(body)(w, r)
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	for _, body := range []string{pdf, ""} {
		for _, h := range []http.HandlerFunc{send(body), flushed(body)} {
			if got, err := readStream(t, int64(len(pdf)), h); err != nil || got != body {
				t.Errorf("%d bytes of %d, %v", len(got), len(body), err)
			}
		}
	}
}

func TestStreamFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		limit int64
		h     http.HandlerFunc
		kind  error
		want  string
	}{
		{"too large, announced", 1 << 10, send(pdf), api.ErrBadResponse, "larger than 1 KiB"},
		{"too large, not announced", 1 << 10, flushed(pdf), api.ErrBadResponse, "larger than 1 KiB"},
		{"web page", 0, send(" <!DOCTYPE html><p>Sign in"), api.ErrBadResponse, "web page instead of the document"},
		{"refused", 0, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, api.ErrNotFound, ""},
		{"cut off", 0, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99999")
			_, _ = io.WriteString(w, pdf)
			cut(w)
		}, api.ErrInterrupted, "the connection was closed"},
		{"silent", 0, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, pdf)
			_ = http.NewResponseController(w).Flush()
			hang(r)
		}, api.ErrInterrupted, "took too long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := readStream(t, tt.limit, tt.h, func(o *api.Options) { o.Timeout = 200 * time.Millisecond })
			if !errors.Is(err, tt.kind) || !contains(err, tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	c, _, _ := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	if _, err := c.Open(t.Context(), write(), 0); !errors.Is(err, api.ErrInvalid) {
		t.Error(err)
	}
}

// A slow stream that keeps coming is not cut off: the time limit is for silence.
func TestSlowStream(t *testing.T) {
	t.Parallel()
	const limit = 300 * time.Millisecond
	got, err := readStream(t, 0, func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(limit / 6)
		defer tick.Stop()
		for range 12 {
			_, _ = io.WriteString(w, "part ")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-tick.C:
			case <-r.Context().Done():
				return
			}
		}
	}, func(o *api.Options) { o.Timeout = limit })
	if err != nil || got != strings.Repeat("part ", 12) {
		t.Errorf("%q %v", got, err)
	}
}
