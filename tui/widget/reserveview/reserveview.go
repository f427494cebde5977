// Package reserveview draws the reserves of a claim: whether they cover what it will cost, the sums by exposure, cost type
// and category, and what was approved. It is pure: what is known, a width and a moment in, lines out.
package reserveview

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"claimdeck/action/systems"
	"claimdeck/state/claim"
	"claimdeck/state/reserve"
	"claimdeck/state/side"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/ago"
	"claimdeck/tui/widget/row"
	"claimdeck/tui/widget/sheet"
)

// View is how reserves are drawn.
type View struct {
	Look    *screen.Look
	Now     time.Time                  // in the person's zone
	Arrives time.Time                  // the day on which the payoff is reckoned; zero: today
	Hint    func(action string) string // the key of an action, "" when it has none
}

// Reserves are what is known of the reserves of a claim at this moment.
type Reserves struct {
	Claim      claim.Claim
	Known      systems.View
	Configured bool  // there is an account of ClaimCenter that can be used
	Why        error // why the account cannot be used, though there is one
	Reading    bool  // ClaimCenter is being asked
	Failed     error // what is remembered could not be read from the store
}

// page collects the lines of one view.
type page struct {
	*sheet.Sheet
	view View
}

func (v View) page(w int) *page {
	return &page{view: v, Sheet: &sheet.Sheet{Look: v.Look, Now: v.Now, W: w}}
}

// Compare holds the reserves against settlement and payoff on the day that is chosen.
func (v View) Compare(r Reserves) reserve.Comparison {
	on := v.Arrives
	if on.IsZero() {
		on = v.Now
	}
	return reserve.Compare(r.Known.Book, r.Claim, on, reserve.DefaultRule())
}

// Body is the tab of the reserves, in lines of at most w cells.
func (v View) Body(r Reserves, w int) []string {
	p := v.page(w)
	switch {
	case r.Why != nil:
		p.marked(p.Look.Glyphs.Attention, p.Look.Pens.Warn, sentence(r.Why.Error()))
		return p.Lines
	case !r.Configured:
		p.None("ClaimCenter has no account in this profile; claimdeck login claimcenter adds one.")
		return p.Lines
	}
	p.head(r)
	p.trouble(r)
	if r.Known.Known() {
		p.Gap()
		p.comparison(r)
		p.table(r.Known.Book)
	}
	p.Gap()
	p.None(p.foot(r))
	return p.Lines
}

// head says which claim it is there, how it was found, and how old the figures are.
func (p *page) head(r Reserves) {
	pens := p.Look.Pens
	left, how := "ClaimCenter", "not linked yet"
	if link := r.Known.Link; link.Ref != "" {
		left += " " + link.Ref
		how = "found by the claim number"
		if link.How == side.ByPerson {
			how = "linked by you"
		}
	}
	right, pen := p.age(r)
	b := row.Styled([]byte{' '}, pens.Title, left, min(row.Width(left), p.W-2), p.Tail())
	room := p.W - 2 - min(row.Width(left), p.W-2)
	if need := row.Width(how) + 3; need+row.Width(right)+3 <= room {
		b = row.Styled(append(b, "   "...), pens.Dim, how, row.Width(how), "")
		room -= need
	}
	if gap := room - row.Width(right); right != "" && gap >= 2 {
		b = row.Styled(row.Pad(b, gap), pen, right, row.Width(right), "")
	} else if right != "" {
		p.Add(b)
		b = row.Styled([]byte{' '}, pen, right, p.W-2, p.Tail())
	}
	p.Add(b)
}

// stale is how old the figures may be before their age is a warning.
const stale = 24 * time.Hour

func (p *page) age(r Reserves) (string, row.Pen) {
	pens := p.Look.Pens
	switch {
	case r.Reading && r.Known.Known():
		return "reading again; read " + ago.Words(p.Now.Sub(r.Known.Book.At)), pens.Accent
	case r.Reading:
		return "reading", pens.Accent
	case !r.Known.Known():
		return "never read", pens.Dim
	case p.Now.Sub(r.Known.Book.At) >= stale:
		return p.Look.Glyphs.Attention + " read " + ago.Words(p.Now.Sub(r.Known.Book.At)), pens.Warn
	}
	return "read " + ago.Words(p.Now.Sub(r.Known.Book.At)), pens.Dim
}

