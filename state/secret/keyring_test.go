package secret

import (
	"errors"
	"os"
	"strconv"
	"testing"

	"github.com/zalando/go-keyring"
)

// The library's own mock replaces a variable of its package, so this test does not run beside others, and it keeps
// away from a process that tests the real keyring.
func TestOSKeyringPassesThrough(t *testing.T) {
	if os.Getenv("CLAIMDECK_TEST_KEYRING") == "1" {
		t.Skip("the real keyring is tested in this run; the mock would replace it")
	}
	keyring.MockInit()
	c := NewChain(Options{})
	roundTrip(t, c, "work")

	keyring.MockInitWithError(errNoBus)
	if _, _, err := c.Get(t.Context(), "lossexpress", "work"); !errors.Is(err, ErrKeyring) || !errors.Is(err, errNoBus) {
		t.Errorf("Get = %v", err)
	}
	if _, err := c.Set(t.Context(), "lossexpress", "work", New(plain)); !errors.Is(err, ErrKeyring) {
		t.Errorf("Set = %v", err)
	}
	if err := c.Delete(t.Context(), "lossexpress", "work"); !errors.Is(err, ErrKeyring) {
		t.Errorf("Delete = %v", err)
	}
}

func TestRealKeyring(t *testing.T) {
	if os.Getenv("CLAIMDECK_TEST_KEYRING") != "1" {
		t.Skip("set CLAIMDECK_TEST_KEYRING=1 on a machine with an unlocked keyring")
	}
	roundTrip(t, NewChain(Options{}), "claimdeck-test-"+strconv.Itoa(os.Getpid()))
}

func roundTrip(t *testing.T, c *Chain, profile string) {
	t.Helper()
	if _, _, err := c.Get(t.Context(), "lossexpress", profile); !errors.Is(err, ErrNotFound) || errors.Is(err, ErrKeyring) {
		t.Fatalf("Get before Set = %v", err)
	}
	for _, text := range []string{plain, "second, with ü and \"quotes\""} {
		if from, err := c.Set(t.Context(), "lossexpress", profile, New(text)); err != nil || from.Place != Keyring {
			t.Fatalf("Set = %v, %v", from, err)
		}
		s, from, err := c.Get(t.Context(), "lossexpress", profile)
		if err != nil || s.Reveal() != text || from.Place != Keyring {
			t.Fatalf("Get = %q from %v, %v", s.Reveal(), from, err)
		}
	}
	if err := c.Delete(t.Context(), "lossexpress", profile); err != nil {
		t.Fatalf("Delete = %v", err)
	}
	if _, _, err := c.Get(t.Context(), "lossexpress", profile); !errors.Is(err, ErrNotFound) {
		t.Fatalf("Get after Delete = %v", err)
	}
}
