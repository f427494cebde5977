package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is the path that everything of ours begins with.
const module = "claimdeck"

// law says what a part of the tree may import of ours. The longest folder that holds a package decides.
type law struct {
	folder string
	may    []string // folders, the folder itself always among them
	except []string // folders that are forbidden although may allows them
}

// importLaw is the shape of the house: main -> cli -> tui -> {keymap, action} -> state, action -> api. A new folder at
// the top needs a line here, and a reason.
func importLaw() []law {
	return []law{
		{folder: ".", may: []string{"cli"}},
		{folder: "cli", may: []string{"cli", "tui", "keymap", "action", "state", "api", "sandbox"}, except: []string{"cli/terminal", "tui/tuitest"}},
		{folder: "cli/terminal"},
		{folder: "tui", may: []string{"tui", "keymap", "action", "state"}, except: []string{"tui/tuitest"}},
		{folder: "tui/screen", may: []string{"tui", "keymap", "action", "state"}, except: []string{"tui/screen/*", "tui/tuitest"}},
		{folder: "tui/widget", may: []string{"tui", "keymap", "action", "state"}, except: []string{"tui/screen/*", "tui/tuitest"}},
		{folder: "tui/theme"},
		{folder: "tui/tuitest"},
		{folder: "keymap", may: []string{"keymap", "state"}},
		{folder: "action", may: []string{"action", "api", "state"}},
		{folder: "api", may: []string{"api", "state/text"}},
		{folder: "state", may: []string{"state"}},
		{folder: "sandbox", may: []string{"sandbox"}},
		{folder: "docs/picture", may: []string{"cli/terminal"}},
	}
}

// terminals are the modules that draw on one. Of ours, only tui, cli and what serves them may reach them, by whatever way.
func terminals() []string {
	return []string{
		"charm.land/", "github.com/charmbracelet/bubbletea", "github.com/charmbracelet/lipgloss",
		"github.com/charmbracelet/bubbles", "github.com/charmbracelet/huh",
	}
}

// databases are the packages that know SQL. Only state/store imports them.
func databases() []string { return []string{"database/sql", "github.com/ncruces/go-sqlite3"} }

// pkg is a package as `go list` describes it.
type pkg struct {
	ImportPath   string
	Name         string
	Imports      []string
	Deps         []string // of Imports, all the way down
	TestImports  []string
	XTestImports []string
}

// folder is the place of a package in the tree; "." at the top.
func (p pkg) folder() string {
	return or(strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/"), ".")
}

func or(s, empty string) string {
	if s == "" {
		return empty
	}
	return s
}

// under reports whether folder is dir or lies in it; "dir/*" are the folders in dir without dir itself.
func under(folder, dir string) bool {
	if parent, ok := strings.CutSuffix(dir, "/*"); ok {
		return strings.HasPrefix(folder, parent+"/")
	}
	return folder == dir || strings.HasPrefix(folder, dir+"/")
}

// ours returns the folders of ours among import paths.
func ours(imports []string) []string {
	var folders []string
	for _, path := range imports {
		if path == module || strings.HasPrefix(path, module+"/") {
			folders = append(folders, pkg{ImportPath: path}.folder())
		}
	}
	return folders
}

func lawOf(folder string) (law, bool) {
	var best law
	found := false
	for _, l := range importLaw() {
		if under(folder, l.folder) && (!found || len(l.folder) > len(best.folder)) {
			best, found = l, true
		}
	}
	return best, found
}

func (l law) allows(from, to string) bool {
	in := func(dirs []string) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool { return under(to, dir) })
	}
	if from == to {
		return true
	}
	return in(l.may) && !in(l.except)
}

// offences lists what a package breaks, in words.
func offences(p pkg) []string {
	folder := p.folder()
	var out []string
	l, ok := lawOf(folder)
	if !ok {
		return []string{folder + ": no import law; add one to arch_test.go"}
	}
	for _, to := range ours(p.Imports) {
		if !l.allows(folder, to) {
			out = append(out, folder+" must not import "+to)
		}
	}
	for _, to := range ours(slices.Concat(p.TestImports, p.XTestImports)) {
		if (to == "." || under(to, "cli")) && !under(folder, "cli") && to != folder && to != "cli/terminal" {
			out = append(out, "tests of "+folder+" must not import "+to)
		}
	}
	out = append(out, terminalOffences(p)...)
	if folder != "state/store" {
		for _, to := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if hasPrefix(to, databases()) {
				out = append(out, folder+" must not import "+to+": all SQL is in state/store")
			}
		}
	}
	return append(out, nameOffences(p)...)
}

func terminalOffences(p pkg) []string {
	top, _, _ := strings.Cut(p.folder(), "/")
	if !slices.Contains([]string{"action", "api", "keymap", "sandbox", "state"}, top) {
		return nil
	}
	var out []string
	for _, to := range slices.Concat(p.Deps, p.TestImports, p.XTestImports) {
		if hasPrefix(to, terminals()) {
			out = append(out, p.folder()+" must not reach "+to)
		}
	}
	return out
}

func hasPrefix(path string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(path, p) })
}

