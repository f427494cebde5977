//go:build !windows

package terminal

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// Size of a terminal in cells.
type Size struct{ W, H int }

// Options say how a program is run.
type Options struct {
	Size  Size
	Env   []string // the whole environment, "KEY=VALUE"
	Dir   string   // working directory; empty: the caller's
	Light bool     // the terminal's background is white, and it says so when it is asked
}

// Terminal is a running program and the screen that it draws.
type Terminal struct {
	cmd    *exec.Cmd
	master *os.File
	tty    *os.File    // kept open until the program has ended, to see the line discipline that it leaves
	before *term.State // of the line discipline

	mu      sync.Mutex // of em, raw, changed and the end of tty; never held while a reply is read
	em      *vt.Emulator
	raw     []byte
	changed chan struct{} // closed at the next output

	ended chan struct{} // the program has ended and all of its output was read
	exit  Exit
	pumps sync.WaitGroup
}

// Exit is how a program ended.
type Exit struct {
	Code     int       // -1: by a signal
	Signal   os.Signal // the signal that killed it; nil: it ended by itself
	Restored bool      // the line discipline is as it was before the start
}

// Start runs a program in a new terminal. Close must be called.
func Start(ctx context.Context, path string, args []string, o Options) (*Terminal, error) {
	master, tty, err := pty.Open()
	if err != nil {
		return nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	t := &Terminal{
		master: master, tty: tty, em: vt.NewEmulator(o.Size.W, o.Size.H),
		changed: make(chan struct{}), ended: make(chan struct{}),
	}
	if o.Light {
		t.em.SetDefaultBackgroundColor(color.White)
		t.em.SetDefaultForegroundColor(color.Black)
	}
	if err := t.start(ctx, path, args, o); err != nil {
		return nil, errors.Join(err, t.master.Close(), tty.Close())
	}
	t.pump()
	return t, nil
}

func (t *Terminal) start(ctx context.Context, path string, args []string, o Options) error {
	if err := t.unblock(); err != nil {
		return err
	}
	if err := setSize(t.tty, o.Size); err != nil {
		return err
	}
	before, err := term.GetState(int(t.tty.Fd()))
	if err != nil {
		return fmt.Errorf("read the line discipline: %w", err)
	}
	t.before = before
	t.cmd = exec.CommandContext(ctx, path, args...) //nolint:gosec // to run a program is what this is for
	t.cmd.Stdin, t.cmd.Stdout, t.cmd.Stderr = t.tty, t.tty, t.tty
	t.cmd.Env, t.cmd.Dir = o.Env, o.Dir
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} // the terminal's own session, as at a login
	if err := t.cmd.Start(); err != nil {
		return fmt.Errorf("start the program: %w", err)
	}
	return nil
}

// unblock makes reads of the terminal end when it is closed. The library leaves it in a mode in which they would wait
// for the program, and the closing for them.
func (t *Terminal) unblock() error {
	syscall.ForkLock.RLock() // no program that starts now may inherit it
	fd, err := syscall.Dup(int(t.master.Fd()))
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return fmt.Errorf("duplicate the terminal: %w", err)
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		return errors.Join(fmt.Errorf("unblock the terminal: %w", err), syscall.Close(fd))
	}
	blocking := t.master
	t.master = os.NewFile(uintptr(fd), "terminal")
	return blocking.Close()
}

func setSize(tty *os.File, s Size) error {
	size := pty.Winsize{Cols: uint16(s.W), Rows: uint16(s.H)} //nolint:gosec // sizes of terminals are small
	if err := pty.Setsize(tty, &size); err != nil {
		return fmt.Errorf("set the terminal's size: %w", err)
	}
	return nil
}

