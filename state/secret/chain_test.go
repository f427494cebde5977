package secret

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"
)

// fakeKeyring is a keyring in memory. With err, everything fails with it.
type fakeKeyring struct {
	mu     sync.Mutex
	values map[string]string
	err    error
}

func (k *fakeKeyring) do(f func()) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil {
		if k.values == nil {
			k.values = map[string]string{}
		}
		f()
	}
	return k.err
}

func (k *fakeKeyring) Get(service, user string) (v string, err error) {
	ok := false
	if err := k.do(func() { v, ok = k.values[service+":"+user] }); err != nil {
		return "", err
	}
	if !ok {
		return "", keyring.ErrNotFound
	}
	return v, nil
}

func (k *fakeKeyring) Set(service, user, password string) error {
	return k.do(func() { k.values[service+":"+user] = password })
}

func (k *fakeKeyring) Delete(service, user string) error {
	if _, err := k.Get(service, user); err != nil {
		return err
	}
	return k.do(func() { delete(k.values, service+":"+user) })
}

// hangingKeyring answers nothing until it is let go, like one with an unlock dialog open.
type hangingKeyring struct{ letGo chan struct{} }

func (k hangingKeyring) Get(string, string) (string, error) { <-k.letGo; return "late", nil }
func (k hangingKeyring) Set(string, string, string) error   { <-k.letGo; return nil }
func (k hangingKeyring) Delete(string, string) error        { <-k.letGo; return nil }

var errNoBus = errors.New("dial unix /run/user/1000/bus: connect: no such file or directory")

func env(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
}

// one makes a function that gives the same for every system.
func one(v string) func(string) string { return func(string) string { return v } }

func phrase(p string) func(context.Context, Ask) (string, error) {
	return func(context.Context, Ask) (string, error) { return p, nil }
}

// printing is a command that prints a text, on every system.
func printing(text string) string { return "echo " + text }

func writeVault(t *testing.T, s, pass string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secrets", "work", "lossexpress.age")
	if err := (vault{path, phrase(pass), 4}).write(t.Context(), New(s)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestGetAsksInOrder(t *testing.T) {
	t.Parallel()
	file := writeVault(t, "of-file", "pw")
	all := func() Options {
		return Options{
			Env:        env(map[string]string{"CLAIMDECK_LOSSEXPRESS_SECRET": "of-env"}),
			Keyring:    &fakeKeyring{values: map[string]string{"claimdeck:work/lossexpress": "of-keyring"}},
			Command:    one(printing("of-command")),
			File:       one(file),
			Passphrase: phrase("pw"),
		}
	}
	for _, c := range []struct {
		name   string
		change func(*Options)
		want   string
		place  Place
	}{
		{"environment", func(*Options) {}, "of-env", Environment},
		{"keyring", func(o *Options) { o.Env = nil }, "of-keyring", Keyring},
		{"empty variable", func(o *Options) { o.Env = env(map[string]string{"CLAIMDECK_LOSSEXPRESS_SECRET": ""}) }, "of-keyring", Keyring},
		{"command", func(o *Options) { o.Env, o.Keyring = nil, &fakeKeyring{} }, "of-command", Command},
		{"command without keyring", func(o *Options) { o.Env, o.Keyring = nil, &fakeKeyring{err: errNoBus} }, "of-command", Command},
		{"file", func(o *Options) { o.Env, o.Keyring, o.Command = nil, &fakeKeyring{err: errNoBus}, nil }, "of-file", File},
		{"file with an empty keyring", func(o *Options) {
			o.Env, o.Command = nil, nil
			o.Keyring = &fakeKeyring{values: map[string]string{"claimdeck:work/lossexpress": "", "claimdeck:home/lossexpress": "x"}}
		}, "of-file", File},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := all()
			c.change(&o)
			s, from, err := NewChain(o).Get(t.Context(), "lossexpress", "work")
			if err != nil || s.Reveal() != c.want || from.Place != c.place {
				t.Errorf("Get = %q from %v, %v, want %q", s.Reveal(), from, err, c.want)
			}
		})
	}
}

