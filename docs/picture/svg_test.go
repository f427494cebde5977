//go:build !windows

package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"io"
	"strconv"
	"strings"
	"testing"

	"claimdeck/cli/terminal"
)

func screenOf(w int, rows ...[]terminal.Cell) *terminal.Screen {
	s := &terminal.Screen{Size: terminal.Size{W: w, H: len(rows)}}
	for _, row := range rows {
		for x := range w {
			c := terminal.Cell{Text: " ", Width: 1}
			if x < len(row) {
				c = row[x]
			}
			s.Cells = append(s.Cells, c)
		}
	}
	return s
}

func plain(text string) []terminal.Cell {
	var row []terminal.Cell
	for _, r := range text {
		row = append(row, terminal.Cell{Text: string(r), Width: 1})
	}
	return row
}

// element is a piece of the picture.
type element struct {
	name, text string
	attr       map[string]string
}

func elements(t *testing.T, svg []byte) []element {
	t.Helper()
	var all []element
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("the picture is not XML: %v\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			all = append(all, e)
		case xml.CharData:
			if len(all) > 0 {
				all[len(all)-1].text += string(token)
			}
		}
	}
}

func written(t *testing.T, all []element, text string) element {
	t.Helper()
	for _, e := range all {
		if e.name == "text" && strings.TrimRight(e.text, "\n") == text {
			return e
		}
	}
	t.Fatalf("%q is not written in %v", text, all)
	return element{}
}

func TestEveryCellKeepsItsPlace(t *testing.T) {
	t.Parallel()
	wide := append(plain("a"), terminal.Cell{Text: "漢", Width: 2}, terminal.Cell{}, terminal.Cell{Text: "<", Width: 1, Bold: true})
	all := elements(t, drawSVG(screenOf(10, plain("  one two"), wide), false))
	for _, want := range []struct {
		text     string
		x, cells int
		y        int
	}{{"one two", 2, 7, 0}, {"a", 0, 1, 1}, {"漢", 1, 2, 1}, {"<", 3, 1, 1}} {
		e := written(t, all, want.text)
		for name, value := range map[string]float64{
			"x": float64(want.x) * cellW, "textLength": float64(want.cells) * cellW, "y": float64(want.y)*cellH + baseline,
		} {
			if e.attr[name] != fmt.Sprintf("%.1f", value) {
				t.Errorf("%q has %s=%s, want %.1f", want.text, name, e.attr[name], value)
			}
		}
	}
	if written(t, all, "<").attr["font-weight"] != "bold" {
		t.Error("bold text is not bold")
	}
}

func TestStyles(t *testing.T) {
	t.Parallel()
	red := color.RGBA{R: 0xff, A: 0xff}
	row := []terminal.Cell{
		{Text: "r", Width: 1, Fg: red, Reverse: true},
		{Text: "f", Width: 1, Faint: true},
		{Text: "u", Width: 1, Underline: true},
		{Text: " ", Width: 1, Underline: true},
		{Text: "│", Width: 1, Fg: red},
		{Text: "▌", Width: 1, Fg: red},
	}
	all := elements(t, drawSVG(screenOf(6, row), true))
	light := paperOf(true)
	if e := written(t, all, "r"); e.attr["fill"] != light.bg {
		t.Errorf("reversed text is painted %q, want the paper's %q", e.attr["fill"], light.bg)
	}
	if e := written(t, all, "f"); e.attr["opacity"] == "" {
		t.Error("faint text is not faint")
	}
	if e := written(t, all, "u "); e.attr["text-decoration"] != "underline" {
		t.Error("an underlined blank is lost")
	}
	var reversed, blocks, lines int
	for _, e := range all {
		switch {
		case e.name == "rect" && e.attr["fill"] == "#ff0000" && e.attr["width"] == strconv.FormatFloat(cellW, 'f', 1, 64):
			reversed++
		case e.name == "rect" && e.attr["fill"] == "#ff0000":
			blocks++
		case e.name == "path" && e.attr["stroke"] == "#ff0000":
			lines++
		}
	}
	if reversed != 1 || blocks != 1 || lines != 1 {
		t.Errorf("%d reversed cells, %d blocks and %d lines, want one of each", reversed, blocks, lines)
	}
}

func TestWrongSizeIsRefused(t *testing.T) {
	t.Parallel()
	for _, size := range []string{"", "120", "0x4", "ax9"} {
		if _, err := parse([]string{"-s", size}, io.Discard); err == nil {
			t.Errorf("-s %q was taken", size)
		}
	}
	if o, err := parse([]string{"-s", "80x24"}, io.Discard); err != nil || o.size != (terminal.Size{W: 80, H: 24}) {
		t.Errorf("-s 80x24 is %v, %v", o.size, err)
	}
}
