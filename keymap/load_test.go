package keymap

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func splitChord(chord string) []string { return strings.Split(chord, " ") }

func TestOverrides(t *testing.T) {
	t.Parallel()
	m := mustLoad(t, `
[[binding]]
action = "order.create"
keys = ["N", "f3"]
help = "new order"

[[binding]]                  # two lines for one action add up
action = "list.top"
keys = ["g"]
[[binding]]
action = "list.top"
seq = ["z", "t"]

[[binding]]                  # an action in one more scope
action = "copy.menu"
scope = "outbox"
keys = ["y"]

[[binding]]                  # taken away
action = "app.reveal"
keys = []

[[binding]]                  # two actions swap their keys
action = "claim.next"
keys = ["["]
[[binding]]
action = "claim.prev"
keys = ["]"]
`)
	for id, want := range map[ID][]string{
		OrderCreate: {"N", "f3"}, ListTop: {"g", "z t"}, CopyMenu: {"y", "y"}, AppReveal: nil,
		ClaimNext: {"["}, ClaimPrev: {"]"}, AppQuit: {"q", "ctrl+c"},
	} {
		if d := cmp.Diff(want, m.Keys(id)); d != "" {
			t.Errorf("%s: %s", id, d)
		}
	}
	if got := m.Text(OrderCreate); got != "new order" {
		t.Errorf("help = %q", got)
	}
	if got := m.Hint(AppReveal); got != "" {
		t.Errorf("hint of an action without keys = %q", got)
	}
	for _, b := range m.Bindings() {
		var want string
		switch {
		case b.Action == OrderCreate:
			want = "keys.toml:2"
		case b.Action == CopyMenu && b.Scope == ScopeOutbox:
			want = "keys.toml:14"
			if b.Help != "copy" {
				t.Errorf("help in the added scope = %q", b.Help)
			}
		case b.Action == ClaimNext:
			want = "keys.toml:23"
		default:
			continue
		}
		if b.Source != want {
			t.Errorf("source of %s = %q, want %q", b.Action, b.Source, want)
		}
	}
	if got := press(m.Resolver(), []Scope{ScopeOutbox, ScopeGlobal}, "y"); got.ID != CopyMenu {
		t.Errorf("y in the outbox = %+v", got)
	}
}

