package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

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
			"secret in the keyring of this machine. Without a terminal, the secret is read from the first line of stdin.",
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
	cfg, err := p.loadConfig()
	if err != nil {
		return err
	}
	profile := cfg.Profile
	in := bufio.NewReader(p.Stdin)
	if url != "" {
		profile.LossExpress.URL = url
	}
	if id == "" {
		if id, err = p.ask(in, "Client id"+was(profile.LossExpress.ClientID)+": "); err != nil {
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
	key, err := p.askHidden(in, "Secret (not shown): ")
	if err != nil {
		return err
	}
	if err := p.checkAccount(ctx, profile, key); err != nil {
		return err
	}
	return p.keep(ctx, cfg, profile, key, toFile)
}

// checkAccount asks the service for a token with what was typed.
func (p *Program) checkAccount(ctx context.Context, profile config.Profile, key string) error {
	acc, err := account.Open(account.Options{
		Name: profile.Name, BaseURL: profile.LossExpress.URL, Now: p.Now, UserAgent: "claimdeck/" + p.Version,
		Credentials: func(context.Context) (string, string, error) { return profile.LossExpress.ClientID, key, nil },
	})
	if err != nil {
		return err
	}
	if err := acc.Check(ctx); err != nil {
		return &exit{exitSignedOut, fmt.Errorf("not signed in, nothing was kept: %w", err)}
	}
	return nil
}

func (p *Program) keep(ctx context.Context, cfg config.Config, profile config.Profile, key string, toFile bool) error {
	chain := secret.NewChain(secret.Options{
		Env: p.Env, ToFile: toFile, File: func(system string) string { _, file := cfg.Profile.Secret.For(system); return file },
		Passphrase: p.askPassphrase, AgreeToFile: p.agreeToFile,
	})
	where, err := chain.Set(ctx, config.LossExpress, profile.Name, secret.New(key))
	if err != nil {
		return err
	}
	if err := config.WriteProfile(cfg.Paths.ConfigFile(), profile.Name, profile); err != nil {
		return err
	}
	if p.json {
		return p.printJSON(map[string]string{"profile": profile.Name, "url": profile.LossExpress.URL, "secret": where.String()})
	}
	return p.print(fmt.Sprintf("Signed in to %s as %s. The secret is in: %s. Open the console with: claimdeck", host(profile.LossExpress.URL), profile.LossExpress.ClientID, where))
}

// logout removes the secret.
func (p *Program) logout() *cobra.Command {
	return &cobra.Command{
		Use: "logout", Short: "Remove the secret from this machine; the store stays", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			if err := p.secrets(cfg).Delete(cmd.Context(), config.LossExpress, cfg.Profile.Name); err != nil {
				return err
			}
			if p.json {
				return p.printJSON(map[string]any{"profile": cfg.Profile.Name, "removed": true})
			}
			return p.print("The secret of profile " + cfg.Profile.Name + " is removed from this machine. What was stored of the claims stays.")
		},
	}
}

func (p *Program) ask(in *bufio.Reader, question string) (string, error) {
	fmt.Fprint(p.Stderr, question) //nolint:errcheck // narration
	line, err := in.ReadString('\n')
	if err != nil && !(errors.Is(err, io.EOF) && line != "") {
		return "", usage("nothing was typed: %s", strings.TrimSuffix(question, ": "))
	}
	return strings.TrimSpace(line), nil
}

// askHidden asks without echo on a terminal, and reads one line of anything else.
func (p *Program) askHidden(in *bufio.Reader, question string) (string, error) {
	f, ok := p.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return p.ask(in, "")
	}
	fmt.Fprint(p.Stderr, question) //nolint:errcheck // narration
	typed, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(p.Stderr) //nolint:errcheck // narration
	if err != nil {
		return "", fmt.Errorf("the secret could not be read: %w", err)
	}
	return strings.TrimSpace(string(typed)), nil
}

// askPassphrase asks for the passphrase of an encrypted file; a new one is asked for twice.
func (p *Program) askPassphrase(_ context.Context, a secret.Ask) (string, error) {
	in := bufio.NewReader(p.Stdin)
	if a.Attempt > 1 {
		fmt.Fprintln(p.Stderr, "This passphrase does not open the file.") //nolint:errcheck // narration
	}
	first, err := p.askHidden(in, "Passphrase of "+a.Path+": ")
	if err != nil || !a.New {
		return first, err
	}
	second, err := p.askHidden(in, "Once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", usage("the two passphrases differ; nothing was kept")
	}
	return first, nil
}

func (p *Program) agreeToFile(_ context.Context, unavailable error) bool {
	f, ok := p.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false
	}
	fmt.Fprintf(p.Stderr, "%s\n", unavailable) //nolint:errcheck // narration
	line, err := p.ask(bufio.NewReader(p.Stdin), "Keep the secret in a file encrypted with a passphrase instead? [y/N] ")
	return err == nil && strings.EqualFold(line, "y")
}

func was(s string) string {
	if s == "" {
		return ""
	}
	return " [" + s + "]"
}