// pump moves output to the emulator and its answers back, and notices the end.
func (t *Terminal) pump() {
	replies := make(chan []byte, 1024) // more than a program asks for before it reads: nobody waits for anybody
	t.pumps.Go(func() {
		defer close(replies)
		buf := make([]byte, 4096)
		for {
			n, err := t.em.Read(buf)
			if err != nil {
				return
			}
			replies <- slices.Clone(buf[:n])
		}
	})
	t.pumps.Go(func() {
		for reply := range replies {
			_, _ = t.master.Write(reply) // a program that has ended needs no answer
		}
	})
	read := make(chan struct{})
	t.pumps.Go(func() {
		defer close(read)
		_, _ = io.Copy(screen{t}, t.master) // the end of the terminal is an error on some systems
	})
	t.pumps.Go(func() {
		defer close(t.ended)
		_ = t.cmd.Wait() // its error only repeats the state
		t.exit = exitOf(t.cmd.ProcessState)
		if after, err := term.GetState(int(t.tty.Fd())); err == nil {
			t.exit.Restored = sameState(t.before, after)
		}
		t.mu.Lock()
		_ = t.tty.Close() // only then does the reader come to an end
		t.mu.Unlock()
		<-read
	})
}

func exitOf(s *os.ProcessState) Exit {
	e := Exit{Code: s.ExitCode()}
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		e.Signal = w.Signal()
	}
	return e
}

// screen is the side of the terminal that the program writes to.
type screen struct{ t *Terminal }

func (s screen) Write(p []byte) (int, error) {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	s.t.raw = append(s.t.raw, p...)
	n, err := s.t.em.Write(p)
	close(s.t.changed)
	s.t.changed = make(chan struct{})
	return n, err
}

// Type sends bytes as if they were typed: "q", "\x1b[B" (down), "\x10" (ctrl+p).
func (t *Terminal) Type(keys string) error {
	if _, err := io.WriteString(t.master, keys); err != nil {
		return fmt.Errorf("type: %w", err)
	}
	return nil
}

// Resize changes the size of the terminal; the program is told by a signal.
func (t *Terminal) Resize(s Size) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.em.Resize(s.W, s.H)
	return setSize(t.tty, s)
}

// Signal sends a signal to the program.
func (t *Terminal) Signal(s os.Signal) error {
	if err := t.cmd.Process.Signal(s); err != nil {
		return fmt.Errorf("signal the program: %w", err)
	}
	return nil
}

// Hangup takes the terminal away, as a lost connection does.
func (t *Terminal) Hangup() error {
	if err := t.master.Close(); err != nil {
		return fmt.Errorf("hang up: %w", err)
	}
	return nil
}

// Screen returns a copy of the screen as it is now.
func (t *Terminal) Screen() *Screen {
	t.mu.Lock()
	defer t.mu.Unlock()
	return capture(t.em)
}

// Raw returns all bytes that the program has written so far.
func (t *Terminal) Raw() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.raw)
}

// Until waits until ok holds of the screen. The error says why it never will: ctx or the program ended.
func (t *Terminal) Until(ctx context.Context, ok func(*Screen) bool) error {
	for {
		t.mu.Lock()
		now, next := capture(t.em), t.changed
		t.mu.Unlock()
		if ok(now) {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return fmt.Errorf("%w; the screen:\n%s", ctx.Err(), now)
		case <-t.ended:
			if last := t.Screen(); !ok(last) {
				return fmt.Errorf("the program ended with code %d; the screen:\n%s", t.exit.Code, last)
			}
			return nil
		}
	}
}

// Settle waits until the program has written nothing for a while.
func (t *Terminal) Settle(ctx context.Context, quiet time.Duration) error {
	for {
		t.mu.Lock()
		next := t.changed
		t.mu.Unlock()
		calm := time.NewTimer(quiet)
		select {
		case <-next:
			calm.Stop()
		case <-calm.C:
			return nil
		case <-t.ended:
			calm.Stop()
			return nil
		case <-ctx.Done():
			calm.Stop()
			return ctx.Err()
		}
	}
}

// Wait waits until the program has ended and all of its output was read.
func (t *Terminal) Wait(ctx context.Context) (Exit, error) {
	select {
	case <-t.ended:
		return t.exit, nil
	case <-ctx.Done():
		return Exit{}, fmt.Errorf("the program still runs: %w; the screen:\n%s", ctx.Err(), t.Screen())
	}
}

// Close kills the program if it still runs and frees the terminal.
func (t *Terminal) Close() {
	_ = t.cmd.Process.Kill() // it may have ended already
	<-t.ended
	if in, ok := t.em.InputPipe().(io.Closer); ok {
		_ = in.Close() // ends the reading of replies
	}
	_ = t.master.Close()
	t.pumps.Wait()
}
