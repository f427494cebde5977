package cli_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"claimdeck/cli"
)

// runner is a program of a script that runs until it is interrupted.
type runner struct {
	cmd      *exec.Cmd
	out, err output
}

func newRunner(cmd *exec.Cmd) *runner {
	r := &runner{cmd: cmd, out: output{more: make(chan struct{}, 1)}, err: output{more: make(chan struct{}, 1)}}
	cmd.Stdout, cmd.Stderr = &r.out, &r.err
	return r
}

// output is what a program has printed so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // holds one when there is more than was looked at
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.more <- struct{}{}:
	default:
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// runners returns the programs of the script; script puts them there.
func runners(ts *testscript.TestScript) map[string]*runner {
	all, ok := ts.Value("runners").(map[string]*runner)
	if !ok {
		ts.Fatalf("the script has no place for programs")
	}
	return all
}

// begin starts a program that goes on: begin NAME COMMAND...
func begin(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: begin NAME COMMAND...")
	}
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	ctx, stop := context.WithCancel(context.Background())
	r := newRunner(exec.CommandContext(ctx, path, args[2:]...))
	r.cmd.Dir = ts.MkAbs(".")
	names := []string{
		"CLAIMDECK_HOME", "CLAIMDECK_LOSSEXPRESS_URL", "CLAIMDECK_LOSSEXPRESS_CLIENT_ID", "CLAIMDECK_LOSSEXPRESS_SECRET",
		"TEST_KEYRING", "TZ", "HOME", "PATH", "GORACE",
	}
	for _, name := range slices.AppendSeq(names, maps.Keys(cli.SideEnvironment("", "", ""))) {
		r.cmd.Env = append(r.cmd.Env, name+"="+ts.Getenv(name))
	}
	ts.Check(r.cmd.Start())
	ts.Defer(func() { // a script that failed did not interrupt it
		stop()
		_ = r.cmd.Wait()
	})
	runners(ts)[args[0]] = r
}

// until waits until a program has printed what a pattern matches, and puts its first group into a variable:
// until NAME PATTERN [VARIABLE]
func until(of func(*runner) *output) func(ts *testscript.TestScript, neg bool, args []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < 2 || len(args) > 3 {
			ts.Fatalf("usage: until NAME PATTERN [VARIABLE]")
		}
		r := runners(ts)[args[0]]
		re, err := regexp.Compile("(?m)" + args[1])
		ts.Check(err)
		m := of(r).await(re)
		if m == nil {
			ts.Fatalf("%s never printed %s, but %s\nand %s", args[0], args[1], r.out.String(), r.err.String())
		}
		if len(args) == 3 {
			ts.Setenv(args[2], m[len(m)-1])
		}
	}
}

// await waits until what was printed matches, and returns the match with its groups; nil when it never does.
func (o *output) await(re *regexp.Regexp) []string {
	late := time.After(patienceOfScripts)
	for {
		if m := re.FindStringSubmatch(o.String()); m != nil {
			return m
		}
		select {
		case <-o.more:
		case <-late:
			return nil
		}
	}
}

// patienceOfScripts is how long a program may take for one thing; only a script that fails takes it.
const patienceOfScripts = 30 * time.Second

// interrupt ends a program as ctrl+c does, demands its exit code, and leaves what it printed in NAME.out:
// interrupt NAME CODE
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: interrupt NAME CODE")
	}
	r := runners(ts)[args[0]]
	ts.Check(r.cmd.Process.Signal(os.Interrupt))
	_ = r.cmd.Wait() // its code is looked at
	if code := r.cmd.ProcessState.ExitCode(); strconv.Itoa(code) != args[1] {
		ts.Fatalf("%s exited with %d, want %s\n%s", args[0], code, args[1], r.err.String())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".out"), []byte(r.out.String()), 0o600))
}
