package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// home makes a CLAIMDECK_HOME with a configuration and returns an environment that names it.
func home(t *testing.T, content string, vars ...string) (Lookup, string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "config.toml")
	if content != "" {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	values := map[string]string{"CLAIMDECK_HOME": dir}
	for _, v := range vars {
		name, value, _ := strings.Cut(v, "=")
		values[name] = value
	}
	return func(name string) (string, bool) { v, ok := values[name]; return v, ok }, file
}

const sample = `default_profile = "work"
theme = "dark"     # for all
hold = "10s"

[profile.work]
lossexpress.url = "https://claims.example/api/"
lossexpress.client_id = "client-42"
lossexpress.flavour = "vendor"
hold = 0
lookback = "48h"

[profile.work.secret]
command = "pass show {system}"

[profile.test]
lossexpress = { url = "http://127.0.0.1:8790", client_id = "demo" }
ascii = true
keys = "keys/mine.toml"
theme = "light"
`

func TestLoad(t *testing.T) {
	t.Parallel()
	env, file := home(t, sample, "CLAIMDECK_LOSSEXPRESS_FLAVOUR=carrier", "CLAIMDECK_ASCII=1", "CLAIMDECK_LOOKBACK=")
	c, err := Load(env, Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(file)
	if d := cmp.Diff([]string{"test", "work"}, c.Profiles); d != "" || c.File != file || !c.Exists || !c.Configured() {
		t.Errorf("%s %+v", d, c)
	}
	if c.Profile.Name != "work" || c.Chosen != "config.toml:1" {
		t.Errorf("profile %q chosen by %q", c.Profile.Name, c.Chosen)
	}
	want := []Setting{
		{"lossexpress.url", "https://claims.example/api", "config.toml:6"},
		{"lossexpress.client_id", "client-42", "config.toml:7"},
		{"lossexpress.flavour", "carrier", "environment CLAIMDECK_LOSSEXPRESS_FLAVOUR"},
		{"secret.command", "pass show {system}", "config.toml:13"},
		{"secret.file", filepath.Join(dir, "data", "secrets", "work", "{system}.age"), "default"},
		{"environment", "production", "default"},
		{"hold", "0s", "config.toml:9"},
		{"lookback", "48h", "config.toml:10"},
		{"theme", "dark", "config.toml:2"},
		{"ascii", "true", "environment CLAIMDECK_ASCII"},
		{"keys", filepath.Join(dir, "keys.toml"), "default"},
	}
	if d := cmp.Diff(want, c.Profile.Settings()); d != "" {
		t.Error(d)
	}
	command, vault := c.Profile.Secret.For(LossExpress)
	if command != "pass show lossexpress" || vault != filepath.Join(dir, "data", "secrets", "work", "lossexpress.age") {
		t.Errorf("secret from %q or %q", command, vault)
	}
}

func TestLoadAnotherProfile(t *testing.T) {
	t.Parallel()
	env, file := home(t, sample)
	c, err := Load(env, Options{Profile: "test"})
	if err != nil {
		t.Fatal(err)
	}
	p := c.Profile
	if p.Name != "test" || p.Environment != Sandbox || p.Origin("environment") != "default for a loopback address" ||
		!p.ASCII || p.Theme != LightTheme || p.Hold != 10*time.Second || p.LossExpress.Flavour != Carrier ||
		p.Keys != filepath.Join(filepath.Dir(file), "keys", "mine.toml") || c.Chosen != "flag --profile" {
		t.Errorf("%+v chosen by %q", p, c.Chosen)
	}
}

func TestLoadOfNothing(t *testing.T) {
	t.Parallel()
	env, _ := home(t, "")
	c, err := Load(env, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := c.Profile
	if c.Exists || c.Configured() || p.Name != "default" || p.LossExpress.URL != DefaultURL || p.Hold != 5*time.Second ||
		p.Lookback != 24*time.Hour || p.Theme != AutoTheme || p.ASCII || p.Environment != Production {
		t.Errorf("%+v", c)
	}
}

func TestLoadFromTheEnvironmentAlone(t *testing.T) {
	t.Parallel()
	env, _ := home(t, "", "CLAIMDECK_PROFILE=night", "CLAIMDECK_LOSSEXPRESS_URL=http://localhost:9/",
		"CLAIMDECK_LOSSEXPRESS_CLIENT_ID=me", "CLAIMDECK_HOLD=0", "CLAIMDECK_THEME=light",
		"CLAIMDECK_ENVIRONMENT=production", "CLAIMDECK_CLAIMCENTER_URL=https://cc.example",
		"CLAIMDECK_SECRET_FILE=/s/{system}.age")
	c, err := Load(env, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := c.Profile
	if !c.Configured() || p.Name != "night" || p.LossExpress != (Account{"http://localhost:9", "me", Carrier}) ||
		p.Hold != 0 || p.Theme != LightTheme || p.Environment != Production || p.ClaimCenter.URL != "https://cc.example" ||
		p.Secret.File != filepath.Clean("/s/{system}.age") {
		t.Errorf("%+v", p)
	}
	if got := p.Origin("hold"); got != "environment CLAIMDECK_HOLD" {
		t.Errorf("origin of hold: %q", got)
	}
}

func TestChoiceOfProfile(t *testing.T) {
	t.Parallel()
	one := "[profile.work]\n"
	two := "[profile.home]\n[profile.work]\n"
	for _, c := range []struct {
		name, file, flag string
		vars             []string
		create           bool
		want, problem    string
	}{
		{"the only one", one, "", nil, false, "work", ""},
		{"flag before environment", two, "home", []string{"CLAIMDECK_PROFILE=work"}, false, "home", ""},
		{"environment before file", "default_profile = \"home\"\n" + two, "", []string{"CLAIMDECK_PROFILE=work"}, false, "work", ""},
		{"called default", two + "[profile.default]\n", "", nil, false, "default", ""},
		{"several", two, "", nil, false, "", "home, work; write default_profile = \"home\""},
		{"mistyped", two, "wrok", nil, false, "", `"wrok" (flag --profile) (did you mean "work"?)`},
		{"file names a missing one", "default_profile = \"x\"\n" + two, "", nil, false, "", `"x" (config.toml:1)`},
		{"none yet", "", "work", nil, false, "", "run claimdeck login --profile work"},
		{"about to be made", two, "new", nil, true, "new", ""},
		{"all in the environment", two, "new", []string{"CLAIMDECK_LOSSEXPRESS_CLIENT_ID=x"}, false, "new", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			env, _ := home(t, c.file, c.vars...)
			got, err := Load(env, Options{Profile: c.flag, Create: c.create})
			if c.problem != "" {
				if !errors.Is(err, ErrNoProfile) || !strings.Contains(err.Error(), c.problem) {
					t.Errorf("Load = %v, want %q", err, c.problem)
				}
				return
			}
			if err != nil || got.Profile.Name != c.want {
				t.Errorf("Load = %q, %v, want %q", got.Profile.Name, err, c.want)
			}
		})
	}
	env, _ := home(t, two)
	if _, err := Load(env, Options{Profile: "../x", Create: true}); err == nil || !strings.Contains(err.Error(), "flag --profile: profile name") {
		t.Errorf("a name that is a path: %v", err)
	}
}

func TestMistakesStandWhereTheyAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"not TOML", "a = 1\nb = = 2\n", "FILE:2: "},
		{"unknown at the top", "thme = \"dark\"\n", `FILE:1: unknown setting "thme" (did you mean "theme"?)`},
		{"of a profile at the top", "lossexpress.url = \"https://x\"\n", "FILE:1: lossexpress.url belongs in a profile"},
		{"unknown in a profile", "[profile.a]\n\nlossexpress.client = \"x\"\n", `FILE:3: unknown setting "lossexpress.client"`},
		{"mistyped in a profile", "[profile.a]\nlossexpress.clientid = \"x\"\n", `(did you mean "lossexpress.client_id"?)`},
		{"a secret", "[profile.a]\nlossexpress.secret = \"x\"\n", "FILE:2: unknown setting \"lossexpress.secret\" (secrets are never kept in this file"},
		{"unknown table", "\n[profil.a]\n", `FILE:2: unknown table "profil.a" (did you mean "profile"?)`},
		{"unknown table below", "[profile.a.losexpress]\n", `FILE:1: unknown table "profile.a.losexpress" (did you mean "lossexpress"?)`},
		{"list of tables", "[[profile.a]]\n", `FILE:1: unknown list of tables`},
		{"profile is no table", "profile = 1\n", "FILE:1: profile must be a table"},
		{"a profile is no table", "[profile]\na = 1\n", `FILE:2: profile "a" must be a table`},
		{"an inline mistake", "[profile.a]\nlossexpress = { url = \"https://x\", id = \"1\" }\n", `FILE:2: unknown setting "lossexpress.id"`},
		{"a table as a value", "[profile.a]\nlossexpress = 1\n", `FILE:2: unknown setting "lossexpress"`},
		{"name", "[profile.\"Work\"]\n", `FILE:1: profile name "Work"`},
		{"name of Windows", "[profile.nul]\n", `FILE:1: profile name "nul" is reserved`},
		{"default_profile", "default_profile = 1\n", "FILE:1: default_profile must be"},
		{"wrong kind", "[profile.a]\nascii = \"yes\"\n", "FILE:2: ascii must be true or false, not a text"},
		{"wrong kind of text", "[profile.a]\nlossexpress.url = 1\n", "FILE:2: lossexpress.url must be a text in quotes, not a number"},
		{"wrong choice", "theme = \"drak\"\n", `FILE:1: theme must be "auto", "dark" or "light", not "drak"`},
		{"flavour", "[profile.a]\nlossexpress.flavour = \"x\"\n", `FILE:2: lossexpress.flavour must be "carrier" or "vendor"`},
		{"duration", "hold = \"5\"\n", `FILE:1: hold must be a duration such as "5s"`},
		{"duration without quotes", "hold = 5\n", `FILE:1: hold must be a duration in quotes`},
		{"negative", "hold = \"-1s\"\n", "FILE:1: hold: must be between"},
		{"too long", "hold = \"6m\"\n", "FILE:1: hold: must be between"},
		{"no lookback", "lookback = 0\n", "FILE:1: lookback: must be between"},
		{
			"plain http", "[profile.a]\nlossexpress.url = \"http://claims.example\"\n",
			"FILE:2: lossexpress.url: address \"http://claims.example\": plain http is for this machine only; write https://claims.example",
		},
		{"plain http elsewhere", "[profile.a]\nscalepoint.url = \"http://10.0.0.1\"\n", "FILE:2: scalepoint.url: "},
		{"spaces in an id", "[profile.a]\nlossexpress.client_id = \"a b\"\n", "FILE:2: lossexpress.client_id: "},
		{
			"one secret for two", "[profile.a]\nlossexpress.client_id = \"a\"\nclaimcenter.url = \"https://x\"\nsecret.command = \"pass x\"\n",
			"FILE:4: secret.command: must contain {system}: this profile has lossexpress and claimcenter",
		},
		{"in another profile", "default_profile = \"b\"\n[profile.b]\n[profile.a]\nhold = \"x\"\n", "FILE:4: hold must be"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			env, file := home(t, c.in)
			_, err := Load(env, Options{})
			if err == nil {
				t.Fatalf("Load passed, want %q", c.want)
			}
			e, ok := errors.AsType[*Error](err)
			if !ok || !strings.HasPrefix(e.Where, file) {
				t.Errorf("%v is not an *Error of the file", err)
			}
			if got := strings.ReplaceAll(err.Error(), file, "FILE"); !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestEveryMistakeIsReported(t *testing.T) {
	t.Parallel()
	env, file := home(t, "hold = \"6m\"\n[profile.a]\nlossexpress.url = \"ftp://x\"\ntheme = 1\n[profile.b]\n", "CLAIMDECK_ASCII=maybe")
	_, err := Load(env, Options{Profile: "a"})
	want := []string{
		"FILE:1: hold: must be between \"0s\" and \"5m\"",
		"FILE:4: theme must be a text in quotes, not a number",
		"environment CLAIMDECK_ASCII: ascii must be true or false, not \"maybe\"",
		"FILE:3: lossexpress.url: address \"ftp://x\" must start with https://",
	}
	got := strings.Split(strings.ReplaceAll(fmt.Sprint(err), file, "FILE"), "\n")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	env, file := home(t, "")
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(env, Options{}); err == nil {
		t.Error("a folder was read as a file")
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://xapi.lossexpress.com":  "https://xapi.lossexpress.com",
		"https://x.example/a/b//":       "https://x.example/a/b",
		"http://localhost:8790/":        "http://localhost:8790",
		"http://LOCALHOST":              "http://LOCALHOST",
		"http://127.9.9.9":              "http://127.9.9.9",
		"http://[::1]:80":               "http://[::1]:80",
		"http://x.example":              "",
		"http://localhost.evil.example": "",
		"http://127.0.0.1.evil.example": "",
		"http://0.0.0.0":                "",
		"http://localhost@evil.example": "",
		"https://user:pw@x.example":     "",
		"https://x.example?a=b":         "",
		"https://x.example/#a":          "",
		"https://":                      "",
		"x.example":                     "",
		"mailto:x@example":              "",
		"ftp://x.example":               "",
		"https://x.example:port":        "",
		"":                              "",
		"\x00":                          "",
	} {
		got, err := CheckURL(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("CheckURL(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	if err := fmt.Sprint(CheckURL("https://user:hunter2@x.example")); strings.Contains(err, "hunter2") {
		t.Errorf("the password is in the message: %s", err)
	}
	if !IsLoopback("http://127.0.0.1:1") || IsLoopback("https://x.example") || IsLoopback("\x00") {
		t.Error("IsLoopback is wrong")
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	vars := map[string]string{"XDG_CONFIG_HOME": filepath.Join(dir, "c"), "XDG_DATA_HOME": filepath.Join(dir, "d"), "XDG_STATE_HOME": "relative"}
	p, err := FindPaths(func(n string) (string, bool) { v, ok := vars[n]; return v, ok })
	if err != nil {
		t.Fatal(err)
	}
	if p.Config != filepath.Join(dir, "c", "claimdeck") || p.Data != filepath.Join(dir, "d", "claimdeck") {
		t.Errorf("%+v", p)
	}
	if !filepath.IsAbs(p.State) || filepath.Base(p.State) != "claimdeck" {
		t.Errorf("a relative XDG folder was taken: %q", p.State)
	}
	if got := p.KeysFile(); got != filepath.Join(dir, "c", "claimdeck", "keys.toml") {
		t.Errorf("keys: %q", got)
	}
	if got := p.ProfileDir("work"); got != filepath.Join(dir, "d", "claimdeck", "profiles", "work") {
		t.Errorf("profile: %q", got)
	}
	if got := p.expand("~/k.toml"); !filepath.IsAbs(got) || strings.Contains(got, "~") {
		t.Errorf("home: %q", got)
	}
	p, err = FindPaths(func(n string) (string, bool) { return "rel", n == "CLAIMDECK_HOME" })
	if err != nil || !filepath.IsAbs(p.Config) || filepath.Base(p.Config) != "rel" {
		t.Errorf("relative CLAIMDECK_HOME: %+v, %v", p, err)
	}
}
