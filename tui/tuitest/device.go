package tuitest

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/creack/pty"
)

// device is what stands between a program and the emulator.
type device struct {
	in    io.Reader      // the program reads keys
	out   io.Writer      // and writes its screen
	keys  io.WriteCloser // where keys are put
	close func()
}

// Pty puts a terminal device between the program and the emulator, which the programs that it runs get too. Where the
// system has none the test is skipped. Such a program runs in real time: it is not for bubbles.
func Pty() Option { return func(t *Term) { t.pty = true } }

func (t *Term) connect(w, h int, pump *sync.WaitGroup) device {
	t.tb.Helper()
	if !t.pty {
		in, out := io.Pipe()
		return device{in: in, out: feedsLines{t}, keys: out, close: func() { _ = in.Close() }}
	}
	master, tty, err := pty.Open()
	if errors.Is(err, pty.ErrUnsupported) {
		t.tb.Skip("this system has no terminal devices: ", err)
	}
	if err != nil {
		t.tb.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil { //nolint:gosec // the size of a test
		t.tb.Fatal(err)
	}
	pump.Go(func() { _, _ = io.Copy(t, master) }) // it ends with an error, when the device is closed
	return device{in: tty, out: tty, keys: master, close: func() { _ = tty.Close() }}
}

// feedsLines is a terminal without a line discipline. As the program's input is no terminal in raw mode, the renderer
// counts on one that begins a new line at the left: so line feeds get their carriage return here.
type feedsLines struct{ *Term }

func (f feedsLines) Write(p []byte) (int, error) {
	if _, err := f.write(p, bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}
