package keymap

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// press presses keys one after the other and returns the last result.
func press(r *Resolver, scopes []Scope, keys ...string) Result {
	var last Result
	for _, k := range keys {
		last = r.Press(scopes, Key{String: k, Keystroke: k})
	}
	return last
}

func mustLoad(t *testing.T, user string) *Map {
	t.Helper()
	m, problems := Load([]byte(user), "keys.toml")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return m
}

func TestPressFindsTheInnermostScope(t *testing.T) {
	t.Parallel()
	stream := []Scope{ScopeClaimAct, ScopeActivity, ScopeList, ScopeGlobal}
	claim := []Scope{ScopeClaimAct, ScopeClaim, ScopeList, ScopeGlobal}
	outbox := []Scope{ScopeOutbox, ScopeList, ScopeGlobal}
	form := []Scope{ScopeForm, ScopeGlobal}
	for _, c := range []struct {
		name   string
		scopes []Scope
		key    Key
		want   ID
		in     Scope
	}{
		{"outer", stream, Key{"q", "q"}, AppQuit, ScopeGlobal},
		{"inner", stream, Key{"c", "c"}, CounterAnswer, ScopeClaimAct},
		{"tab of the stream", stream, Key{"tab", "tab"}, ScreenNext, ScopeGlobal},
		{"tab of the claim", claim, Key{"tab", "tab"}, ClaimTabNext, ScopeClaim},
		{"tab elsewhere", outbox, Key{"tab", "tab"}, ScreenNext, ScopeGlobal},
		{"r is the outbox's own", outbox, Key{"r", "r"}, OutboxRetry, ScopeOutbox},
		{"r elsewhere", stream, Key{"r", "r"}, AppRetryFeed, ScopeGlobal},
		{"text of a shifted key", stream, Key{"G", "shift+g"}, ListBottom, ScopeList},
		{"shifted key without text", stream, Key{"shift+g", "shift+g"}, ListBottom, ScopeList},
		{"capital without keystroke", stream, Key{"G", ""}, ListBottom, ScopeList},
		{"only keystroke", stream, Key{"", "q"}, AppQuit, ScopeGlobal},
		{"another layout does not quit", stream, Key{"ä", "q"}, "", ""},
		{"shifted, another layout", stream, Key{"Ä", "shift+q"}, "", ""},
		{"nothing", stream, Key{"Z", "shift+z"}, "", ""},
		{"empty", stream, Key{}, "", ""},
		{"letters are typed", form, Key{"q", "q"}, "", ""},
		{"the question mark is typed", form, Key{"?", "shift+/"}, "", ""},
		{"space is typed", form, Key{"space", "space"}, "", ""},
		{"enter sends", form, Key{"enter", "enter"}, FormSubmit, ScopeForm},
		{"esc cancels", form, Key{"esc", "esc"}, FormCancel, ScopeForm},
		{"ctrl passes", form, Key{"ctrl+r", "ctrl+r"}, FormPreview, ScopeForm},
		{"ctrl passes outwards", form, Key{"ctrl+l", "ctrl+l"}, AppRedraw, ScopeGlobal},
		{"function keys pass", form, Key{"f2", "f2"}, FormPreview, ScopeForm},
		{"no scope", nil, Key{"q", "q"}, "", ""},
		{"unknown scope", []Scope{"moon"}, Key{"q", "q"}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := Default().Resolver().Press(c.scopes, c.key)
			want := Result{}
			if c.want != "" {
				want = Result{Kind: Match, ID: c.want, Scope: c.in}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A character made with AltGr is typed, even when its keystroke is bound.
func TestTypedCharactersWinOverTheirKeystroke(t *testing.T) {
	t.Parallel()
	m := mustLoad(t, "[[binding]]\naction = \"form.preview\"\nkeys = [\"ctrl+alt+q\"]\n")
	r := m.Resolver()
	if got := r.Press([]Scope{ScopeForm}, Key{"@", "ctrl+alt+q"}); got.Kind != None {
		t.Errorf("@ = %+v", got)
	}
	if got := r.Press([]Scope{ScopeForm}, Key{"ctrl+alt+q", "ctrl+alt+q"}); got.ID != FormPreview {
		t.Errorf("ctrl+alt+q = %+v", got)
	}
}

// A sequence may start with a key that is not typed; what follows belongs to it.
func TestSequencesWhereTextIsTyped(t *testing.T) {
	t.Parallel()
	m := mustLoad(t, "[[binding]]\naction = \"form.preview\"\nseq = [\"ctrl+x\", \"p\"]\n")
	r := m.Resolver()
	scopes := []Scope{ScopeForm, ScopeGlobal}
	if got := press(r, scopes, "ctrl+x", "p"); got.ID != FormPreview {
		t.Errorf("ctrl+x p = %+v", got)
	}
	if got := press(r, scopes, "ctrl+x", "z"); got.Kind != Aborted {
		t.Errorf("ctrl+x z = %+v", got)
	}
	if got := press(r, scopes, "p"); got.Kind != None {
		t.Errorf("p = %+v", got)
	}
}

func TestKeystrokeIsASecondChance(t *testing.T) {
	t.Parallel()
	m := mustLoad(t, "[[binding]]\naction = \"app.reveal\"\nkeys = [\"shift+5\"]\n")
	if got := m.Resolver().Press([]Scope{ScopeGlobal}, Key{"%", "shift+5"}); got.ID != AppReveal {
		t.Errorf("%+v", got)
	}
}

const sequences = `
[[binding]]
action = "list.top"
seq = ["z", "g"]
[[binding]]
action = "app.reveal"
seq = ["z", "g"]
[[binding]]
action = "app.undo"
seq = ["z", "x", "u"]
[[binding]]
action = "activity.json"
seq = ["t", "j"]
`

func TestSequences(t *testing.T) {
	t.Parallel()
	m := mustLoad(t, sequences)
	scopes := []Scope{ScopeList, ScopeGlobal}
	r := m.Resolver()

	got := press(r, scopes, "z")
	want := Result{Kind: Pending, Next: []NextOption{
		{Key: "g", Action: ListTop, Help: "first row"}, {Key: "x"},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"z"}, r.Pending()); d != "" {
		t.Error(d)
	}
	if got := press(r, scopes, "g"); got.ID != ListTop {
		t.Errorf("z g = %+v", got)
	}
	if got := press(r, scopes, "z", "x", "u"); got.ID != AppUndo || got.Scope != ScopeGlobal {
		t.Errorf("z x u falls through to the outer scope: %+v", got)
	}
	if got := press(r, []Scope{ScopeGlobal}, "z", "g"); got.ID != AppReveal {
		t.Errorf("z g outside of lists = %+v", got)
	}
	for _, end := range []string{"esc", "q", "z", "down"} {
		if got := press(r, scopes, "z", end); got.Kind != Aborted || got.ID != "" {
			t.Errorf("z %s = %+v, want it aborted", end, got)
		}
		if r.Pending() != nil && len(r.Pending()) > 0 {
			t.Errorf("z %s left %v pending", end, r.Pending())
		}
	}
	if got := press(r, scopes, "esc"); got.ID != AppBack {
		t.Errorf("esc after an aborted sequence = %+v", got)
	}
	press(r, scopes, "z")
	r.Reset()
	if got := press(r, scopes, "q"); got.ID != AppQuit {
		t.Errorf("after Reset q = %+v", got)
	}
	// The screen changed in the middle.
	press(r, []Scope{ScopeActivity, ScopeGlobal}, "t")
	if got := press(r, []Scope{ScopeOutbox, ScopeGlobal}, "j"); got.Kind != Aborted {
		t.Errorf("a sequence of another screen = %+v", got)
	}
}

func TestHelpListsWhatReachesAnAction(t *testing.T) {
	t.Parallel()
	keys := func(m *Map, id ID, scopes ...Scope) []string {
		for _, b := range m.Help(scopes) {
			if b.Action == id {
				return b.Keys
			}
		}
		return nil
	}
	m := Default()
	if got := keys(m, AppRetryFeed, ScopeOutbox, ScopeList, ScopeGlobal); len(got) != 0 || got == nil {
		t.Errorf("poll now in the outbox: %v", got)
	}
	if got := keys(m, AppRetryFeed, ScopeActivity, ScopeGlobal); !slices.Equal(got, []string{"r"}) {
		t.Errorf("poll now in the stream: %v", got)
	}
	if got := keys(m, ListOpen, ScopeClaim, ScopeList, ScopeGlobal); !slices.Equal(got, []string{"enter"}) {
		t.Errorf("open beside the claim: %v", got)
	}
	if got := keys(m, AppQuit, ScopeForm, ScopeGlobal); !slices.Equal(got, []string{"ctrl+c"}) {
		t.Errorf("quit in a form: %v", got)
	}
	if got := keys(m, OutboxRetry, ScopeActivity, ScopeGlobal); got != nil {
		t.Errorf("an action of another screen is listed: %v", got)
	}
	if got := keys(mustLoad(t, sequences), AppReveal, ScopeList, ScopeGlobal); len(got) != 0 {
		t.Errorf("a sequence that an inner scope takes: %v", got)
	}
}

// Help and Press are two views of one thing: every key that Help lists leads to its action, whatever is bound.
func TestHelpAgreesWithPress(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		m, _ := Load([]byte(drawKeymap(r)), "keys.toml")
		inner := rapid.Permutation(scopeNames()).Draw(r, "scopes")
		n := rapid.IntRange(1, len(inner)).Draw(r, "n")
		var scopes []Scope
		for _, s := range inner[:n] {
			if s != string(ScopeGlobal) {
				scopes = append(scopes, Scope(s))
			}
		}
		scopes = append(scopes, ScopeGlobal)
		for _, b := range m.Help(scopes) {
			for _, chord := range b.Keys {
				res := m.Resolver()
				got := press(res, scopes, splitChord(chord)...)
				if got.Kind != Match || got.ID != b.Action || got.Scope != b.Scope {
					r.Fatalf("in %v, %q should be %s of %s, and is %+v", scopes, chord, b.Action, b.Scope, got)
				}
			}
		}
	})
}

func BenchmarkPress(b *testing.B) {
	b.ReportAllocs()
	r := Default().Resolver()
	scopes := []Scope{ScopeClaimAct, ScopeActivity, ScopeList, ScopeGlobal}
	for b.Loop() {
		r.Press(scopes, Key{"j", "j"})
	}
}
