package form

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/keymap"
	"claimdeck/state/text"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/cells"
)

// The foot of a form says what sending does and which keys there are, as the key map has them.

// effect is what submitting will do, and where the request can be seen when that fits behind it; said reports whether
// it did.
func (f *Form) effect(w int) (words string, said bool) {
	if f.spec.Effect != nil && !f.stuck() {
		words = text.Line(f.spec.Effect(f.Values()))
	}
	key := f.keys.Hint(keymap.FormPreview)
	if f.spec.Preview == nil || f.preview != nil || key == "" || f.stuck() {
		return words, true
	}
	if with := join(words, key+" shows the request."); ansi.StringWidth(with) <= w {
		return with, true
	}
	return words, false
}

// stuck reports whether the form cannot be sent at all: a field that needs a choice offers none.
func (f *Form) stuck() bool {
	return slices.ContainsFunc(f.fields, func(fd *field) bool { return fd.Required && fd.nothing() })
}

// keyLine is the line of keys, the most needed first; what does not fit is left out.
func (f *Form) keyLine(w int, said bool, t theme.Theme) string {
	if f.busy {
		return cells.Fit(t.Dim.Render("sending"), w, t.Glyphs.Ellipsis)
	}
	hints := fit(f.hints(said), w)
	parts := make([]string, len(hints))
	for i, h := range hints {
		parts[i] = t.Key.Render(h[0]) + " " + h[1]
	}
	return strings.Join(parts, "   ")
}

// fit returns as many of the keys as w cells hold, the first at least. The words about the draft give way to a key. An
// action without a key is left out.
func fit(hints [][2]string, w int) [][2]string {
	hints = slices.DeleteFunc(hints, func(h [2]string) bool { return h[0] == "" })
	if len(hints) == 0 {
		return nil
	}
	short := slices.Clone(hints)
	for i := range short {
		if short[i][1] == keepsDraft {
			short[i][1] = "cancel"
		}
	}
	for n := len(hints); n > 1; n-- {
		for _, some := range [][][2]string{hints[:n], short[:n]} {
			if width(some) <= w {
				return some
			}
		}
	}
	return hints[:1]
}

// width is how many cells a line of keys takes.
func width(hints [][2]string) int {
	n := 3 * (len(hints) - 1)
	for _, h := range hints {
		n += ansi.StringWidth(h[0]) + 1 + ansi.StringWidth(h[1])
	}
	return n
}

// keepsDraft is what esc does where the owner keeps drafts.
const keepsDraft = "cancel (keeps a draft)"

func (f *Form) hints(said bool) [][2]string {
	send := f.spec.SubmitLabel
	if send == "" {
		send = "send"
	}
	if len(f.warnings) > 0 {
		send += " anyway"
	}
	key := f.keys.Hint
	if f.preview != nil {
		hints := [][2]string{{key(keymap.FormSubmit), send}, {key(keymap.FormCancel), "back to the form"}}
		if f.preview.long {
			hints = append(hints, [2]string{"j/k", "scroll"})
		}
		return hints
	}
	if f.stuck() {
		return [][2]string{{key(keymap.FormCancel), "cancel"}}
	}
	fd := f.current()
	enter := [2]string{key(keymap.FormSubmit), send}
	var own [][2]string
	if fd != nil {
		if f.focus < len(f.fields)-1 {
			enter[1] = "next"
		}
		if fd.in.Wants(keymap.FormSubmit) {
			enter[1] = "choose"
		}
		own = f.fieldHints(fd)
	}
	hints := [][2]string{enter, {key(keymap.FormCancel), "cancel"}}
	if f.spec.KeepsDraft && len(f.Values()) > 0 {
		hints[1][1] = keepsDraft
	}
	hints = append(hints, own...)
	if len(f.fields) > 1 && (fd == nil || !fd.in.Wants(keymap.FormNext)) {
		hints = append(hints, [2]string{key(keymap.FormNext), "next field"})
	}
	if !said {
		hints = append(hints, [2]string{key(keymap.FormPreview), "see the request"})
	}
	return hints
}

// fieldHints are the keys of one field and of its page.
func (f *Form) fieldHints(fd *field) [][2]string {
	var hints [][2]string
	key := f.keys.Hint
	switch fd.Kind {
	case LongText:
		hints = [][2]string{{key(keymap.FormNewline), "new line"}}
		if f.spec.Editor {
			hints = append(hints, [2]string{key(keymap.FormEditor), "editor"})
		}
	case MultiChoice:
		hints = [][2]string{{"space", "mark"}}
	case File:
		if fd.in.Wants(keymap.FormNext) {
			hints = [][2]string{{key(keymap.FormNext), "complete"}}
		}
		if fd.Many && len(fd.in.Values()) > 0 {
			hints = append(hints, [2]string{"del", "take the last one off"})
		}
	default:
	}
	if f.paged() && fd.Kind != File {
		if f.page() < len(f.sections)-1 {
			hints = append(hints, [2]string{key(keymap.FormNextPage), "next section"})
		} else {
			hints = append(hints, [2]string{key(keymap.FormPrevPage), "section before"})
		}
	}
	return hints
}
