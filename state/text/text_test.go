package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"plain":                {"Copy of Title", "Copy of Title"},
		"empty":                {"", ""},
		"spaces":               {"  a \t b\r\n c  ", "a b c"},
		"every line break":     {"a\nb\rc\r\nd\u0085e\u2028f\u2029g\vh\fi", "a b c d e f g h i"},
		"NUL, BEL, DEL":        {"a\x00b\x07c\x7fd", "abcd"},
		"CSI colour":           {"\x1b[31;1mred\x1b[0m", "red"},
		"CSI private":          {"a\x1b[?1049hb", "ab"},
		"CSI intermediate":     {"a\x1b[0 qb", "ab"},
		"CSI, C1 in UTF-8":     {"a\u009b2Jb", "ab"},
		"CSI, C1 raw byte":     {"a\x9b2Jb", "a\uFFFD2Jb"},
		"OSC title, BEL":       {"a\x1b]0;pwned\x07b", "ab"},
		"OSC title, ST":        {"a\x1b]0;pwned\x1b\\b", "ab"},
		"OSC title, C1":        {"a\u009d0;pwned\u009cb", "ab"},
		"OSC raw bytes":        {"a\x9d0;x\x9cb", "a\uFFFD0;x\uFFFDb"},
		"OSC 52 clipboard":     {"a\x1b]52;c;cm0gLXJmIC8=\x07b", "ab"},
		"OSC 8 link":           {"\x1b]8;;https://evil.example\x1b\\Title\x1b]8;;\x1b\\ sent", "Title sent"},
		"DCS":                  {"a\x1bPq#0;2;0;0;0\x1b\\b", "ab"},
		"DCS, C1":              {"a\u0090+q544e\u009cb", "ab"},
		"APC, PM, SOS":         {"a\x1b_Gi=1;AAAA\x1b\\b\x1b^x\x1b\\c\x1bXy\x1b\\d", "abcd"},
		"charset":              {"a\x1b(0b\x1b(Bc", "abc"},
		"reset":                {"a\x1bcb", "ab"},
		"save, restore":        {"a\x1b7b\x1b8c", "abc"},
		"sequence in sequence": {"\x1b[3\x1b[31m1mx", "31mx"},

		"lone ESC at the end":  {"a\x1b", "a"},
		"lone CSI":             {"Vehicle\x1b[ 2021 Honda", "Vehicle 2021 Honda"},
		"CSI without a final":  {"a\x1b[12;34", "a12;34"},
		"CSI, bad byte":        {"a\x1b[12\nb", "a12 b"},
		"lone OSC":             {"Lender\x1b] countered: missing options", "Lender countered: missing options"},
		"lone OSC, later line": {"a\x1b]b\nc\x07d", "ab cd"},
		"OSC aborted by CSI":   {"a\x1b]0;b\x1b[31mc\x07d", "a0;bcd"},
		"lone DCS":             {"a\u0090 everything else", "a everything else"},
		"lone C1 CSI, CJK":     {"a\u009b日本", "a日本"},
		"ESC, CJK":             {"a\x1b日本", "a日本"},
		"ESC, spaces":          {"a\x1b        b", "a b"},
		"many intermediates":   {"a\x1b[!!!!!!!!b", "a!!!!!!!!b"},

		"bidi override":     {"abc\u202Edcba\u202C", "abcdcba"},
		"bidi isolate":      {"\u2066a\u2069\u200E\u200F\u061C", "a"},
		"zero width":        {"a\u200Bb\u200Cc\u200Dd\uFEFFe\u2060f\u00ADg", "abcdefg"},
		"tags":              {"a\U000E0001\U000E0041\U000E007Fb", "ab"},
		"variation":         {"\u2764\uFE0F \u2764\U000E0100", "\u2764 \u2764"},
		"fillers":           {"a\u3164b\u115Fc\u1160d\uFFA0e\u034Ff\u180Eg\u2065h", "abcdefgh"},
		"private use":       {"a\uE0A0\U000F0000b", "ab"},
		"noncharacters":     {"a\uFFFE\uFFFF\uFDD0\U0010FFFFb", "ab"},
		"no-break space":    {"\u00A0a\u00A0\u3000b\u00A0", "a b"},
		"invalid UTF-8":     {"a\xff\xc3(b", "a\uFFFD\uFFFD(b"},
		"replacement kept":  {"a\uFFFDb", "a\uFFFDb"},
		"surrogate as CESU": {"a\xed\xa0\x80b", "a\uFFFD\uFFFD\uFFFDb"},
		"marks pile up":     {"Z" + strings.Repeat("\u0336", 50) + "x", "Z\u0336\u0336\u0336x"},
		"marks, hidden":     {"a\u0301\u0301\u200d\u0301\u0301b", "a\u0301\u0301\u0301b"},
		"marks, sequence":   {"a\u0301\u0301\x1b[m\u0301\u0301b", "a\u0301\u0301\u0301b"},
		"mark on nothing":   {"\u0301a", "a"},
		"mark on a space":   {"a \u0301b", "a b"},

		"accents":           {"Müller Ñandú São Tomé", "Müller Ñandú São Tomé"},
		"accents, NFD":      {"Mu\u0308ller e\u0301", "Mu\u0308ller e\u0301"},
		"CJK":               {"日本語 한국어 中文 ｆｕｌｌ", "日本語 한국어 中文 ｆｕｌｌ"},
		"Thai, Hindi, Arab": {"ที่นี่ हिन्दी العربية", "ที่นี่ हिन्दी العربية"},
		"Vietnamese":        {"Nguyễn Thị Ánh", "Nguyễn Thị Ánh"},
		"emoji":             {"👍🏽 🚗", "👍🏽 🚗"},
		"dashes, quotes":    {"A & B <c> — “café” £5 §3 €", "A & B <c> — “café” £5 §3 €"},
	} {
		if got := Line(c.in); got != c.want {
			t.Errorf("%s: Line(%q)\n got %q\nwant %q", name, c.in, got, c.want)
		}
	}
}

