package cli

import (
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	sandboxcc "claimdeck/sandbox/claimcenter"
	sandboxic "claimdeck/sandbox/inscipher"
	sandboxsp "claimdeck/sandbox/scalepoint"
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

// Sides are the sandboxes of the side systems, with their switches.
type Sides struct {
	Center  *sandboxcc.Server
	Filings *sandboxic.Server
	Cases   *sandboxsp.Server
}

// NewSides returns the side systems at the address that they share with LossExpress, and what serves all four.
func NewSides(base, id, secret string, loss http.Handler) (Sides, http.Handler) {
	s := newSides(sidesOptions{base: base, id: id, secret: secret, now: time.Now})
	return Sides{s.center, s.filings, s.cases}, s.mux(loss)
}

// SideEnvironment is what makes claimdeck use the side systems at an address.
func SideEnvironment(base, id, secret string) map[string]string {
	vars := map[string]string{}
	for _, v := range environmentOf(accountsAt(base, id), secret) {
		if !strings.HasPrefix(v[0], "CLAIMDECK_LOSSEXPRESS_") {
			vars[v[0]] = v[1]
		}
	}
	return vars
}
