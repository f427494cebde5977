package cli

import (
	"errors"
	"path/filepath"
	"time"

	"claimdeck/action/filings"
	"claimdeck/state/config"
	"claimdeck/tui/screen"
)

var _ screen.Desk = (*filings.Desk)(nil)

// errNoFilings is why nothing can be filed without an account.
var errNoFilings = errors.New("InsCipher is not configured for this profile: claimdeck login inscipher")

// desk is what the console files transactions with. Without an account files can be opened, checked and mended all the
// same; exports go to the given folder, and what is typed while no file is open into the profile's own.
func (s *session) desk(p *Program, exports string) *filings.Desk {
	o := filings.Options{
		Engine: s.filer(p), Ledger: s.store.Filings(), Now: func() time.Time { return p.Now().Local() }, // files are named by the person's day
		Exports: exports, Typed: filepath.Join(s.dir, "filings"), Log: s.log,
	}
	switch problem := s.systems.Problem(config.InsCipher); {
	case problem != nil:
		o.Refusal = problem
	case s.systems.Filings == nil:
		o.Refusal = errNoFilings
	default:
		o.Chunk = s.systems.Filings.Chunk()
	}
	return filings.New(o)
}
