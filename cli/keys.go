package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"claimdeck/keymap"
	"claimdeck/state/config"
)

// keys prints the key map as it is in force.
func (p *Program) keys() *cobra.Command {
	var markdown bool
	cmd := &cobra.Command{
		Use:     "keys",
		Short:   "Print the keys in force",
		Example: "claimdeck keys\nclaimdeck keys --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := config.Load(p.Env, config.Options{Profile: p.profile, Create: true})
			if err != nil {
				return &exit{exitUsage, err}
			}
			m, notice := loadKeys(cfg)
			if notice != "" {
				fmt.Fprintln(p.Stderr, notice) //nolint:errcheck // narration
			}
			switch {
			case p.json:
				data, err := m.JSON()
				if err != nil {
					return err
				}
				return p.print(string(data))
			case markdown:
				return p.print(m.Table())
			}
			return p.print(m.Cheatsheet())
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "as a Markdown table")
	return cmd
}

// loadKeys reads the person's key map. Problems are told, and the defaults stay in force where they are.
func loadKeys(cfg config.Config) (m *keymap.Map, notice string) {
	file := cfg.Profile.Keys
	if file == "" {
		file = cfg.Paths.KeysFile()
	}
	data, err := os.ReadFile(file) //nolint:gosec // the path is the person's own
	switch {
	case errors.Is(err, fs.ErrNotExist) && cfg.Profile.Origin("keys") == "default":
		return keymap.Default(), ""
	case err != nil:
		return keymap.Default(), "The key map was not read, the default keys hold: " + err.Error()
	}
	m, problems := keymap.Load(data, file)
	words := make([]string, 0, len(problems))
	for _, problem := range problems {
		words = append(words, problem.Error())
	}
	return m, strings.Join(words, "\n")
}

// print writes s to stdout, ending in one line break.
func (p *Program) print(s string) error {
	_, err := fmt.Fprintln(p.Stdout, strings.TrimRight(s, "\n"))
	return err
}
