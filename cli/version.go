package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
)

// version prints what this program is.
func (p *Program) version() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "claimdeck version\nclaimdeck version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if p.json {
				return p.printJSON(map[string]string{
					"version": p.Version, "commit": p.Commit, "date": p.Date, "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH,
				})
			}
			return p.print(strings.Join(strings.Fields(fmt.Sprintf("claimdeck %s %s %s %s/%s", p.Version, p.Commit, p.Date, runtime.GOOS, runtime.GOARCH)), " "))
		},
	}
}

// printJSON writes one JSON document to stdout.
func (p *Program) printJSON(v any) error {
	enc := json.NewEncoder(p.Stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// userAgent names this program to the service.
func (p *Program) userAgent() string { return "claimdeck/" + p.Version }
