//go:build claimdecktest

package cli

import tea "charm.land/bubbletea/v2"

// hook makes ctrl+p panic, in Update or in a command as CLAIMDECK_TEST_PANIC says, so that tests see the terminal
// restored.
func (p *Program) hook(m tea.Model) tea.Model {
	where, ok := p.Env("CLAIMDECK_TEST_PANIC")
	if !ok {
		return m
	}
	return broken{m, where}
}

type broken struct {
	tea.Model
	where string
}

func (b broken) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok && key.String() == "ctrl+p" {
		if b.where == "update" {
			panic("test: Update")
		}
		return b, func() tea.Msg { panic("test: command") }
	}
	m, cmd := b.Model.Update(msg)
	b.Model = m
	return b, cmd
}
