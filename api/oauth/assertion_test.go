package oauth_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"claimdeck/api"
	"claimdeck/api/oauth"
	"claimdeck/sandbox/scalepoint"
)

func part(t *testing.T, jwt string, i int, v any) {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[i])
	if err == nil {
		err = json.Unmarshal(raw, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAssertionThatIsSent(t *testing.T) {
	t.Parallel()
	me := identity(t)
	b := serve(t, say(200, `{"access_token":"the-access-token"}`), func(o *oauth.Options) {
		o.Assertion = assertionOf(t, me)
		o.Credentials = func(context.Context) (string, string, error) { return clientID, "", nil }
		o.Style = oauth.Header // means nothing to an assertion
	})
	ids := map[string]bool{}
	for range 2 {
		if _, err := b.Token(); err != nil {
			t.Fatal(err)
		}
	}
	for _, got := range b.seen() {
		if got.Auth != "" || got.Form.Has("client_secret") || got.Form.Has("client_id") || got.Form.Get("grant_type") != "client_credentials" ||
			got.Form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
			t.Fatalf("%+v", got)
		}
		var header, claims map[string]any
		part(t, got.Form.Get("client_assertion"), 0, &header)
		part(t, got.Form.Get("client_assertion"), 1, &claims)
		sum := sha1.Sum(me.Parsed.Raw)
		if fmt.Sprint(header) != fmt.Sprint(map[string]any{"alg": "RS256", "typ": "JWT", "x5t": base64.RawURLEncoding.EncodeToString(sum[:])}) {
			t.Error(header)
		}
		id, _ := claims["jti"].(string)
		if _, err := uuid.Parse(id); err != nil || ids[id] {
			t.Errorf("jti %q: %v", id, err)
		}
		ids[id] = true
		delete(claims, "jti")
		at := float64(noon.Unix())
		want := map[string]any{
			"iss": clientID, "sub": clientID, "aud": b.URL(), "iat": at, "nbf": at, "exp": at + 60,
		}
		if fmt.Sprint(claims) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", claims, want)
		}
	}
}

// The sandbox verifies with its own code, and knows the certificate only.
func TestAssertionAgainstTheSandbox(t *testing.T) {
	t.Parallel()
	me := identity(t)
	stranger := certify(t, otherKey(), noon.AddDate(0, -1, 0), noon.AddDate(1, 0, 0))
	tests := []struct {
		name   string
		as     scalepoint.Identity
		change func(*oauth.Options)
		clock  time.Duration // of this machine, ahead of the service's
		terse  bool
		want   []string // nil: accepted
	}{
		{"good", me, nil, 0, false, nil},
		{
			"wrong audience", me, func(o *oauth.Options) { o.Audience = "https://accounts.example/connect/token" }, 0, false,
			[]string{"the assertion was refused", "wrong audience", "sign-in address"},
		},
		{"expired", me, nil, -5 * time.Minute, false, []string{"has expired", "the clock of this machine is 5m0s behind"}},
		{"not valid yet", me, nil, time.Hour, false, []string{"not valid yet", "the clock of this machine is 1h0m0s ahead"}},
		{"expired, and the service says nothing", me, nil, -5 * time.Minute, true, []string{"(invalid_client)", "5m0s behind the service's: set it right"}},
		{"wrong key", stranger, nil, 0, false, []string{"certificate is not registered", "registered for it"}},
		{"wrong client", me, func(o *oauth.Options) {
			o.Credentials = func(context.Context) (string, string, error) { return "somebody-else", "", nil }
		}, 0, false, []string{"iss and sub", "check the client id"}},
		{"wrong scope", me, func(o *oauth.Options) { o.Scopes = []string{"other"} }, 0, false, []string{`the scope "other" was refused`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			box := scalepoint.New(scalepoint.Options{
				Now: func() time.Time { return noon }, ClientID: clientID, Secret: secret,
				Behaviour: scalepoint.Behaviour{Auth: scalepoint.AuthAssertion, Terse: tt.terse},
			})
			box.Register(me.Parsed)
			b := serve(t, say(200, "{}"))
			server := httptest.NewServer(box)
			defer server.Close()
			tokens, err := oauth.New(options(b, server.URL, assertionOf(t, tt.as), tt.change))
			if err != nil {
				t.Fatal(err)
			}
			b.set(noon.Add(tt.clock))
			_, err = tokens.Token()
			if tt.want == nil {
				if err != nil || box.TokensIssued() != 1 {
					t.Error(err, box.Refusals())
				}
				return
			}
			e := mustFail(t, err)
			if e.Status != 400 || leaks(err, b.logged()) || box.TokensIssued() != 0 || len(box.Refusals()) != 1 {
				t.Errorf("%+v %q", e, box.Refusals())
			}
			for _, want := range tt.want {
				if !strings.Contains(e.Message, want) {
					t.Errorf("%q has no %q", e.Message, want)
				}
			}
		})
	}
}

