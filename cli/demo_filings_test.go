package cli

import (
	"path/filepath"
	"testing"
	"time"

	"claimdeck/state/filing"
)

// TestDemoFilingsAreGoodForATour: twenty-four transactions in two files, most of them fit to be sent, and each mistake is
// found by the rule that it is an example of.
func TestDemoFilingsAreGoodForATour(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	folder := filepath.Join(t.TempDir(), "filings")
	if err := demoFilings(folder, now); err != nil {
		t.Fatal(err)
	}
	files, err := filing.Find(filing.OS{}, folder)
	if err != nil || len(files.Names()) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	survey, err := filing.TakeSurvey(t.Context(), files)
	if err != nil || survey.Rows != len(demoPolicies()) {
		t.Fatalf("%+v, %v", survey, err)
	}
	rules, blocked, formats := map[string]int{}, 0, map[string]int{}
	for row, err := range files.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		formats[row.Format()]++
		problems := survey.Check(row)
		if filing.Blocks(problems, false) {
			blocked++
		}
		for _, p := range problems {
			rules[p.Rule]++
		}
	}
	if formats["csv"] != 16 || formats["json"] != 8 || blocked != 7 {
		t.Errorf("%v, %d held back", formats, blocked)
	}
	for rule, n := range map[string]int{
		"date": 1, "commission": 1, "code": 1, "total": 2, "required": 1, "group": 2, "amount": 1, "utah": 3, "newer": 1, "only": 1, "state": 1,
	} {
		if rules[rule] != n {
			t.Errorf("rule %s finds %d, want %d (all: %v)", rule, rules[rule], n, rules)
		}
	}
}
