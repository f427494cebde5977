package cli_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"claimdeck/sandbox/lossexpress"
)

func TestLenderSearch(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourVendor)
	out, _ := o.run(0, "lender", "search", "wells")
	if id, rest, _ := strings.Cut(out, "  "); len(id) != 36 || strings.Join(strings.Fields(rest), " ") != "Wells Fargo Auto Wells Fargo Dealer Services" {
		t.Errorf("printed %q", out)
	}
	out, _ = o.run(0, "lender", "search", "FINANCIAL", "--integrated")
	contains(t, out, "Ally Financial", "Toyota Financial Services", "integrated payoff  Ally Bank, Ally Auto\n")
	if strings.Contains(out, "GM Financial") {
		t.Errorf("a lender without integrated payoff in\n%s", out)
	}
	out, _ = o.run(0, "lender", "search", "coaf", "--json")
	var found []struct {
		LenderID, LenderName string
		Aliases              []string
		IntegratedPayoff     bool
	}
	if err := json.Unmarshal([]byte(out), &found); err != nil || len(found) != 1 || found[0].LenderName != "Capital One Auto Finance" ||
		len(found[0].Aliases) != 2 || !found[0].IntegratedPayoff || found[0].LenderID == "" {
		t.Errorf("%v\n%s", err, out)
	}
	out, bad := o.run(1, "lender", "search", "Zebra", "--json")
	contains(t, bad, `LossExpress knows no lender by "Zebra"`)
	if out != "[]\n" {
		t.Errorf("printed %q", out)
	}
	for _, name := range []string{"al", " al ", ""} {
		_, bad = o.run(2, "lender", "search", name)
		contains(t, bad, "give at least three letters")
	}
}

// A name of three letters that are no bytes of ASCII is long enough; hostile text does not reach the terminal.
func TestLenderSearchOfStrangeText(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourVendor)
	o.run(1, "lender", "search", "äöü")
	o.service.Change(func(b *lossexpress.Behaviour) { b.HostileStrings = true })
	out, _ := o.run(0, "lender", "search", "wells")
	contains(t, out, "Wells Fargo Auto")
	if strings.ContainsAny(out, "\x1b\u202e\u009b\x07") || strings.Count(out, "\n") != 1 {
		t.Errorf("printed %q", out)
	}
}

// Most accounts have no directory: what that means is said.
func TestLenderSearchWithoutDirectory(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.FlavourCarrier)
	for kind, code := range map[lossexpress.FaultKind]int{
		lossexpress.FaultNotFound: 1, lossexpress.FaultForbidden: 1, lossexpress.FaultServerError: 1, lossexpress.FaultUnauthorized: 4,
	} {
		o.service.Inject(lossexpress.Fault{Kind: kind, Times: -1, Match: func(r *http.Request) bool { return r.URL.Path == "/lenders" }})
		_, bad := o.run(code, "lender", "search", "ally")
		o.service.ClearFaults()
		none := kind == lossexpress.FaultNotFound || kind == lossexpress.FaultForbidden
		if strings.Contains(bad, "this account has no lender directory") != none {
			t.Errorf("%s: %s", kind, bad)
		}
	}
	_, bad := o.run(0, append(carrierClaim("EX-9002"), "--dry-run")...)
	if strings.Contains(bad, "Lender") {
		t.Errorf("a known lender is warned about: %s", bad)
	}
	odd := carrierClaim("EX-9002")
	for i, arg := range odd {
		odd[i] = strings.ReplaceAll(arg, "Ally Financial", "Aly Financial")
	}
	_, bad = o.run(0, append(odd, "--dry-run")...)
	if !strings.Contains(bad, "warning: Lender: LossExpress does not know Aly Financial yet") {
		t.Errorf("an unknown lender is not: %s", bad)
	}
}
