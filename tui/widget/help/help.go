// Package help lists what can be done here and with which key. It can be searched, and runs what is selected.
package help

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/text"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/keys"
	"claimdeck/tui/widget/prompt"
	"claimdeck/tui/widget/rank"
)

// Row is one action with its keys.
type Row struct {
	ID      string
	Keys    string // alternatives are separated by two spaces, the keys of a sequence by one: "g g  home"
	What    string // "answer the counter"
	Section string // rows of one section stand together
	Enabled bool
	Why     string // why it cannot be done, or what speaks against it
}

// Event is what the help tells its owner; nil when there is nothing to tell.
type Event interface{ event() }

// Chosen asks to run a row's action, and to close the help.
type Chosen struct{ ID string }

// Closed asks to close the help.
type Closed struct{}

func (Chosen) event() {}
func (Closed) event() {}

// Help is the widget. It is touched only on the event loop.
type Help struct {
	title  string
	keys   *keys.Reader
	rows   []Row
	shown  []hit
	line   *prompt.Line
	sel    int // in shown
	top    int // first line shown
	page   int // rows of the last View, for pgup and pgdown
	cursor *tea.Cursor
}

// hit is a row that matches, and the runes of its text that do.
type hit struct {
	index int
	at    []int
}

// New returns a help of rows. Sections stand in the order in which they first appear. The key map says which keys it
// obeys; nil: as shipped.
func New(title string, rows []Row, m *keymap.Map) *Help {
	h := &Help{
		title: text.Line(title), rows: grouped(rows), line: prompt.New("type to search"), page: 1,
		keys: keys.New(m, keymap.ScopePrompt, keymap.PromptCancel),
	}
	for i := range h.rows {
		r := &h.rows[i]
		r.Keys, r.What = cells.Clean(r.Keys), text.Line(r.What)
		r.Section, r.Why = text.Line(r.Section), text.Line(r.Why)
	}
	h.filter()
	return h
}

// grouped puts the rows of one section together.
func grouped(rows []Row) []Row {
	order := map[string]int{}
	for _, r := range rows {
		if _, ok := order[r.Section]; !ok {
			order[r.Section] = len(order)
		}
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b Row) int { return order[a.Section] - order[b.Section] })
	return rows
}

// Selected returns the row under the cursor.
func (h *Help) Selected() (Row, bool) {
	if h.sel >= len(h.shown) {
		return Row{}, false
	}
	return h.rows[h.shown[h.sel].index], true
}

// Update takes keys and pastes.
func (h *Help) Update(msg tea.Msg) (tea.Cmd, Event) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch id, taken := h.keys.Press(k); {
		case taken:
			return nil, nil
		case id == keymap.PromptCancel:
			return nil, Closed{}
		case id == keymap.PromptAccept:
			return nil, h.run()
		case id == keymap.PromptPrev:
			h.move(-1)
			return nil, nil
		case id == keymap.PromptNext:
			h.move(1)
			return nil, nil
		}
		switch k.String() {
		case "pgup":
			h.move(-h.page)
			return nil, nil
		case "pgdown":
			h.move(h.page)
			return nil, nil
		}
	}
	if h.line.Update(msg) {
		h.filter()
	}
	return nil, nil
}

// run chooses the selected row. One that cannot be run stays: its reason stands below the list.
func (h *Help) run() Event {
	if r, ok := h.Selected(); ok && r.Enabled && r.ID != "" {
		return Chosen{r.ID}
	}
	return nil
}

func (h *Help) move(by int) { h.sel = min(max(0, h.sel+by), max(0, len(h.shown)-1)) }

// filter finds the rows for what is typed: by what they do, by a key, or by their section. A key typed exactly comes
// first: "what does c do?".
func (h *Help) filter() {
	query := strings.TrimSpace(h.line.Value())
	h.shown, h.sel, h.top = nil, 0, 0
	scores := map[int]int{}
	for i, r := range h.rows {
		score, at, ok := rank.Match(query, r.What)
		if query != "" && slices.Contains(strings.Split(r.Keys, "  "), query) {
			score, ok = keyScore, true
		} else if bySection, _, found := rank.Match(query, r.Section); !ok && found && query != "" {
			score, ok = bySection/2, true
		}
		if ok {
			scores[i] = score
			h.shown = append(h.shown, hit{i, at})
		}
	}
	if query != "" {
		slices.SortStableFunc(h.shown, func(a, b hit) int { return scores[b.index] - scores[a.index] })
	}
}

// keyScore is above all scores of package rank.
const keyScore = 1 << 30

// searching reports whether something is typed: then the list is by rank, not by section.
func (h *Help) searching() bool { return strings.TrimSpace(h.line.Value()) != "" }
