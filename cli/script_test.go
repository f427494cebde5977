package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/zalando/go-keyring"

	"claimdeck/cli"
	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/feed"
	"claimdeck/state/secret"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"claimdeck": claimdeck})
}

// The account of the scripts' sandbox.
const (
	scriptID     = "ACME-7"
	scriptSecret = "never-to-be-seen-4711"
)

// hurry is how many times faster than in life the program waits in scripts.
const hurry = 100

// claimdeck is the program as main makes it, but for its keyring, which is a folder, and its patience.
func claimdeck() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	wrong, _ := time.ParseDuration(os.Getenv("TEST_CLOCK")) // how far the clock of this machine is ahead
	code := cli.Run(ctx, &cli.Program{
		Args: os.Args[1:], Self: os.Args[0], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.LookupEnv,
		Now: func() time.Time { return time.Now().Add(wrong) }, Version: "1.2.3", Commit: "abcdef0", Date: "2026-01-02", PhraseCost: 4,
		Pace:    feed.Pace{Normal: 20 * time.Millisecond, Max: 40 * time.Millisecond},
		Keyring: folderKeyring(os.Getenv("TEST_KEYRING")),
		Wait: func(ctx context.Context, d time.Duration) error {
			select {
			case <-time.After(d / hurry):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		},
	})
	stop()
	if file := os.Getenv("TEST_MEMORY"); file != "" { // who wants to know how much it took
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		_ = os.WriteFile(file, strconv.AppendUint(nil, m.Sys, 10), 0o600) // it is missed by who looks for it
	}
	os.Exit(code) //nolint:forbidigo // this is main, in a process of its own
}

// folderKeyring is a keyring that outlives the process: a file a secret.
type folderKeyring string

func (k folderKeyring) path(service, user string) string {
	return filepath.Join(string(k), strings.ReplaceAll(service+"@"+user, "/", "_"))
}

// noKeyring is the folder of a machine without a keyring.
const noKeyring = folderKeyring("none")

var errNoKeyring = fmt.Errorf("%w: none on this machine", secret.ErrKeyring)

func (k folderKeyring) Get(service, user string) (string, error) {
	if k == noKeyring {
		return "", errNoKeyring
	}
	data, err := os.ReadFile(k.path(service, user))
	if errors.Is(err, fs.ErrNotExist) {
		return "", keyring.ErrNotFound
	}
	return string(data), err
}

func (k folderKeyring) Set(service, user, password string) error {
	return os.WriteFile(k.path(service, user), []byte(password), 0o600)
}

func (k folderKeyring) Delete(service, user string) error {
	err := os.Remove(k.path(service, user))
	if errors.Is(err, fs.ErrNotExist) {
		return keyring.ErrNotFound
	}
	return err
}

// service is the sandbox of one script: all four systems on one address.
type service struct {
	*lossexpress.Server
	sides   cli.Sides
	base    string
	arrived chan struct{} // holds one when a request met a fault of InsCipher
	end     func()
}

// serve serves a sandbox until the end of the script, and tells the script about it.
func serve(env *testscript.Env) error {
	s, vars, err := start(env.WorkDir)
	if err != nil {
		return err
	}
	env.Defer(s.end)
	env.Values["service"], env.Values["runners"] = s, map[string]*runner{}
	for name, value := range vars {
		env.Setenv(name, value)
	}
	env.Setenv("SECRET", scriptSecret)
	return nil
}

// start starts a sandbox for a program that lives in dir, and returns the environment that makes it use both.
func start(dir string) (s service, env map[string]string, err error) {
	s = service{arrived: make(chan struct{}, 1), Server: lossexpress.New(lossexpress.Options{Seed: 7, Now: time.Now, ClientID: scriptID, Secret: scriptSecret})}
	web := httptest.NewUnstartedServer(nil)
	s.base = "http://" + web.Listener.Addr().String()
	s.sides, web.Config.Handler = cli.NewSides(s.base, scriptID, scriptSecret, s)
	web.Start()
	s.end = func() { web.Close(); s.Close() }
	if env, err = s.seed(); err != nil {
		return s, nil, err
	}
	maps.Copy(env, map[string]string{
		"CLAIMDECK_HOME": filepath.Join(dir, "home"), "TEST_KEYRING": filepath.Join(dir, "keyring"),
		"CLAIMDECK_LOSSEXPRESS_URL": web.URL, "CLAIMDECK_LOSSEXPRESS_CLIENT_ID": scriptID, "CLAIMDECK_LOSSEXPRESS_SECRET": scriptSecret,
		"TZ": "UTC", "HOME": dir,
		"GORACE": "atexit_sleep_ms=0", // otherwise every program under the race detector takes a second to end
	})
	return s, env, os.Mkdir(filepath.Join(dir, "keyring"), 0o700)
}

