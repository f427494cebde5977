package tui_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
	"claimdeck/tui"
	"claimdeck/tui/screen"
)

// claimWorkKeys are the keys of a claim's tabs, of details, and of the forms of a claim.
func claimWorkKeys() map[keymap.ID]effect {
	payoff := func(d *desk) {
		d.keys("esc")
		d.openTab(d.quoted(), "Payoff")
	}
	return map[keymap.ID]effect{
		keymap.ClaimCreate:    goes("New claim"),
		keymap.ActivityDetail: shown("Exactly"),
		keymap.ClaimDetail:    func(d *desk, key string) string { d.keys("tab"); return shown("Exactly")(d, key) },
		keymap.ClaimJSON:      func(d *desk, key string) string { d.keys("tab"); return shown(`"activityId": "`)(d, key) },
		keymap.ClaimLater: func(d *desk, key string) string {
			payoff(d)
			return shown("If the check arrives   "+d.now().AddDate(0, 0, 1).Format("Mon Jan 2"))(d, key)
		},
		keymap.ClaimEarlier: func(d *desk, key string) string {
			payoff(d)
			d.keys("+", "+")
			return shown("If the check arrives   "+d.now().AddDate(0, 0, 1).Format("Mon Jan 2"))(d, key)
		},
		keymap.MessageSend:    goes("Send a message"),
		keymap.DocumentAdd:    goes("Add documents"),
		keymap.ClaimDocuments: shown("[Documents"),
		keymap.LetterRequest:  goes("Request a letter of guarantee"),
		keymap.PaymentSent:    goes("Record the payment"),
		keymap.ClaimUpdate:    goes("Change the claim"),
		// With an account they are for TestLinkToClaimCenter and TestCaseFlow.
		keymap.ReserveLink: tells("ClaimCenter has no account in this profile: claimdeck login claimcenter"),
		keymap.CaseSubmit:  tells("Scalepoint has no account in this profile: claimdeck login scalepoint"),
	}
}

// shown checks that a key brings a text onto the screen.
func shown(text string) effect {
	return func(d *desk, key string) string {
		d.keys(key)
		d.pass(time.Second)
		if !d.screen().Contains(text) {
			return "it does not show " + text
		}
		return ""
	}
}

// openTab opens a claim at a tab.
func (d *desk) openTab(on screen.Subject, tab string) {
	d.tb.Helper()
	d.choose(on)
	d.keys("enter")
	d.pass(time.Second)
	for range 7 {
		if d.screen().Contains("[" + tab) {
			return
		}
		d.keys("tab")
	}
	d.tb.Fatalf("no tab %s\n%s", tab, d.screen())
}

// entries are the writes of the outbox, newest first.
func (r *rig) entries() []outbox.Entry {
	r.tb.Helper()
	all, err := r.store.Entries(r.ctx, 100)
	if err != nil {
		r.tb.Fatal(err)
	}
	return all
}

func TestDetailOfAnActivity(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.newest()
		d.sandbox.Emit(on.ClaimID, string(activity.ClaimUpdated), map[string]any{
			"update": map[string]any{"accountNumber": "999888777666"}, "previous": map[string]any{"accountNumber": "111122223333"},
			"updatedByLossExpress": true,
		})
		d.arrive()
		d.keys("g", "i")
		d.shows("LossExpress corrected account number", "••••••••3333 → ••••••••7666", "CST", "(UTC)", "claim-updated")
		d.keys("x")
		d.shows("111122223333 → 999888777666")
		d.keys("J")
		d.shows(`"type": "claim-updated"`)
		d.keys("esc")
		d.shows("What changed")
		d.keys("esc")
		d.hides("What changed")
	})
}

func TestRowsOfATabAreHeldByWhatTheyAre(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.newest()
		d.openTab(on, "Timeline")
		d.keys("j", "j")
		before := d.marked()
		d.emit(on)
		d.arrive()
		d.pass(time.Second)
		d.shows("Call to lender, 61 min")
		if got := d.marked(); got != before || before == "" {
			t.Errorf("the selection went from %q to %q", before, got)
		}
		d.keys("g")
		if got := d.marked(); !strings.Contains(got, "61 min") {
			t.Errorf("the first row is %q", got)
		}
		d.keys("enter")
		d.shows("Length", "61 min", "Exactly")
		d.keys("esc", "G", "J")
		d.shows(`"type": "claim-created"`)
	})
}

func TestOrderInFull(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.claimWhere("with a failed order", func(c claim.Claim) bool {
			return len(c.Orders) > 0 && c.Orders[len(c.Orders)-1].Attempts > 1
		})
		orders := d.claim(on).Orders
		o := orders[len(orders)-1]
		d.openTab(on, "Orders")
		d.keys("enter")
		d.pass(time.Second)
		d.shows("Its story", "Try 1 failed", "Try 2 failed", o.LastNote, o.Type+" ordered")
	})
}

