package lines

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
)

const sample = `# head
top = "x" # note

[[binding]]
action = "app.quit"
keys = [
  "q",
  "ctrl+c",
]

[profile.work]
lossexpress = { url = "https://a", "client id" = 'b' }
  [profile.work.secret]
	command = """
two
"""
n = +1_000
f = 1.5
on = true
day = 2026-01-02
none = {}
`

func TestRead(t *testing.T) {
	t.Parallel()
	tables, err := Read([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Table string
		Key   string
		Line  int
		Value any
		Raw   string
	}
	var got []row
	for _, tb := range tables {
		for _, e := range tb.Entries {
			got = append(got, row{join(tb.Path), e.Path(), e.Line, e.Value, sample[e.Start:e.End]})
		}
	}
	want := []row{
		{"", "top", 2, "x", `"x"`},
		{"binding", "action", 5, "app.quit", `"app.quit"`},
		{"binding", "keys", 6, []any{"q", "ctrl+c"}, ""},
		{"profile.work", "lossexpress.url", 12, "https://a", `"https://a"`},
		{"profile.work", "lossexpress.client id", 12, "b", `'b'`},
		{"profile.work.secret", "command", 14, "two\n", "\"\"\"\ntwo\n\"\"\""},
		{"profile.work.secret", "n", 17, int64(1000), "+1_000"},
		{"profile.work.secret", "f", 18, 1.5, "1.5"},
		{"profile.work.secret", "on", 19, true, "true"},
		{"profile.work.secret", "day", 20, Moment("2026-01-02"), "2026-01-02"},
		{"profile.work.secret", "none", 21, Empty{}, ""},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	bounds := []string{}
	for _, tb := range tables {
		bounds = append(bounds, sample[tb.Start:tb.End])
	}
	wantBounds := []string{
		"# head\ntop = \"x\" # note\n",
		"[[binding]]\naction = \"app.quit\"\nkeys = [\n  \"q\",\n  \"ctrl+c\",\n]\n",
		"[profile.work]\nlossexpress = { url = \"https://a\", \"client id\" = 'b' }\n",
		sample[len(sample)-len(sampleTail):],
	}
	if d := cmp.Diff(wantBounds, bounds); d != "" {
		t.Error(d)
	}
}

const sampleTail = `  [profile.work.secret]
	command = """
two
"""
n = +1_000
f = 1.5
on = true
day = 2026-01-02
none = {}
`

func join(path []string) string { return Entry{Key: path}.Path() }

func TestReadErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		line     int
	}{
		{"syntax", "a = 1\nb = = 2\n", 2},
		{"twice", "a = 1\n\na = 2\n", 3},
		{"open", "a = 1\n[x\n", 2},
		{"too large", string(make([]byte, MaxSize+1)), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Read([]byte(c.in))
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("Read = %v, want an *Error", err)
			}
			if e.Line != c.line || e.Message == "" {
				t.Errorf("line %d %q, want line %d", e.Line, e.Message, c.line)
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		"a text": "x", "true or false": true, "a number": int64(1), "a list": []any{},
		"a date or time": Moment("x"), "a table": Empty{},
	} {
		if got := Describe(v); got != want {
			t.Errorf("Describe(%v) = %q, want %q", v, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte("\xef\xbb\xbfa=1\r\n[b]\r\nc={d={e=[1,{f=2}]}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		tables, err := Read(data)
		var whole map[string]any
		if ok := toml.Unmarshal(data, &whole) == nil; ok != (err == nil) && len(data) <= MaxSize {
			t.Fatalf("Read = %v, but TOML valid = %v", err, ok)
		}
		end := 0
		for _, tb := range tables {
			if tb.Start < end || tb.End < tb.Start || tb.End > len(data) {
				t.Fatalf("table %v has bytes %d to %d after %d", tb.Path, tb.Start, tb.End, end)
			}
			end = tb.End
			for _, e := range tb.Entries {
				if e.End < e.Start || e.End > tb.End || e.Line < 1 {
					t.Fatalf("entry %v: bytes %d to %d, line %d", e.Key, e.Start, e.End, e.Line)
				}
			}
		}
	})
}
