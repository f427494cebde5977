package claimview

import (
	"strings"

	"claimdeck/action/systems"
	"claimdeck/tui/widget/row"
)

// standing is how the case of a claim stands at Scalepoint: at the right end of the line before where there is room for
// it, or on a line of its own.
func (p *page) standing(k systems.Case, join bool) {
	mark, pen := p.Look.Glyphs.Attention, p.Look.Pens.Warn
	if k.Done {
		mark, pen = p.Look.Glyphs.Good, p.Look.Pens.Good
	}
	words := "Scalepoint: " + k.Text(p.Now)
	need := row.Width(words) + 2
	b := []byte{' '}
	if last := len(p.Lines) - 1; join {
		line := strings.TrimRight(p.Lines[last], " ")
		if gap := p.W - 1 - row.Width(line) - need; gap >= 3 {
			b, p.Lines = row.Pad([]byte(line), gap), p.Lines[:last]
		}
	}
	b = append(row.Styled(b, pen, mark, 1, ""), ' ')
	p.Add(row.Styled(b, p.Look.Pens.Dim, words, min(row.Width(words), p.W-4), p.Tail()))
}

// reserves is the tab of the reserves, which somebody else draws.
func (p *page) reserves() {
	if p.view.Reserves == nil {
		p.None("The reserves of this claim at ClaimCenter are not known here.")
		return
	}
	p.Lines = p.view.Reserves(p.W)
}
