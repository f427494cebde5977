package action

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
	"claimdeck/state/text"
)

const fieldMessage = "message"

// attachedLately is how far back a document may lie that a message speaks of.
const attachedLately = 30 * time.Minute

// attachmentWords are those of a message that promises a document.
var attachmentWords = regexp.MustCompile(`(?i)\b(attach(ed|ing|ment|ments)|enclos(ed|ing|ure|ures))\b`)

// messageSend writes to the claim specialists of LossExpress (remote document: Create Direct Message).
func (r *Registry) messageSend() Action {
	return Action{
		ID: "message.send", Title: "Send a message", Risk: Irreversible,
		Help: "Writes to the LossExpress specialists of the claim. A message carries no documents: add those to the claim.",
		Fields: []Field{{
			Name: fieldMessage, Flag: "message", Label: "Message", Kind: LongText, Required: true,
			Help: "What the specialists of LossExpress shall read.",
		}},
		Describe: func(_ Subject, v Values) string {
			if message := text.Line(v.first(fieldMessage)); message != "" {
				return "Message: " + clip(message)
			}
			return "Send a message"
		},
		Preview: func(s Subject, v Values) (Request, error) {
			return preview(lossexpress.SendMessageRequest(s.Claim.ID, v.first(fieldMessage)))
		},
		Send: func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.SendMessage(ctx, e.ClaimID, v.first(fieldMessage))
			return answer.Body, err
		},
		Match: matchMessage,
		review: func(_ context.Context, s Subject, v Values) (map[string]string, []string) {
			return nil, oddMessage(s, v.first(fieldMessage))
		},
	}
}

// matchMessage wants our own words: other messages of the carrier may arrive meanwhile.
func matchMessage(e outbox.Entry, v Values, since []activity.Activity) ([]activity.Key, bool) {
	ours := text.Line(v.first(fieldMessage))
	keys, whole := one(since, func(a *activity.Activity) bool {
		d, ok := a.Data.(activity.DirectMessage)
		if by, known := a.FromLossExpress(); !ok || (known && by) {
			return false
		}
		return text.Line(d.Text) == ours
	})
	if whole {
		return keys, whole
	}
	return rewritten(e, since, func(a *activity.Activity) bool {
		d, ok := a.Data.(activity.DirectMessage)
		by, known := a.FromLossExpress()
		return ok && known && !by && begins(d.Text, ours)
	})
}

// oddMessage says what a person may have forgotten.
func oddMessage(s Subject, message string) []string {
	var odd []string
	if word := attachmentWords.FindString(message); word != "" && !attachedSince(s, s.Now.Add(-attachedLately)) {
		odd = append(odd, "the message says \""+word+"\", and no document was added to the claim in the last 30 minutes")
	}
	if open := variable.FindAllString(message, -1); len(open) > 0 {
		open = slices.DeleteFunc(open, func(v string) bool { return !slices.Contains(TemplateVariables(), strings.Trim(v, "{}")) })
		if len(open) > 0 {
			odd = append(odd, "the message still has "+strings.Join(open, ", ")+", which is not known of this claim")
		}
	}
	return odd
}

// attachedSince reports whether the carrier added a document after t.
func attachedSince(s Subject, t time.Time) bool {
	for _, d := range s.Claim.Documents {
		if !d.ByLossExpress && d.At.After(t) {
			return true
		}
	}
	return false
}
