package activityview

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
	"claimdeck/tui/widget/row"
)

// documents are the activities that are printed in the remote documents.
const documents = "../../../state/activity/testdata/documents"

func view() View {
	zone := time.FixedZone("CST", -6*3600)
	return View{Look: screen.NewLook(theme.New(theme.Options{Dark: true})), Now: time.Date(2021, time.June, 1, 9, 30, 0, 0, zone)}
}

func printed(t *testing.T, name string) activity.Activity {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(documents, name))
	if err != nil {
		t.Fatal(err)
	}
	a, err := activity.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func plain(lines []string) string { return ansi.Strip(strings.Join(lines, "\n")) }

// Every printed activity is told in a golden file, and every documented type is among them.
func TestEveryTypeIsTold(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(documents, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no documents")
	}
	// The documents print no example of this one.
	contacted := decode(t, `{"activityId":"c1","createdAt":"2021-06-01T15:00:00Z","type":"request-pending-lender-contacted","data":{}}`)
	tuitest.Golden(t, "request-pending-lender-contacted", plain(view().Lines(contacted, 76)))
	told := map[activity.Type]bool{contacted.Type: true}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		a := printed(t, filepath.Base(file))
		told[a.Type] = true
		got := plain(view().Lines(a, 76))
		tuitest.Golden(t, name, got)
		for _, want := range []string{a.CreatedAt.UTC().Format("2006-01-02T15:04:05.000Z"), string(a.Type), a.ID} {
			if !strings.Contains(plain(view().Lines(a, 200)), want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
	}
	for _, typ := range activity.Types() {
		if !told[typ] {
			t.Errorf("no printed activity of %s", typ)
		}
	}
}

func decode(t *testing.T, raw string) activity.Activity {
	t.Helper()
	a, err := activity.Decode([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestUnknownIsToldFieldByField(t *testing.T) {
	t.Parallel()
	a := decode(t, `{"activityId":"x1","createdAt":"2021-06-01T15:00:00Z","type":"moon-landing","data":{"crew":3,"accountNumber":"123456789012"}}`)
	got := plain(view().Lines(a, 76))
	for _, want := range []string{"Something new: moon landing", "crew", "3", "30 min ago", "not told", "raw JSON"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if strings.Contains(got, "123456789012") {
		t.Error("an account number of an unknown type is shown")
	}
	if empty := plain(view().Lines(decode(t, `{"activityId":"x2"}`), 76)); !strings.Contains(empty, "no time that can be read") {
		t.Errorf("without a time:\n%s", empty)
	}
}

func TestSensitiveValuesAreMaskedUntilRevealed(t *testing.T) {
	t.Parallel()
	a := decode(t, `{"activityId":"x1","createdAt":"2021-06-01T15:00:00Z","type":"claim-updated","data":{
		"update":{"accountNumber":"999888777666","lenderName":"Ally"},"previous":{"accountNumber":"111122223333","lenderName":"Alley"}}}`)
	v := view()
	got := plain(v.Lines(a, 76))
	for _, want := range []string{"••••••••3333 → ••••••••7666", "Alley → Ally"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	v.Revealed = true
	if got = plain(v.Lines(a, 76)); !strings.Contains(got, "111122223333 → 999888777666") {
		t.Errorf("not revealed:\n%s", got)
	}
}

func TestOrderTellsAllAttempts(t *testing.T) {
	t.Parallel()
	o := claim.Order{ID: "o1", Type: "Copy of Title", Status: "pending", Attempts: 2, FollowUp: "2021-06-03"}
	acts := []activity.Activity{
		decode(t, `{"activityId":"a3","createdAt":"2021-06-01T14:00:00Z","type":"order-attempted","data":{"orderId":"o1","orderType":"Copy of Title","message":"Fax is busy","count":2}}`),
		decode(t, `{"activityId":"a2","createdAt":"2021-06-01T13:00:00Z","type":"order-attempted","data":{"orderId":"o1","orderType":"Copy of Title","message":"Nobody answered","count":1}}`),
		decode(t, `{"activityId":"a1","createdAt":"2021-06-01T12:00:00Z","type":"order-created","data":{"orderId":"o1","orderType":"Copy of Title"}}`),
		decode(t, `{"activityId":"b1","createdAt":"2021-06-01T12:00:00Z","type":"order-created","data":{"orderId":"o2","orderType":"Payment History"}}`),
	}
	got := plain(view().Order(o, acts, 76))
	last := -1
	for _, want := range []string{"Copy of Title, pending", "Tries so far             2", "Jun 3", "Fax is busy", "Nobody answered", "ordered"} {
		at := strings.Index(got, want)
		if at < 0 {
			t.Errorf("%q is missing:\n%s", want, got)
		}
		if at < last {
			t.Errorf("%q stands before what is newer:\n%s", want, got)
		}
		last = at
	}
	if strings.Contains(got, "Payment History") {
		t.Errorf("another order is told:\n%s", got)
	}
}

func TestNothingIsWiderThanItsRoom(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(documents, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		a := printed(t, filepath.Base(rapid.SampledFrom(files).Draw(r, "file")))
		w := rapid.IntRange(12, 120).Draw(r, "w")
		for _, line := range view().Lines(a, w) {
			if row.Width(ansi.Strip(line)) > w {
				r.Fatalf("%q is wider than %d", line, w)
			}
		}
	})
}
