package picker

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"claimdeck/tui/theme"
	"claimdeck/tui/tuitest"
)

func dark() theme.Theme { return theme.New(theme.Options{Dark: true}) }

var day = time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)

// disk is a Source in memory; it counts what it is asked.
type disk struct {
	dirs      map[string][]Entry
	reads     []string
	inspected []string
}

func newDisk() *disk {
	return &disk{dirs: map[string][]Entry{
		"/home/dana": {
			{Name: "scans", Dir: true, ModTime: day}, {Name: ".hidden", Dir: true}, {Name: "letter.pdf", Size: 9_940, ModTime: day},
		},
		"/home/dana/scans": {
			{Name: "old.pdf", Size: 1, ModTime: day.Add(-time.Hour)},
			{Name: "report final.pdf", Size: 1_820_000, ModTime: day},
			{Name: "report draft.pdf", Size: 999, ModTime: day.Add(-time.Minute)},
			{Name: "notes.txt", Size: 12, ModTime: day.Add(-2 * time.Hour)},
			{Name: "Z", Dir: true},
			{Name: "a", Dir: true},
		},
		"/home/dana/scans/a": nil,
	}}
}

func (d *disk) source() Source {
	return Source{
		Home: "/home/dana",
		ReadDir: func(dir string) ([]Entry, error) {
			d.reads = append(d.reads, dir)
			entries, ok := d.dirs[dir]
			if !ok {
				return nil, errors.New("there is no folder " + dir)
			}
			return entries, nil
		},
		Inspect: func(path string) (string, error) {
			d.inspected = append(d.inspected, path)
			if !strings.HasSuffix(path, ".pdf") {
				return "", errors.New(filepath.Base(path) + " is not a PDF")
			}
			return "PDF document", nil
		},
	}
}

// settle runs what follows of a command and returns the last event.
func settle(p *Picker, cmd tea.Cmd) Event {
	msg, ok := tuitest.Await(cmd)
	if !ok {
		return nil
	}
	if batch, ok := msg.(tea.BatchMsg); ok {
		var last Event
		for _, c := range batch {
			if ev := settle(p, c); ev != nil {
				last = ev
			}
		}
		return last
	}
	next, ev := p.Update(msg)
	if later := settle(p, next); later != nil {
		ev = later
	}
	return ev
}

func send(p *Picker, msgs ...tea.Msg) Event {
	var last Event
	for _, msg := range msgs {
		cmd, ev := p.Update(msg)
		if later := settle(p, cmd); later != nil {
			ev = later
		}
		if ev != nil {
			last = ev
		}
	}
	return last
}

func press(p *Picker, names ...string) Event { return send(p, tuitest.Keys(names...)...) }

func opened(d *disk) *Picker {
	p := New(d.source())
	settle(p, p.Init())
	return p
}

func shows(p *Picker) string {
	lines, _ := p.View(60, 10, dark())
	return ansi.Strip(strings.Join(lines, "\n"))
}

func chosen(t *testing.T, ev Event, path string) {
	t.Helper()
	if c, ok := ev.(Chosen); !ok || c.Path != path || c.Info != "PDF document" {
		t.Fatalf("the event is %#v, want %s chosen", ev, path)
	}
}

