package tuitest

import (
	"context"
	"errors"
	"image/color"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"
)

// deadline is how long a wait may take; only a test that fails takes it.
const deadline = 10 * time.Second

// A wait looks again after soon, then more and more seldom up to late, as looking costs more than waiting. quiet is how
// long nothing may happen until a program counts as idle: more than two frames.
const (
	soon  = time.Millisecond
	late  = 20 * time.Millisecond
	quiet = 40 * time.Millisecond
	fps   = 120
)

// Option changes the terminal that Start makes.
type Option func(*Term)

// Light gives the terminal a white background, which it tells programs that ask.
func Light() Option { return func(t *Term) { t.light = true } }

// Busy adds a condition to WaitIdle: while f reports true (tasks are running), the program is not idle. f must be
// safe to call from the test's goroutine.
func Busy(f func() bool) Option { return func(t *Term) { t.busy = f } }

// Profile sets what colours the terminal has; without it, all.
func Profile(p colorprofile.Profile) Option { return func(t *Term) { t.profile = p } }

// Env adds variables to the program's environment, "KEY=VALUE".
func Env(vars ...string) Option { return func(t *Term) { t.env = append(t.env, vars...) } }

// Term is a real program in a terminal emulator: real input decoding, real renderer, a real screen.
type Term struct {
	tb      testing.TB
	light   bool
	busy    func() bool
	profile colorprofile.Profile
	env     []string
	pty     bool

	mu  sync.Mutex // of em and raw; never held while a reply is read
	em  *vt.Emulator
	raw []byte

	replies *queue
	program *tea.Program
	seen    *counts
	done    chan struct{} // the program ended
	model   tea.Model
	err     error
}

// Start runs model in a terminal of w×h cells and returns once it has been told its size. The program is stopped
// when the test ends; a failing test logs the screen.
func Start(tb testing.TB, model tea.Model, w, h int, opts ...Option) *Term {
	tb.Helper()
	t := &Term{
		tb: tb, em: vt.NewEmulator(w, h), replies: newQueue(), seen: &counts{}, done: make(chan struct{}),
		profile: colorprofile.TrueColor, env: []string{"TERM=xterm-256color"},
	}
	for _, o := range opts {
		o(t)
	}
	if t.light {
		t.em.SetDefaultBackgroundColor(color.White)
	}
	var pump sync.WaitGroup
	d := t.connect(w, h, &pump)
	pump.Go(t.collect)
	pump.Go(func() { t.replies.feed(d.keys) })
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	t.program = tea.NewProgram(watched{model, t.seen}, tea.WithContext(ctx), tea.WithInput(d.in), tea.WithOutput(d.out),
		tea.WithWindowSize(w, h), tea.WithColorProfile(t.profile), tea.WithEnvironment(t.env),
		tea.WithoutSignals(), tea.WithFPS(fps))
	go t.run()
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("the screen:\n%s", t.Screen())
		}
		t.program.Quit()
		select {
		case <-t.done:
		case <-time.After(deadline):
			tb.Error("the program did not stop")
		}
		cancel()
		t.replies.close()
		d.close()
		if c, ok := t.em.InputPipe().(io.Closer); ok {
			_ = c.Close() // ends collect
		}
		pump.Wait()
	})
	t.until("the program was told its size", func() bool { return t.seen.sizes.Load() > 0 })
	return t
}

func (t *Term) run() {
	defer close(t.done)
	model, err := t.program.Run()
	if w, ok := model.(watched); ok {
		model = w.Model
	}
	t.model, t.err = model, err
}

// collect takes the emulator's replies and keys as they come. The emulator writes them to a pipe without room, while
// it is locked: whoever held them back would stop the program's output, and then its input.
func (t *Term) collect() {
	buf := make([]byte, 4096)
	for {
		n, err := t.em.Read(buf)
		t.replies.put(buf[:n])
		if err != nil {
			return
		}
	}
}

// Write is the program's output.
func (t *Term) Write(p []byte) (int, error) { return t.write(p, p) }

// write keeps what the program wrote, and shows what the terminal gets.
func (t *Term) write(raw, shown []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.raw = append(t.raw, raw...)
	if _, err := t.em.Write(shown); err != nil {
		return 0, err
	}
	return len(raw), nil
}

// Keys presses keys by their names (see Key), each once the program has seen the one before.
func (t *Term) Keys(names ...string) {
	t.tb.Helper()
	for _, name := range names {
		k := Key(name)
		t.input(name, &t.seen.keys, func() {
			if k.Text != "" {
				t.em.SendText(k.Text)
				return
			}
			t.em.SendKey(vt.KeyPressEvent{Code: k.Code, Mod: k.Mod})
		})
	}
}

// Type types s.
func (t *Term) Type(s string) {
	t.tb.Helper()
	for _, r := range s {
		t.input(string(r), &t.seen.keys, func() { t.em.SendText(string(r)) })
	}
}

