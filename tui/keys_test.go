package tui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
)

// effect presses a key and returns what was wrong with what it did; empty: nothing.
type effect func(d *desk, key string) string

// TestEveryKeyDoesWhatItSays presses every key of the key map on a screen where its scope holds. A binding without
// a line in one of these tables fails.
func TestEveryKeyDoesWhatItSays(t *testing.T) {
	t.Parallel()
	tables := map[keymap.Scope]map[keymap.ID]effect{
		keymap.ScopeGlobal: globalKeys(), keymap.ScopeList: listKeys(), keymap.ScopeActivity: streamKeys(),
		keymap.ScopeClaim: claimKeys(), keymap.ScopeClaimAct: actKeys(), keymap.ScopeOutbox: outboxKeys(),
		keymap.ScopeSandbox: sandboxKeys(),
	}
	for scope, table := range tables {
		t.Run(string(scope), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d := sit(t, setup{behaviour: unhurried()}, 120, 40)
				if scope == keymap.ScopeOutbox {
					d.fill()
				}
				for _, b := range d.env.Keys.Bindings() {
					if b.Scope != scope {
						continue
					}
					try := table[b.Action]
					if try == nil {
						try = claimWorkKeys()[b.Action]
					}
					if try == nil && len(b.Keys) > 0 {
						t.Errorf("%s has no test", b.Action)
						continue
					}
					for _, key := range b.Keys {
						d.home(scope)
						if wrong := try(d, key); wrong != "" {
							t.Errorf("%s (%s, %q): %s\n%s", key, b.Action, b.Help, wrong, d.screen())
						}
					}
				}
			})
		})
	}
}

// home goes to a screen where a scope holds, with nothing over it and the second row selected.
func (d *desk) home(scope keymap.Scope) {
	d.tb.Helper()
	d.quit = false
	d.keys("esc", "esc", "esc")
	d.pass(20 * time.Second) // the messages go away
	d.keys("1", "g", "j")
	switch scope {
	case keymap.ScopeClaim:
		d.keys("2", "G", "enter", "1", "g", "j", "enter") // another claim first: a claim that is opened again keeps its tab
	case keymap.ScopeOutbox:
		d.keys("4", "g")
	case keymap.ScopeSandbox:
		d.keys("5", "g")
	default:
	}
	d.pass(time.Second)
	d.seen = nil
}

// on returns the title of the box over the screen, or the name of the screen.
func (d *desk) on() string {
	d.tb.Helper()
	s := d.screen()
	for y := range s.H {
		if _, box, ok := strings.Cut(s.Row(y), "┌ "); ok {
			title, _, _ := strings.Cut(box, " ─")
			title, _, _ = strings.Cut(title, " ·")
			return title
		}
	}
	if _, y, ok := s.Find("Timeline"); ok && y < 12 {
		return "Claim"
	}
	name, _, _ := strings.Cut(strings.TrimSpace(s.Row(2)), " ")
	return name
}

// goes checks that a key brings a screen or a box.
func goes(where string) effect {
	return func(d *desk, key string) string {
		d.keys(key)
		d.pass(time.Second)
		if got := d.on(); got != where {
			return fmt.Sprintf("brings %q, want %q", got, where)
		}
		return ""
	}
}

// tells checks that a key is answered in the lower rule.
func tells(words string) effect {
	return func(d *desk, key string) string {
		d.keys(key)
		if got := d.screen().Row(d.h - 2); !strings.Contains(got, words) {
			return fmt.Sprintf("the rule says %q, want %q", got, words)
		}
		return ""
	}
}

// walks checks how many rows a key moves the selection, from a row in the middle.
func walks(ok func(from, to, rows int) bool) effect {
	return func(d *desk, key string) string {
		d.keys("pgdown", "pgdown", "pgdown", "pgdown", "j", "j")
		from, rows := d.index(), len(d.order)
		d.keys(key)
		d.pass(time.Second)
		if to := d.index(); !ok(from, to, rows) {
			return fmt.Sprintf("moves from row %d to row %d of %d", from, to, rows)
		}
		return ""
	}
}

// index returns which activity of the store is selected, counted from the newest.
func (d *desk) index() int {
	d.tb.Helper()
	if seq, err := d.store.Sequence(d.ctx); err != nil {
		d.tb.Fatal(err)
	} else if seq != d.last {
		d.last, d.order = seq, nil
		for _, r := range d.activities() {
			d.order = append(d.order, r.CreatedAt.In(d.now().Location()).Format("15:04:05")+"  "+r.ClaimNumber)
		}
	}
	marked := d.marked()
	return slices.IndexFunc(d.order, func(row string) bool { return strings.HasPrefix(marked, row) })
}