func TestBrowsing(t *testing.T) {
	t.Parallel()
	p := opened(newDisk())
	if got := shows(p); !strings.HasPrefix(got, "~/") || strings.Contains(got, ".hidden") || !strings.Contains(got, "9.9 kB") {
		t.Errorf("at home:\n%s", got)
	}
	press(p, "enter") // into the first folder
	got := shows(p)
	order := []string{"a/", "Z/", "report final.pdf", "report draft.pdf", "old.pdf", "notes.txt"}
	for i := 1; i < len(order); i++ {
		if strings.Index(got, order[i-1]) > strings.Index(got, order[i]) {
			t.Errorf("%s stands behind %s:\n%s", order[i-1], order[i], got)
		}
	}
	press(p, "down", "pgdown") // to the end: the text file
	if got = shows(p); !strings.Contains(got, "! notes.txt is not a PDF") {
		t.Errorf("a refusal does not show before choosing:\n%s", got)
	}
	if ev := press(p, "enter"); ev != nil || p.Refusal() == "" {
		t.Errorf("a text file gave %#v", ev)
	}
	press(p, "ctrl+u", "~", "/", "s", "c", "a", "n", "s", "/")
	chosen(t, press(p, "down", "down", "enter"), "/home/dana/scans/report final.pdf")
	if path, info, ok := p.Chosen(); !ok || path != "/home/dana/scans/report final.pdf" || info != "PDF document" {
		t.Errorf("chosen %q %q %v", path, info, ok)
	}
	if got = shows(p); strings.Contains(got, "old.pdf") || !strings.Contains(got, "+ PDF document") {
		t.Errorf("after choosing:\n%s", got)
	}
	press(p, "backspace")
	if _, _, ok := p.Chosen(); ok {
		t.Error("still chosen after its name was changed")
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	p := opened(newDisk())
	if p.Completes() {
		t.Error("tab completes though nothing was typed")
	}
	press(p, "s", "c", "tab")
	if got := shows(p); !strings.HasPrefix(got, "~/scans/") {
		t.Errorf("a folder completes to\n%s", got)
	}
	press(p, "r", "e", "tab")
	if got := shows(p); !strings.HasPrefix(got, "~/scans/report ") || strings.Contains(got, "old.pdf") {
		t.Errorf("what two names share completes to\n%s", got)
	}
	chosen(t, press(p, "d", "tab"), "/home/dana/scans/report draft.pdf")
	if p.Completes() {
		t.Error("tab still completes after choosing")
	}
}

func TestTypedNameWithoutListing(t *testing.T) {
	t.Parallel()
	d := newDisk()
	p := New(d.source()) // its folder was never read
	p.SetPath("/home/dana/scans/old.pdf")
	if p.Path() != "/home/dana/scans/old.pdf" {
		t.Errorf("path %q", p.Path())
	}
	chosen(t, press(p, "enter"), "/home/dana/scans/old.pdf")
	p = opened(d)
	if ev := press(p, "n", "o", "n", "e", "enter"); ev != nil || !strings.Contains(shows(p), "! none is not a PDF") {
		t.Errorf("%#v\n%s", ev, shows(p))
	}
}

func TestUnknownFolder(t *testing.T) {
	t.Parallel()
	p := opened(newDisk())
	send(p, tea.PasteMsg{Content: "/nowhere/x.txt"})
	if got := shows(p); !strings.Contains(got, "! there is no folder /nowhere") {
		t.Errorf("got\n%s", got)
	}
}

func TestPastedPaths(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/home/dana/scans/old.pdf\n":                 "/home/dana/scans/old.pdf",
		`'/home/dana/scans/report final.pdf'`:        "/home/dana/scans/report final.pdf",
		`/home/dana/scans/report\ final.pdf `:        "/home/dana/scans/report final.pdf",
		"file:///home/dana/scans/report%20final.pdf": "/home/dana/scans/report final.pdf",
		"~/letter.pdf": "/home/dana/letter.pdf",
		"letter.pdf":   "/home/dana/letter.pdf",
	} {
		p := opened(newDisk())
		send(p, tea.PasteMsg{Content: in})
		if p.Path() != want {
			t.Errorf("%q is pasted as %q, want %q", in, p.Path(), want)
		}
		chosen(t, press(p, "enter"), want)
	}
}

// TestOneInspectionAtATime holds a key down over many files.
func TestOneInspectionAtATime(t *testing.T) {
	t.Parallel()
	d := newDisk()
	var many []Entry
	for i := range 100 {
		many = append(many, Entry{Name: "f" + string(rune('a'+i%26)) + string(rune('a'+i/26)) + ".pdf"})
	}
	d.dirs["/home/dana"] = many
	p := New(d.source())
	read, _ := tuitest.Await(p.Init())
	first, _ := p.Update(read)
	if first == nil {
		t.Fatal("the first file is not inspected")
	}
	for range 50 {
		if cmd, _ := p.Update(tuitest.Key("down")); cmd != nil {
			t.Fatal("a second inspection starts while the first runs")
		}
	}
	settle(p, first)
	if len(d.inspected) != 2 {
		t.Errorf("%d files were inspected, want the first and the one where the cursor came to rest", len(d.inspected))
	}
}

