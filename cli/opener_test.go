package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFilesOfOneNameAreKeptApart(t *testing.T) {
	t.Parallel()
	base := filepath.Join(t.TempDir(), "EX-1-letter")
	for _, c := range []struct{ content, want string }{
		{"one", "EX-1-letter.pdf"}, {"two", "EX-1-letter-2.pdf"}, {"one", "EX-1-letter.pdf"}, {"two", "EX-1-letter-2.pdf"}, {"three", "EX-1-letter-3.pdf"},
	} {
		path, err := keepNew(base, ".pdf", []byte(c.content))
		if err != nil || filepath.Base(path) != c.want {
			t.Fatalf("%s is kept as %s: %v", c.content, path, err)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != c.content {
			t.Errorf("%s holds %q: %v", path, data, err)
		}
	}
	if info, err := os.Stat(base + ".pdf"); err != nil || (runtime.GOOS != "windows" && info.Mode().Perm() != 0o600) {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestDesktopIsLookedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		system string
		vars   []string
	}{
		"bare console": {"linux", nil},
		"over SSH":     {"linux", []string{"SSH_CONNECTION"}},
		"mac over SSH": {"darwin", []string{"SSH_CONNECTION"}},
	} {
		p := &Program{Env: func(name string) (string, bool) {
			return "set", slices.Contains(c.vars, name)
		}}
		if got := p.desktopOpener(c.system); got != nil {
			t.Errorf("%s: opens with %v", name, got)
		}
	}
}

func TestOnlyDocumentsAreOpened(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the stand-in for the desktop's opener is a script")
	}
	dir := t.TempDir()
	opened := filepath.Join(dir, "opened")
	script := "#!/bin/sh\necho \"$1\" > " + opened + ".part && mv " + opened + ".part " + opened + "\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	p := &Program{Env: func(name string) (string, bool) { return ":0", name == "DISPLAY" }}
	open := p.opener()
	if open == nil {
		t.Fatal("no opener")
	}
	bad := filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(bad, []byte("#!/bin/sh\nrm -rf ~\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t.Context(), bad); err == nil || !strings.Contains(err.Error(), "no PDF and no picture") {
		t.Errorf("a script is opened: %v", err)
	}
	good := filepath.Join(dir, "b.pdf")
	if err := os.WriteFile(good, []byte("%PDF-1.4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	if got := waitForFile(t, opened); strings.TrimSpace(got) != good {
		t.Errorf("opened %q", got)
	}
}

// waitForFile reads a file once it is there.
func waitForFile(t *testing.T, path string) string {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	end := time.After(10 * time.Second)
	for {
		if data, err := os.ReadFile(path); err == nil {
			return string(data)
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("the file never came")
		}
	}
}

func TestEditor(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the editor of this test is a shell command")
	}
	p := &Program{Env: func(name string) (string, bool) {
		return `sed -i.bak -e "s/a b/c d/"`, name == "EDITOR"
	}}
	ed := p.editors(t.Context())("say a b\n")
	if err := ed.Run(); err != nil {
		t.Fatal(err)
	}
	if got := ed.Text(); got != "say c d\n" {
		t.Errorf("it wrote %q", got)
	}
	p.Env = func(name string) (string, bool) { return "false", name == "VISUAL" }
	ed = p.editors(t.Context())("kept")
	if err := ed.Run(); err == nil || ed.Text() != "kept" {
		t.Errorf("a failed editor: %v, %q", err, ed.Text())
	}
}
