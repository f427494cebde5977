package cli_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
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
		"actions": brief(action.New(action.Deps{}).DocsTable()), "keys": keymap.Default().Table(),
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

// maxFlags is how many flags a command of the table shows.
const maxFlags = 2

var (
	command  = regexp.MustCompile("`claimdeck [^`]*`")
	optional = regexp.MustCompile(` \[--[^\]]*\]`)
	flagged  = regexp.MustCompile(` --[a-z0-9-]+ [A-Z0-9-]+(\.\.\.)?`)
)

// brief shortens the commands of a table to what is typed first: -h tells the rest, and "…" says that there is one.
func brief(table string) string {
	return command.ReplaceAllStringFunc(table, func(line string) string {
		line = strings.Trim(line, "`")
		short := optional.ReplaceAllString(line, "")
		if flags := flagged.FindAllString(short, -1); len(flags) > maxFlags {
			short = flagged.ReplaceAllString(short, "") + flags[0]
		}
		if len(short) < len(line) {
			short += " …"
		}
		return "`" + short + "`"
	})
}

func TestBrief(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"`claimdeck order create CLAIM --type TYPE...`":                                    "`claimdeck order create CLAIM --type TYPE...`",
		"`claimdeck order refresh CLAIM --type TYPE... --yes`":                             "`claimdeck order refresh CLAIM --type TYPE... --yes`",
		"`claimdeck claim update CLAIM [--vin VIN] [--odometer ODOMETER]`":                 "`claimdeck claim update CLAIM …`",
		"`claimdeck payoff sent CLAIM --amount AMOUNT [--cents CENTS] --sent-at SENT-AT`":  "`claimdeck payoff sent CLAIM --amount AMOUNT --sent-at SENT-AT …`",
		"`claimdeck claim create --vin VIN --odometer ODOMETER --owners-name OWNERS-NAME`": "`claimdeck claim create --vin VIN …`",
		"`claimdeck webhook register URL [--types TYPES...]`":                              "`claimdeck webhook register URL …`",
	} {
		if got := brief("| x | " + line + " | y |"); got != "| x | "+want+" | y |" {
			t.Errorf("%s is %s, want %s", line, got, want)
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
