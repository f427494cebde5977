//go:build !windows

package cli_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"claimdeck/cli"
	"claimdeck/sandbox/claimcenter"
	"claimdeck/sandbox/scalepoint"
)

// pdf is enough of a document to be sent.
const pdf = "%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

// What the help shows works when it is pasted into a shell: every command has an example, and every example runs. Each
// command has a machine and a service of its own.
func TestExamplesOfTheHelp(t *testing.T) {
	t.Parallel()
	for path, examples := range (&cli.Program{Env: os.LookupEnv}).Examples() {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			if len(examples) == 0 {
				t.Fatal("the help shows no example")
			}
			sh := newShell(t)
			for _, line := range sh.help(path, examples) {
				sh.example(line)
			}
		})
	}
}

// shell runs lines as a person would paste them.
type shell struct {
	t     *testing.T
	dir   string
	vars  map[string]string
	sides cli.Sides
}

// newShell is a shell on a machine of its own, with what examples take for granted: files, a desktop, profiles that are
// configured, and a claim EX-1001 with documents and a settlement counter at the service.
func newShell(t *testing.T) shell {
	t.Helper()
	dir := t.TempDir()
	s, vars, err := start(dir)
	t.Cleanup(s.end)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(vars, cli.SideEnvironment(s.base, scriptID, scriptSecret))
	s.sides.Center.AddClaim(claimcenter.ClaimSeed{Number: "EX-1001", Insured: "Dana Whitfield", Opened: time.Now(), Vehicle: 19000})
	maps.Copy(vars, map[string]string{"PATH": filepath.Join(dir, "bin") + ":" + os.Getenv("PATH"), "DISPLAY": ":0"})
	sh := shell{t: t, dir: dir, vars: vars, sides: s.sides}
	for _, opener := range []string{"xdg-open", "open"} {
		sh.write("bin/"+opener, "#!/bin/sh\n")
	}
	sh.write("breakdown.pdf", pdf)
	sh.write("report.pdf", pdf)
	sh.write("secret.txt", scriptSecret+"\n")
	sh.write("filings.csv", filings("222"))
	sh.write("filings/june.csv", filings("223"))
	sh.write("home/config.toml", "[profile.default]\nlossexpress.client_id = \""+scriptID+"\"\n[profile.work]\nlossexpress.client_id = \""+scriptID+"\"\n")
	return sh
}

func (sh shell) write(name, content string) {
	sh.t.Helper()
	path := filepath.Join(sh.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		sh.t.Fatal(err)
	}
	mode := os.FileMode(0o600)
	if strings.HasPrefix(content, "#!") {
		mode = 0o700
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		sh.t.Fatal(err)
	}
}

// help is what the help of a command shows as examples on a terminal of 80 columns, a command line each: all of it, and
// as a shell reads it.
func (sh shell) help(path string, want []string) []string {
	sh.t.Helper()
	shown := sh.run("env __FANG_TEST_WIDTH=80 " + path + " --help")
	_, rest, _ := strings.Cut(shown, "  EXAMPLES\n\n")
	block, _, _ := strings.Cut(rest, "\n\n")
	var lines []string
	for line := range strings.Lines(block) {
		lines = append(lines, strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "    "))
	}
	if whole := strings.Join(want, "\n"); strings.ReplaceAll(strings.Join(lines, "\n"), "\\\n  ", "\\\n") != whole {
		sh.t.Errorf("the help of %s shows\n%s\nfor\n%s", path, block, whole)
	}
	return strings.Split(strings.ReplaceAll(strings.Join(want, "\n"), "\\\n", ""), "\n")
}

