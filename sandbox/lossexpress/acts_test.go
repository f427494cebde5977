package lossexpress

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"claimdeck/sandbox/fault"
)

func TestOrders(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{Documents: papers()})
	want := object{"orderTypes": orderTypes(), "success": true}
	if got := b.good("GET", "/claims/order-types", "").body; got != string(fault.Encode(want)) {
		t.Errorf("order types: %s", got)
	}
	var placed struct {
		ClaimID string
		Orders  []struct{ OrderID, Type string }
		Success bool
	}
	b.good("POST", "/claims/"+id+"/orders", `{"types":["Repo Affidavit","Copy of Title"]}`).into(t, &placed)
	if placed.ClaimID != id || !placed.Success || len(placed.Orders) != 2 || placed.Orders[1].Type != "Copy of Title" {
		t.Fatalf("placed: %+v", placed)
	}
	if n := b.count(id, "order-created"); n != 2 {
		t.Errorf("%d order-created", n)
	}
	first := placed.Orders[0].OrderID
	for range 2 { // the second cancellation succeeds too, without an effect
		b.good("DELETE", "/claims/"+id+"/cancel-orders", `{"orderIds":["`+first+`"]}`)
	}
	if data := b.last(id, "order-cancelled").Data; data["orderId"] != first || len(data) != 1 {
		t.Errorf("order-cancelled: %v", data)
	}
	data := b.last(id, "order-status-changed").Data
	wantData := fmt.Sprintf("map[orders:[map[orderId:%s orderType:Repo Affidavit status:cancelled] map[orderId:%s orderType:Copy of Title status:pending]]"+
		" updatedOrder:map[orderId:%s orderType:Repo Affidavit status:cancelled]]", first, placed.Orders[1].OrderID, first)
	if fmt.Sprint(data) != wantData {
		t.Errorf("order-status-changed:\n got %v\nwant %s", data, wantData)
	}
	if got, want := b.kinds(), []string{WroteOrder, WroteOrder, WroteOrderCancel}; !slices.Equal(got, want) {
		t.Errorf("writes: got %v, want %v", got, want)
	}
}

// TestRefreshOrders: one type that cannot be repeated fails the answer, the others are repeated all the same.
func TestRefreshOrders(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{})
	b.good("POST", "/claims/"+id+"/orders", `{"types":["Repo Affidavit","Copy of Title"]}`)
	first := b.claimIDs[id].orders[0].id
	b.good("DELETE", "/claims/"+id+"/cancel-orders", `{"orderIds":["`+first+`"]}`)
	a := b.do("POST", "/claims/"+id+"/orders/refresh", `{"types":["Repo Affidavit","Copy of Title"]}`)
	if a.status != 500 || b.count(id, "order-created") != 3 {
		t.Errorf("with one pending: %d, %d order-created", a.status, b.count(id, "order-created"))
	}
	b.good("DELETE", "/claims/"+id+"/cancel-orders", `{"orderIds":["`+b.claimIDs[id].orders[2].id+`"]}`)
	got := b.good("POST", "/claims/"+id+"/orders/refresh", `{"types":["Repo Affidavit"]}`).object(t)
	if got["success"] != true || len(got["orders"].([]any)) != 1 || b.kinds()[5] != WroteOrderRefresh {
		t.Errorf("refreshed: %v, writes %v", got, b.kinds())
	}
}

// TestOrdersWithRequests: the two types that have routes of their own can be ordered like the others.
func TestOrdersWithRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{Documents: papers()})
	b.good("POST", "/claims/"+id+"/orders", `{"types":["Letter of Guarantee","Loan Payoff Request"]}`)
	if b.count(id, "letter-of-guarantee-request-created") != 1 || b.count(id, "payoff-request-created") != 1 {
		t.Errorf("special orders: %v", b.types(id))
	}
}