func TestMistakesAreReportedAndIgnored(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		want     []string // "line: words of the message"
	}{
		{
			"unknown action", "[[binding]]\naction = \"list.dwon\"\nkeys = [\"n\"]\n",
			[]string{`1: unknown action "list.dwon" (did you mean "list.down"?)`},
		},
		{
			"unknown scope", "\n[[binding]]\naction = \"list.down\"\nscope = \"lists\"\nkeys = [\"n\"]\n",
			[]string{`2: unknown scope "lists" (did you mean "list"?)`},
		},
		{
			"unknown key", "[[binding]]\naction = \"list.down\"\nkeys = [\"dwon\"]\n",
			[]string{`3: unknown key "dwon" (did you mean "down"?)`},
		},
		{
			"unknown field", "[[binding]]\naction = \"list.down\"\nkey = [\"n\"]\n",
			[]string{`3: unknown field "key" (did you mean "keys"?)`},
		},
		{"empty key", "[[binding]]\naction = \"list.down\"\nkeys = [\"\"]\n", []string{"3: a key is empty"}},
		{
			"keys and seq", "[[binding]]\naction = \"list.down\"\nkeys = [\"n\"]\nseq = [\"z\", \"n\"]\n",
			[]string{"4: a binding has keys or seq, not both"},
		},
		{"neither", "[[binding]]\naction = \"list.down\"\n", []string{"1: binding of \"list.down\" has no keys"}},
		{"no action", "[[binding]]\nkeys = [\"n\"]\n", []string{"1: a binding needs an action"}},
		{"empty action", "[[binding]]\naction = \"\"\nkeys = [\"n\"]\n", []string{"2: action is empty"}},
		{"short sequence", "[[binding]]\naction = \"list.down\"\nseq = [\"n\"]\n", []string{"3: seq needs at least two keys"}},
		{"esc in a sequence", "[[binding]]\naction = \"list.down\"\nseq = [\"n\", \"esc\"]\n", []string{"3: esc ends a sequence"}},
		{"keys is no list", "[[binding]]\naction = \"list.down\"\nkeys = \"n\"\n", []string{"3: keys must be a list"}},
		{"key is no text", "[[binding]]\naction = \"list.down\"\nkeys = [1]\n", []string{"3: a key must be a text in quotes, not a number"}},
		{"action is no text", "[[binding]]\naction = 1\nkeys = [\"n\"]\n", []string{"2: action must be a text in quotes, not a number"}},
		{
			"optional is no bool", "[[binding]]\naction = \"list.down\"\nkeys = [\"n\"]\noptional = \"yes\"\n",
			[]string{"4: optional must be true or false, not a text"},
		},
		{
			"too many keys", "[[binding]]\naction = \"list.down\"\nkeys = [" + strings.Repeat(`"n",`, 17) + "]\n",
			[]string{"3: keys has more than 16 keys"},
		},
		{"outside of a binding", "theme = \"dark\"\n", []string{`1: "theme" stands outside of a [[binding]]`}},
		{"unknown table", "[keys]\nquit = \"q\"\n", []string{`1: unknown table "keys"`}},
		{"not TOML", "[[binding]]\naction = list.down\n", []string{"2: "}},
		{
			"same scope", "[[binding]]\naction = \"list.down\"\nkeys = [\"n\", \"k\"]\n",
			[]string{`1: key "k" of "list.down" already belongs to "list.up" in scope "list" (defaults)`},
		},
		{
			"same scope by another spelling", "[[binding]]\naction = \"list.down\"\nkeys = [\"shift+g\"]\n",
			[]string{`1: key "G" of "list.down" already belongs to "list.bottom"`},
		},
		{
			"two lines of one file", "[[binding]]\naction = \"list.down\"\nkeys = [\"n\"]\n[[binding]]\naction = \"list.up\"\nkeys = [\"n\"]\n",
			[]string{`4: key "n" of "list.up" already belongs to "list.down" in scope "list" (keys.toml:1)`},
		},
		{
			"begins a sequence", "[[binding]]\naction = \"list.down\"\nseq = [\"g\", \"j\"]\n",
			[]string{`1: key "g j" of "list.down" collides with key "g" of "list.top"`},
		},
		{
			"of one action", "[[binding]]\naction = \"list.top\"\nkeys = [\"z\"]\n[[binding]]\naction = \"list.top\"\nseq = [\"z\", \"z\"]\n",
			[]string{`4: key "z z" of "list.top" collides with key "z"`},
		},
		{
			"hides quit", "[[binding]]\naction = \"list.down\"\nkeys = [\"q\"]\n",
			[]string{`1: key "q" of "list.down" would hide "app.quit"`},
		},
		{
			"hides help with a sequence", "[[binding]]\naction = \"list.down\"\nseq = [\"?\", \"j\"]\n",
			[]string{`1: key "? j" of "list.down" would hide "app.help"`},
		},
		{
			"hides back", "[[binding]]\naction = \"claim.next\"\nkeys = [\"esc\"]\n",
			[]string{`1: key "esc" of "claim.next" would hide "app.back"`},
		},
		{
			"hides help with a sequence of its own", "[[binding]]\naction = \"app.help\"\nscope = \"list\"\nseq = [\"?\", \"z\"]\n",
			[]string{`1: key "? z" of "app.help" would hide "app.help" in scope "global"`},
		},
		{
			"quit under an inner key", "[[binding]]\naction = \"app.quit\"\nkeys = [\"c\"]\n",
			[]string{`1: key "c" of "app.quit" would be hidden by "counter.answer" in scope "claim.act"`},
		},
		{"quit without a key", "[[binding]]\naction = \"app.quit\"\nkeys = []\n", []string{`1: "app.quit" must keep a key`}},
		{"help without a key", "[[binding]]\naction = \"app.help\"\nkeys = []\n", []string{`1: "app.help" must keep a key`}},
		{
			"typed in a form", "[[binding]]\naction = \"form.preview\"\nkeys = [\"v\"]\n",
			[]string{`1: key "v" cannot be bound in scope "form": it is typed there`},
		},
		{
			"one mistake brings back a default", "[[binding]]\naction = \"list.down\"\nkeys = [\"k\"]\n[[binding]]\naction = \"list.up\"\nkeys = [\"moon\"]\n",
			[]string{`1: key "k" of "list.down" already belongs to "list.up" in scope "list" (defaults)`, `6: unknown key "moon"`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, problems := Load([]byte(c.in), "keys.toml")
			if len(problems) != len(c.want) {
				t.Fatalf("problems: %v, want %q", problems, c.want)
			}
			for i, p := range problems {
				if !strings.HasPrefix(p.Error(), "keys.toml:"+c.want[i]) {
					t.Errorf("problem %q, want %q", p.Error(), c.want[i])
				}
			}
			if c.name == "two lines of one file" || c.name == "of one action" {
				return // the first line holds
			}
			if d := cmp.Diff(Default().Table(), m.Table()); d != "" {
				t.Errorf("a mistake changed the map: %s", d)
			}
		})
	}
}

