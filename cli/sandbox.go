package cli

import (
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"github.com/spf13/cobra"
)

// sandbox serves the embedded sandbox for other programs.
func (p *Program) sandbox() *cobra.Command {
	var addr string
	var still bool
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the embedded sandbox on this machine, or test the sandbox that is configured",
		Long: "Serves the sandbox with its seeded claims until it is interrupted, and prints the environment that makes\n" +
			"claimdeck use it. Its verbs test the configured service: scenarios, test VINs and triggers.",
		Example: "claimdeck sandbox\nclaimdeck sandbox --addr 127.0.0.1:8791 --still",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := loopbackOnly(addr); err != nil {
				return err
			}
			base, end, err := p.startSandbox(cmd.Context(), addr, demoOptions{still: still})
			if err != nil {
				return err
			}
			defer end()
			if err := p.printSandbox(base); err != nil {
				return err
			}
			fmt.Fprintln(p.Stderr, "serving; interrupt to end") //nolint:errcheck // narration
			<-cmd.Context().Done()
			return nil
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8790", "loopback address to listen on")
	cmd.Flags().BoolVar(&still, "still", false, "no new activities arrive")
	cmd.AddCommand(p.studioCommands()...)
	return cmd
}

func (p *Program) printSandbox(base string) error {
	vars := map[string]string{
		"CLAIMDECK_LOSSEXPRESS_URL":       base,
		"CLAIMDECK_LOSSEXPRESS_CLIENT_ID": sandboxID,
		"CLAIMDECK_LOSSEXPRESS_SECRET":    sandboxSecret,
	}
	if p.json {
		return p.printJSON(vars)
	}
	for _, name := range []string{"CLAIMDECK_LOSSEXPRESS_URL", "CLAIMDECK_LOSSEXPRESS_CLIENT_ID", "CLAIMDECK_LOSSEXPRESS_SECRET"} {
		if _, err := fmt.Fprintf(p.Stdout, "export %s=%s\n", name, vars[name]); err != nil {
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
