package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"claimdeck/state/secret"
)

// errNotTyped is the end of the input, or ctrl+c, where an answer was expected.
var errNotTyped = errors.New("nothing was typed")

// prompter reads what a person types, or the lines of a pipe. One prompter reads all answers of a process: what it has
// read ahead would be lost to another one.
type prompter struct {
	lines *bufio.Reader  // of what is no terminal
	term  *term.Terminal // of a terminal
}

// ask asks for a line.
func (p *Program) ask(ctx context.Context, question string) (string, error) {
	return p.answer(ctx, question, (*term.Terminal).ReadLine)
}

// askHidden asks for a line that a terminal does not show.
func (p *Program) askHidden(ctx context.Context, question string) (string, error) {
	return p.answer(ctx, question, func(t *term.Terminal) (string, error) { return t.ReadPassword(question) })
}

// answer reads one line. The end of ctx ends the waiting, not the read: then the process ends, too.
func (p *Program) answer(ctx context.Context, question string, read func(*term.Terminal) (string, error)) (string, error) {
	type line struct {
		text string
		err  error
	}
	f, ok := p.Stdin.(*os.File)
	restore := func() {}
	if ok && isTerminal(f) {
		before, err := term.MakeRaw(int(f.Fd())) // no echo from now on, also of what is typed before it is asked for
		if err != nil {
			return "", fmt.Errorf("the terminal cannot be read: %w", err)
		}
		restore = func() { _ = term.Restore(int(f.Fd()), before) } // there is nothing left to try
		if p.prompter.term == nil {
			p.prompter.term = term.NewTerminal(struct {
				io.Reader
				io.Writer
			}{f, p.Stderr}, "")
		}
	} else if p.prompter.lines == nil {
		p.prompter.lines = bufio.NewReader(p.Stdin)
	}
	defer restore()
	typed := make(chan line, 1)
	go func(from prompter) {
		var l line
		if from.term != nil {
			from.term.SetPrompt(question)
			l.text, l.err = read(from.term)
		} else if l.text, l.err = from.lines.ReadString('\n'); l.text != "" {
			l.err = nil // the last line need not end
		}
		typed <- l
	}(p.prompter)
	select {
	case l := <-typed:
		if errors.Is(l.err, io.EOF) {
			return "", errNotTyped
		}
		return strings.TrimSpace(l.text), l.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// askPassphrase asks for the passphrase of an encrypted file; a new one is asked for twice.
func (p *Program) askPassphrase(ctx context.Context, a secret.Ask) (string, error) {
	if a.Attempt > 1 {
		p.narrate("This passphrase does not open the file.")
	}
	first, err := p.askHidden(ctx, "Passphrase of "+a.Path+": ")
	if err != nil || !a.New {
		return first, err
	}
	second, err := p.askHidden(ctx, "Once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", usage("the two passphrases differ; nothing was kept")
	}
	return first, nil
}

// agreeToFile asks whether the secret may be kept in an encrypted file; without a person it may not.
func (p *Program) agreeToFile(ctx context.Context, unavailable error) bool {
	if !isTerminal(p.Stdin) {
		return false
	}
	p.narrate("%s", unavailable)
	line, err := p.ask(ctx, "Keep the secret in a file encrypted with a passphrase instead? [y/N] ")
	return err == nil && (strings.EqualFold(line, "y") || strings.EqualFold(line, "yes"))
}

// isTerminal reports whether a person is at the other end.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
