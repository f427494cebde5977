package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"claimdeck/state/config"
)

// loadText loads a configuration of one file, with an environment of nothing but its folder.
func loadText(t *testing.T, text string, more map[string]string) (config.Config, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config.Load(func(name string) (string, bool) {
		if name == "CLAIMDECK_HOME" {
			return dir, true
		}
		v, ok := more[name]
		return v, ok
	}, config.Options{})
}

func TestSideSystems(t *testing.T) {
	t.Parallel()
	c, err := loadText(t, `
[profile.work]
lossexpress.client_id = "acme"
claimcenter.url = "https://cc.example/cc/"
claimcenter.auth = "basic"
inscipher.url = "https://sandbox.inscipher.com"
inscipher.chunk = 25
scalepoint.client_id = "sp"
scalepoint.certificate = "point.pem"
scalepoint.country = "dk"
`, map[string]string{"CLAIMDECK_INSCIPHER_CHUNK": "30", "CLAIMDECK_SCALEPOINT_TENANT": "abcinsurance"})
	if err != nil {
		t.Fatal(err)
	}
	p := c.Profile
	if got := p.Systems(); !slices.Equal(got, []string{"lossexpress", "claimcenter", "inscipher", "scalepoint"}) {
		t.Errorf("systems %v", got)
	}
	if p.ClaimCenter.URL != "https://cc.example/cc" || p.ClaimCenter.Auth != "basic" {
		t.Errorf("%+v", p.ClaimCenter)
	}
	if p.InsCipher.Chunk != 30 || p.InsCipher.Path != "/api/transactions" || p.Origin("inscipher.chunk") != "environment CLAIMDECK_INSCIPHER_CHUNK" {
		t.Errorf("%+v", p.InsCipher)
	}
	if p.Scalepoint.Certificate != filepath.Join(c.Paths.Config, "point.pem") || p.Scalepoint.Tenant != "abcinsurance" ||
		p.Scalepoint.URL != "https://www.scalepoint.com/self-service" || p.Scalepoint.PrivateKey != "" {
		t.Errorf("%+v", p.Scalepoint)
	}
}

func TestSideSystemsThatAreNotThere(t *testing.T) {
	t.Parallel()
	c, err := loadText(t, "[profile.work]\nlossexpress.client_id = \"acme\"\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Profile.Systems(); !slices.Equal(got, []string{"lossexpress"}) {
		t.Errorf("systems %v", got)
	}
	for _, s := range c.Profile.Settings() {
		for _, side := range []string{"claimcenter.", "inscipher.", "scalepoint."} {
			if strings.HasPrefix(s.Key, side) {
				t.Errorf("%s is shown although nobody uses the system", s.Key)
			}
		}
	}
}

func TestSideSystemMistakes(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`claimcenter.url = "http://cc.example"`:             "claimcenter.url: address",
		`claimcenter.token_url = "ftp://hub"`:               "claimcenter.token_url",
		`claimcenter.auth = "saml"`:                         "claimcenter.auth must be",
		`inscipher.path = "api/transactions"`:               "inscipher.path: must be a path",
		`inscipher.results_path = "/x?y=1"`:                 "inscipher.results_path: must be a path",
		`inscipher.chunk = 0`:                               "inscipher.chunk: must be between 1 and 1000",
		`inscipher.chunk = 1001`:                            "inscipher.chunk: must be between 1 and 1000",
		`inscipher.chunk = "many"`:                          "inscipher.chunk must be a whole number",
		`inscipher.key = "api:key"`:                         "inscipher.key: must be the name",
		`scalepoint.country = "DK"`:                         "scalepoint.country: must be two lower-case letters",
		`scalepoint.tenant = "abc insurance"`:               "scalepoint.tenant: a tenant has no spaces",
		"scalepoint.client_id = \"x\"\nsecret.file = \"s\"": "must contain {system}",
	}
	for setting, want := range tests {
		_, err := loadText(t, "[profile.work]\nlossexpress.client_id = \"acme\"\n"+setting+"\n", nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", setting, err, want)
		}
	}
	_, err := loadText(t, "[profile.work]\nlossexpress.client_id = \"acme\"\n", map[string]string{"CLAIMDECK_INSCIPHER_CHUNK": "few"})
	if err == nil || !strings.Contains(err.Error(), "inscipher.chunk must be a whole number") {
		t.Error(err)
	}
}

func TestWriteSideSystem(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.toml")
	p := config.Profile{InsCipher: config.InsCipherAccount{URL: "https://sandbox.inscipher.com", Chunk: 10}}
	if err := config.WriteProfile(path, "work", p); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), "inscipher.chunk = 10\n") {
		t.Errorf("%s %v", data, err)
	}
}
