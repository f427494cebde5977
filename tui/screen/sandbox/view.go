package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"claimdeck/action/scenario"
	"claimdeck/keymap"
	"claimdeck/state/activity"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/row"
)

// label is the run's number as text.
func (r *run) label() string { return strconv.Itoa(r.number) }

// title says what was fired: "trigger call", "test VIN payoff", "scenario orders".
func (r *run) title() string {
	switch r.item.group {
	case testVINs:
		return "test VIN " + r.item.name
	case triggers:
		return "trigger " + r.item.name
	default:
		return "scenario " + r.item.name
	}
}

// why is what went wrong, without the words of the step that a single effect does not need.
func (r *run) why() string {
	if r.item.group == scenarios {
		return r.result.Words
	}
	for _, st := range r.steps {
		if st.Status != scenario.Passed {
			return st.Words
		}
	}
	return r.result.Words
}

// arrived is the activity that came last, and after what time.
func (r *run) arrived() (*activity.Activity, time.Duration) {
	for _, st := range slices.Backward(r.steps) {
		if st.Activity != nil {
			return st.Activity, st.After
		}
	}
	return nil, 0
}

// View draws the menu, and what was fired where there is room.
func (s *Screen) View(w, h int) string {
	return s.env.Theme.Body(w, h, s.env.Layout, s.rows, s.pane)
}

func (s *Screen) rows(w, h int) []string {
	l := s.env.Theme
	what, state := "nothing fired yet", ""
	if n := s.underWay(); n > 0 {
		state = fmt.Sprintf("%d under way", n)
	}
	if len(s.log) > 0 {
		what = fmt.Sprintf("%s fired", screen.Count(s.number))
	}
	if s.on.ClaimID != "" {
		what += " " + l.Glyphs.Dot + " triggers act on " + s.on.Number
	}
	lines := append(make([]string, 0, h), l.ListTitle(w, "Sandbox", what, -1, state, l.Pens.Accent))
	if why := s.refusal(); why != "" {
		return append(lines, l.Words(w, sentence(why)+".")...)
	}
	under := 0
	if screen.SplitBody(w, h, s.env.Layout).PaneW == 0 && w < screen.WideWidth {
		under = min(9, h*2/5)
	}
	s.menu.SetHeight(h - 1 - under)
	var b []byte
	s.menu.Lines(func(i item, selected bool) {
		b = s.row(b[:0], i, selected, w)
		lines = append(lines, string(b))
	}, func(head string) {
		b = row.Styled(append(b[:0], "  "...), l.Pens.Dim, head, w-2, l.Glyphs.Ellipsis)
		lines = append(lines, string(b))
	})
	if under < 2 {
		return lines
	}
	for len(lines) < h-under {
		lines = append(lines, "")
	}
	lines = append(lines, string(row.Styled(nil, l.Pens.Faint, strings.Repeat(l.Glyphs.Horizontal, w), w, "")))
	return append(lines, s.pane(w, under-1)...)
}

func (s *Screen) underWay() int {
	n := 0
	for _, r := range s.log {
		if !r.done {
			n++
		}
	}
	return n
}

// row is one line of the menu: its key, what it does, and how it ended last.
func (s *Screen) row(b []byte, i item, selected bool, w int) []byte {
	l := s.env.Theme
	tail := l.Glyphs.Ellipsis
	state, pen := s.stateOf(i)
	b = append(l.Marker(b, selected), ' ', ' ')
	b = append(row.Styled(b, l.Pens.Key, s.env.Keys.Hint(keymap.ID(i.id)), 2, ""), ' ')
	b = append(row.Fit(b, i.name, 14, tail), ' ')
	room := w - 3 - 3 - 15 - row.Width(state) - 2
	if code := codeWidth(i.group, w); code > 0 {
		b = append(row.Styled(b, l.Pens.Dim, i.code, code, tail), ' ')
		room -= code + 1
	}
	if room > 12 {
		b = row.Fit(b, i.about, room, tail)
	} else {
		b = row.Pad(b, room)
	}
	return append(row.Styled(append(b, ' '), pen, state, row.Width(state), ""), ' ')
}

