//go:build !windows

package cli_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"claimdeck/cli/terminal"
)

// patience is how long the built program may take for one thing; only a test that fails takes it.
const patience = 30 * time.Second

// programs are the built binaries.
type programs struct {
	plain  string // as it is released
	broken string // built with the hooks that make it panic
}

// console is the built program's demo in a terminal, with a home and a temporary folder of its own.
type console struct {
	*terminal.Terminal
	t    *testing.T
	root string
}

func (p programs) demo(t *testing.T, size terminal.Size, env []string, flags ...string) *console {
	t.Helper()
	binary := p.plain
	if len(env) > 0 {
		binary = p.broken
	}
	root := t.TempDir()
	for _, dir := range []string{"home", "tmp"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	env = append([]string{
		"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "TZ=UTC", "PATH=" + os.Getenv("PATH"),
		"HOME=" + filepath.Join(root, "home"), "TMPDIR=" + filepath.Join(root, "tmp"),
	}, env...)
	// The context of a test ends before its cleanup: the program must end by itself or by Close.
	term, err := terminal.Start(context.WithoutCancel(t.Context()), binary, append([]string{"demo", "--still"}, flags...),
		terminal.Options{Size: size, Env: env, Dir: root})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(term.Close)
	c := &console{Terminal: term, t: t, root: root}
	c.until("the stream is there", func(s *terminal.Screen) bool { return s.Shows("Activity") && fits(s) == nil })
	return c
}

func (c *console) until(what string, ok func(*terminal.Screen) bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	if err := c.Until(ctx, ok); err != nil {
		c.t.Fatalf("waited until %s: %v", what, err)
	}
}

func (c *console) do(what string, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("%s: %v", what, err)
	}
}

