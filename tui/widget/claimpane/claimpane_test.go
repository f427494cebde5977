package claimpane_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"go.uber.org/goleak"

	"claimdeck/action"
	"claimdeck/keymap"
	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/claimpane"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shelf is the claims that can be read, and which ones were.
type shelf struct {
	claims map[string]claim.Claim
	failed error
	read   []string
}

func (s *shelf) All() []action.Action { return nil }

func (s *shelf) Get(id string) (action.Action, bool) {
	return action.Action{ID: id, Preflight: func(on action.Subject) action.Readiness {
		if on.Claim.Number != "EX-2" {
			return action.Readiness{OK: true}
		}
		return action.Readiness{Reason: "not on " + on.Claim.Number}
	}}, id == "order.create"
}

func (s *shelf) Load(ctx context.Context, id string) (claim.Claim, error) {
	s.read = append(s.read, id)
	if s.failed != nil {
		return claim.Claim{}, s.failed
	}
	return s.claims[id], ctx.Err()
}

func (s *shelf) Prepare(context.Context, action.Action, action.Subject, action.Values) (action.Prepared, error) {
	return action.Prepared{}, nil
}

// bench is a pane whose commands run when they are told to.
type bench struct {
	*shelf
	tasks *screen.Tasks
	pane  *claimpane.Pane
}

func newBench(ctx context.Context) *bench {
	s := &shelf{claims: map[string]claim.Claim{
		"one": {ID: "one", Number: "EX-1", Lender: "Ally Financial"},
		"two": {ID: "two", Number: "EX-2", Lender: "Wells Fargo"},
	}}
	b := &bench{shelf: s, tasks: screen.NewTasks(ctx)}
	b.pane = claimpane.New(&screen.Env{
		Tasks: b.tasks, Actions: s, Keys: keymap.Default(), Theme: screen.NewLook(theme.New(theme.Options{})), At: time.Now(),
	}, screen.Claims)
	return b
}

// run delivers what a command brings, and what comes of that; results of tasks that were started again are dropped, as
// the console does.
func (b *bench) run(cmd tea.Cmd) {
	for cmd != nil {
		msg := cmd()
		if o, ok := msg.(screen.Owned); ok && !b.tasks.Current(o) {
			return
		}
		cmd = b.pane.Update(msg)
	}
}

func (b *bench) text(w, h int) string { return ansi.Strip(strings.Join(b.pane.View(w, h), "\n")) }

func on(id, number string) screen.Subject { return screen.Subject{ClaimID: id, Number: number} }

// The claim is read when the selection has rested, once, and not on the way there.
func TestFollowsTheSelectionOnceItRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t.Context())
		if _, shown := b.pane.Claim(); shown || b.pane.Offers() != nil || strings.TrimSpace(b.text(80, 10)) != "" {
			t.Error("a pane without a selection shows something")
		}
		began := time.Now()
		passing := b.pane.Rest(on("one", "EX-1"))
		rested := b.pane.Rest(on("two", "EX-2"))
		if b.pane.Rest(on("two", "EX-2")) != nil {
			t.Error("the same selection is waited for twice")
		}
		b.run(passing)
		if len(b.read) != 0 {
			t.Errorf("it read %v on the way", b.read)
		}
		b.run(rested)
		if len(b.read) != 1 || b.read[0] != "two" {
			t.Errorf("it read %v", b.read)
		}
		if rest := time.Since(began); rest < 100*time.Millisecond || rest > time.Second {
			t.Errorf("it came after %v", rest)
		}
		if c, shown := b.pane.Claim(); !shown || c.Number != "EX-2" || !strings.Contains(b.text(80, 30), "Wells Fargo") {
			t.Errorf("it shows %q:\n%s", c.Number, b.text(80, 30))
		}
	})
}

// While the selection moves on, the claim before stays on screen with its keys, and is not taken for the new one.
func TestKeepsTheClaimBeforeWhileMoving(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t.Context())
		b.run(b.pane.Rest(on("one", "EX-1")))
		next := b.pane.Rest(on("two", "EX-2"))
		if _, shown := b.pane.Claim(); shown {
			t.Error("the claim before passes for the selected one")
		}
		if !strings.Contains(b.text(80, 30), "Ally Financial") {
			t.Errorf("the claim before went away:\n%s", b.text(80, 30))
		}
		if !b.offers("order.create").Enabled {
			t.Errorf("the offers are not those of the claim on screen: %+v", b.offers("order.create"))
		}
		b.run(next)
		if o := b.offers("order.create"); o.Enabled || o.Why != "not on EX-2" {
			t.Errorf("the offer is %+v", o)
		}
	})
}

func (b *bench) offers(id keymap.ID) keymap.Offer {
	for _, o := range b.pane.Offers() {
		if o.Action == id {
			return o
		}
	}
	return keymap.Offer{}
}

// What changed in the store is read again; what a selection left behind is not shown when it comes late.
func TestReadsAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t.Context())
		b.run(b.pane.Rest(on("one", "EX-1")))
		b.claims["one"] = claim.Claim{ID: "one", Number: "EX-1", Lender: "Chase"}
		late := b.pane.Reload(on("one", "EX-1"))
		moved := b.pane.Reload(on("two", "EX-2"))
		b.run(late)
		if c, shown := b.pane.Claim(); shown {
			t.Errorf("%s is shown for another claim", c.Number)
		}
		b.run(moved)
		if c, shown := b.pane.Claim(); !shown || c.Number != "EX-2" {
			t.Errorf("it shows %q", c.Number)
		}
		b.run(b.pane.Reload(on("two", "EX-2")))
		if n := len(b.read); n != 4 {
			t.Errorf("it read %v", b.read)
		}
		if b.pane.Reload(screen.Subject{}) == nil || strings.TrimSpace(b.text(80, 5)) != "" {
			t.Error("without a selection it still shows a claim")
		}
	})
}

func TestSaysWhyThereIsNoClaim(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t.Context())
		b.failed = errors.New("the disk is full")
		b.run(b.pane.Rest(on("one", "EX-1")))
		if got := b.text(40, 6); !strings.Contains(got, " This claim could not be read: the disk\n is full") {
			t.Errorf("it says\n%s", got)
		}
		b.failed = nil
		b.run(b.pane.Reload(on("one", "EX-1")))
		b.failed = context.Canceled
		b.run(b.pane.Reload(on("one", "EX-1")))
		b.failed = errors.New("the disk is full")
		b.run(b.pane.Reload(on("one", "EX-1")))
		if got := b.text(80, 30); !strings.Contains(got, "Ally Financial") {
			t.Errorf("what was read is gone:\n%s", got)
		}
	})
}

func TestIsExactlyAsLargeAsItsRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t.Context())
		b.run(b.pane.Rest(on("one", "EX-1")))
		for _, h := range []int{0, 1, 3, 12, 60} {
			for w := 46; w < 200; w += 7 {
				lines := b.pane.View(w, h)
				if len(lines) != h {
					t.Fatalf("%d lines in %d", len(lines), h)
				}
				for _, line := range lines {
					if n := ansi.StringWidth(line); n > w {
						t.Fatalf("%d cells in %d: %q", n, w, line)
					}
				}
			}
		}
	})
}