// codeFrom is the width from which a VIN leaves room for what it does.
const codeFrom = 76

// codeWidth is how many cells the VIN, the activity type or the number of steps gets; 0: there is no room.
func codeWidth(g group, w int) int {
	switch {
	case g == scenarios:
		return 8
	case w >= screen.WideWidth:
		return 26
	case g == testVINs && w >= codeFrom:
		return 17
	}
	return 0
}

// stateOf says how a line of the menu ended when it was fired last.
func (s *Screen) stateOf(i item) (string, row.Pen) {
	l := s.env.Theme
	r := s.latest(i.id)
	if r == nil {
		return "", row.Pen{}
	}
	if !r.done {
		if i.group == scenarios {
			return fmt.Sprintf("step %d of %d", len(r.steps)+1, len(i.sc.Steps)), l.Pens.Accent
		}
		return "waiting", l.Pens.Accent
	}
	switch r.result.Status {
	case scenario.Passed:
		took := r.result.Took
		if _, after := r.arrived(); i.group != scenarios {
			took = after
		}
		return l.Glyphs.Good + " " + scenario.Seconds(took), l.Pens.Good
	case scenario.Skipped:
		return "skipped", l.Pens.Warn
	default:
		return l.Glyphs.Attention + " failed", l.Pens.Bad
	}
}

// pane tells what the selected line does, and what was fired.
func (s *Screen) pane(w, h int) []string {
	l := s.env.Theme
	if s.refusal() != "" {
		return nil
	}
	i, ok := s.menu.Selected()
	if !ok {
		return nil
	}
	var lines []string
	if h > 8 || len(s.log) == 0 || i.group == scenarios {
		lines = s.about(i, w, h)
		if len(s.log) > 0 && len(lines) < h {
			lines = append(lines, "")
		}
	}
	for _, r := range s.log {
		if len(lines) >= h {
			break
		}
		lines = append(lines, s.fired(r, w)...)
	}
	if len(s.log) == 0 && h > len(lines)+1 {
		key := s.env.Keys.Hint
		lines = append(lines, l.Words(w, fmt.Sprintf("Nothing was fired yet. %s fires the selected line, and each line has its own key. "+
			"What is fired appears here, with the activity it brings and the time it took.", key(keymap.SandboxFire)))...)
	}
	return lines
}

// about tells what a line of the menu does; of a scenario its steps, as they went when it ran last.
func (s *Screen) about(i item, w, h int) []string {
	l := s.env.Theme
	b := row.Styled([]byte{' '}, l.Pens.Title, i.name, row.Width(i.name), "")
	b = row.Styled(append(b, ' ', ' '), l.Pens.Dim, i.code, max(0, w-row.Width(i.name)-4), l.Glyphs.Ellipsis)
	lines := []string{string(b)}
	for _, line := range row.Wrap(i.about, max(10, w-3)) {
		lines = append(lines, string(row.Styled([]byte{' '}, l.Pens.Dim, line, w-2, "")))
	}
	if i.group == scenarios {
		return append(lines, s.steps(i, w, h-len(lines)-4)...)
	}
	wait := i.sc.Steps[len(i.sc.Steps)-1]
	words := fmt.Sprintf("Expects: %s, within %s", activity.Label(activity.Type(wait.What)), scenario.Seconds(s.env.Studio.Within()))
	return append(lines, string(row.Styled([]byte{' '}, row.Pen{}, words, w-2, l.Glyphs.Ellipsis)))
}

// steps are the steps of a scenario, at most n lines of them, with the one under way in sight.
func (s *Screen) steps(i item, w, n int) []string {
	l := s.env.Theme
	r := s.latest(i.id)
	done := 0
	if r != nil {
		done = len(r.steps)
		for k, st := range r.steps {
			if st.Status == scenario.Failed {
				done = k
				break
			}
		}
	}
	from := max(0, min(done-n/2, len(i.sc.Steps)-n))
	var lines []string
	for k := from; k < len(i.sc.Steps) && len(lines) < max(1, n); k++ {
		lines = append(lines, s.stepLine(r, i.sc.Steps[k], k, w))
	}
	if rest := len(i.sc.Steps) - from - len(lines); rest > 0 && len(lines) > 0 {
		lines[len(lines)-1] = l.Note(w, fmt.Sprintf("   %s %d more steps", l.Glyphs.Ellipsis, rest+1))
	}
	return lines
}

