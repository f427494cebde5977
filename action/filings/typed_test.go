package filings_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"claimdeck/action/filings"
	"claimdeck/state/filing"
)

// typedRow is a transaction with an id and no more than a city.
func typedRow(t *testing.T, id string) filing.Row {
	t.Helper()
	r, err := filings.Apply(filing.Row{}, []filings.Edit{{Name: "id", Text: id}, {Name: "mailing_city", Text: "Oak <& Ash>"}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const day = "typed-2026-11-20.json"

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestAddWaitsForOtherConsoles: while another process adds, nothing is read or written, and giving up loses nothing.
func TestAddWaitsForOtherConsoles(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	folder := filepath.Join(o.folder, "own", "filings")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	other := flock.New(filepath.Join(folder, "typed.lock"))
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := o.Add(ctx, nil, typedRow(t, "n-1")); err == nil || !strings.Contains(err.Error(), "not saved") {
		t.Errorf("while another console adds: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, day)); err == nil {
		t.Error("written all the same")
	}
	if err := other.Unlock(); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Add(t.Context(), nil, typedRow(t, "n-1")); err != nil {
		t.Error(err)
	}
}

// TestAddGoesBesideTheFiles: the file is made, then grows, is open with the others, and theirs are not touched.
func TestAddGoesBesideTheFiles(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	own := good("a", "b")
	path := o.file("a.csv", own)
	for name, paths := range map[string][]string{"a file": {path}, "its folder": {o.folder}} {
		_ = os.Remove(filepath.Join(o.folder, day))
		b := o.book(paths...)
		for _, id := range []string{"n-1", "n-2"} {
			added, err := o.Add(t.Context(), b, typedRow(t, id))
			if err != nil || added.Written != filepath.Join(o.folder, day) || added.ID != id {
				t.Fatalf("%s: %+v, %v", name, added, err)
			}
			b = o.book(added.Paths...)
			if last := b.Rows[len(b.Rows)-1]; last.ID != id {
				t.Errorf("%s: the last row is %+v", name, last)
			}
		}
		if len(b.Rows) != 4 || len(b.Files) != 2 || name == "its folder" && !slices.Equal(b.Paths, paths) {
			t.Errorf("%s: %d rows of %v", name, len(b.Rows), b.Paths)
		}
		if got, want := read(t, filepath.Join(o.folder, day)), "[\n"+string(typedRow(t, "n-1").JSON())+",\n"+string(typedRow(t, "n-2").JSON())+"\n]\n"; got != want {
			t.Errorf("%s: the file is %q, want %q", name, got, want)
		}
	}
	if read(t, path) != own {
		t.Error("the person's own file was changed")
	}
}

// TestAddGoesOnWithTheMendedFile: in a folder the mended file hides the one it was made from.
func TestAddGoesOnWithTheMendedFile(t *testing.T) {
	t.Parallel()
	for name, folder := range map[string]bool{"folder": true, "file": false} {
		o := open(t, nil)
		paths := []string{o.file("a.csv", good("a"))}
		if folder {
			paths = []string{o.folder}
		}
		first, err := o.Add(t.Context(), o.book(paths...), typedRow(t, "n-1"))
		if err != nil {
			t.Fatal(err)
		}
		b := o.book(first.Paths...)
		_, paths, err = o.Save(t.Context(), b, len(b.Rows)-1, []filings.Edit{{Name: "mailing_city", Text: "Elm"}}, filing.SaveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range [][]string{paths, first.Paths} { // with the mended file open, and with the one before it
			id := "n-" + at[len(at)-1]
			second, err := o.Add(t.Context(), o.book(at...), typedRow(t, id))
			if err != nil || filepath.Base(second.Written) != "typed-2026-11-20.fixed.json" {
				t.Fatalf("%s: %+v, %v", name, second, err)
			}
			b = o.book(second.Paths...)
			if last := b.Rows[len(b.Rows)-1]; last.ID != id || len(b.Files) != 2 || b.Counts[filing.Repeated] > 0 {
				t.Errorf("%s: the last row is %+v of %v", name, last, b.Paths)
			}
			if folder {
				break
			}
		}
	}
}

// TestAddWithoutFiles uses the desk's own folder, which is made.
func TestAddWithoutFiles(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for _, id := range []string{"n-1", "n-2"} {
		added, err := o.Add(t.Context(), nil, typedRow(t, id))
		if err != nil || added.Written != filepath.Join(o.folder, "own", "filings", day) || !slices.Equal(added.Paths, []string{added.Written}) {
			t.Fatalf("%+v, %v", added, err)
		}
	}
	if _, err := o.Add(t.Context(), nil, typedRow(t, "n-1")); !strings.Contains(errorText(err), "n-1 is taken: it is the id of typed-2026-11-20.json row 1") {
		t.Errorf("it says %v", err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestAddRefusesAnIDThatIsTaken: by an open file, by the day's file, or by what was sent once.
func TestAddRefusesAnIDThatIsTaken(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	b := o.book(o.file("a.csv", good("a", "b")))
	o.submit(o.book(o.file("old.csv", good("sent"))), filing.SubmitOptions{})
	if _, err := o.Add(t.Context(), b, typedRow(t, "typed")); err != nil {
		t.Fatal(err)
	}
	before := read(t, filepath.Join(o.folder, day))
	for id, where := range map[string]string{"b": "a.csv line 3", "typed": day + " row 1", "sent": "a transaction that was sent before"} {
		_, err := o.Add(t.Context(), b, typedRow(t, id))
		if taken, ok := errors.AsType[*filings.TakenError](err); !ok || taken.ID != id || !strings.Contains(taken.Where, where) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if read(t, filepath.Join(o.folder, day)) != before {
		t.Error("something was written")
	}
}

// TestAddLeavesWhatItCannotRead: a file that is no list, or damaged, stays as it is.
func TestAddLeavesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		`[{"id": "half"`:    "damaged",
		`[{"id": "a"}] end`: "damaged",
		`{"id": "alone"}`:   "list",
		"":                  "damaged",
		"[]":                "",
		"[\n  ]\n\n":        "",
	} {
		o := open(t, nil)
		b := o.book(o.file("a.csv", good("a")))
		path := o.file(day, content)
		_, err := o.Add(t.Context(), b, typedRow(t, "n-1"))
		if got := errorText(err); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %v", content, err)
		}
		if want != "" && read(t, path) != content {
			t.Errorf("%q became %q", content, read(t, path))
		}
		if rows := o.book(path).Rows; want == "" && (len(rows) != 1 || rows[0].ID != "n-1") {
			t.Errorf("%q: %+v", content, rows)
		}
	}
}

// TestAddSaysWhyItCannotWrite: what the disk refuses is said with the file, and the next step.
func TestAddSaysWhyItCannotWrite(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	b := o.book(o.file("a.csv", good("a")))
	o.file("own", "a file where the folder should be")
	_, err := o.Add(t.Context(), nil, typedRow(t, "n-1"))
	if got := errorText(err); !strings.Contains(got, "the transaction was not saved") || !strings.Contains(got, filepath.Join("own", "filings")) {
		t.Errorf("it says %v", err)
	}
	if err := os.Mkdir(filepath.Join(o.folder, day), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = o.Add(t.Context(), b, typedRow(t, "n-1"))
	if got := errorText(err); !strings.Contains(got, "the transaction was not saved") || !strings.Contains(got, day) {
		t.Errorf("it says %v", err)
	}
	for _, id := range []string{"a.csv", "own", day} {
		if _, err := os.Stat(filepath.Join(o.folder, id)); err != nil {
			t.Error(err)
		}
	}
}

// TestBeginKeepsThePolicy: what belongs to the policy is kept, what belongs to one transaction is not.
func TestBeginKeepsThePolicy(t *testing.T) {
	t.Parallel()
	var from filing.Row
	for name, value := range map[string]string{
		"id": "a", "policy_number": "P-1", "mailing_insured_name": "Oak", "mailing_city": "Reno", "premium": "100", "total": "100", "invoice_date": "2025-01-01",
		"physical_city": "Elko", "physical_address": "1 Main", "transaction_documents.1.code": "POLIC", "rpg": "1",
	} {
		from, _ = filing.Edit(from, name, value)
	}
	for name, c := range map[string]struct {
		from filing.Row
		want map[string]string
	}{
		"nothing": {filing.Row{}, map[string]string{"rpg": "0", "ecp": "0", "physical_same_as_mailing": "1", "invoice_date": "2026-11-20"}},
		"another": {from, map[string]string{
			"policy_number": "P-1", "mailing_insured_name": "Oak", "mailing_city": "Reno", "physical_city": "Elko", "physical_address": "1 Main",
			"invoice_date": "2026-11-20", "ecp": "0", "rpg": "1",
		}},
	} {
		r, err := filings.Begin(c.from, clock())
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, m := range r.Members() {
			got[m.Name] = r.Text(m.Name)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
		}
		for field, value := range c.want {
			if got[field] != value {
				t.Errorf("%s: %s is %q, want %q", name, field, got[field], value)
			}
		}
	}
}
