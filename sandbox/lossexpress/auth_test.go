package lossexpress

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestTokenShapes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		shape TokenShape
		keys  string // of the answer and their values, the token as T
	}{
		{"snake", TokenSnake, "map[access_token:T expires_in:90 token_type:Bearer]"},
		{"camel", TokenCamel, "map[accessToken:T expiresIn:90 tokenType:Bearer]"},
		{"plain", TokenPlain, "map[expiresIn:90 token:T]"},
		{"bare", TokenBare, "T"},
		{"jwt", TokenJWT, "map[access_token:T token_type:Bearer]"},
		{"no expiry", TokenNoExpiry, "map[access_token:T token_type:Bearer]"},
		{"numeric string", TokenNumericString, "map[access_token:T expires_in:90 token_type:Bearer]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, Behaviour{TokenShape: test.shape, TokenLifetime: 90 * time.Second})
			a := b.raw("POST", "/oauth/token", `{"clientId":"demo-client","secret":"demo-secret"}`, nil)
			var got any
			a.into(t, &got)
			token, _ := got.(string)
			if o, isObject := got.(map[string]any); isObject {
				for _, key := range []string{"access_token", "accessToken", "token"} {
					if value, there := o[key].(string); there {
						token = value
					}
				}
			}
			if shown := strings.Replace(fmt.Sprint(got), token, "T", 1); shown != test.keys {
				t.Errorf("got %s, want %s", shown, test.keys)
			}
			_, isText := got.(string)
			if test.shape == TokenNumericString && !isText && !strings.Contains(a.body, `"expires_in":"90"`) {
				t.Errorf("expires_in is not a string: %s", a.body)
			}
			if test.shape == TokenJWT {
				checkJWT(t, token, b.clock.Now().Add(90*time.Second))
			}
			b.token = token
			b.good("GET", "/activities", "")
			b.clock.forward(90 * time.Second)
			if a := b.do("GET", "/activities", ""); a.status != 401 || !strings.Contains(a.body, textExpired) {
				t.Errorf("after its life: %d %s", a.status, a.body)
			}
		})
	}
}

func checkJWT(t *testing.T, token string, expires time.Time) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("not a JWT: %s", token)
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct{ Exp int64 }
	if err := json.Unmarshal(body, &claims); err != nil || claims.Exp != expires.Unix() {
		t.Errorf("exp %d, want %d (%v)", claims.Exp, expires.Unix(), err)
	}
}

func TestAuthorisation(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{}, func(o *Options) { o.ClientID, o.Secret = "me", "mine" })
	if a := b.raw("POST", "/oauth/token", `{"clientId":"demo-client","secret":"demo-secret"}`, nil); a.status != 401 {
		t.Errorf("foreign credentials: %d", a.status)
	}
	a := b.raw("POST", "/oauth/token", `{"clientId":"me","secret":"mine"}`, nil)
	b.token = a.object(t)["access_token"].(string)
	b.good("GET", "/activities", "")
	for header, want := range map[string]string{"": "Missing authentication", "Basic x": "Missing authentication", "Bearer x": "Invalid token"} {
		a := b.raw("GET", "/activities", "", map[string]string{"Authorization": header})
		if a.status != 401 || a.object(t)["message"] != want {
			t.Errorf("%q: %d %s", header, a.status, a.body)
		}
	}
	b.RevokeTokens()
	if a := b.do("GET", "/activities", ""); a.status != 401 || a.object(t)["message"] != "The provided token has expired." {
		t.Errorf("revoked: %d %s", a.status, a.body)
	}
	b.Change(func(b *Behaviour) { b.TokenRefused = true })
	if a := b.raw("POST", "/oauth/token", `{"clientId":"me","secret":"mine"}`, nil); a.status != 401 {
		t.Errorf("refused: %d", a.status)
	}
	if n := b.TokensIssued(); n != 1 {
		t.Errorf("%d tokens issued", n)
	}
}
