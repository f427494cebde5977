package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"claimdeck/api"
)

// faults are answers after which a read may be tried again.
var faults = map[string]http.HandlerFunc{
	"429":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
	"500":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
	"502":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
	"503":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
	"504":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGatewayTimeout) },
	"closed":    func(w http.ResponseWriter, _ *http.Request) { cut(w) },
	"reset":     func(w http.ResponseWriter, _ *http.Request) { reset(w) },
	"truncated": func(w http.ResponseWriter, _ *http.Request) { truncate(w) },
}

func reset(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func truncate(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, `{"a":`)
	cut(w)
}

func TestReadsAreTriedAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			c, _, w := serve(t, func(rw http.ResponseWriter, r *http.Request) {
				if calls.Add(1) < 3 {
					fault(rw, r)
					return
				}
				_, _ = io.WriteString(rw, `{"a":1}`)
			})
			var out struct{ A int }
			m, err := c.Do(t.Context(), read(), &out)
			if err != nil || out.A != 1 || m.Status != 200 {
				t.Fatalf("%v %+v %+v", err, out, m)
			}
			// net/http may itself repeat a GET whose connection was closed: our tries are counted by their waits.
			if want := []time.Duration{200 * time.Millisecond, 500 * time.Millisecond}; !slices.Equal(w.all(), want) {
				t.Errorf("waits %v, want %v after %d calls", w.all(), want, calls.Load())
			}
		})
	}
}

func TestReadsGiveUp(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c, _, w := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		rw.WriteHeader(http.StatusServiceUnavailable)
	})
	_, err := c.Do(t.Context(), read(), nil)
	e := mustFail(t, err)
	if !errors.Is(err, api.ErrUnavailable) || e.Status != 503 || calls.Load() != 4 || len(w.all()) != 3 {
		t.Errorf("%v, %d calls, waits %v", err, calls.Load(), w.all())
	}
}

func TestRetryBudget(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c, _, _ := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		rw.Header().Set("Retry-After", "4")
		rw.WriteHeader(http.StatusServiceUnavailable)
	}, func(o *api.Options) { o.Retries, o.RetryBudget = 100, 10*time.Second })
	_, err := c.Do(t.Context(), read(), nil)
	if err == nil || calls.Load() != 3 {
		t.Errorf("%v after %d calls, want 3: two waits of 4 s fit into 10 s", err, calls.Load())
	}
}

func TestNotTriedAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 405, 406, 409, 413, 422, 501} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.WriteHeader(status)
			})
			if _, err := c.Do(t.Context(), read(), nil); err == nil || calls.Load() != 1 {
				t.Errorf("%v after %d calls", err, calls.Load())
			}
		})
	}
	t.Run("unreadable", func(t *testing.T) {
		t.Parallel()
		var calls atomic.Int32
		c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			_, _ = io.WriteString(w, `{"a":`) // complete as HTTP, not as JSON
		})
		var out struct{}
		if _, err := c.Do(t.Context(), read(), &out); !errors.Is(err, api.ErrBadResponse) || calls.Load() != 1 {
			t.Errorf("%v after %d calls", err, calls.Load())
		}
	})
	t.Run("certificate", func(t *testing.T) {
		t.Parallel()
		var conns atomic.Int32
		s := httptest.NewUnstartedServer(http.NotFoundHandler())
		s.Config.ErrorLog = quiet()
		s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				conns.Add(1)
			}
		}
		s.StartTLS()
		t.Cleanup(s.Close)
		c, _ := client(t, s.URL)
		_, err := c.Do(t.Context(), read(), nil)
		e := mustFail(t, err)
		if !errors.Is(err, api.ErrUnreachable) || outcome(t, e) != "not sent" || conns.Load() != 1 {
			t.Errorf("%v (sent %v) after %d connections", err, e.Sent, conns.Load())
		}
		if want := "its certificate is not trusted on this machine"; !contains(err, want) {
			t.Errorf("%v, want %q", err, want)
		}
	})
}

