// Command claimdeck is a terminal console for total-loss claims.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"claimdeck/cli"
)

// Set at release by the linker.
var (
	version = "dev"
	commit  = ""
	date    = ""
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := untilSignalled()
	defer stop()
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return cli.Run(ctx, &cli.Program{
		Args: os.Args[1:], Self: self, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.LookupEnv,
		Now: time.Now, Version: version, Commit: commit, Date: date,
	})
}

// untilSignalled ends its context at the first signal to end, a lost connection included, and says which it was. A
// second signal ends the process at once.
func untilSignalled() (context.Context, func()) {
	ctx, end := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			if s == os.Interrupt {
				end(cli.ErrInterrupted)
			}
			end(cli.ErrTerminated)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { end(nil) }
}