// granted is what examples need besides what every shell has, by how their lines begin. It returns the line with what
// differs from time to time put in: ids, and addresses, since the documented ones may be taken on this machine.
func granted() map[string]func(sh shell, line string) string {
	return map[string]func(sh shell, line string) string{
		"claimdeck order cancel": func(sh shell, line string) string {
			sh.run("claimdeck order create EX-1001 --type 'Title Status'")
			return strings.Replace(line, "24907dea-2bd2-4547-bae6-8305b4256256", sh.order(), 1)
		},
		"claimdeck order refresh": func(sh shell, line string) string {
			sh.run("claimdeck order create EX-1001 --type 'Copy of Title'")
			sh.run("claimdeck order cancel EX-1001 " + sh.order())
			return line
		},
		"claimdeck payoff cancel":     after("claimdeck payoff request EX-1001"),
		"claimdeck payoff refresh":    after("claimdeck payoff request EX-1001", "claimdeck sandbox trigger EX-1001 payoff"),
		"claimdeck guarantee cancel":  after("claimdeck guarantee request EX-1001"),
		"claimdeck guarantee refresh": after("claimdeck guarantee request EX-1001", "claimdeck sandbox trigger EX-1001 guarantee"),
		"claimdeck sandbox record":    after("claimdeck sandbox trigger EX-1001 counter"),
		"claimdeck outbox show":       refusedWrite,
		"claimdeck outbox drop":       refusedWrite,
		"claimdeck outbox retry": func(sh shell, line string) string {
			line = refusedWrite(sh, line)
			sh.run("claimdeck payoff request EX-1004") // now there is something to cancel
			return line
		},
		"claimdeck login": typed,
		"claimdeck logout": func(sh shell, line string) string {
			sh.run(typed(sh, strings.Replace(line, "logout", "login", 1)))
			return line
		},
		"claimdeck reserve show": func(sh shell, line string) string {
			_, list, _ := strings.Cut(sh.run("claimdeck reserve list EX-1001 --json"), `"reserves": [`)
			_, rest, _ := strings.Cut(list, `"`)
			id, _, _ := strings.Cut(rest, `"`)
			return strings.Replace(line, "cc:5003", id, 1)
		},
		"claimdeck login claimcenter": sideAddress,
		"claimdeck login inscipher":   sideAddress,
		"claimdeck login scalepoint":  sideAddress,
		"claimdeck filing status":     after("claimdeck filing submit filings.csv"),
		"claimdeck webhook listen":    anyPort,
		"claimdeck sandbox --addr":    anyPort,
		"claimdeck sandbox >": func(_ shell, line string) string {
			return strings.Replace(line, "sandbox >", "sandbox --addr 127.0.0.1:0 >", 1)
		},
		"claimdeck webhook register": listened,
	}
}

// filings are what filing check takes for right, and InsCipher too.
func filings(id string) string {
	return "id,policy_number,policy_effective_date,transaction_effective_date,transaction_type,account_written_as,rpg,premium,agency_fee," +
		"sl_tax,stamping_fee,total,non_admitted_insured_name,invoice_date,ecp,mailing_insured_name,mailing_address,mailing_city," +
		"mailing_zip_code,mailing_state_code,physical_same_as_mailing,transaction_line_of_business,transaction_documents.1.code," +
		"transaction_documents.1.url\n" +
		id + ",P-1,2017-02-01,2017-02-01,PN,B,0,3900.00,200.00,117.00,7.80,4224.80,1001,2017-02-01,0,Westfield,1151 Galleria Blvd,Roseville," +
		"95678,CA,1,1001,POLIC,https://files.example.com/a.pdf\n"
}

// after runs other lines first.
func after(first ...string) func(sh shell, line string) string {
	return func(sh shell, line string) string {
		for _, before := range first {
			sh.run(before)
		}
		return line
	}
}

// typed gives the secret to a line that asks for it.
func typed(_ shell, line string) string {
	if strings.Contains(line, "<") {
		return line
	}
	return line + " < secret.txt"
}

var (
	address  = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)
	endpoint = regexp.MustCompile(`https?://[^ ]+`)
)

// sideAddress puts in where the side systems are on this machine, and makes Scalepoint know the key.
func sideAddress(sh shell, line string) string {
	for documented, name := range map[string]string{
		"https://cc.example.com/cc": "CLAIMDECK_CLAIMCENTER_URL", "https://hub.example.com/oauth2/1/v1/token": "CLAIMDECK_CLAIMCENTER_TOKEN_URL",
		"https://sandbox.inscipher.com": "CLAIMDECK_INSCIPHER_URL",
	} {
		line = strings.Replace(line, documented, sh.vars[name], 1)
	}
	if !strings.Contains(line, "--key") {
		return typed(sh, line)
	}
	made, err := scalepoint.NewIdentity(time.Now())
	if err != nil {
		sh.t.Fatal(err)
	}
	sh.write("acme.key", string(made.Key))
	sh.write("acme.pem", string(made.Certificate))
	sh.sides.Cases.Register(made.Parsed)
	return strings.Replace(line, "--client-id ACME ", "--set auth=private_key_jwt --client-id "+scriptID+" ", 1)
}

