package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"claimdeck/state/config"
	"claimdeck/state/secret"
)

// signIn is what login was asked for.
type signIn struct {
	system  string
	url, id string
	set     []string // KEY=VALUE: further settings of the system
	key     string   // file with a private key
	toFile  bool
}

// login asks for client id and secret, checks them by a token call, and keeps the secret in the keyring.
func (p *Program) login() *cobra.Command {
	var in signIn
	cmd := &cobra.Command{
		Use:   "login [SYSTEM]",
		Short: "Sign in: check client id and secret, and keep the secret in the keyring of this machine",
		Long: "Asks for client id and secret without echo, checks them by asking the system for a token, and keeps the secret\n" +
			"in the keyring of this machine. SYSTEM is lossexpress (the default), claimcenter, inscipher or scalepoint. Without\n" +
			"a terminal client id and secret are read from stdin, a line each; the client id only if neither --client-id nor the\n" +
			"configuration has it. --set gives further settings of the system; claimdeck config schema lists them.",
		Example: "claimdeck login\nclaimdeck login --profile work --client-id ACME-7 < secret.txt\n" +
			"claimdeck login claimcenter --url https://cc.example.com/cc --set token_url=https://hub.example.com/oauth2/1/v1/token\n" +
			"claimdeck login inscipher --url https://sandbox.inscipher.com\n" +
			"claimdeck login scalepoint --client-id ACME --set country=dk --set tenant=abcinsurance --set certificate=acme.pem --key acme.key",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if in.system, err = systemArg(args); err != nil {
				return err
			}
			return p.signIn(cmd.Context(), in)
		},
	}
	cmd.Flags().StringVar(&in.url, "url", "", "base address of the API (default of LossExpress: "+config.DefaultURL+")")
	cmd.Flags().StringVar(&in.id, "client-id", "", "client id; asked for when missing")
	cmd.Flags().StringArrayVar(&in.set, "set", nil, "a further setting of the system, KEY=VALUE, such as tenant=abcinsurance; may be repeated")
	cmd.Flags().StringVar(&in.key, "key", "", "file with the private key (PEM) of an account that signs its requests; kept instead of a secret")
	cmd.Flags().BoolVar(&in.toFile, "file", false, "keep the secret in a file encrypted with a passphrase, not in the keyring")
	return cmd
}

func (p *Program) signIn(ctx context.Context, in signIn) error {
	err := p.askAndKeep(ctx, in)
	if errors.Is(err, errNotTyped) {
		return &exit{exitUsage, err}
	}
	return err
}

func (p *Program) askAndKeep(ctx context.Context, in signIn) error {
	cfg, err := p.loadConfig()
	if err != nil {
		return err
	}
	profile := cfg.Profile
	if err := in.apply(&profile); err != nil {
		return err
	}
	if err := p.askNeeds(ctx, in.system, &profile); err != nil {
		return err
	}
	if err := p.askID(ctx, in, &profile); err != nil {
		return err
	}
	if err := profile.Validate(); err != nil {
		return &exit{exitUsage, err}
	}
	key, err := p.askSecret(ctx, in, profile)
	if err != nil {
		return err
	}
	if err := p.checkAccount(ctx, profile, in.system, key); err != nil {
		return err
	}
	return p.keep(ctx, cfg, profile, in, key)
}

// apply puts the flags into the profile.
func (in signIn) apply(profile *config.Profile) error {
	settings := in.set
	if in.url != "" {
		settings = append(settings, "url="+in.url)
	}
	for _, s := range settings {
		key, value, ok := strings.Cut(s, "=")
		if !ok {
			return usage("--set %s is not KEY=VALUE, such as tenant=abcinsurance", s)
		}
		if err := set(profile, in.system, strings.TrimPrefix(key, in.system+"."), value); err != nil {
			return &exit{exitUsage, err}
		}
	}
	return nil
}

