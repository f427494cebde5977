package activity

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSummary(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ        Type
		data, want string
	}{
		{AccountNumberViewed, `{"viewedByLossExpress":false}`, "Account number viewed"},
		{AccountNumberViewed, `null`, "Account number viewed"},
		{CallMade, `{"callLength":"12.5"}`, "Call to lender, 12.5 min"},
		{CallMade, `{"callLength":0}`, "Call to lender"},
		{CallMade, `{"callLength":null}`, "Call to lender"},
		{ClaimCreated, `{}`, "Claim created"},
		{ClaimCreated, `{"lenderName":"Ally Financial"}`, "Claim created: Ally Financial"},

		{ClaimUpdated, `{"update":{"financeType":"Lease"},"previous":{"financeType":"Retail"},"updatedByLossExpress":true}`, "LossExpress corrected finance type from Retail to Lease"},
		{ClaimUpdated, `{"update":{"settlementAmount":6000},"previous":{"settlementAmount":5553}}`, "Claim updated: settlement amount from 5,553.00 to 6,000.00"},
		{ClaimUpdated, `{"update":{"lenderName":"Ally"},"updatedByLossExpress":false}`, "Claim updated: lender to Ally"},
		{ClaimUpdated, `{"update":{"vehicleLocation":null},"previous":{"vehicleLocation":"x"}}`, "Claim updated: vehicle location: removed"},
		{ClaimUpdated, `{"update":{"ownersPhoneNumber":"+12223334444"}}`, "Claim updated: owner phone"},
		{ClaimUpdated, `{"update":{"ownersName":"A","accountNumber":"123"}}`, "Claim updated: account number and owner"},
		{ClaimUpdated, `{"update":{"ownersName":"A","vin":"V","odometer":3}}`, "Claim updated: odometer, owner and VIN"},
		{ClaimUpdated, `{"update":{"ownersName":"A","vin":"V","odometer":3,"deductible":1,"titledState":"TX"},"updatedByLossExpress":true}`, "LossExpress corrected deductible, odometer, owner and 2 more"},
		{ClaimUpdated, `{"update":{"titledState":"TX"},"previous":{"titledState":"OK"}}`, "Claim updated: titled state from OK to TX"},
		{ClaimUpdated, `{"update":{"driverLicenseNo":"D123"}}`, "Claim updated: driver license no"},
		{ClaimUpdated, `{"update":{}}`, "Claim updated"},
		{ClaimUpdated, `{"updatedByLossExpress":true}`, "LossExpress updated the claim"},

		{DirectMessageAdded, `{"sentByLossExpress":true,"message":"odometer photo\nplease","actionRequired":true}`, "LossExpress needs: odometer photo"},
		{DirectMessageAdded, `{"sentByLossExpress":true,"category":"TITLE","actionRequired":true}`, "LossExpress needs an answer: TITLE"},
		{DirectMessageAdded, `{"sentByLossExpress":true,"message":"fyi","actionRequired":false}`, "Message from LossExpress: fyi"},
		{DirectMessageAdded, `{"category":"OTHER","message":"fyi"}`, "Message from LossExpress: fyi"},
		{DirectMessageAdded, `{"sentBy":"Ana","message":"hello"}`, "Ana to LossExpress: hello"},
		{DirectMessageAdded, `{"sentByLossExpress":false,"message":"hello","actionRequired":true}`, "Message to LossExpress: hello"},
		{DirectMessageAdded, `{"message":"hello","actionRequired":true}`, "LossExpress needs: hello"},
		{DirectMessageAdded, `{"message":"hello"}`, "Message: hello"},
		{DirectMessageAdded, `{}`, "Message"},

		{DocumentAdded, `{"type":"police report","sentByLossExpress":true,"sentBy":null}`, "LossExpress added a document: police report"},
		{DocumentAdded, `{"type":"Settlement Breakdown & Valuation Report"}`, "Document added: valuation report & settlement breakdown"},
		{DocumentAdded, `{}`, "Document added"},

		{LetterOfGuaranteeRequestCreated, `{}`, "Letter of guarantee requested"},
		{LetterOfGuaranteeRequestCreated, `{"estimatedResponseTime":null}`, "Letter of guarantee requested"},
		{LenderAliasVerified, `{}`, "Lender verified as an alias"},
		{NewLenderVerified, `{}`, "New lender verified"},

		{OrderAttempted, `{"type":"Copy of Title","count":1}`, "Order failed, try 1: Copy of Title"},
		{OrderAttempted, `{"orderType":"Copy of Title","message":"a\nb"}`, "Order failed: Copy of Title: a"},
		{OrderAttempted, `{}`, "Order failed"},
		{OrderCreated, `{}`, "Order ordered"},
		{OrderFulfilled, `{"orderType":"Title Status"}`, "Title Status fulfilled"},
		{OrderFulfilled, `{"orderType":"letter of guarantee","documentUrl":"https://x/d/1"}`, "Letter of guarantee arrived"},
		{OrderStatusChanged, `{"updatedOrder":{"orderType":"Copy of Title","status":"cancelled"}}`, "Copy of Title cancelled"},
		{OrderStatusChanged, `{"updatedOrder":{"orderType":"Copy of Title","status":"pending"}}`, "Copy of Title pending"},
		{OrderStatusChanged, `{"updatedOrder":{"orderType":"Copy of Title","status":"on hold"}}`, "Copy of Title status: on hold"},
		{OrderStatusChanged, `{"updatedOrder":{"orderType":"Copy of Title"}}`, "Copy of Title changed"},
		{OrderStatusChanged, `{}`, "Order changed"},
		{OrderStatusChanged, `{"updatedOrder":{"orderType":"Loan Payoff Request","status":"fulfilled","fulfillmentData":{"payoffAmount":99999,"validThroughDate":"2022-04-01T21:28:40.256Z"}}}`, "Payoff 99,999.00, good to Apr 1, 2022"},
		{OrderStatusChanged, `{"updatedOrder":{"orderType":"Title Status","status":"fulfilled","fulfillmentData":{"anything":[1]}}}`, "Title Status fulfilled"},
		{OrderUpdated, `{}`, "Order updated"},

		{PaymentSent, `{"checkAmount":"1,234.5","sentTo":"1000 Main Street"}`, "Payment sent: 1,234.50"},
		{PaymentSent, `{}`, "Payment sent"},

		{PayoffDataAdded, `{"payoffAmount":10222.335}`, "Payoff 10,222.34"},
		{PayoffDataAdded, `{"perDiem":2.3456}`, "Payoff update: per diem 2.3456"},
		{PayoffDataAdded, `{"perDiem":2.3,"validThroughDate":"2022-01-18"}`, "Payoff update: per diem 2.30, good to Jan 18, 2022"},
		{PayoffDataAdded, `{"remittanceInformation":{"standard":{"makeCheckPayableTo":"ALLY","city":"Dallas","state":"TX"}}}`, "Payoff address: ALLY, Dallas TX"},
		{PayoffDataAdded, `{"remittanceInformation":{"overnight":{"streetAddress":"1 Main"}}}`, "Payoff overnight address: 1 Main"},
		{PayoffDataAdded, `{"documentUrl":"https://x/d/1"}`, "Payoff letter arrived"},
		{PayoffDataAdded, `{}`, "Payoff update"},
		{PayoffRequestCreated, `[]`, "Payoff requested"},
		{RequestPendingLenderContacted, `{}`, "LossExpress contacted the lender"},

		{SettlementCounterAdded, `{}`, "Lender countered the settlement"},
		{SettlementCounterUpdated, `{"disputed":true}`, "Counter disputed"},
		{SettlementCounterUpdated, `{"reasonForDispute":"no"}`, "Counter disputed: no"},
		{SettlementCounterUpdated, `{"disputed":false}`, "Counter accepted"},
		{SettlementCounterUpdated, `{}`, "Counter answered"},
	} {
		if got := of(t, c.typ, c.data).Summary(); got != c.want {
			t.Errorf("%s %s:\n got %q\nwant %q", c.typ, c.data, got, c.want)
		}
	}
}

