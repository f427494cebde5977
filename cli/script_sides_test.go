package cli_test

import (
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"claimdeck/cli"
	"claimdeck/sandbox/claimcenter"
	"claimdeck/sandbox/inscipher"
	"claimdeck/sandbox/scalepoint"
)

// remote turns the switches of the side systems, and looks into them: remote configured, or remote SYSTEM VERB ARGS...
func remote(ts *testscript.TestScript, neg bool, args []string) {
	s, ok := ts.Value("service").(service)
	if !ok || neg || len(args) == 0 {
		ts.Fatalf("usage: remote configured, or remote SYSTEM VERB ARGS...")
	}
	switch verb := strings.Join(args[:min(2, len(args))], " "); args[0] {
	case "configured": // all of them, in the environment
		for name, value := range cli.SideEnvironment(s.base, scriptID, scriptSecret) {
			ts.Setenv(name, value)
		}
	case "address": // address NAME [ALIAS]: of what all have in common, and the same by another name
		ts.Setenv(args[1], s.base)
		if len(args) > 2 {
			ts.Setenv(args[2], strings.Replace(s.base, "127.0.0.1", "localhost", 1))
		}
	case "claimcenter":
		ts.Check(s.center(verb, args[2:]))
	case "inscipher":
		s.inscipher(ts, verb, args[2:])
	case "scalepoint":
		s.scalepoint(ts, verb, args[2:])
	default:
		ts.Fatalf("remote %q?", args)
	}
}

// unknown is a switch that there is none of.
type unknown string

func (u unknown) Error() string { return "remote " + string(u) + "?" }

// center turns those of ClaimCenter. Its faults have no names of their own.
func (s service) center(verb string, args []string) error {
	kinds := map[string]claimcenter.FaultKind{
		"401": claimcenter.FaultUnauthorized, "403": claimcenter.FaultForbidden, "404": claimcenter.FaultNotFound,
		"500": claimcenter.FaultServerError, "503": claimcenter.FaultUnavailable, "reset": claimcenter.FaultReset,
		"html": claimcenter.FaultHTMLOK, "truncated": claimcenter.FaultTruncated,
	}
	on := s.sides.Center
	switch verb {
	case "claimcenter fault": // KIND PART-OF-PATH
		kind, ok := kinds[args[0]]
		if !ok {
			return unknown(args[0])
		}
		on.Inject(claimcenter.Fault{Kind: kind, Contains: args[1], Times: -1})
	case "claimcenter calm":
		on.ClearFaults()
		on.Change(func(b *claimcenter.Behaviour) { *b = claimcenter.Behaviour{} })
	case "claimcenter refuse": // any client
		on.Change(func(b *claimcenter.Behaviour) { b.TokenRefused = true })
		on.RevokeTokens()
	case "claimcenter claim": // NUMBER AMOUNT: reserved for the vehicle
		amount, err := strconv.Atoi(args[1])
		on.AddClaim(claimcenter.ClaimSeed{Number: args[0], Insured: "Dana Whitfield", Opened: time.Now(), Vehicle: amount})
		return err
	default:
		return unknown(verb)
	}
	return nil
}

// struck is the fault that a word names: KIND or KIND-after.
func struck(word string, kinds int, name func(kind int) string) (kind int, after, ok bool) {
	word, after = strings.CutSuffix(word, "-after")
	for kind = range kinds {
		if name(kind) == word {
			return kind, after, true
		}
	}
	return 0, after, false
}

func (s service) inscipher(ts *testscript.TestScript, verb string, args []string) {
	on := s.sides.Filings
	switch verb {
	case "inscipher fault": // KIND[-after] METHOD TIMES
		kind, after, ok := struck(args[0], 32, func(k int) string { return inscipher.FaultKind(k).String() })
		times, err := strconv.Atoi(args[2])
		if ts.Check(err); !ok {
			ts.Fatalf("remote inscipher fault %s?", args[0])
		}
		on.Inject(inscipher.Fault{
			Kind: inscipher.FaultKind(kind), Method: args[1], After: after, Times: times,
			Match: func(*http.Request) bool {
				select {
				case s.arrived <- struct{}{}:
				default:
				}
				return true
			},
		})
	case "inscipher struck": // waits until a request met a fault
		select {
		case <-s.arrived:
		case <-time.After(patienceOfScripts):
			ts.Fatalf("no request met a fault")
		}
	case "inscipher calm":
		on.ClearFaults()
		on.Change(func(b *inscipher.Behaviour) { *b = inscipher.Behaviour{} })
	case "inscipher key": // another one from now on
		on.ChangeKey(args[0])
	case "inscipher queued": // POLLS before there are results
		polls, err := strconv.Atoi(args[0])
		ts.Check(err)
		on.Change(func(b *inscipher.Behaviour) { b.Async, b.Polls = true, polls })
	case "inscipher filed": // exactly these ids, each once
		filed := on.Accepted()
		for id, times := range filed {
			if times != 1 {
				ts.Fatalf("%s was filed %d times", id, times)
			}
		}
		if got, want := slices.Sorted(maps.Keys(filed)), slices.Sorted(slices.Values(args)); !slices.Equal(got, want) {
			ts.Fatalf("filed were %q, want %q", got, want)
		}
	default:
		ts.Fatalf("remote %s?", verb)
	}
}

func (s service) scalepoint(ts *testscript.TestScript, verb string, args []string) {
	on := s.sides.Cases
	switch verb {
	case "scalepoint fault": // KIND[-after] PATH TIMES
		kind, after, ok := struck(args[0], 32, func(k int) string { return scalepoint.FaultKind(k).String() })
		times, err := strconv.Atoi(args[2])
		if ts.Check(err); !ok {
			ts.Fatalf("remote scalepoint fault %s?", args[0])
		}
		on.Inject(scalepoint.Fault{Kind: scalepoint.FaultKind(kind), Path: args[1], After: after, Times: times})
	case "scalepoint calm":
		on.ClearFaults()
		on.Change(func(b *scalepoint.Behaviour) { *b = scalepoint.Behaviour{} })
	case "scalepoint revoke":
		on.RevokeTokens()
	case "scalepoint assertions": // no secrets, as the service documents it
		on.Change(func(b *scalepoint.Behaviour) { b.Auth = scalepoint.AuthAssertion })
	case "scalepoint identity": // NAME: makes NAME.key and NAME.pem, and says nothing of them to the service
		made, err := scalepoint.NewIdentity(time.Now())
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(args[0]+".key"), made.Key, 0o600))
		ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pem"), made.Certificate, 0o600))
		ts.Setenv("CERTIFICATE", made.Registered)
		if len(args) > 1 && args[1] == "registered" {
			on.Register(made.Parsed)
		}
	case "scalepoint submitted": // TOKEN TIMES
		if got := strconv.Itoa(on.Submitted(args[0])); got != args[1] {
			ts.Fatalf("case %s was submitted %s times, want %s", args[0], got, args[1])
		}
	case "scalepoint refused": // WORDS: why it refused the last sign-in
		all := on.Refusals()
		if len(all) == 0 || !strings.Contains(all[len(all)-1], args[0]) {
			ts.Fatalf("the refusals were %q, want one of %q", all, args[0])
		}
	default:
		ts.Fatalf("remote %s?", verb)
	}
}
