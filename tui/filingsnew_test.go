package tui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"claimdeck/action/filings"
)

// typedToday is the day's file of typed transactions.
func (d *desk) typedToday() string { return filings.TypedName(d.env.At) }

// save takes the form from its preview, and lets what was written be read.
func (d *desk) save() {
	d.keys("ctrl+r", "enter")
	d.pass(time.Second)
}

// TestNewFilingWithoutFiles: an empty screen offers it, what is missing is said once, and the file is open afterwards.
func TestNewFilingWithoutFiles(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{filings: &filingsSetup{}}, 120, 40)
		d.shows("No file is open", "N types a new transaction")
		d.keys("N")
		d.shows("New filing", d.typedToday(), "Transaction id *")
		d.typed("T-1")
		d.save()
		d.shows("New filing", "The row is held back as it is: 14 required fields are empty", "once more saves")
		folder := d.filed.folder + "-typed"
		if _, err := os.Stat(folder); err == nil {
			t.Fatal("it was saved before that was read")
		}
		d.save()
		d.says("Saved into")
		d.hides("New filing")
		d.shows(d.typedToday(), "1 row ", "with errors")
		if got := d.marked(); !strings.Contains(got, "T-1") {
			t.Errorf("the row is %q", got)
		}
		raw, err := os.ReadFile(filepath.Join(folder, d.typedToday()))
		want := `"id":"T-1","rpg":0,"invoice_date":"` + d.env.At.Format(time.DateOnly) + `"`
		if err != nil || !strings.Contains(string(raw), want) {
			t.Errorf("the file has %s, %v; want %s", raw, err, want)
		}
	})
}

// TestNewFilingFromARow: policy, insured and address are kept, the file stands beside the others, and a filter does not hide
// what was typed.
func TestNewFilingFromARow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{}, 120, 40)
		d.keys("/")
		d.typed("SL-00005")
		d.keys("enter")
		d.pass(time.Second)
		d.keys("N")
		d.pass(time.Second)
		d.shows("New filing", "Policy, insured and address are those of SL-00005", "CA-004005")
		d.typed("T-1")
		d.save()
		d.save()
		d.says("Saved into")
		d.shows("june.csv", "july.json", d.typedToday())
		if got := d.marked(); !strings.Contains(got, "T-1") || !strings.Contains(got, "CA-004005") {
			t.Errorf("the row is %q", got)
		}
		if got := d.content(d.typedToday()); strings.Contains(got, "3900") || strings.Contains(got, "SL-00005") || !strings.Contains(got, "Westfield Galleria 5") {
			t.Errorf("the file has %s", got)
		}
		if d.content("june.csv") != june() || d.content("july.json") != july() {
			t.Error("a file of the person was changed")
		}
		// The next one goes into the same file.
		d.keys("N")
		d.pass(time.Second)
		d.typed("T-2")
		d.save()
		d.save()
		if got := d.marked(); !strings.Contains(got, "T-2") || strings.Count(d.content(d.typedToday()), `"id":`) != 2 {
			t.Errorf("the row is %q of %s", got, d.content(d.typedToday()))
		}
	})
}

// TestNewFilingIsRefused: an id that is taken, a value that cannot be, and a disk that does not take it: the form says so
// and keeps what was typed.
func TestNewFilingIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{}, 120, 40)
		d.to("SL-00005")
		d.keys("N")
		d.pass(time.Second)
		d.typed("SL-00001")
		d.save()
		d.save()
		d.shows("New filing", "SL-00001 is taken: it is the id", "of june.csv line 2; give this one")
		d.keys("backspace")
		d.typed("x")
		d.keys("enter")
		for range len("CA-004005") {
			d.keys("backspace")
		}
		d.typed(strings.Repeat("9", 51))
		d.save()
		d.shows("New filing", "50")
		for range 2 {
			d.keys("backspace")
		}
		// The folder stands where the file should be.
		if err := os.Mkdir(d.path(d.typedToday()), 0o700); err != nil {
			t.Fatal(err)
		}
		d.save()
		d.shows("New filing", "The transaction was not saved", "SL-0000x", "9999")
		if err := os.Remove(d.path(d.typedToday())); err != nil {
			t.Fatal(err)
		}
		d.save()
		d.says("Saved into")
		if got := d.marked(); !strings.Contains(got, "SL-0000x") {
			t.Errorf("the row is %q", got)
		}
	})
}

// TestNewFilingDoesNotCopyMistakes: what the checks propose for a value of the other row is filled in, and said.
func TestNewFilingDoesNotCopyMistakes(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{}, 120, 40)
		d.to("SL-00002") // its policy is effective on 11/2/2026
		d.keys("N")
		d.pass(time.Second)
		d.shows("New filing", "2026-11-02")
		d.typed("T-1")
		d.keys("enter", "enter")
		d.shows(`"11/2/2026": it is no day`)
		d.save()
		d.save()
		if got := d.content(d.typedToday()); !strings.Contains(got, `"policy_effective_date":"2026-11-02"`) {
			t.Errorf("the file has %s", got)
		}
	})
}

// TestNewFilingRefusesWhatIsTypedWrong at its field, however often it is saved.
func TestNewFilingRefusesWhatIsTypedWrong(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{filings: &filingsSetup{}}, 120, 40)
		d.keys("N")
		d.typed("T-1")
		d.keys("enter")
		d.typed("P-1")
		d.keys("enter")
		d.typed("tomorrow")
		for range 3 {
			d.save()
			d.shows("New filing", "it is no day")
		}
		if _, err := os.Stat(d.filed.folder + "-typed"); err == nil {
			t.Error("it was saved")
		}
	})
}
