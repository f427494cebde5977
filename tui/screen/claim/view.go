package claim

import (
	"slices"

	"claimdeck/keymap"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/claimpane"
	"claimdeck/tui/widget/claimview"
)

// View draws strip, tabs and body.
func (s *Screen) View(w, h int) string {
	v := claimpane.View(s.env)
	if !s.shown {
		return s.env.Theme.Page(w, h, s.env.Theme.Words(w, s.nothing()))
	}
	v.Selected, _ = s.current()
	v.Arrives, v.Case, v.Reserves, v.Short = s.arrives(), s.kase, s.drawReserves, s.reserves.short
	lines := v.Strip(s.claim, w)
	lines = append(lines, "", v.Tabs(s.tab, s.claim, w), "")
	note := len(lines) - 1
	body, rows := v.Rows(s.tab, s.claim, w)
	s.height = max(0, h-len(lines))
	s.scroll(body, rows, v.Selected)
	for i := s.top; i < min(len(body), s.top+s.height); i++ {
		lines = append(lines, body[i])
	}
	words := s.note()
	if where := claimview.Position(s.top, s.height, len(body)); where != "" {
		lines[note] = s.env.Theme.NoteRight(w, words, where)
	} else if words != "" {
		lines[note] = s.env.Theme.Note(w, words)
	}
	return s.env.Theme.Page(w, h, lines)
}

// scroll keeps the selected row on screen, with what stands above the first and below the last.
func (s *Screen) scroll(body []string, rows []claimview.Row, selected string) {
	at := slices.IndexFunc(rows, func(r claimview.Row) bool { return r.Key == selected })
	if at < 0 {
		s.top = max(0, min(s.top, len(body)-s.height))
		return
	}
	from, to := rows[at].From, rows[at].To
	if at == 0 {
		from = 0
	}
	if at == len(rows)-1 {
		to = len(body)
	}
	if to-from > s.height { // its beginning is what counts
		from = rows[at].From
		to = min(rows[at].To, from+s.height)
	}
	s.top = cells.Window(s.top, len(body), s.height, from, to)
}

// note says how current the claim is when that is not obvious.
func (s *Screen) note() string {
	switch {
	case s.loading != "":
		return s.loading
	case s.stale != nil:
		return "Not read from LossExpress now: " + s.stale.Error() + ". What is stored is shown."
	case s.failed != nil:
		return "Not read from the store: " + s.failed.Error()
	case s.fetching && s.claim.SnapshotAt.IsZero():
		return "Reading the claim and its history"
	}
	return ""
}

func (s *Screen) nothing() string {
	switch {
	case s.on.ClaimID == "":
		return "No claim is open. " + s.env.Keys.Hint(keymap.ScreenClaims) + " lists the claims, " +
			s.env.Keys.Hint(keymap.ListOpen) + " opens one."
	case s.failed != nil:
		return "This claim could not be read from the store: " + s.failed.Error()
	}
	return ""
}
