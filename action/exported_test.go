package action_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimdeck/action"
	"claimdeck/state/outbox"
)

// TestExport holds that a document goes by its name, and that what nobody knows is hidden.
func TestExport(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{})
	e := outbox.Entry{Action: "counter.accept", Input: json.RawMessage(
		`{"values":{"settlementBreakdown":["/home/ana/lopez/breakdown.pdf"],"notAField":["x"]},` +
			`"files":{"settlementBreakdown":{"path":"/home/ana/lopez/breakdown.pdf","sha256":"ab12","size":9,"type":"application/pdf"}}}`)}
	got, err := r.Export(e)
	if err != nil {
		t.Fatal(err)
	}
	want := action.Values{"settlementBreakdown": {"breakdown.pdf"}, "notAField": {"(hidden)"}}
	if diff := cmp.Diff(want, got.Values); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]action.ExportedDocument{{Field: "settlementBreakdown", Name: "breakdown.pdf", SHA256: "ab12", Size: 9, Type: "application/pdf"}}, got.Documents); diff != "" {
		t.Error(diff)
	}
	if said := got.Hide("/home/ana/lopez/breakdown.pdf is gone"); said != "breakdown.pdf is gone" {
		t.Errorf("the folder is in %q", said)
	}

	e.Action = "from.the.future"
	if got, err = r.Export(e); err != nil || got.Values["settlementBreakdown"][0] != "(hidden)" || len(got.Documents) != 1 {
		t.Errorf("of an unknown action: %+v, %v", got, err)
	}
	if _, err := r.Export(outbox.Entry{Input: json.RawMessage("{")}); err == nil {
		t.Error("a broken journal was exported")
	}
	if got, err := r.Export(outbox.Entry{}); err != nil || got.Hide("as it is") != "as it is" {
		t.Errorf("of nothing: %+v, %v", got, err)
	}
}

// Every field of every action that holds an account or phone number is masked, wherever the write repeats it.
func TestExportMasksEveryAction(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{})
	const secret = "9988776655"
	masked := 0
	for _, a := range r.All() {
		for _, f := range a.Fields {
			if !f.Sensitive {
				continue
			}
			masked++
			raw, err := json.Marshal(map[string]any{"values": map[string][]string{f.Name: {secret}}})
			if err != nil {
				t.Fatal(err)
			}
			x, err := r.Export(outbox.Entry{Action: a.ID, Input: raw})
			if err != nil {
				t.Fatal(err)
			}
			said := x.Values[f.Name][0] + " " + x.Hide("the value "+secret+" was refused")
			if strings.Contains(said, secret) || !strings.Contains(said, "6655 was refused") {
				t.Errorf("%s %s: %q", a.ID, f.Name, said)
			}
		}
	}
	if masked == 0 {
		t.Skip("no action has a sensitive field")
	}
}
