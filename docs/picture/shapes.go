//go:build !windows

package main

import (
	"bytes"
	"fmt"
)

// arms are the lines from the middle of a cell to its edges.
type arms struct{ up, down, left, right bool }

// lineArms returns the arms of a box-drawing character.
func lineArms(text string) (arms, bool) {
	switch text {
	case "─":
		return arms{left: true, right: true}, true
	case "│":
		return arms{up: true, down: true}, true
	case "┌", "╭":
		return arms{down: true, right: true}, true
	case "┐", "╮":
		return arms{down: true, left: true}, true
	case "└", "╰":
		return arms{up: true, right: true}, true
	case "┘", "╯":
		return arms{up: true, left: true}, true
	case "├":
		return arms{up: true, down: true, right: true}, true
	case "┤":
		return arms{up: true, down: true, left: true}, true
	case "┬":
		return arms{down: true, left: true, right: true}, true
	case "┴":
		return arms{up: true, left: true, right: true}, true
	case "┼":
		return arms{up: true, down: true, left: true, right: true}, true
	}
	return arms{}, false
}

// block returns the part of a cell that a block character fills, in parts of its width and height.
func block(text string) (x, y, w, h float64, ok bool) {
	switch text {
	case "█":
		return 0, 0, 1, 1, true
	case "▌":
		return 0, 0, 0.5, 1, true
	case "▐":
		return 0.5, 0, 0.5, 1, true
	case "▀":
		return 0, 0, 1, 0.5, true
	case "▄":
		return 0, 0.5, 1, 0.5, true
	}
	return 0, 0, 0, 0, false
}

// isShape reports whether a character is drawn rather than written.
func isShape(text string) bool {
	_, line := lineArms(text)
	_, _, _, _, filled := block(text)
	return line || filled
}

// shapes draws the lines and blocks of a span.
func (r span) shapes(b *bytes.Buffer, p paper) {
	opacity := ""
	if r.look.faint {
		opacity = ` opacity="0.6"`
	}
	var lines bytes.Buffer
	x, y := r.left(), r.top()
	for _, char := range r.text {
		if a, ok := lineArms(string(char)); ok {
			a.path(&lines, x, y)
		}
		if bx, by, w, h, ok := block(string(char)); ok {
			fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"%s/>`+"\n",
				x+bx*cellW, y+by*cellH, w*cellW, h*cellH, r.look.fg, opacity)
		}
		x += cellW
	}
	if lines.Len() > 0 {
		fmt.Fprintf(b, `<path d="%s" stroke="%s" fill="none"%s/>`+"\n", bytes.TrimSpace(lines.Bytes()), or(r.look.fg, p.fg), opacity)
	}
}

// path appends the lines of one cell; a straight line is one stroke.
func (a arms) path(b *bytes.Buffer, x, y float64) {
	midX, midY := x+cellW/2, y+cellH/2
	if a.left || a.right {
		from, to := midX, midX
		if a.left {
			from = x
		}
		if a.right {
			to = x + cellW
		}
		fmt.Fprintf(b, "M%.1f %.1fH%.1f ", from, midY, to)
	}
	if a.up || a.down {
		from, to := midY, midY
		if a.up {
			from = y
		}
		if a.down {
			to = y + cellH
		}
		fmt.Fprintf(b, "M%.1f %.1fV%.1f ", midX, from, to)
	}
}
