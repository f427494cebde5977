//go:build !windows

package cli_test

import (
	"net"
	"os"
	"strings"
	"testing"
)

// block is the first fenced block of a language in a text that begins with certain words, and what follows it.
func block(t *testing.T, text, language, begins string) (content, rest string) {
	t.Helper()
	fence := "```" + language + "\n" + begins
	_, after, found := strings.Cut(text, fence)
	content, rest, closed := strings.Cut(after, "```\n")
	if !found || !closed {
		t.Fatalf("README.md has no %s block that begins with %q", language, begins)
	}
	return begins + content, rest
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The commands of the README work when they are pasted one block after the other, and so does its scenario.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	text := readme(t)
	sh := newShell(t)
	sh.write("photo.jpg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00")
	scenario, _ := block(t, text, "toml", "name = ")
	sh.write("quote.toml", scenario)
	var script strings.Builder
	_, text, _ = strings.Cut(text, "\n## The command line\n")
	text, _, _ = strings.Cut(text, "\n## Configuration\n")
	for strings.Contains(text, "```sh\n") {
		var commands string
		commands, text = block(t, text, "sh", "")
		script.WriteString(commands)
	}
	lines := strings.NewReplacer(
		"claimdeck sandbox >", "claimdeck sandbox --addr 127.0.0.1:0 >", "127.0.0.1:8791", freeAddress(t), // others may have these
		"\nclaimdeck sandbox run  ", "\nclaimdeck sandbox run --list ", // the tests of the scenarios run them all
		" &\n", " & pids=\"$pids $!\"\n",
	).Replace(script.String())
	sh.write("pasted.sh", "trap 'kill $pids; wait' EXIT\n"+lines+"claimdeck sandbox run quote.toml\n")
	out := sh.run("sh -e pasted.sh")
	for _, want := range []string{
		"Settlement counter open", "EX-1001  Change odometer", "EX-1001  Order Copy of Title", "valuation report",
		"verified  yes", "the webhook is off", "passed   payoff ", "passed   quote ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

// freeAddress is an address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

// The configuration of the README is one.
func TestReadmeConfiguration(t *testing.T) {
	t.Parallel()
	sh := newShell(t)
	configuration, _ := block(t, readme(t), "toml", "hold = ")
	sh.write("home/config.toml", configuration)
	if out := sh.run("claimdeck config check --profile work"); !strings.HasPrefix(out, "ok: ") {
		t.Error(out)
	}
}