func TestPayoffAndLetterRequests(t *testing.T) {
	t.Parallel()
	for _, kind := range []requestKind{payoffRequest, letterRequest} {
		t.Run(kind.path, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, Behaviour{})
			id := b.AddClaim(ClaimSeed{Documents: papers()})
			path := "/claims/" + id + "/" + kind.path
			for range 2 { // the second while the first is pending
				if got := b.good("POST", path, "").object(t); got["claimId"] != id {
					t.Errorf("created: %v", got)
				}
			}
			b.Change(func(b *Behaviour) { b.RefuseSecondRequest = true })
			if a := b.do("POST", path, ""); a.status != 400 {
				t.Errorf("refused second: %d %s", a.status, a.body)
			}
			for range 2 {
				if got := b.good("DELETE", path, "").object(t); got["success"] != true || got["claimId"] != id {
					t.Errorf("cancelled: %v", got)
				}
			}
			name := kind.path
			if b.count(id, name+"-created") != 1 || b.count(id, name+"-cancelled") != 1 || b.count(id, "order-status-changed") != 1 {
				t.Errorf("activities: %v", b.types(id))
			}
			if got, want := b.kinds(), []string{kind.created, kind.ended}; !slices.Equal(got, want) {
				t.Errorf("writes: got %v, want %v", got, want)
			}
			b.good("POST", path+"/refresh", "")
			if b.count(id, name+"-created") != 2 {
				t.Errorf("refresh: %v", b.types(id))
			}
		})
	}
}

func TestLetterEstimate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		estimate            LetterEstimate
		inAnswer, inFeed    bool
		answerIsNullInstead bool
	}{
		{EstimateGiven, true, true, false},
		{EstimateAbsent, false, false, false},
		{EstimateNull, false, false, true},
	}
	for _, test := range tests {
		b := newBench(t, Behaviour{LetterEstimate: test.estimate})
		id := b.AddClaim(ClaimSeed{Documents: papers()})
		got := b.good("POST", "/claims/"+id+"/letter-of-guarantee-request", "").object(t)
		value, there := got["turnAroundTimeEstimate"]
		_, inFeed := b.last(id, "letter-of-guarantee-request-created").Data["estimatedResponseTime"]
		if (value != nil) != test.inAnswer || inFeed != test.inFeed || (there && value == nil) != test.answerIsNullInstead {
			t.Errorf("%d: answer %v, feed %t", test.estimate, got, inFeed)
		}
	}
}

func TestRequiredDocuments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		documents  []string
		noCombined bool
		status     int
	}{
		{[]string{"settlement breakdown"}, false, 400},
		{[]string{"valuation report"}, false, 400},
		{[]string{"SETTLEMENT BREAKDOWN", "Valuation Report"}, false, 200},
		{[]string{"settlement breakdown", "total loss evaluation"}, false, 200},
		{[]string{"valuation report & settlement breakdown"}, false, 200},
		{[]string{"settlement breakdown & valuation report"}, false, 200},
		{[]string{"valuation report & settlement breakdown"}, true, 400},
		{[]string{"settlement breakdown", "valuation report"}, true, 200},
	}
	for _, test := range tests {
		b := newBench(t, Behaviour{NoCombinedDocument: test.noCombined})
		id := b.AddClaim(ClaimSeed{Documents: test.documents})
		if a := b.do("POST", "/claims/"+id+"/payoff-request", ""); a.status != test.status {
			t.Errorf("%v: got %d, want %d", test.documents, a.status, test.status)
		}
	}
}

