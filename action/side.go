package action

import (
	"cmp"
	"errors"

	"claimdeck/state/outbox"
)

// Lane is the line in which a write goes out: one after the other on a claim at one system, so that a system that does
// not answer holds up nothing but its own writes. It is for outbox.Options.
func (r *Registry) Lane(e outbox.Entry) string {
	lane := cmp.Or(e.ClaimID, e.ID)
	if a, ok := r.Get(e.Action); ok && !a.ToldByFeed() {
		lane += " " + a.System
	}
	return lane
}

// noAccount is why nothing can be asked of a side system: there is no account of it, or it cannot be used as it stands.
func (r *Registry) noAccount(system, title string) error {
	if r.deps.Unusable != nil {
		if err := r.deps.Unusable(system); err != nil {
			return err
		}
	}
	return errors.New(title + " has no account in this profile: claimdeck login " + system)
}

// blocked is the readiness of what cannot be sent from here.
func blocked(why error) Readiness { return Readiness{Blocked: true, Reason: why.Error()} }
