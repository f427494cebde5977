package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// releaseFile is what of .goreleaser.yaml can be wrong without anybody noticing before a release.
type releaseFile struct {
	Version int
	Builds  []struct {
		Main, Binary string
		Env          []string
		GOOS         []string `yaml:"goos"`
		GOARCH       []string `yaml:"goarch"`
		Ldflags      []string
		Ignore       []map[string]string
	}
	Archives []struct {
		Formats []string
		Files   []string
	}
}

func readRelease(t *testing.T) releaseFile {
	t.Helper()
	raw, err := os.ReadFile(".goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var r releaseFile
	if err := yaml.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	if r.Version != 2 || len(r.Builds) != 1 || len(r.Archives) != 1 {
		t.Fatalf("version %d with %d builds and %d archives, want version 2 with one of each", r.Version, len(r.Builds), len(r.Archives))
	}
	return r
}

// The linker says nothing about a -X that names no variable: the release would call itself "dev".
func TestReleaseSetsVariablesThatExist(t *testing.T) {
	t.Parallel()
	have := stringVariables(t)
	var set []string
	for _, flags := range readRelease(t).Builds[0].Ldflags {
		for _, m := range regexp.MustCompile(`-X\s+(\S+?)=`).FindAllStringSubmatch(flags, -1) {
			name, ok := strings.CutPrefix(m[1], "main.")
			if !ok || !slices.Contains(have, name) {
				t.Errorf("-X %s names no string variable of package main; there are %v", m[1], have)
			}
			set = append(set, name)
		}
	}
	if want := []string{"commit", "date", "version"}; !slices.Equal(slices.Sorted(slices.Values(set)), want) {
		t.Errorf("the release sets %v, want %v", set, want)
	}
}

// stringVariables returns the variables of package main that the linker can set: strings, and without a value that
// has to be computed.
func stringVariables(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, s := range group.Specs {
			spec, ok := s.(*ast.ValueSpec)
			if ok && linkable(spec) {
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

func linkable(spec *ast.ValueSpec) bool {
	if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "string" && len(spec.Values) == 0 {
		return true
	}
	for _, v := range spec.Values {
		if lit, ok := v.(*ast.BasicLit); !ok || lit.Kind != token.STRING {
			return false
		}
	}
	return len(spec.Values) > 0
}

// `make check` builds what is released, no more and no less.
func TestReleaseBuildsWhatIsChecked(t *testing.T) {
	t.Parallel()
	b := readRelease(t).Builds[0]
	if b.Main != "." || b.Binary != "claimdeck" || !slices.Contains(b.Env, "CGO_ENABLED=0") || len(b.Ignore) > 0 {
		t.Errorf("the build is %+v, want claimdeck from the top, without C, nothing left out", b)
	}
	var released []string
	for _, goos := range b.GOOS {
		for _, goarch := range b.GOARCH {
			released = append(released, goos+"/"+goarch)
		}
	}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^PLATFORMS := (.*)$`).FindSubmatch(makefile)
	if m == nil {
		t.Fatal("the Makefile has no PLATFORMS")
	}
	if checked := strings.Fields(string(m[1])); len(released) != 6 || !slices.Equal(released, checked) {
		t.Errorf("released are %v, checked are %v, want the same six", released, checked)
	}
}

func TestReleaseArchivesHoldWhatTheyName(t *testing.T) {
	t.Parallel()
	files := readRelease(t).Archives[0].Files
	if !slices.Contains(files, "LICENSE") || !slices.Contains(files, "README.md") {
		t.Errorf("the archives hold %v, want LICENSE and README.md among them", files)
	}
	for _, f := range files {
		if found, err := filepath.Glob(f); err != nil || len(found) == 0 {
			t.Errorf("%s is named in the archives, but there is no such file", f)
		}
	}
}

// What the linker sets is what the program says about itself.
func TestReleaseSaysItsVersion(t *testing.T) {
	t.Parallel()
	flags := strings.Join(readRelease(t).Builds[0].Ldflags, " ")
	for from, to := range map[string]string{
		"{{ .Version }}": "9.8.7", "{{ .ShortCommit }}": "abc1234", "{{ .CommitDate }}": "2026-01-02T03:04:05Z",
	} {
		flags = strings.ReplaceAll(flags, from, to)
	}
	if strings.Contains(flags, "{{") {
		t.Fatalf("ldflags have a template that this test does not know: %s", flags)
	}
	binary := filepath.Join(t.TempDir(), "claimdeck")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-ldflags", flags, "-o", binary, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), binary, "version").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"9.8.7", "abc1234", "2026-01-02"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("version says %q, want %s in it", out, want)
		}
	}
}