func TestSummaryIsBounded(t *testing.T) {
	t.Parallel()
	a := of(t, DirectMessageAdded, `{"sentByLossExpress":true,"message":"`+strings.Repeat("日本 ", 5000)+`"}`)
	got := a.Summary()
	if n := utf8.RuneCountInString(got); n > maxSummary || n < maxSummary-1 || !strings.HasSuffix(got, "…") {
		t.Errorf("%d runes, ends in %q", n, got[len(got)-8:])
	}
	if text := a.Data.(DirectMessage).Text; utf8.RuneCountInString(text) != 14999 {
		t.Errorf("the message was cut to %d runes", utf8.RuneCountInString(text))
	}
}

func TestSummaryNeverShowsWhatIsSensitive(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		`{"update":{"accountNumber":"SECRET-1"},"previous":{"accountNumber":"SECRET-0"}}`,
		`{"update":{"accountNumber":"SECRET-1","ownersPhoneNumber":"SECRET"},"updatedByLossExpress":true}`,
		`{"update":{"ssnOfOwner":"SECRET"}}`,
	} {
		if got := of(t, ClaimUpdated, data).Summary(); strings.Contains(got, "SECRET") {
			t.Errorf("%s says %q", data, got)
		}
	}
	if got := of(t, ClaimCreated, `{"accountNumber":"SECRET","ownersPhoneNumber":"SECRET","ownersName":"x"}`).Summary(); strings.Contains(got, "SECRET") {
		t.Errorf("claim-created says %q", got)
	}
}