func anyPort(_ shell, line string) string { return address.ReplaceAllString(line, "127.0.0.1:0") }

// refusedWrite makes a write that was refused, and puts its id in.
func refusedWrite(sh shell, line string) string {
	_ = sh.command("claimdeck payoff cancel EX-1004").Run() // it must fail; that there is a write is seen below
	return strings.Replace(line, "019a9b6e-3c1f", sh.first("claimdeck outbox list --limit 1 --json", `"id": "`), 1)
}

// listened puts the address of a listener in.
func listened(sh shell, line string) string {
	r := sh.begin("claimdeck webhook listen --addr 127.0.0.1:0")
	return endpoint.ReplaceAllString(line, sh.await(&r.err, `listening on (http://\S+)`))
}

// example runs an example after what it takes for granted.
func (sh shell) example(line string) {
	sh.t.Helper()
	if line == "claimdeck" || line == "claimdeck demo" {
		return // the tests of the terminal run these
	}
	longest, all := "", granted()
	for begins := range all {
		if strings.HasPrefix(line, begins) && len(begins) > len(longest) {
			longest = begins
		}
	}
	if prepare := all[longest]; prepare != nil {
		line = prepare(sh, line)
	}
	switch {
	case strings.HasPrefix(line, "claimdeck sandbox --addr"):
		r := sh.begin(line)
		sh.await(&r.err, "serving")
		sh.interrupt(r)
	case strings.HasPrefix(line, "claimdeck webhook listen"):
		r := sh.begin(line)
		sh.run("claimdeck webhook register " + sh.await(&r.err, `listening on (http://\S+)`))
		sh.run("claimdeck sandbox trigger EX-1001 call")
		sh.await(&r.out, `EX-1001.*Call to lender|"call-made"`)
		sh.interrupt(r)
	case strings.Contains(line, "--follow"):
		r := sh.begin(line)
		sh.await(&r.out, "settlement-counter-added")
		sh.interrupt(r)
	default:
		sh.run(line)
	}
}

func (sh shell) command(line string) *exec.Cmd {
	cmd := exec.CommandContext(sh.t.Context(), "sh", "-c", "exec "+line)
	cmd.Dir, cmd.WaitDelay = sh.dir, time.Second
	for name, value := range sh.vars {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

func (sh shell) run(line string) string {
	sh.t.Helper()
	cmd := sh.command(line)
	var narration strings.Builder
	cmd.Stderr = &narration
	out, err := cmd.Output()
	if err != nil {
		sh.t.Errorf("%s: %v\n%s", line, err, narration.String())
	}
	return string(out)
}

// order is the id of the order of EX-1001 that was placed last.
func (sh shell) order() string {
	sh.t.Helper()
	return sh.first("claimdeck claim show EX-1001 --json", `"orderId": "`)
}

// first is what follows mark in the output of a line, up to a quotation mark.
func (sh shell) first(line, mark string) string {
	sh.t.Helper()
	_, rest, found := strings.Cut(sh.run(line), mark)
	if !found {
		sh.t.Fatalf("%s printed no %s", line, mark)
	}
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

// begin starts a line that goes on; it ends with the test at the latest.
func (sh shell) begin(line string) *runner {
	sh.t.Helper()
	r := newRunner(sh.command(line))
	if err := r.cmd.Start(); err != nil {
		sh.t.Fatal(err)
	}
	return r
}

// await waits for what a program prints, and returns the last group of the pattern.
func (sh shell) await(o *output, pattern string) string {
	sh.t.Helper()
	m := o.await(regexp.MustCompile(pattern))
	if m == nil {
		sh.t.Fatalf("%s was never printed, but %s", pattern, o.String())
	}
	return m[len(m)-1]
}

// interrupt ends a program as ctrl+c does.
func (sh shell) interrupt(r *runner) {
	sh.t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGINT); err != nil {
		sh.t.Error(err)
	}
	if err := r.cmd.Wait(); err != nil {
		sh.t.Errorf("%v: %v\n%s", r.cmd.Args, err, r.err.String())
	}
}
