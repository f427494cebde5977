package cli_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"claimdeck/cli"
	"claimdeck/sandbox/lossexpress"
)

// aDocument is enough of one to be sent.
const aDocument = "%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

// office is a sandbox with a claim EX-1001, and a machine that works with it.
type office struct {
	t       *testing.T
	service *lossexpress.Server
	vars    map[string]string
	dir     string
}

func newOffice(t *testing.T, flavour lossexpress.Flavour) *office {
	t.Helper()
	service := lossexpress.New(lossexpress.Options{Seed: 1, Now: time.Now, ClientID: "client", Secret: "a-secret", Flavour: flavour})
	server := httptest.NewServer(service)
	t.Cleanup(func() { server.Close(); service.Close() })
	service.AddClaim(lossexpress.ClaimSeed{
		ClaimNumber: "EX-1001", Documents: []string{"settlement breakdown"},
		Fields: map[string]json.RawMessage{"odometer": json.RawMessage("41000")},
	})
	dir := t.TempDir()
	return &office{t, service, map[string]string{
		"CLAIMDECK_LOSSEXPRESS_URL": server.URL, "CLAIMDECK_LOSSEXPRESS_CLIENT_ID": "client", "CLAIMDECK_LOSSEXPRESS_SECRET": "a-secret",
		"CLAIMDECK_HOME": filepath.Join(dir, "home"),
	}, dir}
}

func (o *office) file(name string) string {
	o.t.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, []byte(aDocument+name), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

// run runs a command line and checks its exit code.
func (o *office) run(code int, args ...string) (stdout, stderr string) {
	o.t.Helper()
	var out, bad bytes.Buffer
	p := &cli.Program{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &bad, Now: time.Now, Version: "test",
		Env: func(name string) (string, bool) { v, ok := o.vars[name]; return v, ok },
	}
	if got := cli.Run(o.t.Context(), p); got != code {
		o.t.Errorf("%q ended with %d, want %d\n%s%s", args, got, code, out.String(), bad.String())
	}
	return out.String(), bad.String()
}

// did are the effects that commands had, by kind, oldest first.
func (o *office) did() []string {
	var kinds []string
	for _, w := range o.service.Writes() {
		kinds = append(kinds, w.Kind)
	}
	return kinds
}

func isPost(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path != "/oauth/token" }

func contains(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("no %q in\n%s", w, got)
		}
	}
}

// carrierClaim is all that a carrier's claim needs.
func carrierClaim(number string) []string {
	return []string{
		"claim", "create", "--claim-number", number, "--vin", "1n4al3ap8jc231503", "--date-of-loss", "2026-11-02", "--cause-of-loss", "flood",
		"--insurer-type", "First Party", "--finance-type", "Retail", "--odometer", "42,000", "--owners-name", "Pat Doe",
		"--owners-phone-number", "(214) 555-0100", "--owners-street-address", "12200 Test Avenue Dallas TX 75204", "--owners-retained", "no",
		"--lender-name", "Ally Financial", "--account-number", "228-1193-44", "--settlement-amount", "$18,250.40", "--deductible", "500",
		"--title-remittance-address", "1000 Main Street Dallas TX 75204",
	}
}

