package tui_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"claimdeck/tui"
	"claimdeck/tui/tuitest"
)

// script is an editor: a small shell script that gets a file, as vi would.
type script struct {
	tb   testing.TB
	cmd  *exec.Cmd
	file string
	text string
}

// editorScript waits for a line that a person types, and writes it below the text.
const editorScript = `printf 'the editor has %s' "$(cat "$1")"; read -r line; printf '%s\n' "$line" >> "$1"`

func newScript(tb testing.TB, text string) *script {
	tb.Helper()
	s := &script{tb: tb, file: filepath.Join(tb.TempDir(), "message.txt")}
	if err := os.WriteFile(s.file, []byte(text+"\n"), 0o600); err != nil {
		tb.Error(err)
	}
	s.cmd = exec.CommandContext(tb.Context(), "sh", "-c", editorScript, "editor", s.file)
	return s
}

func (s *script) SetStdin(r io.Reader)  { s.cmd.Stdin = r }
func (s *script) SetStdout(w io.Writer) { s.cmd.Stdout = w }
func (s *script) SetStderr(w io.Writer) { s.cmd.Stderr = w }
func (s *script) Text() string          { return s.text }

func (s *script) Run() error {
	if err := s.cmd.Run(); err != nil {
		return err
	}
	text, err := os.ReadFile(s.file)
	s.text = string(text)
	return err
}

// TestEditorAllTheWay hands the terminal to an editor and takes it back: a real program on a terminal device, a real
// process, real keys.
func TestEditorAllTheWay(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("this system has no shell: ", err)
	}
	r := newRig(t, setup{})
	r.options.Edit = func(text string) tui.Editor { return newScript(t, text) }
	app := tui.New(r.options)
	x := &session{rig: r, app: app, Term: tuitest.Start(t, app, 100, 30, tuitest.Pty(), tuitest.Busy(func() bool { return !app.Idle() }))}
	x.WaitFor("all types")
	x.WaitIdle()
	x.Keys("m")
	x.WaitFor("Send a message")
	x.Type("Dear all,")
	x.Keys("ctrl+e")
	x.WaitFor("the editor has Dear all,")
	if x.AltScreen() {
		t.Error("the editor writes onto the console's own screen")
	}
	x.Feed("hello.\r")
	x.WaitFor("Send a message")
	x.WaitFor("Dear all,")
	if !x.AltScreen() {
		t.Error("the console is not on its own screen again")
	}
	x.Keys("enter")
	x.WaitFor("Outbox 1")
	e := x.entries()
	if len(e) != 1 || !strings.Contains(string(e[0].Input), `"Dear all,\nhello."`) {
		t.Errorf("the outbox holds %+v", e)
	}
}
