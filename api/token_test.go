package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/oauth2"

	"claimdeck/api"
)

func withTokens(s api.TokenSource) func(*api.Options) {
	return func(o *api.Options) { o.Tokens = s }
}

func TestUnauthorizedIsReplayedOnce(t *testing.T) {
	t.Parallel()
	for _, r := range []api.Request{read(), write()} {
		t.Run(r.Method, func(t *testing.T) {
			t.Parallel()
			s := new(tokens)
			var bodies []string
			var auths []string
			c, _, w := serve(t, func(rw http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				bodies, auths = append(bodies, string(b)), append(auths, r.Header.Get("Authorization"))
				if len(auths) == 1 {
					rw.WriteHeader(http.StatusUnauthorized)
				}
			}, withTokens(s))
			if _, err := c.Do(t.Context(), r, nil); err != nil {
				t.Fatal(err)
			}
			if len(auths) != 2 || auths[0] != "Bearer token-1-of-the-test" || auths[1] != "Bearer token-2-of-the-test" {
				t.Errorf("authorization %q", auths)
			}
			if bodies[0] != bodies[1] || s.forgotten != 1 || len(w.all()) != 0 {
				t.Errorf("bodies %q, %d forgotten, waits %v", bodies, s.forgotten, w.all())
			}
		})
	}
}

func TestUnauthorizedNeverLoops(t *testing.T) {
	t.Parallel()
	for _, r := range []api.Request{read(), write()} {
		t.Run(r.Method, func(t *testing.T) {
			t.Parallel()
			s := new(tokens)
			var calls atomic.Int32
			c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = io.WriteString(w, `{"message":"The provided token has expired."}`)
			}, withTokens(s))
			_, err := c.Do(t.Context(), r, nil)
			e := mustFail(t, err)
			if !errors.Is(err, api.ErrUnauthorized) || e.Message != "The provided token has expired." || outcome(t, e) != "refused" {
				t.Errorf("%+v", e)
			}
			if calls.Load() != 2 || s.n != 2 {
				t.Errorf("%d calls, %d tokens", calls.Load(), s.n)
			}
		})
	}
}

// One call is replayed once, even when a read is tried again for other reasons in between.
func TestReplayOnceAcrossTries(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader([]int{0, 401, 503, 401, 200}[calls.Add(1)])
	}, withTokens(new(tokens)))
	if _, err := c.Do(t.Context(), read(), nil); !errors.Is(err, api.ErrUnauthorized) || calls.Load() != 3 {
		t.Errorf("%v after %d calls", err, calls.Load())
	}
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	service := &api.Error{System: "LossExpress", Op: "sign in", Status: 503, Kind: api.ErrUnavailable, Message: "down", Sent: true}
	tests := []struct {
		name string
		err  error
		kind error
		want string
	}{
		{"service", fmt.Errorf("wrapped: %w", service), api.ErrUnavailable, "LossExpress: make thing: down"},
		{"cut off", &api.Error{Kind: api.ErrInterrupted, Message: "cut", Sent: true}, api.ErrUnreachable, "LossExpress: make thing: cut"},
		{"other", errors.New("keyring locked"), api.ErrUnauthorized, "LossExpress: make thing: not signed in"},
		{"stopped", context.Canceled, context.Canceled, "LossExpress: make thing: stopped before anything was sent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _, w := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") },
				withTokens(&tokens{err: tt.err}))
			if _, err := c.Do(t.Context(), read(), nil); err == nil || len(w.all()) != 0 {
				t.Errorf("a token call has its own second tries: waited %v", w.all())
			}
			_, err := c.Do(t.Context(), write(), nil)
			e := mustFail(t, err)
			if !errors.Is(err, tt.kind) || err.Error() != tt.want || outcome(t, e) != "not sent" {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestRefreshFailsAfter401(t *testing.T) {
	t.Parallel()
	s := new(tokens)
	c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		s.err = errors.New("gone")
		s.mu.Unlock()
		w.WriteHeader(http.StatusUnauthorized)
	}, withTokens(s))
	_, err := c.Do(t.Context(), write(), nil)
	if e := mustFail(t, err); !errors.Is(err, api.ErrUnauthorized) || outcome(t, e) != "not sent" {
		t.Errorf("%+v", e)
	}
}

func TestTokenThatIsNoHeader(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "a b", "a\r\nX-Evil: 1", "tökén"} {
		s := &tokens{current: &oauth2.Token{AccessToken: bad}}
		c, _, _ := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }, withTokens(s))
		_, err := c.Do(t.Context(), write(), nil)
		if e := mustFail(t, err); outcome(t, e) != "not sent" || !errors.Is(err, api.ErrUnauthorized) {
			t.Errorf("%q: %+v", bad, e)
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the other host was called: %s %s, authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(other.Close)
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, target := range []string{other.URL + "/x", elsewhere + "/x", "https" + strings.TrimPrefix(other.URL, "http")} {
			for _, r := range []api.Request{read(), write(), {Op: "cancel", Method: http.MethodDelete, Path: []string{"things"}}} {
				t.Run(fmt.Sprintf("%d %s", status, r.Method), func(t *testing.T) {
					t.Parallel()
					c, _, w := serve(t, func(w http.ResponseWriter, r *http.Request) {
						http.Redirect(w, r, target, status)
					}, withTokens(new(tokens)))
					_, err := c.Do(t.Context(), r, nil)
					e := mustFail(t, err)
					host := strings.Split(target, "/")[2]
					if !errors.Is(err, api.ErrBadResponse) || !strings.Contains(e.Message, host) || len(w.all()) != 0 {
						t.Errorf("%+v, want %s named", e, host)
					}
				})
			}
		}
	}
}

