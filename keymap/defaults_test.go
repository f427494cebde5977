package keymap

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// constants reads the constants of a type from actions.go, so that a new one cannot be forgotten here.
func constants(t *testing.T, typeName string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "actions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, d := range file.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.CONST {
			continue
		}
		for _, s := range gen.Specs {
			spec := s.(*ast.ValueSpec)
			if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != typeName {
				continue
			}
			v, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return values
}

func TestDefaultsAndConstantsAreTheSame(t *testing.T) {
	t.Parallel()
	ids := constants(t, "ID")
	if len(ids) < 50 {
		t.Fatalf("found only %d constants", len(ids))
	}
	var bound, scopes []string
	for _, b := range Default().Bindings() {
		if slices.Contains(bound, string(b.Action)) {
			t.Errorf("%s stands twice in defaults.toml", b.Action)
		}
		bound = append(bound, string(b.Action))
		scopes = append(scopes, string(b.Scope))
	}
	slices.Sort(bound)
	for _, id := range ids {
		if !slices.Contains(bound, id) {
			t.Errorf("%s is a constant, but not in defaults.toml", id)
		}
	}
	for _, id := range bound {
		if !slices.Contains(ids, id) {
			t.Errorf("%s is in defaults.toml, but not a constant", id)
		}
	}
	slices.Sort(scopes)
	wantScopes := constants(t, "Scope")
	if got := slices.Compact(scopes); !slices.Equal(got, wantScopes) {
		t.Errorf("scopes of defaults.toml: %v, constants: %v", got, wantScopes)
	}
	titled := scopeNames()
	slices.Sort(titled)
	if !slices.Equal(titled, wantScopes) {
		t.Errorf("scopes with a title: %v, constants: %v", titled, wantScopes)
	}
}

func TestDefaultsLoadWithoutProblems(t *testing.T) {
	t.Parallel()
	if _, problems := Load(nil, ""); len(problems) > 0 {
		t.Fatal(problems)
	}
	// As a person's file they are right, too: it is the format that people write.
	m, problems := Load(defaults, "mine.toml")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got, want := m.Table(), Default().Table(); got != want {
		t.Errorf("the defaults laid over themselves change something:\n%s", got)
	}
}

func TestDefaultsFollowTheRules(t *testing.T) {
	t.Parallel()
	for _, b := range Default().Bindings() {
		if b.Help == "" || strings.ToLower(b.Help[:1]) != b.Help[:1] && b.Action != ActivityJSON {
			t.Errorf("%s: help %q", b.Action, b.Help)
		}
		if b.Source != "defaults" {
			t.Errorf("%s: source %q", b.Action, b.Source)
		}
		if !b.Optional && !slices.ContainsFunc(b.Keys, func(k string) bool { return !hard(k) }) {
			t.Errorf("%s can only be reached with ctrl or alt: %v", b.Action, b.Keys)
		}
		for _, k := range b.Keys {
			for _, never := range []string{"ctrl+m", "ctrl+i", "ctrl+h", "ctrl+[", "ctrl+s", "ctrl+q"} {
				if k == never {
					t.Errorf("%s is bound to %s", b.Action, k)
				}
			}
			if k == "space" {
				t.Errorf("%s takes space, which is kept for marking rows", b.Action)
			}
		}
	}
}

// What can bill, record or cancel is not on a key next to those that move.
func TestHardKeysAreAwayFromMovement(t *testing.T) {
	t.Parallel()
	for _, id := range []ID{OrderCreate, OrderCancel, PayoffCancel, OutboxDrop, AppUnlock, ClaimCreate, ClaimUpdate, FilingsSubmit, CaseSubmit} {
		for _, k := range Default().Keys(id) {
			if strings.ContainsAny(strings.ToLower(k), "jkghl") && len(k) == 1 {
				t.Errorf("%s is on %s", id, k)
			}
			if k == strings.ToLower(k) && k != "!" {
				t.Errorf("%s is on %s, and should be a capital", id, k)
			}
		}
	}
}

func TestDefaultKeys(t *testing.T) {
	t.Parallel()
	m := Default()
	for id, want := range map[ID]string{
		AppQuit: "q", AppHelp: "?", AppPalette: ":", AppFilter: "/", AppUndo: "u", AppReveal: "x", AppUnlock: "!",
		AppRetryFeed: "r", AppSignIn: "L", AppRedraw: "ctrl+l", AppBack: "esc", ScreenActivity: "1",
		ScreenClaims: "2", ScreenFilings: "3", ScreenOutbox: "4", ScreenSandbox: "5", ScreenNext: "tab", ListDown: "j", ListUp: "k", ListTop: "g",
		ListBottom: "G", ListOpen: "enter", ListPageDown: "pgdown", ListPageUp: "pgup", ActivityFollow: "F",
		ActivityNew: ".", ActivityFreeze: "=", ActivityJSON: "J", ClaimTabNext: "tab",
		ClaimTabPrev: "shift+tab", ClaimNext: "]", ClaimPrev: "[", ClaimRefresh: "R", OrderCreate: "O",
		PayoffRequest: "p", PayoffCancel: "P", CounterAnswer: "c", CounterAccept: "", CopyMenu: "y",
		OutboxRetry: "r", OutboxDrop: "D", OutboxRecheck: "c", FormSubmit: "enter", FormCancel: "esc",
		FormPreview: "ctrl+r", FormNextPage: "pgdown", FormPrevPage: "pgup", FormEditor: "ctrl+e", ActivityDetail: "i",
		ClaimDetail: "i", ClaimJSON: "J", ClaimLater: "+", ClaimEarlier: "-", MessageSend: "m", DocumentAdd: "a",
		ClaimDocuments: "o", LetterRequest: "l", LetterCancel: "", OrderRefresh: "", PaymentSent: "$", ClaimCreate: "N",
		ClaimUpdate: "E", FilingsOpen: "o", FilingsDetail: "enter", FilingsFix: "e", FilingsNew: "N", FilingsSubmit: "S", FilingsRetry: "r", FilingsStop: "x",
	} {
		if got := m.Hint(id); got != want {
			t.Errorf("Hint(%s) = %q, want %q", id, got, want)
		}
	}
	if got := m.Hint("no.such"); got != "" {
		t.Errorf("Hint of nothing = %q", got)
	}
	if got := m.Text(OrderCreate); got != "order documents" {
		t.Errorf("Text = %q", got)
	}
}

func BenchmarkDefault(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Default()
	}
}
