package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
)

// Instance is this process as others see it: a lock that vanishes with the process, however it dies.
type Instance struct {
	dir  string
	id   string
	lock *flock.Flock
}

// NewInstance registers this process in dir (created if need be), and removes what dead ones left there.
func NewInstance(dir string) (*Instance, error) {
	dir = filepath.Join(dir, "instances")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("register this process: %w", err)
	}
	var problem error
	for range 8 { // another process that tidies up may take a file between its creation and its lock
		i, err := register(dir)
		if err == nil {
			i.sweep()
			return i, nil
		}
		problem = err
	}
	return nil, fmt.Errorf("register this process in %s: %w", dir, problem)
}

func register(dir string) (*Instance, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	i := &Instance{dir: dir, id: id.String()}
	i.lock = flock.New(i.path(i.id), flock.SetPermissions(0o600))
	if locked, err := i.lock.TryLock(); err != nil || !locked {
		return nil, fmt.Errorf("lock %s: %w", i.path(i.id), errors.Join(err, ErrBusy))
	}
	ours, err := i.lock.Stat()
	if err == nil {
		var there fs.FileInfo
		if there, err = os.Stat(i.path(i.id)); err == nil && !os.SameFile(ours, there) {
			err = fs.ErrNotExist
		}
	}
	if err != nil {
		return nil, errors.Join(err, i.lock.Close())
	}
	return i, nil
}

func (i *Instance) path(id string) string { return filepath.Join(i.dir, id+".lock") }

// ID names this process; it is never used again.
func (i *Instance) ID() string { return i.id }

// Alive reports whether the process of an id still runs. In doubt it does: what it was sending is then left to it.
func (i *Instance) Alive(id string) bool {
	if id == i.id {
		return i.lock.Locked()
	}
	if uuid.Validate(id) != nil {
		return false
	}
	path := i.path(id)
	if _, err := os.Stat(path); err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	// A shared lock: two processes that ask at once must not take each other for the one they ask about.
	probe := flock.New(path, flock.SetFlag(os.O_RDONLY))
	free, err := probe.TryRLock()
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	if free {
		_ = probe.Close() // nothing depends on it
	}
	return !free
}

// sweep removes the files of processes that died.
func (i *Instance) sweep() {
	entries, err := os.ReadDir(i.dir)
	if err != nil {
		return // only tidiness is lost
	}
	for _, e := range entries {
		id, isLock := cutLock(e.Name())
		if isLock && id != i.id && !i.Alive(id) {
			_ = os.Remove(i.path(id)) // as above
		}
	}
}

func cutLock(name string) (id string, ok bool) {
	if filepath.Ext(name) != ".lock" {
		return "", false
	}
	return name[:len(name)-len(".lock")], true
}

// Close ends the registration: Alive is false for its id from then on.
func (i *Instance) Close() error {
	if err := i.lock.Close(); err != nil {
		return fmt.Errorf("unregister this process: %w", err)
	}
	if err := os.Remove(i.path(i.id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("unregister this process: %w", err)
	}
	return nil
}

// PollerLock returns what makes one process of a machine the poller of the profile in dir: a try that never
// waits, with the release of what it got. The lock vanishes with the process. Where the file system knows no
// locks every process polls, which costs requests but stores nothing twice.
func PollerLock(dir string) func() (release func(), ok bool) {
	path := filepath.Join(dir, "poller.lock")
	return func() (release func(), ok bool) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return func() {}, true
		}
		lock := flock.New(path, flock.SetPermissions(0o600))
		locked, err := lock.TryLock()
		switch {
		case err != nil:
			return func() {}, true
		case !locked:
			return nil, false
		}
		return func() { _ = lock.Close() }, true // it also ends with the process
	}
}
