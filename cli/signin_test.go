package cli_test

import (
	"os"
	"strings"
	"testing"

	"claimdeck/cli"
	"claimdeck/sandbox/lossexpress"
)

// local are the commands that ask LossExpress for nothing that matters, or that run until they are ended and say it themselves.
func local() []string {
	return []string{
		"claimdeck", "claimdeck demo", "claimdeck login", "claimdeck logout", "claimdeck sandbox", "claimdeck keys", "claimdeck version",
		"claimdeck config path", "claimdeck config show", "claimdeck config check", "claimdeck config schema",
		"claimdeck outbox list", "claimdeck outbox show", "claimdeck outbox drop", "claimdeck outbox export",
		// These ask other systems; the scripts about them have their sign-ins.
		"claimdeck doctor", "claimdeck reserve list", "claimdeck reserve show", "claimdeck reserve link", "claimdeck reserve unlink",
		"claimdeck case submit", "claimdeck filing check", "claimdeck filing submit", "claimdeck filing status",
	}
}

// asks is how a command asks LossExpress for something, and its exit code when it is not let in.
type asks struct {
	line   string // what follows the command; WRITE is the id of a write that was refused
	fresh  int    // with nothing stored
	stored int    // with the claim stored
}

// askers are all commands that are not local.
func askers() map[string]asks {
	all := map[string]asks{
		// What is stored is shown all the same.
		"claimdeck claim show":    {"EX-1001", 4, 0},
		"claimdeck claim story":   {"EX-1001", 4, 0},
		"claimdeck document list": {"EX-1001", 4, 0},
		// What there is nothing of needs no sign-in.
		"claimdeck outbox retry":   {"WRITE", 1, 4},
		"claimdeck sandbox record": {"what-was-done", 1, 4},
	}
	for command, line := range map[string]string{
		"status": "", "feed": "", "order types": "", "webhook show": "", "webhook off": "",
		"claim search":      "EX-1001",
		"claim create":      strings.Join(carrierClaim("EX-9001")[2:], "\x00"),
		"claim update":      "EX-1001 --odometer 42000",
		"order create":      "EX-1001 --type Other",
		"order cancel":      "EX-1001 24907dea-2bd2-4547-bae6-8305b4256256",
		"order refresh":     "EX-1001\x00--type\x00Bill of Sale\x00--yes",
		"payoff request":    "EX-1001",
		"payoff cancel":     "EX-1001",
		"payoff sent":       "EX-1001 --amount 10222 --sent-at 2026-11-20",
		"guarantee request": "EX-1001",
		"payoff refresh":    "EX-1001 --yes",
		"guarantee cancel":  "EX-1001",
		"guarantee refresh": "EX-1001 --yes",
		"lender search":     "ally",
		"counter accept":    "EX-1001 --document PAPER",
		"counter dispute":   "EX-1001 --reason Verified",
		"message send":      "EX-1001 --message Hello",
		"document add":      "EX-1001 PAPER --description other",
		"document get":      "EX-1001 DOCUMENT",
		"document open":     "EX-1001 DOCUMENT",
		"webhook register":  "http://127.0.0.1:1/",
		"webhook listen":    "--addr 127.0.0.1:0",
		"sandbox run":       "sign-in",
		"sandbox trigger":   "EX-1001 call",
		"sandbox vin":       "call",
	} {
		all["claimdeck "+command] = asks{line, 4, 4}
	}
	return all
}

// Credentials that LossExpress refuses are exit code 4 for every command that needs them, with the reason on stderr, and
// nothing is done.
func TestRefusedSignInOfEveryCommand(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, path := range local() {
		seen[path] = true
	}
	for path, ask := range askers() {
		seen[path] = true
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, lossexpress.FlavourCarrier)
			o.refused(path, ask.line, ask.fresh, "DOCUMENT", "", "WRITE", "none", "PAPER", o.file("a.pdf"))
			o.run(1, "payoff", "cancel", "EX-1001")
			o.run(0, "feed")
			document := o.firstOf(`"documentId": "`, "document", "list", "EX-1001", "--json")
			write := o.firstOf(`"id": "`, "outbox", "list", "--json")
			o.refused(path, ask.line, ask.stored, "DOCUMENT", document, "WRITE", write, "PAPER", o.file("a.pdf"))
			if did := o.did(); len(did) > 0 {
				t.Errorf("it did %q", did)
			}
		})
	}
	for path := range (&cli.Program{Env: os.LookupEnv}).Examples() {
		if !seen[path] {
			t.Errorf("%s is not tested: is it local, or how does it ask?", path)
		}
	}
}

// refused runs a command with a secret that is refused; names and values are put into its line.
func (o *office) refused(path, line string, code int, values ...string) {
	o.t.Helper()
	right := o.vars["CLAIMDECK_LOSSEXPRESS_SECRET"]
	o.vars["CLAIMDECK_LOSSEXPRESS_SECRET"] = "guessed"
	defer func() { o.vars["CLAIMDECK_LOSSEXPRESS_SECRET"] = right }()
	split := strings.Fields
	if strings.Contains(line, "\x00") { // its arguments have blanks in them
		split = func(s string) []string { return strings.Split(s, "\x00") }
	}
	args := strings.Fields(path)[1:]
	for _, arg := range split(line) {
		args = append(args, strings.NewReplacer(values...).Replace(arg))
	}
	_, bad := o.run(code, args...)
	if bad == "" || strings.Contains(bad, "guessed") {
		o.t.Errorf("%s said %q", path, bad)
	}
	if code == 4 && !strings.Contains(bad, "client id or secret refused") {
		o.t.Errorf("%s did not say why: %s", path, bad)
	}
}

// firstOf is what follows mark in the output of a command line, up to a quotation mark.
func (o *office) firstOf(mark string, args ...string) string {
	o.t.Helper()
	out, _ := o.run(0, args...)
	_, rest, _ := strings.Cut(out, mark)
	id, _, found := strings.Cut(rest, `"`)
	if !found {
		o.t.Fatalf("%q printed no %s: %s", args, mark, out)
	}
	return id
}