func options(b *bench, url string, a func(context.Context) (*oauth.Assertion, error), change func(*oauth.Options)) oauth.Options {
	o := oauth.Options{
		System: "Scalepoint", TokenURL: url + "/connect/token", Scopes: []string{scalepoint.Scope}, Assertion: a,
		Credentials: func(context.Context) (string, string, error) { return clientID, "", nil },
		API:         api.Options{Now: b.now, Wait: b.wait},
	}
	if change != nil {
		change(&o)
	}
	return o
}

// An attempt that got no answer may have used its jti up: the next one has another.
func TestEachAttemptSignsAnew(t *testing.T) {
	t.Parallel()
	me := identity(t)
	box := scalepoint.New(scalepoint.Options{Now: func() time.Time { return noon }, ClientID: clientID})
	box.Register(me.Parsed)
	box.Inject(scalepoint.Fault{Kind: scalepoint.FaultReset, After: true}, scalepoint.Fault{Kind: scalepoint.FaultServerError, After: true})
	server := httptest.NewServer(box)
	defer server.Close()
	b := serve(t, say(200, "{}"))
	tokens, err := oauth.New(options(b, server.URL, assertionOf(t, me), nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tokens.Token(); err != nil || box.TokensIssued() != 3 || len(box.Refusals()) != 0 {
		t.Errorf("%v: %d tokens, %q", err, box.TokensIssued(), box.Refusals())
	}
}

// A reused assertion is refused by the service, and an echo of it does not reach the person.
func TestEchoedAssertionIsHidden(t *testing.T) {
	t.Parallel()
	b := serve(t, nil, func(o *oauth.Options) { o.Assertion = assertionOf(t, identity(t)) })
	b.answer(func(w http.ResponseWriter, r *http.Request) {
		calls := b.seen()
		say(400, `{"error":"invalid_client","error_description":"jti known: `+calls[len(calls)-1].Form.Get("client_assertion")+`"}`)(w, r)
	})
	_, err := b.Token()
	if e := mustFail(t, err); leaks(err, b.logged()) || !strings.Contains(e.Message, "jti known: (hidden)") {
		t.Errorf("%+v", e)
	}
}

func TestParseAssertion(t *testing.T) {
	t.Parallel()
	me, other := identity(t), certify(t, otherKey(), noon, noon.AddDate(1, 0, 0))
	pkcs1 := pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(theKey()))
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecDER, _ := x509.MarshalECPrivateKey(ec)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	public, _ := x509.MarshalPKIXPublicKey(theKey().Public())
	locked := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED"}, Bytes: []byte("x")})
	join := func(parts ...[]byte) (all []byte) {
		for _, p := range parts {
			all = append(append(all, "Bag Attributes\n    friendlyName: x\n"...), p...)
		}
		return all
	}
	block, _ := pem.Decode(me.Key)
	wrapped := []byte(me.Registered[:64] + "\r\n" + me.Registered[64:] + "\n")

	tests := []struct {
		name      string
		key, cert []byte
		want      string // of the refusal; empty: good
	}{
		{"PKCS#8", me.Key, me.Certificate, ""},
		{"PKCS#1", pkcs1, me.Certificate, ""},
		{"base64 DER", me.Key, []byte(me.Registered), ""},
		{"base64 DER in lines", me.Key, wrapped, ""},
		{"DER", me.Key, me.Parsed.Raw, ""},
		{"one file", join(me.Certificate, me.Key), nil, ""},
		{"a chain", me.Key, append(append([]byte{}, other.Certificate...), me.Certificate...), ""},
		{"one line", []byte(strings.ReplaceAll(strings.TrimSpace(string(me.Key)), "\n", `\n`)), me.Certificate, ""},

		{"no key", nil, me.Certificate, "no private key is set"},
		{"blank key", []byte(" \n"), me.Certificate, "no private key is set"},
		{"not PEM", []byte("hunter2"), me.Certificate, "-----BEGIN PRIVATE KEY-----"},
		{"other PEM", pemOf("DH PARAMETERS", []byte("x")), me.Certificate, "-----BEGIN PRIVATE KEY-----"},
		{"pfx", block.Bytes, me.Certificate, "openssl pkcs12"},
		{"locked PKCS#8", pemOf("ENCRYPTED PRIVATE KEY", []byte("x")), me.Certificate, "openssl pkey"},
		{"locked PKCS#1", locked, me.Certificate, "locked with a passphrase"},
		{"OpenSSH", pemOf("OPENSSH PRIVATE KEY", []byte("x")), me.Certificate, "ssh-keygen"},
		{"EC", pemOf("EC PRIVATE KEY", ecDER), me.Certificate, "an elliptic curve key: assertions are signed with RSA"},
		{"EC in PKCS#8", pkcs8(t, ec), me.Certificate, "an elliptic curve key"},
		{"Ed25519", pkcs8(t, ed), me.Certificate, "an Ed25519 key"},
		{"public", pemOf("PUBLIC KEY", public), me.Certificate, "this is a public key"},
		{"certificate for a key", me.Certificate, me.Certificate, "this is a certificate: the private key belongs here"},
		{"small", pkcs8(t, newKey(1024)), me.Certificate, "has 1024 bits: make one of 2048"},
		{"damaged key", pemOf("PRIVATE KEY", []byte("x")), me.Certificate, "damaged"},

		{"no certificate", me.Key, nil, "no certificate is set"},
		{"key for a certificate", me.Key, me.Key, "no certificate in the file"},
		{"not base64", me.Key, []byte("registered at noon!"), "not readable"},
		{"base64 of something", me.Key, []byte("aGVsbG8="), "is something else"},
		{"damaged certificate", me.Key, pemOf("CERTIFICATE", []byte("x")), "damaged"},
		{"another's certificate", me.Key, other.Certificate, "does not belong to the certificate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, err := oauth.ParseAssertion(tt.key, tt.cert)
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("want %q, got %v", tt.want, err)
				}
				return
			}
			sum := sha1.Sum(me.Parsed.Raw)
			if err != nil || a.Registration() != me.Registered || a.Thumbprint() != fmt.Sprintf("%X", sum) || !a.NotAfter().Equal(me.Parsed.NotAfter) {
				t.Errorf("%v: %v", a, err)
			}
		})
	}
}

