package tui_test

import (
	"flag"
	"os"
	"os/signal"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the runtime's signal goroutine begin outside of every bubble: programs in bubbles would take it in.
func TestMain(m *testing.M) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	signal.Stop(c)
	flag.Parse()
	if f := flag.Lookup("test.bench"); f != nil && f.Value.String() != "" {
		m.Run() // benchmarks leave clocks behind that tick for minutes
		return
	}
	// The program on a terminal device runs in real time, and leaves clocks behind that tick for half a minute. All others
	// run in bubbles, which let nothing behind.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("charm.land/bubbletea/v2.Tick.func1"),
		goleak.IgnoreAnyFunction("charm.land/bubbletea/v2.(*Program).execBatchMsg"))
}
