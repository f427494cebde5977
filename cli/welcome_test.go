//go:build !windows

package cli_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"claimdeck/cli/terminal"
)

// newcomer is a terminal in which claimdeck was started by somebody who has no account configured.
func newcomer(t *testing.T) *console {
	t.Helper()
	dir := t.TempDir()
	s, vars, err := start(dir)
	t.Cleanup(s.end)
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(vars, func(name, _ string) bool {
		return name == "CLAIMDECK_LOSSEXPRESS_CLIENT_ID" || name == "CLAIMDECK_LOSSEXPRESS_SECRET"
	})
	env := []string{"TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir()}
	for name, value := range vars {
		env = append(env, name+"="+value)
	}
	path, err := exec.LookPath("claimdeck") // the one of the scripts
	if err != nil {
		t.Fatal(err)
	}
	term, err := terminal.Start(context.WithoutCancel(t.Context()), path, nil,
		terminal.Options{Size: terminal.Size{W: 100, H: 30}, Env: env, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(term.Close)
	c := &console{Terminal: term, t: t, root: dir}
	c.shows("not signed in to LossExpress yet")
	return c
}

func (c *console) shows(text string) {
	c.t.Helper()
	c.until("it says "+text, func(s *terminal.Screen) bool { return s.Shows(text) })
}

func (c *console) types(keys string) {
	c.t.Helper()
	c.do("type", c.Type(keys))
}

func TestWelcomeOpensTheDemo(t *testing.T) {
	t.Parallel()
	c := newcomer(t)
	c.types("\r")
	c.shows("demo sandbox")
	c.types("q")
	if exit := c.end(); exit.Code != 0 {
		t.Errorf("ended with code %d", exit.Code)
	}
}

func TestWelcomeSignsIn(t *testing.T) {
	t.Parallel()
	c := newcomer(t)
	c.types("j\r")
	c.shows("Client id:")
	c.types(scriptID + "\r")
	c.shows("Secret (not shown):")
	c.types(scriptSecret + "\r")
	c.until("the stream is there", func(s *terminal.Screen) bool { return s.Shows("Activity") && s.Shows("EX-1001") })
	c.types("q")
	if exit := c.end(); exit.Code != 0 {
		t.Errorf("ended with code %d", exit.Code)
	}
	if bytes.Contains(c.Raw(), []byte(scriptSecret)) {
		t.Error("the secret was echoed")
	}
}

// Neither question keeps somebody who wants to leave, and nothing is kept of them.
func TestSignInCanBeLeft(t *testing.T) {
	t.Parallel()
	c := newcomer(t)
	c.types("j\r")
	c.shows("Client id:")
	c.types(scriptID + "\r")
	c.shows("Secret (not shown):")
	c.types("half a sec\x03")
	if exit := c.end(); exit.Code != 2 || !exit.Restored {
		t.Errorf("ended with code %d, line discipline restored: %v", exit.Code, exit.Restored)
	}
}

func TestSignInEndsBySignal(t *testing.T) {
	t.Parallel()
	c := newcomer(t)
	c.types("j\r")
	c.shows("Client id:")
	c.do("terminate", c.Signal(syscall.SIGTERM))
	if exit := c.end(); exit.Code != 130 || exit.Signal != nil || !exit.Restored {
		t.Errorf("ended with code %d, signal %v, line discipline restored: %v", exit.Code, exit.Signal, exit.Restored)
	}
}

func TestWelcomeCanBeLeft(t *testing.T) {
	t.Parallel()
	c := newcomer(t)
	c.types("\x03")
	if exit := c.end(); exit.Code != 4 || !exit.Restored {
		t.Errorf("ended with code %d, line discipline restored: %v", exit.Code, exit.Restored)
	}
}
