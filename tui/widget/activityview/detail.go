package activityview

import (
	"context"
	"errors"

	"claimdeck/state/activity"
	"claimdeck/tui/screen"
)

// In is how activities are drawn in env, as it is at this moment.
func In(env *screen.Env) View {
	return View{Look: env.Theme, Now: env.At, Revealed: env.Revealed}
}

// Detail opens a over the screen. It follows the theme, the time, and what is revealed.
func Detail(env *screen.Env, a activity.Activity) screen.Detail {
	return screen.Detail{
		Title: screen.TitleOf(a), Raw: screen.RawOf(a),
		Lines: func(w int) []string { return In(env).Lines(a, w) },
	}
}

// Read is what the frame is asked for once an activity was read: its raw JSON or its detail over the screen, or the words of
// what went wrong. Nothing, when the read was given up.
func Read(env *screen.Env, msg screen.Result[activity.Activity], raw bool) screen.Request {
	switch {
	case errors.Is(msg.Err, context.Canceled):
		return nil
	case msg.Err != nil:
		return screen.Toast{Tone: screen.Bad, Text: "This activity could not be read: " + msg.Err.Error()}
	case raw:
		return screen.Show{Title: screen.TitleOf(msg.Value), Text: screen.RawOf(msg.Value)}
	}
	return Detail(env, msg.Value)
}
