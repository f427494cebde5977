package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/query"
	"claimdeck/state/store"
)

// claimWith returns the number of a seeded claim with an account number, and that number.
func (o *office) claimWith() (number, account string) {
	o.t.Helper()
	o.good("feed", "--since", "12d")
	rows, err := o.store().Claims(o.t.Context(), query.Filter{}, store.ClaimPaging{Limit: 100})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, r := range rows {
		var c struct{ AccountNumber string }
		if err := json.Unmarshal([]byte(o.good("claim", "show", r.Number, "--json", "--reveal")), &c); err != nil {
			o.t.Fatal(err)
		}
		if len(c.AccountNumber) > 8 {
			return r.Number, c.AccountNumber
		}
	}
	o.t.Fatal("no seeded claim has an account number")
	return "", ""
}

// holds fails the test unless every text is in s.
func holds(t *testing.T, s string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(s, text) {
			t.Errorf("%q is missing in\n%s", text, s)
		}
	}
}

// lacks fails the test when one of the texts is in s.
func lacks(t *testing.T, s string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(s, text) {
			t.Errorf("%q is in\n%s", text, s)
		}
	}
}

func parse[T any](t *testing.T, raw string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	return v
}

func TestClaimStory(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	number, account := o.claimWith()
	masked := o.good("claim", "story", strings.ToLower(number))
	holds(t, masked, "Claim "+number+" as of ", "\nWaiting on: ", "\nWhat happened\n", "Claim created")
	lacks(t, masked, account)
	holds(t, o.good("claim", "story", number, "--reveal", "--events", "1"), account, " earlier)\n")

	v := parse[struct {
		Claim  struct{ ClaimNumber, AccountNumber string }
		Events []struct{ What string }
	}](t, o.good("claim", "story", number, "--json"))
	if v.Claim.ClaimNumber != number || v.Claim.AccountNumber == account || len(v.Events) == 0 {
		t.Errorf("%+v", v)
	}
	log := o.log()
	if n := strings.Count(log, `"by":"claimdeck claim story"`); n != 1 {
		t.Errorf("%d reveals of the story in the log\n%s", n, log)
	}
	lacks(t, log, account)
	if r := o.run("claim", "story", "EX-NONE"); r.code != exitFailed || r.out != "" {
		t.Errorf("an unknown claim: %+v", r)
	}
}

// log is the log of the profile.
func (o *office) log() string {
	o.t.Helper()
	logs, err := filepath.Glob(filepath.Join(o.home, "*", "claimdeck.log"))
	if err != nil || len(logs) != 1 {
		o.t.Fatalf("logs %q, %v", logs, err)
	}
	raw, err := os.ReadFile(logs[0])
	if err != nil {
		o.t.Fatal(err)
	}
	return string(raw)
}

// exported is a write as the JSON export has it.
type exported struct {
	Action, State, ClaimNumber, Title string
	Values                            map[string][]string
	Documents                         []struct{ Field, Name, SHA256 string }
	Story                             []struct{ To string }
}

// wrote places an order and accepts a counter with a document from a folder whose name says too much.
func (o *office) wrote() {
	o.t.Helper()
	claim := o.sandbox.AddClaim(lossexpress.ClaimSeed{})
	o.sandbox.Emit(claim, "settlement-counter-added", map[string]any{"description": "missing options"})
	private := filepath.Join(o.t.TempDir(), "private-folder")
	if err := os.Mkdir(private, 0o700); err != nil {
		o.t.Fatal(err)
	}
	paper := filepath.Join(private, "breakdown.pdf")
	if err := os.WriteFile(paper, []byte("%PDF-1.4\n%%EOF\n"), 0o600); err != nil {
		o.t.Fatal(err)
	}
	o.good("order", "create", claim, "--type", "Copy of Title")
	if r := o.run("counter", "accept", claim, "--document", paper); r.code == exitUsage {
		o.t.Fatalf("%+v", r)
	}
}

func TestOutboxExport(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	if got := o.good("outbox", "export", "--json"); got != "[]\n" {
		t.Errorf("nothing was written: %s", got)
	}
	o.wrote()
	raw := o.good("outbox", "export", "--json")
	list := parse[[]exported](t, raw)
	if len(list) != 2 {
		t.Fatalf("%d writes in\n%s", len(list), raw)
	}
	order, counter := list[0], list[1]
	if order.Action != "order.create" || order.Values["types"][0] != "Copy of Title" || len(order.Story) < 2 || order.Documents == nil {
		t.Errorf("the oldest first: %+v", order)
	}
	if counter.Action != "counter.accept" || len(counter.Documents) != 1 || counter.Documents[0].Name != "breakdown.pdf" || len(counter.Documents[0].SHA256) != 64 {
		t.Fatalf("a document by name and hash: %+v", counter)
	}
	text := o.good("outbox", "export", "--since", "today")
	lacks(t, raw+text, "private-folder", `"answer"`, sandboxSecret)
	holds(t, text, "types: Copy of Title", "document breakdown.pdf, 15 bytes, sha256 "+counter.Documents[0].SHA256, "by the cli", "sending")
}

func TestOutboxExportSince(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	o.wrote()
	if got := o.good("outbox", "export", "--since", time.Now().Add(48*time.Hour).Format(time.DateOnly)); got != "" {
		t.Errorf("from later on: %s", got)
	}
	if r := o.run("outbox", "export", "--since", "sometime"); r.code != exitUsage || r.out != "" {
		t.Errorf("no time: %+v", r)
	}
}
