package scalepoint

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// postToken answers POST /connect/token: client credentials of RFC 6749, section 4.4 (remote document: Authentication).
// s.mu is held.
func (s *Server) postToken(r *http.Request, f form) reply {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind != "application/x-www-form-urlencoded" || f == nil:
		return s.refuse(http.StatusBadRequest, "invalid_request", "the body is not a form")
	case f.get("grant_type") == "":
		return s.refuse(http.StatusBadRequest, "invalid_request", "grant_type is missing")
	case f.get("grant_type") != "client_credentials":
		return s.refuse(http.StatusBadRequest, "unsupported_grant_type", "only client_credentials is supported")
	}
	if why := s.authenticate(r, f); why != "" {
		if r.Header.Get("Authorization") != "" {
			return s.refuse(http.StatusUnauthorized, "invalid_client", why).With("WWW-Authenticate", `Basic realm="token"`)
		}
		return s.refuse(http.StatusBadRequest, "invalid_client", why)
	}
	if !slices.Contains(strings.Fields(f.get("scope")), Scope) {
		return s.refuse(http.StatusBadRequest, "invalid_scope", "the scope must be "+Scope)
	}
	b := s.Behaviour()
	life := cmp.Or(b.TokenLifetime, defaultLifetime)
	now := s.options.Now()
	for token, end := range s.tokens {
		if now.Sub(end) > 0 {
			delete(s.tokens, token) // it is answered as any other that is not known
		}
	}
	token := rand.Text()
	s.tokens[token] = now.Add(life)
	s.issued++
	answer := object{"access_token": token, "token_type": "Bearer", "expires_in": int(life / time.Second), "scope": Scope}
	if b.NoExpiry {
		delete(answer, "expires_in")
	}
	return body(http.StatusOK, answer).With("Cache-Control", "no-store")
}

// maxRefusals is how many reasons are kept.
const maxRefusals = 100

// refuse is the error body of RFC 6749, section 5.2.
func (s *Server) refuse(status int, code, why string) reply {
	s.refusals = append(s.refusals, code+": "+why)
	s.refusals = s.refusals[max(0, len(s.refusals)-maxRefusals):]
	o := object{"error": code}
	if !s.Behaviour().Terse {
		o["error_description"] = why
	}
	return body(status, o).With("Cache-Control", "no-store")
}

// authenticate says why the client is not who it says it is; "" when it is.
func (s *Server) authenticate(r *http.Request, f form) string {
	id, secret, basic := basicAuth(r)
	signed := f.get("client_assertion") != "" || f.get("client_assertion_type") != ""
	inForm := f.get("client_secret") != ""
	switch {
	case basic && (inForm || signed), inForm && signed:
		return "the client authenticates in more than one way"
	case signed && s.Behaviour().Auth == AuthSecret:
		return "assertions are not accepted"
	case signed:
		return s.verify(r, f)
	case s.Behaviour().Auth == AuthAssertion:
		return "an assertion is required"
	case !basic:
		id, secret = f.get("client_id"), f.get("client_secret")
	}
	idMatches := subtle.ConstantTimeCompare([]byte(id), []byte(s.options.ClientID))
	secretMatches := subtle.ConstantTimeCompare([]byte(secret), []byte(s.options.Secret))
	if idMatches&secretMatches != 1 {
		return "the client id or the secret is wrong"
	}
	return ""
}

// basicAuth reads HTTP Basic as RFC 6749, section 2.3.1 has it: both parts are form-encoded first.
func basicAuth(r *http.Request) (id, secret string, ok bool) {
	id, secret, ok = r.BasicAuth()
	plain, err := url.QueryUnescape(id)
	hidden, err2 := url.QueryUnescape(secret)
	if err != nil || err2 != nil {
		return "", "", ok
	}
	return plain, hidden, ok
}

// verify checks a private_key_jwt (RFC 7523, section 3); it says what is wrong with it, and uses its jti up.
func (s *Server) verify(r *http.Request, f form) string {
	if f.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		return "client_assertion_type is not that of a JWT"
	}
	a, why := parseAssertion(f.get("client_assertion"), s.certs)
	if why != "" {
		return why
	}
	now, leeway := s.options.Now(), s.Behaviour().Leeway
	switch {
	case a.Issuer != s.options.ClientID || a.Subject != a.Issuer:
		return "iss and sub are not the client id"
	case f.get("client_id") != "" && f.get("client_id") != a.Subject:
		return "client_id is not the sub of the assertion"
	case !slices.Contains(a.audience(), s.audience(r)):
		return fmt.Sprintf("aud is not %s: wrong audience", s.audience(r))
	case a.Expires == 0 || !now.Before(time.Unix(a.Expires, 0).Add(leeway)):
		return "the assertion has expired"
	case now.Add(leeway).Before(time.Unix(a.NotBefore, 0)), now.Add(leeway).Before(time.Unix(a.IssuedAt, 0)):
		return "the assertion is not valid yet"
	case a.ID == "":
		return "jti is missing"
	}
	for id, until := range s.used {
		if !now.Before(until) {
			delete(s.used, id) // its assertion would be refused as expired
		}
	}
	if _, again := s.used[a.ID]; again {
		return "the assertion was used before: the jti is known"
	}
	s.used[a.ID] = time.Unix(a.Expires, 0).Add(leeway)
	return ""
}

// audience is the URL of the token endpoint as the client knows it.
func (s *Server) audience(r *http.Request) string {
	if s.options.Audience != "" {
		return s.options.Audience
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + tokenPath
}
