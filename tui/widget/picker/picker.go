// Package picker chooses one file of this computer: its path is typed or pasted, completed with tab, or found in a
// listing that narrows as one types. Folders are read and files are inspected only in commands, never on the event
// loop.
package picker

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/state/text"
	"claimdeck/tui/widget/prompt"
	"claimdeck/tui/widget/rank"
)

// Entry is one name in a folder.
type Entry struct {
	Name    string
	Dir     bool
	Size    int64 // bytes
	ModTime time.Time
}

// Source is the disk as the picker sees it. Its functions are called in commands, off the event loop.
type Source struct {
	// ReadDir lists a folder, in any order.
	ReadDir func(dir string) ([]Entry, error)
	// Inspect says what a file is ("PDF document, 182 KB"), or why it cannot be used, in a specialist's words.
	Inspect func(path string) (info string, err error)
	Home    string // what ~ stands for; empty: ~ is a name like any other
	Start   string // the folder where browsing starts; empty: Home
}

// Event is what a picker tells its owner; nil when there is nothing to tell.
type Event interface{ event() }

// Chosen is sent once a file was chosen and found good.
type Chosen struct {
	Path string // absolute when Source.Home and Source.Start are
	Info string // of Source.Inspect
}

func (Chosen) event() {}

// verdict is what Inspect said of a path.
type verdict struct {
	info string
	err  error
}

// Picker is the widget. It is touched only on the event loop.
type Picker struct {
	src  Source
	line *prompt.Line

	dir     string // whose entries are held, or are being read
	reading bool
	readErr error
	entries []Entry
	shown   []rank.Ranked // of entries, as narrowed
	cursor  int           // in shown
	tall    int           // lines of the largest listing shown, which the others keep: a box that follows what is typed jumps
	moved   bool          // the person chose the row; it does not merely stand first

	verdicts   map[string]verdict
	inspecting string // one at a time: holding a key down must not start a hundred reads
	wanted     string // to be chosen once its verdict is in
	chosen     string
	refused    string // the path whose refusal is shown
}

// dirRead and inspected are the answers of the commands; owner keeps them from other pickers.
type (
	dirRead struct {
		owner   *Picker
		dir     string
		entries []Entry
		err     error
	}
	inspected struct {
		owner *Picker
		path  string
		verdict
	}
)

// New returns a picker that stands in the source's start folder.
func New(src Source) *Picker {
	p := &Picker{src: src, line: prompt.New(""), verdicts: map[string]verdict{}}
	start := src.Start
	if start == "" {
		start = src.Home
	}
	p.line.Set(p.short(asDir(start)))
	return p
}

// Init returns the command that reads the start folder.
func (p *Picker) Init() tea.Cmd { return p.follow() }

// SetPath puts a path into the entry, as a draft brings it back. Follow it with Init.
func (p *Picker) SetPath(path string) { p.line.Set(p.short(path)) }

// Path returns the path as it stands, ~ expanded, chosen or not; empty when only a folder is given.
func (p *Picker) Path() string {
	if p.chosen != "" {
		return p.chosen
	}
	dir, base := p.split()
	if base == "" {
		return ""
	}
	return filepath.Join(dir, base)
}

// Chosen returns the file that was chosen and found good.
func (p *Picker) Chosen() (path, info string, ok bool) {
	return p.chosen, p.verdicts[p.chosen].info, p.chosen != ""
}

// Pending reports whether a chosen file is still being looked at.
func (p *Picker) Pending() bool { return p.wanted != "" }

// Refusal returns why the file that was chosen last cannot be used; empty when there is nothing against it.
func (p *Picker) Refusal() string {
	if err := p.verdicts[p.refused].err; err != nil {
		return text.Line(err.Error())
	}
	return ""
}

