package claim

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"claimdeck/state/activity"
)

func TestPrintedClaimObject(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/documents/claim-object.json")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("", 3600))
	for name, answer := range map[string]json.RawMessage{
		"bare":    raw,
		"wrapped": json.RawMessage(`{"claim": ` + string(raw) + `, "requestUrl": "https://xapi.lossexpress.com/claims/x"}`),
	} {
		s, err := DecodeSnapshot(answer, at)
		if err != nil {
			t.Fatal(err)
		}
		if s.ClaimID != "c30ae9da-9222-4de5-81fe-fe1ac590fa0f" || !s.At.Equal(at) || s.At.Location() != time.UTC ||
			!s.CreatedAt.Equal(time.Date(2021, 1, 8, 22, 3, 9, 598e6, time.UTC)) {
			t.Errorf("%s: %+v", name, s)
		}
		if len(s.Info.Other) != 0 {
			t.Errorf("%s: documented keys are not known: %v", name, s.Info.Other)
		}
		want := activity.Facts{Number: "EXAMPLE3", VIN: "1N4AL3AP8JC231503", Lender: "Test Lender", Owner: "Test Owner", Vehicle: "2034 TEST Car"}
		if s.Facts() != want {
			t.Errorf("%s: facts %+v", name, s.Facts())
		}
		if again, err := DecodeSnapshot(s.Raw, at); err != nil || again.ClaimID != s.ClaimID {
			t.Errorf("%s: Raw is not the claim object: %v", name, err)
		}
	}
}

func TestFoldOfThePrintedClaim(t *testing.T) {
	t.Parallel()
	c := Fold(printedClaim(t), nil)
	if missing := c.MissingDocuments(); missing != nil { // the combined document is named the other way round there
		t.Errorf("missing %v", missing)
	}
	if c.Payoff.Amount.String() != "10222.33" || c.Payoff.ValidThrough != "2021-01-18" || c.Payoff.Standard.Street2 != "Ste. 500" {
		t.Errorf("payoff %+v", c.Payoff)
	}
	if c.Guarantee.State != Fulfilled || c.Guarantee.DocumentID == "" {
		t.Errorf("letter %+v", c.Guarantee)
	}
}

func TestDecodeSnapshotRefuses(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"nothing": "", "html": "<html>", "array": "[]", "null": "null", "no id": `{"claimNumber":"EX-1"}`,
		"wrapped without id": `{"claim":{}}`, "wrapped twice": `{"claim":{"claim":{"claimId":"c"}}}`, "search": `{"claims":[{"claimId":"c"}]}`,
	} {
		if s, err := DecodeSnapshot(json.RawMessage(raw), start); !errors.Is(err, ErrNotClaim) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	files, err := filepath.Glob("testdata/documents/*.printed")
	if err != nil || len(files) != 3 {
		t.Fatalf("fixtures: %d, %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := DecodeSnapshot(raw, start); !errors.Is(err, ErrNotClaim) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestDecodeSnapshotLeavesOutWhatIsOdd(t *testing.T) {
	t.Parallel()
	s := snapshot(t, 0, `{"claimId":7,"vin":{"x":1},"settlementAmount":"a lot","ownersName":"Dana","payoffData":"soon","documents":{},"letterOfGuaranteeRequest":null,"vehicle":[]}`)
	if s.ClaimID != "7" || s.Info.VIN != "" || s.Info.Settlement != nil || s.Info.OwnerName != "Dana" || s.Payoff.Known() || s.Documents != nil || s.Letter.Requested {
		t.Errorf("%+v", s)
	}
}