func TestSummaryIn(t *testing.T) {
	t.Parallel()
	orders := map[string]string{"o1": "Copy of Title"}
	documents := map[string]string{"d1": "settlement breakdown"}
	for _, c := range []struct {
		typ        Type
		data, want string
	}{
		{OrderCancelled, `{"orderId":"o1"}`, "Copy of Title cancelled"},
		{OrderCancelled, `{"orderId":"o2"}`, "Order cancelled"},
		{OrderUpdated, `{"orderId":"o1","nextFollowupDate":"2021-08-31"}`, "Copy of Title: next follow-up Aug 31"},
		{OrderUpdated, `{"orderId":"o1"}`, "Copy of Title updated"},
		{OrderUpdated, `{"orderId":"o2"}`, "Order updated"},
		{DocumentSentToLender, `{"documentUrl":"https://x/d1"}`, "Settlement breakdown sent to lender"},
		{DocumentSentToLender, `{"documentUrl":"https://x/d2"}`, "Document sent to lender"},
		{CallMade, `{}`, "Call to lender"},
	} {
		if got := of(t, c.typ, c.data).SummaryIn(orders, documents); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.typ, c.data, got, c.want)
		}
	}
}

func TestFacts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ  Type
		data string
		want Facts
	}{
		{ClaimCreated, `{"vin":"V1","lenderName":"Ally","ownersName":"Dana","vehicle":{"year":"2021","make":"Honda","model":"Accord"}}`, Facts{"EX-1", "V1", "Ally", "Dana", "2021 Honda Accord"}},
		{ClaimUpdated, `{"update":{"claimNumber":"EX-2","lenderName":"Chase"},"previous":{"vin":"V0"}}`, Facts{Number: "EX-2", Lender: "Chase"}},
		{NewLenderVerified, `{"lenderName":"Chase"}`, Facts{Number: "EX-1", Lender: "Chase"}},
		{LenderAliasVerified, `{"lenderName":"Chase"}`, Facts{Number: "EX-1", Lender: "Chase"}},
		{CallMade, `{}`, Facts{Number: "EX-1"}},
		{ClaimCreated, `[]`, Facts{Number: "EX-1"}},
	} {
		if got := of(t, c.typ, c.data).Facts(); got != c.want {
			t.Errorf("%s %s: got %+v, want %+v", c.typ, c.data, got, c.want)
		}
	}
}

