package tui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"claimdeck/state/claim"
	"claimdeck/tui/screen"
)

// copied is a claim of which something is to be copied.
type copied struct{ claim claim.Claim }

// loadCopy reads the claim, then asks what of it to copy.
func (a *App) loadCopy(on screen.Subject) tea.Cmd {
	return screen.Start(a.env.Tasks, frame, taskCopy, func(ctx context.Context) (copied, error) {
		c, err := a.env.Actions.Load(ctx, on.ClaimID)
		return copied{named(c, on)}, err
	})
}

func (a *App) tookCopied(msg screen.Result[copied]) tea.Cmd {
	if msg.Err != nil {
		if errors.Is(msg.Err, context.Canceled) {
			return nil
		}
		return a.failed("The claim could not be read", msg.Err)
	}
	c := msg.Value.claim
	texts := map[string]string{"number": c.Number, "vin": c.VIN, "lender": c.Lender, "id": c.ID}
	var opts []option
	for _, o := range []option{
		{"number", "Claim number " + c.Number},
		{"vin", "VIN " + c.VIN},
		{"lender", "Lender " + c.Lender},
		{"id", "Claim id " + c.ID},
	} {
		if texts[o.id] != "" {
			opts = append(opts, o)
		}
	}
	if len(opts) == 0 {
		return a.say(screen.Info, "Nothing of this claim is known yet")
	}
	a.overlay = newChoice(a, choice{
		title: "Copy", subtitle: c.Number, submit: "copy", options: opts,
		chosen: func(id string) tea.Cmd {
			return tea.Batch(tea.SetClipboard(texts[id]),
				a.say(screen.Good, "Copied by the terminal (OSC 52): "+texts[id]+". If it did not arrive, the terminal does not allow it"))
		},
	})
	return nil
}
