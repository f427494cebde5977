package secret

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"claimdeck/state/text"
)

const (
	commandLimit = 10 * time.Second
	outputLimit  = 64 << 10 // bytes of stdout and of stderr that are kept
	shownLimit   = 400      // bytes of stderr that an error shows
)

// runCommand returns the first line that the command prints. The command is a line for the shell (sh, on Windows
// cmd), so that pipes and quotes work; it is as trusted as the configuration it stands in. It has the environment
// of claimdeck, no input, and must end within the limit.
func runCommand(ctx context.Context, line string, limit time.Duration) (Secret, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var out, narration bounded
	cmd := shell(ctx, line)
	cmd.Stdout, cmd.Stderr = &out, &narration
	cmd.WaitDelay = time.Second // for grandchildren that keep the output open
	err := cmd.Run()

	first, _, _ := strings.Cut(out.String(), "\n")
	first = strings.TrimSuffix(first, "\r")
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return Secret{}, fmt.Errorf("%w: it did not end within %v", ErrCommand, limit)
	case ctx.Err() != nil:
		return Secret{}, ctx.Err()
	case err != nil:
		return Secret{}, fmt.Errorf("%w: %w%s", ErrCommand, err, said(narration.String(), first))
	case first == "":
		return Secret{}, fmt.Errorf("%w: it printed nothing on its first line%s", ErrCommand,
			said(narration.String(), first))
	}
	return New(first), nil
}

func shell(ctx context.Context, line string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		return exec.CommandContext(ctx, "cmd", "/C", line) //nolint:gosec // the person's own configuration
	}
	return exec.CommandContext(ctx, "sh", "-c", line) //nolint:gosec // the person's own configuration
}

// said quotes what a command wrote to stderr, without the secret if that is in it.
func said(narration, secret string) string {
	if secret != "" {
		narration = strings.ReplaceAll(narration, secret, hidden)
	}
	narration = text.Line(narration)
	if narration == "" {
		return ""
	}
	if len(narration) > shownLimit {
		narration = strings.ToValidUTF8(narration[:shownLimit], "") + "..."
	}
	return "; it says: " + narration
}

// bounded keeps the start of what is written to it and drops the rest.
type bounded struct{ buf bytes.Buffer }

// Write takes everything, so that the writer never fails.
func (b *bounded) Write(p []byte) (int, error) {
	if room := outputLimit - b.buf.Len(); room > 0 {
		b.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// String returns what was kept.
func (b *bounded) String() string { return b.buf.String() }