func TestOriginAndTone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ           Type
		data          string
		fromLX, known bool
		tone          Tone
		asks          bool
	}{
		{AccountNumberViewed, `{}`, true, true, Muted, false},
		{AccountNumberViewed, `{"viewedByLossExpress":false}`, false, true, Muted, false},
		{CallMade, `{}`, true, true, Muted, false},
		{ClaimCreated, `{}`, false, true, Neutral, false},
		{ClaimUpdated, `{}`, false, false, Neutral, false},
		{ClaimUpdated, `{"updatedByLossExpress":true}`, true, true, Neutral, false},
		{DirectMessageAdded, `{"sentByLossexpress":true,"actionRequired":true}`, true, true, Attention, true},
		{DirectMessageAdded, `{"sentByLossExpress":true,"actionRequired":"true"}`, true, true, Attention, true},
		{DirectMessageAdded, `{"sentByLossExpress":false,"actionRequired":true}`, false, true, Neutral, false},
		{DirectMessageAdded, `{}`, false, false, Neutral, false},
		{DocumentAdded, `{"sentByLossExpress":true}`, true, true, Good, false},
		{DocumentAdded, `{"sentBy":"Ana"}`, false, true, Neutral, false},
		{DocumentAdded, `{}`, false, false, Neutral, false},
		{DocumentSentToLender, `{}`, true, true, Muted, false},
		{LetterOfGuaranteeAdded, `{}`, true, true, Good, false},
		{OrderCancelled, `{}`, false, false, Neutral, false},
		{OrderFulfilled, `{}`, true, true, Good, false},
		{OrderStatusChanged, `{"updatedOrder":{"status":"fulfilled"}}`, true, true, Good, false},
		{OrderStatusChanged, `{"updatedOrder":{"status":"cancelled"}}`, true, true, Neutral, false},
		{OrderAttempted, `{}`, true, true, Attention, false},
		{OrderUpdated, `{}`, true, true, Muted, false},
		{PaymentSent, `{}`, false, true, Good, false},
		{PayoffDataAdded, `{"payoffAmount":1}`, true, true, Good, false},
		{PayoffDataAdded, `{"perDiem":1}`, true, true, Neutral, false},
		{RequestPendingLenderContacted, `{}`, true, true, Muted, false},
		{SettlementCounterAdded, `{}`, true, true, Attention, false},
		{SettlementCounterUpdated, `{"disputed":false}`, false, true, Good, false},
		{SettlementCounterUpdated, `{"disputed":true}`, false, true, Neutral, false},
		{"foo-bar", `{}`, false, false, Neutral, false},
	} {
		a := of(t, c.typ, c.data)
		fromLX, known := a.FromLossExpress()
		if fromLX != c.fromLX || known != c.known || a.Tone() != c.tone || a.ActionRequired() != c.asks {
			t.Errorf("%s %s: from LossExpress %v, known %v, tone %v, asks %v", c.typ, c.data, fromLX, known, a.Tone(), a.ActionRequired())
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	labels := map[string]Type{}
	for _, typ := range Types() {
		l := Label(typ)
		if other, twice := labels[l]; twice || l == "" || len(l) > 30 || strings.Contains(l, "-a") {
			t.Errorf("label %q of %s, and of %q", l, typ, other)
		}
		labels[l] = typ
	}
	if len(labels) != 25 {
		t.Errorf("%d types", len(labels))
	}
	if got := Label("foo-bar\x1b[31m"); got != "Foo bar" {
		t.Errorf("label of an unknown type: %q", got)
	}
	if got := Label(""); got != "Unnamed" {
		t.Errorf("label of no type: %q", got)
	}
}

func TestZeroActivity(t *testing.T) {
	t.Parallel()
	var a Activity
	if a.Summary() == "" || a.Tone() != Neutral || a.ActionRequired() || a.Facts() != (Facts{}) {
		t.Errorf("zero activity: %q", a.Summary())
	}
}
