package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTemplates(t *testing.T) {
	t.Parallel()
	env, _ := home(t, `theme = "dark"

[templates]
greeting = "Hello, about {claim}: "
"Ask for the LOG" = """
When can we expect
the letter for {vin}?"""

[profile.work]
lossexpress.client_id = "c"
`)
	c, err := Load(env, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Template{
		{Name: "greeting", Text: "Hello, about {claim}:"}, {Name: "Ask for the LOG", Text: "When can we expect\nthe letter for {vin}?"},
	}
	if d := cmp.Diff(want, c.Templates); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"work"}, c.Profiles); d != "" {
		t.Error(d)
	}
}

func TestTemplatesInline(t *testing.T) {
	t.Parallel()
	env, _ := home(t, `templates = { a = "one", b = "two" }`)
	c, err := Load(env, Options{})
	if d := cmp.Diff([]Template{{"a", "one"}, {"b", "two"}}, c.Templates); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestTemplatesThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"[templates]\na = 3\n":        `config.toml:2: template "a" must be a text in quotes`,
		"[templates]\na = \" \"\n":    `config.toml:2: template "a" must be a text in quotes`,
		"[templates]\na.b = \"x\"\n":  `config.toml:2: template "a.b": write its name in quotes`,
		"[templates.a]\nb = \"x\"\n":  `config.toml:1: unknown table "templates.a"`,
		"templates = \"x\"\n":         `config.toml:1: templates must be a table`,
		"[template]\na = \"x\"\n":     `did you mean "templates"`,
		"[templates]\n\"\" = \"x\"\n": `config.toml:2: a template needs a name`,
	} {
		env, _ := home(t, content)
		if _, err := Load(env, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", content, err, want)
		}
	}
	env, _ := home(t, "[templates]\n[profile.a]\n")
	if c, err := Load(env, Options{}); err != nil || c.Templates != nil {
		t.Errorf("an empty table: %v %v", c.Templates, err)
	}
}

func TestTemplatesAreInTheSchema(t *testing.T) {
	t.Parallel()
	root, _ := readSchema(t)
	if n := root.Properties["templates"]; !strings.Contains(n.Text, "{claim}") || string(n.Additional) == "false" {
		t.Errorf("%+v", n)
	}
}

func TestWritingAProfileKeepsTemplates(t *testing.T) {
	t.Parallel()
	const content = "[templates]\n# mine\na = \"x\"\n"
	env, file := home(t, content)
	p := Profile{LossExpress: Account{ClientID: "c"}}
	if err := WriteProfile(file, "work", p); err != nil {
		t.Fatal(err)
	}
	c, err := Load(env, Options{})
	if err != nil || len(c.Templates) != 1 || c.Profile.LossExpress.ClientID != "c" {
		t.Errorf("%+v %v", c, err)
	}
}

func TestDownloads(t *testing.T) {
	t.Parallel()
	env, file := home(t, "")
	p, err := FindPaths(env)
	if err != nil || !strings.HasSuffix(p.Downloads, "downloads") || !strings.HasPrefix(p.Downloads, strings.TrimSuffix(file, "config.toml")) {
		t.Errorf("%+v %v", p, err)
	}
	dir := t.TempDir()
	p, err = FindPaths(func(name string) (string, bool) { return dir, name == "XDG_DOWNLOAD_DIR" })
	if err != nil || p.Downloads != dir {
		t.Errorf("%q %v, want %q", p.Downloads, err, dir)
	}
}
