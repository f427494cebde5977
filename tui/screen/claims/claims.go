// Package claims is the list of claims, the one with the newest activity first, with the selected claim beside it.
package claims

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/query"
	"claimdeck/state/store"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/claimpane"
	"claimdeck/tui/widget/row"
	"claimdeck/tui/widget/window"
)

// margin is left free at the right: a line that scrolls in must not cost 200 bytes.
const margin = 4

// taskFind asks the service for claims that are not in the store.
const taskFind = "find"

// Screen is the list of claims.
type Screen struct {
	env     *screen.Env
	list    *window.Window[store.ClaimRow, string]
	pane    *claimpane.Pane
	text    string
	problem string
	finding string // what the service is being asked for
}

// found is what the service answered to a search.
type found struct {
	ref  string
	rows []store.ClaimRow
}

// New returns the screen; Refresh fills it.
func New(env *screen.Env) *Screen {
	s := &Screen{env: env, pane: claimpane.New(env, screen.Claims)}
	s.list = window.New(env.Tasks, screen.Claims, func(r store.ClaimRow) string { return r.ID }, nil)
	s.list.SetSource(source(env.Store, query.Filter{}))
	return s
}

// source reads the claims that match f.
func source(st screen.Store, f query.Filter) window.Source[store.ClaimRow] {
	read := func(ctx context.Context, from *store.ClaimRow, up bool, limit int) ([]store.ClaimRow, error) {
		p := store.ClaimPaging{Dir: store.Older, Limit: limit}
		if up {
			p.Dir = store.Newer
		}
		if from != nil {
			at := from.Position()
			p.From = &at
		}
		return st.Claims(ctx, f, p)
	}
	return window.Source[store.ClaimRow]{
		Read: read,
		// A claim moves up whenever something happens on it, so the list is read again from its top.
		From: func(ctx context.Context, _ store.ClaimRow, limit int) ([]store.ClaimRow, error) {
			return read(ctx, nil, false, limit)
		},
		Count: func(ctx context.Context) (int, error) { return st.CountClaims(ctx, f) },
	}
}

// Scopes are those of lists and of a claim to act on.
func (s *Screen) Scopes() []keymap.Scope {
	return []keymap.Scope{keymap.ScopeClaimAct, keymap.ScopeList}
}

// Subject is the selected claim.
func (s *Screen) Subject() screen.Subject {
	r, ok := s.list.Selected()
	if !ok {
		return screen.Subject{}
	}
	return screen.Subject{ClaimID: r.ID, Number: r.Number}
}

// Offers are what can be done with the selected claim.
func (s *Screen) Offers() []keymap.Offer {
	switch {
	case s.list.Len() > 0:
	case s.text != "":
		return []keymap.Offer{screen.Yes(keymap.ListOpen)} // asks the service
	default:
		return []keymap.Offer{screen.No(keymap.ListOpen, "no claim is selected")}
	}
	return append([]keymap.Offer{screen.Yes(keymap.ListOpen)}, s.pane.Offers()...)
}

// Do performs an action.
func (s *Screen) Do(id keymap.ID) (tea.Cmd, screen.Request, bool) {
	if screen.MoveList(s.list, id) {
		return s.moved(s.list.Want()), nil, true
	}
	switch id {
	case keymap.ListTop:
		return s.moved(s.list.GoTop()), nil, true
	case keymap.ListBottom:
		return s.moved(s.list.GoBottom()), nil, true
	case keymap.ListOpen:
		if on := s.Subject(); on.ClaimID != "" {
			return nil, screen.Navigate{To: screen.Claim, Claim: on}, true
		}
		return s.find(), nil, true
	}
	return nil, nil, false
}

// Move moves the selection for the claim screen, which steps through this list.
func (s *Screen) Move(n int) (screen.Subject, tea.Cmd) {
	s.list.Move(n)
	return s.Subject(), s.moved(s.list.Want())
}

// find asks the service for the claim that the filter names, when the store has none.
func (s *Screen) find() tea.Cmd {
	ref := s.text
	if ref == "" || s.env.Find == nil {
		return nil
	}
	s.finding = ref
	return screen.Start(s.env.Tasks, screen.Claims, taskFind, func(ctx context.Context) (found, error) {
		rows, err := s.env.Find(ctx, ref)
		return found{ref: ref, rows: rows}, err
	})
}

func (s *Screen) moved(cmd tea.Cmd) tea.Cmd { return tea.Batch(cmd, s.pane.Rest(s.Subject())) }

// Filter is the query as typed.
func (s *Screen) Filter() string { return s.text }

// FilterNote says what the filter found.
func (s *Screen) FilterNote() string { return screen.FoundNote(s.problem, s.list.Total) }