func (c *console) end() terminal.Exit {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	exit, err := c.Wait(ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	return exit
}

// leftBehind lists the files in the program's home and temporary folder.
func (c *console) leftBehind() []string {
	c.t.Helper()
	var files []string
	err := filepath.WalkDir(c.root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() || strings.Count(strings.TrimPrefix(path, c.root), "/") > 1 {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return files
}

// fits says what is wrong with the frame: the header in the first row, a rule from edge to edge below it and another
// above the footer, which is the last row.
func fits(s *terminal.Screen) error {
	if !strings.Contains(s.Row(0), "demo sandbox") || !strings.Contains(s.Row(0), "1 Activity") {
		return fmt.Errorf("the first row is %q", s.Row(0))
	}
	if s.Row(s.H-1) == "" {
		return fmt.Errorf("the last row is empty")
	}
	for _, y := range []int{1, s.H - 2} {
		if rule := s.Row(y); !strings.HasPrefix(rule, "─") || !strings.HasSuffix(rule, "─") || len([]rune(rule)) != s.W {
			return fmt.Errorf("row %d is %q, no rule of %d cells", y, rule, s.W)
		}
	}
	return nil
}

// The binary that a person runs, in a terminal as a person has it.
func TestBuiltProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := programs{plain: filepath.Join(dir, "claimdeck"), broken: filepath.Join(dir, "claimdeck-broken")}
	for path, tags := range map[string]string{p.plain: "", p.broken: "claimdecktest"} {
		if err := terminal.Build(t.Context(), path, tags); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("resize", func(t *testing.T) { t.Parallel(); testResize(t, p) })
	t.Run("ending", func(t *testing.T) { t.Parallel(); testEndings(t, p) })
	t.Run("lost connection", func(t *testing.T) { t.Parallel(); testLostConnection(t, p) })
	t.Run("hostile text", func(t *testing.T) { t.Parallel(); testHostileText(t, p) })
}

func testResize(t *testing.T, p programs) {
	c := p.demo(t, terminal.Size{W: 120, H: 40}, nil)
	for _, size := range []terminal.Size{{W: 80, H: 24}, {W: 60, H: 20}, {W: 200, H: 60}, {W: 97, H: 33}} {
		c.do("resize", c.Resize(size))
		c.until(fmt.Sprintf("the frame has %d by %d cells", size.W, size.H), func(s *terminal.Screen) bool {
			return s.Size == size && s.Shows("Activity") && fits(s) == nil
		})
	}
	c.do("resize", c.Resize(terminal.Size{W: 30, H: 8}))
	c.until("it says what size it needs", func(s *terminal.Screen) bool { return s.Shows("60") && s.Shows("20") })
	c.do("resize", c.Resize(terminal.Size{W: 80, H: 24}))
	c.until("the frame is back", func(s *terminal.Screen) bool { return s.Shows("Activity") && fits(s) == nil })
	c.do("type", c.Type("q"))
	if exit := c.end(); exit.Code != 0 {
		t.Errorf("ended with code %d after a resize", exit.Code)
	}
}

// However the program ends, the person gets the terminal back as it was, a truthful exit code, and no files.
func testEndings(t *testing.T, p programs) {
	key := func(k string) func(*console) error { return func(c *console) error { return c.Type(k) } }
	signal := func(s syscall.Signal) func(*console) error { return func(c *console) error { return c.Signal(s) } }
	tests := []struct {
		name string
		hook string // what CLAIMDECK_TEST_PANIC makes of ctrl+p
		act  func(*console) error
		code int
		says string // on the shell's screen
	}{
		{name: "q", act: key("q"), code: 0},
		{name: "ctrl+c", act: key("\x03"), code: 0},
		{name: "SIGTERM", act: signal(syscall.SIGTERM), code: 128 + int(syscall.SIGTERM)},
		{name: "SIGINT", act: signal(syscall.SIGINT), code: 128 + int(syscall.SIGINT)},
		{name: "SIGHUP", act: signal(syscall.SIGHUP), code: 128 + int(syscall.SIGTERM)},
		{name: "panic in Update", hook: "update", act: key("\x10"), code: 1, says: "fault"},
		{name: "panic in a command", hook: "command", act: key("\x10"), code: 1, says: "fault"},
		{name: "panic in a command of a batch", hook: "batch", act: key("\x10"), code: 1, says: "fault"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var env []string
			if tt.hook != "" {
				env = []string{"CLAIMDECK_TEST_PANIC=" + tt.hook}
			}
			c := p.demo(t, terminal.Size{W: 100, H: 30}, env)
			if during := terminal.ReadModes(c.Raw()); !during.Alternate() || !during.Private[bracketedPaste] || during.Keyboard[1] == 0 {
				t.Fatalf("while it runs: alternate screen %v, bracketed paste %v, keyboard %v: then the end proves nothing",
					during.Alternate(), during.Private[bracketedPaste], during.Keyboard)
			}
			c.do("act", tt.act(c))
			exit := c.end()
			if exit.Signal != nil || exit.Code != tt.code {
				t.Errorf("ended with code %d, signal %v, want code %d", exit.Code, exit.Signal, tt.code)
			}
			if !exit.Restored {
				t.Error("the line discipline is not as it was")
			}
			after := terminal.ReadModes(c.Raw())
			for _, fault := range unrestored(after) {
				t.Error(fault)
			}
			if strings.Contains(after.OnAlternate, "goroutine") || strings.Contains(after.OnAlternate, "panic") {
				t.Error("the panic was printed on the alternate screen, which is gone now")
			}
			if !strings.Contains(after.OnMain, tt.says) {
				t.Errorf("the shell's screen says %q, want %q in it", after.OnMain, tt.says)
			}
			if asked := asksLate(c.Raw()); len(asked) > 0 {
				t.Errorf("asked after the end, so that the answer is typed into the shell: %q", asked)
			}
			if files := c.leftBehind(); len(files) > 0 {
				t.Errorf("left behind: %v", files)
			}
		})
	}
}

// When the connection is lost there is no terminal to restore, but still a program to end and files to remove.
func testLostConnection(t *testing.T, p programs) {
	c := p.demo(t, terminal.Size{W: 100, H: 30}, nil)
	c.do("hang up", c.Hangup())
	if exit := c.end(); exit.Signal != nil {
		t.Errorf("killed by signal %v", exit.Signal)
	}
	if files := c.leftBehind(); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

// questions are the control sequences that a terminal answers.
var questions = regexp.MustCompile(`\x1b\](?:4;\d+|1\d);\?(?:\x07|\x1b\\)|\x1b\[[>=]?0?c|\x1b\[\??[56]n|\x1b\[\?u|\x1b\[\??\d+\$p|\x1bP\+q`)

// asksLate lists the questions that come after the alternate screen was left.
func asksLate(raw []byte) []string {
	_, after, _ := strings.Cut(string(raw), "\x1b[?1049l")
	return questions.FindAllString(after, -1)
}

// The private modes that a console may set.
const (
	cursorKeys     = 1
	cursorVisible  = 25
	focusReports   = 1004
	bracketedPaste = 2004
	synchronized   = 2026
)

// unrestored lists what a shell would find changed.
func unrestored(m *terminal.Modes) []string {
	var faults []string
	add := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	add(m.Alternate(), "still on the alternate screen")
	if visible, set := m.Private[cursorVisible]; set {
		add(!visible, "the cursor is still hidden")
	}
	for _, mouse := range []int{9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016} {
		add(m.Private[mouse], "mouse mode %d is still on", mouse)
	}
	add(m.Private[bracketedPaste], "bracketed paste is still on")
	add(m.Private[focusReports], "focus reports are still on")
	add(m.Private[cursorKeys], "the cursor keys are still application keys")
	add(m.Private[synchronized], "output is still held back")
	add(m.Keyboard != [2]int{}, "the Kitty keyboard stacks still hold %v entries", m.Keyboard)
	add(m.OtherKeys != 0, "modifyOtherKeys is still %d", m.OtherKeys)
	add(m.CursorStyle > 1, "the cursor's style is still %d", m.CursorStyle)
	add(m.Styled, "text would still be styled")
	add(m.Margins, "a scroll region is still set")
	add(m.Title != "", "the title is still %q", m.Title)
	return faults
}