// set changes a setting of a system. A file is typed in this folder, and read from others.
func set(profile *config.Profile, system, key, value string) error {
	if (key == "certificate" || key == "private_key") && value != "" {
		value = absolute(value)
	}
	return profile.Set(system+"."+key, value)
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// askNeeds asks for what the account cannot do without and nobody has set yet: the address first.
func (p *Program) askNeeds(ctx context.Context, system string, profile *config.Profile) error {
	for _, n := range needs(*profile, system) {
		if n.value != "" {
			continue
		}
		if !isTerminal(p.Stdin) {
			return usage("%s needs %s: give --set %s=%s", titleOf(system), n.what, n.key, n.example)
		}
		p.narrate("%s", hang(fmt.Sprintf("%s needs %s, such as %s", titleOf(system), n.what, n.example), 0))
		value, err := p.ask(ctx, n.label+": ")
		if err != nil {
			return err
		}
		if value == "" {
			return usage("%s cannot be used without %s", titleOf(system), n.what)
		}
		if err := set(profile, system, n.key, value); err != nil {
			return &exit{exitUsage, err}
		}
	}
	return nil
}

// askID asks for the client id, where the system has one.
func (p *Program) askID(ctx context.Context, in signIn, profile *config.Profile) error {
	_, known := accountOf(*profile, in.system)
	id := in.id
	if asked := idName(*profile, in.system); asked != "" && id == "" && (isTerminal(p.Stdin) || known == "") {
		var err error
		if id, err = p.ask(ctx, asked+was(known)+": "); err != nil {
			return err
		}
		if id == "" && known == "" {
			return usage("no %s was given; %s issues it together with the secret", strings.ToLower(asked), titleOf(in.system))
		}
	}
	if id == "" {
		return nil
	}
	if err := profile.Set(in.system+".client_id", id); err != nil {
		return &exit{exitUsage, err}
	}
	return nil
}

// idName is what the client id of a system is called; empty when it has none.
func idName(p config.Profile, system string) string {
	switch {
	case system == config.InsCipher && p.InsCipher.Auth != "oauth":
		return ""
	case system == config.InsCipher, system == config.ClaimCenter && p.ClaimCenter.Auth == "basic":
		return "User name"
	default:
		return "Client id"
	}
}

// need is a setting that an account cannot do without.
type need struct{ key, value, label, what, example string }

func needs(p config.Profile, system string) []need {
	switch system {
	case config.ClaimCenter:
		all := []need{{"url", p.ClaimCenter.URL, "Address", "its address", "https://cc.example.com/cc"}}
		if p.ClaimCenter.Auth != "basic" {
			all = append(all, need{
				"token_url", p.ClaimCenter.TokenURL, "Token address", "the address where Guidewire Hub gives out tokens",
				"https://hub.example.com/oauth2/ID/v1/token",
			})
		}
		return all
	case config.InsCipher:
		return []need{{"url", p.InsCipher.URL, "Address", "its address", "https://sandbox.inscipher.com"}}
	case config.Scalepoint:
		all := []need{
			{"country", p.Scalepoint.Country, "Country", "the country of the tenant", "dk"},
			{"tenant", p.Scalepoint.Tenant, "Tenant", "the name of the tenant", "abcinsurance"},
		}
		if p.Scalepoint.Auth != "secret" {
			all = append(all, need{"certificate", p.Scalepoint.Certificate, "Certificate", "the file with the registered certificate", "acme.pem"})
		}
		return all
	default:
		return nil
	}
}

// askSecret gets the secret: what a person types, or the file with a private key.
func (p *Program) askSecret(ctx context.Context, in signIn, profile config.Profile) (string, error) {
	path := in.key
	if path == "" && signs(profile, in.system) {
		if path = profile.Scalepoint.PrivateKey; path == "" {
			var err error
			if path, err = p.ask(ctx, "File with the private key (PEM): "); err != nil {
				return "", err
			}
		}
	}
	if path != "" {
		data, err := os.ReadFile(path) //nolint:gosec // the file that the person names
		if err != nil {
			return "", fmt.Errorf("the private key cannot be read: %w", err)
		}
		return string(data), nil
	}
	name, issued := "Secret", "it together with the client id"
	switch {
	case idName(profile, in.system) == "User name":
		name, issued = "Password", "it together with the user name"
	case in.system == config.InsCipher:
		name, issued = "API key", "one on request"
	}
	key, err := p.askHidden(ctx, name+" (not shown): ")
	if err == nil && key == "" {
		err = usage("no %s was given; %s issues %s", strings.ToLower(name), titleOf(in.system), issued)
	}
	return key, err
}

func (p *Program) keep(ctx context.Context, cfg config.Config, profile config.Profile, in signIn, key string) error {
	where, err := p.keepSecret(ctx, cfg, profile, in, key)
	if err != nil {
		return err
	}
	// Only the account, also where it came from the environment: the profile must sign in without it.
	account := profile.Only(in.system)
	if in.system == config.LossExpress {
		account.LossExpress.URL = profile.LossExpress.URL // also the default: it says where the secret goes
	}
	if err := config.WriteProfile(cfg.Paths.ConfigFile(), profile.Name, account); err != nil {
		return err
	}
	p.warnOfEnvironment(in.system)
	url, id := accountOf(profile, in.system)
	if p.json {
		return p.printJSON(map[string]string{"profile": profile.Name, "system": in.system, "url": url, "secret": where.String()})
	}
	as := ""
	if id != "" {
		as = " as " + id
	}
	kept := "secret"
	if signs(profile, in.system) {
		kept = "private key"
	}
	return p.print(fmt.Sprintf("Signed in to %s%s. The %s is in: %s.\n%s", host(url), as, kept, where, next(in.system)))
}

// signs reports whether an account signs its requests with a private key.
func signs(p config.Profile, system string) bool {
	return system == config.Scalepoint && p.Scalepoint.Auth != "secret"
}

// next is what a person can do once signed in.
func next(system string) string {
	switch system {
	case config.ClaimCenter:
		return "Read the reserves of a claim with: claimdeck reserve list CLAIM"
	case config.InsCipher:
		return "Check and file transactions with: claimdeck filing submit PATH"
	case config.Scalepoint:
		return "Submit a case with: claimdeck case submit CLAIM --token TOKEN"
	default:
		return "Open the console with: claimdeck"
	}
}

// keepSecret keeps a secret, unless it is a private key that stays where the person has it.
func (p *Program) keepSecret(ctx context.Context, cfg config.Config, profile config.Profile, in signIn, key string) (secret.Origin, error) {
	if in.key == "" && signs(profile, in.system) && profile.Scalepoint.PrivateKey != "" {
		return secret.Origin{Place: secret.PlainFile, Detail: profile.Scalepoint.PrivateKey}, nil
	}
	chain := secret.NewChain(secret.Options{
		Env: p.Env, Keyring: p.Keyring, WorkFactor: p.PhraseCost, ToFile: in.toFile,
		File:       func(system string) string { _, file := cfg.Profile.Secret.For(system); return file },
		Passphrase: p.askPassphrase, AgreeToFile: p.agreeToFile,
	})
	return chain.Set(ctx, in.system, profile.Name, secret.New(key))
}

// logout removes the secret.
func (p *Program) logout() *cobra.Command {
	return &cobra.Command{
		Use: "logout [SYSTEM]", Short: "Remove the secret from this machine; the store stays", Args: cobra.MaximumNArgs(1),
		Example: "claimdeck logout\nclaimdeck logout --profile work",
		RunE: func(cmd *cobra.Command, args []string) error {
			system, err := systemArg(args)
			if err != nil {
				return err
			}
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			if err := p.secrets(cfg, p.askPassphrase).Delete(cmd.Context(), system, cfg.Profile.Name); err != nil {
				return err
			}
			p.warnOfEnvironment(system)
			if p.json {
				return p.printJSON(map[string]any{"profile": cfg.Profile.Name, "system": system, "removed": true})
			}
			of := ""
			if system != config.LossExpress {
				of = " for " + titleOf(system)
			}
			return p.print("The secret of profile " + cfg.Profile.Name + of + " is removed from this machine. What was stored of the claims stays.")
		},
	}
}

// warnOfEnvironment says that the secret of the environment is used, whatever the keyring holds.
func (p *Program) warnOfEnvironment(system string) {
	name := secret.Variable(system)
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
