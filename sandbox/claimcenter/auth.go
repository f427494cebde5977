package claimcenter

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"claimdeck/sandbox/fault"
)

// authorise checks the Authorization header: Basic, or a bearer token.
func (s *Server) authorise(q *request) *reply {
	if user, password, basic := q.http.BasicAuth(); basic {
		if !q.b.BasicRefused && same(user, s.options.User) && same(password, s.options.Password) {
			return nil
		}
	} else if token, bearer := strings.CutPrefix(q.http.Header.Get("Authorization"), "Bearer "); bearer && s.takes(token) {
		return nil
	}
	p := unauthorised()
	return &p
}

func (s *Server) takes(token string) bool {
	if s.options.Bearer != nil && s.options.Bearer(token) {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	end, known := s.tokens[token]
	return known && s.options.Now().Before(end)
}

func same(x, y string) bool { return subtle.ConstantTimeCompare([]byte(x), []byte(y)) == 1 }

// oauthError is the error form of RFC 6749.
func oauthError(status int, code, description string) reply {
	return fault.JSON(status, object{"error": code, "error_description": description})
}

// postToken answers a token request of RFC 6749, section 4.4.
func (s *Server) postToken(q *request) reply {
	if q.http.Method != http.MethodPost {
		return oauthError(http.StatusMethodNotAllowed, "invalid_request", "POST is required.").With("Allow", http.MethodPost)
	}
	kind, _, _ := mime.ParseMediaType(q.http.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(q.body))
	if kind != "application/x-www-form-urlencoded" || err != nil {
		return oauthError(http.StatusBadRequest, "invalid_request", "The request must be a form.")
	}
	if !s.knowsClient(q, form) {
		return oauthError(http.StatusUnauthorized, "invalid_client", "Client authentication failed.").
			With("WWW-Authenticate", `Basic realm="token"`)
	}
	if form.Get("grant_type") != "client_credentials" {
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "Only client_credentials is supported.")
	}
	scope := form.Get("scope")
	if want := s.options.Scope; want != "" && !slices.Contains(strings.Fields(scope), want) {
		return oauthError(http.StatusBadRequest, "invalid_scope", "One or more scopes are not configured for the client.")
	}
	return s.issue(q.b, cmp.Or(scope, "cc.service"))
}

// knowsClient checks the client's credentials, from a Basic header (form-encoded there, as the RFC has it) or the form.
func (s *Server) knowsClient(q *request, form url.Values) bool {
	id, secret, basic := q.http.BasicAuth()
	var errID, errSecret error
	if basic {
		id, errID = url.QueryUnescape(id)
		secret, errSecret = url.QueryUnescape(secret)
	} else {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	known := same(id, s.options.ClientID) && same(secret, s.options.Secret)
	return known && errID == nil && errSecret == nil && !q.b.TokenRefused
}

func (s *Server) issue(b Behaviour, scope string) reply {
	life := cmp.Or(b.TokenLifetime, defaultLifetime)
	token := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[token] = s.options.Now().Add(life)
	s.issued++
	return ok(object{"access_token": token, "token_type": "Bearer", "expires_in": int(life / time.Second), "scope": scope}).
		With("Pragma", "no-cache")
}

// RevokeTokens ends the life of every token that the Server gave out.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// TokensIssued is the number of tokens handed out so far.
func (s *Server) TokensIssued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issued
}
