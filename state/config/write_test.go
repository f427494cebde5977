package config

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimdeck/state/config/lines"
)

func newProfile() Profile {
	return Profile{LossExpress: Account{URL: "https://new.example", ClientID: "new", Flavour: Vendor}}
}

func TestWriteProfile(t *testing.T) {
	t.Parallel()
	const three = "lossexpress.url = \"https://new.example\"\nlossexpress.client_id = \"new\"\nlossexpress.flavour = \"vendor\"\n"
	for _, c := range []struct{ name, before, after string }{
		{"no file", "", newFile + "[profile.work]\n" + three},
		{"appended", "theme = \"dark\" # mine\n", "theme = \"dark\" # mine\n\n[profile.work]\n" + three},
		{"appended without a line break", "theme = \"dark\"", "theme = \"dark\"\n\n[profile.work]\n" + three},
		{"beside another", "[profile.home]\nhold = \"1s\"\n\n", "[profile.home]\nhold = \"1s\"\n\n[profile.work]\n" + three},
		{
			"updated in place",
			"# top\n[profile.work] # mine\n  lossexpress.client_id = 'old'   # keep\n\n# tail\n[profile.home]\nlossexpress.client_id = \"h\"\n",
			"# top\n[profile.work] # mine\n  lossexpress.client_id = \"new\"   # keep\n  lossexpress.url = \"https://new.example\"\n" +
				"  lossexpress.flavour = \"vendor\"\n\n# tail\n[profile.home]\nlossexpress.client_id = \"h\"\n",
		},
		{
			"table of the system",
			"[profile.work]\nhold = \"1s\"\n[profile.work.lossexpress]\nurl = \"https://old\"\n[profile.work.secret]\ncommand = \"x\"\n",
			"[profile.work]\nhold = \"1s\"\n[profile.work.lossexpress]\nurl = \"https://new.example\"\nclient_id = \"new\"\nflavour = \"vendor\"\n" +
				"[profile.work.secret]\ncommand = \"x\"\n",
		},
		{
			"only the table of the system", "[profile.work.lossexpress]\n",
			"[profile.work.lossexpress]\nurl = \"https://new.example\"\nclient_id = \"new\"\nflavour = \"vendor\"\n",
		},
		{
			"inline table", "[profile.work]\nlossexpress = { url = \"https://old\" } # x\n",
			"[profile.work]\nlossexpress = { url = \"https://new.example\", client_id = \"new\", flavour = \"vendor\" } # x\n",
		},
		{
			"inline profile", "[profile]\nwork = { lossexpress = { client_id = \"a\" }, hold = \"1s\" }\n",
			"[profile]\nwork = { lossexpress = { client_id = \"new\" , url = \"https://new.example\"}, hold = \"1s\" }\n",
		},
		{
			"dots only", "profile.work.lossexpress.client_id = \"a\"\n",
			"profile.work.lossexpress.client_id = \"new\"\nprofile.work.lossexpress.url = \"https://new.example\"\nprofile.work.lossexpress.flavour = \"vendor\"\n",
		},
		{
			"line breaks of Windows", "[profile.work]\r\nhold = \"1s\"\r\n",
			"[profile.work]\r\nhold = \"1s\"\r\n" + strings.ReplaceAll(three, "\n", "\r\n"),
		},
		{"no change", "[profile.work]\n" + three, "[profile.work]\n" + three},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "sub", "config.toml")
			if c.before != "" {
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(c.before), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := WriteProfile(path, "work", newProfile()); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if c.name == "inline profile" { // where inside of the braces does not matter, what is said does
				checkSays(t, got, map[string]string{
					"profile.work.lossexpress.client_id": "new", "profile.work.lossexpress.url": "https://new.example",
					"profile.work.lossexpress.flavour": "vendor", "profile.work.hold": "1s",
				})
				return
			}
			if string(got) != c.after {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.after)
			}
		})
	}
}

func checkSays(t *testing.T, data []byte, want map[string]string) {
	t.Helper()
	tables, err := lines.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for k, v := range valuesOf(tables) {
		got[strings.ReplaceAll(k, "\x00", ".")] = v
	}
	if !maps.Equal(got, want) {
		t.Errorf("the file says %v, want %v:\n%s", got, want, data)
	}
}