// trouble says why the reserves could not be read last time. What was read before stays below it.
func (p *page) trouble(r Reserves) {
	attention, warn := p.Look.Glyphs.Attention, p.Look.Pens.Warn
	if r.Failed != nil {
		p.marked(attention, warn, "What is remembered of the reserves could not be read: "+r.Failed.Error()+".")
	}
	if r.Known.Problem == "" || r.Reading {
		return
	}
	when := ""
	if !r.Known.ProblemAt.IsZero() {
		when = " " + ago.Words(p.Now.Sub(r.Known.ProblemAt))
	}
	lead := "Not read" + when + ": "
	if r.Known.Known() {
		lead = "Not read again" + when + ": "
	}
	p.marked(attention, warn, lead+strings.TrimRight(r.Known.Problem, ". ")+".")
}

// comparison is what matters to a specialist: is enough set aside?
func (p *page) comparison(r Reserves) {
	c := p.view.Compare(r)
	if r.Claim.Payoff.Amount != nil {
		p.arrival(c.On)
	}
	for _, f := range c.Findings {
		mark, pen := p.Look.Glyphs.Good, p.Look.Pens.Good
		switch f.Level {
		case reserve.Warn:
			mark, pen = p.Look.Glyphs.Attention, p.Look.Pens.Warn
		case reserve.Note:
			mark, pen = p.Look.Glyphs.Dot, p.Look.Pens.Dim
		default:
		}
		p.marked(mark, pen, f.Text)
	}
}

// arrival is the day on which the payoff is reckoned, with the keys that move it.
func (p *page) arrival(day time.Time) {
	lead, when := "If the check arrives", day.Format("Mon Jan 2")
	if day.Year() != p.Now.Year() {
		when = day.Format("Mon Jan 2, 2006")
	}
	if !claim.BusinessDay(day) {
		when += ", no business day"
	}
	b := row.Styled([]byte{' '}, p.Look.Pens.Dim, lead, row.Width(lead), "")
	b = row.Styled(append(b, "   "...), p.Look.Pens.Title, when, row.Width(when), "")
	keys := join("  ", p.offer("claim.earlier", "earlier"), p.offer("claim.later", "later"))
	if row.Width(lead)+row.Width(when)+row.Width(keys)+8 <= p.W && keys != "" {
		b = row.Styled(append(b, "   "...), p.Look.Pens.Dim, keys, row.Width(keys), "")
	}
	p.Add(b)
}

// marked is wrapped text behind a mark.
func (p *page) marked(mark string, pen row.Pen, words string) {
	for i, line := range row.Wrap(words, max(1, p.W-4)) {
		b := []byte("   ")
		if i == 0 {
			b = append(row.Styled([]byte{' '}, pen, mark, 1, ""), ' ')
		}
		p.Add(row.Fit(b, line, min(row.Width(line), p.W-4), p.Tail()))
	}
}

// foot is what can be done here.
func (p *page) foot(r Reserves) string {
	items, again, link := "", "", ""
	switch {
	case r.Known.Known():
		items, again = p.offer("claim.detail", "shows all line items"), p.offer("claim.refresh", "reads again")
	case r.Reading:
	case r.Known.Problem != "":
		again = p.offer("claim.refresh", "tries again")
	default:
		again = p.offer("claim.refresh", "reads them")
	}
	link = p.offer("reserve.link", "links the claim by its ClaimCenter id")
	if r.Known.Link.Ref != "" {
		link = p.offer("reserve.link", "links another id")
	}
	all := join(", ", items, again, link)
	if !r.Known.Known() && r.Known.Link.Ref == "" && r.Known.Problem != "" { // the next step first
		all = join(", ", link, again)
	}
	if all == "" {
		return ""
	}
	return all + "."
}

func (p *page) offer(action, does string) string {
	if p.view.Hint == nil || p.view.Hint(action) == "" {
		return ""
	}
	return p.view.Hint(action) + " " + does
}

func join(sep string, parts ...string) string {
	kept := parts[:0:0]
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, sep)
}

// sentence starts with a capital and ends with a full stop.
func sentence(s string) string {
	s = strings.TrimRight(s, ". ")
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// currencyName is a currency where it stands in a heading.
func currencyName(code string) string { return cmp.Or(code, "currency not told") }
