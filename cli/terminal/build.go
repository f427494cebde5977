//go:build !windows

package terminal

import (
	"context"
	"fmt"
	"os/exec"
)

// Build compiles the program as releases do, without C, to path; tags may be none.
func Build(ctx context.Context, path, tags string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-tags", tags, "-o", path, "claimdeck") //nolint:gosec // fixed
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
}
