//go:build !windows

package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"

	"claimdeck/cli/terminal"
)

// The grid of the picture, in pixels.
const (
	cellW    = 8.4
	cellH    = 19.0
	baseline = 14.0 // of a row, from its top
	fontSize = 14
	margin   = 16.0
)

const fonts = "ui-monospace,'JetBrains Mono','SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"

// look is how a cell is painted, reverse video already resolved.
type look struct {
	fg, bg               string // "#rrggbb"; bg empty: the picture's own
	bold, faint, italic  bool
	underline, struckOut bool
}

// paper is the colour of the terminal itself.
type paper struct{ fg, bg string }

func paperOf(light bool) paper {
	if light {
		return paper{fg: "#1f2328", bg: "#ffffff"}
	}
	return paper{fg: "#d5d8dc", bg: "#15181d"}
}

// drawSVG paints a screen. Every cell keeps its place whatever font the reader has: runs of text are stretched to
// their cells, and lines and blocks are drawn as shapes.
func drawSVG(s *terminal.Screen, light bool) []byte {
	p := paperOf(light)
	w, h := float64(s.W)*cellW+2*margin, float64(s.H)*cellH+2*margin
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f" width="%.0f" height="%.0f" role="img">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, "<title>claimdeck in a terminal of %d by %d cells</title>\n", s.W, s.H)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", p.bg)
	fmt.Fprintf(&b, `<g transform="translate(%g %g)" font-family="%s" font-size="%d" fill="%s" xml:space="preserve">`+"\n",
		margin, margin, fonts, fontSize, p.fg)
	for y := range s.H {
		drawRow(&b, s, y, p)
	}
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

// drawRow paints a row in runs of cells that look alike.
func drawRow(b *bytes.Buffer, s *terminal.Screen, y int, p paper) {
	for x := 0; x < s.W; {
		first := s.At(x, y)
		style, shape, wide := lookOf(first, p), isShape(first.Text), first.Width > 1
		var text strings.Builder
		end := x
		for end < s.W {
			c := s.At(end, y)
			if c.Width == 0 && end > x { // behind a wide character
				end++
				continue
			}
			if lookOf(c, p) != style || isShape(c.Text) != shape || c.Width > 1 != wide {
				break
			}
			text.WriteString(or(c.Text, " "))
			end++
		}
		r := span{x: x, y: y, cells: end - x, text: text.String(), look: style}
		r.background(b)
		if shape {
			r.shapes(b, p)
		} else {
			r.letters(b, p)
		}
		x = end
	}
}

func or(text, blank string) string {
	if text == "" {
		return blank
	}
	return text
}

func lookOf(c terminal.Cell, p paper) look {
	l := look{
		fg: hex(c.Fg, p.fg), bg: hex(c.Bg, p.bg), bold: c.Bold, faint: c.Faint, italic: c.Italic,
		underline: c.Underline, struckOut: c.Strike,
	}
	if c.Reverse {
		l.fg, l.bg = l.bg, l.fg
	}
	if l.bg == p.bg {
		l.bg = ""
	}
	return l
}

func hex(c color.Color, own string) string {
	if c == nil {
		return own
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// span is cells of one row beside each other that look alike.
type span struct {
	x, y, cells int
	text        string
	look        look
}

func (r span) left() float64 { return float64(r.x) * cellW }
func (r span) top() float64  { return float64(r.y) * cellH }
func (r span) wide() float64 { return float64(r.cells) * cellW }

func (r span) background(b *bytes.Buffer) {
	if r.look.bg != "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n",
			r.left(), r.top(), r.wide(), cellH, r.look.bg)
	}
}

// letters writes the text of a span, without the blanks around it.
func (r span) letters(b *bytes.Buffer, p paper) {
	text, decorated := r.text, r.look.underline || r.look.struckOut
	if !decorated {
		trimmed := strings.TrimLeft(text, " ")
		skip := len(text) - len(trimmed)
		r.x, r.cells, text = r.x+skip, r.cells-skip, trimmed
		trimmed = strings.TrimRight(text, " ")
		r.cells -= len(text) - len(trimmed)
		text = trimmed
	}
	if text == "" {
		return
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>`,
		r.left(), r.top()+baseline, r.wide(), r.attributes(p))
	_ = xml.EscapeText(b, []byte(text)) // a bytes.Buffer takes everything
	b.WriteString("</text>\n")
}

func (r span) attributes(p paper) string {
	var b strings.Builder
	if r.look.fg != p.fg {
		fmt.Fprintf(&b, ` fill="%s"`, r.look.fg)
	}
	if r.look.bold {
		b.WriteString(` font-weight="bold"`)
	}
	if r.look.italic {
		b.WriteString(` font-style="italic"`)
	}
	if r.look.faint {
		b.WriteString(` opacity="0.6"`)
	}
	switch {
	case r.look.underline:
		b.WriteString(` text-decoration="underline"`)
	case r.look.struckOut:
		b.WriteString(` text-decoration="line-through"`)
	}
	return b.String()
}
