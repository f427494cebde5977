package activity

import (
	"reflect"
	"testing"
)

func TestFieldSetHoldsEveryField(t *testing.T) {
	t.Parallel()
	if len(infoFields) > reflect.TypeFor[FieldSet]().Bits() {
		t.Errorf("%d fields do not fit a FieldSet", len(infoFields))
	}
}

func TestClaimInfoKeepsUnknownKeys(t *testing.T) {
	t.Parallel()
	d := of(t, ClaimCreated, `{"vin":"V","titledState":"TX","titledOwners":[{"name":"A"}],"x\u001b[1m":null}`).Data.(NewClaim)
	want := []Pair{{"titledState", "TX"}, {"titledOwners", `[{"name":"A"}]`}, {"x", ""}}
	if !reflect.DeepEqual(d.Other, want) {
		t.Errorf("other keys %q, want %q", d.Other, want)
	}
}

func TestClaimInfoSpellings(t *testing.T) {
	t.Parallel()
	for data, check := range map[string]func(ClaimInfo) bool{
		`{"ownersRetained":true}`:                    func(c ClaimInfo) bool { return *c.OwnerRetained },
		`{"ownerRetained":"false"}`:                  func(c ClaimInfo) bool { return !*c.OwnerRetained },
		`{"ownerRetained":null}`:                     func(c ClaimInfo) bool { return c.OwnerRetained == nil },
		`{"accountNumber":12345}`:                    func(c ClaimInfo) bool { return c.AccountNumber == "12345" },
		`{"settlementAmount":"$5,553.10"}`:           func(c ClaimInfo) bool { return c.Settlement.String() == "5553.1" },
		`{"odometer":"39993"}`:                       func(c ClaimInfo) bool { return c.Odometer.String() == "39993" },
		`{"dateOfLoss":"10/20/2020"}`:                func(c ClaimInfo) bool { return c.DateOfLoss == "2020-10-20" },
		`{"dateOfLoss":"2020-10-20T23:59:59-08:00"}`: func(c ClaimInfo) bool { return c.DateOfLoss == "2020-10-20" },
		`{"titleRemittanceAddress":"1 Main"}`:        func(c ClaimInfo) bool { return c.TitleRemittance == "1 Main" },
		`{"titleRemittanceAddress":{"streetAddress":"1 Main","city":"Dallas","state":"TX","zipCode":"01234"}}`: func(c ClaimInfo) bool {
			return c.TitleRemittance == "1 Main, Dallas TX 01234"
		},
	} {
		d, ok := of(t, ClaimCreated, data).Data.(NewClaim)
		if !ok || !check(d.ClaimInfo) {
			t.Errorf("%s: got %+v", data, d)
		}
	}
}

func TestApplyAndLearn(t *testing.T) {
	t.Parallel()
	read := func(data string) *ClaimInfo {
		info := of(t, ClaimCreated, data).Data.(NewClaim).ClaimInfo
		return &info
	}
	info := *read(`{"lenderName":"Ally","vehicleLocation":"yard","deductible":400,"ownerRetained":true}`)
	change := read(`{"lenderName":"Chase","vehicleLocation":null,"deductible":null}`)

	learned := info
	learned.Learn(change)
	if learned.LenderName != "Chase" || learned.VehicleLocation != "yard" || learned.Deductible == nil || learned.OwnerRetained == nil {
		t.Errorf("learned %+v", learned)
	}
	applied := info
	applied.Apply(change)
	if applied.LenderName != "Chase" || applied.VehicleLocation != "" || applied.Deductible != nil || applied.OwnerRetained == nil {
		t.Errorf("applied %+v", applied)
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                "",
		"TEST-AN":         "••••-••",
		"123456":          "••••••",
		"12345678":        "••••5678",
		"+1 222-333-4444": "+• •••-•••-4444",
		"日本日本日本日本":        "••••日本日本",
	} {
		if got := Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDocumentType(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Settlement Breakdown":                      SettlementBreakdown,
		"  valuation   REPORT":                      ValuationReport,
		"settlement breakdown & valuation report":   CombinedReport,
		"Valuation Report & Settlement Breakdown":   CombinedReport,
		"valuation report and settlement breakdown": CombinedReport,
		"settlement breakdown&valuation report":     CombinedReport,
		"Total Loss Evaluation":                     TotalLossEvaluation,
		"Copy of Title":                             "Copy of Title",
		"":                                          "",
	} {
		if got := DocumentType(in); got != want {
			t.Errorf("DocumentType(%q) = %q, want %q", in, got, want)
		}
	}
}
