package screen

import (
	"context"
	"errors"
	"strings"

	"claimdeck/action"
	"claimdeck/action/systems"
)

// DoubtOf says what a write to another system than LossExpress means whose outcome is not known: nobody can look for it.
func DoubtOf(a action.Action) string {
	if a.Doubt() == "" {
		return a.System + " cannot be asked whether it was done"
	}
	return strings.ToUpper(a.Doubt()[:1]) + a.Doubt()[1:]
}

// CaseOf is the case of a claim at Scalepoint as it is remembered, for a task that reads the claim; nil when there is
// none. A case that cannot be read is no reason not to show the claim.
func CaseOf(ctx context.Context, env *Env, claimID string) *systems.Case {
	if env.Case == nil {
		return nil
	}
	k, ok, err := env.Case(ctx, claimID)
	if err != nil && !errors.Is(err, context.Canceled) {
		env.Log.Warn("the case of the claim was not read", "claim", claimID, "error", err)
	}
	if err != nil || !ok {
		return nil
	}
	return &k
}