// seed adds the claims that the scripts and the examples of the help name.
func (s service) seed() (ids map[string]string, err error) {
	papers := []string{"settlement breakdown", "valuation report"}
	at := time.Now().Add(-3 * time.Hour)
	fields := func(settlement string) map[string]json.RawMessage {
		return map[string]json.RawMessage{
			"settlementAmount": json.RawMessage(settlement), "accountNumber": json.RawMessage(`"123456789"`),
			"ownersPhoneNumber": json.RawMessage(`"+15555550142"`), "ownersName": json.RawMessage(`"Dana Whitfield"`),
		}
	}
	add := func(number, vin, settlement string, documents []string) string {
		return s.AddClaim(lossexpress.ClaimSeed{
			ClaimNumber: number, VIN: vin, LenderName: "Ally Financial", CreatedAt: at, Documents: documents, Fields: fields(settlement),
		})
	}
	ids = map[string]string{
		"EX1001": add("EX-1001", "1FAHP3EN7BW114135", "18250.10", papers),
		"EX1002": add("EX-1002", "1HGCV1F34LA000001", "9000", nil),
		"EX1003": add("EX-1003", "2T3P1RFV8MC000003", "21000.5", papers),
		"EX1004": add("EX-1004", "2T3P1RFV8MC000003", "21000.5", papers),
	}
	return ids, errors.Join(
		s.Trigger(ids["EX1001"], "settlement-counter-added"), s.Trigger(ids["EX1003"], "payoff-data-added"))
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Defer(func() {
				if found := leaks(env.WorkDir); len(found) > 0 {
					env.T().Fatal("the secret is in ", found)
				}
			})
			return serve(env)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "sandbox": sandbox, "pick": pick, "json": checkJSON, "jsonlines": checkLines,
			"begin": begin, "interrupt": interrupt, "remote": remote,
			"until":    until(func(r *runner) *output { return &r.out }),
			"untilerr": until(func(r *runner) *output { return &r.err }),
		},
		RequireUniqueNames: true,
	})
}

// leaks lists the files that hold the secret, outside of the keyring and of the script's own input.
func leaks(dir string) (found []string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if data, err := os.ReadFile(path); err == nil && bytes.Contains(data, []byte(scriptSecret)) &&
			filepath.Base(filepath.Dir(path)) != "keyring" && d.Name() != "secret.txt" {
			found = append(found, path)
		}
		return nil
	})
	return found
}

// exits runs a command and demands its exit code: exits CODE COMMAND...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	code := "0"
	err := ts.Exec(args[1], args[2:]...)
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		code = strconv.Itoa(e.ExitCode())
	} else {
		ts.Check(err)
	}
	if code != args[0] {
		ts.Fatalf("%s exited with %s, want %s", strings.Join(args[1:], " "), code, args[0])
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if strings.Contains(ts.ReadFile(stream), scriptSecret) {
			ts.Fatalf("the secret is on %s", stream)
		}
	}
}

// sandbox turns the switches of the script's sandbox, and looks into it.
func sandbox(ts *testscript.TestScript, neg bool, args []string) {
	s, ok := ts.Value("service").(service)
	if !ok || neg || len(args) == 0 {
		ts.Fatalf("usage: sandbox fault|calm|refuse|accept|revoke|emit|truth|wrote")
	}
	switch verb, args := args[0], args[1:]; {
	case verb == "fault" && len(args) == 3: // fault KIND[-after] METHOD PATH
		name, after := strings.CutSuffix(args[0], "-after")
		kind := lossexpress.FaultNone
		for k := lossexpress.FaultNone; k <= lossexpress.FaultHTMLOK; k++ {
			if k.String() == name {
				kind = k
			}
		}
		s.Inject(lossexpress.Fault{Kind: kind, Method: args[1], PathPrefix: args[2], After: after, Times: -1})
	case verb == "calm":
		s.ClearFaults()
	case verb == "refuse", verb == "accept": // any credentials
		s.Change(func(b *lossexpress.Behaviour) { b.TokenRefused = verb == "refuse" })
		s.RevokeTokens()
	case verb == "emit" && len(args) == 2: // emit CLAIM-ID TYPE
		ts.Check(s.Trigger(args[0], args[1]))
	case verb == "truth" && len(args) == 1: // truth FILE: the feed, oldest first
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), append(bytes.Join(rawLines(s.Truth()), []byte("\n")), '\n'), 0o600))
	case verb == "wrote": // wrote KIND...: exactly these effects so far
		var kinds []string
		for _, w := range s.Writes() {
			kinds = append(kinds, w.Kind)
		}
		if strings.Join(kinds, " ") != strings.Join(args, " ") {
			ts.Fatalf("the effects were %q, want %q", kinds, args)
		}
	default:
		ts.Fatalf("sandbox %s %q?", verb, args)
	}
}

func rawLines(raw []json.RawMessage) [][]byte {
	lines := make([][]byte, len(raw))
	for i := range raw {
		lines[i] = raw[i]
	}
	return lines
}
