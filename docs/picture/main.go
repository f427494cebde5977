//go:build !windows

// Command picture makes the picture of the README from the real program: it builds claimdeck, opens its demo in a
// terminal, presses a few keys and writes the screen as an SVG. It is no part of a release.
//
//	go run ./docs/picture -o docs/screen.svg
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"claimdeck/cli/terminal"
)

// deadline is how long the program may take, its compilation included.
const deadline = 5 * time.Minute

// rest is how long the program must have written nothing until its screen counts as drawn.
const rest = 400 * time.Millisecond

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

type options struct {
	out   string
	keys  string
	size  terminal.Size
	light bool
}

func run(args []string, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	screen, err := shoot(ctx, o)
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.out, drawSVG(screen, o.light), 0o644); err != nil { //nolint:gosec // a picture is for all
		return fmt.Errorf("write the picture: %w", err)
	}
	return nil
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("picture", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.out, "o", "docs/screen.svg", "write the picture to this `file`")
	flags.BoolVar(&o.light, "light", false, "on a light terminal")
	flags.StringVar(&o.keys, "keys", "jj", "press these `keys` first, one after the other")
	size := flags.String("s", "120x40", "`size` of the terminal, columns x rows")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if _, err := fmt.Sscanf(*size, "%dx%d", &o.size.W, &o.size.H); err != nil || o.size.W < 1 || o.size.H < 1 {
		return o, fmt.Errorf("size %q: write it as 120x40", *size)
	}
	return o, nil
}

// shoot runs the demo and returns its screen.
func shoot(ctx context.Context, o options) (screen *terminal.Screen, err error) {
	dir, err := os.MkdirTemp("", "claimdeck-picture-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	binary := filepath.Join(dir, "claimdeck")
	if err := terminal.Build(ctx, binary, ""); err != nil {
		return nil, err
	}
	t, err := terminal.Start(ctx, binary, []string{"demo", "--still"}, terminal.Options{
		Size: o.size, Light: o.light,
		Env: []string{
			"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "TZ=UTC", "HOME=" + dir, "TMPDIR=" + dir,
			"PATH=" + os.Getenv("PATH"),
		},
	})
	if err != nil {
		return nil, err
	}
	defer t.Close()
	if err := t.Until(ctx, func(s *terminal.Screen) bool { return s.Shows("Activity") }); err != nil {
		return nil, err
	}
	if err := t.Settle(ctx, rest); err != nil {
		return nil, err
	}
	for _, key := range o.keys {
		if err := t.Type(string(key)); err != nil {
			return nil, err
		}
		if err := t.Settle(ctx, rest); err != nil {
			return nil, err
		}
	}
	screen = t.Screen()
	if err := t.Type("q"); err != nil {
		return nil, err
	}
	_, err = t.Wait(ctx)
	return screen, err
}