// DER is no text: a certificate whose signature ends in what would be white space is whole.
func TestDERIsNotTrimmed(t *testing.T) {
	t.Parallel()
	for range 5000 { // one in fifty ends so
		me := certify(t, theKey(), noon, noon.AddDate(1, 0, 0))
		if len(bytes.TrimSpace(me.Parsed.Raw)) == len(me.Parsed.Raw) {
			continue
		}
		if _, err := oauth.ParseAssertion(me.Key, me.Parsed.Raw); err != nil {
			t.Errorf("%v in % x", err, me.Parsed.Raw[len(me.Parsed.Raw)-4:])
		}
		return
	}
	t.Error("no certificate ends in white space")
}

// What is wrong with a certificate is said before anything is sent.
func TestCertificateOutOfTime(t *testing.T) {
	t.Parallel()
	me := certify(t, theKey(), noon, noon.AddDate(0, 1, 0))
	b := serve(t, say(200, `{"access_token":"the-access-token"}`), func(o *oauth.Options) { o.Assertion = assertionOf(t, me) })
	for _, step := range []struct {
		at   time.Time
		want string
	}{
		{noon, ""},
		{noon.Add(-time.Minute), "valid from 2026-11-20 12:00:00 only: check the clock of this machine (it says 2026-11-20 11:59:00)"},
		{noon.AddDate(0, 1, 0), ""},
		{noon.AddDate(0, 1, 1), "expired on 2026-12-20: make a new key and certificate"},
	} {
		b.set(step.at)
		before := len(b.seen())
		_, err := b.Token()
		if step.want == "" {
			if err != nil {
				t.Errorf("%v: %v", step.at, err)
			}
			continue
		}
		e := mustFail(t, err)
		if !errors.Is(err, api.ErrUnauthorized) || !e.NotSent() || len(b.seen()) != before || !strings.Contains(e.Message, step.want) {
			t.Errorf("%v: %+v", step.at, e)
		}
	}
}

func TestAssertionDoesNotPrintItsKey(t *testing.T) {
	t.Parallel()
	me := identity(t)
	a, err := oauth.ParseAssertion(me.Key, me.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"%v", "%+v", "%s", "%#v"} {
		if got := fmt.Sprintf(form, a); got != "certificate "+a.Thumbprint() {
			t.Errorf("%s: %.80s", form, got)
		}
	}
}

// FuzzParseAssertion: no file makes it panic, and what it accepts can sign.
func FuzzParseAssertion(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), []byte("MIIB"))
	f.Add([]byte(`-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----`), []byte{0x30, 0x82})
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"))
	f.Add([]byte{0x30}, []byte(" "))
	f.Fuzz(func(t *testing.T, key, cert []byte) {
		a, err := oauth.ParseAssertion(key, cert)
		if (a == nil) == (err == nil) {
			t.Errorf("%v, %v", a, err)
		}
	})
}
