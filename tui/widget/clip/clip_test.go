package clip_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"claimdeck/tui/widget/clip"
)

// desk is a machine: its variables, the programs on it and what they do.
type desk struct {
	env      map[string]string
	programs []string
	fails    map[string]error
	goos     string
	ran      []string // "xclip -selection clipboard -in: text"
}

func (d *desk) clipboard() *clip.Clipboard {
	if d.goos == "" {
		d.goos = "linux"
	}
	return clip.New(clip.Options{
		GOOS: d.goos,
		Env:  func(name string) (string, bool) { v, ok := d.env[name]; return v, ok },
		LookPath: func(name string) (string, error) {
			if slices.Contains(d.programs, name) {
				return "/bin/" + name, nil
			}
			return "", errors.New("not found")
		},
		Run: func(_ context.Context, path string, args []string, stdin string) error {
			d.ran = append(d.ran, strings.Join(append([]string{path}, args...), " ")+": "+stdin)
			return d.fails[path]
		},
	})
}

const (
	text  = "1FAHP3EN7BW114135"
	plain = "\x1b]52;c;MUZBSFAzRU43QlcxMTQxMzU=\x07"
)

func TestCopy(t *testing.T) {
	t.Parallel()
	all := []string{"wl-copy", "xclip", "xsel", "pbcopy", "clip.exe"}
	wayland, x := map[string]string{"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, map[string]string{"DISPLAY": ":0"}
	broken := map[string]error{"/bin/wl-copy": errors.New("exit status 1")}
	throughTmux := plain + "\x1bPtmux;\x1b" + plain + "\x1b\\"
	tests := []struct {
		name     string
		desk     desk
		ran      []string
		words    string
		sequence string
	}{
		{"wayland", desk{env: wayland, programs: all}, []string{"/bin/wl-copy --type text/plain;charset=utf-8: " + text}, "copied with wl-copy", ""},
		{"x11", desk{env: x, programs: all}, []string{"/bin/xclip -selection clipboard -in: " + text}, "copied with xclip", ""},
		{"x11 with xsel only", desk{env: x, programs: []string{"xsel"}}, []string{"/bin/xsel --clipboard --input: " + text}, "copied with xsel", ""},
		{
			"wayland whose program fails",
			desk{env: wayland, programs: all, fails: broken},
			[]string{"/bin/wl-copy --type text/plain;charset=utf-8: " + text, "/bin/xclip -selection clipboard -in: " + text},
			"copied with xclip", "",
		},
		{
			"no program that works",
			desk{env: wayland, programs: []string{"wl-copy"}, fails: broken},
			[]string{"/bin/wl-copy --type text/plain;charset=utf-8: " + text},
			"sent by OSC 52 (wl-copy failed: exit status 1); not there? the terminal does not allow it", plain,
		},
		{"mac", desk{goos: "darwin", programs: all}, []string{"/bin/pbcopy: " + text}, "copied with pbcopy", ""},
		{"no display", desk{programs: all}, nil, "sent by OSC 52; not there? the terminal does not allow it", plain},
		{
			"ssh with a forwarded display",
			desk{env: map[string]string{"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, programs: all},
			nil, "sent by OSC 52; not there? the terminal does not allow it", plain,
		},
		{"ssh to a mac", desk{goos: "darwin", env: map[string]string{"SSH_TTY": "/dev/ttys001"}, programs: all}, nil, "sent by OSC 52; not there? the terminal does not allow it", plain},
		{
			"tmux over ssh",
			desk{env: map[string]string{"SSH_TTY": "/dev/pts/1", "TMUX": "/tmp/tmux-0/default,1,0", "TERM": "screen-256color"}},
			nil,
			"sent by OSC 52 through tmux; not there? allow set-clipboard in tmux", throughTmux,
		},
		{"tmux on a desktop", desk{env: map[string]string{"TMUX": "x", "DISPLAY": ":0"}, programs: all}, []string{"/bin/xclip -selection clipboard -in: " + text}, "copied with xclip", ""},
		{
			"screen",
			desk{env: map[string]string{"STY": "1.pts-0.host", "TERM": "screen"}},
			nil,
			"sent by OSC 52 through screen; not there? the terminal does not allow it", "\x1bP" + plain + "\x1b\\",
		},
		{"the console of linux", desk{env: map[string]string{"TERM": "linux"}}, nil, "not copied: the terminal linux has no clipboard", ""},
		{"no terminal", desk{env: map[string]string{"TERM": "dumb"}}, nil, "not copied: the terminal dumb has no clipboard", ""},
		{"the console of linux with a desktop", desk{env: map[string]string{"TERM": "linux", "DISPLAY": ":0"}, programs: all}, []string{"/bin/xclip -selection clipboard -in: " + text}, "copied with xclip", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o, sequence := test.desk.clipboard().Copy(t.Context(), text)
			if o.String() != test.words || sequence != test.sequence {
				t.Errorf("got %q and %q\nwant %q and %q", o, sequence, test.words, test.sequence)
			}
			if !slices.Equal(test.desk.ran, test.ran) {
				t.Errorf("ran %q, want %q", test.desk.ran, test.ran)
			}
			if (o.Method == clip.Terminal) != (sequence != "") {
				t.Errorf("method %q with sequence %q", o.Method, sequence)
			}
		})
	}
}

// clip.exe reads UTF-16, or takes the text for the code page of the console.
func TestCopyToWindows(t *testing.T) {
	t.Parallel()
	for _, d := range []*desk{
		{goos: "windows", programs: []string{"clip.exe"}},
		{env: map[string]string{"WSL_DISTRO_NAME": "Ubuntu", "DISPLAY": ":0"}, programs: []string{"clip.exe", "xclip"}},
	} {
		o, sequence := d.clipboard().Copy(t.Context(), "é\n€")
		if o.String() != "copied with clip.exe" || sequence != "" {
			t.Errorf("got %q, %q", o, sequence)
		}
		if want := []string{"/bin/clip.exe: \xff\xfe\xe9\x00\r\x00\n\x00\xac\x20"}; !slices.Equal(d.ran, want) {
			t.Errorf("ran %q, want %q", d.ran, want)
		}
	}
}

// A program that hangs is given up after two seconds, and the terminal is asked instead.
func TestCopyGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clip.New(clip.Options{
			GOOS: "darwin", LookPath: func(name string) (string, error) { return name, nil },
			Run: func(ctx context.Context, _ string, _ []string, _ string) error {
				<-ctx.Done()
				return ctx.Err()
			},
		})
		began := time.Now()
		o, sequence := c.Copy(t.Context(), text)
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("it took %s", took)
		}
		if o.Method != clip.Terminal || !strings.Contains(o.Why, "pbcopy failed: no end after 2s") || sequence != plain {
			t.Errorf("got %+v, %q", o, sequence)
		}
	})
}

