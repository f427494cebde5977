package inscipher

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"claimdeck/sandbox/fault"
)

// authorise checks the key or the token.
func (s *Server) authorise(r *http.Request, b Behaviour) *reply {
	header, query := r.Header.Get(s.options.HeaderName), r.URL.Query().Get(s.options.QueryName)
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	presented, good := "", false
	for _, way := range []struct {
		style  AuthStyle
		secret string
		check  func(string) bool
	}{{AuthHeader, header, s.isKey}, {AuthQuery, query, s.isKey}, {AuthBearer, bearer, s.isToken}} {
		if way.secret != "" && (b.Auth == AuthAny || b.Auth == way.style) {
			presented, good = way.secret, way.check(way.secret)
			break
		}
	}
	if good {
		return nil
	}
	message := "Invalid API key"
	switch presented {
	case "":
		message = "API key is missing"
	case bearer:
		message = "The access token provided has expired."
	}
	p := s.stranger(r, b, message, presented)
	return &p
}

// stranger refuses somebody.
func (s *Server) stranger(r *http.Request, b Behaviour, message, presented string) reply {
	status := cmp.Or(b.BadKeyStatus, http.StatusUnauthorized)
	if !b.EchoKey {
		return failure(status, message)
	}
	return fault.JSON(status, object{
		"code": status, "message": message + ": " + presented, "request": r.URL.RequestURI(), "presented": presented,
	})
}

// isKey reports whether key is the account's; s.mu is held.
func (s *Server) isKey(key string) bool {
	return subtle.ConstantTimeCompare([]byte(key), []byte(s.key)) == 1
}

// isToken reports whether token lives; s.mu is held.
func (s *Server) isToken(token string) bool {
	end, known := s.tokens[token]
	return known && s.options.Now().Before(end)
}

// postToken answers POST /api/oauth2/token (public page: Authentication): grant_type password or refresh_token, as JSON.
func (s *Server) postToken(r *http.Request, body []byte, b Behaviour) reply {
	var in struct {
		GrantType    string `json:"grant_type"`
		Username     string `json:"username"`
		Password     string `json:"password"`
		RefreshToken string `json:"refresh_token"`
	}
	if json.Unmarshal(body, &in) != nil {
		return failure(http.StatusBadRequest, "Invalid JSON")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	good := false
	switch in.GrantType {
	case "password":
		user := subtle.ConstantTimeCompare([]byte(in.Username), []byte(s.options.Username))
		good = user&subtle.ConstantTimeCompare([]byte(in.Password), []byte(s.options.Password)) == 1
	case "refresh_token":
		good = s.refresh[in.RefreshToken] && !b.NoRefresh
	default:
		return failure(http.StatusBadRequest, "unsupported_grant_type")
	}
	if b.TokenRefused || !good { // BadKeyStatus is for keys and tokens
		return s.stranger(r, Behaviour{EchoKey: b.EchoKey}, "invalid_grant", in.Password+in.RefreshToken)
	}
	delete(s.refresh, in.RefreshToken) // each is good for one use
	life := cmp.Or(b.TokenLifetime, defaultLifetime)
	now := s.options.Now()
	for token, end := range s.tokens {
		if now.After(end) {
			delete(s.tokens, token)
		}
	}
	access, refresh := rand.Text(), rand.Text()
	s.tokens[access], s.refresh[refresh] = now.Add(life), true
	s.issued++
	p := ok(object{
		"access_token": access, "refresh_token": refresh, "expires_in": int(life / time.Second), "token_type": "bearer",
	})
	p.Set("Cache-Control", "no-store")
	return p
}

// ChangeKey makes another API key the only good one.
func (s *Server) ChangeKey(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = key
}

// RevokeTokens ends the life of every access token; refresh tokens stay good.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// TokensIssued is the number of access tokens handed out so far.
func (s *Server) TokensIssued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issued
}
