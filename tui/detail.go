package tui

import (
	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/viewer"
)

// detailBox shows one thing in full, or as the service sent it.
type detailBox struct {
	a    *App
	of   screen.Detail
	text *viewer.Viewer
	raw  *viewer.Viewer // nil while the text shows
}

func newDetail(a *App, d screen.Detail) overlay {
	reveal := a.env.Keys.Hint(keymap.AppReveal)
	keys := join("   ", hintOf("J", "raw JSON", d.Raw != ""), hintOf(reveal, "show numbers", d.Raw != "" && reveal != ""))
	return &detailBox{a: a, of: d, text: viewer.NewDrawn(d.Title, keys, d.Lines)}
}

func hintOf(key, what string, is bool) string {
	if !is {
		return ""
	}
	return key + " " + what
}

func join(sep string, a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + sep + b
}

func (b *detailBox) update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	if b.raw != nil {
		if b.raw.Update(msg) {
			b.raw = nil
		}
		return nil
	}
	switch name := key.String(); {
	case name == "J" && b.of.Raw != "":
		b.raw = viewer.New(b.of.Title+" "+b.a.env.Theme.Glyphs.Dot+" raw JSON", b.of.Raw)
		return nil
	case name == b.a.env.Keys.Hint(keymap.AppReveal):
		return b.a.reveal()
	case name == "i":
		b.a.close()
		return nil
	}
	if b.text.Update(msg) {
		b.a.close()
	}
	return nil
}

func (b *detailBox) view(w, h int, t theme.Theme) string {
	if b.raw != nil {
		return b.raw.View(w, h, t)
	}
	return b.text.View(w, h, t)
}

func (b *detailBox) cursor() *tea.Cursor { return nil }
