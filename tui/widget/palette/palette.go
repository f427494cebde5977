// Package palette runs any action by its name: one types some letters of it and presses enter.
package palette

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"claimdeck/keymap"
	"claimdeck/state/text"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
	"claimdeck/tui/widget/keys"
	"claimdeck/tui/widget/modal"
	"claimdeck/tui/widget/prompt"
	"claimdeck/tui/widget/rank"
)

// Item is one action.
type Item struct {
	ID      string // "order.create"; typing it, with dots or spaces, finds it first
	Title   string // "Order documents"
	Hint    string // its keys: "O"
	Section string // "Claim"
	Enabled bool
	Why     string // why it cannot be run, or what speaks against it
}

// Event is what a palette tells its owner; nil when there is nothing to tell.
type Event interface{ event() }

// Chosen asks to run an item, and to close the palette.
type Chosen struct{ ID string }

// Closed asks to close the palette.
type Closed struct{}

func (Chosen) event() {}
func (Closed) event() {}

// Palette is the widget. It is touched only on the event loop.
type Palette struct {
	items  []Item
	keys   *keys.Reader
	shown  []hit
	line   *prompt.Line
	sel    int // in shown
	top    int
	widest int // title, in cells
	cursor *tea.Cursor
}

// hit is an item that matches, and the runes of its title that do.
type hit struct {
	index, score int
	at           []int
}

// New returns a palette of items, in the order to show them in while nothing is typed. The key map says which keys it
// obeys; nil: as shipped.
func New(items []Item, m *keymap.Map) *Palette {
	p := &Palette{
		items: slices.Clone(items), line: prompt.New("a command, or part of its name"),
		keys: keys.New(m, keymap.ScopePrompt, keymap.PromptCancel),
	}
	for i := range p.items {
		it := &p.items[i]
		it.Title, it.Hint = text.Line(it.Title), text.Line(it.Hint)
		it.Section, it.Why = text.Line(it.Section), text.Line(it.Why)
		p.widest = max(p.widest, ansi.StringWidth(it.Title))
	}
	p.filter()
	return p
}

// SetItems replaces the items, as when what can be done changes; what is typed stays, and so does the selection when
// its item does.
func (p *Palette) SetItems(items []Item) {
	id := ""
	if it, ok := p.Selected(); ok {
		id = it.ID
	}
	fresh := New(items, nil)
	p.items, p.widest = fresh.items, fresh.widest
	p.filter()
	p.sel = max(0, slices.IndexFunc(p.shown, func(h hit) bool { return p.items[h.index].ID == id }))
}

// Selected returns the item under the cursor.
func (p *Palette) Selected() (Item, bool) {
	if p.sel >= len(p.shown) {
		return Item{}, false
	}
	return p.items[p.shown[p.sel].index], true
}

// Update takes keys and pastes.
func (p *Palette) Update(msg tea.Msg) (tea.Cmd, Event) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch id, taken := p.keys.Press(k); {
		case taken:
			return nil, nil
		case id == keymap.PromptCancel:
			return nil, Closed{}
		case id == keymap.PromptAccept:
			return nil, p.run()
		case id == keymap.PromptPrev:
			p.move(-1)
			return nil, nil
		case id == keymap.PromptNext:
			p.move(1)
			return nil, nil
		}
		switch k.String() {
		case "pgup":
			p.move(-rows)
			return nil, nil
		case "pgdown":
			p.move(rows)
			return nil, nil
		}
	}
	if p.line.Update(msg) {
		p.filter()
	}
	return nil, nil
}

// run chooses the selected item. One that cannot be run stays: its reason stands beside it.
func (p *Palette) run() Event {
	if it, ok := p.Selected(); ok && it.Enabled {
		return Chosen{it.ID}
	}
	return nil
}

func (p *Palette) move(by int) { p.sel = min(max(0, p.sel+by), max(0, len(p.shown)-1)) }

// byID is how much less the letters of an id count than those of a title, unless the id was typed in full.
const byID = 2

// filter ranks the items by what is typed. Of equal matches those that can be run come first.
func (p *Palette) filter() {
	query := p.line.Value()
	p.shown, p.sel, p.top = nil, 0, 0
	for i, it := range p.items {
		score, at, ok := rank.Match(query, it.Title)
		idScore, _, idOK := rank.Match(words(query), words(it.ID))
		if !ok && !idOK {
			continue
		}
		if !strings.EqualFold(strings.Join(strings.Fields(words(query)), " "), words(it.ID)) {
			idScore /= byID
		}
		if idOK {
			score = max(score, idScore)
		}
		p.shown = append(p.shown, hit{i, score, at})
	}
	if strings.TrimSpace(query) == "" { // begin with what can be done, and nothing speaks against
		p.sel = max(0, slices.IndexFunc(p.shown, func(h hit) bool { return p.items[h.index].Enabled && p.items[h.index].Why == "" }))
		return
	}
	slices.SortStableFunc(p.shown, func(a, b hit) int {
		if a.score != b.score {
			return b.score - a.score
		}
		return disabled(p.items[a.index]) - disabled(p.items[b.index])
	})
}

