package tui_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
	"claimdeck/tui"
	"claimdeck/tui/screen"
	"claimdeck/tui/tuitest"
)

// session is the real program in a terminal emulator, over a rig whose syncer and outbox run.
type session struct {
	*rig
	*tuitest.Term
	app *tui.App
}

// hold is how long a write waits for second thoughts in these tests.
const hold = 5 * time.Second

// goesOut is what the rule says while a write is held, with the seconds that are left behind it.
const goesOut = "Goes out in"

func start(t *testing.T, s setup, w, h int) *session {
	t.Helper()
	r := newRig(t, s)
	app := tui.New(r.options)
	term := tuitest.Start(t, app, w, h, tuitest.Busy(func() bool { return !app.Idle() }))
	x := &session{rig: r, Term: term, app: app}
	if !s.unread {
		x.WaitFor("all types")
	}
	x.WaitIdle()
	return x
}

// goTo selects a claim in the list of claims by its number.
func (x *session) goTo(on screen.Subject) {
	x.tb.Helper()
	x.Keys("2", "/")
	x.Type("claim:" + on.Number)
	x.Keys("enter")
	x.WaitFor("claim:" + on.Number + " · 1")
	x.WaitIdle()
}

// written returns what reached the service, as kind and detail.
func (x *session) written() []string {
	var out []string
	for _, w := range x.sandbox.Writes() {
		out = append(out, strings.TrimSpace(w.Kind+" "+w.Detail))
	}
	return out
}

func (x *session) wantWritten(want ...string) {
	x.tb.Helper()
	if got := x.written(); !slices.Equal(got, want) {
		x.tb.Errorf("the service did %q, want %q", got, want)
	}
}

// wantState fails the test unless the newest write is in a state.
func (x *session) wantState(want outbox.State) outbox.Entry {
	x.tb.Helper()
	all, err := x.store.Entries(x.ctx, 1)
	if err != nil || len(all) == 0 {
		x.tb.Fatalf("%d writes, %v", len(all), err)
	}
	if all[0].State != want {
		x.tb.Errorf("the write is %s, want %s: %+v", all[0].State, want, all[0].Problem)
	}
	return all[0]
}

// fresh adds a claim that has all its papers and nothing else, and waits until it is on screen.
func (x *session) fresh() screen.Subject {
	x.tb.Helper()
	on := x.add()
	x.syncer.Poke()
	x.WaitFor(on.Number)
	return on
}

// TestOrderFlow: an order from the first key to its confirmation; the types are those the service offers now.
func TestOrderFlow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true, hold: hold}, 120, 40)
		on := x.fresh()
		x.goTo(on)
		x.Keys("O")
		x.WaitFor("Payment History")
		x.WaitIdle()
		x.markOption("Copy of Title")
		x.markOption("Payment History")
		x.WaitFor("[x] Payment History")
		x.Keys("enter")
		x.WaitFor(goesOut + " 5 s")
		x.WaitFor("4 Outbox 1")
		x.wantWritten()
		time.Sleep(hold)
		x.WaitFor("Confirmed by the feed after")
		x.wantWritten("order.create Copy of Title", "order.create Payment History")
		e := x.wantState(outbox.Confirmed)
		if e.ClaimID != on.ClaimID || e.Attempts != 1 {
			t.Errorf("the write is %+v", e)
		}
		x.Keys("enter")
		x.WaitFor("Orders 2")
		x.Keys("tab", "tab")
		x.WaitFor("[Orders 2]")
		x.Keys("4")
		x.WaitFor("Confirmed by the feed after")
	})
}

// markOption goes down to an option and marks it.
func (x *session) markOption(label string) {
	x.tb.Helper()
	for range 20 {
		s := x.Picture()
		for y := range s.H {
			if row := s.Row(y); strings.Contains(row, "▌ [ ] "+label) {
				x.Keys("space")
				x.WaitFor("▌ [x] " + label)
				return
			}
		}
		x.Keys("down")
		x.WaitIdle()
	}
	x.tb.Fatalf("there is no option %s\n%s", label, x.Screen())
}

// TestPayoffFlow: a form without fields, and confirmation by the feed.
func TestPayoffFlow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true, hold: hold}, 80, 24)
		x.goTo(x.fresh())
		x.Keys("p")
		x.WaitFor("Request the payoff")
		x.Keys("ctrl+r")
		x.WaitFor("POST /claims/")
		x.Keys("esc", "enter")
		x.WaitFor(goesOut)
		time.Sleep(hold)
		x.WaitFor("Confirmed by the feed")
		x.wantWritten("payoff.request")
		x.Keys("enter")
		x.WaitFor("requested Nov 20")
	})
}

// TestUndoFlow: what was taken back never reaches the service.
func TestUndoFlow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true, hold: hold}, 120, 40)
		x.goTo(x.fresh())
		x.Keys("p")
		x.WaitFor("Request the payoff")
		x.Keys("enter")
		x.WaitFor(goesOut + " 5 s")
		time.Sleep(3500 * time.Millisecond)
		x.WaitFor(goesOut + " 1 s")
		x.Keys("u")
		x.WaitFor("Taken back, nothing was sent: Request the payoff")
		x.WaitGone("4 Outbox 1")
		time.Sleep(2 * hold)
		x.wantWritten()
		x.wantState(outbox.Undone)
		x.Keys("u")
		x.WaitFor("nothing to undo")
	})
}

