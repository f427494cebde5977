//go:build !windows

package cli_test

import (
	"bufio"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"claimdeck/cli"
)

// pdf is enough of a document to be sent.
const pdf = "%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

// What the help shows works when it is pasted into a shell: every command has an example, and every example runs.
// ownTests are the verbs whose examples need something to be set up first, or run until they are interrupted: tests of
// their own run them.
func ownTests() []string {
	return []string{
		"webhook", "sandbox run", "sandbox record", "sandbox vin", "sandbox trigger", "guarantee", "order refresh", "document",
		"claim create", "claim update", "payoff sent", "message send",
	}
}

func TestExamplesOfTheHelp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, vars, err := start(dir)
	t.Cleanup(s.end)
	if err != nil {
		t.Fatal(err)
	}
	sh := shell{t: t, dir: dir, vars: vars}
	sh.write("breakdown.pdf", pdf)
	sh.write("secret.txt", scriptSecret+"\n")
	sh.write("home/config.toml", "[profile.default]\nlossexpress.client_id = \""+scriptID+"\"\n[profile.work]\nlossexpress.client_id = \""+scriptID+"\"\n")
	sh.run("claimdeck login --profile work < secret.txt")

	examples := (&cli.Program{Env: os.LookupEnv}).Examples()
	for _, path := range slices.Sorted(maps.Keys(examples)) {
		if len(examples[path]) == 0 {
			t.Errorf("%s has no example", path)
		}
		for _, line := range examples[path] {
			if line == "claimdeck demo" || line == "claimdeck" {
				continue // the tests of the terminal run these
			}
			if slices.ContainsFunc(ownTests(), func(verb string) bool { return strings.HasPrefix(line, "claimdeck "+verb) }) {
				continue
			}
			sh.example(line)
		}
	}
}

// shell runs lines as a person would paste them.
type shell struct {
	t    *testing.T
	dir  string
	vars map[string]string
}

func (sh shell) write(name, content string) {
	sh.t.Helper()
	path := filepath.Join(sh.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		sh.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		sh.t.Fatal(err)
	}
}

// example runs an example after what it takes for granted. Ids differ from claim to claim: they are put in.
func (sh shell) example(line string) {
	sh.t.Helper()
	switch {
	case strings.HasPrefix(line, "claimdeck order cancel"):
		sh.run("claimdeck order create EX-1001 --type 'Title Status'")
		id := sh.first("claimdeck claim show EX-1001 --json", `"orderId": "`)
		line = strings.Replace(line, "24907dea-2bd2-4547-bae6-8305b4256256", id, 1)
	case strings.HasPrefix(line, "claimdeck payoff cancel"):
		sh.run("claimdeck payoff request EX-1001")
	case strings.HasPrefix(line, "claimdeck outbox") && !strings.Contains(line, "list"):
		// A write that was refused can be shown, sent again and given up; now it would work.
		_ = sh.command("claimdeck payoff cancel EX-1004").Run()
		id := sh.first("claimdeck outbox list --limit 1 --json", `"id": "`)
		if strings.Contains(line, "retry") {
			sh.run("claimdeck payoff request EX-1004")
		}
		line = strings.Replace(line, "019a9b6e-3c1f", id, 1)
	case strings.HasPrefix(line, "claimdeck login"):
		if !strings.Contains(line, "<") {
			line += " < secret.txt"
		}
	case strings.HasPrefix(line, "claimdeck logout"):
		defer sh.run("claimdeck login --profile work < secret.txt")
		sh.run("claimdeck login < secret.txt")
	case strings.Contains(line, "--follow"), strings.HasPrefix(line, "claimdeck sandbox"):
		sh.interrupted(line)
		return
	}
	sh.run(line)
}

func (sh shell) command(line string) *exec.Cmd {
	cmd := exec.CommandContext(sh.t.Context(), "sh", "-c", "exec "+line)
	cmd.Dir = sh.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	for name, value := range sh.vars {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

func (sh shell) run(line string) string {
	sh.t.Helper()
	cmd := sh.command(line)
	var narration strings.Builder
	cmd.Stderr = &narration
	out, err := cmd.Output()
	if err != nil {
		sh.t.Errorf("%s: %v\n%s", line, err, narration.String())
	}
	return string(out)
}

// first is what follows mark in the output of a line, up to a quotation mark.
func (sh shell) first(line, mark string) string {
	sh.t.Helper()
	_, rest, found := strings.Cut(sh.run(line), mark)
	if !found {
		sh.t.Fatalf("%s printed no %s", line, mark)
	}
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

// interrupted runs a line that goes on until it is interrupted, which it is after it printed something.
func (sh shell) interrupted(line string) {
	sh.t.Helper()
	cmd := sh.command(line)
	out, err := cmd.StdoutPipe()
	if err != nil {
		sh.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		sh.t.Fatal(err)
	}
	if !bufio.NewScanner(out).Scan() {
		sh.t.Errorf("%s printed nothing", line)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		sh.t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		sh.t.Errorf("%s: %v", line, err)
	}
}
