package secret

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

const plain = "hunter2-plain"

func TestASecretNeverPrintsItself(t *testing.T) {
	t.Parallel()
	type account struct {
		ID     string
		Secret Secret
	}
	type closed struct{ s Secret }
	s := New(plain)
	values := []any{
		s, &s,
		[]Secret{s},
		map[string]Secret{"a": s},
		account{"id", s},
		&account{"id", s},
		closed{s},
		&closed{s},
		[]closed{{s}},
		fmt.Errorf("refused: %v", s),
	}
	var out bytes.Buffer
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%08.3v"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, v)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		log := slog.New(h)
		log.Info("signed in", "secret", s, "account", account{"id", s}, "pointer", &s, "closed", closed{s})
	}
	data, err := json.Marshal(account{"id", s})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(data)
	if !strings.Contains(string(data), `"Secret":"[secret]"`) {
		t.Errorf("JSON: %s", data)
	}
	data, err = toml.Marshal(account{"id", s})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(data)
	for _, form := range []string{plain, fmt.Sprintf("%x", plain), fmt.Sprintf("%X", plain), strings.TrimSpace(bytesOf(plain))} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the secret was printed as %s:\n%s", form, out.String())
		}
	}
	if got := fmt.Sprintf("%s|%v|%#v", s, s, s); got != "[secret]|[secret]|[secret]" {
		t.Errorf("printed: %s", got)
	}
}

// bytesOf prints a text as the numbers of its bytes, as %v does for a []byte.
func bytesOf(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%d ", c)
	}
	return b.String()
}

func TestSecret(t *testing.T) {
	t.Parallel()
	if got := New(plain).Reveal(); got != plain {
		t.Errorf("Reveal = %q", got)
	}
	if (Secret{}).Reveal() != "" || !(Secret{}).Empty() || !New("").Empty() || New("x").Empty() {
		t.Error("Empty is wrong")
	}
	if !New("a").Equal(New("a")) || New("a").Equal(New("b")) || New("a").Equal(New("ab")) {
		t.Error("Equal is wrong")
	}
}

func TestOriginString(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]Origin{
		"environment CLAIMDECK_LOSSEXPRESS_SECRET": {Environment, Variable("lossexpress")},
		"OS keyring":          {Place: Keyring},
		"secret.command":      {Command, "pass show x"},
		"encrypted file /x.a": {File, "/x.a"},
		"nowhere":             {},
	} {
		if got := o.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