func TestWriteWhatWasChanged(t *testing.T) {
	t.Parallel()
	env, file := home(t, sample, "CLAIMDECK_LOSSEXPRESS_URL=https://from.env")
	c, err := Load(env, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteProfile(file, "work", c.Profile); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != sample {
		t.Errorf("nothing was changed, but the file was: %v\n%s", err, got)
	}
	c.Profile.LossExpress.ClientID = `quo"ted\`
	c.Profile.ASCII = true
	if err := WriteProfile(file, "work", c.Profile); err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(sample, `"client-42"`, `"quo\"ted\\"`, 1)
	want = strings.Replace(want, "lookback = \"48h\"\n", "lookback = \"48h\"\nascii = true\n", 1)
	if got, err := os.ReadFile(file); err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
	again, err := Load(env, Options{})
	if err != nil || again.Profile.LossExpress.ClientID != `quo"ted\` || !again.Profile.ASCII {
		t.Errorf("%+v, %v", again.Profile, err)
	}
}

func TestWriteProfileRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before, profile string
		p                     Profile
		want                  error
	}{
		{"a name", "", "../x", newProfile(), nil},
		{"an address", "", "work", Profile{LossExpress: Account{URL: "http://x.example"}}, nil},
		{"a broken file", "a = = 1\n", "work", newProfile(), nil},
		{"a file with mistakes", "thme = 1\n", "work", newProfile(), nil},
		{"an empty inline table", "[profile.work]\nlossexpress = {}\n", "work", newProfile(), ErrByHand},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "config.toml")
			if err := os.WriteFile(path, []byte(c.before), 0o600); err != nil {
				t.Fatal(err)
			}
			err := WriteProfile(path, c.profile, c.p)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("WriteProfile = %v", err)
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != c.before {
				t.Errorf("the file was touched: %v\n%s", err, got)
			}
		})
	}
}

// drawFile draws a configuration as people might have written it.
func drawFile(r *rapid.T) string {
	head := []string{
		"# a comment\n", "\n", "theme = \"dark\" # x\n", "default_profile = 'home'\n", "hold = \"1s\"\n",
	}
	tables := []string{
		"[profile.home]\n\tlossexpress.client_id = \"h\"\n", "[profile.work]\n# mine\nhold = \"2s\"\n\n",
		"[ profile . work . lossexpress ]\nurl = '''https://a'''\n", "[profile.work.secret]\r\ncommand = \"x\"\r\n# end\r\n",
		"[profile.home.lossexpress]\n", "[profile.third]\nlossexpress = {url = \"https://b\"}\n",
	}
	return strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(head), 0, 5, rapid.ID).Draw(r, "head"), "") +
		strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(tables), 0, 6, rapid.ID).Draw(r, "tables"), "") +
		rapid.SampledFrom([]string{"", "# last", "\n"}).Draw(r, "end")
}

func drawProfile(r *rapid.T) Profile {
	return Profile{
		LossExpress: Account{
			URL:      rapid.SampledFrom([]string{"", "https://u.example", "http://localhost:1"}).Draw(r, "url"),
			ClientID: rapid.StringMatching(`[!-~é]{0,6}`).Draw(r, "id"),
		},
		Theme: rapid.SampledFrom([]Theme{"", LightTheme}).Draw(r, "theme"),
		ASCII: rapid.Bool().Draw(r, "ascii"),
	}
}

// Whatever the file looks like: it says the same as before plus the profile, and all its other lines are still there.
func TestWriteProfileKeepsTheRest(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.toml")
	rapid.Check(t, func(r *rapid.T) {
		before, p := drawFile(r), drawProfile(r)
		old, err := parse([]byte(before), "f")
		if err != nil {
			r.Skip("not a configuration")
		}
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			r.Fatal(err)
		}
		if err := WriteProfile(path, "work", p); err != nil {
			r.Fatalf("%v\n%s", err, before)
		}
		after, err := os.ReadFile(path)
		if err != nil {
			r.Fatal(err)
		}
		now, err := parse(after, "f")
		if err != nil {
			r.Fatalf("%v\n%s", err, after)
		}
		want := says(old)
		for _, f := range fieldsOf(&p) {
			if !f.value(&p).IsZero() {
				want["work "+f.key] = str(f.value(&p).Interface())
			}
		}
		if d := cmp.Diff(want, says(now)); d != "" {
			r.Fatalf("%s\n%s", d, after)
		}
		rest := strings.Split(string(after), "\n")
		for line := range strings.SplitSeq(before, "\n") {
			changed := strings.Contains(line, "= '''https://a") || line == "# last" // a last line gets its end
			if !changed && !slices.Contains(rest, line) {
				r.Fatalf("the line %q is gone\n%s\n---\n%s", line, before, after)
			}
		}
	})
}

