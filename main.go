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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
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
