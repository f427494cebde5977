package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"claimdeck/tui"
)

// maxSameName is how many files of one name a download folder may hold before a person should look into it.
const maxSameName = 200

// download returns what fetches a document into dir. The document comes from the configured service, whatever host its
// address names; its name on disk is ours, with an ending by its content. What is there already is not fetched twice
// and never replaced.
func (s *session) download(dir string) func(ctx context.Context, id, name string) (string, error) {
	return func(ctx context.Context, id, name string) (string, error) {
		f, err := s.account.Client().Document(ctx, id)
		if err != nil {
			return "", err
		}
		defer f.Close()               //nolint:errcheck // what was read is checked
		content, err := io.ReadAll(f) // bounded by the client
		if err != nil {
			return "", err
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", fmt.Errorf("the folder for documents cannot be made: %w", err)
		}
		return keepNew(filepath.Join(dir, safeName(name)), extensionOf(content, f.ContentType), content)
	}
}

// keepNew writes content to the first of "name.pdf", "name-2.pdf" ... that is free or holds the same.
func keepNew(base, extension string, content []byte) (string, error) {
	for n := 1; n <= maxSameName; n++ {
		path := base + extension
		if n > 1 {
			path = fmt.Sprintf("%s-%d%s", base, n, extension)
		}
		there, err := os.ReadFile(path) //nolint:gosec // the name is ours, in the person's own folder
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return path, writeNew(path, content)
		case err == nil && bytes.Equal(there, content):
			return path, nil
		}
	}
	return "", fmt.Errorf("there are %d files named like %s: move some away", maxSameName, filepath.Base(base))
}

// shownTypes are the documents that may be handed to a program of the desktop: those that LossExpress takes and sends.
// Anything else could be a program itself.
var shownTypes = [...]string{"application/pdf", "image/jpeg", "image/tiff", "image/gif", "image/png"}

// opener returns what shows a file with the desktop's own program; nil where there is no desktop to show it on.
func (p *Program) opener() func(ctx context.Context, path string) error {
	program := p.desktopOpener(runtime.GOOS)
	if program == nil {
		return nil
	}
	return func(ctx context.Context, path string) error {
		kind, err := mimetype.DetectFile(path)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(shownTypes[:], kind.Is) {
			return fmt.Errorf("it is no PDF and no picture (%s): open it by hand if you trust it", kind.String())
		}
		// It may stay open for long, and outlives the console.
		cmd := exec.CommandContext(context.WithoutCancel(ctx), program[0], append(program[1:], path)...) //nolint:gosec // the desktop's own
		if err := cmd.Start(); err != nil {
			return err
		}
		return cmd.Process.Release()
	}
}

// desktopOpener is the command that opens files on a system; nil without a desktop: over SSH, or on a bare console.
func (p *Program) desktopOpener(system string) []string {
	set := func(name string) bool { v, ok := p.Env(name); return ok && v != "" }
	var command []string
	switch {
	case system == "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler"}
	case set("SSH_CONNECTION") && !set("DISPLAY"):
		return nil
	case system == "darwin":
		command = []string{"open"}
	case set("DISPLAY"), set("WAYLAND_DISPLAY"):
		command = []string{"xdg-open"}
	default:
		return nil
	}
	if _, err := exec.LookPath(command[0]); err != nil {
		return nil
	}
	return command
}

// editors returns what makes the person's editor ready for a text; nil without one.
func (p *Program) editors(ctx context.Context) func(text string) tui.Editor {
	command := p.editorCommand()
	if command == nil {
		return nil
	}
	return func(text string) tui.Editor { return &editing{ctx: ctx, command: command, text: text} }
}

// editorCommand is $VISUAL, $EDITOR, or what is usual on the system.
func (p *Program) editorCommand() []string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if v, ok := p.Env(name); ok && strings.TrimSpace(v) != "" {
			return shellWords(v, runtime.GOOS)
		}
	}
	usual := []string{"vi"}
	if runtime.GOOS == "windows" {
		usual = []string{"notepad"}
	}
	if _, err := exec.LookPath(usual[0]); err != nil {
		return nil
	}
	return usual
}

// shellWords lets the shell read a command as the person wrote it, with its quotes; the file's name is added by exec.
func shellWords(command, system string) []string {
	if system == "windows" {
		return strings.Fields(command)
	}
	return []string{"sh", "-c", command + ` "$1"`, "editor"}
}

// editing is a text in the person's own editor: a file while it is written, and nothing after that.
type editing struct {
	ctx            context.Context //nolint:containedctx // the console's lifetime: a command has no other way to get it
	command        []string
	text           string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// SetStdin connects the editor to the terminal.
func (e *editing) SetStdin(r io.Reader) { e.stdin = r }

// SetStdout connects the editor's output.
func (e *editing) SetStdout(w io.Writer) { e.stdout = w }

// SetStderr connects the editor's errors.
func (e *editing) SetStderr(w io.Writer) { e.stderr = w }

// Text is what was written.
func (e *editing) Text() string { return e.text }

// maxEdited is more than anybody writes into a message.
const maxEdited = 1 << 20

// Run writes the text to a file that only this person may read, waits for the editor, and reads it back.
func (e *editing) Run() (err error) {
	f, err := os.CreateTemp("", "claimdeck-*.txt")
	if err != nil {
		return fmt.Errorf("no file for the editor: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.WriteString(e.text)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("the editor's file cannot be written: %w", err)
	}
	cmd := exec.CommandContext(e.ctx, e.command[0], append(slices.Clone(e.command[1:]), f.Name())...) //nolint:gosec // the person's own editor
	cmd.Stdin, cmd.Stdout, cmd.Stderr = e.stdin, e.stdout, e.stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", e.command[0], err)
	}
	written, err := os.Open(f.Name())
	if err != nil {
		return fmt.Errorf("what was written cannot be read: %w", err)
	}
	defer written.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(io.LimitReader(written, maxEdited))
	if err != nil {
		return fmt.Errorf("what was written cannot be read: %w", err)
	}
	e.text = string(data)
	return nil
}
