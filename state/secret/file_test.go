package secret

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

func TestPassphrase(t *testing.T) {
	t.Parallel()
	file := writeVault(t, plain, "right")
	answers := func(list ...string) (func(context.Context, Ask) (string, error), *[]Ask) {
		asks := &[]Ask{}
		return func(_ context.Context, a Ask) (string, error) {
			*asks = append(*asks, a)
			return list[min(len(*asks), len(list))-1], nil
		}, asks
	}
	get := func(f func(context.Context, Ask) (string, error)) (Secret, error) {
		s, _, err := NewChain(Options{Keyring: &fakeKeyring{}, File: one(file), Passphrase: f}).Get(t.Context(), "lossexpress", "work")
		return s, err
	}
	f, asks := answers("wrong", "", "right")
	if s, err := get(f); err != nil || s.Reveal() != plain {
		t.Errorf("third attempt: %q, %v", s.Reveal(), err)
	}
	if len(*asks) != 3 || (*asks)[0] != (Ask{Path: file, Attempt: 1}) || (*asks)[2].Attempt != 3 {
		t.Errorf("asked %+v", *asks)
	}
	f, asks = answers("wrong")
	if s, err := get(f); !errors.Is(err, ErrPassphrase) || !s.Empty() || len(*asks) != attempts {
		t.Errorf("only wrong ones: %v after %d", err, len(*asks))
	}
	if _, err := get(nil); !errors.Is(err, ErrPassphrase) || !strings.Contains(err.Error(), "nobody to ask") {
		t.Errorf("nobody to ask: %v", err)
	}
	stop := errors.New("stopped")
	if _, err := get(func(context.Context, Ask) (string, error) { return "", stop }); !errors.Is(err, stop) {
		t.Errorf("a person who gives up: %v", err)
	}
	for name, f := range map[string]func(context.Context, Ask) (string, error){"none": nil, "empty": phrase("")} {
		if err := (vault{filepath.Join(t.TempDir(), "x"), f, 4}).write(t.Context(), New("x")); !errors.Is(err, ErrPassphrase) {
			t.Errorf("%s: write = %v", name, err)
		}
	}
}

func TestFilesOfOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole, err := encrypt(New(plain), "pw", 4)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(whole)
	damaged[len(damaged)-1] ^= 1
	costly := bytes.Replace(whole, []byte(" 4\n"), []byte(" 19\n"), 1) // made to exhaust the reader: 512 MiB
	nothing, err := encrypt(New(""), "pw", 4)
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"text": put("text", []byte("not age")), "empty": put("empty", nil), "cut": put("cut", whole[:len(whole)-3]),
		"damaged": put("damaged", damaged), "costly": put("costly", costly), "for a key": put("key", forKey(t)),
		"no secret": put("nothing", nothing), "huge": put("huge", make([]byte, maxFileSize+1)), "folder": dir,
	} {
		s, err := vault{path, phrase("pw"), 4}.read(t.Context())
		if err == nil || !s.Empty() || errors.Is(err, ErrNotFound) {
			t.Errorf("%s: read = %q, %v", name, s.Reveal(), err)
		}
	}
	if _, err := decrypt(costly, "pw"); err == nil || !strings.Contains(err.Error(), "work factor too large") {
		t.Errorf("a costly file: %v", err)
	}
	_, _, err = NewChain(Options{Keyring: &fakeKeyring{}, File: one(put("text2", []byte("x"))), Passphrase: phrase("pw")}).
		Get(t.Context(), "lossexpress", "work")
	if err == nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "LossExpress") {
		t.Errorf("a broken file passed for a missing one: %v", err)
	}
}

// forKey is a file that is encrypted for a key, not with a passphrase.
func forKey(t *testing.T) []byte {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func BenchmarkDecrypt(b *testing.B) {
	data, err := encrypt(New(plain), "pw", workFactor)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decrypt(data, "pw"); err != nil {
			b.Fatal(err)
		}
	}
}
