package cli

import (
	"errors"

	"charm.land/huh/v2"
	"github.com/spf13/cobra"

	"claimdeck/state/config"
)

// The answers to the welcome.
const (
	chooseDemo   = "demo"
	chooseSignIn = "login"
)

// welcome asks a person without an account what to do, and does it. Without a terminal there is nobody to ask.
func (p *Program) welcome(cmd *cobra.Command, why error) error {
	if !isTerminal(p.Stdin) || !isTerminal(p.Stdout) {
		return why
	}
	choice := chooseDemo
	ask := huh.NewForm(huh.NewGroup(huh.NewSelect[string]().
		Title("claimdeck is not signed in to LossExpress yet").
		Options(
			huh.NewOption("Look around in the demo: nothing is sent, nothing is left behind", chooseDemo),
			huh.NewOption("Sign in with a client id and a secret of LossExpress", chooseSignIn),
		).Value(&choice))).
		WithTheme(huh.ThemeFunc(huh.ThemeBase)).WithInput(p.Stdin).WithOutput(p.Stdout)
	switch err := ask.RunWithContext(cmd.Context()); {
	case errors.Is(err, huh.ErrUserAborted):
		return &exit{exitSignedOut, errors.New("")}
	case err != nil:
		return errors.Join(why, err)
	}
	if choice == chooseDemo {
		return p.runDemo(cmd.Context(), demoOptions{theme: "auto"})
	}
	if err := p.signIn(cmd.Context(), signIn{system: config.LossExpress}); err != nil {
		return err
	}
	return p.console(cmd, nil)
}