func globalKeys() map[keymap.ID]effect {
	return map[keymap.ID]effect{
		keymap.AppQuit: func(d *desk, key string) string {
			if d.keys(key); !d.quit {
				return "does not quit"
			}
			return ""
		},
		keymap.AppHelp:    goes("Help"),
		keymap.AppPalette: goes("Commands"),
		keymap.AppBack: func(d *desk, key string) string {
			d.keys("enter")
			d.pass(time.Second)
			if got := d.on(); got != "Claim" {
				return "the claim does not open"
			}
			return goes("Activity")(d, key)
		},
		keymap.AppFilter: func(d *desk, key string) string {
			d.keys(key)
			if !strings.HasPrefix(d.screen().Row(d.h-1), " / ") || d.app.View().Cursor == nil {
				return "no filter line, or no cursor in it"
			}
			return ""
		},
		keymap.AppUndo: tells("Nothing waits to be sent"),
		keymap.AppReveal: func(d *desk, key string) string {
			if wrong := tells("are shown")(d, key); wrong != "" {
				return wrong
			}
			return tells("are masked")(d, key)
		},
		keymap.AppUnlock: tells("not production"),
		keymap.AppRetryFeed: func(d *desk, key string) string {
			feed := d.env.Feed.(*stillFeed)
			before := feed.poked
			if wrong := tells("Asking LossExpress")(d, key); wrong != "" {
				return wrong
			}
			if feed.poked != before+1 {
				return "the feed was not asked"
			}
			return ""
		},
		keymap.AppSignIn: tells("claimdeck login --profile north"),
		keymap.AppRedraw: func(d *desk, key string) string {
			if d.keys(key); !slices.ContainsFunc(d.seen, func(m tea.Msg) bool { return fmt.Sprintf("%T", m) == fmt.Sprintf("%T", tea.ClearScreen()) }) {
				return "the screen is not cleared"
			}
			return ""
		},
		keymap.AppLayout: func(d *desk, key string) string {
			before := d.screen().String()
			d.keys(key)
			if d.screen().String() == before {
				return "nothing moves"
			}
			if d.keys(key); d.screen().String() != before {
				return "it does not move back"
			}
			return ""
		},
		keymap.ScreenActivity: func(d *desk, key string) string { d.keys("2"); return goes("Activity")(d, key) },
		keymap.ScreenClaims:   goes("Claims"),
		keymap.ScreenFilings:  goes("Filings"),
		keymap.ScreenOutbox:   goes("Outbox"),
		keymap.ScreenSandbox:  goes("Sandbox"),
		keymap.ScreenNext: func(d *desk, key string) string {
			for _, want := range []string{"Claims", "Filings", "Outbox", "Sandbox", "Activity"} {
				if wrong := goes(want)(d, key); wrong != "" {
					return wrong
				}
			}
			return ""
		},
	}
}

func listKeys() map[keymap.ID]effect {
	return map[keymap.ID]effect{
		keymap.ListOpen: goes("Claim"),
		keymap.ListDown: walks(func(from, to, _ int) bool { return to == from+1 }),
		keymap.ListUp:   walks(func(from, to, _ int) bool { return to == from-1 }),
		// Where the pages of a screen end depends on the headings between rows.
		keymap.ListPageDown: walks(func(from, to, _ int) bool { return to > from+8 }),
		keymap.ListPageUp:   walks(func(from, to, _ int) bool { return to < from-8 }),
		keymap.ListHalfDown: walks(func(from, to, _ int) bool { return to > from+4 && to < from+20 }),
		keymap.ListHalfUp:   walks(func(from, to, _ int) bool { return to < from-4 && to > from-20 }),
		keymap.ListTop:      walks(func(_, to, _ int) bool { return to == 0 }),
		keymap.ListBottom:   walks(func(_, to, rows int) bool { return to == rows-1 }),
	}
}

func streamKeys() map[keymap.ID]effect {
	return map[keymap.ID]effect{
		keymap.ActivityNew: func(d *desk, key string) string {
			d.emit(d.newest())
			d.arrive()
			if !d.screen().Contains("1 new") {
				return "the new row does not wait"
			}
			if d.keys(key); d.index() != 0 || d.screen().Contains("1 new") {
				return "the new row is not shown and selected"
			}
			return ""
		},
		keymap.ActivityFollow: func(d *desk, key string) string {
			if wrong := tells("Following")(d, key); wrong != "" {
				return wrong
			}
			if d.index() != 0 || !d.screen().Contains("following") {
				return "it does not show the newest"
			}
			return tells("Stopped following")(d, key)
		},
		keymap.ActivityFreeze: func(d *desk, key string) string {
			if wrong := tells("Frozen")(d, key); wrong != "" {
				return wrong
			}
			if !d.screen().Contains("frozen") {
				return "the title does not say so"
			}
			return tells("live again")(d, key)
		},
		keymap.ActivityJSON: func(d *desk, key string) string {
			if d.keys(key); !d.screen().Contains(`"activityId": "`) {
				return "no JSON"
			}
			return ""
		},
	}
}

func claimKeys() map[keymap.ID]effect {
	tab := func(want string) effect {
		return func(d *desk, key string) string {
			if d.keys(key); !d.screen().Contains("[" + want) {
				return "want " + want
			}
			return ""
		}
	}
	step := func(by int) effect {
		return func(d *desk, key string) string {
			d.keys("esc", "2", "g", "j", "j", "enter")
			d.pass(time.Second)
			want := d.claims()[2+by].Number
			d.keys(key)
			d.pass(time.Second)
			if _, y, ok := d.screen().Find(want); !ok || y != 2 {
				return "want " + want
			}
			return ""
		}
	}
	return map[keymap.ID]effect{
		keymap.ClaimTabNext: tab("Timeline"),
		keymap.ClaimTabPrev: tab("Reserves"),
		keymap.ClaimNext:    step(1),
		keymap.ClaimPrev:    step(-1),
		keymap.ClaimRefresh: tells("Reading the claim"),
	}
}

func actKeys() map[keymap.ID]effect {
	return map[keymap.ID]effect{
		// Whether the form opens where there is no counter is for TestKeysThatCannotActSayWhy.
		keymap.CounterAnswer: func(d *desk, key string) string {
			d.choose(d.withCounter())
			return goes("Answer the counter")(d, key)
		},
		keymap.OrderCreate:   goes("New orders"),
		keymap.OrderCancel:   goes("Cancel orders"),
		keymap.PayoffRequest: goes("Request the payoff"),
		keymap.PayoffCancel:  goes("Cancel the payoff request"),
		keymap.CopyMenu:      goes("Copy"),
	}
}
