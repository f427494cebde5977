package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/state/claim"
	"claimdeck/state/config"
)

// config shows and checks the configuration.
func (p *Program) config() *cobra.Command {
	return noun("config", "Show and check the configuration",
		p.configPath(), p.configShow(), p.configCheck(), p.configSchema())
}

func (p *Program) configPath() *cobra.Command {
	return &cobra.Command{
		Use: "path", Short: "Print where files are kept", Args: cobra.NoArgs,
		Example: "claimdeck config path",
		RunE: func(*cobra.Command, []string) error {
			paths, err := config.FindPaths(p.Env)
			if err != nil {
				return err
			}
			if p.json {
				return p.printJSON(map[string]string{
					"config": paths.ConfigFile(), "keys": paths.KeysFile(), "data": paths.Data, "state": paths.State,
				})
			}
			return p.print(fmt.Sprintf("config  %s\nkeys    %s\ndata    %s\nstate   %s",
				paths.ConfigFile(), paths.KeysFile(), paths.Data, paths.State))
		},
	}
}

func (p *Program) configShow() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Print the settings in force and where each comes from", Args: cobra.NoArgs,
		Example: "claimdeck config show\nclaimdeck config show --profile work",
		RunE: func(*cobra.Command, []string) error {
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			settings := cfg.Profile.Settings()
			if p.json {
				return p.printJSON(map[string]any{"profile": cfg.Profile.Name, "chosenBy": cfg.Chosen, "settings": settings})
			}
			if _, err := fmt.Fprintf(p.Stdout, "profile %s (%s)\n", cfg.Profile.Name, cfg.Chosen); err != nil {
				return err
			}
			for _, s := range settings {
				if _, err := fmt.Fprintf(p.Stdout, "%-24s %-44s %s\n", s.Key, s.Value, s.Origin); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (p *Program) configCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Check configuration and key map", Args: cobra.NoArgs,
		Example: "claimdeck config check",
		RunE: func(*cobra.Command, []string) error {
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			if _, notice := loadKeys(cfg); notice != "" {
				return usage("the key map has mistakes:\n%s", notice)
			}
			if err := p.checkTemplates(cfg); err != nil {
				return err
			}
			if p.json {
				return p.printJSON(map[string]any{"ok": true, "file": cfg.File})
			}
			return p.print("ok: " + cfg.File)
		},
	}
}

// checkTemplates looks for variables that no claim has.
func (p *Program) checkTemplates(cfg config.Config) error {
	var problems []error
	for _, t := range cfg.Templates {
		if _, err := action.Expand(t.Text, claim.Claim{}, p.Now()); err != nil {
			problems = append(problems, fmt.Errorf("%s: template %q: %w", cfg.File, t.Name, err))
		}
	}
	return errors.Join(problems...)
}

func (p *Program) configSchema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON schema of config.toml", Args: cobra.NoArgs,
		Example: "claimdeck config schema > config.schema.json",
		RunE: func(*cobra.Command, []string) error {
			data, err := config.Schema()
			if err != nil {
				return err
			}
			return p.print(string(data))
		},
	}
}

// loadConfig reads the configuration; mistakes in it are usage errors.
func (p *Program) loadConfig() (config.Config, error) {
	cfg, err := config.Load(p.Env, config.Options{Profile: p.profile, Create: true})
	if err != nil {
		return cfg, &exit{exitUsage, err}
	}
	return cfg, nil
}
