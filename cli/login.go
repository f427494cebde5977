package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"claimdeck/action/account"
	"claimdeck/state/config"
	"claimdeck/state/secret"
)

// login asks for client id and secret, checks them by a token call, and keeps the secret in the keyring.
func (p *Program) login() *cobra.Command {
	var url, id string
	var toFile bool
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Sign in: check client id and secret, and keep the secret in the keyring of this machine",
		Long: "Asks for client id and secret without echo, checks them by asking LossExpress for a token, and keeps the\n" +
			"secret in the keyring of this machine. Without a terminal they are read from stdin, a line each; the client id\n" +
			"only if neither --client-id nor the configuration has it.",
		Example: "claimdeck login\nclaimdeck login --profile work --client-id ACME-7 < secret.txt",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.signIn(cmd.Context(), url, id, toFile)
		},
	}
	cmd.Flags().StringVar(&url, "url", "", "base address of the API (default "+config.DefaultURL+")")
	cmd.Flags().StringVar(&id, "client-id", "", "client id; asked for when missing")
	cmd.Flags().BoolVar(&toFile, "file", false, "keep the secret in a file encrypted with a passphrase, not in the keyring")
	return cmd
}

func (p *Program) signIn(ctx context.Context, url, id string, toFile bool) error {
	err := p.askAndKeep(ctx, url, id, toFile)
	if errors.Is(err, errNotTyped) {
		return &exit{exitUsage, err}
	}
	return err
}

func (p *Program) askAndKeep(ctx context.Context, url, id string, toFile bool) error {
	cfg, err := p.loadConfig()
	if err != nil {
		return err
	}
	profile := cfg.Profile
	if url != "" {
		profile.LossExpress.URL = url
	}
	if id == "" && (isTerminal(p.Stdin) || profile.LossExpress.ClientID == "") {
		if id, err = p.ask(ctx, "Client id"+was(profile.LossExpress.ClientID)+": "); err != nil {
			return err
		}
	}
	if id != "" {
		profile.LossExpress.ClientID = id
	}
	if profile.LossExpress.ClientID == "" {
		return usage("no client id was given; LossExpress issues it together with the secret")
	}
	if err := profile.Validate(); err != nil {
		return &exit{exitUsage, err}
	}
	key, err := p.askHidden(ctx, "Secret (not shown): ")
	if err != nil {
		return err
	}
	if key == "" {
		return usage("no secret was given; LossExpress issues it together with the client id")
	}
	if err := p.checkAccount(ctx, profile, key); err != nil {
		return err
	}
	return p.keep(ctx, cfg, profile, key, toFile)
}

// checkAccount asks the service for a token with what was typed.
func (p *Program) checkAccount(ctx context.Context, profile config.Profile, key string) error {
	acc, err := account.Open(account.Options{
		Name: profile.Name, BaseURL: profile.LossExpress.URL, Now: p.Now, Wait: p.wait, UserAgent: p.userAgent(),
		Credentials: func(context.Context) (string, string, error) { return profile.LossExpress.ClientID, key, nil },
	})
	if err != nil {
		return err
	}
	if err := acc.Check(ctx); err != nil {
		return fmt.Errorf("not signed in, nothing was kept: %w", err)
	}
	return nil
}

func (p *Program) keep(ctx context.Context, cfg config.Config, profile config.Profile, key string, toFile bool) error {
	chain := secret.NewChain(secret.Options{
		Env: p.Env, Keyring: p.Keyring, WorkFactor: p.PhraseCost, ToFile: toFile, File: func(system string) string { _, file := cfg.Profile.Secret.For(system); return file },
		Passphrase: p.askPassphrase, AgreeToFile: p.agreeToFile,
	})
	where, err := chain.Set(ctx, config.LossExpress, profile.Name, secret.New(key))
	if err != nil {
		return err
	}
	// Only these two, also where they came from the environment: the profile must sign in without it.
	account := config.Account{URL: profile.LossExpress.URL, ClientID: profile.LossExpress.ClientID}
	if err := config.WriteProfile(cfg.Paths.ConfigFile(), profile.Name, config.Profile{LossExpress: account}); err != nil {
		return err
	}
	p.warnOfEnvironment()
	if p.json {
		return p.printJSON(map[string]string{"profile": profile.Name, "url": profile.LossExpress.URL, "secret": where.String()})
	}
	return p.print(fmt.Sprintf("Signed in to %s as %s. The secret is in: %s. Open the console with: claimdeck", host(profile.LossExpress.URL), profile.LossExpress.ClientID, where))
}

// logout removes the secret.
func (p *Program) logout() *cobra.Command {
	return &cobra.Command{
		Use: "logout", Short: "Remove the secret from this machine; the store stays", Args: cobra.NoArgs,
		Example: "claimdeck logout\nclaimdeck logout --profile work",
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			if err := p.secrets(cfg, p.askPassphrase).Delete(cmd.Context(), config.LossExpress, cfg.Profile.Name); err != nil {
				return err
			}
			p.warnOfEnvironment()
			if p.json {
				return p.printJSON(map[string]any{"profile": cfg.Profile.Name, "removed": true})
			}
			return p.print("The secret of profile " + cfg.Profile.Name + " is removed from this machine. What was stored of the claims stays.")
		},
	}
}

// warnOfEnvironment says that the secret of the environment is used, whatever the keyring holds.
func (p *Program) warnOfEnvironment() {
	name := secret.Variable(config.LossExpress)
	if v, ok := p.Env(name); ok && v != "" {
		p.narrate("warning: %s is set, and its secret is the one in use", name)
	}
}

func was(s string) string {
	if s == "" {
		return ""
	}
	return " [" + s + "]"
}
