package cli_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"testing"

	"claimdeck/action"
	"claimdeck/keymap"
)

//go:generate go test -run ^TestReadme$ -count=1 . -readme

var rewrite = flag.Bool("readme", false, "rewrite the generated parts of README.md")

// The tables of the README are what the program says of itself.
func TestReadme(t *testing.T) {
	t.Parallel()
	const path = "../README.md"
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	after := before
	for name, table := range map[string]string{
		"actions": action.New(action.Deps{}).DocsTable(), "keys": keymap.Default().Table(),
	} {
		if after, err = replaced(after, name, table); err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case bytes.Equal(before, after):
	case !*rewrite:
		t.Error("README.md is stale: make gen rewrites its tables")
	default:
		if err := os.WriteFile(path, after, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// replaced puts a table between the two comments that are named after it.
func replaced(text []byte, name, table string) ([]byte, error) {
	begin, end := fmt.Appendf(nil, "<!-- %s:begin -->\n", name), fmt.Appendf(nil, "<!-- %s:end -->\n", name)
	head, rest, found := bytes.Cut(text, begin)
	_, tail, closed := bytes.Cut(rest, end)
	if !found || !closed {
		return nil, fmt.Errorf("README.md has no place for the %s: %s", name, begin)
	}
	return bytes.Join([][]byte{head, begin, []byte(table), end, tail}, nil), nil
}
