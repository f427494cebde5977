//go:build !claimdecktest

package cli

import tea "charm.land/bubbletea/v2"

// hook is where tests break the console on purpose; see hook_broken.go.
func (p *Program) hook(m tea.Model) tea.Model { return m }