func TestCopySizes(t *testing.T) {
	t.Parallel()
	d := &desk{}
	if o, sequence := d.clipboard().Copy(t.Context(), ""); o.Method != clip.Nowhere || sequence != "" {
		t.Errorf("nothing: %v", o)
	}
	if o, sequence := d.clipboard().Copy(t.Context(), strings.Repeat("x", 74_994)); o.Method != clip.Terminal || len(sequence) > 100_000 {
		t.Errorf("the most: %v, %d bytes", o, len(sequence))
	}
	if o, sequence := d.clipboard().Copy(t.Context(), strings.Repeat("x", 74_995)); o.String() != "not copied: 74995 bytes are more than a terminal takes (74994)" || sequence != "" {
		t.Errorf("too much: %v", o)
	}
	mac := &desk{goos: "darwin", programs: []string{"pbcopy"}}
	if o, _ := mac.clipboard().Copy(t.Context(), strings.Repeat("x", 200_000)); o.Method != clip.Native {
		t.Errorf("a program takes any size: %v", o)
	}
}

// A machine of which nothing is known still copies by the terminal.
func TestCopyOfNothingKnown(t *testing.T) {
	t.Parallel()
	for _, o := range []clip.Options{{}, {Env: func(string) (string, bool) { return "not set", false }}} {
		if o, sequence := clip.New(o).Copy(t.Context(), text); o.Method != clip.Terminal || o.Via != clip.Direct || sequence != plain {
			t.Errorf("got %v, %q", o, sequence)
		}
	}
}

// What tmux and screen pass on is the plain sequence, whatever the text.
func TestWrapping(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringN(1, -1, 5000).Filter(utf8.ValidString).Draw(t, "text")
		want := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(s)) + "\x07"

		tmux := &desk{env: map[string]string{"TMUX": "x"}}
		_, sequence := tmux.clipboard().Copy(context.Background(), s)
		wrapped, ok := strings.CutPrefix(sequence, want)
		if !ok {
			t.Fatalf("the plain sequence does not come first: %q", sequence)
		}
		inner, begins := strings.CutPrefix(wrapped, "\x1bPtmux;")
		inner, ends := strings.CutSuffix(inner, "\x1b\\")
		if !begins || !ends || strings.ReplaceAll(inner, "\x1b\x1b", "\x1b") != want {
			t.Fatalf("tmux passes on %q", wrapped)
		}

		screen := &desk{env: map[string]string{"STY": "x"}}
		_, sequence = screen.clipboard().Copy(context.Background(), s)
		var passed bytes.Buffer
		for part := range strings.SplitSeq(strings.TrimSuffix(sequence, "\x1b\\"), "\x1b\\") {
			if len(part)+2 > 768 || !strings.HasPrefix(part, "\x1bP") {
				t.Fatalf("screen gets %q", part)
			}
			passed.WriteString(strings.TrimPrefix(part, "\x1bP"))
		}
		if passed.String() != want {
			t.Fatalf("screen passes on %q", passed.String())
		}
	})
}
