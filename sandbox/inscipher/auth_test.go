package inscipher

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestWhoIsAsking(t *testing.T) {
	t.Parallel()
	x := newBench(t, Behaviour{}, func(o *Options) { o.HeaderName, o.QueryName = "X-Key", "k" })
	sign := x.raw("POST", defaultSignIn, `{"grant_type":"password","username":"demo-user","password":"demo-password"}`, nil)
	var token struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		ExpiresIn    int    `json:"expires_in"`
	}
	if err := json.Unmarshal([]byte(sign.body), &token); err != nil || token.AccessToken == "" || token.RefreshToken == "" || token.ExpiresIn != 3600 {
		t.Fatal(sign)
	}
	ask := func(query string, header map[string]string) int {
		return x.raw("GET", defaultResults+"?batch_id=none"+query, "", header).status // 404 is in, 401 is out
	}
	ways := map[AuthStyle]func(good bool) int{
		AuthHeader: func(good bool) int {
			return ask("", map[string]string{"X-Key": map[bool]string{true: "demo-key", false: "bad"}[good]})
		},
		AuthQuery: func(good bool) int { return ask("&k="+map[bool]string{true: "demo-key", false: "bad"}[good], nil) },
		AuthBearer: func(good bool) int {
			return ask("", map[string]string{"Authorization": "Bearer " + map[bool]string{true: token.AccessToken, false: "bad"}[good]})
		},
	}
	for _, style := range []AuthStyle{AuthAny, AuthHeader, AuthQuery, AuthBearer} {
		x.Change(func(b *Behaviour) { b.Auth = style })
		for way, call := range ways {
			want := 401
			if style == AuthAny || style == way {
				want = 404
			}
			if good, bad := call(true), call(false); good != want || bad != 401 {
				t.Errorf("style %d, way %d: %d, %d", style, way, good, bad)
			}
		}
		if none := ask("", nil); none != 401 {
			t.Errorf("style %d: nobody gets %d", style, none)
		}
	}
	x.Change(func(b *Behaviour) { *b = Behaviour{BadKeyStatus: 403, EchoKey: true} })
	if got := x.raw("GET", defaultResults+"?k=bad%2F", "", nil); got.status != 403 || !strings.Contains(got.body, "Invalid API key: bad/") || !strings.Contains(got.body, "k=bad%2F") {
		t.Error(got)
	}
	x.ChangeKey("new")
	if ways[AuthQuery](true) != 403 || ask("&k=new", nil) != 404 {
		t.Error("the key did not change")
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	x := newBench(t, Behaviour{TokenLifetime: time.Minute})
	var token struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
	sign := func(body string) int {
		t.Helper()
		got := x.raw("POST", defaultSignIn, body, nil)
		if got.status == 200 {
			if err := json.Unmarshal([]byte(got.body), &token); err != nil {
				t.Fatal(err)
			}
		}
		return got.status
	}
	lives := func() bool {
		return x.raw("GET", defaultResults, "", map[string]string{"Authorization": "Bearer " + token.AccessToken}).status == 404
	}
	const good = `{"grant_type":"password","username":"demo-user","password":"demo-password"}`
	for body, want := range map[string]int{
		`[`: 400, `{}`: 400, `{"grant_type":"client_credentials"}`: 400, `{"grant_type":"password"}`: 401,
		`{"grant_type":"password","username":"demo-user","password":"x"}`:     401,
		`{"grant_type":"password","username":"x","password":"demo-password"}`: 401,
		`{"grant_type":"refresh_token"}`:                                      401, `{"grant_type":"refresh_token","refresh_token":"x"}`: 401,
	} {
		if got := sign(body); got != want {
			t.Errorf("%s: %d", body, got)
		}
	}
	if sign(good) != 200 || !lives() {
		t.Fatal("no token")
	}
	x.forward(time.Minute)
	if lives() {
		t.Error("it did not expire")
	}
	refresh := fmt.Sprintf(`{"grant_type":"refresh_token","refresh_token":%q}`, token.RefreshToken)
	if sign(refresh) != 200 || !lives() || sign(refresh) != 401 {
		t.Error("a refresh token is good for one use")
	}
	x.RevokeTokens()
	if lives() || x.TokensIssued() != 2 {
		t.Error("it was not revoked")
	}
	refresh = fmt.Sprintf(`{"grant_type":"refresh_token","refresh_token":%q}`, token.RefreshToken)
	x.Change(func(b *Behaviour) { b.NoRefresh = true })
	if sign(refresh) != 401 || sign(good) != 200 {
		t.Error("refresh tokens alone should be refused")
	}
	x.Change(func(b *Behaviour) { b.TokenRefused = true })
	if sign(good) != 401 {
		t.Error("any sign-in should be refused")
	}
}
