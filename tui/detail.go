package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/keys"
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
	var more []string
	for _, k := range []struct {
		id   keymap.ID
		what string
	}{{keymap.ActivityJSON, "raw JSON"}, {keymap.AppReveal, "show numbers"}} {
		if hint := a.env.Keys.Hint(k.id); hint != "" && d.Raw != "" && (!d.Open || k.id != keymap.AppReveal) {
			more = append(more, hint+" "+k.what)
		}
	}
	return &detailBox{a: a, of: d, text: viewer.NewDrawn(d.Title, more, d.Lines, a.env.Keys)}
}

func (b *detailBox) update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	is := func(ids ...keymap.ID) bool {
		return slices.ContainsFunc(ids, func(id keymap.ID) bool { return b.a.env.Keys.Bound(id, keys.Name(key)) })
	}
	if b.raw != nil {
		if is(keymap.ActivityJSON, keymap.ClaimJSON) || b.raw.Update(msg) {
			b.raw = nil
		}
		return nil
	}
	switch {
	case is(keymap.ActivityJSON, keymap.ClaimJSON) && b.of.Raw != "":
		b.raw = viewer.New(b.of.Title+" "+b.a.env.Theme.Glyphs.Dot+" raw JSON", b.of.Raw, b.a.env.Keys)
		return nil
	case is(keymap.AppReveal):
		return b.a.reveal()
	case is(keymap.ActivityDetail, keymap.ClaimDetail):
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
