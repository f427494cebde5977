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