// Update takes keys, pastes and the answers of this picker's commands.
func (p *Picker) Update(msg tea.Msg) (tea.Cmd, Event) {
	switch msg := msg.(type) {
	case dirRead:
		return p.take(msg), nil
	case inspected:
		return p.judge(msg)
	case tea.PasteMsg:
		msg.Content = pasted(msg.Content)
		return p.paste(msg), nil
	case tea.KeyPressMsg:
		return p.key(msg)
	}
	return nil, nil
}

func (p *Picker) key(k tea.KeyPressMsg) (tea.Cmd, Event) {
	switch k.String() {
	case "up", "ctrl+p":
		return p.move(-1), nil
	case "down", "ctrl+n":
		return p.move(1), nil
	case "pgup":
		return p.move(-page), nil
	case "pgdown":
		return p.move(page), nil
	case "tab":
		return p.Complete()
	case "enter":
		return p.Enter()
	}
	if p.line.Update(k) {
		if again := restarted(p.line.Value()); again != p.line.Value() {
			p.line.Set(again)
		}
		return p.edited(), nil
	}
	return nil, nil
}

// page is how many rows pgup and pgdown move.
const page = 6

// paste replaces a whole path by an absolute one, and is typed text otherwise.
func (p *Picker) paste(msg tea.PasteMsg) tea.Cmd {
	if filepath.IsAbs(msg.Content) || strings.HasPrefix(msg.Content, "~") {
		p.line.Set(msg.Content)
		return p.edited()
	}
	if p.line.Update(msg) {
		return p.edited()
	}
	return nil
}

func (p *Picker) move(by int) tea.Cmd {
	if len(p.shown) == 0 {
		return nil
	}
	p.cursor = min(max(0, p.cursor+by), len(p.shown)-1)
	p.moved = true
	p.refused = ""
	return p.look()
}

// edited follows a change of the text: what was chosen is forgotten, another folder is read.
func (p *Picker) edited() tea.Cmd {
	p.chosen, p.wanted, p.refused, p.moved = "", "", "", false
	return p.follow()
}

// follow makes the listing that of the folder in the entry.
func (p *Picker) follow() tea.Cmd {
	dir, _ := p.split()
	if dir == p.dir && (p.reading || p.readErr == nil) {
		p.narrow()
		return p.look()
	}
	p.dir, p.reading, p.readErr, p.entries = dir, true, nil, nil
	p.narrow()
	if p.src.ReadDir == nil {
		p.reading = false
		return nil
	}
	read := p.src.ReadDir
	return func() tea.Msg {
		entries, err := read(dir)
		return dirRead{p, dir, entries, err}
	}
}

func (p *Picker) take(msg dirRead) tea.Cmd {
	if msg.owner != p || msg.dir != p.dir {
		return nil
	}
	p.reading, p.readErr, p.entries = false, msg.err, slices.Clone(msg.entries)
	slices.SortStableFunc(p.entries, order)
	p.narrow()
	return p.look()
}

// order puts folders first, by name, then files, newest first: the file wanted is most often the last one saved.
func order(a, b Entry) int {
	switch {
	case a.Dir != b.Dir && a.Dir:
		return -1
	case a.Dir != b.Dir:
		return 1
	case a.Dir || a.ModTime.Equal(b.ModTime):
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	}
	return b.ModTime.Compare(a.ModTime)
}

// narrow keeps the entries that match what is typed behind the folder. Names with a leading dot show only when one
// is typed.
func (p *Picker) narrow() {
	_, base := p.split()
	names := make([]string, len(p.entries))
	for i, e := range p.entries {
		names[i] = label(e.Name)
	}
	p.shown = rank.All(base, names)
	if !strings.HasPrefix(base, ".") {
		p.shown = slices.DeleteFunc(p.shown, func(r rank.Ranked) bool { return strings.HasPrefix(names[r.Index], ".") })
	}
	p.cursor = 0
}

// current returns the entry under the cursor and its path.
func (p *Picker) current() (Entry, string, bool) {
	if p.cursor >= len(p.shown) {
		return Entry{}, "", false
	}
	e := p.entries[p.shown[p.cursor].Index]
	return e, filepath.Join(p.dir, e.Name), true
}
