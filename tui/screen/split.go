package screen

// The widths at which a claim is shown with the list, and at which it moves from below to beside the list.
//
// Below, a list that scrolls by one row costs one line on the wire, because terminals scroll whole lines only;
// beside, every line of the list is sent again. So it stands beside only where there is room to spare.
const (
	WideWidth  = 100
	sideWidth  = 160
	tallEnough = 24 // lines of body that a list and a claim below it need
)

// Split is how a body is shared by a list and the claim of its selected row.
type Split struct {
	ListW, ListH int
	PaneW, PaneH int  // 0: no room, the list has everything
	Side         bool // the claim is beside the list, not below
}

// SplitBody shares a body of w by h cells. One column or line between the two is left for the rule.
func SplitBody(w, h int, l Layout) Split {
	side := l == Beside || (l == Auto && w >= sideWidth)
	switch {
	case w < WideWidth:
		return Split{ListW: w, ListH: h}
	case side:
		pane := w * 46 / 100
		return Split{ListW: w - pane - 1, ListH: h, PaneW: pane, PaneH: h, Side: true}
	case h < tallEnough:
		return Split{ListW: w, ListH: h}
	}
	pane := min(h*52/100, 22)
	return Split{ListW: w, ListH: h - pane - 1, PaneW: w, PaneH: pane}
}
