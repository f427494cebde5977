package lossexpress

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"claimdeck/sandbox/fault"
)

const carrierClaim = `{"accountNumber":"TEST-AN","adjusterName":"Mike Mclaren","causeOfLoss":"Fire","claimNumber":"ex-1001",
"dateOfLoss":"2026-10-20","deductible":400,"financeType":"Retail","insurerType":"First Party","lenderName":"ally bank",
"odometer":39993,"ownersName":"Test Owner","ownersPhoneNumber":"+12223334444","ownersRetained":false,
"ownersStreetAddress":"12200 Test Avenue Dallas TX 75204","settlementAmount":5553.10,
"titleRemittanceAddress":"1000 Main Street Dallas TX 75204","vin":"1N4AL3AP8JC231503",
"lenderAddress":{"streetAddress":"1 A St","city":"Dallas","state":"TX","zipCode":"75204"}}`

func without(body, key string) string {
	var o map[string]any
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		panic(err)
	}
	delete(o, key)
	return string(fault.Encode(o))
}

func with(body, key string, value any) string {
	var o map[string]any
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		panic(err)
	}
	o[key] = value
	return string(fault.Encode(o))
}

// TestErrors holds the status and the words of every documented refusal, and of the natural ones.
func TestErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	bare := b.AddClaim(ClaimSeed{})
	ready := b.AddClaim(ClaimSeed{Documents: papers()})
	none := "/claims/00000000-0000-4000-8000-000000000000"
	at, bareAt := "/claims/"+ready, "/claims/"+bare
	before := len(b.Truth())

	tests := []struct {
		method, path, body string
		status             int
		message            string
	}{
		{"GET", "/nowhere", "", 404, "Not Found"},
		{"GET", "/", "", 404, "Not Found"},
		{"PATCH", at, "", 405, "Method Not Allowed"},
		{"DELETE", "/activities", "", 405, "Method Not Allowed"},
		{"POST", "/claims/order-types", "{}", 405, "Method Not Allowed"},
		{"GET", none, "", 404, "Claim does not exist."},
		{"POST", "/oauth/token", `{"clientId":"x","secret":"y"}`, 401, "Your API key is wrong."},
		{"POST", "/oauth/token", `{"clientId":"x"}`, 400, "secret is required"},
		{"POST", "/claims", `{`, 400, "Invalid request payload JSON format"},
		{"POST", "/claims", `[]`, 400, "value must be an object"},
		{"POST", "/claims", ``, 400, "accountNumber is required"},
		{"POST", "/claims", without(carrierClaim, "vin"), 400, "vin is required"},
		{"POST", "/claims", with(carrierClaim, "vin", "SHORT"), 400, "vin length must be 17 characters long"},
		{"POST", "/claims", with(carrierClaim, "odometer", "far"), 400, "odometer must be a number"},
		{"POST", "/claims", with(carrierClaim, "ownersRetained", "no"), 400, "ownersRetained must be a boolean"},
		{"POST", "/claims", with(carrierClaim, "ownersName", nil), 400, "ownersName must be a string"},
		{"POST", "/claims", with(carrierClaim, "ownersName", ""), 400, "ownersName is not allowed to be empty"},
		{"POST", "/claims", with(carrierClaim, "dateOfLoss", "yesterday"), 400, "dateOfLoss must be a valid ISO 8601 date"},
		{"POST", "/claims", with(carrierClaim, "financeType", "Cash"), 400, "financeType must be one of [Retail, Lease]"},
		{"POST", "/claims", with(carrierClaim, "carrierId", "x"), 400, "carrierId is not allowed"},
		{"POST", "/claims", with(carrierClaim, "lenderAddress", map[string]any{"zip": "1"}), 400, "zip is not allowed"},
		{"POST", "/claims", with(carrierClaim, "lenderAddress", "x"), 400, "lenderAddress must be an object"},
		{"PUT", at, `{"deductible":"x"}`, 400, "deductible must be a number"},
		{"PUT", at, `{"lenderPhoneNumber":"+1"}`, 400, "lenderPhoneNumber is not allowed"},
		{"PUT", none, `{"odometer":1}`, 404, "Claim does not exist."},
		{"GET", "/claims", "", 400, "value must contain at least one of [vin, claimNumber]"},
		{"POST", at + "/direct-messages", `{}`, 400, "message is required"},
		{"POST", "/claims/documents/" + ready, `{"description":"x"}`, 400, "document is required"},
		{"POST", "/claims/documents/" + ready, `{"document":"aGVsbG8="}`, 400, "description is required"},
		{"POST", "/claims/documents/" + ready, `{"document":"%%","description":"x"}`, 400, "document must be a valid base64 string"},
		{
			"POST", "/claims/documents/" + ready, `{"document":"aGVsbG8=","description":"x"}`, 400,
			"document must be one of the following formats: pdf, jpeg, jpg, tiff, gif, png",
		},
		{"POST", "/claims/documents/" + ready, `{"documentUrl":"x","description":"x"}`, 400, "documentUrl must be a valid uri"},
		{"GET", "/documents/00000000-0000-4000-8000-000000000000", "", 404, "Document does not exist."},
		{"POST", bareAt + "/payoff-request", "", 400, textMissingPapers},
		{
			"POST", bareAt + "/letter-of-guarantee-request", "", 400,
			"Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'",
		},
		{"DELETE", at + "/payoff-request", "", 404, "A payoff request does not exist for this claim."},
		{"DELETE", at + "/letter-of-guarantee-request", "", 404, "Letter of Guarantee does not exist for this claim."},
		{"POST", at + "/payoff-request/refresh", "", 404, textNoPayoff},
		{"POST", at + "/letter-of-guarantee-request/refresh", "", 404, textNoLetter},
		{"POST", at + "/orders", `{}`, 400, "types is required"},
		{"POST", at + "/orders", `{"types":"Copy of Title"}`, 400, "types must be an array"},
		{"POST", at + "/orders", `{"types":[]}`, 400, "types must contain at least 1 items"},
		{"POST", at + "/orders", `{"types":["Copy of Title","Pizza"]}`, 400, "1 must be one of [" + strings.Join(orderTypes(), ", ") + "]"},
		{"POST", bareAt + "/orders", `{"types":["Copy of Title","Letter of Guarantee"]}`, 400, textMissingPapers},
		{"POST", at + "/orders/refresh", `{"types":["Copy of Title"]}`, 500, "An internal server error occurred"},
		{"DELETE", at + "/cancel-orders", `{}`, 400, "orderIds is required"},
		{"DELETE", at + "/cancel-orders", `{"orderIds":["x"]}`, 404, "Order does not exist for this claim."},
		{"POST", at + "/payoff-sent", `{"checkAmount":1}`, 400, "sentAt is required"},
		{"POST", at + "/payoff-sent", `{"sentAt":"2026-11-01"}`, 400, "checkAmount is required"},
		{"POST", at + "/payoff-sent", `{"sentAt":"2026-11-01","checkAmount":10.5}`, 400, "checkAmount must be an integer"},
		{"POST", at + "/settlement-counter", `{"dispute":true,"reasonForDispute":"x"}`, 404, "A settlement counter does not exist for this claim."},
		{"POST", at + "/settlement-counter", `{"dispute":true}`, 400, "reasonForDispute is required"},
		{"POST", at + "/settlement-counter", `{"dispute":false}`, 400, "settlementBreakdown is required"},
		{
			"POST", at + "/settlement-counter", `{"dispute":false,"settlementBreakdown":"aGVsbG8="}`, 400,
			"settlementBreakdown must be one of the following formats: pdf, jpeg, jpg, tiff, gif, png",
		},
		{"POST", "/activities/trigger-activity/" + ready, "", 400, "activityType is required"},
		{
			"POST", "/activities/trigger-activity/" + ready + "?activityType=order-created", "", 400,
			"activityType must be one of [" + strings.Join(triggers(), ", ") + "]",
		},
		{"GET", "/activities/webhook-info", "", 404, "A webhook does not exist."},
		{"PUT", "/carriers/deactivate-webhook", "", 404, "A webhook does not exist."},
		{
			"POST", "/activities/webhook", `{"endpoint":"http://example.com/"}`, 400,
			"endpoint must be on this machine: the sandbox calls no other",
		},
		{"GET", "/lenders?name=al", "", 400, "name length must be at least 3 characters long"},
		{
			"GET", "/activities?activityId=x&createdBefore=2026-11-01T00:00:00Z", "", 400,
			"value contains a conflict between exclusive peers [activityId, createdBefore]",
		},
		{"GET", "/activities?activityId=unknown", "", 404, "Activity does not exist."},
		{"GET", "/activities?pageSize=501", "", 400, "pageSize must be less than or equal to 500"},
		{"GET", "/activities?pageSize=0", "", 400, "pageSize must be larger than or equal to 1"},
		{"GET", "/activities?pageSize=x", "", 400, "pageSize must be a number"},
		{"GET", "/activities?pageNumber=-1", "", 400, "pageNumber must be larger than or equal to 0"},
		{"GET", "/activities?pageNumber=x", "", 400, "pageNumber must be a number"},
		{"GET", "/activities?createdAfter=x", "", 400, "createdAfter must be a valid ISO 8601 date"},
	}
	for _, test := range tests {
		a := b.do(test.method, test.path, test.body)
		got := a.object(t)
		if a.status != test.status || got["message"] != test.message || got["statusCode"] != float64(test.status) ||
			got["error"] != http.StatusText(test.status) {
			t.Errorf("%s %s %s\n got %d %s\nwant %d %s", test.method, test.path, test.body, a.status, a.body, test.status, test.message)
		}
	}
	if writes := b.Writes(); len(writes) != 0 || len(b.Truth()) != before {
		t.Errorf("refused requests had effects: %v", writes)
	}
}