func TestLateAnswersAreDropped(t *testing.T) {
	t.Parallel()
	d := newDisk()
	p := New(d.source())
	home, _ := tuitest.Await(p.Init())
	for _, msg := range tuitest.Typed("scans/") {
		cmd, _ := p.Update(msg)
		if cmd != nil {
			settle(p, cmd)
		}
	}
	send(p, home)
	if got := shows(p); strings.Contains(got, "letter.pdf") || !strings.Contains(got, "old.pdf") {
		t.Errorf("an old listing replaced a newer one:\n%s", got)
	}
	other := opened(d)
	send(other, inspected{owner: p, path: "/x.pdf"}, dirRead{owner: p, dir: "/home/dana"})
	if strings.Contains(shows(other), "x.pdf") || len(other.entries) == 0 {
		t.Error("another picker's answer was taken")
	}
}

func TestReadDir(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.pdf"), []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "broken")); err != nil {
		t.Skip("no links here:", err)
	}
	entries, err := ReadDir(dir)
	if err != nil || len(entries) != 2 || entries[0].Name != "a.pdf" || entries[0].Size != 5 || !entries[1].Dir {
		t.Errorf("got %+v, %v", entries, err)
	}
	if _, err = ReadDir(filepath.Join(dir, "gone")); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "there is no folder") {
		t.Errorf("a missing folder says %v", err)
	}
	if _, err = ReadDir(filepath.Join(dir, "a.pdf")); err == nil || !strings.Contains(err.Error(), "a.pdf") {
		t.Errorf("a file instead of a folder says %v", err)
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		-1: "0 B", 0: "0 B", 999: "999 B", 1000: "1.0 kB", 9_949: "9.9 kB", 9_950: "10 kB", 999_499: "999 kB",
		999_500: "1.0 MB", 1_820_000: "1.8 MB", 25_000_000: "25 MB", 1 << 62: "4.6 EB",
	} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestEveryRowIsExact(t *testing.T) {
	t.Parallel()
	keys := []string{"down", "pgdown", "up", "tab", "enter", "backspace", "a", "日", "/"}
	rapid.Check(t, func(r *rapid.T) {
		d := newDisk()
		for range rapid.IntRange(0, 8).Draw(r, "files") {
			d.dirs["/home/dana"] = append(d.dirs["/home/dana"], Entry{
				Name: rapid.StringN(1, 40, -1).Draw(r, "name"), Dir: rapid.Bool().Draw(r, "dir"),
				Size: rapid.Int64().Draw(r, "size"), ModTime: day,
			})
		}
		p := opened(d)
		for range rapid.IntRange(0, 5).Draw(r, "keys") {
			press(p, rapid.SampledFrom(keys).Draw(r, "key"))
		}
		w, h := rapid.IntRange(0, 70).Draw(r, "w"), rapid.IntRange(0, 12).Draw(r, "h")
		lines, x := p.View(w, h, dark())
		if len(lines) > h || x > max(0, w-1) {
			r.Fatalf("%d lines in %d, cursor at %d", len(lines), h, x)
		}
		for _, line := range append(lines, p.Summary(w, dark())) {
			if n := ansi.StringWidth(line); n != w {
				r.Fatalf("%q is %d cells wide, not %d", line, n, w)
			}
		}
	})
}

// What is typed narrows the listing, and the box around it keeps its size.
func TestListingKeepsItsHeight(t *testing.T) {
	t.Parallel()
	p := opened(newDisk())
	lines, _ := p.View(60, 9, dark())
	tall := len(lines)
	for _, key := range []string{"v", "a", "x", "x", "backspace", "backspace", "backspace", "backspace", "down", "down"} {
		press(p, key)
		if lines, _ = p.View(60, 9, dark()); len(lines) != tall {
			t.Errorf("after %s it has %d lines, and had %d:\n%s", key, len(lines), tall, strings.Join(lines, "\n"))
		}
	}
}