func TestSettlementCounter(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{CounterChangesSettlement: true})
	id := b.AddClaim(ClaimSeed{Fields: map[string]json.RawMessage{"settlementAmount": json.RawMessage("10000.50")}})
	path := "/claims/" + id + "/settlement-counter"
	if err := b.Trigger(id, "settlement-counter-added"); err != nil {
		t.Fatal(err)
	}
	if data := b.last(id, "settlement-counter-added").Data; data["description"] == "" || data["documentUrl"] == nil {
		t.Errorf("counter: %v", data)
	}
	if got := b.good("POST", path, `{"dispute":true,"reasonForDispute":"verified in person"}`).object(t); got["success"] != true {
		t.Errorf("dispute: %v", got)
	}
	if data := b.last(id, "settlement-counter-updated").Data; fmt.Sprint(data) != "map[disputed:true reasonForDispute:verified in person]" {
		t.Errorf("disputed: %v", data)
	}
	b.clock.forward(time.Minute)
	b.good("POST", path, `{"dispute":false,"settlementBreakdown":"`+pngFile+`"}`)
	data := b.last(id, "settlement-counter-updated").Data
	if data["disputed"] != false || data["documentUrl"] == nil {
		t.Errorf("accepted: %v", data)
	}
	if update := b.last(id, "claim-updated").Data["update"]; fmt.Sprint(update) != "map[settlementAmount:10300.52]" {
		t.Errorf("new amount: %v", update)
	}
	if got, want := b.kinds(), []string{WroteCounterDispute, WroteCounterAccept}; !slices.Equal(got, want) {
		t.Errorf("writes: got %v, want %v", got, want)
	}
	b.Change(func(b *Behaviour) { b.CounterChangesSettlement = false })
	b.good("POST", path, `{"dispute":false,"settlementBreakdown":"`+pngFile+`"}`)
	if n := b.count(id, "claim-updated"); n != 1 {
		t.Errorf("the amount changed without the switch: %d", n)
	}
}

func TestPayoffSent(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{})
	path := "/claims/" + id + "/payoff-sent"
	b.good("POST", path, `{"sentAt":"2026-11-19","checkAmount":20000,"sentVia":"USPS","trackingNumber":"E","sentTo":{"city":"Dallas"}}`)
	want := "map[checkAmount:20000 sentAt:2026-11-19T00:00:00.000Z sentTo:map[city:Dallas] sentVia:USPS trackingNumber:E]"
	if got := fmt.Sprint(b.last(id, "payment-sent").Data); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	b.Change(func(b *Behaviour) { b.DecimalCheckAmount = true })
	b.good("POST", path, `{"sentAt":"2026-11-19T01:02:03Z","checkAmount":10222.33}`)
	if n := b.count(id, "payment-sent"); n != 2 {
		t.Errorf("%d payments", n)
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{})
	if got := b.good("POST", "/claims/"+id+"/direct-messages", `{"message":"Test <b> message."}`).body; got != `{"claimId":"`+id+`","message":"Test <b> message."}` {
		t.Errorf("answer: %s", got)
	}
	if data := b.last(id, "direct-message-added").Data; fmt.Sprint(data) != "map[actionRequired:false message:Test <b> message. sentBy:API User sentByLossExpress:false]" {
		t.Errorf("activity: %v", data)
	}
}

func TestTriggersAndTestVINs(t *testing.T) {
	t.Parallel()
	emitted := map[string][]string{
		activityMessage:      {"direct-message-added"},
		activitySentToLender: {"document-added", "document-sent-to-lender"},
		activityLetter:       {"letter-of-guarantee-request-created", "letter-of-guarantee-added", "order-status-changed"},
		activityPayoffData:   {"payoff-data-added", "payoff-data-added", "payoff-request-created", "order-status-changed"},
		activityClaimUpdated: {"claim-updated"},
		activityCall:         {"call-made"},
		activityDocument:     {"document-added"},
		activityCounter:      {"settlement-counter-added"},
		activityPayoffCancel: {"payoff-request-created", "payoff-request-cancelled", "order-status-changed"},
	}
	check := func(t *testing.T, b *bench, id, kind string) {
		t.Helper()
		got := b.types(id)
		want := append([]string{activityClaimCreated}, emitted[kind]...)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", kind, got, want)
		}
	}
	b := newBench(t, Behaviour{TestVINDelay: 2 * time.Second})
	for _, kind := range triggers() {
		id := b.AddClaim(ClaimSeed{})
		b.good("POST", "/activities/trigger-activity/"+id+"?activityType="+kind, "")
		check(t, b, id, kind)
	}
	if len(triggers()) != 9 || len(testVINs()) != 8 {
		t.Errorf("%d triggers, %d VINs", len(triggers()), len(testVINs()))
	}
	for vin, kind := range testVINs() {
		id, _ := b.good("POST", "/claims", with(carrierClaim, "vin", vin)).object(t)["claimId"].(string)
		b.clock.forward(1999 * time.Millisecond)
		b.good("GET", "/claims/"+id, "")
		if got := b.types(id); len(got) != 1 {
			t.Errorf("%s: too early: %v", vin, got)
		}
		b.clock.forward(time.Millisecond)
		b.good("GET", "/claims/"+id, "")
		check(t, b, id, kind)
	}
	b.Change(func(b *Behaviour) { b.TestVINDelay = 0 })
	id, _ := b.good("POST", "/claims", with(carrierClaim, "vin", "1GCHC29U62E142306")).object(t)["claimId"].(string)
	check(t, b, id, activityCall)
	if b.Trigger("nobody", activityCall) == nil || b.Trigger(id, "order-created") == nil {
		t.Error("impossible triggers were accepted")
	}
}

