// Package secret keeps the secrets of accounts: in the OS keyring, or where there is none in a command of the person's
// choice, a file encrypted with a passphrase, or the environment. A secret never prints itself.
package secret

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

var (
	// ErrNotFound means that no place holds the secret, and every place could be asked.
	ErrNotFound = errors.New("no secret stored")
	// ErrKeyring means that the OS keyring cannot be used here and now; the message says why.
	ErrKeyring = errors.New("keyring unavailable")
	// ErrPassphrase means that the passphrase does not open the encrypted file.
	ErrPassphrase = errors.New("wrong passphrase")
	// ErrCommand means that secret.command failed; the message says how.
	ErrCommand = errors.New("secret.command failed")
	// ErrEmpty means that there is nothing to store.
	ErrEmpty = errors.New("the secret is empty")
)

// hidden is what a secret prints instead of itself.
const hidden = "[secret]"

// Secret is a text that never prints itself, however it is formatted, encoded or logged, alone or inside of another
// value. Only Reveal gives it away.
type Secret struct {
	// A pointer, because fmt prints unexported fields of other structs without asking their methods.
	value *string
}

// New makes a secret of a text.
func New(text string) Secret { return Secret{value: &text} }

// Reveal returns the text itself, to be sent to its system and nowhere else.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no text.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// Equal compares two secrets in a time that does not depend on where they differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns "[secret]".
func (s Secret) String() string { return hidden }

// GoString returns "[secret]".
func (s Secret) GoString() string { return hidden }

// Format writes "[secret]" for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalText returns "[secret]"; JSON, TOML and XML use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue returns "[secret]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// Origin says where a secret is kept.
type Origin struct {
	Place  Place
	Detail string // the variable, the command's setting, the path of the file
}

// Place is a kind of place for secrets.
type Place int

// The places, in the order in which they are asked.
const (
	Nowhere Place = iota
	Environment
	Keyring
	Command
	File
	PlainFile // a private key that the person keeps as a file
)

// String says where, for people: "environment CLAIMDECK_LOSSEXPRESS_SECRET".
func (o Origin) String() string {
	switch o.Place {
	case Environment:
		return "environment " + o.Detail
	case Keyring:
		return "OS keyring"
	case Command:
		return "secret.command"
	case File:
		return "encrypted file " + o.Detail
	case PlainFile:
		return "file " + o.Detail
	default:
		return "nowhere"
	}
}

// Store keeps secrets by system ("lossexpress") and profile ("work").
type Store interface {
	// Get finds a secret and says where it was. ErrNotFound, ErrKeyring, ErrCommand or ErrPassphrase, with what
	// to do in the message.
	Get(ctx context.Context, system, profile string) (Secret, Origin, error)
	// Set keeps a secret and says where. ErrEmpty, ErrKeyring.
	Set(ctx context.Context, system, profile string, s Secret) (Origin, error)
	// Delete removes a secret from every place that it was set in. ErrNotFound when there was none.
	Delete(ctx context.Context, system, profile string) error
}

// Variable is the environment variable that holds the secret of a system.
func Variable(system string) string { return "CLAIMDECK_" + strings.ToUpper(system) + "_SECRET" }

// title is what people call a system.
func title(system string) string {
	switch system {
	case "lossexpress":
		return "LossExpress"
	case "claimcenter":
		return "ClaimCenter"
	case "inscipher":
		return "InsCipher"
	case "scalepoint":
		return "Scalepoint"
	default:
		return system
	}
}

// signIn is the command that keeps the secret of a system.
func signIn(system string) string {
	if system == "lossexpress" {
		return "claimdeck login"
	}
	return "claimdeck login " + system
}
