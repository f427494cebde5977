package rank

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/tui/theme"
)

func TestRanking(t *testing.T) {
	t.Parallel()
	names := []string{
		"Request a payoff", "Cancel the payoff request", "Order documents", "Cancel an order", "Go to Outbox",
		"Accept the settlement counter", "Dispute the settlement counter", "Copy the claim number", "Open",
	}
	for query, want := range map[string][]string{
		"payoff":   {"Request a payoff", "Cancel the payoff request"},
		"request":  {"Request a payoff", "Cancel the payoff request"},
		"o":        {"Open", "Order documents", "Go to Outbox"},
		"order":    {"Order documents", "Cancel an order"},
		"OPEN":     {"Open"},
		"cancel o": {"Cancel an order"},
		"gto":      {"Go to Outbox"},
		"dsc":      {"Dispute the settlement counter"},
		"counter":  {"Accept the settlement counter", "Dispute the settlement counter"},
		"pay can":  {"Cancel the payoff request"},
		"zzz":      nil,
	} {
		var got []string
		for _, r := range All(query, names) {
			got = append(got, names[r.Index])
		}
		if len(got) < len(want) || !slices.Equal(got[:len(want)], want) || (want == nil && got != nil) {
			t.Errorf("%q finds %q, want first %q", query, got, want)
		}
	}
}

func TestEmptyQueryKeepsTheOrder(t *testing.T) {
	t.Parallel()
	for i, r := range All("  ", []string{"b", "a", "c"}) {
		if r.Index != i || r.At != nil {
			t.Errorf("place %d holds %+v", i, r)
		}
	}
}

func TestMatchesAreLettersOfTheName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.String().Draw(r, "name")
		query := rapid.StringMatching(`[a-z]{1,4}( [a-z]{1,3})?`).Draw(r, "query")
		_, at, ok := Match(query, name)
		if !ok {
			return
		}
		low := lower(name)
		var got []rune
		for i, p := range at {
			if i > 0 && at[i-1] >= p {
				r.Fatalf("places %v do not ascend", at)
			}
			got = append(got, low[p])
		}
		for _, letter := range strings.ReplaceAll(query, " ", "") {
			if !slices.Contains(got, letter) {
				r.Fatalf("%q is not among the matches %q", letter, string(got))
			}
		}
	})
}

func TestLettersInOrderAlwaysMatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		name := []rune(rapid.StringMatching(`[a-zA-Z .]{1,20}[a-z]`).Draw(r, "name"))
		var query []rune
		for _, c := range name {
			if c != ' ' && rapid.Bool().Draw(r, "take") {
				query = append(query, c)
			}
		}
		if _, _, ok := Match(string(query), string(name)); !ok {
			r.Fatalf("%q is not found in %q", string(query), string(name))
		}
	})
}

func TestPaintKeepsTheText(t *testing.T) {
	t.Parallel()
	look := theme.New(theme.Options{})
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.StringMatching(`[a-zé日 ]{0,12}`).Draw(r, "name")
		at := rapid.SliceOfDistinct(rapid.IntRange(0, 14), rapid.ID[int]).Draw(r, "at")
		slices.Sort(at)
		if got := ansi.Strip(Paint(name, at, look.Text, look.Match)); got != name {
			r.Fatalf("painted %q as %q", name, got)
		}
	})
	if got := Paint("abcd", []int{1, 2}, look.Text, look.Match); !strings.Contains(got, "bc") {
		t.Errorf("neighbours are not painted in one run: %q", got)
	}
}
