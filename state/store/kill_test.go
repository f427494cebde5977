package store_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"claimdeck/state/feed"
	"claimdeck/state/outbox"
	"claimdeck/state/query"
	"claimdeck/state/store"
)

// childEnv makes TestChild the child of a test: "ingest" or "lock", then the folder.
const childEnv = "CLAIMDECK_TEST_CHILD"

// TestChild is no test: it is what the other tests of this file start and kill.
func TestChild(t *testing.T) {
	job, dir, ok := strings.Cut(os.Getenv(childEnv), " ")
	switch {
	case !ok:
		t.Skip("only for the tests that start it as a process of its own")
	case job == "lock":
		holdLocks(t, dir)
	default:
		ingestForever(t, filepath.Join(dir, "store.db"))
	}
}

// ingestForever stores pages of 20 and journals writes until it is killed, and says on stdout what was acknowledged.
func ingestForever(t *testing.T, path string) {
	t.Helper()
	s := openStore(t, path)
	n, err := s.CountActivities(t.Context(), query.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	g := newGenerator(11)
	g.activities(t, n) // goes on where the last one was killed
	for {
		list := g.activities(t, 20)
		cursor := feed.Cursor{ID: list[19].ID, CreatedAt: list[19].CreatedAt}
		if _, err := s.Ingest(t.Context(), feed.Batch{Activities: list, Cursor: &cursor}); err != nil {
			t.Fatal(err)
		}
		n += 20
		if err := s.Insert(t.Context(), outbox.Entry{ID: strconv.Itoa(n), State: outbox.Held, CreatedAt: clock()}); err != nil {
			t.Fatal(err)
		}
		say(t, strconv.Itoa(n))
	}
}

func say(t *testing.T, line string) {
	t.Helper()
	if _, err := io.WriteString(os.Stdout, line+"\n"); err != nil {
		t.Fatal(err)
	}
}

func startChild(t *testing.T, job, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), childEnv+"="+job+" "+dir)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// TestKilledWhileWriting kills a process that writes, several times, and finds everything it acknowledged, in whole
// transactions, in a sound file.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	for round := range 5 {
		cmd, out := startChild(t, "ingest", dir)
		acknowledged := 0
		for range 3 + 7*round {
			if !out.Scan() {
				t.Fatal("the child ended by itself")
			}
			var err error
			if acknowledged, err = strconv.Atoi(out.Text()); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for out.Scan() { // what it said before it died counts too
			if n, err := strconv.Atoi(out.Text()); err == nil {
				acknowledged = n
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Error("the child was not killed")
		}
		checkKilled(t, path, acknowledged)
	}
}

func checkKilled(t *testing.T, path string, acknowledged int) {
	t.Helper()
	checkSound(t, path)
	s := openStore(t, path)
	defer func() { _ = s.Close() }() // closed again by its cleanup
	n, err := s.CountActivities(t.Context(), query.Filter{})
	if err != nil || n < acknowledged || n%20 != 0 {
		t.Fatalf("%d activities, %v; %d were acknowledged", n, err, acknowledged)
	}
	list := newGenerator(11).activities(t, n)
	cursor, _, err := s.Cursor(t.Context())
	if err != nil || cursor.ID != list[n-1].ID {
		t.Errorf("cursor %+v, %v, want %s", cursor, err, list[n-1].ID)
	}
	for _, a := range list {
		if _, err := s.Activity(t.Context(), a.Key); err != nil {
			t.Fatal(err)
		}
	}
	for id := 20; id <= acknowledged; id += 20 {
		if _, err := s.Entry(t.Context(), strconv.Itoa(id)); err != nil {
			t.Error(err)
		}
	}
}

// checkSound wants a file without damage.
func checkSound(t *testing.T, path string) {
	t.Helper()
	db, err := sqlite3.Open(path)
	must(t, err)
	st, _, err := db.Prepare("PRAGMA integrity_check")
	must(t, err)
	if !st.Step() || st.ColumnText(0) != "ok" {
		t.Errorf("integrity: %s, %v", st.ColumnText(0), st.Err())
	}
	must(t, st.Close())
	must(t, db.Close())
}

// holdLocks registers as an instance and as the poller, says its id, and waits to be killed.
func holdLocks(t *testing.T, dir string) {
	t.Helper()
	i, err := store.NewInstance(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := store.PollerLock(dir)(); !ok {
		t.Fatal("the poller's lock is taken")
	}
	say(t, i.ID())
	<-t.Context().Done()
}

func TestLocksVanishWithTheirProcess(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	cmd, out := startChild(t, "lock", dir)
	if !out.Scan() {
		t.Fatal("the child said nothing")
	}
	theirs := out.Text()
	us, err := store.NewInstance(dir)
	must(t, err)
	lead := store.PollerLock(dir)
	if !us.Alive(theirs) || !us.Alive(us.ID()) || us.ID() == theirs {
		t.Errorf("alive: theirs %t, ours %t", us.Alive(theirs), us.Alive(us.ID()))
	}
	if _, ok := lead(); ok {
		t.Error("two pollers")
	}
	for _, id := range []string{"", "nobody", "../" + theirs, "0197a1b2-0000-7000-8000-000000000000"} {
		if us.Alive(id) {
			t.Errorf("%q is alive", id)
		}
	}
	must(t, cmd.Process.Kill())
	_ = cmd.Wait() // it says that it was killed
	if us.Alive(theirs) {
		t.Error("a dead process is alive")
	}
	release, ok := lead()
	if !ok {
		t.Fatal("the lock of a dead process holds")
	}
	if _, ok := store.PollerLock(dir)(); ok {
		t.Error("two pollers")
	}
	release()
	if release, ok = lead(); !ok {
		t.Fatal("a released lock holds")
	}
	release()
	closeInstances(t, dir, us)
}

func closeInstances(t *testing.T, dir string, us *store.Instance) {
	t.Helper()
	other, err := store.NewInstance(dir) // tidies up after the dead one
	must(t, err)
	files, err := filepath.Glob(filepath.Join(dir, "instances", "*.lock"))
	if err != nil || len(files) != 2 {
		t.Errorf("files left: %v, %v", files, err)
	}
	must(t, other.Close())
	if us.Alive(other.ID()) {
		t.Error("an instance that closed is alive")
	}
	must(t, us.Close())
	if us.Alive(us.ID()) {
		t.Error("we closed and are alive")
	}
}
