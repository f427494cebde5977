package tui

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
	"claimdeck/tui/widget/form"
)

// pencil is an editor that writes what it is told to.
type pencil struct{ writes string }

func (p *pencil) SetStdin(io.Reader)  {}
func (p *pencil) SetStdout(io.Writer) {}
func (p *pencil) SetStderr(io.Writer) {}
func (p *pencil) Run() error          { return nil }
func (p *pencil) Text() string        { return p.writes }

func TestTextComesBackFromTheEditor(t *testing.T) {
	t.Parallel()
	given := ""
	a := &App{o: Options{Edit: func(text string) Editor { given = text; return &pencil{writes: text + "\nwritten"} }}}
	b := &formBox{a: a, Form: form.New(form.Spec{Editor: true, Fields: []form.Field{{Name: "text", Kind: form.LongText}}})}
	for _, msg := range tuitest.Typed("typed") {
		b.update(msg)
	}
	if cmd := b.update(tuitest.Key("ctrl+e")); cmd == nil || given != "typed" {
		t.Fatalf("the editor was given %q", given)
	}
	shows := func() string { return ansi.Strip(b.view(80, 24, theme.New(theme.Options{}))) }
	b.update(edited{"text", &pencil{}, errors.New("vi: not found")})
	if s := shows(); !strings.Contains(s, "vi: not found") || !strings.Contains(s, "typed") {
		t.Errorf("after an editor that failed:\n%s", s)
	}
	b.update(edited{"text", &pencil{writes: "typed\nwritten"}, nil})
	if sent := b.Values(); len(sent["text"]) != 1 || sent["text"][0] != "typed\nwritten" {
		t.Errorf("the text is %q", sent)
	}
}