// nameOffences refuses names that say nothing: whatever has no better place ends in such a package.
func nameOffences(p pkg) []string {
	var out []string
	for _, name := range append(strings.Split(p.folder(), "/"), p.Name) {
		name = strings.ToLower(strings.TrimSuffix(name, "_test"))
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "type", "types", "manager", "managers", "misc"}, name) {
			out = append(out, p.folder()+" has a name that says nothing: "+name)
		}
	}
	return out
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	for _, goos := range []string{"linux", "darwin", "windows"} {
		packages := list(t, goos)
		if len(packages) < 10 {
			t.Fatalf("%s: only %d packages found", goos, len(packages))
		}
		for _, p := range packages {
			for _, offence := range offences(p) {
				t.Errorf("%s: %s", goos, offence)
			}
		}
	}
}

// list asks Go for the packages of the tree as they are built for a system.
func list(t *testing.T, goos string) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Name,Imports,Deps,TestImports,XTestImports", "./...")
	cmd.Env = append(cmd.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var packages []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}

// A law that cannot be broken holds nothing.
func TestTheLawCanBeBroken(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		p    pkg
		want string // part of the only offence; empty: none
	}{
		{"the house as it is", pkg{ImportPath: "claimdeck/tui", Imports: []string{"claimdeck/action", "claimdeck/tui/screen/claim", "charm.land/bubbletea/v2"}}, ""},
		{"main wires nothing itself", pkg{ImportPath: "claimdeck", Imports: []string{"claimdeck/state/store"}}, ". must not import state/store"},
		{"state looks up", pkg{ImportPath: "claimdeck/state/feed", Imports: []string{"claimdeck/api/lossexpress"}}, "must not import api/lossexpress"},
		{"api takes more of state than text", pkg{ImportPath: "claimdeck/api", Imports: []string{"claimdeck/state/claim"}}, "must not import state/claim"},
		{"tui calls the API", pkg{ImportPath: "claimdeck/tui", Imports: []string{"claimdeck/api"}}, "must not import api"},
		{"a name that begins alike", pkg{ImportPath: "claimdeck/api", Imports: []string{"claimdeck/state/textual"}}, "must not import state/textual"},
		{"keymap runs actions", pkg{ImportPath: "claimdeck/keymap", Imports: []string{"claimdeck/action"}}, "must not import action"},
		{"a screen opens another", pkg{ImportPath: "claimdeck/tui/screen/activity", Imports: []string{"claimdeck/tui/screen/claim"}}, "must not import tui/screen/claim"},
		{"a screen uses what all share", pkg{ImportPath: "claimdeck/tui/screen/activity", Imports: []string{"claimdeck/tui/screen"}}, ""},
		{"a widget knows a screen", pkg{ImportPath: "claimdeck/tui/widget/row", Imports: []string{"claimdeck/tui/screen/claim"}}, "must not import tui/screen/claim"},
		{"action leans on the sandbox", pkg{ImportPath: "claimdeck/action", Imports: []string{"claimdeck/sandbox/lossexpress"}}, "must not import sandbox/lossexpress"},
		{"its tests may", pkg{ImportPath: "claimdeck/action", TestImports: []string{"claimdeck/sandbox/lossexpress"}}, ""},
		{"the sandbox shares code with the client", pkg{ImportPath: "claimdeck/sandbox", Imports: []string{"claimdeck/state/money"}}, "must not import state/money"},
		{"the product uses the test terminal", pkg{ImportPath: "claimdeck/cli", Imports: []string{"claimdeck/cli/terminal"}}, "must not import cli/terminal"},
		{"state reaches Bubble Tea through a library", pkg{ImportPath: "claimdeck/state/text", Deps: []string{"charm.land/bubbletea/v2"}}, "must not reach charm.land/bubbletea/v2"},
		{"a test of api draws", pkg{ImportPath: "claimdeck/api", XTestImports: []string{"charm.land/lipgloss/v2"}}, "must not reach charm.land/lipgloss/v2"},
		{"SQL in a screen", pkg{ImportPath: "claimdeck/tui/screen/claim", Imports: []string{"database/sql"}}, "all SQL is in state/store"},
		{"SQL in a test of another package", pkg{ImportPath: "claimdeck/state/feed", TestImports: []string{"github.com/ncruces/go-sqlite3/driver"}}, "all SQL is in state/store"},
		{"SQL where it belongs", pkg{ImportPath: "claimdeck/state/store", Imports: []string{"github.com/ncruces/go-sqlite3"}}, ""},
		{"a test imports what is above it", pkg{ImportPath: "claimdeck/tui", XTestImports: []string{"claimdeck/cli"}}, "tests of tui must not import cli"},
		{"a drawer for everything", pkg{ImportPath: "claimdeck/state/utils"}, "has a name that says nothing: utils"},
		{"the same by its package clause", pkg{ImportPath: "claimdeck/state/money", Name: "helpers"}, "has a name that says nothing: helpers"},
		{"a room nobody planned", pkg{ImportPath: "claimdeck/engine"}, "engine: no import law"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := offences(tt.p)
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("refused: %q", got)
			case tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)):
				t.Errorf("offences are %q, want one with %q", got, tt.want)
			}
		})
	}
}
