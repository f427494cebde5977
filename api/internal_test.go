package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"The provided token has expired.":                   "The provided token has expired.",
		"Authorization: Bearer abc.def-ghi":                 "Authorization: Bearer (hidden)",
		"bearer  abcdefghij!":                               "Bearer (hidden)!",
		"a bearer token is required":                        "a bearer token is required",
		"/x?access_token=abcdefgh&vin=1":                    "/x?access_token=(hidden)&vin=1",
		`{"clientSecret":"abcdefgh","vin":"1"}`:             `{"clientSecret":"(hidden)","vin":"1"}`,
		"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0. is too old":   "(hidden) is too old",
		"known known-secret here":                           "known (hidden) here",
		"settlement breakdown & valuation report: required": "settlement breakdown & valuation report: required",
	}
	for in, want := range tests {
		if got := redact(in, "known-secret", ""); got != want {
			t.Errorf("redact(%q) = %q, want %q", in, got, want)
		}
	}
}

// A secret is found as it is written in an address, and the longest of several first; a short one would take letters out of
// words.
func TestHide(t *testing.T) {
	t.Parallel()
	secrets := []string{"", "abc", "k/ey+1", "k/ey+1-and-more"}
	for in, want := range map[string]string{
		"abc k/ey+1 x":      "abc (hidden) x",
		"k/ey+1-and-more":   "(hidden)",
		"?a=k%2Fey%2B1&b":   "?a=(hidden)&b",
		"/k%2Fey+1/x":       "/(hidden)/x",
		"k%2Fey+1-and-more": "(hidden)",
		"nothing":           "nothing",
	} {
		if got := hide(in, secrets); got != want {
			t.Errorf("hide(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHideInJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`{ "a" : 1.50 }`: `{ "a" : 1.50 }`, // nothing to hide: as sent
		`["\u0073ecre\/t",{"\u0073ecre/t":"x \u0073ecre\u002ft y"}]`: `["(hidden)",{"(hidden)":"x (hidden) y"}]`,
		`{"n":12345678,"b":[true,null]}`:                             `{"b":[true,null],"n":"(hidden)"}`,
	}
	clean := func(s string) string { return hide(s, []string{"secre/t", "12345678"}) }
	for raw, want := range tests {
		if got := hideInJSON(json.RawMessage(raw), clean); string(got) != want {
			t.Errorf("%s: %s", raw, got)
		}
	}
	if got := hideInJSON(nil, clean); got != nil {
		t.Errorf("%s", got)
	}
}

func FuzzEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"statusCode":400,"error":"Bad Request","message":"vin is required","validation":{"errors":[{"key":["vin"],"path":["vin",0],"message":"m","type":"any","constraint":"required","label":"vin"}]}}`,
		`{"validation":{"keys":["a"],"errors":{}}}`, `"x"`, `[`, `null`, `{"message":null,"validation":null}`, `<html>`, "\xff\x00",
		`{"message":"` + strings.Repeat("x", 100) + `","validation":{"errors":[[],1,"a",null,{"path":[{}]}]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v := parseEnvelope(body)
		if len(v.fields) > maxFields {
			t.Errorf("%d fields", len(v.fields))
		}
		for _, field := range v.fields {
			if field.Path == "" && field.Message == "" {
				t.Errorf("a field that says nothing in %q", body)
			}
		}
		if s := clip(v.message, 20); len(s) > 23 || utf8.ValidString(v.message) && !utf8.ValidString(s) {
			t.Errorf("clipped to %q", s)
		}
	})
}

func FuzzTrailingCommas(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2,],}`, `{"a":",]","b":"\",}",}`, `[,]`, `[1,,]`, `"\\",]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		mended := withoutTrailingCommas(body)
		if json.Valid(body) && !bytes.Equal(mended, body) && !sameJSON(t, mended, body) {
			t.Errorf("%q was changed to %q", body, mended)
		}
	})
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}