// TestPayoffByHalves: the parts are told one by one, the claim object and the order hold the whole.
func TestPayoffByHalves(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{LenderName: "Ally Financial"})
	if err := b.Trigger(id, activityPayoffData); err != nil {
		t.Fatal(err)
	}
	var amounts, dates int
	for _, a := range decodeAll(t, b.Truth()) {
		if a.Type != activityPayoffData {
			continue
		}
		_, hasAmount := a.Data["payoffAmount"]
		_, hasDate := a.Data["validThroughDate"]
		if hasAmount == hasDate {
			t.Errorf("not a part: %v", a.Data)
		}
		if hasAmount {
			amounts++
		} else {
			dates++
		}
	}
	whole := b.good("GET", "/claims/"+id, "").object(t)["claim"].(map[string]any)["payoffData"].(map[string]any)
	ordered := b.last(id, "order-status-changed").Data["updatedOrder"].(map[string]any)["fulfillmentData"].(map[string]any)
	for _, key := range []string{"payoffAmount", "perDiem", "validThroughDate", "remittanceInformation"} {
		if whole[key] == nil || fmt.Sprint(whole[key]) != fmt.Sprint(ordered[key]) {
			t.Errorf("%s: claim %v, order %v", key, whole[key], ordered[key])
		}
	}
	if amounts != 1 || dates != 1 {
		t.Errorf("%d amounts, %d dates", amounts, dates)
	}
}

func TestDroppedActivities(t *testing.T) {
	t.Parallel()
	run := func(behaviour Behaviour) []string {
		b := newBench(t, behaviour)
		id := b.AddClaim(ClaimSeed{Documents: papers()})
		for _, kind := range []string{activityLetter, activityPayoffData, activityPayoffCancel} {
			if err := b.Trigger(id, kind); err != nil {
				t.Fatal(err)
			}
		}
		b.good("POST", "/claims/"+id+"/orders", `{"types":["Copy of Title","Bill of Sale"]}`)
		b.good("POST", "/claims/documents/"+id, `{"document":"`+pngFile+`","description":"Copy of Title"}`)
		bill := b.claimIDs[id].pendingOrder("Bill of Sale").id
		b.good("DELETE", "/claims/"+id+"/cancel-orders", `{"orderIds":["`+bill+`"]}`)
		b.good("POST", "/claims/"+id+"/letter-of-guarantee-request", "")
		b.good("DELETE", "/claims/"+id+"/letter-of-guarantee-request", "")
		return b.types(id)
	}
	legacy := []string{
		"payoff-data-added", "letter-of-guarantee-added", "order-fulfilled", "order-cancelled", "payoff-request-cancelled",
		"letter-of-guarantee-request-cancelled",
	}
	for _, kind := range append(legacy, "order-status-changed") {
		deprecated := kind != "order-status-changed"
		if got := slices.Contains(run(Behaviour{}), kind); !got {
			t.Errorf("%s is not sent", kind)
		}
		if got := slices.Contains(run(Behaviour{DropLegacy: true}), kind); got == deprecated {
			t.Errorf("%s with DropLegacy: %t", kind, got)
		}
		if got := slices.Contains(run(Behaviour{DropStatusChanged: true}), kind); got != deprecated {
			t.Errorf("%s with DropStatusChanged: %t", kind, got)
		}
	}
}
