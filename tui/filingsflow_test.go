package tui_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"claimdeck/sandbox/inscipher"
	"claimdeck/state/filing"
)

// TestFixInPlace: what a problem proposes is filled in, the corrections go into a new file, and the screen goes on with it.
func TestFixInPlace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{}, 120, 40)
		d.to("SL-00002")
		d.keys("e")
		d.shows("Policy effective", "2026-11-02", "No error is left in this row")
		d.keys("enter", "enter")
		d.pass(time.Second)
		d.says("Saved into")
		d.shows("june.fixed.csv", "1 with errors")
		if got := d.marked(); !strings.Contains(got, "SL-00002") || !strings.Contains(got, "Ready to be sent") {
			t.Errorf("the row is %q", got)
		}
		if d.content("june.csv") != june() {
			t.Error("the person's own file was changed")
		}
		if got, want := d.content("june.fixed.csv"), strings.Replace(june(), "11/2/2026", "2026-11-02", 1); got != want {
			t.Errorf("the mended file is\n%s", got)
		}
		// The next correction goes on with the first.
		d.to("SL-00006")
		d.keys("e")
		d.shows("june.fixed.csv", "which holds your corrections")
		d.hides("overwrites your own file")
		d.typed("95678")
		d.keys("enter", "enter")
		d.pass(time.Second)
		records, err := csv.NewReader(strings.NewReader(d.content("june.fixed.csv"))).ReadAll()
		if err != nil || records[2][2] != "2026-11-02" || records[6][18] != "95678" {
			t.Errorf("the mended file has %v, %v", records, err)
		}
	})
}

// TestOnlyValidEditsAreSaved: what is typed wrong is refused at its field, what stays wrong elsewhere is said once.
func TestOnlyValidEditsAreSaved(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{filings: &filingsSetup{files: map[string]string{
			"a.csv": filingTable(filingRow(1, "premium", "ten", "mailing_zip_code", "")),
		}}}, 120, 40)
		d.keys("e")
		d.shows("Premium", "ZIP code", "Errors that are left: ZIP code, Premium")
		for range 3 {
			d.keys("backspace")
		}
		d.typed("12.345")
		d.keys("enter")
		d.typed("95678")
		d.keys("enter", "enter")
		d.shows("it has more than two decimals")
		if _, err := os.Stat(d.path("a.fixed.csv")); err == nil {
			t.Fatal("it was saved")
		}
		// All fields: the ZIP code may stay empty, after a word about it.
		d.keys("esc", "E")
		d.shows("Premium, taxes and fees")
		for range 3 {
			d.keys("backspace")
		}
		d.typed("3900")
		d.keys("ctrl+r")
		d.shows("Premium: ten → 3900", `"premium": 3900`)
		d.keys("enter")
		d.shows("The row stays held back: ZIP code: it is required and empty")
		d.keys("ctrl+r", "enter")
		d.pass(time.Second)
		if !strings.Contains(d.content("a.fixed.csv"), ",3900,") {
			t.Errorf("the mended file is %s", d.content("a.fixed.csv"))
		}
	})
}

// TestOverwriteWantsAWord: a person's own file is replaced only once a word was typed, and going back loses nothing.
func TestOverwriteWantsAWord(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{}, 120, 40)
		d.to("SL-00006")
		d.keys("e")
		d.typed("90210")
		d.keys("enter", "down", "enter")
		d.shows("Overwrite june.csv", "Your own file is replaced")
		d.typed("yes")
		d.keys("enter")
		d.shows("type overwrite here if this is what you mean")
		d.keys("esc")
		d.shows("Fix SL-00006", "90210")
		if d.content("june.csv") != june() {
			t.Fatal("the file was changed")
		}
		d.keys("enter", "enter")
		d.typed("overwrite")
		d.keys("enter")
		d.pass(time.Second)
		if !strings.Contains(d.content("june.csv"), "90210") {
			t.Error("the file was not changed")
		}
		if _, err := os.Stat(d.path("june.fixed.csv")); err == nil {
			t.Error("there is another file too")
		}
	})
}

