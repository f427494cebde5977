package tui_test

import (
	"strings"
	"testing"
	"time"

	"claimdeck/keymap"
)

// rebound is a setup with a person's own keys.
func rebound(t *testing.T, lines string) setup {
	t.Helper()
	m, problems := keymap.Load([]byte(lines), "keys.toml")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return setup{keys: m}
}

// lines are bindings of one key each.
func lines(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		b.WriteString("[[binding]]\naction = \"" + pairs[i] + "\"\nkeys = [\"" + pairs[i+1] + "\"]\n")
	}
	return b.String()
}

// What is bound anew for forms holds in the forms of actions, and they say so.
func TestFormsObeyTheKeyMap(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, rebound(t, lines(
			"form.submit", "ctrl+s", "form.cancel", "f10", "form.preview", "f6", "form.section.next", "f7", "form.editor", "f9",
			"form.newline", "enter",
		)), 120, 40)
		d.keys("N")
		d.shows("1 of 7", "f7 next section", "ctrl+s next", "f10 cancel")
		d.keys("f7")
		d.shows("2 of 7")
		d.keys("pgdown")
		d.shows("2 of 7")
		d.keys("f10")
		d.hides("2 of 7")
		d.keys("m")
		d.typed("one")
		d.keys("enter")
		d.typed("two")
		d.keys("f6")
		d.shows(`"message": "one\ntwo"`, "ctrl+s send", "f10 back to the form")
		d.keys("ctrl+s")
		d.pass(time.Second)
		if e := d.entries(); len(e) != 1 || !strings.Contains(string(e[0].Input), `one\ntwo`) {
			t.Errorf("the outbox holds %+v\n%s", e, d.screen())
		}
		// The small questions are forms too.
		d.choose(d.withCounter())
		d.keys("c")
		d.shows("Answer the counter", "ctrl+s choose")
		d.keys("enter")
		d.shows("Answer the counter")
		d.keys("ctrl+s")
		d.shows("Dispute the counter")
	})
}

// The filter, the commands and the help obey the keys of prompts.
func TestPromptsObeyTheKeyMap(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, rebound(t, lines(
			"prompt.accept", "f5", "prompt.cancel", "f10", "prompt.next", "f7", "prompt.prev", "f8",
		)), 120, 40)
		filtering := func() bool { return strings.HasPrefix(d.screen().Row(d.h-1), " / ") }
		for _, old := range []string{":", "?"} {
			d.keys(old)
			d.typed("poll now")
			d.keys("enter", "down", "tab")
			d.shows("poll now", "f10 close")
			d.keys("f5")
			d.says("Asking LossExpress")
			d.pass(20 * time.Second)
			d.keys(old)
			before := d.screen().String()
			d.keys("f7")
			if d.screen().String() == before {
				t.Errorf("in %s the next entry is not selected", old)
			}
			d.keys("f8")
			if d.screen().String() != before {
				t.Errorf("in %s the entry before is not selected", old)
			}
			d.keys("f10")
			if got := d.on(); got != "Activity" {
				t.Errorf("%s does not close: on %s", old, got)
			}
		}
		d.keys("/")
		d.typed("payoff")
		first := d.marked()
		d.keys("enter", "down")
		if d.marked() != first || !filtering() {
			t.Errorf("the keys of before still act: %q", d.marked())
		}
		d.keys("f7")
		if d.marked() == first {
			t.Error("the next row is not selected")
		}
		d.keys("f8", "f5")
		if d.marked() != first || filtering() {
			t.Errorf("the filter is not taken: %q", d.marked())
		}
		d.shows("payoff · ")
		d.keys("/")
		d.typed("zzz")
		d.keys("f10")
		d.shows("payoff · ")
	})
}

// What quits everywhere quits where text is typed too, and nothing else does.
func TestQuittingWhereTextIsTyped(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, rebound(t, "[[binding]]\naction = \"app.quit\"\nkeys = [\"q\", \"f12\"]\n"), 120, 40)
		for _, open := range []string{"m", "/", ":"} {
			d.quit = false
			d.keys(open)
			d.keys("q", "ctrl+c")
			if d.quit {
				t.Errorf("in %s a letter quits", open)
			}
			if d.keys("f12"); !d.quit {
				t.Errorf("in %s nothing quits", open)
			}
			d.keys("esc", "esc")
		}
	})
}

// Details and raw JSON scroll, turn and close with the keys of lists and of activities.
func TestViewersObeyTheKeyMap(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, rebound(t, lines("activity.json", "Z", "activity.detail", "I", "list.down", "n", "list.up", "t")), 80, 24)
		on := d.withCounter()
		d.keys("/")
		d.typed("type:claim-created " + on.Number)
		d.keys("enter")
		d.pass(time.Second)
		d.keys("I")
		d.shows("As it was created", "Z raw JSON", "n t scroll", "1-")
		d.keys("n")
		d.shows("2-")
		d.keys("t", "Z")
		d.shows(`"type": "claim-created"`)
		d.keys("Z")
		d.shows("As it was created")
		d.keys("I")
		d.hides("As it was created")
		d.keys("Z")
		d.shows(`"type": "claim-created"`)
		d.keys("Z")
		d.hides(`"type": "claim-created"`)
	})
}