func TestMistakesLeaveTheRestInForce(t *testing.T) {
	t.Parallel()
	m, problems := Load([]byte(`
[[binding]]
action = "list.down"
keys = ["n", "q"]
[[binding]]
action = "list.up"
keys = ["e"]
[[binding]]
action = "app.help"
keys = ["f1", "?"]
`), "keys.toml")
	if len(problems) != 1 || problems[0].Line != 2 {
		t.Fatalf("problems: %v", problems)
	}
	for id, want := range map[ID][]string{ListDown: {"j", "down"}, ListUp: {"e"}, AppHelp: {"f1", "?"}} {
		if got := m.Keys(id); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
}

func TestTooManyBindings(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for range maxBindings + 3 {
		b.WriteString("[[binding]]\naction = \"list.down\"\nkeys = [\"n\"]\n")
	}
	_, problems := Load([]byte(b.String()), "keys.toml")
	if len(problems) != 1 || problems[0].Line != 3*maxBindings+1 {
		t.Errorf("problems: %v", problems)
	}
}

func TestProblemOfAWholeFile(t *testing.T) {
	t.Parallel()
	_, problems := Load([]byte(strings.Repeat("# long\n", 1<<18)), "")
	if len(problems) != 1 || !strings.HasPrefix(problems[0].Error(), "keys.toml: the file is larger") {
		t.Errorf("problems: %v", problems)
	}
}

func TestTableIsStableAndWhole(t *testing.T) {
	t.Parallel()
	m := Default()
	table := m.Table()
	if table != Default().Table() {
		t.Error("two tables of one map differ")
	}
	for _, b := range m.Bindings() {
		if !strings.Contains(table, "`"+string(b.Action)+"` |\n") {
			t.Errorf("%s is not in the table", b.Action)
		}
	}
	for _, want := range []string{
		"**Everywhere** (`global`)\n\n| Key | Does | Action |\n|---|---|---|\n| `q` `ctrl+c` | quit | `app.quit` |\n",
		"| palette | accept the counter | `counter.accept` |\n",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %q", want)
		}
	}
	odd := mustLoad(t, "[[binding]]\naction = \"app.reveal\"\nkeys = [\"|\", \"`\"]\nhelp = \"a|b\"\n").Table()
	if want := "| `\\|` `` ` `` | a\\|b | `app.reveal` |\n"; !strings.Contains(odd, want) {
		t.Errorf("the table lacks %q", want)
	}
}

