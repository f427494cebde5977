package inscipher

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"claimdeck/api"
	"claimdeck/api/signin"
)

// authorize puts the token where the service wants it; nil is the transport's own bearer token.
func authorize(how Auth, name string) func(*http.Request, *oauth2.Token) {
	switch how {
	case AuthHeader:
		return func(r *http.Request, t *oauth2.Token) {
			r.Header[name] = []string{t.AccessToken} // spelled as documented, not as Go would
		}
	case AuthQuery:
		return func(r *http.Request, t *oauth2.Token) {
			q := r.URL.Query()
			q.Set(name, t.AccessToken)
			r.URL.RawQuery = q.Encode()
		}
	default:
		return nil
	}
}

// key returns what fetches the API key itself as the token.
func key(credentials func(context.Context) (string, string, error)) func(context.Context) (*oauth2.Token, error) {
	const what = "API key"
	return func(ctx context.Context) (*oauth2.Token, error) {
		_, key, err := signin.Read(ctx, System, what, credentials)
		if err != nil {
			return nil, err
		}
		if key = strings.TrimSpace(key); key == "" {
			return nil, signin.Unset(System, what)
		}
		return &oauth2.Token{AccessToken: key}, nil
	}
}

// signIn gets bearer tokens: for a refresh token where one is held, otherwise for the user name and the password.
type signIn struct {
	api         *api.Client
	path        []string
	credentials func(context.Context) (id, secret string, err error)
	now         func() time.Time
	refresh     atomic.Pointer[string] // nil: there is none
}

// grant is the body of the token call: JSON, and not the form of RFC 6749.
type grant struct {
	Type     string `json:"grant_type"`
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
	Refresh  string `json:"refresh_token,omitempty"`
}

func (s *signIn) fetch(ctx context.Context) (*oauth2.Token, error) {
	if refresh := s.refresh.Load(); refresh != nil {
		tok, err := s.call(ctx, grant{Type: "refresh_token", Refresh: *refresh})
		if _, refused := signin.Refused(err, "refresh token"); !refused {
			return tok, err
		}
		s.refresh.CompareAndSwap(refresh, nil) // it lives for a month, or until the password changes
	}
	const what = "user name and password"
	id, secret, err := signin.Read(ctx, System, what, s.credentials)
	if err != nil {
		return nil, err
	}
	if id == "" || secret == "" {
		return nil, signin.Unset(System, what)
	}
	tok, err := s.call(ctx, grant{Type: "password", Username: id, Password: secret})
	if refused, ok := signin.Refused(err, "user name or password"); ok {
		return nil, refused
	}
	return tok, err
}

func (s *signIn) call(ctx context.Context, g grant) (*oauth2.Token, error) {
	var out struct {
		AccessToken  scalar `json:"access_token"`
		RefreshToken scalar `json:"refresh_token"`
		ExpiresIn    scalar `json:"expires_in"`
	}
	m, err := s.api.Do(ctx, api.Request{
		Op: signin.Op, Method: http.MethodPost, Path: s.path, Body: g, Repeatable: true, MustAnswer: true,
		Secrets: []string{g.Password, g.Refresh},
	}, &out)
	if err != nil {
		return nil, err
	}
	if out.AccessToken == "" {
		return nil, signin.NoToken(System, m)
	}
	if out.RefreshToken != "" {
		s.refresh.Store(new(string(out.RefreshToken)))
	}
	tok := &oauth2.Token{AccessToken: string(out.AccessToken), TokenType: "Bearer"}
	signin.Date(tok, s.now(), signin.Lifetime(string(out.ExpiresIn)))
	return tok, nil
}
