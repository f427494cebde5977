package scalepoint

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestTokenBySecret(t *testing.T) {
	t.Parallel()
	basic := func(id, secret string) string {
		r, _ := http.NewRequest(http.MethodGet, "/", nil)
		r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
		return r.Header.Get("Authorization")
	}
	good := basic("demo-client", "demo-secret")
	tests := []struct {
		name   string
		change func(url.Values)
		header []string
		status int
		body   string // of a refusal
	}{
		{"in the form", func(url.Values) {}, nil, 200, ""},
		{"in the header", func(f url.Values) { f.Del("client_id"); f.Del("client_secret") }, []string{"Authorization", good}, 200, ""},
		{"both", func(url.Values) {}, []string{"Authorization", good}, 401, "more than one way"},
		{"wrong header", func(f url.Values) { f.Del("client_secret") }, []string{"Authorization", basic("demo-client", "x")}, 401, "invalid_client"},
		{"wrong secret", func(f url.Values) { f.Set("client_secret", "x") }, nil, 400, "the secret is wrong"},
		{"wrong id", func(f url.Values) { f.Set("client_id", "x") }, nil, 400, "invalid_client"},
		{"nobody", func(f url.Values) { f.Del("client_id"); f.Del("client_secret") }, nil, 400, "invalid_client"},
		{"no scope", func(f url.Values) { f.Del("scope") }, nil, 400, `"error":"invalid_scope"`},
		{"another scope", func(f url.Values) { f.Set("scope", "self-service:submitted") }, nil, 400, `"error":"invalid_scope"`},
		{"no grant", func(f url.Values) { f.Del("grant_type") }, nil, 400, `"error":"invalid_request"`},
		{"another grant", func(f url.Values) { f.Set("grant_type", "password") }, nil, 400, `"error":"unsupported_grant_type"`},
		{"JSON", func(url.Values) {}, []string{"Content-Type", "application/json"}, 400, "not a form"},
	}
	for _, tt := range tests {
		b := newBench(t, Behaviour{})
		f := secretForm()
		tt.change(f)
		a := b.ask(f, tt.header...)
		if a.status != tt.status || !strings.Contains(a.body, tt.body) || a.header.Get("Date") != noon.Format(http.TimeFormat) {
			t.Errorf("%s: %+v", tt.name, a)
		}
		if want := map[bool]int{true: 1}[tt.status == 200]; b.TokensIssued() != want || len(b.Refusals()) != 1-want {
			t.Errorf("%s: %d tokens, %q", tt.name, b.TokensIssued(), b.Refusals())
		}
	}
}

func TestTokenAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{TokenLifetime: 90 * time.Second})
	var o map[string]any
	if err := json.Unmarshal([]byte(b.ask(secretForm()).body), &o); err != nil {
		t.Fatal(err)
	}
	if o["token_type"] != "Bearer" || o["expires_in"] != 90.0 || o["scope"] != Scope || len(o["access_token"].(string)) < 20 {
		t.Error(o)
	}
	b.Change(func(b *Behaviour) { b.NoExpiry = true })
	if a := b.ask(secretForm()); strings.Contains(a.body, "expires_in") || a.status != 200 {
		t.Error(a)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if a := b.do(method, "/connect/token", ""); a.status != 405 || a.header.Get("Allow") != "POST" || a.header.Get("Date") == "" {
			t.Error(a)
		}
	}
	if a := b.ask(url.Values{"x": {strings.Repeat("x", maxBody)}}); a.status != 413 {
		t.Error(a.status)
	}
}

func TestTokenByAssertion(t *testing.T) {
	t.Parallel()
	me, other := certify(t, theKey()), certify(t, otherKey())
	good := func() string { return sign(t, theKey(), me, "RS256", claims()) }
	claim := func(name string, value any) func() string {
		return func() string {
			c := claims()
			if c[name] = value; value == nil {
				delete(c, name)
			}
			return sign(t, theKey(), me, "RS256", c)
		}
	}
	tests := []struct {
		name string
		jwt  func() string
		want string // why it is refused; empty: it is not
	}{
		{"good", good, ""},
		{"audiences", claim("aud", []string{"https://x.example", endpoint}), ""},
		{"no nbf", claim("nbf", nil), ""},
		{"wrong audience", claim("aud", "https://accounts.example/"), "wrong audience"},
		{"no audience", claim("aud", nil), "wrong audience"},
		{"audience of another shape", claim("aud", 5), "wrong audience"},
		{"expired", claim("exp", noon.Unix()), "has expired"},
		{"no exp", claim("exp", nil), "has expired"},
		{"not yet", claim("nbf", noon.Unix()+1), "not valid yet"},
		{"issued in the future", claim("iat", noon.Unix()+1), "not valid yet"},
		{"no jti", claim("jti", nil), "jti is missing"},
		{"another issuer", claim("iss", "x"), "iss and sub"},
		{"another subject", claim("sub", "x"), "iss and sub"},
		{"another's key", func() string { return sign(t, otherKey(), me, "RS256", claims()) }, "signature is wrong"},
		{"another's certificate", func() string { return sign(t, otherKey(), other, "RS256", claims()) }, "not registered"},
		{"unsigned", func() string { return sign(t, theKey(), me, "none", claims()) }, "not signed with RS256"},
		{"claims of another", func() string {
			mine, his := strings.Split(good(), "."), strings.Split(claim("sub", "x")(), ".")
			return mine[0] + "." + his[1] + "." + mine[2]
		}, "signature is wrong"},
		{"no JWT", func() string { return "x.y" }, "not a JWT"},
		{"no JSON", func() string { return "e30.!.x" }, "not a JWT"},
		{"no signature", func() string { p := strings.Split(good(), "."); return p[0] + "." + p[1] + "." }, "signature is wrong"},
	}
	for _, tt := range tests {
		b := newBench(t, Behaviour{Auth: AuthAssertion})
		if tt.name != "another's certificate" {
			b.Register(other.Parsed) // mine is to be found among several
		}
		b.Register(me.Parsed)
		a := b.ask(assertionForm(tt.jwt()))
		if tt.want == "" {
			if a.status != 200 {
				t.Errorf("%s: %+v", tt.name, a)
			}
			continue
		}
		if a.status != 400 || !strings.Contains(a.body, `"error":"invalid_client"`) || !strings.Contains(a.body, tt.want) || b.TokensIssued() != 0 {
			t.Errorf("%s: %+v", tt.name, a)
		}
	}
}

