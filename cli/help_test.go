package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"pgregory.net/rapid"
)

func TestFolded(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"claimdeck":                               "claimdeck",
		"claimdeck order types":                   "claimdeck order types",
		"claimdeck order create EX-1 --type Aaa":  "claimdeck order create EX-1 \\\n--type Aaa",
		`claimdeck x --message "one two three" y`: "claimdeck x \\\n--message \"one two three\" \\\ny",
		`claimdeck document get "$(a b | c d)"`:   "claimdeck document get \\\n\"$(a b | c d)\"",
	} {
		if got := folded(line, 30); got != want {
			t.Errorf("%s is folded into\n%s\nwant\n%s", line, got, want)
		}
	}
}

// Folding changes where lines end and nothing else, and no line is wider than it may be unless one word is.
func TestFoldedStaysTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(20, 90).Draw(t, "width")
		parts := rapid.SliceOfN(rapid.StringMatching(`(--[a-z]{2,9} )?("[a-z ]{0,30}[a-z]"|[a-z0-9]{1,12})`), 1, 20).Draw(t, "words")
		line := strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
		got := folded(line, width)
		if whole := strings.ReplaceAll(got, " \\\n", " "); whole != line {
			t.Fatalf("%q became %q", line, whole)
		}
		widest := width
		for _, word := range words(line) {
			widest = max(widest, len(word+` \`))
		}
		for shown := range strings.Lines(got) {
			if shown = strings.TrimSuffix(shown, "\n"); len(shown) > widest {
				t.Fatalf("%q is wider than %d", shown, widest)
			}
		}
	})
}

func TestParagraphsOfTheHelp(t *testing.T) {
	t.Parallel()
	cmd := &cobra.Command{Long: "One\nline.\n\nAnother\none."}
	fit(cmd)
	if want := "One line.\n\nAnother one."; cmd.Long != want {
		t.Errorf("%q, want %q", cmd.Long, want)
	}
}

func TestUnpadded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, part := range []string{"a \\  \n", "  b  \n \nc ", " d"} {
		if n, err := unpad(&b).Write([]byte(part)); err != nil || n != len(part) {
			t.Fatal(n, err)
		}
	}
	if want := "a \\\n  b\n\nc  d"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