// Paste pastes s, bracketed when the program asked for that.
func (t *Term) Paste(s string) {
	t.tb.Helper()
	t.input("a paste", &t.seen.pastes, func() { t.em.Paste(s) })
}

// input sends something and waits until the program has seen it.
func (t *Term) input(what string, n *atomic.Int64, send func()) {
	t.tb.Helper()
	before := n.Load()
	t.mu.Lock()
	send()
	t.mu.Unlock()
	t.until("the program saw "+what, func() bool { return n.Load() > before || t.ended() })
}

// Feed types s for whoever reads the terminal now, such as a program that the program runs. It does not wait.
func (t *Term) Feed(s string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.em.SendText(s)
}

// Send delivers a message to the program, as for keys that the emulator cannot send.
func (t *Term) Send(msg tea.Msg) { t.program.Send(msg) }

// View returns what the model draws now, whatever of it has reached the terminal.
func (t *Term) View() string {
	t.tb.Helper()
	q := ask{make(chan string, 1)}
	t.program.Send(q)
	select {
	case view := <-q.answer:
		return view
	case <-t.done:
	case <-time.After(deadline):
	}
	t.tb.Fatal("the program does not draw")
	return ""
}

// Resize changes the size of the terminal.
func (t *Term) Resize(w, h int) {
	t.tb.Helper()
	before := t.seen.sizes.Load()
	t.mu.Lock()
	t.em.Resize(w, h)
	t.mu.Unlock()
	t.program.Send(tea.WindowSizeMsg{Width: w, Height: h})
	t.until("the program saw its new size", func() bool { return t.seen.sizes.Load() > before || t.ended() })
}

// WaitFor waits until the screen holds text.
func (t *Term) WaitFor(text string) {
	t.tb.Helper()
	t.until("the screen shows "+text, func() bool { return t.Picture().Contains(text) })
}

// WaitGone waits until the screen no longer holds text.
func (t *Term) WaitGone(text string) {
	t.tb.Helper()
	t.until("the screen no longer shows "+text, func() bool { return !t.Picture().Contains(text) })
}

// Until waits until ok; what says what is waited for.
func (t *Term) Until(what string, ok func(s *Screen) bool) {
	t.tb.Helper()
	t.until(what, func() bool { return ok(t.Picture()) })
}

// WaitIdle waits until the program has nothing to do and the screen has come to rest.
func (t *Term) WaitIdle() {
	t.tb.Helper()
	rest := time.NewTimer(quiet)
	defer rest.Stop()
	last := int64(-1)
	t.until("the program is idle", func() bool {
		if t.ended() {
			return true
		}
		if now := t.activity(); now != last || (t.busy != nil && t.busy()) || !t.replies.empty() {
			last = now
			rest.Reset(quiet)
			return false
		}
		select {
		case <-rest.C:
			return true
		default:
			return false
		}
	})
}

// WaitQuit waits until the program has ended and returns its last model and error.
func (t *Term) WaitQuit() (tea.Model, error) {
	t.tb.Helper()
	t.until("the program ended", t.ended)
	return t.model, t.err
}

func (t *Term) ended() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// activity grows with every message and every byte.
func (t *Term) activity() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.seen.all.Load() + int64(len(t.raw))
}

func (t *Term) until(what string, ok func() bool) {
	t.tb.Helper()
	end := time.NewTimer(deadline)
	defer end.Stop()
	pause := soon
	tick := time.NewTimer(pause)
	defer tick.Stop()
	for !ok() {
		select {
		case <-end.C:
			t.tb.Fatalf("waited %v until %s", deadline, what)
		case <-tick.C:
		}
		pause = min(late, pause*5/4+time.Microsecond)
		tick.Reset(pause)
		if t.ended() && t.err != nil && !errors.Is(t.err, tea.ErrInterrupted) && !ok() {
			t.tb.Fatalf("the program ended before %s: %v", what, t.err)
		}
	}
}

// Picture returns the screen as it is now.
func (t *Term) Picture() *Screen {
	t.mu.Lock()
	defer t.mu.Unlock()
	return picture(t.em)
}

// Screen returns the rows of the screen as it is now.
func (t *Term) Screen() string { return t.Picture().String() }

// Cell returns one cell of the screen as it is now.
func (t *Term) Cell(x, y int) Cell { return t.Picture().Cell(x, y) }

// Cursor returns where the terminal's cursor is.
func (t *Term) Cursor() (x, y int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.em.CursorPosition()
	return p.X, p.Y
}

// AltScreen reports whether the program is on the alternate screen.
func (t *Term) AltScreen() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.em.IsAltScreen()
}

// Raw returns all bytes that the program has written to the terminal.
func (t *Term) Raw() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.raw)
}

// Measure returns how many bytes the program writes to the terminal for what f does, until it is idle.
func (t *Term) Measure(f func()) int {
	t.tb.Helper()
	t.WaitIdle()
	before := len(t.Raw())
	f()
	t.WaitIdle()
	return len(t.Raw()) - before
}
