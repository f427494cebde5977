package cli

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"claimdeck/api"
	sandboxlx "claimdeck/sandbox/lossexpress"
	"claimdeck/state/config"
	"claimdeck/state/feed"
	"claimdeck/state/secret"
)

const rightSecret = "the-right-one"

// desk is a person's machine: a program, its home, its keyring, and a service to sign in to.
type desk struct {
	*Program
	t       *testing.T
	keys    *memoryKeyring
	stdin   *questions
	session *session
	file    string // where the encrypted secret would be
}

// memoryKeyring is a keyring in memory; with broken, nothing works.
type memoryKeyring struct {
	mu     sync.Mutex
	held   map[string]string
	broken error
}

func (k *memoryKeyring) Get(service, user string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.held[service+user]
	switch {
	case k.broken != nil:
		return "", k.broken
	case !ok:
		return "", keyring.ErrNotFound
	}
	return v, nil
}

func (k *memoryKeyring) Set(service, user, password string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.broken == nil {
		k.held[service+user] = password
	}
	return k.broken
}

func (k *memoryKeyring) Delete(service, user string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.held, service+user)
	return k.broken
}

// questions is a person who answers: it counts how often they were asked.
type questions struct {
	answer string
	asked  int
}

func (q *questions) Read(p []byte) (int, error) {
	q.asked++
	return copy(p, q.answer+"\n"), nil
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	sb := sandboxlx.New(sandboxlx.Options{Now: time.Now, ClientID: "ACME-7", Secret: rightSecret})
	web := httptest.NewServer(sb)
	t.Cleanup(func() { web.Close(); sb.Close() })
	home := t.TempDir()
	d := &desk{
		t: t, keys: &memoryKeyring{held: map[string]string{}}, stdin: &questions{answer: "open sesame"},
		file: filepath.Join(home, "data", "secrets", "default", "lossexpress.age"),
	}
	d.Program = &Program{
		Stdin: d.stdin, Stdout: io.Discard, Stderr: io.Discard, Now: time.Now, Keyring: d.keys,
		Env: func(name string) (string, bool) {
			v, ok := map[string]string{"CLAIMDECK_HOME": home}[name]
			return v, ok
		},
	}
	d.configure(web.URL, "ACME-7")
	return d
}

func (d *desk) configure(url, id string) {
	d.t.Helper()
	home, _ := d.Env("CLAIMDECK_HOME")
	text := "[profile.default]\nlossexpress.url = \"" + url + "\"\nlossexpress.client_id = \"" + id + "\"\n"
	if err := os.WriteFile(filepath.Join(home, "config.toml"), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// keep signs in on this machine as another claimdeck would: in the keyring, or in a file with a passphrase.
func (d *desk) keep(key, passphrase string) {
	d.t.Helper()
	o := secret.Options{Keyring: d.keys, WorkFactor: 4}
	if passphrase != "" {
		o.ToFile, o.File = true, func(string) string { return d.file }
		o.Passphrase = func(context.Context, secret.Ask) (string, error) { return passphrase, nil }
	}
	if _, err := secret.NewChain(o).Set(d.t.Context(), config.LossExpress, "default", secret.New(key)); err != nil {
		d.t.Fatal(err)
	}
}

// open opens the session as the console does before it takes the screen.
func (d *desk) open() error {
	d.t.Helper()
	s, _, err := d.profileSession(d.t.Context(), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(s.close)
	d.session = s
	defer s.hush()
	return s.signInQuietly(d.t.Context(), nil)
}

// refused polls, and demands that the service refused the credentials.
func (d *desk) refused() {
	d.t.Helper()
	if _, err := d.session.syncer.Once(d.t.Context()); feed.AsProblem(err).Kind != feed.Unauthorized {
		d.t.Fatalf("the poll ended with %v, want it refused", err)
	}
}

func (d *desk) accepted() {
	d.t.Helper()
	if _, err := d.session.syncer.Once(d.t.Context()); err != nil {
		d.t.Fatalf("the poll ended with %v", err)
	}
}

func TestConsoleAsksBeforeItTakesTheScreenAndNeverAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.keep("an-old-one", "open sesame")
	if err := d.open(); err != nil {
		t.Fatal(err)
	}
	if d.stdin.asked != 1 {
		t.Fatalf("asked %d times before the console opens, want once", d.stdin.asked)
	}
	d.refused()
	d.refused()
	d.keep("another-one", "a new passphrase") // it cannot be read without asking
	d.refused()
	d.keep(rightSecret, "open sesame")
	d.accepted()
	if d.stdin.asked != 1 {
		t.Errorf("asked %d times, want only before the console opened", d.stdin.asked)
	}
}

func TestConsoleNoticesASignIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if err := d.open(); err != nil {
		t.Fatalf("without a secret the console does not open: %v", err)
	}
	d.refused()
	d.keep("a-wrong-one", "")
	d.refused()
	d.keep(rightSecret, "")
	d.accepted()
	if d.stdin.asked != 0 {
		t.Errorf("asked %d times, want never", d.stdin.asked)
	}
}

// The keyring is asked when the session begins and after a refusal, not for every token.
func TestSecretIsKeptInMemory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.keep(rightSecret, "")
	if err := d.open(); err != nil {
		t.Fatal(err)
	}
	d.keys.mu.Lock()
	d.keys.broken = errors.New("locked")
	d.keys.mu.Unlock()
	d.accepted()
	d.session.creds[0].doubt() // and a keyring that is out of order takes nothing away
	if _, key, err := d.session.creds[0].get(t.Context()); err != nil || key != rightSecret {
		t.Errorf("after a refusal with a locked keyring: %q, %v", key, err)
	}
}

