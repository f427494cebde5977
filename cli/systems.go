package cli

import (
	"slices"
	"strings"

	"claimdeck/state/config"
)

// systemNames are the remote systems by the names that are typed, in the order of the documentation.
func systemNames() []string {
	return []string{config.LossExpress, config.ClaimCenter, config.InsCipher, config.Scalepoint}
}

// titleOf is what people call a system.
func titleOf(system string) string {
	switch system {
	case config.ClaimCenter:
		return "ClaimCenter"
	case config.InsCipher:
		return "InsCipher"
	case config.Scalepoint:
		return "Scalepoint"
	default:
		return "LossExpress"
	}
}

// systemArg is the system that an argument names; without one it is LossExpress.
func systemArg(args []string) (string, error) {
	if len(args) == 0 {
		return config.LossExpress, nil
	}
	name := strings.ToLower(args[0])
	if !slices.Contains(systemNames(), name) {
		return "", usage("%q is none of the systems: %s", args[0], strings.Join(systemNames(), ", "))
	}
	return name, nil
}
