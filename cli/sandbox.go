package cli

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	sandboxlx "claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
)

// sandbox serves the embedded sandbox for other programs.
func (p *Program) sandbox() *cobra.Command {
	var addr, certificate string
	var still bool
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the embedded sandbox on this machine, or test the sandbox that is configured",
		Long: "Serves the sandbox of the demo until it is interrupted, and prints the environment that makes claimdeck use it:\n" +
			"60 claims with their history, and EX-1001, on which the examples of every verb work. All four systems are on one\n" +
			"address: LossExpress, ClaimCenter under /cc, InsCipher under /inscipher and Scalepoint under /scalepoint.\n\n" +
			"The verbs below test the service that is configured, this sandbox or that of LossExpress.",
		Example: "claimdeck sandbox > sandbox.env\nclaimdeck sandbox --addr 127.0.0.1:8800 --still",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := loopbackOnly(addr); err != nil {
				return err
			}
			registered, err := certificatesOf(certificate)
			if err != nil {
				return err
			}
			sb, err := p.startSandboxesFor(cmd.Context(), addr, demoOptions{still: still, example: true}, registered)
			if err != nil {
				return err
			}
			defer sb.end()
			if err := p.printSandbox(sb); err != nil {
				return err
			}
			fmt.Fprintln(p.Stderr, "serving; interrupt to end") //nolint:errcheck // narration
			<-cmd.Context().Done()
			return nil
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8790", "loopback address to listen on")
	cmd.Flags().BoolVar(&still, "still", false, "no new activities arrive")
	cmd.Flags().StringVar(&certificate, "certificate", "", "file with a certificate (PEM) that Scalepoint has registered, to try its sign-in by key")
	cmd.AddCommand(p.studioCommands()...)
	return cmd
}

// certificatesOf reads the certificates of a PEM file; none without a file.
func certificatesOf(path string) ([]*x509.Certificate, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path) //nolint:gosec // the person named it
	if err != nil {
		return nil, fmt.Errorf("the certificate cannot be read: %w", err)
	}
	var found []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		found = append(found, one)
	}
	if len(found) == 0 {
		return nil, usage("--certificate %s has no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----", path)
	}
	return found, nil
}

// addExample adds the claim that the help and the README speak of, with what they take for granted.
func addExample(sb *sandboxlx.Server, now time.Time) error {
	return sb.Trigger(sb.AddClaim(sandboxlx.ClaimSeed{
		ClaimNumber: "EX-1001", VIN: "1FAHP3EN7BW114135", LenderName: "Ally Financial", CreatedAt: now.Add(-3 * time.Hour),
		Documents: []string{"settlement breakdown", "valuation report"},
	}), string(activity.SettlementCounterAdded))
}

// printSandbox prints the environment that makes claimdeck use the sandbox. It has a profile of its own, so that its claims
// never mix with those of an account.
func (p *Program) printSandbox(sb *sandboxes) error {
	if p.json {
		vars := map[string]string{}
		for _, v := range sb.environment() {
			vars[v[0]] = v[1]
		}
		return p.printJSON(vars)
	}
	for _, v := range sb.environment() {
		if _, err := fmt.Fprintf(p.Stdout, "export %s=%s\n", v[0], v[1]); err != nil {
			return err
		}
	}
	return nil
}

// loopbackOnly refuses addresses that others could reach: the sandbox knows one published secret.
func loopbackOnly(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return usage("--addr %s is not HOST:PORT, such as 127.0.0.1:8790", addr)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usage("--addr %s is not on this machine; the sandbox serves loopback only, such as 127.0.0.1:8790", addr)
	}
	return nil
}

// livePace is how often something happens in the sandbox: at a human pace.
func livePace() func() time.Duration {
	return func() time.Duration { return 4*time.Second + rand.N(8*time.Second) } //nolint:gosec // not a secret
}
