package filings

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"claimdeck/state/filing"
	"claimdeck/tui/screen"
)

// Update takes the results of tasks, and ticks.
func (s *Screen) Update(msg tea.Msg) (tea.Cmd, screen.Request) {
	switch msg := msg.(type) {
	case screen.Tick:
		return s.tick(msg), nil
	case screen.Result[opened]:
		return s.tookRead(msg)
	case screen.Result[metered[int]]:
		if msg.Err != nil || s.reading == nil || !msg.Value.more {
			return nil, nil
		}
		s.reading.rows = msg.Value.value
		return later(tickRead), nil
	case screen.Result[changed]:
		return s.tookChanged(msg), nil
	case screen.Result[looked]:
		s.tookLook(msg)
	case screen.Result[matched]:
		return s.tookMatch(msg), nil
	default:
		return s.worked(msg)
	}
	return nil, nil
}

// worked takes the results of what changes something.
func (s *Screen) worked(msg tea.Msg) (tea.Cmd, screen.Request) {
	switch msg := msg.(type) {
	case screen.Result[metered[filing.Progress]]:
		return s.tookProgress(msg), nil
	case screen.Result[standing]:
		s.tookStanding(msg)
	case screen.Result[ended]:
		return s.tookEnd(msg)
	case screen.Result[fixing]:
		return s.tookFixing(msg)
	case screen.Result[saved]:
		return s.tookSaved(msg)
	case screen.Result[beginning]:
		return s.tookBeginning(msg)
	case screen.Result[added]:
		return s.tookAdded(msg)
	case screen.Result[exported]:
		return s.tookExport(msg)
	}
	return nil, nil
}

func (s *Screen) tick(t screen.Tick) tea.Cmd {
	switch t.Name {
	case tickRest:
		if t.Gen == s.gen {
			return s.look()
		}
	case tickMeter:
		if s.run != nil {
			return listen(s.env, taskRunning, s.run.meter)
		}
	case tickRead:
		if s.reading != nil {
			return listen(s.env, taskReading, s.reading.meter)
		}
	}
	return nil
}

// exported is where the failures were written.
type exported struct {
	path string
	rows int
}

// export writes what needs a person to a file.
func (s *Screen) export() tea.Cmd {
	desk, book := s.env.Filings, s.book
	return screen.Start(s.env.Tasks, screen.Filings, taskExport, func(ctx context.Context) (exported, error) {
		path, rows, err := desk.Export(ctx, book)
		return exported{path, rows}, err
	})
}

func (s *Screen) tookExport(msg screen.Result[exported]) (tea.Cmd, screen.Request) {
	switch {
	case errors.Is(msg.Err, context.Canceled):
		return nil, nil
	case msg.Err != nil:
		return nil, screen.Toast{Tone: screen.Bad, Text: "Not written: " + msg.Err.Error()}
	case msg.Value.rows == 0:
		return nil, screen.Toast{Text: "Nothing was written: no row failed"}
	}
	return nil, screen.Toast{Tone: screen.Good, Text: plural(msg.Value.rows, "row") + " written to " + msg.Value.path}
}