// TestSubmitOverrideRetryPoll goes through sending: what is fit, what is not, what failed, what is queued.
func TestSubmitOverride(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{}, 120, 40)
		d.keys("S")
		d.shows("8 rows go.", "Not sent: 2 held back by errors.", "2 rows with errors, as they are", "Sends 8 rows")
		d.keys("space")
		d.shows("Sends 10 rows")
		d.keys("enter")
		d.pass(3 * time.Second)
		d.says("Sent 10 rows: 2 rejected, 8 accepted")
		d.wantAccepted(numberedFilings(1, 2, 3, 5, 6, 7, 8, 21)...)
		d.to("SL-00004")
		d.shows("Rejected 1001", "1001, missing required documents", "POLIC", "1 attempt")
		d.pass(20 * time.Second)
		d.keys("S")
		d.shows("2 rows go.", "8 done already")
		d.keys("esc", "r")
		d.shows("2 rows that InsCipher rejected", "Sends 2 rows")
		d.keys("enter")
		d.pass(3 * time.Second)
		if got := d.filed.cipher.Received(); got["SL-00004"] != 2 || got["SL-00001"] != 1 {
			t.Errorf("received %v", got)
		}
		d.pass(20 * time.Second)
		d.keys("w")
		d.pass(time.Second)
		d.says("2 rows written to")
		found, err := filepath.Glob(d.filed.folder + "-exports/*.csv")
		if err != nil || len(found) != 1 {
			t.Fatalf("exports: %v, %v", found, err)
		}
		raw, err := os.ReadFile(found[0])
		if err != nil || !strings.Contains(string(raw), "SL-00004") || !strings.Contains(string(raw), "SL-00022") {
			t.Errorf("the export is %s, %v", raw, err)
		}
	})
}

// TestQueuedBatchesArePolled: the results of a queued batch come while the run waits, or are asked for later.
func TestQueuedBatchesArePolled(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{filings: &filingsSetup{
			files: both(), behaviour: inscipher.Behaviour{Async: true, Polls: 1000},
		}}, 120, 40)
		d.keys("S", "enter")
		d.pass(10 * time.Second)
		d.shows("waiting for the results of queued batches", "Queued, the result comes later")
		d.pass(2 * time.Minute)
		d.shows("6 queued")
		d.keys("p")
		d.pass(time.Second)
		d.says("No result yet: 1 batch still at work")
		d.filed.cipher.Change(func(b *inscipher.Behaviour) { b.Polls = 0 })
		d.pass(20 * time.Second)
		d.keys("p")
		d.pass(3 * time.Second)
		d.says("8 results: 2 rejected, 6 accepted")
		d.wantAccepted(numberedFilings(1, 3, 5, 7, 8, 21)...)
	})
}

// TestStopLosesNothing: a run that is stopped ends after the chunk under way, and the next one goes on.
func TestStopLosesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{filings: &filingsSetup{
			files: both(), chunk: 2, behaviour: inscipher.Behaviour{Faults: []inscipher.Fault{{Kind: inscipher.FaultSlow, Skip: 1, Delay: 5 * time.Second}}},
		}}, 120, 40)
		d.keys("S", "enter")
		d.pass(time.Second)
		d.keys("esc")
		d.shows("Stop", "Nothing is lost")
		d.keys("esc") // on it goes
		d.hides("Nothing is lost")
		d.keys("x", "enter")
		d.shows("stopping")
		d.pass(10 * time.Second)
		d.hides("stopping")
		sent := len(d.filed.cipher.Accepted())
		if sent == 0 || sent == 6 {
			t.Errorf("%d rows were accepted before it stopped", sent)
		}
		d.pass(20 * time.Second)
		d.file()
		d.wantAccepted(numberedFilings(1, 3, 5, 7, 8, 21)...)
	})
}

