package scenario_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"claimdeck/action/scenario"
	"claimdeck/state/activity"
)

func report() scenario.Report {
	return scenario.Report{Service: "http://127.0.0.1:1", Results: []scenario.Result{
		{Name: "good", Status: scenario.Passed, Took: 1500 * time.Millisecond, Created: []scenario.Created{{ClaimID: "c1", Number: "SCN-1", VIN: "V"}}, Steps: []scenario.StepResult{
			{Title: "wait call-made", Status: scenario.Passed, Took: time.Second, After: 250 * time.Millisecond, Activity: &activity.Activity{ID: "a1"}},
		}},
		{Name: "bad", Status: scenario.Failed, Words: "step 1, x: a < b", Steps: []scenario.StepResult{
			{Title: "x", Status: scenario.Failed, Words: "a < b & \"c\""}, {Title: "y", Status: scenario.Skipped, Words: "not done"},
		}},
	}}
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := report().WriteJUnit(&b); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Skipped  int `xml:"skipped,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Out   string `xml:"system-out"`
			Cases []struct {
				Failure *struct {
					Message string `xml:"message,attr"`
				} `xml:"failure"`
				Skipped *struct{} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Tests != 3 || doc.Failures != 1 || doc.Skipped != 1 || len(doc.Suites) != 2 {
		t.Fatalf("%+v\n%s", doc, b.String())
	}
	bad := doc.Suites[1].Cases
	if bad[0].Failure == nil || bad[0].Failure.Message != "a < b & \"c\"" || bad[1].Skipped == nil || !strings.Contains(doc.Suites[0].Out, "SCN-1") {
		t.Errorf("%+v", doc.Suites)
	}
}

func TestReportJSON(t *testing.T) {
	t.Parallel()
	r := report()
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"ok":false`, `"passed":1`, `"failed":1`, `"tookMs":1500`, `"afterMs":250`, `"claimNumber":"SCN-1"`, `"created":[]`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("no %s in %s", want, raw)
		}
	}
	if (scenario.Report{}).OK() || r.OK() || !(scenario.Report{Results: r.Results[:1]}).OK() {
		t.Error("OK is wrong")
	}
}
