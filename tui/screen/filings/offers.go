package filings

import (
	"claimdeck/action/filings"
	"claimdeck/keymap"
	"claimdeck/state/filing"
	"claimdeck/tui/screen"
)

// everyKey are the actions of this screen, in the order of the footer.
func everyKey() []keymap.ID {
	return []keymap.ID{
		keymap.FilingsStop, keymap.FilingsFix, keymap.FilingsSubmit, keymap.FilingsRetry, keymap.FilingsPoll, keymap.FilingsNext,
		keymap.FilingsDetail, keymap.FilingsOpen, keymap.FilingsNew, keymap.FilingsCheck, keymap.FilingsEdit, keymap.FilingsExport, keymap.FilingsCopy,
	}
}

// Offers are what can be done here and now, and why the rest cannot.
func (s *Screen) Offers() []keymap.Offer {
	offers := make([]keymap.Offer, 0, len(everyKey())+1)
	for _, id := range everyKey() {
		if why := s.refusal(id); why != "" {
			offers = append(offers, screen.No(id, why))
		} else {
			offers = append(offers, screen.Yes(id))
		}
	}
	if why := s.refusal(keymap.FilingsDetail); why != "" {
		offers = append(offers, screen.No(keymap.ListOpen, why))
	}
	return offers
}

// The reasons that several actions share.
const (
	noDesk    = "there is no desk for filings here"
	notOpen   = "no file is open yet"
	noRow     = "no row is selected"
	underWay  = "a run is under way: it can be stopped"
	beingRead = "the files are being read"
)

// refusal says why an action cannot act now; empty: it can.
func (s *Screen) refusal(id keymap.ID) string {
	if s.env.Filings == nil {
		return noDesk
	}
	switch {
	case id == keymap.FilingsStop:
		return s.noStop()
	case id == keymap.FilingsOpen && s.run == nil: // other files may be opened while some are read
		return ""
	case id == keymap.FilingsOpen, id == keymap.FilingsNew:
		return s.whileBusy()
	case s.book == nil:
		return notOpen + ": " + s.env.Keys.Hint(keymap.FilingsOpen) + " opens one"
	}
	switch id {
	case keymap.FilingsDetail, keymap.FilingsCopy, keymap.FilingsNext:
		return s.noRow()
	case keymap.FilingsFix, keymap.FilingsEdit:
		if why := s.noRow(); why != "" {
			return why
		}
		return s.whileBusy()
	case keymap.FilingsCheck:
		return s.whileBusy()
	case keymap.FilingsExport:
		return s.noExport()
	}
	return s.noSending(id)
}

func (s *Screen) noStop() string {
	switch {
	case s.run == nil:
		return "nothing is under way"
	case s.run.stopping:
		return "it is stopping already"
	}
	return ""
}

func (s *Screen) noRow() string {
	if _, ok := s.selected(); !ok {
		return noRow
	}
	return ""
}

func (s *Screen) whileBusy() string {
	switch {
	case s.run != nil:
		return underWay + " with " + s.env.Keys.Hint(keymap.FilingsStop)
	case s.reading != nil:
		return beingRead
	}
	return ""
}

func (s *Screen) noExport() string {
	for o, n := range s.book.Counts {
		if n > 0 && o.Failed() {
			return s.whileBusy()
		}
	}
	return "no row failed, so there is nothing to write"
}

// noSending says why nothing can be sent, or asked for, at InsCipher.
func (s *Screen) noSending(id keymap.ID) string {
	if err := s.env.Filings.Refusal(); err != nil {
		return err.Error()
	}
	if why := s.whileBusy(); why != "" {
		return why
	}
	p := s.plan
	switch id {
	case keymap.FilingsSubmit:
		if p.Go()+p.Overridable+p.Changed+p.Held == 0 {
			return nothingToSend(s.book, p.Fast > 0)
		}
	case keymap.FilingsRetry:
		if p.Again+p.Doubt == 0 {
			return "no row was rejected or is without an answer"
		}
	case keymap.FilingsPoll:
		if p.Queued == 0 {
			return "no row waits for a result"
		}
	default:
	}
	return ""
}

// nothingToSend says why no row is left.
func nothingToSend(book *filings.Book, held bool) string {
	switch {
	case len(book.Rows) == 0:
		return "there is no transaction in these files"
	case held:
		return "every row that is not done has errors: fix them first"
	case book.Counts[filing.Outcome(filing.Queued)] > 0:
		return "the rows wait for their results"
	}
	return "every row is done"
}
