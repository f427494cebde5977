// Package filings is the screen of surplus-lines transactions: files are opened and checked, rows are mended in place, and
// what is fit is submitted to InsCipher, with a result for every row.
//
// Drawing and moving cost the same whatever the number of rows: what is known of a row is a few words that were made when
// the files were read, and only the rows on screen are looked at. Everything that goes through all rows runs as a task.
package filings

import (
	"maps"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/filings"
	"claimdeck/keymap"
	"claimdeck/state/text"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/list"
)

// The tasks of this screen.
const (
	taskRead    = "read"
	taskReading = "reading" // how far the read is
	taskChanged = "changed"
	taskMatch   = "match"
	taskLook    = "look"
	taskStand   = "stand"
	taskRun     = "run"
	taskRunning = "running" // how far the run is
	taskFix     = "fix"
	taskSave    = "save"
	taskNew     = "new"
	taskExport  = "export"
)

// The ticks of this screen.
const (
	tickRest  = "rest"  // the selection has come to rest
	tickMeter = "meter" // it is time to draw how far the run is
	tickRead  = "meter read"
)

// rest is how long the selection must stay before its row is read in full.
const rest = 120 * time.Millisecond

// drawEvery bounds how often progress is drawn.
const drawEvery = 100 * time.Millisecond

// Screen is the files and their rows.
type Screen struct {
	env  *screen.Env
	list *list.Model[int, int] // of the rows that are shown, by their index in the book

	book *filings.Book // nil: nothing is open
	all  []int         // every index of the book
	plan filings.Plan  // of submitting the book as it is
	live map[int]filings.Row

	begun   bool // what was open last was asked for
	loaded  bool // and the answer is there
	reading *reading
	failed  *failure // of the last reading

	text    string // the filter
	matches []int  // of the filter, in order; meaningless without one

	sight   filings.Sight
	sightOf *filings.Book // the book that sight is of
	blind   error         // why the selected row cannot be read in full
	seenAt  uint64        // counts the sights
	drawn   drawn
	lines   []string // of the pane, as drawn
	wanted  int
	home    int    // the row that the person chose last: filters that come and go do not lose it
	gen     uint64 // of the tick of rest

	run     *run
	trouble *failure // of the last run: InsCipher is not to be had
}

// failure is what went wrong, and when.
type failure struct {
	words  string
	at     time.Time
	signIn bool // signing in is the remedy
	retry  bool // sending again is the remedy
}

// New returns the screen; Refresh brings back what was open last.
func New(env *screen.Env) *Screen {
	key := func(i int) int { return i }
	s := &Screen{env: env, live: map[int]filings.Row{}, wanted: -1, home: -1}
	s.list = list.New(key, s.heading)
	return s
}

// heading is the file of a row, where there are several.
func (s *Screen) heading(i int) string {
	if s.book == nil || len(s.book.Files) < 2 {
		return ""
	}
	return s.book.Files[s.book.Rows[i].File].Label
}

// Scopes are those of filings and of lists.
func (s *Screen) Scopes() []keymap.Scope {
	return []keymap.Scope{keymap.ScopeFilings, keymap.ScopeList}
}

// Subject is no claim: a transaction belongs to a policy.
func (s *Screen) Subject() screen.Subject { return screen.Subject{} }

// row is what is known of a row now.
func (s *Screen) row(i int) filings.Row {
	if r, ok := s.live[i]; ok {
		return r
	}
	return s.book.Rows[i]
}

// selected is the index of the selected row.
func (s *Screen) selected() (int, bool) {
	if s.book == nil {
		return 0, false
	}
	return s.list.Selected()
}

// Do performs an action.
func (s *Screen) Do(id keymap.ID) (tea.Cmd, screen.Request, bool) {
	if screen.MoveList(s.list, id) {
		return s.moved(), nil, true
	}
	switch id {
	case keymap.ListTop:
		s.list.Move(-s.list.Len())
		return s.moved(), nil, true
	case keymap.ListBottom:
		s.list.Move(s.list.Len())
		return s.moved(), nil, true
	case keymap.FilingsNext:
		return s.next()
	case keymap.FilingsOpen:
		return nil, s.askOpen(), true
	case keymap.FilingsDetail, keymap.ListOpen:
		return nil, s.detail(), true
	case keymap.FilingsCopy:
		if i, ok := s.selected(); ok {
			return nil, screen.Copy{What: "Transaction id", Text: text.Line(s.row(i).ID)}, true
		}
		return nil, nil, true
	case keymap.FilingsCheck:
		return s.read(s.book.Paths, true), nil, true
	default:
		return s.work(id)
	}
}

// work performs the actions that change a file, or something at InsCipher.
func (s *Screen) work(id keymap.ID) (tea.Cmd, screen.Request, bool) {
	switch id {
	case keymap.FilingsFix:
		return s.lookToFix(false), nil, true
	case keymap.FilingsEdit:
		return s.lookToFix(true), nil, true
	case keymap.FilingsNew:
		return s.typeNew()
	case keymap.FilingsSubmit:
		return nil, s.askSubmit(), true
	case keymap.FilingsRetry:
		return nil, s.askRetry(), true
	case keymap.FilingsPoll:
		return s.poll(), nil, true
	case keymap.FilingsStop:
		return nil, s.askStop(), true
	case keymap.FilingsExport:
		return s.export(), nil, true
	default:
		return nil, nil, false
	}
}

// Back stops a run before the person goes anywhere else.
func (s *Screen) Back() (tea.Cmd, screen.Request, bool) {
	if s.run == nil || s.run.stopping {
		return nil, nil, false
	}
	return nil, s.askStop(), true
}

// next selects the next row with something to look at, from the top again after the last.
func (s *Screen) next() (tea.Cmd, screen.Request, bool) {
	rows := s.list.Rows()
	at, ok := s.selected()
	if !ok {
		return nil, nil, true
	}
	here, _ := slices.BinarySearch(rows, at)
	for k := range rows {
		i := rows[(here+1+k)%len(rows)]
		if s.row(i).Troubled() {
			s.list.Move((here+1+k)%len(rows) - here)
			return s.moved(), nil, true
		}
	}
	return nil, screen.Toast{Tone: screen.Good, Text: "No row has a problem"}, true
}

// moved notes which row the person chose.
func (s *Screen) moved() tea.Cmd {
	if i, ok := s.selected(); ok {
		s.home = i
	}
	return s.rest()
}

// shown are the rows on screen.
func (s *Screen) shown() []int {
	var indexes []int
	s.list.Lines(func(i int, _ bool) { indexes = append(indexes, i) }, func(string) {})
	return indexes
}

// forget lets go of what was said of rows since the book was read.
func (s *Screen) forget() { maps.DeleteFunc(s.live, func(int, filings.Row) bool { return true }) }