func TestValidationEnvelope(t *testing.T) {
	t.Parallel()
	body := without(without(carrierClaim, "vin"), "odometer")
	tests := []struct {
		name   string
		change func(*Behaviour)
		want   string
	}{
		{"first only", func(*Behaviour) {}, `{"error":"Bad Request","message":"odometer is required","statusCode":400,"validation":{"errors":[` +
			`{"constraint":"required","key":["odometer"],"label":"odometer","message":"odometer is required","path":["odometer"],"type":"any"}]}}`},
		{
			"all, flat", func(b *Behaviour) { b.AllValidationErrors, b.FlatValidationPaths = true, true },
			`{"error":"Bad Request","message":"odometer is required, vin is required","statusCode":400,"validation":{"errors":[` +
				`{"constraint":"required","key":"odometer","message":"odometer is required","path":"odometer","type":"any"},` +
				`{"constraint":"required","key":"vin","message":"vin is required","path":"vin","type":"any"}]}}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, Behaviour{})
			b.Change(test.change)
			if got := b.do("POST", "/claims", body).body; got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestUnknownKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	body := with(carrierClaim, "shoeSize", 44)
	if a := b.do("POST", "/claims", body); a.status != 400 || !strings.Contains(a.body, `"shoeSize is not allowed"`) {
		t.Errorf("unknown key: %d %s", a.status, a.body)
	}
	b.Change(func(b *Behaviour) { b.AllowUnknownKeys = true })
	if a := b.do("POST", "/claims", body); a.status != 201 {
		t.Errorf("unknown key allowed: %d %s", a.status, a.body)
	}
}

func TestTransport(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{MaxBody: 100})
	b.signIn()
	auth := "Bearer " + b.token
	tests := []struct {
		name, body string
		header     map[string]string
		strict     bool
		status     int
	}{
		{"no Accept", "{}", nil, false, 400},
		{"no Accept, strict", "{}", nil, true, 406},
		{"any", "{}", map[string]string{"Accept": "*/*"}, false, 400},
		{"any, strict", "{}", map[string]string{"Accept": "*/*"}, true, 406},
		{"html", "{}", map[string]string{"Accept": "text/html"}, false, 406},
		{"json, strict", "{}", map[string]string{"Accept": "application/json"}, true, 400},
		{"too large", `{"a":"` + strings.Repeat("a", 200) + `"}`, nil, false, 413},
		{"form", "a=b", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, false, 415},
	}
	for _, test := range tests {
		header := map[string]string{"Authorization": auth}
		maps.Copy(header, test.header)
		b.Change(func(b *Behaviour) { b.StrictAccept = test.strict })
		if a := b.raw("POST", "/claims", test.body, header); a.status != test.status {
			t.Errorf("%s: got %d %s, want %d", test.name, a.status, a.body, test.status)
		}
	}
	b.Change(func(b *Behaviour) { b.StrictAccept = false })
	if a := b.raw("PATCH", "/claims", "", nil); a.header.Get("Allow") == "" {
		t.Errorf("405 without Allow: %v", a.header)
	}
}