func disabled(it Item) int {
	if it.Enabled {
		return 0
	}
	return 1
}

// words writes an id as the command line does: "order create".
func words(id string) string { return strings.ReplaceAll(id, ".", " ") }

// rows is how many items show at once, maxWidth how wide the box gets, and roomy the height from which its parts
// stand apart.
const (
	rows     = 12
	maxWidth = 76
	roomy    = 14
)

// View returns the palette's box: at most w columns and h rows. Below 12×6 it is empty.
func (p *Palette) View(w, h int, t theme.Theme) string {
	p.cursor = nil
	w = min(w, maxWidth)
	if w < 12 || h < 6 {
		return ""
	}
	inner := w - modal.FrameWidth
	line, x := p.line.View(inner-4, t)
	p.cursor = tea.NewCursor(1+3+x, 1)
	box := modal.Box{Title: "Commands", Width: w}
	box.Lines = []string{" " + t.Key.Render(":") + " " + line + " ", t.Faint.Render(strings.Repeat(t.Glyphs.Horizontal, inner))}
	// The box keeps its height while one types, so that it does not jump.
	foot := []string{p.foot(inner, t)}
	if h >= roomy {
		foot = []string{"", foot[0]}
	}
	n := min(rows, len(p.items), h-modal.FrameHeight-len(box.Lines)-len(foot))
	p.top = cells.Window(p.top, len(p.shown), n, p.sel, p.sel+1)
	for i := range max(1, n) { // one row at least, to say that nothing matches
		at := p.top + i
		switch {
		case at < len(p.shown):
			box.Lines = append(box.Lines, p.row(p.shown[at], at == p.sel, inner, t))
		case len(p.shown) == 0 && i == 0:
			box.Lines = append(box.Lines, "   "+t.Dim.Render("no command is called that"))
		default:
			box.Lines = append(box.Lines, "")
		}
	}
	box.Lines = append(box.Lines, foot...)
	return box.Render(t)
}

// Cursor returns where the cursor stands, relative to the box that View returned last.
func (p *Palette) Cursor() *tea.Cursor { return p.cursor }

func (p *Palette) row(h hit, here bool, w int, t theme.Theme) string {
	it := p.items[h.index]
	mark := "   "
	if here {
		mark = " " + t.Selected.Render(t.Glyphs.Marker) + " "
	}
	style, note := t.Text, it.Section
	if !it.Enabled {
		style = t.Dim
	}
	if it.Why != "" {
		note = it.Why
	}
	left := rank.Paint(it.Title, h.at, style, t.Match)
	room := w - 4
	if room < 36 {
		return mark + cells.Ends(left, t.Key.Render(it.Hint), room, t.Glyphs.Ellipsis) + " "
	}
	title := min(p.widest, room*3/5)
	hint, note := ansi.Truncate(it.Hint, hintWidth, t.Glyphs.Ellipsis), t.Dim.Render(note)
	if hint != "" {
		note = cells.Ends(note, t.Key.Render(hint), room-title-2, t.Glyphs.Ellipsis)
	}
	return mark + cells.Fit(left, title, t.Glyphs.Ellipsis) + "  " + cells.Fit(note, room-title-2, t.Glyphs.Ellipsis) + " "
}

// hintWidth is the most that the keys take, at the right.
const hintWidth = 8

// foot says what the keys do to the selected item, why they do nothing, or what speaks against it.
func (p *Palette) foot(w int, t theme.Theme) string {
	run := hint(p.keys.Hint(keymap.PromptAccept), "run", t)
	it, ok := p.Selected()
	if ok && (!it.Enabled || it.Why != "") {
		why, right := it.Why, run
		if why == "" {
			why = "not possible here"
		}
		if !it.Enabled {
			right = ""
		}
		return "   " + cells.Ends(t.Warn.Render(t.Glyphs.Attention+" "+why), right, w-4, t.Glyphs.Ellipsis) + " "
	}
	line := "   " + run + hint(p.keys.Hint(keymap.PromptCancel), "close", t)
	count := t.Dim.Render(count(len(p.shown), len(p.items)))
	if ansi.StringWidth(line)+2+ansi.StringWidth(count) >= w {
		count = ""
	}
	return cells.Ends(strings.TrimRight(line, " "), count, w-1, t.Glyphs.Ellipsis) + " "
}

// hint is a key and what it does, with room behind it; nothing without a key.
func hint(key, does string, t theme.Theme) string {
	if key == "" {
		return ""
	}
	return t.Key.Render(key) + " " + does + "   "
}

// count says how many items show of how many there are.
func count(shown, all int) string {
	if shown == all {
		return strconv.Itoa(all)
	}
	return strconv.Itoa(shown) + " of " + strconv.Itoa(all)
}