func TestGetOfNothingSaysWhatToDo(t *testing.T) {
	t.Parallel()
	missingFile := one(filepath.Join(t.TempDir(), "none.age"))
	_, from, err := NewChain(Options{Keyring: &fakeKeyring{}, File: missingFile}).Get(t.Context(), "lossexpress", "work")
	if !errors.Is(err, ErrNotFound) || errors.Is(err, ErrKeyring) || from != (Origin{}) {
		t.Errorf("with an empty keyring: %v", err)
	}
	want := "secret of LossExpress in profile work: no secret stored: run claimdeck login, or set CLAIMDECK_LOSSEXPRESS_SECRET"
	if err.Error() != want {
		t.Errorf("message %q", err)
	}
	_, _, err = NewChain(Options{Keyring: &fakeKeyring{err: errNoBus}}).Get(t.Context(), "inscipher", "work")
	if !errors.Is(err, ErrNotFound) || !errors.Is(err, ErrKeyring) || !errors.Is(err, errNoBus) {
		t.Errorf("without a keyring: %v", err)
	}
	want = "secret of InsCipher in profile work: no secret stored: keyring unavailable: no keyring on this machine " +
		"(the D-Bus session is gone): set CLAIMDECK_INSCIPHER_SECRET, or secret.command in config.toml, or run claimdeck login inscipher --file"
	if err.Error() != want {
		t.Errorf("message %q", err)
	}
}

func TestKeyringTroublesAreExplained(t *testing.T) {
	t.Parallel()
	for says, want := range map[string]string{
		`The name org.freedesktop.secrets was not provided by any .service files`:        "no secret service is installed",
		`failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'`: "the keyring is locked",
		"dial unix /x: connect: no such file or directory":                               "the D-Bus session is gone",
		"some\x1b[31m new\ntrouble":                                                      "keyring unavailable: some new trouble",
	} {
		err := unavailable(errors.New(says))
		if !errors.Is(err, ErrKeyring) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", says, err, want)
		}
	}
	for cause, want := range map[error]string{
		keyring.ErrUnsupportedPlatform: "this system has no keyring",
		keyring.ErrSetDataTooBig:       "too long",
	} {
		if err := unavailable(cause); !errors.Is(err, cause) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", cause, err)
		}
	}
}

func TestAKeyringThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := hangingKeyring{make(chan struct{})}
		defer close(k.letGo) // synctest waits for the call to end
		c := NewChain(Options{Keyring: k})
		start := time.Now()
		_, _, err := c.Get(t.Context(), "lossexpress", "work")
		if !errors.Is(err, ErrKeyring) || !strings.Contains(err.Error(), "no answer within 3s") {
			t.Errorf("Get = %v", err)
		}
		if took := time.Since(start); took != getLimit {
			t.Errorf("Get waited %v", took)
		}
		if _, err := c.Set(t.Context(), "lossexpress", "work", New(plain)); !errors.Is(err, ErrKeyring) {
			t.Errorf("Set = %v", err)
		}
		if err := c.Delete(t.Context(), "lossexpress", "work"); !errors.Is(err, ErrKeyring) {
			t.Errorf("Delete = %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := c.Get(ctx, "lossexpress", "work"); !errors.Is(err, context.Canceled) || errors.Is(err, ErrKeyring) {
			t.Errorf("Get of a cancelled context = %v", err)
		}
	})
}

// A hanging keyring does not keep a command from being asked.
func TestAHangingKeyringIsPassedOver(t *testing.T) {
	t.Parallel()
	k := hangingKeyring{make(chan struct{})}
	defer close(k.letGo)
	c := NewChain(Options{Keyring: k, Command: one(printing("of-command")), KeyringLimit: time.Millisecond})
	s, from, err := c.Get(t.Context(), "lossexpress", "work")
	if err != nil || s.Reveal() != "of-command" || from.Place != Command {
		t.Errorf("Get = %q from %v, %v", s.Reveal(), from, err)
	}
}

