package action

import (
	"fmt"
	"strings"
)

// String names the risk for people.
func (r Risk) String() string {
	switch r {
	case Writes:
		return "can be undone or repeated"
	case Bills:
		return "may be billed"
	case Irreversible:
		return "cannot be taken back"
	default:
		return "reads only"
	}
}

// DocsTable returns all actions as a Markdown table: the one in the README.
func (r *Registry) DocsTable() string {
	var b strings.Builder
	b.WriteString("| Action | Command | What it does | Risk |\n|---|---|---|---|\n")
	for _, a := range r.actions {
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", a.Title, a.Command(), a.Help, a.Risk)
	}
	return b.String()
}

// Command returns a's command line: "claimdeck order create CLAIM --type TYPE...".
func (a Action) Command() string {
	parts := []string{"claimdeck", strings.ReplaceAll(a.ID, ".", " ")}
	if !a.NoClaim {
		parts = append(parts, "CLAIM")
	}
	for _, f := range a.Fields {
		part := strings.ToUpper(f.Flag)
		if !f.Args {
			part = "--" + f.Flag + " " + part
		}
		if f.Kind == MultiChoice || f.Many {
			part += "..."
		}
		if !f.Required {
			part = "[" + part + "]"
		}
		parts = append(parts, part)
	}
	if a.Confirm != "" {
		parts = append(parts, "--yes")
	}
	return strings.Join(parts, " ")
}
