// Package atomicfile replaces a file as a whole: after a crash at any instant the old or the new content is there,
// never a part of either.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Write puts data in the place of path, readable and writable by its owner only. Missing folders are made (0700).
// When path is a symbolic link, the file it points to is replaced and the link stays.
func Write(path string, data []byte) error {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		target, err = path, nil
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := replace(dir, target, data); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func replace(dir, target string, data []byte) (err error) {
	f, err := os.CreateTemp(dir, "."+filepath.Base(target)+".*") // made with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // closed already where that is the error
			_ = os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(data); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), target); err != nil {
		return err
	}
	return syncFolder(dir)
}

// syncFolder makes the rename last. Windows does not sync folders; its rename is journaled.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir) //nolint:gosec // the folder of the file that was just written
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