func TestSetAndDeleteInTheKeyring(t *testing.T) {
	t.Parallel()
	k := &fakeKeyring{}
	c := NewChain(Options{Keyring: k})
	if _, err := c.Set(t.Context(), "lossexpress", "work", New("")); !errors.Is(err, ErrEmpty) {
		t.Errorf("Set of nothing = %v", err)
	}
	from, err := c.Set(t.Context(), "lossexpress", "work", New(plain))
	if err != nil || from.Place != Keyring {
		t.Fatalf("Set = %v, %v", from, err)
	}
	if want := map[string]string{"claimdeck:work/lossexpress": plain}; !maps.Equal(k.values, want) {
		t.Errorf("the keyring holds %v", k.values)
	}
	if _, _, err := c.Get(t.Context(), "lossexpress", "home"); !errors.Is(err, ErrNotFound) {
		t.Errorf("another profile has it, too: %v", err)
	}
	if err := c.Delete(t.Context(), "lossexpress", "work"); err != nil || len(k.values) != 0 {
		t.Errorf("Delete = %v, the keyring holds %v", err, k.values)
	}
	if err := c.Delete(t.Context(), "lossexpress", "work"); !errors.Is(err, ErrNotFound) {
		t.Errorf("second Delete = %v", err)
	}
}

func TestSetWithoutAKeyring(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "deep", "lossexpress.age")
	o := Options{Keyring: &fakeKeyring{err: errNoBus}, File: one(file), Passphrase: phrase("pw"), WorkFactor: 4}
	for name, agree := range map[string]func(context.Context, error) bool{
		"nobody to ask": nil, "refused": func(context.Context, error) bool { return false },
	} {
		o.AgreeToFile = agree
		_, err := NewChain(o).Set(t.Context(), "lossexpress", "work", New(plain))
		if !errors.Is(err, ErrKeyring) || !strings.Contains(err.Error(), "claimdeck login --file") {
			t.Errorf("%s: Set = %v", name, err)
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s: the file was written", name)
		}
	}
}

func TestSetInTheFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "deep", "lossexpress.age")
	var asked error
	o := Options{Keyring: &fakeKeyring{err: errNoBus}, File: one(file), Passphrase: phrase("pw"), WorkFactor: 4}
	o.AgreeToFile = func(_ context.Context, unavailable error) bool { asked = unavailable; return true }
	c := NewChain(o)
	from, err := c.Set(t.Context(), "lossexpress", "work", New(plain))
	if err != nil || from != (Origin{File, file}) || !errors.Is(asked, ErrKeyring) {
		t.Fatalf("Set = %v, %v; asked about %v", from, err, asked)
	}
	checkEncrypted(t, file)
	s, from, err := c.Get(t.Context(), "lossexpress", "work")
	if err != nil || s.Reveal() != plain || from.Place != File {
		t.Errorf("Get = %q from %v, %v", s.Reveal(), from, err)
	}
	if err := c.Delete(t.Context(), "lossexpress", "work"); err != nil {
		t.Errorf("Delete = %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("Delete left the file")
	}
	if err := c.Delete(t.Context(), "lossexpress", "work"); !errors.Is(err, ErrKeyring) {
		t.Errorf("Delete with nothing there and no keyring = %v", err)
	}
}

// checkEncrypted checks that a file is age's, does not show the secret, and belongs to its owner alone.
func checkEncrypted(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil || bytes.Contains(data, []byte(plain)) || !bytes.HasPrefix(data, []byte("age-encryption.org/v1\n-> scrypt ")) {
		t.Errorf("the file: %v, %.60q", err, data)
	}
	if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the file: %v, %v", info, err)
	}
}

// The place that is not chosen must not keep an older secret, which Get would find later.
func TestSetReplacesWhatIsElsewhere(t *testing.T) {
	t.Parallel()
	file := writeVault(t, "old", "pw")
	k := &fakeKeyring{}
	o := Options{Keyring: k, File: one(file), Passphrase: phrase("pw"), WorkFactor: 4}
	if _, err := NewChain(o).Set(t.Context(), "lossexpress", "work", New("new")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the old file is still there")
	}
	o.ToFile = true
	if from, err := NewChain(o).Set(t.Context(), "lossexpress", "work", New("newer")); err != nil || from.Place != File {
		t.Fatalf("Set = %v, %v", from, err)
	}
	if len(k.values) != 0 {
		t.Errorf("the keyring still holds %v", k.values)
	}
	s, _, err := NewChain(o).Get(t.Context(), "lossexpress", "work")
	if err != nil || s.Reveal() != "newer" {
		t.Errorf("Get = %q, %v", s.Reveal(), err)
	}
	o.File = nil
	if _, err := NewChain(o).Set(t.Context(), "lossexpress", "work", New("x")); err == nil || !strings.Contains(err.Error(), "secret.file") {
		t.Errorf("Set without a file = %v", err)
	}
}