func TestRefusedSecretIsGivenUp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(d *desk)
		want   error
	}{
		{"after a sign-out elsewhere", func(d *desk) { _ = d.keys.Delete("claimdeck", "default/lossexpress") }, secret.ErrNotFound},
		{"when the profile has another address", func(d *desk) { d.configure("https://example.com", "ACME-7") }, errMoved},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.keep(rightSecret, "")
			if err := d.open(); err != nil {
				t.Fatal(err)
			}
			tt.change(d)
			if _, _, err := d.session.creds[0].get(t.Context()); err != nil {
				t.Errorf("before the service refused it: %v", err)
			}
			d.session.creds[0].doubt()
			for range 2 {
				if _, key, err := d.session.creds[0].get(t.Context()); !errors.Is(err, tt.want) || key != "" {
					t.Errorf("got %q, %v, want %v", key, err, tt.want)
				}
			}
		})
	}
}

func TestNewClientIDComesWithTheNewSecret(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	url := mustLoad(t, d.Program).LossExpress.URL
	d.configure(url, "OLD-1")
	d.keep("old", "")
	if err := d.open(); err != nil {
		t.Fatal(err)
	}
	d.refused()
	d.configure(url, "ACME-7")
	d.keep(rightSecret, "")
	d.accepted()
}

func mustLoad(t *testing.T, p *Program) config.Profile {
	t.Helper()
	cfg, err := config.Load(p.Env, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return cfg.Profile
}

// A passphrase that is not given ends the console before it begins; a verb says 4.
func TestWrongPassphraseIsNotSignedIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.keep(rightSecret, "another")
	if err := d.open(); code(err) != exitSignedOut || !errors.Is(err, secret.ErrPassphrase) {
		t.Errorf("the console: %v, code %d", err, code(err))
	}
	d.Args, d.Stdin = []string{"order", "types"}, strings.NewReader("wrong\n")
	if c := Run(t.Context(), d.Program); c != exitSignedOut {
		t.Errorf("order types ended with %d", c)
	}
}

func TestErrorsHaveTheirCodes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, exitDone},
		{errors.New("x"), exitFailed},
		{usage("x"), exitUsage},
		{&exit{exitUnknown, errors.New("x")}, exitUnknown},
		{&api.Error{Kind: api.ErrUnauthorized}, exitSignedOut},
		{errors.Join(errors.New("x"), &feed.Problem{Kind: feed.Unauthorized, Err: errors.New("x")}), exitSignedOut},
		{&feed.Problem{Kind: feed.Refused, Err: errors.New("x")}, exitFailed},
	} {
		if got := code(tt.err); got != tt.want {
			t.Errorf("%v: code %d, want %d", tt.err, got, tt.want)
		}
	}
}