// TestDisputeFlow: c asks how to answer, the reason is required, and what was typed goes out as it was typed.
func TestDisputeFlow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true, hold: hold}, 120, 40)
		x.goTo(x.withCounter())
		x.Keys("c")
		x.WaitFor("Answer the counter")
		x.Keys("enter")
		x.WaitFor("Dispute the counter")
		x.Keys("ctrl+s")
		x.WaitIdle()
		x.wantWritten()
		x.Type("Verified in person. quit?")
		x.WaitFor("Verified in person. quit?")
		x.submitLong()
		x.WaitFor(goesOut)
		time.Sleep(hold)
		x.WaitFor("Confirmed by the feed")
		x.wantWritten("counter.dispute Verified in person. quit?")
	})
}

// submitLong sends a form whose field keeps enter for itself, or does not.
func (x *session) submitLong() {
	x.tb.Helper()
	x.Keys("enter")
	x.WaitIdle()
	if strings.Contains(x.Screen(), "Dispute the counter ") && !strings.Contains(x.Screen(), goesOut) {
		x.Keys("tab", "enter")
	}
}

// TestAcceptFlow: a counter is accepted with a document of this computer, and the service gets its bytes.
func TestAcceptFlow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true, hold: hold}, 120, 40)
		pdf := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("settlement "), 500)...)
		name := filepath.Join(x.options.Files.Start, "breakdown.pdf")
		if err := os.WriteFile(name, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		x.goTo(x.withCounter())
		x.Keys("c")
		x.WaitFor("Answer the counter")
		x.Keys("down", "enter")
		x.WaitFor("New settlement breakdown")
		x.WaitFor("breakdown.pdf")
		x.Type("breakd")
		x.WaitIdle()
		x.Keys("enter")
		x.WaitIdle()
		x.WaitFor("PDF")
		x.Keys("enter")
		x.WaitFor(goesOut)
		time.Sleep(hold)
		x.WaitFor("Confirmed by the feed")
		if got := x.written(); len(got) == 0 || !strings.HasPrefix(got[0], "counter.accept") {
			t.Errorf("the service did %q", got)
		}
	})
}

// TestRefusedFlow: a refusal brings the form back, with everything that was typed and the server's words.
func TestRefusedFlow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true, hold: 0}, 120, 40)
		on := x.claimWhere("without papers", func(c claim.Claim) bool {
			return len(c.MissingDocuments()) > 0 && len(c.Orders) == 0 && c.PayoffRequest.State == claim.NotRequested
		})
		x.goTo(on)
		x.Keys("O")
		x.WaitFor("Payment History")
		x.markOption("Copy of Title")
		x.markOption("Letter of Guarantee")
		x.Keys("enter")
		x.WaitFor("Not done: ")
		x.WaitFor("New orders")
		x.WaitFor("[x] Letter of Guarantee")
		x.WaitFor("[x] Copy of Title")
		x.wantWritten()
		x.wantState(outbox.Rejected)
		// The form that came by itself asks for another look before it sends again; without the letter it goes through.
		time.Sleep(time.Second)
		x.markOff("Letter of Guarantee")
		x.Keys("enter")
		x.WaitFor("Confirmed by the feed")
		x.wantWritten("order.create Copy of Title")
	})
}

// markOff goes up or down to an option and takes its mark away.
func (x *session) markOff(label string) {
	x.tb.Helper()
	for range 30 {
		if s := x.Screen(); strings.Contains(s, "▌ [x] "+label) {
			x.Keys("space")
			x.WaitFor("▌ [ ] " + label)
			return
		}
		x.Keys("down")
		x.WaitIdle()
	}
	x.tb.Fatalf("there is no option %s\n%s", label, x.Screen())
}

// TestServerWordsAtTheField: a validation error of the service stands at the field it is about.
func TestServerWordsAtTheField(t *testing.T) {
	bubble(t, func(t *testing.T) {
		words := "must not name a supervisor of the lender"
		x := start(t, setup{live: true, between: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost || !strings.Contains(r.URL.Path, "counter") {
					next.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = fmt.Fprintf(w, `{"statusCode":400,"error":"Bad Request","message":"Invalid request payload input","validation":{"errors":[`+
					`{"path":["reasonForDispute"],"key":["reasonForDispute"],"label":"reasonForDispute","message":"reasonForDispute %s","type":"string"}]}}`, words)
			})
		}}, 120, 40)
		x.goTo(x.withCounter())
		x.Keys("c")
		x.WaitFor("Answer the counter")
		x.Keys("enter")
		x.WaitFor("Dispute the counter")
		x.Type("Everything I typed")
		x.submitLong()
		x.WaitFor("Not done: ")
		x.WaitFor("Everything I typed")
		x.WaitFor("! reasonForDispute " + words)
		x.wantWritten()
		if e := x.wantState(outbox.Rejected); e.Problem == nil || !strings.Contains(e.Problem.Fields["reasonForDispute"], words) {
			t.Errorf("the problem is %+v", e.Problem)
		}
	})
}