func TestAssertionIsUsedOnce(t *testing.T) {
	t.Parallel()
	me := certify(t, theKey())
	b := newBench(t, Behaviour{Terse: true})
	b.Register(me.Parsed)
	jwt := sign(t, theKey(), me, "RS256", claims())
	if a := b.ask(assertionForm(jwt)); a.status != 200 {
		t.Fatal(a)
	}
	if a := b.ask(assertionForm(jwt)); a.status != 400 || a.body != `{"error":"invalid_client"}` || !strings.Contains(b.Refusals()[0], "used before") {
		t.Errorf("%+v %q", a, b.Refusals())
	}
	b.forward(time.Minute)
	b.ask(assertionForm(jwt))
	if got := b.Refusals(); !strings.Contains(got[1], "expired") {
		t.Errorf("%q", got)
	}
	c := claims()
	c["exp"], c["jti"] = noon.Add(time.Hour).Unix(), "two"
	if a := b.ask(assertionForm(sign(t, theKey(), me, "RS256", c))); a.status != 200 || len(b.used) != 1 {
		t.Errorf("%+v, remembers %d", a, len(b.used))
	}
}

func TestWaysOfSigningIn(t *testing.T) {
	t.Parallel()
	me := certify(t, theKey())
	jwt := sign(t, theKey(), me, "RS256", claims())
	both := assertionForm(jwt)
	both.Set("client_secret", "demo-secret")
	named := assertionForm(jwt)
	named.Set("client_id", "x")
	untyped := assertionForm(jwt)
	untyped.Set("client_assertion_type", "x")
	tests := []struct {
		auth Auth
		form url.Values
		want string
	}{
		{AuthAssertion, secretForm(), "an assertion is required"},
		{AuthSecret, assertionForm(jwt), "assertions are not accepted"},
		{AuthEither, both, "more than one way"},
		{AuthEither, named, "not the sub"},
		{AuthEither, untyped, "client_assertion_type"},
		{AuthEither, assertionForm(jwt), ""},
		{AuthEither, secretForm(), ""},
		{AuthSecret, secretForm(), ""},
	}
	for i, tt := range tests {
		b := newBench(t, Behaviour{Auth: tt.auth})
		b.Register(me.Parsed)
		if a := b.ask(tt.form); (a.status == 200) != (tt.want == "") || !strings.Contains(a.body, tt.want) {
			t.Errorf("%d: %+v", i, a)
		}
	}
}

func TestLeeway(t *testing.T) {
	t.Parallel()
	me := certify(t, theKey())
	for d, want := range map[time.Duration]int{-time.Minute: 200, -61 * time.Second: 400, 119 * time.Second: 200, 2 * time.Minute: 400} {
		b := newBench(t, Behaviour{Leeway: time.Minute})
		b.Register(me.Parsed)
		b.forward(d)
		if a := b.ask(assertionForm(sign(t, theKey(), me, "RS256", claims()))); a.status != want {
			t.Errorf("%v: %+v", d, a)
		}
	}
}

// Without a fixed audience, the address that was called is the audience.
func TestAudienceOfTheCall(t *testing.T) {
	t.Parallel()
	me := certify(t, theKey())
	for host, want := range map[string]int{"127.0.0.1:8790": 200, "127.0.0.1:8791": 400} {
		b := newBench(t, Behaviour{})
		b.Server = New(Options{Now: b.now})
		b.Register(me.Parsed)
		c := claims()
		c["aud"] = "http://127.0.0.1:8790/connect/token"
		a := b.do(http.MethodPost, "http://"+host+"/connect/token", assertionForm(sign(t, theKey(), me, "RS256", c)).Encode(), "Content-Type", formType)
		if a.status != want {
			t.Errorf("%s: %+v", host, a)
		}
	}
}

func TestNewIdentity(t *testing.T) {
	t.Parallel()
	i, err := NewIdentity(noon)
	if err != nil || !strings.HasPrefix(string(i.Key), "-----BEGIN PRIVATE KEY-----\n") || !strings.HasPrefix(string(i.Certificate), "-----BEGIN CERTIFICATE-----\n") {
		t.Fatalf("%.40s %v", i.Key, err)
	}
	if !i.Parsed.NotBefore.Before(noon) || !i.Parsed.NotAfter.After(noon.AddDate(0, 11, 0)) || i.Parsed.CheckSignature(i.Parsed.SignatureAlgorithm, i.Parsed.RawTBSCertificate, i.Parsed.Signature) != nil {
		t.Errorf("%v %v", i.Parsed.NotBefore, i.Parsed.NotAfter)
	}
}
