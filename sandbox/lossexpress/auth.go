package lossexpress

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"

	"claimdeck/sandbox/fault"
)

func tokenRules(Flavour) []rule {
	return []rule{{name: "clientId", required: true}, {name: "secret", required: true}}
}

// postToken answers POST /oauth/token (remote document: Authentication).
func (s *Server) postToken(r *request) reply {
	idMatches := subtle.ConstantTimeCompare([]byte(r.text("clientId")), []byte(s.options.ClientID))
	secretMatches := subtle.ConstantTimeCompare([]byte(r.text("secret")), []byte(s.options.Secret))
	if r.b.TokenRefused || idMatches&secretMatches != 1 {
		return failure(http.StatusUnauthorized, "Your API key is wrong.")
	}
	life := cmp.Or(r.b.TokenLifetime, defaultLifetime)
	token := rand.Text()
	if r.b.TokenShape == TokenJWT {
		token = s.jwt(token, r.now, r.now.Add(life))
	}
	s.dropExpired(r.now)
	s.tokens[token] = r.now.Add(life)
	s.issued++
	p := ok(tokenAnswer(r.b.TokenShape, token, int(life/time.Second)))
	p.plain = true
	p.Set("Cache-Control", "no-store")
	return p
}

func tokenAnswer(shape TokenShape, token string, seconds int) any {
	switch shape {
	case TokenCamel:
		return object{"accessToken": token, "tokenType": "Bearer", "expiresIn": seconds}
	case TokenPlain:
		return object{"token": token, "expiresIn": seconds}
	case TokenBare:
		return token
	case TokenJWT, TokenNoExpiry:
		return object{"access_token": token, "token_type": "Bearer"}
	case TokenNumericString:
		return object{"access_token": token, "token_type": "Bearer", "expires_in": strconv.Itoa(seconds)}
	default:
		return object{"access_token": token, "token_type": "Bearer", "expires_in": seconds}
	}
}

// jwt is an HS256 token; id makes two of one second differ.
func (s *Server) jwt(id string, issued, expires time.Time) string {
	part := func(v any) string { return base64.RawURLEncoding.EncodeToString(fault.Encode(v)) }
	signed := part(object{"alg": "HS256", "typ": "JWT"}) + "." + part(object{
		"sub": s.options.ClientID, "jti": id, "iat": issued.Unix(), "exp": expires.Unix(),
	})
	mac := hmac.New(sha256.New, []byte(s.options.Secret))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// dropExpired forgets tokens a day after their end: until then they are answered as expired, later as invalid.
func (s *Server) dropExpired(now time.Time) {
	for token, end := range s.tokens {
		if now.Sub(end) > 24*time.Hour {
			delete(s.tokens, token)
		}
	}
}

// RevokeTokens ends the life of every token: the next request with one is answered 401 as expired.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token := range s.tokens {
		s.tokens[token] = s.now()
	}
}

// TokensIssued is the number of tokens handed out so far.
func (s *Server) TokensIssued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issued
}
