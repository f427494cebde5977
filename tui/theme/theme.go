// Package theme turns a small palette of meanings into styles. It is the only place that names a colour.
//
// Meaning is never colour alone: every style that says something stands beside a word or a glyph that says it too.
// The renderer reduces colours to what the terminal can show (16 colours, none).
package theme

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
)

// Options choose a theme.
type Options struct {
	Dark       bool // the terminal's background is dark
	ASCII      bool // borders and glyphs from ASCII only
	Production bool // real claims: the frame looks different on every screen
}

// Theme is a set of styles for one kind of terminal. It is a value: switching themes is one assignment.
type Theme struct {
	Options
	Text     Style // the terminal's own foreground
	Dim      Style // secondary words, still readable
	Faint    Style // rules and frames
	Behind   Style // the screen behind a box
	Title    Style
	Accent   Style // what can be acted on
	Key      Style // a key's name
	Selected Style // the selection's marker
	Good     Style
	Warn     Style
	Bad      Style
	Badge    Style // the environment's name in the header
	Input    Style // typed text
	Match    Style // the matching part of a search
	Glyphs   Glyphs
	Border   lipgloss.Border
}

// Glyphs are the signs of the screens, one cell wide each.
type Glyphs struct {
	Marker, Live, Stale, Ellipsis, Vertical, Horizontal, Dot, Up, Down, Arrow string
	Attention, Good, Quiet                                                    string
	Masked                                                                    string
}

// palette holds the colours of meaning for one background.
type palette struct{ dim, faint, accent, good, warn, bad, match color.Color }

// The colours are those of the 256-colour table, so that a terminal without full colour shows the very same ones.

func darkPalette() palette {
	return palette{
		dim: lipgloss.Color("247"), faint: lipgloss.Color("240"), accent: lipgloss.Color("111"),
		good: lipgloss.Color("114"), warn: lipgloss.Color("179"), bad: lipgloss.Color("210"), match: lipgloss.Color("179"),
	}
}

func lightPalette() palette {
	return palette{
		dim: lipgloss.Color("241"), faint: lipgloss.Color("248"), accent: lipgloss.Color("25"),
		good: lipgloss.Color("22"), warn: lipgloss.Color("94"), bad: lipgloss.Color("124"), match: lipgloss.Color("94"),
	}
}

// New builds the theme for o.
func New(o Options) Theme {
	p := lightPalette()
	if o.Dark {
		p = darkPalette()
	}
	plain := lipgloss.NewStyle()
	t := Theme{
		Options:  o,
		Text:     style(plain),
		Dim:      style(plain.Foreground(p.dim)),
		Faint:    style(plain.Foreground(p.faint)),
		Behind:   style(plain.Foreground(p.dim).Faint(true)),
		Title:    style(plain.Bold(true)),
		Accent:   style(plain.Foreground(p.accent)),
		Key:      style(plain.Foreground(p.accent).Bold(true)),
		Selected: style(plain.Foreground(p.accent)),
		Good:     style(plain.Foreground(p.good)),
		Warn:     style(plain.Foreground(p.warn)),
		Bad:      style(plain.Foreground(p.bad)),
		Badge:    style(plain.Foreground(p.good)),
		Input:    style(plain),
		Match:    style(plain.Foreground(p.match).Underline(true)),
		Glyphs:   glyphs(o.ASCII),
		Border:   border(o.ASCII),
	}
	if o.Production {
		t.Badge = style(plain.Foreground(p.bad).Bold(true).Reverse(true))
		t.Faint = style(plain.Foreground(p.bad))
	}
	return t
}

func glyphs(ascii bool) Glyphs {
	if ascii {
		return Glyphs{
			Marker: ">", Live: "*", Stale: "o", Ellipsis: "~", Vertical: "|", Horizontal: "-", Dot: ".",
			Up: "^", Down: "v", Arrow: ">", Attention: "!", Good: "+", Quiet: ".", Masked: "*",
		}
	}
	return Glyphs{
		Marker: "▌", Live: "●", Stale: "○", Ellipsis: "…", Vertical: "│", Horizontal: "─", Dot: "·",
		Up: "↑", Down: "↓", Arrow: "→", Attention: "!", Good: "+", Quiet: "·", Masked: "•",
	}
}

func border(ascii bool) lipgloss.Border {
	if ascii {
		return lipgloss.ASCIIBorder()
	}
	return lipgloss.NormalBorder()
}

// Style is a lipgloss style whose escape sequences are made once: a screen has hundreds of styled words, and lipgloss
// thinks each of them over.
type Style struct {
	lipgloss.Style
	open, end string
}

func style(s lipgloss.Style) Style {
	open, end, _ := strings.Cut(s.Render("x"), "x")
	return Style{Style: s, open: open, end: end}
}

// Render returns words, a part of one line, in the style.
func (s Style) Render(words string) string {
	if words == "" {
		return ""
	}
	return s.open + words + s.end
}

// SGR returns the escape sequences that open and close the style.
func (s Style) SGR() (open, end string) { return s.open, s.end }
