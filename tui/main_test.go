package tui_test

import (
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
	goleak.VerifyTestMain(m)
}
