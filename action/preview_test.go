package action_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// What a person sees beforehand is what goes over the wire, but for the content of a document.
func TestPreviewIsWhatIsSent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, w := range allWrites() {
		t.Run(w.id, func(t *testing.T) {
			b := b.with(t)
			claimID := b.claim()
			v := w.values(b, claimID)
			draft := b.prepare(w.id, claimID, v)
			seen, err := b.action(w.id).Preview(b.subject(claimID), v)
			if err != nil {
				t.Fatal(err)
			}
			if e := b.settle(draft); e.State != outbox.Accepted && (!w.untold || e.State != outbox.Confirmed) {
				t.Fatalf("%s %+v", e.State, e.Problem)
			}
			method, path, body := b.wire.last()
			if seen.Method != method || seen.Path != path {
				t.Errorf("previewed %s %s, sent %s %s", seen.Method, seen.Path, method, path)
			}
			if got, want := fields(t, []byte(seen.Body)), fields(t, body); got != want {
				t.Errorf("previewed %s, sent %s", got, want)
			}
		})
	}
}

// fields is a body without its layout and without the content of a document.
func fields(t *testing.T, body []byte) string {
	t.Helper()
	if len(bytes.TrimSpace(body)) == 0 {
		return ""
	}
	var o map[string]any
	if err := json.Unmarshal(body, &o); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	for _, name := range []string{"settlementBreakdown", "document"} {
		if s, ok := o[name].(string); ok && (strings.HasPrefix(s, "(") || strings.HasPrefix(s, "JVBERi")) {
			o[name] = "document"
		}
	}
	maps.DeleteFunc(o, func(name string, _ any) bool { return activity.SensitiveName(name) }) // a preview masks it
	return asJSON(t, o)
}
