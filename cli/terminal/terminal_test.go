//go:build !windows

package terminal_test

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"claimdeck/cli/terminal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, script string, o terminal.Options) (*terminal.Terminal, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	if o.Size == (terminal.Size{}) {
		o.Size = terminal.Size{W: 40, H: 10}
	}
	o.Env = append(o.Env, "PATH=/usr/bin:/bin", "TERM=xterm-256color")
	term, err := terminal.Start(context.WithoutCancel(ctx), "/bin/sh", []string{"-c", script}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(term.Close)
	return term, ctx
}

func shows(text string) func(*terminal.Screen) bool {
	return func(s *terminal.Screen) bool { return s.Shows(text) }
}

func TestTypeScreenAndExit(t *testing.T) {
	t.Parallel()
	term, ctx := start(t, `printf 'name? '; read name; printf '\033[2;5H\033[1;31m<%s>\033[m' "$name"; exit 3`, terminal.Options{})
	if err := term.Until(ctx, shows("name?")); err != nil {
		t.Fatal(err)
	}
	if err := term.Type("Dana\n"); err != nil {
		t.Fatal(err)
	}
	exit, err := term.Wait(ctx)
	if want := (terminal.Exit{Code: 3, Restored: true}); err != nil || exit != want {
		t.Fatalf("ended as %+v, %v, want %+v", exit, err, want)
	}
	s := term.Screen()
	if c := s.At(4, 1); c.Text != "<" || !c.Bold || c.Fg == nil {
		t.Errorf("the cell is %+v, want a bold, coloured <\n%s", c, s)
	}
	if !strings.Contains(s.Row(1), "<Dana>") {
		t.Errorf("the screen is\n%s", s)
	}
	if err := term.Until(ctx, shows("never")); err == nil || !strings.Contains(err.Error(), "ended with code 3") {
		t.Errorf("waiting for what cannot come any more says %v", err)
	}
}

func TestResizeReachesTheProgram(t *testing.T) {
	t.Parallel()
	term, ctx := start(t, `trap 'stty size' WINCH; echo ready; while :; do read line || :; done`, terminal.Options{})
	if err := term.Until(ctx, shows("ready")); err != nil {
		t.Fatal(err)
	}
	if err := term.Resize(terminal.Size{W: 70, H: 20}); err != nil {
		t.Fatal(err)
	}
	if err := term.Until(ctx, shows("20 70")); err != nil {
		t.Fatal(err)
	}
	if s := term.Screen(); s.W != 70 || s.H != 20 {
		t.Errorf("the screen is %v", s.Size)
	}
}

func TestLineDisciplineThatIsNotRestored(t *testing.T) {
	t.Parallel()
	term, ctx := start(t, `stty -echo -icanon`, terminal.Options{})
	if exit, err := term.Wait(ctx); err != nil || exit.Restored {
		t.Errorf("ended as %+v, %v, want a line discipline that is not restored", exit, err)
	}
}

func TestSignalThatKills(t *testing.T) {
	t.Parallel()
	term, ctx := start(t, `echo ready; read line`, terminal.Options{})
	if err := term.Until(ctx, shows("ready")); err != nil {
		t.Fatal(err)
	}
	if err := term.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if exit, err := term.Wait(ctx); err != nil || exit.Signal != syscall.SIGTERM {
		t.Errorf("ended as %+v, %v, want by SIGTERM", exit, err)
	}
}

func TestHangup(t *testing.T) {
	t.Parallel()
	term, ctx := start(t, `echo ready; while :; do read line || :; done`, terminal.Options{})
	if err := term.Until(ctx, shows("ready")); err != nil {
		t.Fatal(err)
	}
	if err := term.Hangup(); err != nil {
		t.Fatal(err)
	}
	if exit, err := term.Wait(ctx); err != nil || exit.Signal != syscall.SIGHUP {
		t.Errorf("ended as %+v, %v, want by SIGHUP", exit, err)
	}
}

// A program that asks for the background gets an answer, as from a real terminal.
func TestTheTerminalAnswers(t *testing.T) {
	t.Parallel()
	for _, light := range []bool{false, true} {
		term, ctx := start(t, `stty raw -echo; printf '\033]11;?\007'; dd bs=1 count=23 2>/dev/null | tr '\033' E`, terminal.Options{Light: light})
		if err := term.Until(ctx, shows("rgb:")); err != nil {
			t.Fatal(err)
		}
		if white := term.Screen().Shows("rgb:ffff/ffff/ffff"); white != light {
			t.Errorf("light %v: it answers %q", light, term.Screen())
		}
	}
}

func TestReadModes(t *testing.T) {
	t.Parallel()
	const begin = "$ claimdeck\r\n\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1004h\x1b[?1002;1006h\x1b[>4;2m\x1b[>1u\x1b[3 q" +
		"\x1b]2;claimdeck\x07\x1b[2;20r\x1b[1mframe"
	const end = "\x1b[m\x1b[r\x1b[>4m\x1b[<1u\x1b[?1049l\x1b[?25h\x1b[?2004;1004;1002;1006l\x1b[0 q\x1b]2;\x07bye"
	tests := []struct {
		name, output string
		want         terminal.Modes
	}{
		{"while it runs", begin, terminal.Modes{
			Private:  map[int]bool{1049: true, 25: false, 2004: true, 1004: true, 1002: true, 1006: true},
			Keyboard: [2]int{0, 1}, OtherKeys: 2, CursorStyle: 3, Styled: true, Margins: true, Title: "claimdeck",
			OnMain: "$ claimdeck\r\n", OnAlternate: "frame",
		}},
		{"after it ended", begin + end, terminal.Modes{
			Private: map[int]bool{1049: false, 25: true, 2004: false, 1004: false, 1002: false, 1006: false},
			OnMain:  "$ claimdeck\r\nbye", OnAlternate: "frame",
		}},
	}
	for _, tt := range tests {
		got := terminal.ReadModes([]byte(tt.output))
		if len(got.Sequences) == 0 {
			t.Errorf("%s: no sequences", tt.name)
		}
		got.Sequences = nil
		if diff := cmp.Diff(&tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// A stack that is popped on the wrong screen is still there on the other.
func TestReadModesKeyboardStacksAreByScreen(t *testing.T) {
	t.Parallel()
	m := terminal.ReadModes([]byte("\x1b[>1u\x1b[?1049h\x1b[<1u\x1b[?1049l"))
	if m.Keyboard != [2]int{1, 0} {
		t.Errorf("the stacks hold %v, want one entry on the main screen", m.Keyboard)
	}
}

func TestReadModesNotesEightBitSequences(t *testing.T) {
	t.Parallel()
	m := terminal.ReadModes([]byte("a\u009b31mb"))
	if len(m.Sequences) == 0 || m.Sequences[0].Bytes[0] == 0x1b {
		t.Errorf("sequences are %q", m.Sequences)
	}
}