// TestUnknownFlow: sent, no answer: nothing is sent again by itself, the outbox says so, and a person decides.
func TestUnknownFlow(t *testing.T) {
	for name, c := range map[string]struct {
		after bool // the service did it before the connection broke
		key   string
		words string
		state outbox.State
		times int
	}{
		"it was done":                  {after: true, state: outbox.Confirmed, times: 1, words: "Confirmed by the feed"},
		"it was not, sent again":       {key: "r", state: outbox.Confirmed, times: 1, words: "Sending again"},
		"it was not, given up":         {key: "D", state: outbox.Dropped, times: 0, words: "Dropped: Request the payoff"},
		"it was not, looked for again": {key: "c", state: outbox.Unknown, times: 0, words: "Looked again: Request the payoff"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				x := start(t, setup{live: true}, 120, 40)
				x.goTo(x.fresh())
				x.sandbox.Inject(lossexpress.Fault{Kind: lossexpress.FaultReset, Method: "POST", PathPrefix: "/claims/", After: c.after})
				x.Keys("p")
				x.WaitFor("Request the payoff")
				x.Keys("enter")
				if c.after {
					x.WaitFor(c.words)
					x.wantState(c.state)
					x.wantWritten("payoff.request")
					return
				}
				x.WaitFor("Sent, but no answer came")
				x.Keys("4")
				x.WaitFor("Looking for its effect")
				time.Sleep(40 * time.Second)
				x.WaitFor("the claim does not show it")
				x.wantWritten()
				x.wantState(outbox.Unknown)
				x.Keys(c.key)
				x.WaitFor(c.words)
				time.Sleep(10 * time.Second)
				x.WaitIdle()
				x.wantState(c.state)
				if got := len(x.written()); got != c.times {
					t.Errorf("the service did it %d times", got)
				}
			})
		})
	}
}

// TestQuitWithAHeldWrite asks what to do with it.
func TestQuitWithAHeldWrite(t *testing.T) {
	for name, c := range map[string]struct {
		keys  []string
		quits bool
		wrote []string
		state outbox.State
	}{
		"send": {keys: []string{"enter"}, quits: true, wrote: []string{"payoff.request"}, state: outbox.Accepted},
		"undo": {keys: []string{"down", "enter"}, quits: true, state: outbox.Undone},
		"stay": {keys: []string{"down", "down", "enter"}, state: outbox.Held},
		"esc":  {keys: []string{"esc"}, state: outbox.Held},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				x := start(t, setup{live: true, hold: time.Minute}, 120, 40)
				x.goTo(x.fresh())
				x.Keys("p")
				x.WaitFor("Request the payoff")
				x.Keys("enter")
				x.WaitFor(goesOut)
				x.Keys("q")
				x.WaitFor("This was not sent yet")
				x.Keys(c.keys...)
				if c.quits {
					if _, err := x.WaitQuit(); err != nil {
						t.Error(err)
					}
				} else {
					x.WaitGone("This was not sent yet")
				}
				x.wantState(c.state)
				x.wantWritten(c.wrote...)
			})
		})
	}
}

// TestDraftIsKept: a form that was closed opens again with what was typed, until it is sent.
func TestDraftIsKept(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true, hold: hold}, 120, 40)
		x.goTo(x.fresh())
		x.Keys("O")
		x.WaitFor("Payment History")
		x.markOption("Copy of Title")
		x.Keys("esc")
		x.WaitGone("New orders")
		x.WaitIdle()
		x.Keys("O")
		x.WaitFor("[x] Copy of Title")
		x.Keys("enter")
		x.WaitFor(goesOut)
		x.Keys("O")
		x.WaitFor("[ ] Copy of Title")
	})
}

// TestSignedOutKeepsTheRows: refused credentials are said, the rows stay, and the console finds back by itself.
func TestSignedOutKeepsTheRows(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true}, 120, 40)
		x.sandbox.Change(func(b *lossexpress.Behaviour) { b.TokenRefused = true })
		x.sandbox.RevokeTokens()
		x.Keys("r")
		x.WaitFor("Not signed in: press L")
		if !x.Picture().Contains("EX-") {
			t.Error("the rows are gone")
		}
		x.sandbox.Change(func(b *lossexpress.Behaviour) { b.TokenRefused = false })
		x.Keys("r")
		x.WaitFor("● live")
	})
}

// TestLiveRowsArrive: what happens at the service is on screen without a key.
func TestLiveRowsArrive(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true}, 120, 40)
		x.emit(x.newest())
		time.Sleep(5 * time.Second) // the pace of a console that nobody touches
		x.Until("the call is the first row", func(s *tuitest.Screen) bool { return strings.Contains(s.Row(4), "Call to lender, 61 min") })
		x.Keys("j")
		time.Sleep(time.Second)
		x.emit(x.newest())
		time.Sleep(time.Second)
		x.WaitFor("1 new  .")
	})
}
