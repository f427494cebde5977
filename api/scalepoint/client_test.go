package scalepoint_test

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"claimdeck/api"
	"claimdeck/api/oauth"
	"claimdeck/api/scalepoint"
	sandbox "claimdeck/sandbox/scalepoint"
)

func oauthCertificate(a *oauth.Assertion) (*x509.Certificate, error) {
	der, err := base64.StdEncoding.DecodeString(a.Registration())
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func TestPreview(t *testing.T) {
	t.Parallel()
	method, path, body, err := api.Preview(scalepoint.SubmitRequest(of("d1a72df4-f7d5-402c-a495-cc31b8b39a59")))
	if err != nil || method != "POST" || body != "" || path != "/dk/api/abcinsurance/case/d1a72df4-f7d5-402c-a495-cc31b8b39a59/submitted" {
		t.Error(method, path, body, err)
	}
}

func TestCaseIsChecked(t *testing.T) {
	t.Parallel()
	const good = "b.d1a72df4-F7D5_1"
	tests := []struct {
		which scalepoint.Case
		want  string // empty: good
	}{
		{scalepoint.Case{Country: "dk", Tenant: "abcinsurance", Token: good}, ""},
		{scalepoint.Case{Country: "no", Tenant: "ABC Insurance AS"[:3], Token: "x"}, ""},
		{scalepoint.Case{Tenant: "abc", Token: good}, "the country is missing"},
		{scalepoint.Case{Country: "DK", Tenant: "abc", Token: good}, "two lower-case letters"},
		{scalepoint.Case{Country: "dnk", Tenant: "abc", Token: good}, "two lower-case letters"},
		{scalepoint.Case{Country: "dk", Token: good}, "the tenant is missing"},
		{scalepoint.Case{Country: "dk", Tenant: "a/b", Token: good}, "as it stands in the address"},
		{scalepoint.Case{Country: "dk", Tenant: "..", Token: good}, "is not an id"},
		{scalepoint.Case{Country: "dk", Tenant: "abc"}, "the case token is missing"},
		{scalepoint.Case{Country: "dk", Tenant: "abc", Token: "https://x/case/y"}, "copy it alone"},
		{scalepoint.Case{Country: "dk", Tenant: "abc", Token: "a b"}, "letters, digits"},
		{scalepoint.Case{Country: "dk", Tenant: "abc", Token: "a\n"}, "letters, digits"},
		{scalepoint.Case{Country: "dk", Tenant: "abc", Token: ".."}, "is not an id"},
	}
	b := newBench(t, sandbox.Behaviour{})
	for _, tt := range tests {
		_, _, _, err := api.Preview(scalepoint.SubmitRequest(tt.which))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt.which, err)
		}
		if tt.want == "" {
			continue
		}
		a, err := b.Submit(t.Context(), tt.which)
		if e := mustFail(t, err); a.Outcome != scalepoint.NotSent || !e.NotSent() || !errors.Is(err, api.ErrInvalid) {
			t.Errorf("%+v: %+v %+v", tt.which, a, e)
		}
	}
	if b.box.TokensIssued() != 0 {
		t.Error("what is refused here costs no token")
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"": scalepoint.ProductionTokenURL, scalepoint.ProductionURL: scalepoint.ProductionTokenURL,
		"https://WWW.scalepoint.com/self-service":          scalepoint.ProductionTokenURL,
		"https://project7.scalepoint.dev/self-service":     scalepoint.SandboxTokenURL,
		"https://www.scalepoint.com.example/self-service/": scalepoint.SandboxTokenURL,
		"http://127.0.0.1:8790/self-service":               scalepoint.SandboxTokenURL,
	} {
		if got := scalepoint.TokenURL(base); got != want {
			t.Errorf("%q: %s", base, got)
		}
	}
	credentials := func(context.Context) (string, string, error) { return "", "", nil }
	for _, o := range []scalepoint.Options{
		{Credentials: credentials},
		{Credentials: credentials, BaseURL: "http://scalepoint.example/self-service", API: api.Options{Now: time.Now}},
		{Credentials: credentials, TokenURL: "http://scalepoint.example/token", API: api.Options{Now: time.Now}},
		{API: api.Options{Now: time.Now}},
	} {
		if _, err := scalepoint.New(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	c, err := scalepoint.New(scalepoint.Options{Credentials: credentials, API: api.Options{Now: time.Now}})
	if err != nil || c.Base() != scalepoint.ProductionURL || c.Tokens().URL() != scalepoint.ProductionTokenURL {
		t.Error(err)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, code := range scalepoint.Codes() {
		w := scalepoint.Words(code)
		if w == "" || seen[w] || strings.Contains(w, "documented") || strings.Contains(w, code) {
			t.Errorf("%s: %s", code, w)
		}
		seen[w] = true
	}
	if len(seen) != 9 || slices.Contains(scalepoint.Codes(), "") {
		t.Errorf("%d codes", len(seen))
	}
	if got := scalepoint.Words("NEW\x1b[31m_CODE"); got != `answered "NEW_CODE", which is not a documented code` {
		t.Error(got)
	}
	names := map[string]bool{}
	for o := scalepoint.NotSent; o <= scalepoint.Unknown; o++ {
		names[o.String()] = true
	}
	if len(names) != 6 {
		t.Error(names)
	}
}

// FuzzAnswer: whatever the service answers, a case counts as submitted only when a code says so, nothing that is printed
// is dangerous, and what nobody knows comes with its remedy.
func FuzzAnswer(f *testing.F) {
	for _, code := range scalepoint.Codes() {
		for _, success := range []bool{true, false} {
			for _, status := range []uint16{200, 202, 400, 404, 500} {
				f.Add(status, fmt.Sprintf(`{"success":%t,"code":%q}`, success, code))
			}
		}
	}
	for _, body := range []string{
		``, `null`, `[]`, `{}`, `{"success":null,"code":null}`, `{"success":1,"code":2}`, `{"success":"TRUE","code":" SUCCESS "}`,
		`{"success":true,"code":"SUCCESS",}`, `{"success":true,"code":"SUCC`, `"SUCCESS"`, `<html>SUCCESS</html>`,
		`{"code":{"success":true}}`, `{"success":true,"code":"\u001b[31mSUCCESS"}`, `{"code":"` + strings.Repeat("x", 5000) + `"}`,
		`{"success":true,"success":false,"code":"SUCCESS"}`, `{"error":"SUCCESS","success":true}`,
	} {
		f.Add(uint16(200), body)
		f.Add(uint16(400), body)
		f.Add(uint16(503), body)
	}
	f.Fuzz(func(t *testing.T, status uint16, body string) {
		if status < 200 || status > 599 {
			t.Skip("no final answer")
		}
		a, err := saying(t, int(status), body).Submit(t.Context(), of("ok-1"))
		if (err == nil) != a.Outcome.Done() {
			t.Fatalf("%+v, %v", a, err)
		}
		if a.Outcome == scalepoint.Submitted && (a.Code != "SUCCESS" || status >= 400) || a.Outcome == scalepoint.NotSent {
			t.Errorf("%+v", a)
		}
		if strings.ContainsFunc(a.Code+fmt.Sprint(err), func(r rune) bool { return r < ' ' || r == 0x7f }) || len(a.Code) > 110 {
			t.Errorf("%q %v", a.Code, err)
		}
		if e, ok := api.AsError(err); ok && a.Outcome == scalepoint.Unknown && !strings.Contains(e.Message, again) {
			t.Errorf("no remedy: %v", e)
		}
	})
}