func TestPayoffClock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.claimWhere("with a payoff that ends soon", func(c claim.Claim) bool {
			_, priced := c.PayoffOn(d.now().AddDate(0, 0, 60))
			return priced && c.Settlement != nil && c.Payoff.PerDiem != nil
		})
		d.openTab(on, "Payoff")
		d.shows("If the check arrives   Fri Nov 20   business day")
		d.keys("+")
		d.shows("Sat Nov 21   no business day: it arrives Mon Nov 23")
		for range 59 {
			d.keys("+")
		}
		c := d.claim(on)
		due, _ := c.PayoffOn(d.now().AddDate(0, 0, 60))
		d.shows("past the quote, per diem added")
		d.keys("$")
		d.pass(time.Second)
		if plain := strings.ReplaceAll(d.screen().String(), ",", ""); !strings.Contains(plain, due.String()) {
			t.Errorf("the form does not propose %s:\n%s", due, plain)
		}
		d.keys("esc")
		for range 70 {
			d.keys("-")
		}
		d.shows("If the check arrives   Fri Nov 20")
	})
}

func TestDocumentIsFetchedAndOpened(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		var fetched, named, opened string
		d.env.Download = func(_ context.Context, id, name string) (string, error) {
			fetched, named = id, name
			return "/home/dana/Downloads/" + name + ".pdf", nil
		}
		on := d.claimWhere("with a document", func(c claim.Claim) bool { return len(c.Documents) > 0 })
		docs := d.claim(on).Documents
		doc := docs[len(docs)-1]
		d.choose(on)
		d.keys("o")
		d.pass(time.Second)
		d.shows("[Documents", doc.Type)
		d.keys("o")
		d.pass(time.Second)
		if fetched != doc.ID || named != on.Number+" "+doc.Type {
			t.Errorf("fetched %q as %q", fetched, named)
		}
		d.says("Saved " + named + ".pdf in /home/dana/Downloads")
		d.env.OpenFile = func(_ context.Context, path string) error { opened = path; return nil }
		d.keys("enter")
		d.pass(time.Second)
		d.says("Opened " + named)
		if opened != "/home/dana/Downloads/"+named+".pdf" {
			t.Errorf("opened %q", opened)
		}
		d.env.OpenFile = func(context.Context, string) error { return errors.New("no viewer") }
		d.keys("enter")
		d.pass(time.Second)
		d.says("could not be shown: no viewer")
		d.env.Download = func(context.Context, string, string) (string, error) { return "", errors.New("404: not there") }
		d.keys("enter")
		d.pass(time.Second)
		d.says("could not be fetched: 404")
	})
}

func TestUpdateShowsOldAndNew(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.claimWhere("with an owner", func(c claim.Claim) bool { return c.Owner.Name != "" && c.Owner.Phone != "" })
		owner := d.claim(on).Owner
		d.choose(on)
		d.keys("E")
		d.pass(time.Second)
		d.shows("1 of 7  Claim", on.Number)
		d.keys("pgdown", "pgdown")
		d.shows("3 of 7  Owner", owner.Name)
		d.hides(owner.Phone)
		d.typed(" Jr")
		d.keys("ctrl+r")
		d.shows("Owner: " + owner.Name + " → " + owner.Name + " Jr")
		d.keys("enter")
		d.pass(time.Second)
		e := d.entries()
		if len(e) != 1 || e[0].Action != "claim.update" || !strings.Contains(string(e[0].Input), owner.Name+" Jr") {
			t.Fatalf("the outbox holds %+v\n%s", e, d.screen())
		}
		if strings.Contains(string(e[0].Input), on.Number) {
			t.Errorf("what was not changed is sent: %s", e[0].Input)
		}
	})
}

func TestDraftOfAnUpdateHoldsOnlyWhatWasTyped(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.claimWhere("with an owner", func(c claim.Claim) bool { return c.Owner.Name != "" })
		d.choose(on)
		d.keys("E")
		d.pass(time.Second)
		d.keys("pgdown", "pgdown")
		d.typed(" Jr")
		d.pass(time.Second) // no esc: a crash would come now
		draft, ok, err := d.store.Draft(d.ctx, "claim.update", on.ClaimID)
		if err != nil || !ok {
			t.Fatal("no draft was kept", err)
		}
		if got, want := string(draft), `{"ownersName":["`+d.claim(on).Owner.Name+` Jr"]}`; got != want {
			t.Errorf("the draft is %s, want %s", got, want)
		}
		d.keys("backspace", "backspace", "backspace")
		d.pass(time.Second)
		if _, ok, _ = d.store.Draft(d.ctx, "claim.update", on.ClaimID); ok {
			t.Error("a draft of nothing is kept")
		}
	})
}

func TestWarningsAreReadBeforeItIsSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		on := d.claimWhere("without new documents", func(c claim.Claim) bool {
			return len(c.Documents) > 0 && c.Documents[len(c.Documents)-1].At.Before(d.now().Add(-time.Hour))
		})
		d.choose(on)
		d.keys("m")
		d.pass(time.Second)
		d.typed("The breakdown is attached.")
		d.keys("enter")
		d.pass(time.Second)
		d.shows(`says "attached", and no document was added`, "enter send anyway")
		if n := len(d.entries()); n != 0 {
			t.Fatalf("%d writes before the warning was read", n)
		}
		d.typed("x")
		d.hides("send anyway")
		d.keys("backspace", "enter")
		d.pass(time.Second)
		if e := d.entries(); len(e) != 1 || e[0].Action != "message.send" {
			t.Errorf("the outbox holds %+v\n%s", e, d.screen())
		}
		if _, ok, _ := d.store.Draft(d.ctx, "message.send", on.ClaimID); ok {
			t.Error("what was sent is still a draft")
		}
	})
}

func TestTemplateFillsTheMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		d.env.Templates = []screen.Template{{Name: "Greeting", Text: "About {claim}: "}, {Name: "Wrong", Text: "{moon}"}}
		on := d.newest()
		d.choose(on)
		d.keys("m")
		d.pass(time.Second)
		d.shows("shift+tab goes here, enter writes it into the message")
		d.keys("shift+tab", "j", "j", "enter")
		d.shows("{moon}")
		d.keys("k", "enter")
		d.shows("About " + on.Number + ":")
		d.typed(" hello")
		d.keys("ctrl+r")
		d.shows(`"message": "About ` + on.Number + `: hello"`)
		d.hides("Greeting")
	})
}

// pencil is an editor that writes what it is told.
type pencil struct {
	writes string
	err    error
}

func (p *pencil) SetStdin(io.Reader)  {}
func (p *pencil) SetStdout(io.Writer) {}
func (p *pencil) SetStderr(io.Writer) {}
func (p *pencil) Run() error          { return p.err }
func (p *pencil) Text() string        { return p.writes }

func TestManyDocumentsAreManyWrites(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 120, 40)
		home := d.options.Files.Home
		for _, name := range []string{"one.pdf", "two.pdf"} {
			if err := os.WriteFile(filepath.Join(home, name), append([]byte("%PDF-1.4\n"), name...), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		d.choose(d.newest())
		d.keys("a")
		d.pass(time.Second)
		d.send(tea.PasteMsg{Content: filepath.Join(home, "one.pdf") + "\n" + filepath.Join(home, "two.pdf")})
		d.pass(time.Second)
		d.shows("+ ~/one.pdf", "+ ~/two.pdf")
		d.keys("enter")
		d.pass(time.Second)
		d.keys("down", "enter")
		d.pass(time.Second)
		d.keys("enter")
		d.pass(time.Second)
		e := d.entries()
		if len(e) != 2 || !bytes.Contains(append(e[0].Input, e[1].Input...), []byte("two.pdf")) {
			t.Errorf("the outbox holds %d writes\n%s", len(e), d.screen())
		}
	})
}

func TestCreatedClaimIsReadBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{live: true}, 120, 40)
		draft, err := json.Marshal(map[string][]string{
			"claimNumber": {"NEW-1"}, "vin": {"1HGCM82633A004352"}, "dateOfLoss": {"2026-11-10"}, "causeOfLoss": {"Fire"}, "insurerType": {"First Party"},
			"odometer": {"42000"}, "ownersName": {"Dana"}, "ownersPhoneNumber": {"+13332225555"}, "ownersStreetAddress": {"1 Main Street"},
			"ownersRetained": {"no"}, "lenderName": {"Ally Financial"}, "accountNumber": {"123456789"}, "settlementAmount": {"5553"}, "deductible": {"500"},
			"financeType": {"Retail"}, "adjusterName": {"Mike"}, "adjusterEmailAddress": {"mike@example.com"}, "adjusterPhoneNumber": {"+13332225556"},
			"titleRemittanceAddress": {"2 Main Street"}, "vehicleLocation": {"3 Main Street"},
			"lenderAddress.streetAddress": {"4 Main Street"}, "lenderAddress.city": {"Dallas"}, "lenderAddress.state": {"TX"}, "lenderAddress.zipCode": {"75204"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.store.SaveDraft(d.ctx, "claim.create", "", draft); err != nil {
			t.Fatal(err)
		}
		d.keys("N")
		d.pass(time.Second)
		d.shows("1 of 7  Claim", "NEW-1")
		d.keys("ctrl+r", "enter")
		d.pass(2 * time.Second)
		if d.screen().Contains("send anyway") {
			d.keys("enter")
		}
		d.pass(3 * time.Minute)
		rows, err := d.store.FindClaims(d.ctx, "NEW-1")
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d claims are called NEW-1, %v\n%s\n%+v", len(rows), err, d.screen(), d.entries())
		}
		if e := d.entries()[0]; e.State != outbox.Confirmed {
			t.Errorf("the write is %s", e.State)
		}
	})
}

var _ tui.Editor = (*pencil)(nil)
