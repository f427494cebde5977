package cli

import (
	"context"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"claimdeck/tui/widget/clip"
)

// clipGrace is how long a program that took the text may keep its pipes open: some stay behind to hold the clipboard.
const clipGrace = 100 * time.Millisecond

// clipboard is the one of the machine the person sits at.
func (p *Program) clipboard() *clip.Clipboard {
	return clip.New(clip.Options{Env: p.Env, LookPath: exec.LookPath, Run: runClip, GOOS: runtime.GOOS})
}

// runClip runs a program of the desktop. Its output is not kept: what stays behind would hold on to it.
func runClip(ctx context.Context, path string, args []string, stdin string) error {
	cmd := exec.CommandContext(ctx, path, args...) //nolint:gosec // one of a few known names, found in the person's own PATH
	cmd.Stdin = strings.NewReader(stdin)
	cmd.WaitDelay = clipGrace
	return cmd.Run()
}
