package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/modal"
	"claimdeck/tui/widget/row"
)

// frameLines are the lines of header and footer, with their rules.
const frameLines = 4

// View draws the frame, the screen in it, and the box over it. It is the only place that sets terminal modes.
func (a *App) View() tea.View {
	content, cursor := a.draw()
	v := tea.NewView(content)
	v.AltScreen = true
	v.ReportFocus = true
	v.WindowTitle = "claimdeck " + a.env.Profile.Label
	v.Cursor = cursor
	return v
}

func (a *App) draw() (string, *tea.Cursor) {
	if !a.sized {
		return "", nil
	}
	if a.w < minWidth || a.h < minHeight {
		return a.tooSmall(), nil
	}
	if a.overlay == nil {
		a.behind = nil
		return a.frame()
	}
	full, x, y := a.backdrop().Place(a.overlay.view(a.w, a.h, a.env.Theme.Theme))
	cursor := a.overlay.cursor()
	if cursor != nil {
		cursor.X += x
		cursor.Y += y
	}
	return full, cursor
}

// frame draws the screen with header and footer.
func (a *App) frame() (string, *tea.Cursor) {
	body := a.current().View(a.w, a.h-frameLines)
	foot, cursor := a.footer()
	return strings.Join([]string{a.header(), a.upperRule(), body, a.lowerRule(), foot}, "\n"), cursor
}

// behind is the dimmed screen behind a box. A key that only the box has seen leaves it as it is, so it is drawn for the
// others only; and what was drawn the same is not made anew.
type behind struct {
	view  string
	made  *modal.Backdrop
	fresh bool // nothing has happened since but keys of the box
}

// backdrop is the screen behind the box as it is now.
func (a *App) backdrop() *modal.Backdrop {
	if a.behind != nil && a.behind.fresh {
		return a.behind.made
	}
	view, _ := a.frame()
	if a.behind == nil || a.behind.view != view {
		a.behind = &behind{view: view, made: modal.NewBackdrop(view, a.w, a.h, a.env.Theme.Theme)}
	}
	a.behind.fresh = true
	return a.behind.made
}

// shown is what a box can change of the screen behind it, other than through messages.
type shown struct {
	box      overlay
	screen   screen.ID
	toasts   uint64
	revealed bool
	locked   bool
	layout   screen.Layout
}

func (a *App) shown() shown {
	return shown{
		box: a.overlay, screen: a.currentID(), toasts: a.toasts.Version(), revealed: a.env.Revealed, locked: a.locked,
		layout: a.env.Layout,
	}
}

// nameFrom is from how many cells on the header names the program: the screens' keys matter more.
const nameFrom = 70

// header names the program, the account, the screens, and says how fresh the data is.
func (a *App) header() string {
	l := a.env.Theme
	label := a.env.Profile.Label
	if a.env.Profile.Production && a.locked {
		label += " read-only"
	}
	labelW := min(row.Width(label), 22)

	mark, words, pen := a.freshness()
	right := row.Styled(nil, pen, mark+" "+words, row.Width(words)+2, "")
	rightW := row.Width(words) + 2

	b, left := []byte{' '}, 1
	tabs, tabsW, named := a.tabs(a.w - left - labelW - rightW - 5)
	const name = "claimdeck"
	if more, moreW, all := a.tabs(a.w - left - len(name) - 2 - labelW - rightW - 5); a.w >= nameFrom && all == named {
		tabs, tabsW = more, moreW
		b = append(row.Styled(b, l.Pens.Title, name, len(name), ""), ' ', ' ')
		left += len(name) + 2
	}
	b = row.Styled(b, row.NewPen(l.Badge), label, labelW, l.Glyphs.Ellipsis)
	left += labelW
	gap := a.w - left - tabsW - rightW - 1
	b = row.Pad(b, max(2, gap-3))
	b = append(b, tabs...)
	b = row.Pad(b, min(3, max(0, gap-2)))
	return row.Cut(string(append(b, right...)), a.w, "")
}

// tabs are the screens with their keys, in full or by the active one alone where there is no room; named: in full.
func (a *App) tabs(room int) (words string, width int, named bool) {
	l := a.env.Theme
	type tab struct {
		id   screen.ID
		key  keymap.ID
		name string
	}
	all := []tab{
		{screen.Activity, keymap.ScreenActivity, "Activity"},
		{screen.Claims, keymap.ScreenClaims, "Claims"},
		{screen.Filings, keymap.ScreenFilings, "Filings"},
		{screen.Outbox, keymap.ScreenOutbox, "Outbox"},
		{screen.Sandbox, keymap.ScreenSandbox, "Sandbox"},
	}
	for _, as := range []struct {
		gap   int
		short bool // the last resort: keys alone, but for the screen that is on
	}{{gap: 3}, {gap: 2}, {gap: 1}, {gap: 2, short: true}} {
		var b []byte
		w := 0
		for i, t := range all {
			on := a.stack[0] == t.id
			words := a.tab(t.key, t.name, t.id == screen.Outbox, as.short && !on)
			pen := l.Pens.Dim
			if on {
				pen = l.Pens.Key
			}
			if i > 0 {
				b = row.Pad(b, as.gap)
				w += as.gap
			}
			b = row.Styled(b, pen, words, row.Width(words), "")
			w += row.Width(words)
		}
		if w <= room {
			return string(b), w, !as.short
		}
	}
	return "", 0, false
}

