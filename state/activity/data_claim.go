package activity

import (
	"strconv"
	"strings"

	"claimdeck/state/activity/wire"
)

// AccountView is the data of account-number-viewed.
type AccountView struct {
	ByLossExpress *bool
}

func readAccountView(r *wire.Reader) Data {
	return AccountView{ByLossExpress: r.Flag("viewedByLossExpress")}
}

func (d AccountView) say(*Activity) string {
	if is(d.ByLossExpress, true) {
		return "LossExpress viewed the account number"
	}
	return "Account number viewed"
}

func (AccountView) tone() Tone { return Muted }

// NewClaim is the data of claim-created: everything that was sent on creation, and the vehicle. The account number
// may be withheld.
type NewClaim struct {
	ClaimInfo
}

func readNewClaim(r *wire.Reader) Data { return NewClaim{ClaimInfo: ReadClaimInfo(r)} }

func (d NewClaim) say(*Activity) string {
	return after("Claim created", join(", ", d.Vehicle.String(), d.LenderName))
}

func (NewClaim) tone() Tone { return Neutral }

// ClaimChange is the data of claim-updated.
type ClaimChange struct {
	Update, Previous ClaimInfo
	ByLossExpress    *bool
}

func readClaimChange(r *wire.Reader) Data {
	update, previous := r.Object("update", nil), r.Object("previous", nil)
	d := ClaimChange{
		Update:        ReadClaimInfo(&update),
		Previous:      ReadClaimInfo(&previous),
		ByLossExpress: r.Flag("updatedByLossExpress"),
	}
	r.Also(&update)
	r.Also(&previous)
	return d
}

// maxChangesNamed is how many changed fields a summary names before it counts them.
const maxChangesNamed = 3

// say names the changed fields, and the values of a single one unless it is sensitive.
func (d ClaimChange) say(*Activity) string {
	changes := d.Changes()
	byLX := is(d.ByLossExpress, true)
	switch {
	case len(changes) == 0 && byLX:
		return "LossExpress updated the claim"
	case len(changes) == 0:
		return "Claim updated"
	case byLX:
		return "LossExpress corrected " + describe(changes)
	default:
		return "Claim updated: " + describe(changes)
	}
}

func describe(changes []Change) string {
	if len(changes) == 1 {
		return changes[0].words()
	}
	names := make([]string, 0, maxChangesNamed)
	for _, c := range changes[:min(len(changes), maxChangesNamed)] {
		names = append(names, c.Name)
	}
	if more := len(changes) - maxChangesNamed; more > 0 {
		return strings.Join(names, ", ") + " and " + strconv.Itoa(more) + " more"
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// words says one change, without the values of a sensitive field.
func (c Change) words() string {
	const most = 80
	switch {
	case c.Sensitive:
		return c.Name
	case c.New == "":
		return c.Name + ": removed"
	case c.Old == "":
		return c.Name + " to " + clip(c.New, most)
	}
	return c.Name + " from " + clip(c.Old, most) + " to " + clip(c.New, most)
}

func (ClaimChange) tone() Tone { return Neutral }

// LenderVerified is the data of lender-alias-verified and new-lender-verified.
type LenderVerified struct {
	PreviousID string // of an alias
	ID, Name   string
	Alias      bool
}

func readLenderAlias(r *wire.Reader) Data { return readLender(r, true) }

func readNewLender(r *wire.Reader) Data { return readLender(r, false) }

func readLender(r *wire.Reader, alias bool) Data {
	return LenderVerified{
		PreviousID: r.Line("previousLenderId"),
		ID:         r.Line("lenderId"),
		Name:       r.Line("lenderName"),
		Alias:      alias,
	}
}

func (d LenderVerified) say(*Activity) string {
	switch {
	case d.Alias && d.Name != "":
		return "Lender now known as " + d.Name
	case d.Alias:
		return "Lender verified as an alias"
	}
	return after("New lender verified", d.Name)
}

func (LenderVerified) tone() Tone { return Neutral }