func TestBlock(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"lines":               {"a\nb\r\nc\rd", "a\nb\nc\nd"},
		"every break":         {"a\u0085b\u2028c\u2029d\ve\ff", "a\nb\nc\nd\ne\nf"},
		"indent kept":         {"list:\n  - a  b\n\n  - c", "list:\n  - a  b\n\n  - c"},
		"tab":                 {"a\tb", "a b"},
		"trailing":            {"a  \t\n\n \n", "a"},
		"leading lines":       {"\n \n  a", "  a"},
		"OSC over two lines":  {"a\x1b]0;b\nc\x07d", "a0;b\ncd"},
		"ESC at a line's end": {"a\x1b\n[31mb", "a\n[31mb"},
		"bidi":                {"a\u202E\nb", "a\nb"},
		"empty":               {"\x1b[0m\n\u200b", ""},
	} {
		if got := Block(c.in); got != c.want {
			t.Errorf("%s: Block(%q)\n got %q\nwant %q", name, c.in, got, c.want)
		}
	}
}

// forbidden reports what may never be in a result.
func forbidden(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' ||
		unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co, unicode.Bidi_Control, unicode.Join_Control,
			unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point)
}

func check(t interface{ Errorf(string, ...any) }, in string) {
	line, block := Line(in), Block(in)
	for name, got := range map[string]string{"Line": line, "Block": strings.ReplaceAll(block, "\n", "")} {
		if i := strings.IndexFunc(got, forbidden); i >= 0 {
			t.Errorf("%s(%q) = %q holds %q", name, in, got, got[i:])
		}
		if !utf8.ValidString(got) {
			t.Errorf("%s(%q) = %q is not UTF-8", name, in, got)
		}
	}
	if again := Line(line); again != line {
		t.Errorf("Line(%q) = %q, then %q", in, line, again)
	}
	if again := Block(block); again != block {
		t.Errorf("Block(%q) = %q, then %q", in, block, again)
	}
	if strings.Contains(line, "  ") || strings.TrimSpace(line) != line {
		t.Errorf("Line(%q) = %q has loose spaces", in, line)
	}
}

// pieces are what an attacker composes texts of.
var pieces = []string{
	"\x1b", "\x1b[", "\x1b]", "\x1bP", "\x1b_", "\x1b\\", "\x07", "\u009b", "\u009d", "\u0090", "\u009c", "\x9b", "\xff", "31m", "0;", "52;c;",
	" ", "  ", "\t", "\n", "\r", "\u0085", "\u2028", "\u00a0", "\u0301", "\u0336\u0336", "\u200d", "\u202e", "\ufe0f", "\U000E0041", "\u3164",
	"a", "Title", "日本", "é", "👍🏽", "[", "]", "\\", "~", "@", "!", "\x18", "\x00",
}

func TestInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		check(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces"), ""))
	})
}

// TestOrdinaryTextIsKept: whatever people write, in any script, comes back as it was.
func TestOrdinaryTextIsKept(t *testing.T) {
	t.Parallel()
	letters := rapid.StringOfN(rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.P, unicode.Sc, unicode.Sm), 1, 20, -1)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(letters, 1, 6).Draw(t, "words")
		in := strings.Join(words, " ")
		if strings.ContainsFunc(in, forbidden) {
			t.Skip("fillers")
		}
		if got := Line(in); got != in {
			t.Fatalf("Line(%q) = %q", in, got)
		}
		if got := Block(strings.Join(words, "\n")); got != strings.Join(words, "\n") {
			t.Fatalf("Block(%q) = %q", words, got)
		}
	})
}

// TestNothingSwallowsTheRest: an introducer that is not finished costs a few characters at most, never the message.
func TestNothingSwallowsTheRest(t *testing.T) {
	t.Parallel()
	const message = "the lender needs the odometer photo by Friday"
	for _, intro := range pieces[:14] {
		for _, rest := range []string{message, " " + message, "123 " + message, "\n" + message} {
			got := Line("Please note: " + intro + rest)
			if !strings.HasPrefix(got, "Please note:") || !strings.HasSuffix(got, message[2:]) {
				t.Errorf("%q: %q", intro+rest, got)
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(strings.Join(pieces, ""))
	for _, p := range pieces {
		f.Add("a" + p + "b")
	}
	f.Fuzz(func(t *testing.T, in string) { check(t, in) })
}

func BenchmarkLine(b *testing.B) {
	for name, in := range map[string]string{
		"plain":   "Lender unable to find requested document",
		"accents": "Prêteur introuvable, réessayer demain — merci",
		"hostile": "a\x1b]52;c;cm0gLXJmIC8=\x07b\x1b[31mred\x1b[0m\u202Ex",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Line(in)
			}
		})
	}
}
