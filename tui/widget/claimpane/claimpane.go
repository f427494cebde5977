// Package claimpane shows the claim of a list's selected row. It follows the selection once that has rested for a
// moment, so that moving fast stays cheap.
package claimpane

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/systems"
	"claimdeck/keymap"
	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/claimview"
	"claimdeck/tui/widget/row"
)

// rest is how long the selection must stay before its claim is read.
const rest = 120 * time.Millisecond

const (
	tickRest = "pane rest"
	taskLoad = "pane load"
)

// Pane is the claim beside or below a list.
type Pane struct {
	env    *screen.Env
	owner  screen.ID
	wanted screen.Subject
	gen    uint64
	claim  claim.Claim
	kase   *systems.Case // at Scalepoint; nil: none is remembered
	shown  bool          // claim is of wanted
	failed error
}

// loaded is one claim read from the store.
type loaded struct {
	claim claim.Claim
	kase  *systems.Case
}

// New returns an empty pane for the list of owner.
func New(env *screen.Env, owner screen.ID) *Pane { return &Pane{env: env, owner: owner} }

// Rest tells the pane what is selected now; it reads the claim when the selection stays.
func (p *Pane) Rest(on screen.Subject) tea.Cmd {
	if on == p.wanted {
		return nil
	}
	p.wanted, p.shown = on, false
	p.gen++
	t := screen.Tick{To: p.owner, Name: tickRest, Gen: p.gen}
	return tea.Tick(rest, func(time.Time) tea.Msg { return t })
}

// Reload reads the claim again, because the store changed.
func (p *Pane) Reload(on screen.Subject) tea.Cmd {
	if on != p.wanted {
		return p.Rest(on)
	}
	return p.load()
}

// Update takes the pane's tick and its claim.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Tick:
		if msg.Name == tickRest && msg.Gen == p.gen {
			return p.load()
		}
	case screen.Result[loaded]:
		if errors.Is(msg.Err, context.Canceled) {
			return nil
		}
		p.failed = msg.Err
		if msg.Err == nil && msg.Value.claim.ID == p.wanted.ClaimID {
			p.claim, p.kase, p.shown = msg.Value.claim, msg.Value.kase, true
		}
	}
	return nil
}

// Claim returns the claim that is selected, once it is read.
func (p *Pane) Claim() (claim.Claim, bool) { return p.claim, p.shown }

// Offers are the actions on the claim on screen. While the selection moves they stay those of the claim before, so
// that the footer does not flicker.
func (p *Pane) Offers() []keymap.Offer {
	if p.claim.ID == "" {
		return nil
	}
	return screen.ClaimOffers(p.env, p.claim)
}

// View draws the pane's lines, exactly h of them, each at most w cells.
func (p *Pane) View(w, h int) []string {
	var lines []string
	switch {
	case p.wanted.ClaimID == "":
	case p.claim.ID == "" && p.failed != nil:
		for _, line := range row.Wrap("This claim could not be read: "+p.failed.Error(), w-2) {
			lines = append(lines, " "+line)
		}
	case p.claim.ID == "":
	default:
		lines = p.draw(w)
	}
	if len(lines) > h {
		lines = lines[:h]
	}
	for len(lines) < h {
		lines = append(lines, "")
	}
	return lines
}

func (p *Pane) draw(w int) []string {
	v := View(p.env)
	v.Case = p.kase
	lines := v.Strip(p.claim, w)
	lines = append(lines, "")
	return append(lines, v.Body(claimview.Overview, p.claim, w)...)
}

// View is how claims are drawn in env.
func View(env *screen.Env) claimview.View {
	return claimview.View{Look: env.Theme, Now: env.At, Revealed: env.Revealed, Hint: func(id string) string {
		return strings.TrimSpace(env.Keys.Hint(keymap.ID(id)))
	}}
}

func (p *Pane) load() tea.Cmd {
	id := p.wanted.ClaimID
	if id == "" {
		return nil
	}
	return screen.Start(p.env.Tasks, p.owner, taskLoad, func(ctx context.Context) (loaded, error) {
		c, err := p.env.Actions.Load(ctx, id)
		return loaded{c, screen.CaseOf(ctx, p.env, id)}, err
	})
}
