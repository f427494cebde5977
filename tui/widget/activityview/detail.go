package activityview

import (
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
