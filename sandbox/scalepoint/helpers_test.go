package scalepoint

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const endpoint = "https://accounts.example/connect/token"

// The keys of the tests are made once: RSA takes its time.
var (
	theKey   = sync.OnceValue(newKey)
	otherKey = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func certify(t *testing.T, key *rsa.PrivateKey) Identity {
	t.Helper()
	i, err := CertifyIdentity(key, noon.AddDate(0, -1, 0), noon.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// bench is a server with a clock that only tests move.
type bench struct {
	*Server
	t  *testing.T
	mu sync.Mutex
	at time.Time
}

func newBench(t *testing.T, b Behaviour) *bench {
	t.Helper()
	bench := &bench{t: t, at: noon}
	bench.Server = New(Options{Now: bench.now, Audience: endpoint, Behaviour: b})
	return bench
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *bench) forward(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = b.at.Add(d)
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (b *bench) do(method, path, body string, header ...string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Result().Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{w.Code, w.Result().Header, string(raw)}
}

const formType = "application/x-www-form-urlencoded"

func (b *bench) ask(form url.Values, header ...string) answer {
	b.t.Helper()
	return b.do(http.MethodPost, "/connect/token", form.Encode(), append([]string{"Content-Type", formType}, header...)...)
}

// secretForm is a good request with the secret.
func secretForm() url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "scope": {"openid self-service:submit"},
		"client_id": {"demo-client"}, "client_secret": {"demo-secret"},
	}
}

func (b *bench) token() string {
	b.t.Helper()
	a := b.ask(secretForm())
	var o struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(a.body), &o); err != nil || o.Token == "" {
		b.t.Fatalf("no token: %+v", a)
	}
	return o.Token
}

func (b *bench) submitCase(token string, header ...string) answer {
	b.t.Helper()
	return b.do(http.MethodPost, "/self-service/dk/api/abcinsurance/case/"+token+"/submitted", "", header...)
}

// claims are those of a good assertion at noon.
func claims() map[string]any {
	return map[string]any{
		"iss": "demo-client", "sub": "demo-client", "aud": endpoint, "jti": "one",
		"iat": noon.Unix(), "nbf": noon.Unix(), "exp": noon.Add(time.Minute).Unix(),
	}
}

// sign makes an assertion, with a header that names the certificate of as.
func sign(t *testing.T, key *rsa.PrivateKey, as Identity, algorithm string, claims map[string]any) string {
	t.Helper()
	sum := sha1.Sum(as.Parsed.Raw)
	enc := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	signed := enc(map[string]any{"alg": algorithm, "x5t": base64.RawURLEncoding.EncodeToString(sum[:])}) + "." + enc(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func assertionForm(jwt string) url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "scope": {Scope}, "client_assertion": {jwt},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}
}
