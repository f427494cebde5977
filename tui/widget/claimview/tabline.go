package claimview

import (
	"strings"

	"claimdeck/state/claim"
	"claimdeck/tui/widget/row"
)

// Tabs is the line of tabs with one of them active. Narrow lines stand closer, say Docs, share the cell between two tabs
// and leave the numbers out, in this order; where even that is too much, signs stand for the tabs farthest from the
// active one.
func (v View) Tabs(active Tab, c claim.Claim, w int) string {
	t := v.tabLine(c, w)
	first, last := 0, Count-1
	for first < last && t.width(first, last) > w-1 {
		if int(active)-first > last-int(active) {
			first++
		} else {
			last--
		}
	}
	sign := func(b []byte) []byte { return row.Styled(b, v.Look.Pens.Dim, v.Look.Glyphs.Ellipsis, 1, "") }
	b := []byte{' '}
	if first > 0 {
		b = sign(b)
	}
	for i := first; i <= last; i++ {
		pen, open, end := v.Look.Pens.Dim, " ", " "
		if Tab(i) == active {
			pen, open, end = v.Look.Pens.Key, "[", "]"
		}
		if t.shared && Tab(i) != active { // the active one brings the cells on both sides
			end = ""
			if i > first && Tab(i-1) == active {
				open = ""
			}
		}
		b = append(b, pen.Open...)
		b = append(b, open+t.names[i]+end...)
		b = append(b, pen.Close...)
		b = row.Pad(b, t.gap)
	}
	if last < Count-1 {
		b = sign(b)
	}
	return row.Cut(string(b), w, v.Look.Glyphs.Ellipsis)
}

// tabLine is the widest way to write all tabs that w cells hold, or the narrowest there is.
func (v View) tabLine(c claim.Claim, w int) tabLine {
	t := tabLine{gap: 1}
	for i := range Count {
		t.names = append(t.names, v.label(Tab(i), c))
	}
	fits := func() bool { return t.width(0, Count-1) <= w-1 }
	if fits() {
		return t
	}
	t.gap, t.names[Documents] = 0, "Docs"+strings.TrimPrefix(t.names[Documents], Documents.Name())
	if fits() {
		return t
	}
	if t.shared = true; fits() {
		return t
	}
	for i := range Count {
		if Tab(i) != Reserves { // its mark is no number
			t.names[i] = Tab(i).Name()
		}
	}
	t.names[Documents] = "Docs"
	return t
}

// tabLine is a way to write the tabs.
type tabLine struct {
	names  []string
	gap    int  // cells between two tabs, besides those at their sides
	shared bool // neighbours share the cell between them
}

// width is how many cells the tabs from first to last take, with a sign for those that are left out on each side.
func (t tabLine) width(first, last int) int {
	n := min(1, first) + min(1, Count-1-last) + 1
	for _, name := range t.names[first : last+1] {
		n += row.Width(name) + 2 + t.gap
		if t.shared {
			n--
		}
	}
	return n
}
