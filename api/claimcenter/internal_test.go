package claimcenter

import (
	"net/url"
	"strings"
	"testing"
)

const base = "https://cc.example.com/cc"

func listPath() []string {
	return append(strings.Split(apiRoot, "/"), "claims", "demo_sample:1", "reserves")
}

func TestNextQuery(t *testing.T) {
	t.Parallel()
	asked := url.Values{"pageSize": {"100"}, "fields": {"id"}}
	for href, want := range map[string]string{
		"/claim/v1/claims/demo_sample:1/reserves?pageOffset=100":                               "fields=id&pageOffset=100&pageSize=100",
		"/cc/rest/claim/v1/claims/demo_sample:1/reserves?pageOffset=100&pageSize=50":           "fields=id&pageOffset=100&pageSize=50",
		"/other/prefix/claim/v1/claims/demo_sample%3A1/reserves?offsetToken=a%2Bb":             "fields=id&offsetToken=a%2Bb&pageSize=100",
		"https://cc.example.com/cc/rest/claim/v1/claims/demo_sample:1/reserves?pageOffset=1":   "fields=id&pageOffset=1&pageSize=100",
		"HTTPS://CC.EXAMPLE.COM:443/rest/claim/v1/claims/demo_sample:1/reserves?pageOffset=1#": "fields=id&pageOffset=1&pageSize=100",
		"?pageOffset=7":         "fields=id&pageOffset=7&pageSize=100",
		"reserves?pageOffset=8": "fields=id&pageOffset=8&pageSize=100",
		// These are refused.
		"http://cc.example.com/claim/v1/claims/demo_sample:1/reserves?x=1":       "",
		"https://cc.example.com:8443/claim/v1/claims/demo_sample:1/reserves?x=1": "",
		"https://evil.example/claim/v1/claims/demo_sample:1/reserves?x=1":        "",
		"//evil.example/claim/v1/claims/demo_sample:1/reserves?x=1":              "",
		`/\evil.example/claim/v1/claims?x=1`:                                     "",
		"https://cc.example.com.evil/claim/v1/claims/demo_sample:1/reserves":     "",
		"/claim/v1/claims/demo_sample:2/reserves?x=1":                            "",
		"/claim/v1/claims/demo_sample:1/reserves/../../../../logout":             "",
		"/claim/v1/claims/demo_sample:1/reserves?x=%zz":                          "",
		"javascript:alert(1)":                "",
		"http://[broken":                     "",
		"?x=" + strings.Repeat("y", maxHref): "",
	} {
		got, err := nextQuery(base, listPath(), asked, href)
		if (err != nil) != (want == "") || err == nil && got.Encode() != want {
			t.Errorf("%s: %q, %v", href, got.Encode(), err)
		}
	}
	if asked.Encode() != "fields=id&pageSize=100" {
		t.Error("the query that was asked is changed")
	}
}

// Whatever an address says, it names our own list on our own host, or it is refused.
func FuzzNextQuery(f *testing.F) {
	for _, s := range []string{
		"/claim/v1/claims/demo_sample:1/reserves?pageOffset=100", "//evil/claim/v1/claims/demo_sample:1/reserves", "?a=b", "", "..",
		"https://cc.example.com@evil.example/claim/v1/claims/demo_sample:1/reserves", "https:claims", `\\evil\claim`, "%2e%2e/x", "http://[::1]:80/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, href string) {
		query, err := nextQuery(base, listPath(), url.Values{"pageSize": {"100"}}, href)
		if err != nil {
			return
		}
		if query.Get("pageSize") == "" && !query.Has("pageSize") {
			t.Error("the page size is lost")
		}
		u, err := url.Parse(href)
		if err != nil || u.Host != "" && !strings.EqualFold(u.Hostname(), "cc.example.com") {
			t.Errorf("%q was followed: %v", href, err)
		}
	})
}
