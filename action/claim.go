package action

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
	"claimdeck/state/text"
)

// claimCreate creates a claim (remote document: Create Claim).
func (r *Registry) claimCreate() Action {
	return Action{
		ID: "claim.create", Title: "New claim", Risk: Bills, NoClaim: true,
		Help:   "Creates a claim at LossExpress. Every claim is billed: create only what will be worked on.",
		Fields: fieldsOfForm(r.deps.Flavour, true),
		Describe: func(_ Subject, v Values) string {
			parts := []string{"Create claim " + v.first("claimNumber")}
			for _, name := range [...]string{"vin", "lenderName"} {
				if value := v.first(name); value != "" {
					parts = append(parts, value)
				}
			}
			return text.Line(strings.TrimSpace(parts[0]) + tail(parts[1:]))
		},
		Preview: func(_ Subject, v Values) (Request, error) {
			body, err := newClaim(masked(v))
			if err != nil {
				return Request{}, err
			}
			return preview(lossexpress.CreateClaimRequest(body))
		},
		Send: func(ctx context.Context, _ outbox.Entry, v Values) (json.RawMessage, error) {
			body, err := newClaim(v)
			if err != nil {
				return nil, &unsent{err: err}
			}
			_, m, err := r.deps.Client.CreateClaim(ctx, body)
			return m.Body, err
		},
		Match:  matchCreated,
		review: r.reviewCreate,
	}
}

// tail is what follows a title: " (a, b)".
func tail(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func newClaim(v Values) (lossexpress.NewClaim, error) {
	var body lossexpress.NewClaim
	err := claimBody(v, &body)
	return body, err
}

// masked returns v as it may be shown.
func masked(v Values) Values {
	shown := Values{}
	for _, f := range claimFields() {
		value := v.first(f.Name)
		switch {
		case value == "":
			continue
		case f.Sensitive || f.phone:
			value = activity.Mask(value)
		case f.normal != nil:
			value = f.normal(value)
		}
		shown[f.Name] = []string{value}
	}
	return shown
}

// matchCreated looks for the claim that the answer names, whatever else is said of it, or, without one, for a new claim of
// the same number and VIN.
func matchCreated(e outbox.Entry, v Values, since []activity.Activity) ([]activity.Key, bool) {
	id := ClaimIDOf(e)
	return one(since, func(a *activity.Activity) bool {
		if id != "" {
			return a.Type == activity.ClaimCreated && a.ClaimID == id
		}
		d, ok := a.Data.(activity.NewClaim)
		number := d.ClaimNumber
		if number == "" {
			number = a.ClaimNumber
		}
		return ok && strings.EqualFold(number, text.Line(v.first("claimNumber"))) && strings.EqualFold(d.VIN, text.Line(v.first("vin")))
	})
}

// claimUpdate changes what a claim says (remote document: Update Claim).
func (r *Registry) claimUpdate() Action {
	return Action{
		ID: "claim.update", Title: "Change the claim", Risk: Writes,
		Help: "Changes the claim at LossExpress. Only what differs is sent; a field that is emptied stays as it is there.",
		Initial: func(s Subject) Values {
			v := Values{}
			for _, f := range claimFieldsFor(r.deps.Flavour, false) {
				if now := f.now(s.Claim); now != "" {
					v[f.Name] = []string{now}
				}
			}
			return v
		},
		Fields:   fieldsOfForm(r.deps.Flavour, false),
		Describe: describeUpdate,
		Preview: func(s Subject, v Values) (Request, error) {
			body, err := claimChange(masked(changedValues(s, v)))
			if err != nil {
				return Request{}, err
			}
			if body == (lossexpress.ClaimChange{}) {
				return Request{}, errNothingChanged
			}
			return preview(lossexpress.UpdateClaimRequest(s.Claim.ID, body))
		},
		Send: func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
			body, err := claimChange(v)
			if err != nil {
				return nil, &unsent{err: err}
			}
			_, m, err := r.deps.Client.UpdateClaim(ctx, e.ClaimID, body)
			return m.Body, err
		},
		Match: matchUpdated,
		review: func(ctx context.Context, s Subject, v Values) (map[string]string, []string) {
			changed := changedValues(s, v)
			if len(changed) == 0 {
				return map[string]string{"": errNothingChanged.Error()}, nil
			}
			return nil, append(reviewClaim(s, changed, v), r.oddLender(ctx, changed.first("lenderName"))...)
		},
		settle: changedValues,
		seen: func(ctx context.Context, e outbox.Entry, v Values) (bool, error) {
			if e.State == outbox.Accepted {
				return false, nil // the feed will tell, unless the claim was quiet for two weeks; nothing is in doubt
			}
			now, err := r.read(ctx, e.ClaimID)
			return err == nil && holds(now, v), err
		},
	}
}

