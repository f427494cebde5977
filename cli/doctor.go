package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/action/systems"
	"claimdeck/state/config"
)

// doctor tries every remote system out and says what to do about what fails.
func (p *Program) doctor() *cobra.Command {
	return &cobra.Command{
		Use: "doctor [SYSTEM...]", Short: "Try every remote system out: account, secret, sign-in, clock, and what to do about it",
		Long: "Asks every system that is configured for a token, or for something harmless where it has none, and compares the\n" +
			"clocks. Every failure comes with its remedy. The exit code is 4 when a sign-in fails, and 1 when a system cannot be asked.\n" +
			"SYSTEM is lossexpress, claimcenter, inscipher or scalepoint.",
		Example: "claimdeck doctor\nclaimdeck doctor claimcenter --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			asked := systemNames()
			if len(args) > 0 {
				asked = nil
			}
			for i := range args {
				system, err := systemArg(args[i:])
				if err != nil {
					return err
				}
				asked = append(asked, system)
			}
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			found, creds := make([]health, 0, len(asked)), p.allCredentials(cfg)
			for _, system := range asked {
				found = append(found, p.examine(cmd.Context(), cfg, system, creds[system]))
			}
			if err := p.printHealth(cfg, found); err != nil {
				return err
			}
			return worst(found, len(args) > 0)
		},
	}
}

func (p *Program) printHealth(cfg config.Config, found []health) error {
	if p.json {
		return p.printJSON(map[string]any{"profile": cfg.Profile.Name, "systems": found})
	}
	for _, h := range found {
		if err := p.printFinding(h); err != nil {
			return err
		}
	}
	return nil
}

// printFinding prints a system: its state, and indented what is behind it.
func (p *Program) printFinding(h health) error {
	state := "ok"
	switch {
	case !h.Configured:
		state = "not configured"
	case h.Problem != "":
		state = "problem"
	}
	if err := p.print(fmt.Sprintf("%-12s %s", titleOf(h.System), state)); err != nil {
		return err
	}
	for _, l := range [][2]string{
		{"address", h.URL},
		{"account", h.ClientID},
		{"secret", h.Secret},
		{"sign-in", h.Words},
		{"clock", clockWords(h.ClockSkew)},
		{"problem", strings.TrimPrefix(h.Problem, titleOf(h.System)+": ")},
		{"remedy", h.Remedy},
	} {
		if l[1] == "" {
			continue
		}
		if err := p.print(fmt.Sprintf("  %-*s%s", findingColumn-2, l[0], hang(l[1], findingColumn))); err != nil {
			return err
		}
	}
	return nil
}

// findingColumn is where the values of a finding begin.
const findingColumn = 11

// clockWords says how far the clock of this machine is off, unless it is a second that the way takes.
func clockWords(skew string) string {
	d, err := time.ParseDuration(skew)
	if err != nil || d.Abs() < 2*time.Second {
		return ""
	}
	if d > 0 {
		return off(d) + " of the service's"
	}
	return off(d) + " the service's"
}

// worst is the error of the command: a sign-in that fails counts more than a system that cannot be asked. A system without
// an account is no failure, unless it was named, or there is no account at all.
func worst(found []health, named bool) error {
	failed, signIn, configured := 0, false, 0
	for _, h := range found {
		if h.Configured {
			configured++
		} else if named {
			return &exit{exitSignedOut, systems.NotConfigured(h.System, titleOf(h.System))}
		}
		if h.Problem != "" {
			failed++
			signIn = signIn || h.Secret == "" || signedOut(h.err)
		}
	}
	switch words := fmt.Errorf("%d of %d systems cannot be used: do what the remedy says", failed, configured); {
	case configured == 0:
		return &exit{exitSignedOut, errNoAccount}
	case failed == 0:
		return nil
	case signIn:
		return &exit{exitSignedOut, words}
	default:
		return words
	}
}