func TestClaimCreateAndUpdate(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourCarrier)
	out, _ := o.run(0, append(carrierClaim("EX-9001"), "--dry-run")...)
	contains(t, out, "POST /claims", `"vin": "1N4AL3AP8JC231503"`, `"accountNumber": "•••-••93-44"`)
	if len(o.did()) > 0 {
		t.Errorf("a dry run did %v", o.did())
	}
	out, _ = o.run(0, carrierClaim("EX-9001")...)
	contains(t, out, "confirmed  EX-9001  Create claim EX-9001 (1N4AL3AP8JC231503, Ally Financial)")
	_, bad := o.run(0, append(carrierClaim("ex-9001"), "--dry-run")...)
	contains(t, bad, "warning: there is already a claim with this number: EX-9001", "warning: there is already a claim with this VIN")
	out, _ = o.run(0, "claim", "update", "ex-9001", "--odometer", "43,000", "--json")
	var e struct{ Title, State string }
	if err := json.Unmarshal([]byte(out), &e); err != nil || e.Title != "Change odometer 42,000 → 43,000" {
		t.Errorf("%v\n%s", err, out)
	}
	_, bad = o.run(2, "claim", "update", "EX-9001", "--odometer", "43000")
	contains(t, bad, "claimdeck: nothing was changed")
	_, bad = o.run(2, "claim", "create", "--carrier-id", "x")
	contains(t, bad, "another kind of account")
	_, bad = o.run(2, "claim", "create", "--vin", "x")
	contains(t, bad, "--claim-number: Claim number is required", "--owners-retained: Owner keeps the vehicle: choose one")
	if n := len(o.did()); n != 2 {
		t.Errorf("%d writes: %v", n, o.did())
	}
}

// A service that writes the number of a new claim in its own way has created it all the same.
func TestClaimCreateAtAHostileService(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourCarrier)
	o.service.Change(func(b *lossexpress.Behaviour) { b.HostileStrings = true })
	out, _ := o.run(0, carrierClaim("EX-9003")...)
	contains(t, out, "confirmed  EX-9003  Create claim EX-9003")
}

func TestClaimCreateAsVendor(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourVendor)
	o.vars["CLAIMDECK_LOSSEXPRESS_FLAVOUR"] = "vendor"
	_, bad := o.run(2, "claim", "create", "--claim-number", "V-1", "--vin", "1N4AL3AP8JC231503", "--finance-type", "lease")
	contains(t, bad, "--carrier-id: Carrier id is required", "--lender-name: give the lender's name, or the lender id")
	out, _ := o.run(0, "claim", "create", "--claim-number", "V-1", "--vin", "1N4AL3AP8JC231503", "--finance-type", "lease",
		"--carrier-id", "5e5a2d3e-9c5c-4c5c-8f6e-0d6d5ad9a0b1", "--lender-name", "Ally", "--external-id", "our-1")
	contains(t, out, "confirmed  V-1")
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourCarrier)
	out, bad := o.run(0, "document", "list", "EX-1001")
	contains(t, out, "settlement breakdown")
	contains(t, bad, "a payoff still needs: valuation report")
	out, _ = o.run(0, "document", "add", "EX-1001", o.file("a.pdf"), o.file("b.pdf"), "--description", "Valuation Report", "--json")
	var all []struct{ State, Title string }
	if err := json.Unmarshal([]byte(out), &all); err != nil || len(all) != 2 || all[1].Title != "Add b.pdf as valuation report" || all[1].State != "accepted" {
		t.Errorf("%v\n%s", err, out)
	}
	_, bad = o.run(2, "document", "add", "EX-1001", filepath.Join(o.dir, "none.pdf"), o.file("a.pdf"), "--description", "other")
	contains(t, bad, "DOCUMENT: none.pdf is not there")
	_, bad = o.run(2, "document", "add", "EX-1001", "--description", "other")
	contains(t, bad, "at least 2 arg")
	if got := o.did(); !slices.Equal(got, []string{"document.add", "document.add"}) {
		t.Errorf("%v", got)
	}
	// One refused and one accepted: both are told, and the exit code is that of the worse.
	o.service.Inject(lossexpress.Fault{Kind: lossexpress.FaultTooManyRequests, Match: isPost})
	out, bad = o.run(1, "document", "add", "EX-1001", o.file("c.pdf"), o.file("d.pdf"), "--description", "other")
	contains(t, out, "rejected  EX-1001  Add c.pdf as other\n", "accepted  EX-1001  Add d.pdf as other\n")
	contains(t, bad, "Add c.pdf as other was not done")
}