func (s *Screen) stepLine(r *run, st scenario.Step, k, w int) string {
	l := s.env.Theme
	mark, pen, words, right := l.Glyphs.Quiet, l.Pens.Dim, st.Title(), ""
	switch {
	case r == nil || k > len(r.steps) || k == len(r.steps) && r.done:
	case k == len(r.steps):
		mark, pen, right = l.Glyphs.Arrow, l.Pens.Accent, "under way"
	default:
		res := r.steps[k]
		right = scenario.Seconds(res.Took)
		switch res.Status {
		case scenario.Passed:
			mark, pen = l.Glyphs.Good, l.Pens.Good
		case scenario.Failed:
			mark, pen, words = l.Glyphs.Attention, l.Pens.Bad, words+": "+res.Words
		case scenario.Skipped:
			right = "skipped"
		}
	}
	b := row.Styled([]byte("  "), pen, mark, 1, "")
	b = append(b, ' ')
	b = row.Fit(b, words, w-4-row.Width(right)-2, l.Glyphs.Ellipsis)
	return string(row.Styled(append(b, ' '), l.Pens.Dim, right, row.Width(right), ""))
}

// fired are the two lines of the log about a run.
func (s *Screen) fired(r *run, w int) []string {
	l := s.env.Theme
	b := row.Styled([]byte{' '}, l.Pens.Dim, r.began.Format("15:04:05"), 8, "")
	b = append(b, ' ', ' ')
	head := sentence(r.title())
	if r.on.Number != "" {
		head += " on " + r.on.Number
	}
	lines := []string{string(row.Fit(b, head, w-12, l.Glyphs.Ellipsis))}
	mark, pen, words, right := s.outcome(r)
	b = row.Styled([]byte("           "), pen, mark, 1, "")
	b = append(b, ' ')
	b = row.Fit(b, words, w-13-row.Width(right)-2, l.Glyphs.Ellipsis)
	return append(lines, string(row.Styled(append(b, ' '), l.Pens.Dim, right, row.Width(right), "")))
}

// outcome says how far a run has come, or how it ended.
func (s *Screen) outcome(r *run) (mark string, pen row.Pen, words, right string) {
	l := s.env.Theme
	if !r.done {
		st := r.item.sc.Steps[min(len(r.steps), len(r.item.sc.Steps)-1)]
		return l.Glyphs.Arrow, l.Pens.Accent, doing(r.item.group, st), "under way"
	}
	switch r.result.Status {
	case scenario.Passed:
		if r.item.group == scenarios {
			return l.Glyphs.Good, l.Pens.Good, fmt.Sprintf("passed, %d steps, %s created", len(r.steps), claims(len(r.result.Created))), "in " + scenario.Seconds(r.result.Took)
		}
		a, after := r.arrived()
		if a == nil {
			return l.Glyphs.Good, l.Pens.Good, "done", ""
		}
		return l.Glyphs.Good, l.Pens.Good, a.Summary(), "after " + scenario.Seconds(after)
	case scenario.Skipped:
		return l.Glyphs.Quiet, l.Pens.Warn, "skipped: " + r.result.Words, ""
	default:
		return l.Glyphs.Attention, l.Pens.Bad, r.why(), ""
	}
}

// doing tells the step under way: of a scenario as it stands there, of a single effect as one sees it who pressed one key.
func doing(g group, st scenario.Step) string {
	switch {
	case g == scenarios:
	case st.Kind == scenario.Wait:
		return "waiting for: " + activity.Label(activity.Type(st.What))
	case st.Kind == scenario.Create:
		return "creating the claim"
	case st.Kind == scenario.Trigger:
		return "firing the trigger"
	}
	return st.Title()
}

func claims(n int) string {
	if n == 1 {
		return "1 claim"
	}
	return fmt.Sprintf("%d claims", n)
}
