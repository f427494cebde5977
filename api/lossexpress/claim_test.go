package lossexpress_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"claimdeck/api/lossexpress"
)

func decode(t *testing.T, body string) lossexpress.Claim {
	t.Helper()
	var c lossexpress.Claim
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDocumentedClaim(t *testing.T) {
	t.Parallel()
	at := time.Date(2021, 1, 8, 22, 3, 9, 598e6, time.UTC)
	const doc = "https://xapi.lossexpress.com/documents/555ae9da-9222-4de5-81fe-fe1ac590fa0f"
	address := lossexpress.Address{StreetAddress: "1000 Main Street", StreetAddress2: "Ste. 500", City: "Dallas", State: "TX", ZIPCode: "75204"}
	payee := &lossexpress.Remittance{MakeCheckPayableTo: "ALLY FINANCIAL", Attn: "ATTN LINE", Address: address}
	want := lossexpress.Claim{
		AccountNumber: "TEST-AN", AdjusterName: "Mike Mclaren", AdjusterEmailAddress: "mike@lossexpress.com", AdjusterPhoneNumber: "+13332225555",
		CauseOfLoss: "Fire", ClaimID: id, ClaimNumber: "EXAMPLE3", CreatedAt: at, UpdatedAt: at, DateOfLoss: "2020-10-20",
		Deductible: money(t, "400"), SettlementAmount: money(t, "5553"), Odometer: money(t, "39993"),
		Documents:   []lossexpress.Document{{CreatedAt: at, UpdatedAt: at, DocumentURL: doc, Type: "settlement breakdown & valuation report"}},
		FinanceType: "Retail", InsurerType: "First Party", LenderName: "Test Lender", LenderID: id,
		LetterOfGuaranteeRequest: &lossexpress.GuaranteeRequest{CreatedAt: at, UpdatedAt: at, DocumentURL: doc},
		OwnersName:               "Test Owner", OwnersPhoneNumber: "+12223334444", OwnersRetained: new(false),
		OwnersStreetAddress: "12200 Test Avenue Dallas TX 75204",
		PayoffData: &lossexpress.PayoffData{
			CreatedAt: at, UpdatedAt: at, PayoffAmount: money(t, "10222.33"), PerDiem: money(t, "2.3"),
			ValidThroughDate: "2021-01-18T00:00:00.000Z", Remittance: &lossexpress.RemittanceInformation{Standard: payee, Overnight: payee},
		},
		TitleRemittanceAddress: lossexpress.OneLine("1000 Main Street Dallas TX 75204"),
		Vehicle:                &lossexpress.Vehicle{Make: "TEST", Model: "Car", Year: 2034},
		VehicleLocation:        "1200 Main Street Dallas TX 75204", VIN: "1N4AL3AP8JC231503",
	}
	got := decode(t, sample(t, "claim"))
	if string(got.Raw) != strings.TrimSpace(sample(t, "claim")) {
		t.Error("raw is not as sent")
	}
	got.Raw = nil
	if d := cmp.Diff(want, got, cmp.Comparer(decimal.Decimal.Equal)); d != "" {
		t.Error(d)
	}
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	documented := strings.Replace(sample(t, "claim"), "ownerRetained", "ownersRetained", 1)
	if d := sameJSON(t, again, []byte(documented)); d != "" {
		t.Error(d)
	}
}

func TestClaimIsTolerant(t *testing.T) {
	t.Parallel()
	c := decode(t, `{
		"ownersRetained": true, "ownerRetained": false, "claimNumber": 12345, "causeOfLoss": "Meteor \u001b[31mstrike",
		"deductible": "400.10", "settlementAmount": "a lot", "odometer": null, "dateOfLoss": {"y": 2020}, "adjusterName": null,
		"titleRemittanceAddress": {"streetAddress": "1 Main", "city": "Dallas", "zipCode": 75204, "county": "X"},
		"vehicle": {"year": "2034", "make": "T", "trim": "LX"}, "documents": [null, {"documentUrl": "u", "pages": 3}],
		"payoffData": {"payoffAmount": 1e3, "perDiem": "2.345", "createdAt": "yesterday",
			"remittanceInformation": {"standard": {"attn": "A", "box": 7}, "wire": {}}},
		"letterOfGuaranteeRequest": "pending", "createdAt": "2021-01-08T17:03:09-05:00", "titledOwners": [{"name": "Z"}], "titledState": null
	}`)
	type extra = map[string]json.RawMessage
	want := lossexpress.Claim{
		OwnersRetained: new(true), ClaimNumber: "12345", CauseOfLoss: "Meteor strike", Deductible: money(t, "400.10"),
		TitleRemittanceAddress: lossexpress.Address{StreetAddress: "1 Main", City: "Dallas", ZIPCode: "75204", Extra: extra{"county": []byte(`"X"`)}},
		Vehicle:                &lossexpress.Vehicle{Year: 2034, Make: "T", Extra: extra{"trim": []byte(`"LX"`)}},
		Documents:              []lossexpress.Document{{DocumentURL: "u", Extra: extra{"pages": []byte(`3`)}}},
		PayoffData: &lossexpress.PayoffData{
			PayoffAmount: money(t, "1000"), PerDiem: money(t, "2.345"), Extra: extra{"createdAt": []byte(`"yesterday"`)},
			Remittance: &lossexpress.RemittanceInformation{
				Standard: &lossexpress.Remittance{Attn: "A", Address: lossexpress.Address{Extra: extra{"box": []byte(`7`)}}},
				Extra:    extra{"wire": []byte(`{}`)},
			},
		},
		CreatedAt: time.Date(2021, 1, 8, 22, 3, 9, 0, time.UTC),
		Extra: extra{
			"settlementAmount": []byte(`"a lot"`), "dateOfLoss": []byte(`{"y": 2020}`), "letterOfGuaranteeRequest": []byte(`"pending"`),
			"titledOwners": []byte(`[{"name": "Z"}]`), "titledState": []byte(`null`),
		},
		Raw: c.Raw,
	}
	if d := cmp.Diff(want, c, cmp.Comparer(decimal.Decimal.Equal)); d != "" {
		t.Error(d)
	}
	if got := c.TitleRemittanceAddress.String(); got != "1 Main Dallas 75204" {
		t.Error(got)
	}
	again, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, kept := range []string{`"a lot"`, `"county":"X"`, `"trim":"LX"`, `"pages":3`, `"yesterday"`, `"box":7`, `"wire":{}`, `"pending"`, `"titledState":null`, `"deductible":400.10`} {
		if !strings.Contains(string(again), kept) {
			t.Errorf("%s is lost in %s", kept, again)
		}
	}
}

// Unknown keys survive, known ones mean the same, and a second round changes nothing.
func FuzzClaim(f *testing.F) {
	f.Add([]byte(`{"claimId":"a","ownerRetained":true,"titleRemittanceAddress":{"city":"x","u":1},"payoffData":{"perDiem":"2.30"},"new":[1]}`))
	f.Add([]byte(`{"documents":[null,{"a":1}],"vehicle":{"year":"x"},"deductible":1e999,"createdAt":"2021-01-08T22:03:09.598Z","Vin":"x","vin":7}`))
	f.Add([]byte(`{"claimNumber":"\u202ex","settlementAmount":"\"1\"","odometer":-0.0,"letterOfGuaranteeRequest":{}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var c lossexpress.Claim
		if json.Unmarshal(body, &c) != nil {
			return
		}
		once, err := json.Marshal(c)
		if err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		var in, out map[string]json.RawMessage
		if json.Unmarshal(body, &in) != nil || json.Unmarshal(once, &out) != nil {
			t.Fatalf("%q became %q", body, once)
		}
		for key := range c.Extra {
			if _, ok := out[key]; !ok {
				t.Errorf("%q is lost: %q became %q", key, body, once)
			}
		}
		var again lossexpress.Claim
		if err := json.Unmarshal(once, &again); err != nil {
			t.Fatalf("%q: %v", once, err)
		}
		twice, err := json.Marshal(again)
		if err != nil || string(twice) != string(once) {
			t.Errorf("%q became %q, then %q (%v)", body, once, twice, err)
		}
	})
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`10222.33`: "10222.33", `"10222.33"`: "10222.33", `2.3`: "2.3", `0.1`: "0.1", `-5`: "-5", `1e3`: "1000", `1.5E-3`: "0.0015",
		`" 7 "`: "7", `5553.50`: "5553.50", `123456789012345678.99`: "123456789012345678.99", `null`: "0", `0`: "0", `12e-1`: "1.2",
	} {
		var n lossexpress.Number
		if err := json.Unmarshal([]byte(in), &n); err != nil || n.Text() != want {
			t.Errorf("%s: %s %v, want %s", in, n.Text(), err, want)
		}
	}
	for _, in := range []string{
		`""`, `"x"`, `"1,000"`, `"$5"`, `true`, `{}`, `[1]`, `"0x10"`, `"1_000"`, `"NaN"`, `"+5"`, `".5"`, `"null"`, `"\"5\""`,
		`1e1000000000`, `1e-1000000000`, `1e99`, `"` + strings.Repeat("9", 50) + `"`,
	} {
		var n lossexpress.Number
		if err := json.Unmarshal([]byte(in), &n); err == nil {
			t.Errorf("%s was taken for %s", in, n.Text())
		}
	}
	var holder struct {
		A lossexpress.Money  `json:"a"`
		B *lossexpress.Money `json:"b"`
	}
	if err := json.Unmarshal([]byte(`{"a":null,"b":null}`), &holder); err != nil || holder.B != nil || !holder.A.IsZero() {
		t.Errorf("null: %+v %v", holder, err)
	}
}

func TestNumberRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64().Draw(t, "coefficient"), rapid.Int32Range(-18, 18).Draw(t, "exponent"))
		n := lossexpress.Number{Decimal: d}
		raw, err := json.Marshal(n)
		if err != nil || strings.ContainsAny(string(raw), `eE"+`) || !json.Valid(raw) {
			t.Fatalf("%s %v", raw, err)
		}
		quoted, _ := json.Marshal(string(raw))
		for _, form := range [][]byte{raw, quoted} {
			var back lossexpress.Number
			if err := json.Unmarshal(form, &back); err != nil || !back.Equal(d) {
				t.Fatalf("%s became %s (%v)", form, back.Text(), err)
			}
		}
	})
}
