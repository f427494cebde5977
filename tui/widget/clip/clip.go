// Package clip copies text to the person's clipboard and says how: by a program of the desktop where there is one,
// otherwise by asking the terminal (OSC 52), through tmux or screen when one of them stands between. A terminal never
// answers whether it obeyed, so the words of such a copy say what to allow if nothing arrived.
package clip

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/charmbracelet/x/ansi"
)

const (
	// runLimit is how long a program of the desktop may take.
	runLimit = 2 * time.Second
	// maxSequence bounds what the terminal is asked to copy, in bytes of text. Terminals drop what is longer than their
	// own limit, the common one being 100,000 bytes of base64, and they do it without a word.
	maxSequence = 74_994
	// screenChunk is below the 768 bytes of the longest string that screen passes on, wrapping included.
	screenChunk = 700
)

// Options are the machine as a Clipboard sees it. A nil function knows nothing: no variable, no program.
type Options struct {
	Env      func(name string) (value string, ok bool)
	LookPath func(name string) (path string, err error)
	// Run runs a program with a text on its standard input, until it ends or ctx does.
	Run  func(ctx context.Context, path string, args []string, stdin string) error
	GOOS string // as in runtime.GOOS
}

// Clipboard copies. It keeps nothing between two copies: the environment of a session may change under it.
type Clipboard struct{ o Options }

// New returns a clipboard.
func New(o Options) *Clipboard {
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	if o.LookPath == nil || o.Run == nil {
		o.LookPath = func(string) (string, error) { return "", errors.New("there are no programs") }
	}
	return &Clipboard{o}
}

// Method is the way a copy went.
type Method string

// The methods.
const (
	Nowhere  Method = ""         // nothing was copied; the outcome says why
	Native   Method = "native"   // a program of the desktop took it
	Terminal Method = "terminal" // the terminal was asked; whether it obeyed is not known
)

// Via is what stands between the program and the terminal.
type Via string

// What may stand between.
const (
	Direct Via = ""
	Tmux   Via = "tmux"
	Screen Via = "screen"
)

// Outcome says how a text was copied.
type Outcome struct {
	Method  Method
	Program string // Native: its name, such as "wl-copy"
	Via     Via    // Terminal
	Why     string // Nowhere: the reason; Terminal: why no program of the desktop took it, if one was tried
}

// String says it in words that follow the name of what was copied.
func (o Outcome) String() string {
	switch o.Method {
	case Native:
		return "copied with " + o.Program
	case Terminal:
		words := "sent by OSC 52"
		hint := "; not there? the terminal does not allow it"
		switch o.Via {
		case Tmux:
			words, hint = words+" through tmux", "; not there? allow set-clipboard in tmux"
		case Screen:
			words += " through screen"
		case Direct:
		}
		if o.Why != "" {
			words += " (" + o.Why + ")"
		}
		return words + hint
	case Nowhere:
	}
	return "not copied: " + o.Why
}

// Copy copies text. When the outcome's method is Terminal, sequence is what must be written to the terminal, as it is.
func (c *Clipboard) Copy(ctx context.Context, text string) (o Outcome, sequence string) {
	if text == "" {
		return Outcome{Why: "there is nothing to copy"}, ""
	}
	why := ""
	for _, p := range c.programs() {
		path, err := c.o.LookPath(p.name)
		if err != nil {
			continue
		}
		if err = c.run(ctx, path, p, text); err == nil {
			return Outcome{Method: Native, Program: p.name}, ""
		}
		why = fmt.Sprintf("%s failed: %v", p.name, err)
	}
	return c.ask(text, why)
}

func (c *Clipboard) run(ctx context.Context, path string, p program, text string) error {
	ctx, cancel := context.WithTimeout(ctx, runLimit)
	defer cancel()
	if p.utf16 {
		text = wide(text)
	}
	err := c.o.Run(ctx, path, p.args, text)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("no end after %s", runLimit)
	}
	return err
}

// ask makes the sequence that asks the terminal.
func (c *Clipboard) ask(text, why string) (Outcome, string) {
	term := c.env("TERM")
	switch {
	case term == "dumb" || term == "linux":
		return Outcome{Why: also(why, "the terminal "+term+" has no clipboard")}, ""
	case len(text) > maxSequence:
		return Outcome{Why: also(why, fmt.Sprintf("%d bytes are more than a terminal takes (%d)", len(text), maxSequence))}, ""
	}
	plain := ansi.SetSystemClipboard(text)
	switch {
	case c.env("TMUX") != "":
		// tmux obeys the plain sequence when set-clipboard is on, and passes the wrapped one on when allow-passthrough
		// is. Which of the two holds cannot be asked; both say the same.
		return Outcome{Method: Terminal, Via: Tmux, Why: why}, plain + ansi.TmuxPassthrough(plain)
	case c.env("STY") != "" || strings.HasPrefix(term, "screen"):
		return Outcome{Method: Terminal, Via: Screen, Why: why}, ansi.ScreenPassthrough(plain, screenChunk)
	}
	return Outcome{Method: Terminal, Why: why}, plain
}

func also(first, second string) string {
	if first == "" {
		return second
	}
	return first + ", and " + second
}

// program is one that takes the clipboard's text on its standard input.
type program struct {
	name  string
	args  []string
	utf16 bool
}

// programs are those that reach the clipboard the person looks at. Over SSH there are none: they would reach the
// clipboard of the machine at the other end.
func (c *Clipboard) programs() []program {
	clipExe := program{name: "clip.exe", utf16: true}
	switch {
	case c.env("SSH_CONNECTION") != "" || c.env("SSH_TTY") != "" || c.env("SSH_CLIENT") != "":
		return nil
	case c.o.GOOS == "darwin":
		return []program{{name: "pbcopy"}}
	case c.o.GOOS == "windows", c.env("WSL_DISTRO_NAME") != "":
		return []program{clipExe}
	}
	var list []program
	if c.env("WAYLAND_DISPLAY") != "" {
		list = append(list, program{name: "wl-copy", args: []string{"--type", "text/plain;charset=utf-8"}})
	}
	if c.env("DISPLAY") != "" {
		list = append(list,
			program{name: "xclip", args: []string{"-selection", "clipboard", "-in"}},
			program{name: "xsel", args: []string{"--clipboard", "--input"}})
	}
	return list
}

func (c *Clipboard) env(name string) string {
	if v, ok := c.o.Env(name); ok {
		return v
	}
	return ""
}

// wide is text in UTF-16 with a byte order mark: clip.exe takes everything else for the code page of the console.
func wide(text string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(strings.ReplaceAll(text, "\n", "\r\n"))) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}
