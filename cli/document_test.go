package cli

import (
	"strings"
	"testing"
	"unicode/utf8"

	"claimdeck/state/claim"
)

// Names from the service are never a path, never hidden, and no device.
func TestSafeName(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"EX-1001 valuation report": "EX-1001-valuation-report",
		"../../etc/passwd":         "etc-passwd",
		`C:\boot.ini`:              "C-boot.ini",
		".hidden":                  "hidden",
		"a\x1b[31m\u202eb":         "ab",
		"NUL":                      "document-NUL",
		"com1.pdf":                 "document-com1.pdf",
		"":                         "document",
		"...":                      "document",
		"Größe & Wert":             "Größe-Wert",
	} {
		if got := safeName(given); got != want {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
	if got := safeName(strings.Repeat("é", 500)); utf8.RuneCountInString(got) != maxName {
		t.Errorf("%d characters", utf8.RuneCountInString(got))
	}
}

func TestExtension(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ content, contentType, want string }{
		{"%PDF-1.7\n", "text/html", ".pdf"}, {"GIF89a", "", ".gif"}, {"\x00\x01", "application/pdf", ".pdf"}, {"\x00\x01", "", ".bin"},
	} {
		if got := extensionOf([]byte(c.content), c.contentType); got != c.want {
			t.Errorf("%q of %s ends in %s, want %s", c.content, c.contentType, got, c.want)
		}
	}
}

func TestDocumentOf(t *testing.T) {
	t.Parallel()
	c := claim.Claim{Number: "EX-1", Documents: []claim.Document{{ID: "abc-1"}, {ID: "abc-2"}, {ID: "d"}, {ID: "de"}}}
	for ref, want := range map[string]string{"abc-1": "abc-1", "https://x/documents/abc-2?a=b": "abc-2", "d": "d", "de": "de", "abc": "", "x": "", "": ""} {
		if d, err := documentOf(c, ref); d.ID != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v", ref, d.ID, err)
		}
	}
}
