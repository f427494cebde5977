package tui_test

import ("testing";"time")

func TestSmoke(t *testing.T) {
	bubble(t, func(t *testing.T) {
		at := time.Now()
		d := sit(t, setup{}, 120, 40)
		t.Log(time.Since(at))
		t.Log("\n" + d.screen().String())
		d.keys("j", "enter")
		d.pass(time.Second)
		t.Log("\n" + d.screen().String())
	})
}
