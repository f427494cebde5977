package sandbox

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/scenario"
	"claimdeck/tui/screen"
)

// run is one thing that was fired.
type run struct {
	number  int
	item    item
	on      scenario.Created
	began   time.Time
	run     *scenario.Run
	steps   []scenario.StepResult
	result  scenario.Result
	done    bool
	stopped context.Context //nolint:containedctx // the person may end the run while a step of it is waiting
	stop    context.CancelFunc
}

// stepped is the end of one step of a run.
type stepped struct {
	number int
	step   scenario.StepResult
	last   bool
	result scenario.Result // with the last step
}

// step takes the next step of r in the background.
func (s *Screen) step(r *run) tea.Cmd {
	began, stopped, number := r.run, r.stopped, r.number
	return screen.Start(s.env.Tasks, screen.Sandbox, taskRun+r.label(), func(ctx context.Context) (stepped, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(stopped, cancel)()
		step, _ := began.Next(ctx)
		out := stepped{number: number, step: step}
		_, more := began.Current()
		if out.last = !more || ctx.Err() != nil; out.last {
			out.result = began.Result()
			began.Close()
		}
		return out, nil
	})
}

// stepped notes a step and takes the next.
func (s *Screen) stepped(st stepped, err error) (tea.Cmd, screen.Request) {
	r := s.byNumber(st.number)
	if r == nil {
		return nil, nil
	}
	if r.stopped.Err() != nil && st.step.Status == scenario.Failed {
		st.step.Words, st.result.Words = errStopped.Error(), errStopped.Error()
	}
	r.steps = append(r.steps, st.step)
	if c := st.step.Claim; c.ClaimID != "" {
		r.on = c
		if r.item.group == testVINs {
			s.on = c
		}
	}
	if !st.last && err == nil {
		return s.step(r), nil
	}
	r.done, r.result = true, st.result
	r.stop()
	s.env.Feed.Poke()
	return nil, s.told(r)
}

// told says how a run ended, for a person who looks elsewhere by now.
func (s *Screen) told(r *run) screen.Request {
	switch r.result.Status {
	case scenario.Failed:
		return screen.Toast{Tone: screen.Bad, Text: sentence(r.title()) + ": " + r.why()}
	case scenario.Skipped:
		return screen.Toast{Tone: screen.Warn, Text: sentence(r.title()) + ": " + r.result.Words}
	default:
		return nil
	}
}