// A write is sent once, whatever happens to it.
func TestWritesAreNeverRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range faults {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
			for _, body := range []any{nil, map[string]int{"a": 1}} {
				t.Run(fmt.Sprintf("%s %s body %v", method, name, body != nil), func(t *testing.T) {
					t.Parallel()
					var writes atomic.Int32
					c, _, w := serve(t, func(rw http.ResponseWriter, r *http.Request) {
						if r.Method == http.MethodGet {
							return
						}
						writes.Add(1)
						_, _ = io.Copy(io.Discard, r.Body)
						fault(rw, r)
					})
					if _, err := c.Do(t.Context(), read(), nil); err != nil { // leaves an idle connection to tempt net/http
						t.Fatal(err)
					}
					r := api.Request{Op: "write", Method: method, Path: []string{"x"}, Body: body}
					var out any
					_, err := c.Do(t.Context(), r, &out)
					e := mustFail(t, err)
					want := "uncertain"
					if name == "429" {
						want = "refused"
					}
					if got := outcome(t, e); got != want || writes.Load() != 1 || len(w.all()) != 0 {
						t.Errorf("%s after %d writes and waits %v: %v", got, writes.Load(), w.all(), err)
					}
				})
			}
		}
	}
}

// A write does not ride on a connection that was used before: net/http may repeat it there, and a server that closes an
// idle connection just then would leave it in doubt.
func TestWritesDialAnew(t *testing.T) {
	t.Parallel()
	type seen struct{ method, from, proto string }
	calls := make(chan seen, 10)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		calls <- seen{r.Method, r.RemoteAddr, r.Proto}
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	c, _ := client(t, s.URL, func(o *api.Options) { o.Transport = s.Client().Transport })
	for _, r := range []api.Request{read(), write(), read(), write()} {
		if _, err := c.Do(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
	}
	a, b, d, e := <-calls, <-calls, <-calls, <-calls
	if a.proto != "HTTP/2.0" || b.proto != "HTTP/1.1" || e.proto != "HTTP/1.1" {
		t.Errorf("protocols %v", []seen{a, b, d, e})
	}
	if a.from != d.from {
		t.Error("reads should share a connection")
	}
	if b.from == a.from || e.from == b.from {
		t.Errorf("a write used an old connection: %v", []seen{a, b, d, e})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, header, date string
		want               time.Duration
		tries              int32
	}{
		{"seconds", "7", "", 7 * time.Second, 2},
		{"date by the server's clock", "Thu, 19 Nov 2026 08:00:09 GMT", "Thu, 19 Nov 2026 08:00:00 GMT", 9 * time.Second, 2},
		{"date in the past", "Thu, 19 Nov 2026 07:00:00 GMT", "Thu, 19 Nov 2026 08:00:00 GMT", 0, 2},
		{"longer than we wait", "3600", "", time.Hour, 1},
		{"absurd", "9223372036854775807", "", 24 * time.Hour, 1},
		{"nonsense", "soon", "", 0, 2},
		{"negative", "-5", "", 0, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			c, _, w := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				rw.Header().Set("Retry-After", tt.header)
				if tt.date != "" {
					rw.Header().Set("Date", tt.date)
				}
				rw.WriteHeader(http.StatusTooManyRequests)
			}, func(o *api.Options) { o.Retries = 1 })
			_, err := c.Do(t.Context(), read(), nil)
			e := mustFail(t, err)
			if !errors.Is(err, api.ErrRateLimited) || e.After != tt.want || calls.Load() != tt.tries {
				t.Errorf("%v, After %v, %d calls", err, e.After, calls.Load())
			}
			if tt.tries == 2 && w.all()[0] != max(tt.want, 200*time.Millisecond) {
				t.Errorf("waited %v, want %v", w.all(), tt.want)
			}
		})
	}
}

func TestRetryAfterDateWithoutServerClock(t *testing.T) {
	t.Parallel()
	c, _, w := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header()["Date"] = nil
		rw.Header().Set("Retry-After", noon.Add(5*time.Second).Format(http.TimeFormat))
		rw.WriteHeader(http.StatusServiceUnavailable)
	}, func(o *api.Options) { o.Retries = 1 })
	if _, err := c.Do(t.Context(), read(), nil); err == nil || !slices.Equal(w.all(), []time.Duration{5 * time.Second}) {
		t.Errorf("%v, waits %v", err, w.all())
	}
}

func TestStoppedWhileWaiting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c, _, _ := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}, func(o *api.Options) {
		o.Wait = func(ctx context.Context, _ time.Duration) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		}
	})
	_, err := c.Do(ctx, read(), nil)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, api.ErrUnavailable) {
		t.Errorf("want both the end of the context and the last failure, got %v", err)
	}
}

func TestJitter(t *testing.T) {
	t.Parallel()
	c, _, w := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}, func(o *api.Options) { o.Rand = func() float64 { return 0.5 } })
	_, _ = c.Do(t.Context(), read(), nil)
	want := []time.Duration{300 * time.Millisecond, 750 * time.Millisecond, 1875 * time.Millisecond}
	if !slices.Equal(w.all(), want) {
		t.Errorf("waits %v, want %v", w.all(), want)
	}
}
