package picker

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// refusal says in plain words why a folder cannot be listed, without the system's own repetition of its name.
type refusal struct {
	words string
	cause error
}

func (r refusal) Error() string { return r.words }
func (r refusal) Unwrap() error { return r.cause }

// ReadDir lists the folders and regular files of a folder of this computer; it is the usual Source.ReadDir. Names
// that vanish while it reads are left out, and so are devices and pipes, which would never end; a link is what it
// points to. Errors name the folder and say why it cannot be listed; they wrap fs.ErrNotExist or fs.ErrPermission.
func ReadDir(dir string) ([]Entry, error) {
	found, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, refusal{"there is no folder " + dir, err}
	case errors.Is(err, fs.ErrPermission):
		return nil, refusal{"you may not look into " + dir, err}
	case err != nil && len(found) == 0:
		return nil, refusal{"cannot list " + dir + ": " + err.Error(), err}
	}
	entries := make([]Entry, 0, len(found))
	for _, f := range found {
		info, err := os.Stat(filepath.Join(dir, f.Name()))
		if err != nil || (!info.IsDir() && !info.Mode().IsRegular()) {
			continue
		}
		entries = append(entries, Entry{Name: f.Name(), Dir: info.IsDir(), Size: info.Size(), ModTime: info.ModTime()})
	}
	return entries, nil
}
