package activity

import (
	"strconv"

	"github.com/shopspring/decimal"

	"claimdeck/state/activity/wire"
)

// ClaimInfo is the primary information of a claim, as far as something states it: the data of claim-created, both
// halves of claim-updated and the claim object itself share these keys (remote document: Claims).
type ClaimInfo struct {
	ClaimNumber, ExternalID                    string
	AccountNumber                              string // sensitive
	AdjusterName, AdjusterEmail, AdjusterPhone string // the phone is sensitive
	CauseOfLoss                                string
	DateOfLoss                                 string // YYYY-MM-DD
	Deductible, Settlement                     *decimal.Decimal
	Odometer                                   *decimal.Decimal // miles
	FinanceType, InsurerType                   string
	LenderName, LenderID                       string
	LenderPhone, LenderAddress                 string
	OwnerName, OwnerPhone, OwnerAddress        string // the phone is sensitive
	OwnerRetained                              *bool
	TitleRemittance, VehicleLocation           string
	VIN                                        string
	Vehicle                                    Vehicle
	Other                                      []Pair   // keys that are not known here
	Stated                                     FieldSet // what was sent, be it null
}

// FieldSet is a set of the known fields of a ClaimInfo.
type FieldSet uint32

func (s FieldSet) has(i int) bool { return s&(1<<i) != 0 }

// Vehicle is what the VIN decoded to.
type Vehicle struct {
	Year        int
	Make, Model string
}

// String returns "2021 Honda Accord", without what is not known.
func (v Vehicle) String() string {
	year := ""
	if v.Year > 0 {
		year = strconv.Itoa(v.Year)
	}
	return join(" ", year, v.Make, v.Model)
}

// ReadClaimInfo reads the primary information out of an object. Keys that it does not know, and that are not in
// known, end in Other.
func ReadClaimInfo(r *wire.Reader, known ...string) ClaimInfo {
	var info ClaimInfo
	for _, field := range r.Fields {
		i := infoIndex(field.Name)
		if i < 0 {
			if !foldedIn(known, field.Name) {
				info.Other = append(info.Other, pair(field.Name, field.Value))
			}
			continue
		}
		infoFields[i].read(r, field.Name, &info)
		info.Stated |= 1 << i
	}
	return info
}

// Apply takes over everything that from states; a null clears the field.
func (c *ClaimInfo) Apply(from *ClaimInfo) {
	for i := range infoFields {
		if from.Stated.has(i) {
			infoFields[i].copy(c, from)
			c.Stated |= 1 << i
		}
	}
}

// Learn is Apply, except that a null or an empty value clears nothing.
func (c *ClaimInfo) Learn(from *ClaimInfo) {
	for i := range infoFields {
		if from.Stated.has(i) && infoFields[i].show(from) != "" {
			infoFields[i].copy(c, from)
			c.Stated |= 1 << i
		}
	}
}

// Change is one field of claim-updated, ready to be shown.
type Change struct {
	Name      string // such as "account number"
	Old, New  string // sensitive values are whole here: Mask them before they are shown
	Sensitive bool
}

// Changes lists what a claim-updated changed, in the order of the document.
func (d ClaimChange) Changes() []Change {
	var changes []Change
	for i := range infoFields {
		if !d.Update.Stated.has(i) {
			continue
		}
		f := &infoFields[i]
		changes = append(changes, Change{
			Name: f.label, Old: f.show(&d.Previous), New: f.show(&d.Update), Sensitive: f.sensitive,
		})
	}
	for _, p := range d.Update.Other {
		c := Change{Name: spaced(p.Name), New: p.Text, Sensitive: SensitiveName(p.Name)}
		for _, q := range d.Previous.Other {
			if q.Name == p.Name {
				c.Old = q.Text
			}
		}
		changes = append(changes, c)
	}
	return changes
}

// Named returns an info that states how a claim is called; empty names are not stated.
func Named(claimNumber, externalID string) *ClaimInfo {
	info := &ClaimInfo{ClaimNumber: claimNumber, ExternalID: externalID}
	info.Stated = fieldSet("claimNumber") | fieldSet("externalId")
	return info
}

// NamedLender returns an info that states the lender of a claim.
func NamedLender(name, id string) *ClaimInfo {
	return &ClaimInfo{LenderName: name, LenderID: id, Stated: fieldSet("lenderName") | fieldSet("lenderId")}
}

func fieldSet(key string) FieldSet { return 1 << infoIndex(key) }