// says is all that a configuration says.
func says(d *document) map[string]string {
	all := map[string]string{}
	for key, a := range d.top {
		all[key] = str(a.value)
	}
	for name, values := range d.profiles {
		for key, a := range values {
			all[name+" "+key] = str(a.value)
		}
	}
	if d.defaultProfile != nil {
		all["default_profile"] = str(d.defaultProfile.value)
	}
	return all
}

func str(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// schemaNode is a JSON schema as far as the test reads it.
type schemaNode struct {
	Enum       []string              `json:"enum"`
	Default    any                   `json:"default"`
	Text       string                `json:"description"`
	Properties map[string]schemaNode `json:"properties"`
	Additional json.RawMessage       `json:"additionalProperties"`
}

func readSchema(t *testing.T) (root, profile schemaNode) {
	t.Helper()
	data, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Schema(); err != nil || string(again) != string(data) {
		t.Error("the schema is not stable")
	}
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(root.Properties["profile"].Additional, &profile); err != nil {
		t.Fatal(err)
	}
	return root, profile
}

func TestSchema(t *testing.T) {
	t.Parallel()
	root, profile := readSchema(t)
	for _, f := range fieldsOf(&Profile{}) {
		n := profile
		for part := range strings.SplitSeq(f.key, ".") {
			if string(n.Additional) != "false" {
				t.Errorf("the table above %s allows anything", f.key)
			}
			n = n.Properties[part]
		}
		if n.Text != f.help || n.Text == "" || !slices.Equal(n.Enum, f.enum) {
			t.Errorf("%s: %+v", f.key, n)
		}
		if _, ok := root.Properties[f.key]; ok != f.top {
			t.Errorf("%s at the top: %v", f.key, ok)
		}
	}
	if d := profile.Properties["ascii"].Default; d != false {
		t.Errorf("default of ascii: %v", d)
	}
	if _, ok := root.Properties["default_profile"]; !ok || string(root.Additional) != "false" {
		t.Error("the top is incomplete")
	}
}

// Every setting has its own variable, none of them one of the reserved ones or of a secret.
func TestVariables(t *testing.T) {
	t.Parallel()
	seen := map[string]string{"CLAIMDECK_HOME": "-", "CLAIMDECK_PROFILE": "-"}
	for _, s := range []string{LossExpress, ClaimCenter, InsCipher, Scalepoint} {
		seen["CLAIMDECK_"+strings.ToUpper(s)+"_SECRET"] = "-"
	}
	for _, f := range fieldsOf(&Profile{}) {
		if other, taken := seen[f.env()]; taken {
			t.Errorf("%s and %s share %s", f.key, other, f.env())
		}
		seen[f.env()] = f.key
	}
	if seen["CLAIMDECK_LOSSEXPRESS_CLIENT_ID"] != "lossexpress.client_id" {
		t.Errorf("%v", seen)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(sample), "work")
	f.Add([]byte("[profile.a]\nlossexpress={url=\"http://localhost\",x={}}\nsecret.command=\"\\u0000\"\n"), "")
	f.Add([]byte("profile.a.hold=0\n[profile.b.secret]"), "b")
	paths := Paths{Config: "/c", Data: "/d", State: "/s"}
	none := Lookup(func(string) (string, bool) { return "", false })
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		c, err := (Config{Paths: paths, File: "/c/config.toml"}).read(data, none, Options{Profile: name, Create: true})
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without words")
			}
			return
		}
		p := c.Profile
		if err := p.Validate(); err != nil {
			t.Fatalf("loaded, but not valid: %v", err)
		}
		if clean, err := CheckURL(p.LossExpress.URL); p.LossExpress.URL != "" && (err != nil || clean != p.LossExpress.URL) {
			t.Fatalf("address %q: %v", p.LossExpress.URL, err)
		}
		if p.Environment != Sandbox && p.Environment != Production {
			t.Fatalf("environment %q", p.Environment)
		}
		for _, s := range p.Settings() {
			if s.Origin == "" {
				t.Fatalf("%s comes from nowhere", s.Key)
			}
		}
	})
}
