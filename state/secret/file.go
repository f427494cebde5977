package secret

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"filippo.io/age"

	"claimdeck/state/config/atomicfile"
)

const (
	// workFactor is log2 of scrypt's cost: 128 MiB and about half a second, once a start.
	workFactor = 17
	// maxWorkFactor bounds what a file may ask of us: 256 MiB, age's own default.
	maxWorkFactor = 18
	// attempts is how often a passphrase may be mistyped.
	attempts    = 3
	maxFileSize = 64 << 10
)

// Ask is a question for a passphrase.
type Ask struct {
	Path    string
	New     bool // a new file: ask twice
	Attempt int  // from 1; above 1 the passphrase before was wrong
}

// vault is one file, encrypted with age and a passphrase: "age -d FILE" shows the secret.
type vault struct {
	path       string
	passphrase func(ctx context.Context, a Ask) (string, error)
	workFactor int
}

func (v vault) read(ctx context.Context) (Secret, error) {
	info, err := os.Stat(v.path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return Secret{}, ErrNotFound
		}
		return Secret{}, fmt.Errorf("read the encrypted secret: %w", err)
	}
	if info.Size() > maxFileSize {
		return Secret{}, fmt.Errorf("read the encrypted secret: %s is too large to be one", v.path)
	}
	data, err := os.ReadFile(v.path)
	if err != nil {
		return Secret{}, fmt.Errorf("read the encrypted secret: %w", err)
	}
	if v.passphrase == nil {
		return Secret{}, fmt.Errorf("%w: %s needs one, and there is nobody to ask", ErrPassphrase, v.path)
	}
	for n := 1; ; n++ {
		phrase, err := v.passphrase(ctx, Ask{Path: v.path, Attempt: n})
		if err != nil {
			return Secret{}, fmt.Errorf("ask for the passphrase of %s: %w", v.path, err)
		}
		s, err := decrypt(data, phrase)
		if err == nil || !errors.Is(err, ErrPassphrase) || n == attempts {
			if err != nil {
				err = fmt.Errorf("%s: %w", v.path, err)
			}
			return s, err
		}
	}
}

func decrypt(data []byte, phrase string) (Secret, error) {
	if phrase == "" {
		return Secret{}, ErrPassphrase
	}
	id, err := age.NewScryptIdentity(phrase)
	if err != nil {
		return Secret{}, fmt.Errorf("decrypt: %w", err)
	}
	id.SetMaxWorkFactor(maxWorkFactor)
	r, err := age.Decrypt(bytes.NewReader(data), id)
	if err != nil {
		if errors.Is(err, age.ErrIncorrectIdentity) {
			return Secret{}, ErrPassphrase
		}
		return Secret{}, fmt.Errorf("decrypt: %w", err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return Secret{}, fmt.Errorf("decrypt: the file is damaged: %w", err)
	}
	s := New(strings.TrimRight(string(plain), "\r\n"))
	if s.Empty() {
		return Secret{}, fmt.Errorf("decrypt: %w", ErrEmpty)
	}
	return s, nil
}

func (v vault) write(ctx context.Context, s Secret) error {
	if v.passphrase == nil {
		return fmt.Errorf("%w: %s needs one, and there is nobody to ask", ErrPassphrase, v.path)
	}
	phrase, err := v.passphrase(ctx, Ask{Path: v.path, New: true, Attempt: 1})
	if err != nil {
		return fmt.Errorf("ask for the passphrase of %s: %w", v.path, err)
	}
	if phrase == "" {
		return fmt.Errorf("%w: it must not be empty", ErrPassphrase)
	}
	data, err := encrypt(s, phrase, v.workFactor)
	if err != nil {
		return fmt.Errorf("encrypt the secret: %w", err)
	}
	return atomicfile.Write(v.path, data)
}

func encrypt(s Secret, phrase string, workFactor int) ([]byte, error) {
	to, err := age.NewScryptRecipient(phrase)
	if err != nil {
		return nil, err
	}
	to.SetWorkFactor(workFactor)
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, s.Reveal()+"\n"); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (v vault) remove() error {
	err := os.Remove(v.path)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return ErrNotFound
	default:
		return fmt.Errorf("remove the encrypted secret: %w", err)
	}
}