func TestCheatsheet(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, sequences+"[[binding]]\naction = \"claim.act\"\nkeys = []\n"[:0]).Cheatsheet()
	for _, want := range []string{
		"Everywhere (global)\n  q  ctrl+c  quit ", "  zg ", "keys.toml:2\n", "  -  accept the counter ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the sheet lacks %q:\n%s", want, got)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	data, err := Default().JSON()
	if err != nil {
		t.Fatal(err)
	}
	var back []Binding
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Default().Bindings(), back); d != "" {
		t.Error(d)
	}
	if strings.Contains(string(data), `"keys": null`) {
		t.Error("an action without keys has null for its list")
	}
}

// drawKeymap draws a person's file of bindings that are right, wrong and contradictory.
func drawKeymap(r *rapid.T) string {
	var ids []string
	for _, b := range Default().Bindings() {
		ids = append(ids, string(b.Action))
	}
	key := rapid.SampledFrom([]string{"q", "?", "esc", "j", "k", "g", "G", "z", "x", "tab", "enter", "ctrl+r", "f1", "ctrl+m", "foo"})
	var b strings.Builder
	for range rapid.IntRange(0, 12).Draw(r, "bindings") {
		fmt.Fprintf(&b, "[[binding]]\naction = %q\n", rapid.SampledFrom(append(ids, "no.such")).Draw(r, "action"))
		if rapid.Bool().Draw(r, "scoped") {
			fmt.Fprintf(&b, "scope = %q\n", rapid.SampledFrom(append(scopeNames(), "moon")).Draw(r, "scope"))
		}
		field := rapid.SampledFrom([]string{"keys", "keys", "seq"}).Draw(r, "field")
		var quoted []string
		for _, k := range rapid.SliceOfN(key, 0, 3).Draw(r, "keys") {
			quoted = append(quoted, strconv.Quote(k))
		}
		fmt.Fprintf(&b, "%s = [%s]\n", field, strings.Join(quoted, ", "))
	}
	return b.String()
}

// holds checks what must be true of every map, whatever was loaded.
func holds(m *Map) error {
	for _, id := range []ID{AppQuit, AppHelp, AppBack} {
		want := ""
		for _, b := range m.bindings {
			if b.Action == id && b.Scope == ScopeGlobal && len(b.Keys) > 0 {
				want = b.Keys[0]
			}
		}
		if want == "" {
			return fmt.Errorf("%s has no key", id)
		}
		for _, s := range scopeNames() {
			if Scope(s).TextEntry() {
				continue
			}
			got := press(m.Resolver(), []Scope{Scope(s), ScopeGlobal}, splitChord(want)...)
			if got.ID != id {
				return fmt.Errorf("%s in scope %s = %+v, want %s", want, s, got, id)
			}
		}
	}
	for _, b := range m.bindings {
		for _, chord := range b.Keys {
			if got := press(m.Resolver(), []Scope{b.Scope}, splitChord(chord)...); got.ID != b.Action {
				return fmt.Errorf("%s in scope %s = %+v, want %s", chord, b.Scope, got, b.Action)
			}
		}
	}
	return nil
}

func TestEveryMapWorks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		in := drawKeymap(r)
		m, problems := Load([]byte(in), "keys.toml")
		if err := holds(m); err != nil {
			r.Fatalf("%v\n%s", err, in)
		}
		lines := strings.Count(in, "\n")
		for i, p := range problems {
			if p.Line < 1 || p.Line > lines || p.File != "keys.toml" {
				r.Fatalf("problem %v of %d lines", p, lines)
			}
			if i > 0 && p.Line < problems[i-1].Line {
				r.Fatalf("problems are out of order: %v", problems)
			}
		}
	})
}

func FuzzLoad(f *testing.F) {
	data, err := os.ReadFile("defaults.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(sequences))
	f.Add([]byte("[[binding]]\naction = \"app.quit\"\nkeys = []\n[binding.x]\na = {b = [1, {}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, problems := Load(data, "keys.toml")
		if err := holds(m); err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			if p.Message == "" {
				t.Fatal("a problem without words")
			}
		}
	})
}