// SetFilter narrows the list. A query that cannot be read leaves the rows as they are and says why.
func (s *Screen) SetFilter(text string) tea.Cmd {
	s.text = text
	f, err := query.Parse(text, s.env.At)
	if err != nil {
		s.problem = err.Error()
		return nil
	}
	s.problem = ""
	s.list.SetSource(source(s.env.Store, f))
	return tea.Batch(s.list.Top(), s.list.Recount())
}

// Refresh re-reads what is on screen.
func (s *Screen) Refresh() tea.Cmd {
	if !s.list.Loaded {
		return tea.Batch(s.list.Top(), s.list.Recount())
	}
	return tea.Batch(s.list.Again(true), s.list.Recount(), s.pane.Reload(s.Subject()))
}

// Update takes the results of reads.
func (s *Screen) Update(msg tea.Msg) (tea.Cmd, screen.Request) {
	if s.list.Update(msg) {
		return s.pane.Rest(s.Subject()), nil
	}
	if msg, ok := msg.(screen.Result[found]); ok {
		return s.searched(msg)
	}
	return s.pane.Update(msg), nil
}

func (s *Screen) searched(msg screen.Result[found]) (tea.Cmd, screen.Request) {
	s.finding = ""
	switch {
	case msg.Err != nil:
		return nil, screen.Toast{Tone: screen.Bad, Text: "The service could not be searched: " + msg.Err.Error()}
	case len(msg.Value.rows) == 0:
		return nil, screen.Toast{Tone: screen.Warn, Text: "LossExpress has no claim with the number or VIN " + msg.Value.ref}
	case len(msg.Value.rows) == 1:
		r := msg.Value.rows[0]
		return s.Refresh(), screen.Navigate{To: screen.Claim, Claim: screen.Subject{ClaimID: r.ID, Number: r.Number}}
	}
	return s.SetFilter(s.text), screen.Toast{Tone: screen.Good, Text: fmt.Sprintf("%d claims found at LossExpress", len(msg.Value.rows))}
}

// View draws the list, and the selected claim where there is room.
func (s *Screen) View(w, h int) string {
	return s.env.Theme.Body(w, h, s.env.Layout, s.rows, s.pane.View)
}

func (s *Screen) rows(w, h int) []string {
	l := s.env.Theme
	lines := make([]string, 0, h)
	what := "newest activity first"
	if s.text != "" {
		what = s.text
	}
	lines = append(lines, l.ListTitle(w, "Claims", what, s.list.Total, "", row.Pen{}))
	s.list.SetHeight(h - 1)
	var b []byte
	s.list.Lines(func(r store.ClaimRow, selected bool) {
		b = s.row(b[:0], r, selected, w)
		lines = append(lines, string(b))
	}, func(string) {})
	if s.list.Len() == 0 {
		lines = append(lines, l.Words(w, s.nothing())...)
	}
	return lines
}

func (s *Screen) row(b []byte, r store.ClaimRow, selected bool, w int) []byte {
	l := s.env.Theme
	tail := l.Glyphs.Ellipsis
	b = append(l.Marker(b, selected), ' ', ' ')
	b = row.Fit(b, r.Number, 12, tail)
	b = append(b, ' ', ' ')
	left := w - 3 - 14
	if w >= 76 {
		b = append(row.Fit(b, r.Owner, 18, tail), ' ', ' ')
		left -= 20
	}
	b = append(b, l.Pens.Dim.Open...) // one style for two columns: each costs on the wire what a word costs
	if w >= 98 {
		b = append(row.Fit(b, r.Lender, 20, tail), ' ', ' ')
		left -= 22
	}
	b = row.Fit(b, ago(s.env.At.Sub(r.LastAt)), 5, "")
	b = append(b, l.Pens.Dim.Close...)
	b = append(b, ' ', ' ')
	return row.Fit(b, r.LastSummary, left-8-margin, tail)
}

func (s *Screen) nothing() string {
	keys := s.env.Keys
	switch {
	case s.list.Failed != nil:
		return "The claims could not be read from the store: " + s.list.Failed.Error()
	case !s.list.Loaded:
		return ""
	case s.finding != "":
		return "Asking LossExpress for " + s.finding + "."
	case s.text != "":
		return "No claim here matches " + s.text + ". " + keys.Hint(keymap.ListOpen) + " asks LossExpress for a claim with this number or VIN, " +
			keys.Hint(keymap.AppFilter) + " changes the filter."
	}
	return "No claims yet. A claim appears here with its first activity. " + keys.Hint(keymap.AppFilter) +
		" with a claim number or VIN, then " + keys.Hint(keymap.ListOpen) + ", asks LossExpress for it."
}
