package filings

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/filings"
	"claimdeck/state/filing"
	"claimdeck/state/text"
	"claimdeck/tui/screen"
)

// reading is a read of files that is under way.
type reading struct {
	paths    []string // nil: those that were open last
	rows     int      // so far
	announce bool     // the person asked for it: its end is said
	choose   added    // the row to select; zero: the one that is selected
	meter    *meter[int]
}

// read is the end of it.
type opened struct {
	book    *filings.Book // nil: nothing was open
	all     []int
	plan    filings.Plan
	text    string // the filter that matches are of
	matches []int
}

// changed is whether the files or the ledger are not what they were.
type changed struct {
	book *filings.Book
	is   bool
}

// looked is one row in full.
type looked struct {
	book  *filings.Book
	sight filings.Sight
}

// matched are the rows that a filter shows.
type matched struct {
	book    *filings.Book
	text    string
	indexes []int
}

// Refresh brings back what was open last, and later looks whether it is still so.
func (s *Screen) Refresh() tea.Cmd {
	switch {
	case s.env.Filings == nil || s.reading != nil:
		return nil
	case !s.begun:
		s.begun = true
		return s.read(nil, false)
	case s.book == nil:
		return nil
	case s.run != nil:
		return s.stand()
	}
	desk, book := s.env.Filings, s.book
	return screen.Start(s.env.Tasks, screen.Filings, taskChanged, func(ctx context.Context) (changed, error) {
		is, err := desk.Changed(ctx, book)
		return changed{book, is}, err
	})
}

// read opens files, or those that were open last. What is on screen stays until they are there.
func (s *Screen) read(paths []string, announce bool) tea.Cmd {
	m := newMeter[int]()
	s.reading = &reading{paths: paths, announce: announce, meter: m}
	env, query := s.env, s.text
	work := func(ctx context.Context) (opened, error) {
		defer m.close()
		if paths == nil {
			paths = remembered(ctx, env.Store)
		}
		if len(paths) == 0 {
			return opened{}, nil
		}
		book, err := env.Filings.Open(ctx, paths, m.put)
		if err != nil {
			return opened{}, err
		}
		if raw, err := json.Marshal(paths); err == nil {
			if err := env.Store.SetSetting(ctx, filings.SettingPaths, string(raw)); err != nil {
				env.Log.Warn("the files that are open were not remembered", "error", err)
			}
		}
		o := opened{book: book, plan: book.Plan(filings.Choice{}), all: make([]int, len(book.Rows)), text: query}
		for i := range o.all {
			o.all[i] = i
		}
		o.matches = match(book, query)
		return o, nil
	}
	return tea.Batch(screen.Start(s.env.Tasks, screen.Filings, taskRead, work), listen(s.env, taskReading, m))
}

// remembered are the paths that were open last, if they are still there.
func remembered(ctx context.Context, st screen.Store) []string {
	raw, ok, err := st.Setting(ctx, filings.SettingPaths)
	var paths []string
	if err != nil || !ok || json.Unmarshal([]byte(raw), &paths) != nil || !filings.Exists(paths) {
		return nil
	}
	return paths
}

// tookRead shows what was read. The selection stays on its row.
func (s *Screen) tookRead(msg screen.Result[opened]) (tea.Cmd, screen.Request) {
	was := s.reading
	s.reading, s.loaded = nil, true
	switch {
	case errors.Is(msg.Err, context.Canceled):
		return nil, nil
	case msg.Err != nil:
		s.failed = s.unread(msg.Err)
		return nil, screen.Toast{Tone: screen.Bad, Text: "Not read: " + s.failed.words}
	case msg.Value.book == nil:
		return nil, nil
	}
	o := msg.Value
	at, had := o.book.Index(s.book, s.home)
	if was != nil {
		at, had = was.choose.in(o.book, at, had)
	}
	s.failed, s.book, s.all, s.plan, s.matches = nil, o.book, o.all, o.plan, o.matches
	s.forget()
	s.fill(at, had)
	cmds := []tea.Cmd{s.look()}
	if o.text != s.text {
		cmds = append(cmds, s.SetFilter(s.text))
	}
	if was != nil && was.announce {
		return tea.Batch(cmds...), screen.Toast{Tone: screen.Info, Text: s.found()}
	}
	return tea.Batch(cmds...), nil
}

// unread is why files cannot be read. What is on screen is as old as the book.
func (s *Screen) unread(err error) *failure {
	f := &failure{words: text.Line(err.Error()), at: s.env.At}
	if s.book == nil {
		return f
	}
	f.at = s.book.At
	for _, path := range s.book.Paths {
		f.words = strings.ReplaceAll(f.words, path, filepath.Base(path))
	}
	return f
}