func TestDocumentGet(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourCarrier)
	listed, _ := o.run(0, "document", "list", "EX-1001", "--json")
	var documents []struct{ DocumentID, DocumentURL string }
	if err := json.Unmarshal([]byte(listed), &documents); err != nil || len(documents) != 1 {
		t.Fatalf("%v\n%s", err, listed)
	}
	id := documents[0].DocumentID
	out, _ := o.run(0, "document", "get", "EX-1001", id[:8], "--out", o.dir)
	path := filepath.Join(o.dir, "EX-1001-settlement-breakdown.pdf")
	if out != path+"\n" {
		t.Errorf("%q, want %s", out, path)
	}
	content, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(content, []byte("%PDF-")) {
		t.Errorf("%v %.20q", err, content)
	}
	_, bad := o.run(1, "document", "get", "EX-1001", "https://elsewhere.example/documents/"+id, "--out", path)
	contains(t, bad, "is there already and was not replaced")
	out, _ = o.run(0, "document", "get", "EX-1001", "https://elsewhere.example/documents/"+id, "--out", "-")
	if out != string(content) {
		t.Errorf("%.20q on stdout", out)
	}
	_, bad = o.run(1, "document", "get", "EX-1001", "fed62fa0")
	contains(t, bad, "claim EX-1001 has no document fed62fa0")
}

func TestOtherWrites(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourCarrier)
	_, bad := o.run(0, "message", "send", "EX-1001", "--message", "The form is enclosed.")
	if strings.Contains(bad, "warning") { // the claim got a document a moment ago
		t.Error(bad)
	}
	_, bad = o.run(1, "guarantee", "cancel", "EX-1001")
	contains(t, bad, "Letter of Guarantee does not exist for this claim.")
	_, bad = o.run(1, "guarantee", "request", "EX-1001")
	contains(t, bad, "Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'")
	o.run(0, "document", "add", "EX-1001", o.file("r.pdf"), "--description", "valuation report")
	o.run(0, "guarantee", "request", "EX-1001")
	o.run(0, "guarantee", "cancel", "EX-1001")
	_, bad = o.run(2, "order", "refresh", "EX-1001", "--type", "Letter of Guarantee")
	contains(t, bad, "give --yes to do it")
	o.run(0, "order", "refresh", "EX-1001", "--type", "letter of guarantee", "--yes")
	_, bad = o.run(2, "payoff", "sent", "EX-1001", "--amount", "10222.33", "--sent-at", "2026-11-20")
	contains(t, bad, "--cents: $10,222.33 has cents")
	out, _ := o.run(0, "payoff", "sent", "EX-1001", "--amount", "10222", "--sent-at", "2026-11-20", "--via", "USPS", "--tracking", "1Z")
	contains(t, out, "accepted  EX-1001  Record the payment of $10,222.00, sent Nov 20, 2026 via USPS\n")
	want := []string{"message.send", "document.add", "letter.request", "letter.cancel", "order.refresh", "payoff.sent"}
	if got := o.did(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Arguments after CLAIM reach their field.
func TestOrderCancelByArguments(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourCarrier)
	out, _ := o.run(0, "order", "create", "EX-1001", "--type", "Copy of Title", "--type", "Payment History", "--json")
	var e struct {
		Answer struct{ Orders []struct{ OrderID string } }
	}
	if err := json.Unmarshal([]byte(out), &e); err != nil || len(e.Answer.Orders) != 2 {
		t.Fatalf("%v\n%s", err, out)
	}
	o.run(0, "order", "cancel", "EX-1001", e.Answer.Orders[0].OrderID, e.Answer.Orders[1].OrderID)
	counts := map[string]int{}
	for _, kind := range o.did() {
		counts[kind]++
	}
	if !maps.Equal(counts, map[string]int{"order.create": 2, "order.cancel": 2}) {
		t.Errorf("%v", counts)
	}
}