func claimChange(v Values) (lossexpress.ClaimChange, error) {
	var body lossexpress.ClaimChange
	err := claimBody(v, &body)
	return body, err
}

// describeUpdate names every change, old and new.
func describeUpdate(s Subject, v Values) string {
	changed := changedValues(s, v)
	var words []string
	for _, f := range claimFields() {
		value := changed.first(f.Name)
		if value == "" {
			continue
		}
		if f.normal != nil {
			value = f.normal(value)
		}
		words = append(words, lowerFirst(f.Label)+" "+f.shown(f.now(s.Claim))+" → "+f.shown(value))
	}
	return "Change " + listed(words, "the claim")
}

// lowerFirst makes a label part of a sentence, but for one that is an abbreviation.
func lowerFirst(label string) string {
	if len(label) > 1 && label[1] >= 'A' && label[1] <= 'Z' {
		return label
	}
	return strings.ToLower(label[:1]) + label[1:]
}

// matchUpdated looks for the one change that has all our values. When the service accepted it, one that has some of them
// and contradicts none will do: it may keep an account number to itself.
func matchUpdated(e outbox.Entry, v Values, since []activity.Activity) ([]activity.Key, bool) {
	keys, whole := one(since, func(a *activity.Activity) bool {
		now, ok := changedBy(a)
		if !ok {
			return false
		}
		agrees, silent := compare(now, v, claimField.same)
		return agrees > 0 && agrees+len(silent) == len(v) && (len(silent) == 0 || e.State == outbox.Accepted || onlySensitive(silent))
	})
	if whole {
		return keys, whole
	}
	return rewritten(e, since, func(a *activity.Activity) bool {
		now, ok := changedBy(a)
		if !ok {
			return false
		}
		agrees, silent := compare(now, v, claimField.alike)
		return agrees > 0 && agrees+len(silent) == len(v) && onlySensitive(silent)
	})
}

// changedBy is what an activity says that the claim has now; false for one that is no change of ours.
func changedBy(a *activity.Activity) (claim.Claim, bool) {
	d, ok := a.Data.(activity.ClaimChange)
	if !ok || (d.ByLossExpress != nil && *d.ByLossExpress) {
		return claim.Claim{}, false
	}
	return claim.Fold(nil, []activity.Activity{{Key: a.Key, Type: a.Type, Data: activity.ClaimChange{Update: d.Update}}}), true
}

// compare counts the values of v that c has, and lists those that it does not state.
func compare(c claim.Claim, v Values, same func(f claimField, now, value string) bool) (agrees int, silent []claimField) {
	for _, f := range claimFields() {
		value := v.first(f.Name)
		if value == "" || f.now == nil {
			continue
		}
		switch now := f.now(c); {
		case now == "":
			silent = append(silent, f)
		case same(f, now, text.Line(value)):
			agrees++
		}
	}
	return agrees, silent
}

func onlySensitive(fields []claimField) bool {
	for _, f := range fields {
		if !f.Sensitive {
			return false
		}
	}
	return true
}

// holds reports whether c has every value of v.
func holds(c claim.Claim, v Values) bool {
	agrees, _ := compare(c, v, claimField.same)
	return agrees == len(v)
}

// read asks the service for a claim as it is there now.
func (r *Registry) read(ctx context.Context, claimID string) (claim.Claim, error) {
	if claimID == "" {
		return claim.Claim{}, errors.New("the entry names no claim to look at")
	}
	c, _, err := r.deps.Client.Claim(ctx, claimID)
	if err != nil {
		return claim.Claim{}, err
	}
	snap, err := claim.DecodeSnapshot(c.Raw, r.deps.Now())
	if err != nil {
		return claim.Claim{}, err
	}
	return claim.Fold(&snap, nil), nil
}