// tab is the words of one screen: its key, its name where there is room for it, and how many writes are not settled.
func (a *App) tab(key keymap.ID, name string, outbox, short bool) string {
	words := a.env.Keys.Hint(key)
	if !short {
		words += " " + name
	}
	n := len(a.pending.entries)
	switch {
	case !outbox || n == 0:
		return words
	case short: // a key and a number, next to each other, would be two keys
		return fmt.Sprintf("%s (%d)", words, n)
	}
	return fmt.Sprintf("%s %d", words, n)
}

// upperRule separates the header from the body. It says why the data is stale.
func (a *App) upperRule() string {
	words, pen := a.trouble()
	return a.rule(words, pen, "")
}

// lowerRule separates the body from the footer. It says what just happened, or what is about to.
func (a *App) lowerRule() string {
	if !a.toasts.Empty() {
		return a.ruleWith(strings.TrimSpace(a.toasts.View(a.w-2, a.env.Theme.Theme)))
	}
	words, key := a.story()
	return a.rule(words, a.env.Theme.Pens.Accent, key)
}

func (a *App) rule(words string, pen row.Pen, key keymap.ID) string {
	if words == "" {
		return a.ruleWith("")
	}
	l := a.env.Theme
	hint := ""
	if key != "" {
		hint = "   " + a.env.Keys.Hint(key) + " undo"
	}
	words = row.Cut(words, a.w-6-row.Width(hint), l.Glyphs.Ellipsis)
	b := row.Styled(nil, pen, words, row.Width(words), "")
	return a.ruleWith(string(row.Styled(b, l.Pens.Dim, hint, row.Width(hint), "")))
}

func (a *App) ruleWith(inset string) string {
	l := a.env.Theme
	line := l.Glyphs.Horizontal
	if inset == "" {
		return string(row.Styled(nil, l.Pens.Faint, strings.Repeat(line, a.w), a.w, ""))
	}
	b := row.Styled(nil, l.Pens.Faint, line, 1, "")
	b = append(b, ' ')
	b = append(b, row.Cut(inset, a.w-4, l.Glyphs.Ellipsis)...)
	b = append(b, ' ')
	rest := a.w - row.Width(string(b))
	return string(row.Styled(b, l.Pens.Faint, strings.Repeat(line, max(0, rest)), max(0, rest), ""))
}

// footer is the filter being typed, the keys that may follow, or the keys that act here and now.
func (a *App) footer() (string, *tea.Cursor) {
	l := a.env.Theme
	if a.filter != nil {
		return a.filterLine()
	}
	if len(a.next) > 0 {
		var parts []string
		for _, n := range a.next {
			parts = append(parts, n.Key+" "+n.Help)
		}
		return l.Note(a.w, strings.Join(parts, "   ")), nil
	}
	b := []byte{' '}
	w := 1
	always := []keymap.ID{keymap.AppPalette, keymap.AppHelp}
	if _, ok := a.current().(screen.Filterable); ok {
		always = slices.Insert(always, 0, keymap.AppFilter)
	}
	tail := 0
	for _, id := range always {
		tail += row.Width(a.hint(id)) + hintGap
	}
	for _, o := range a.current().Offers() {
		words := a.hint(o.Action)
		if !o.Enabled || words == "" || w+row.Width(words)+tail >= a.w { // a shorter one behind it may fit
			continue
		}
		b = a.appendHint(b, o.Action)
		w += row.Width(words) + hintGap
	}
	for _, id := range always {
		if words := a.hint(id); w+row.Width(words) < a.w {
			b = a.appendHint(b, id)
			w += row.Width(words) + hintGap
		}
	}
	return row.Cut(string(b), a.w, ""), nil
}

// hintGap is the room between two keys of the footer.
const hintGap = 3

func (a *App) hint(id keymap.ID) string {
	if key := a.env.Keys.Hint(id); key != "" {
		return key + " " + a.env.Keys.Text(id)
	}
	return ""
}

func (a *App) appendHint(b []byte, id keymap.ID) []byte {
	l := a.env.Theme
	key, words := a.env.Keys.Hint(id), a.env.Keys.Text(id)
	b = row.Styled(b, l.Pens.Key, key, row.Width(key), "")
	b = append(b, ' ')
	b = row.Styled(b, l.Pens.Dim, words, row.Width(words), "")
	return append(b, ' ', ' ', ' ')
}

func (a *App) filterLine() (string, *tea.Cursor) {
	l := a.env.Theme
	note := ""
	if f, ok := a.current().(screen.Filterable); ok {
		note = f.FilterNote()
	}
	note = row.Cut(note, a.w/2, l.Glyphs.Ellipsis)
	room := a.w - 3 - row.Width(note) - 3
	line, x := a.filter.line.View(room, l.Theme)
	b := row.Styled([]byte{' '}, l.Pens.Key, "/", 1, "")
	b = append(b, ' ')
	b = append(b, line...)
	b = append(b, ' ', ' ')
	b = row.Styled(b, l.Pens.Dim, note, row.Width(note), "")
	return string(b), tea.NewCursor(3+x, a.h-1)
}

func (a *App) tooSmall() string {
	l := a.env.Theme
	words := fmt.Sprintf("claimdeck needs %d columns and %d lines; this terminal has %d and %d. Nothing is lost: make it larger.", minWidth, minHeight, a.w, a.h)
	lines := row.Wrap(words, max(1, a.w-1))
	if len(lines) > a.h {
		lines = lines[:a.h]
	}
	return l.Page(a.w, a.h, lines)
}
