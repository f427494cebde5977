package claimview

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/action/systems"
	"claimdeck/state/claim"
	"claimdeck/tui/theme"
)

// How a case stands is in the strip at every width, whole, with a mark that is not colour alone.
func TestCaseInTheStrip(t *testing.T) {
	t.Parallel()
	when := time.Date(2026, 11, 19, 20, 0, 0, 0, time.UTC)
	for want, k := range map[string]systems.Case{
		"+ Scalepoint: submitted Nov 19":        {Outcome: "submitted", Done: true, At: when},
		"+ Scalepoint: submitted before Nov 19": {Outcome: "already submitted", Done: true, At: when},
		"+ Scalepoint: submitted 2025-11-19":    {Outcome: "submitted", Done: true, At: when.AddDate(-1, 0, 0)},
		"! Scalepoint: not submitted: no lines": {Outcome: "not submitted", At: when},
		"! Scalepoint: in doubt since Nov 19":   {Outcome: "unknown", At: when},
		"! Scalepoint: refused: case not open":  {Outcome: "refused", Code: "CASE_IS_NOT_OPEN", At: when},
		"! Scalepoint: refused: CASE_ON_HOLD":   {Outcome: "refused", Code: "CASE_ON_HOLD", At: when},
		"! Scalepoint: refused: no reason told": {Outcome: "refused", At: when},
		"! Scalepoint: refused: unknown tenant": {Outcome: "refused", Code: "INVALID_TENANT", At: when},
		"! Scalepoint: refused: no agreement":   {Outcome: "refused", Code: "AGREEMENT_NOT_ACCEPTED", At: when},
	} {
		for _, c := range []claim.Claim{full(), {ID: "an owner is not known"}} {
			for w := 46; w < 200; w++ {
				v := view(theme.Options{ASCII: w%2 == 0})
				without := len(v.Strip(c, w))
				v.Case = &k
				lines := v.Strip(c, w)
				if !strings.Contains(plain(lines), want) {
					t.Fatalf("%q is not whole in %d cells:\n%s", want, w, plain(lines))
				}
				if len(lines) > without+1 || w >= 120 && c.Owner.Name != "" && len(lines) != without {
					t.Fatalf("%d lines in %d cells, %d without", len(lines), w, without)
				}
				for _, line := range lines {
					if n := ansi.StringWidth(line); n > w {
						t.Fatalf("%d cells in %d: %q", n, w, line)
					}
				}
			}
		}
	}
}

// A claim that its reserves do not cover says so on the tab.
func TestShort(t *testing.T) {
	t.Parallel()
	v := view(theme.Options{})
	v.Short = true
	for _, w := range []int{60, 80, 200} {
		if line := ansi.Strip(v.Tabs(Overview, full(), w)); !strings.Contains(line, "Reserves !") {
			t.Errorf("%d cells: %q", w, line)
		}
	}
	v.Reserves = func(w int) []string { return []string{strings.Repeat("x", w)} }
	if got := v.Body(Reserves, full(), 50); len(got) != 1 || len(got[0]) != 50 {
		t.Errorf("%q", got)
	}
}