// TestFilingsFollowTheirFiles: a file that was changed elsewhere is read again, and the selection stays on its row.
func TestFilingsFollowTheirFiles(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{}, 120, 40)
		d.to("SL-00006")
		d.write("june.csv", filingTable(filingRow(99), filingRow(1), filingRow(6)))
		d.keys("1", "3")
		d.pass(time.Second)
		if got := d.marked(); !strings.Contains(got, "SL-00006") || !strings.Contains(got, "Ready") {
			t.Errorf("the selection is on %q", got)
		}
		d.shows("3 rows")
	})
}

// TestOpenFiles opens a file by its path, keeps what is open for the next start, and takes a whole folder.
func TestOpenFiles(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{filings: &filingsSetup{files: both(), closed: true}}, 120, 40)
		d.shows("No file is open")
		d.keys("o")
		d.typed("/" + d.path("ju")) // a second / begins the path anew
		d.shows("june.csv", "july.json")
		d.typed("ne.csv")
		d.keys("enter")
		d.shows("june.csv")
		d.keys("tab", "enter")
		d.pass(time.Second)
		d.says("Checked 8 rows: 2 with errors, 1 with warnings")
		d.keys("o")
		d.shows("* all files here")
		d.typed("all")
		d.keys("enter", "tab", "enter")
		d.pass(time.Second)
		d.shows("july.json", "june.csv", "filings · 10")
		raw, ok, err := d.store.Setting(d.ctx, "filings.paths")
		if err != nil || !ok || !strings.Contains(raw, d.filed.folder) {
			t.Errorf("remembered %q %v %v", raw, ok, err)
		}
	})
}

// TestFilingsInATerminal: the real program in a terminal emulator, from opening the files to the last acceptance: a row is
// mended, the connection is cut after rows were taken, and in the end each is filed exactly once.
func TestFilingsInATerminal(t *testing.T) {
	bubble(t, func(t *testing.T) {
		x := start(t, setup{live: true, filings: &filingsSetup{files: both(), closed: true, chunk: 3, behaviour: inscipher.Behaviour{
			Faults: []inscipher.Fault{{Kind: inscipher.FaultReset, Skip: 1, After: true}},
		}}}, 120, 40)
		x.Keys("3", "o")
		x.WaitFor("Open filings")
		x.Type("/" + x.filed.folder + "/all")
		x.WaitFor("* all files here")
		x.Keys("enter")
		x.WaitFor("2 files of this folder")
		x.Keys("tab", "enter")
		x.WaitFor("filings · 10")
		for _, fix := range []struct{ id, typed string }{{"SL-00002", ""}, {"SL-00006", "95678"}} {
			x.Keys("/")
			x.Type(fix.id)
			x.Keys("enter")
			x.WaitFor(fix.id + " · 1")
			x.Keys("e")
			x.WaitFor("Fix " + fix.id)
			x.Type(fix.typed)
			x.Keys("enter", "enter")
			x.WaitFor("Saved into")
			x.WaitIdle()
			time.Sleep(20 * time.Second) // the messages go away
			x.Keys("esc")
			x.WaitFor("filings · 10")
		}
		x.Keys("S")
		x.WaitFor("10 rows go. None stays behind.")
		x.Keys("enter")
		x.WaitFor("without an answer")
		x.WaitIdle()
		x.Keys("r")
		x.WaitFor("Sends 4 rows to InsCipher")
		x.Keys("enter")
		x.WaitFor("Sent 4 rows")
		x.WaitIdle()
		x.WaitGone("no answer")
		ids := numberedFilings(1, 2, 3, 5, 6, 7, 8, 21)
		x.wantAccepted(ids...)
		for e, err := range x.store.Filings().Walk(x.ctx, filing.Query{}) {
			want := filing.Rejected
			if slices.Contains(ids, e.ID) {
				want = filing.Accepted
			}
			if err != nil || e.State != want {
				t.Errorf("%s is %s (%s), want %s; %v", e.ID, e.State, e.Message, want, err)
			}
		}
		if x.content("june.csv") != june() {
			t.Error("the person's own file was changed")
		}
	})
}
