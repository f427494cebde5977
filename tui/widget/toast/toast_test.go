package toast

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/tui/theme"
)

func dark() theme.Theme { return theme.New(theme.Options{Dark: true}) }

func shown(s *Stack) string { return strings.TrimSpace(ansi.Strip(s.View(60, dark()))) }

func TestLatestFirstAndExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s Stack
		began := time.Now()
		first := s.Push(Toast{Kind: Good, Text: "Order accepted"})
		second := s.Push(Toast{Kind: Bad, Text: "Not signed in", Key: "L", Hint: "sign in"})
		if got := shown(&s); !strings.HasPrefix(got, "! Not signed in   L sign in") || !strings.HasSuffix(got, "+1") {
			t.Errorf("shows %q", got)
		}
		if !s.Update(first()) || time.Since(began) != 4*time.Second {
			t.Errorf("a good message stays %v", time.Since(began))
		}
		if got := shown(&s); got != "! Not signed in   L sign in" {
			t.Errorf("after the first expired it shows %q", got)
		}
		if !s.Update(second()) || time.Since(began) != 12*time.Second {
			t.Errorf("a bad message stays %v", time.Since(began))
		}
		if !s.Empty() || shown(&s) != "" {
			t.Errorf("it still shows %q", shown(&s))
		}
	})
}

func TestExpiryIsByMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s, other Stack
		old := s.Push(Toast{Text: "old"})
		s.Dismiss()
		s.Push(Toast{Text: "new"})
		msg := old()
		if !s.Update(msg) || shown(&s) != "· new" {
			t.Errorf("the expiry of a dismissed message took another: %q", shown(&s))
		}
		if other.Update(msg) {
			t.Error("another stack's message was taken")
		}
	})
}

func TestStays(t *testing.T) {
	t.Parallel()
	var s Stack
	if s.Push(Toast{Text: "for ever", Stay: -1}) != nil {
		t.Error("a message that stays has an expiry")
	}
	for range 3 * depth {
		s.Push(Toast{Text: "more", Stay: -1})
	}
	if len(s.items) != depth {
		t.Errorf("%d messages are kept", len(s.items))
	}
}

func TestOneExactLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var s Stack
		for range rapid.IntRange(0, 12).Draw(r, "n") {
			s.Push(Toast{
				Kind: Kind(rapid.IntRange(0, 3).Draw(r, "kind")), Text: rapid.String().Draw(r, "text"),
				Key: "u", Hint: rapid.String().Draw(r, "hint"),
			})
		}
		w := rapid.IntRange(0, 80).Draw(r, "w")
		got := s.View(w, dark())
		if strings.Contains(got, "\n") || ansi.StringWidth(got) != w {
			r.Fatalf("%q is not one line of %d cells", got, w)
		}
	})
}
