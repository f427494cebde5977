package secret

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestCommand(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("written for sh")
	}
	for _, c := range []struct{ name, line, want, problem string }{
		{"first line", "echo one; echo two", "one", ""},
		{"pipes and quotes", `printf '%s\n' "a b" x | head -1`, "a b", ""},
		{"carriage return", `printf 'one\r\ntwo'`, "one", ""},
		{"no line break", `printf one`, "one", ""},
		{"spaces belong to it", `printf ' one '`, " one ", ""},
		{"narration", `echo careful >&2; echo one`, "one", ""},
		{"much output", `echo one; head -c 300000 /dev/zero | tr '\0' x`, "one", ""},
		{"no input", `cat; echo one`, "one", ""},
		{"fails", `echo "vault is sealed" >&2; exit 3`, "", "exit status 3; it says: vault is sealed"},
		{"unknown command", `no-such-command-here`, "", "not found"},
		{"prints nothing", `true`, "", "printed nothing"},
		{"prints an empty line", `echo; echo one; echo why >&2`, "", "printed nothing on its first line; it says: why"},
		{"hostile narration", `printf '\033]0;x\007\033[31mred' >&2; exit 1`, "", "it says: red"},
		{"secret in its narration", `echo hunter2; echo "got hunter2" >&2; exit 1`, "", "it says: got [secret]"},
		{"long narration", `head -c 300000 /dev/zero | tr '\0' x >&2; exit 1`, "", "xxx..."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := runCommand(t.Context(), c.line, commandLimit)
			if c.problem == "" {
				if err != nil || s.Reveal() != c.want {
					t.Errorf("%q, %v, want %q", s.Reveal(), err, c.want)
				}
				return
			}
			if !errors.Is(err, ErrCommand) || !strings.Contains(err.Error(), c.problem) || !s.Empty() {
				t.Errorf("%q, %v, want %q", s.Reveal(), err, c.problem)
			}
			if len(err.Error()) > 2*shownLimit || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("message %q", err)
			}
		})
	}
}

func TestCommandThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("written for sh")
	}
	_, err := runCommand(t.Context(), "echo one; exec sleep 60", 50*time.Millisecond)
	if !errors.Is(err, ErrCommand) || !strings.Contains(err.Error(), "did not end within 50ms") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := runCommand(ctx, "exec sleep 60", time.Minute); !errors.Is(err, context.Canceled) || errors.Is(err, ErrCommand) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestACommandThatFailsIsNotPassedOver(t *testing.T) {
	t.Parallel()
	asked := ""
	c := NewChain(Options{
		Keyring:    &fakeKeyring{},
		Command:    func(system string) string { asked = system; return "exit 1" },
		File:       one(writeVault(t, "of-file", "pw")),
		Passphrase: phrase("pw"),
	})
	_, _, err := c.Get(t.Context(), "scalepoint", "work")
	if !errors.Is(err, ErrCommand) || !strings.Contains(err.Error(), "secret of Scalepoint") || asked != "scalepoint" {
		t.Errorf("%v, asked for %q", err, asked)
	}
}
