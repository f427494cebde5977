package inscipher_test

import (
	"strings"
	"testing"
	"time"

	"claimdeck/api"
	"claimdeck/api/inscipher"
)

func TestPathsAreOptions(t *testing.T) {
	t.Parallel()
	x := handle(t, say(200, `{"batch_id":"b","status":"queued"}`), func(o *inscipher.Options) {
		o.BaseURL += "/tenant/"
		o.Path, o.ResultsPath = "api/v2/imports%20new/", "/r.json"
	})
	if _, err := x.Submit(t.Context(), rows(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Results(t.Context(), "b&a=1"); err == nil || !strings.Contains(err.Error(), "is about batch b, not b&a=1") {
		t.Error(err)
	}
	calls := x.seen()
	if calls[0].URI != "/tenant/api/v2/imports%20new" || calls[1].URI != "/tenant/r.json?batch_id=b%26a%3D1" {
		t.Errorf("%s, %s", calls[0].URI, calls[1].URI)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		o    inscipher.Options
		want string
	}{
		{"no address", inscipher.Options{}, "InsCipher: the address is not a URL"},
		{"plain http", inscipher.Options{BaseURL: "http://sandbox.inscipher.com"}, "is not encrypted"},
		{"auth", inscipher.Options{BaseURL: inscipher.SandboxURL, Auth: "cookie"}, `auth: "cookie" is unknown`},
		{"header", inscipher.Options{BaseURL: inscipher.SandboxURL, KeyName: "api key"}, `key: "api key" cannot be the name of a header`},
		{"path", inscipher.Options{BaseURL: inscipher.SandboxURL, Path: "/a?b=c"}, `path: "/a?b=c" is not a path`},
		{"url as path", inscipher.Options{BaseURL: inscipher.SandboxURL, Path: "https://elsewhere.test/a"}, "is not a path"},
		{"dots", inscipher.Options{BaseURL: inscipher.SandboxURL, ResultsPath: "/a/../b"}, "results_path: a part of it is empty"},
		{"escaped dots", inscipher.Options{BaseURL: inscipher.SandboxURL, ResultsPath: "/a/%2e%2e/b"}, "results_path: a part of it is empty"},
		{"bad escape", inscipher.Options{BaseURL: inscipher.SandboxURL, TokenPath: "/a%zz"}, "token path: "},
		{"no path", inscipher.Options{BaseURL: inscipher.SandboxURL, Path: "/"}, "path: a part of it is empty"},
	}
	for _, tt := range tests {
		tt.o.API.Now = func() time.Time { return noon }
		if _, err := inscipher.New(tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	c, err := inscipher.New(inscipher.Options{BaseURL: inscipher.ProductionURL + "/", API: api.Options{Now: func() time.Time { return noon }}})
	if err != nil || c.Base() != inscipher.ProductionURL {
		t.Error(err)
	}
	c.Close()
}