// A write follows no redirect at all, not even within the service.
func TestWritesFollowNoRedirect(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
			for _, body := range []any{nil, "x"} {
				var calls atomic.Int32
				c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if calls.Add(1) == 1 {
						http.Redirect(w, r, "/moved", status)
					}
				})
				_, err := c.Do(t.Context(), api.Request{Op: "x", Method: method, Path: []string{"x"}, Body: body}, nil)
				if e := mustFail(t, err); outcome(t, e) != "uncertain" || calls.Load() != 1 {
					t.Errorf("%d %s: %v after %d calls", status, method, err, calls.Load())
				}
			}
		}
	}
}

func TestRedirectWithinTheOrigin(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		switch r.URL.Path {
		case "/things":
			http.Redirect(w, r, "/moved", http.StatusTemporaryRedirect)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			_, _ = fmt.Fprintf(w, `{"auth":%q,"method":%q}`, r.Header.Get("Authorization"), r.Method)
		}
	}, withTokens(new(tokens)))
	var out struct{ Auth, Method string }
	if _, err := c.Do(t.Context(), read(), &out); err != nil || out.Auth != "Bearer token-1-of-the-test" {
		t.Errorf("read: %v %+v", err, out)
	}
	calls.Store(0)
	if _, err := c.Do(t.Context(), write(), &out); !errors.Is(err, api.ErrBadResponse) || calls.Load() != 1 {
		t.Errorf("write: %v after %d calls", err, calls.Load())
	}
	calls.Store(0)
	r := api.Request{Op: "loop", Method: http.MethodGet, Path: []string{"loop"}}
	if _, err := c.Do(t.Context(), r, &out); !errors.Is(err, api.ErrBadResponse) || calls.Load() > 6 {
		t.Errorf("loop: %v after %d calls", err, calls.Load())
	}
}

// Neither errors nor logs carry what must stay secret, even if the service echoes it.
func TestNothingSecretLeaks(t *testing.T) {
	t.Parallel()
	secrets := []string{"token-1-of-the-test", "s3cr3t-of-the-client", "aaaabbbbccccdddd", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln"}
	echoes := map[string]http.HandlerFunc{
		"envelope": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Request-Id", "of "+secrets[0])
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"error":%q,"message":"header %s, secret %s, Bearer %s, %s","validation":{"errors":[{"path":"x","message":%q}]}}`,
				secrets[0], r.Header.Get("Authorization"), secrets[1], secrets[2], secrets[3], "token "+secrets[0])
		},
		"text": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, "bad "+secrets[0]+" "+secrets[3]+" access_token="+secrets[2])
		},
		"cut": func(w http.ResponseWriter, _ *http.Request) { cut(w) },
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.test/?token="+secrets[0], http.StatusFound)
		},
	}
	for name, h := range echoes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var logged bytes.Buffer
			c, _, _ := serve(t, h, withTokens(new(tokens)), func(o *api.Options) {
				o.Retries = -1
				o.Log = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			r := write()
			r.Body = map[string]string{"secret": secrets[1]}
			r.Query = api.Values(map[string]string{"apikey": secrets[2]})
			r.Secrets = []string{secrets[1]}
			_, err := c.Do(t.Context(), r, nil)
			e := mustFail(t, err)
			all := fmt.Sprintf("%v\n%+v\n%#v\n%v\n%s", err, e, *e, e.Err, logged.String())
			for _, secret := range secrets {
				if strings.Contains(all, secret) {
					t.Errorf("%q in %s", secret, all)
				}
			}
			// The body is data: only what is surely a secret is taken out of it.
			for _, secret := range secrets[:2] {
				if strings.Contains(string(e.Body), secret) {
					t.Errorf("%q in %s", secret, e.Body)
				}
			}
			if name == "envelope" && (e.RequestID != "of (hidden)" || !strings.Contains(string(e.Body), `"(hidden)"`)) {
				t.Errorf("%q %s", e.RequestID, e.Body)
			}
			if !strings.Contains(logged.String(), "make thing") {
				t.Errorf("nothing was logged: %s", logged.String())
			}
		})
	}
}

// A success that is none may repeat the secrets as well.
func TestBadSuccessHidesSecrets(t *testing.T) {
	t.Parallel()
	c, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "seven")
		_, _ = io.WriteString(w, `{"state":"failed"}`)
	}, withTokens(new(tokens)))
	r := write()
	r.Secrets = []string{"s3cr3t/of the client"}
	m, err := c.Do(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("a cause")
	e := m.Bad("Test", "make thing", "no \x1b[1m token-1-of-the-test, s3cr3t%2Fof+the+client", cause)
	if e.Message != "no (hidden), (hidden)" || !errors.Is(e, cause) || !errors.Is(e, api.ErrBadResponse) || !e.Uncertain() ||
		e.System != "Test" || e.Op != "make thing" || e.RequestID != "seven" || e.Status != http.StatusOK {
		t.Errorf("%+v", e)
	}
	if printed := fmt.Sprintf("%v %+v %#v", m, m, m); strings.Contains(printed, "token-1") || strings.Contains(printed, "s3cr3t") {
		t.Error(printed)
	}
	if e := (api.Meta{}).Bad("Test", "x", "words", nil); e.Message != "words" {
		t.Errorf("%+v", e)
	}
}