// found says what the check found.
func (s *Screen) found() string {
	words := "Checked " + plural(len(s.book.Rows), "row") + ": "
	if s.book.Errors == 0 && s.book.Warnings == 0 {
		return words + "nothing is wrong"
	}
	return words + screen.Count(s.book.Errors) + " with errors, " + screen.Count(s.book.Warnings) + " with warnings"
}

// fill puts the rows into the list, with the row at selected, or the one that took its place.
func (s *Screen) fill(at int, keep bool) {
	rows := s.all
	if s.text != "" {
		rows = s.matches
	}
	if !keep {
		s.home = 0
		s.list.Reset(rows, true, true, false)
		return
	}
	s.home = at
	s.list.Replace(rows, true, true)
	if i, _ := slices.BinarySearch(rows, at); len(rows) > 0 {
		s.list.Select(rows[min(i, len(rows)-1)])
	}
}

// tookChanged reads the files again when they changed, unless the person is in the middle of something.
func (s *Screen) tookChanged(msg screen.Result[changed]) tea.Cmd {
	switch {
	case errors.Is(msg.Err, context.Canceled), msg.Value.book != s.book, s.run != nil, s.reading != nil:
		return nil
	case msg.Err != nil:
		if s.failed == nil {
			s.failed = s.unread(msg.Err)
		}
		return nil
	case msg.Value.is:
		return s.read(s.book.Paths, false)
	}
	s.failed = nil
	return nil
}

// rest reads the selected row in full once the selection stays on it.
func (s *Screen) rest() tea.Cmd {
	i, ok := s.selected()
	if !ok || i == s.wanted && s.sightOf == s.book {
		return nil
	}
	s.wanted = i
	s.gen++
	t := screen.Tick{To: screen.Filings, Name: tickRest, Gen: s.gen}
	return tea.Tick(rest, func(time.Time) tea.Msg { return t })
}

// look reads the selected row in full.
func (s *Screen) look() tea.Cmd {
	i, ok := s.selected()
	if !ok {
		return nil
	}
	s.wanted = i
	desk, book := s.env.Filings, s.book
	return screen.Start(s.env.Tasks, screen.Filings, taskLook, func(ctx context.Context) (looked, error) {
		sight, err := desk.Look(ctx, book, i)
		return looked{book, sight}, err
	})
}

func (s *Screen) tookLook(msg screen.Result[looked]) {
	if errors.Is(msg.Err, context.Canceled) {
		return
	}
	if s.blind = msg.Err; msg.Err == nil && msg.Value.book == s.book {
		s.sight, s.sightOf = msg.Value.sight, s.book
		s.seenAt++
	}
}

// seen is the selected row in full, when it was read.
func (s *Screen) seen() (filings.Sight, bool) {
	i, ok := s.selected()
	return s.sight, ok && s.sightOf == s.book && s.sight.Index == i
}

// Filter is the filter as typed.
func (s *Screen) Filter() string { return s.text }

// FilterHint says what can be typed.
func (s *Screen) FilterHint() string {
	return "problems  failed  accepted  or an id, a policy, an insured"
}

// FilterNote says what the filter found.
func (s *Screen) FilterNote() string {
	if s.book == nil {
		return "no file is open"
	}
	return screen.FoundNote("", s.list.Len())
}

// SetFilter narrows the list; the selection stays where it can.
func (s *Screen) SetFilter(query string) tea.Cmd {
	s.text = query
	if s.book == nil {
		return nil
	}
	book := s.book
	return screen.Start(s.env.Tasks, screen.Filings, taskMatch, func(context.Context) (matched, error) {
		return matched{book, query, match(book, query)}, nil
	})
}

func (s *Screen) tookMatch(msg screen.Result[matched]) tea.Cmd {
	if msg.Err != nil || msg.Value.book != s.book || msg.Value.text != s.text {
		return nil
	}
	s.matches = msg.Value.indexes
	s.fill(s.home, s.home >= 0)
	return s.rest()
}

// match returns the rows that a filter shows. Words that mean a state select by it; all others must stand in the row.
func match(book *filings.Book, query string) []int {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil
	}
	indexes := []int{}
	for i := range book.Rows {
		if !slices.ContainsFunc(words, func(w string) bool { return !matches(&book.Rows[i], w) }) {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

func matches(r *filings.Row, word string) bool {
	switch word {
	case "problem", "problems":
		return r.Troubled()
	case "error", "errors":
		return r.Errors > 0 && r.Troubled()
	case "warning", "warnings":
		return r.Warnings > 0 && r.Troubled()
	case "failed":
		return r.Outcome.Failed()
	}
	if slices.Contains(filing.Outcomes(), filing.Outcome(word)) {
		return string(r.Outcome) == word
	}
	for _, s := range []string{r.ID, r.Policy, r.Insured, r.Words} {
		if strings.Contains(strings.ToLower(s), word) {
			return true
		}
	}
	return strings.EqualFold(r.State, word)
}
