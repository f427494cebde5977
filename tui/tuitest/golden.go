package tuitest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// update rewrites the golden files instead of comparing with them: go test ./tui/... -update.
var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// Golden compares got with testdata/NAME.golden and shows the first line that differs. Lines are compared without
// the spaces at their ends.
func Golden(tb testing.TB, name, got string) {
	tb.Helper()
	got = trim(got)
	path := filepath.Join("testdata", filepath.FromSlash(name)+".golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			tb.Fatal(err)
		}
		return
	}
	file, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		tb.Fatalf("%v\nrun the test with -update to write it:\n%s", err, got)
	}
	want := strings.ReplaceAll(string(file), "\r\n", "\n")
	if want == got {
		return
	}
	wants, gots := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(wants), len(gots)) {
		if at(wants, i) != at(gots, i) {
			tb.Errorf("%s differs at line %d (rewrite it with -update if this is what is meant)\nwant %q\n got %q\n\n%s",
				path, i+1, at(wants, i), at(gots, i), got)
			return
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(no such line)"
}

func trim(s string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}
