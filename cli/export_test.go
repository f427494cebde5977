package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// Examples returns the examples of every command that does something, by its path; a command without any has none.
func (p *Program) Examples() map[string][]string {
	found := map[string][]string{}
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		if len(c.Commands()) == 0 || c.Example != "" { // a noun without examples only groups its verbs
			found[c.CommandPath()] = strings.FieldsFunc(c.Example, func(r rune) bool { return r == '\n' })
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(p.root())
	return found
}
