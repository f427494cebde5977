package claim

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimdeck/state/activity"
)

func TestFoldOfNothing(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(Claim{}, Fold(nil, nil)); diff != "" {
		t.Error(diff)
	}
}

// TestFoldOfThePrintedActivities folds every activity that the documents print as one claim.
func TestFoldOfThePrintedActivities(t *testing.T) {
	t.Parallel()
	acts := printedActivities(t)
	c := Fold(printedClaim(t), acts)
	want := Claim{
		ID: "c30ae9da-9222-4de5-81fe-fe1ac590fa0f", Number: c.Number, ExternalID: "COO-30022", VIN: "1N4AL3AP8JC231503",
		Vehicle: Vehicle{Year: 2034, Make: "TEST", Model: "Car"},
		Lender:  c.Lender, LenderID: c.LenderID, // three activities of one millisecond state it
		Owner:         Person{Name: "Test Owner", Phone: "+12223334444", Address: "12200 Test Avenue Dallas TX 75204"},
		Adjuster:      Person{Name: "Mike Mclaren", Phone: "+13332225555", Email: "mike@lossexpress.com"},
		AccountNumber: "TEST-AN1",
		InsurerType:   "First Party", FinanceType: "Retail", CauseOfLoss: "Fire", DateOfLoss: "2020-10-20",
		Deductible: dollars("400"), Settlement: dollars("5553"), Odometer: dollars("39993"), OwnerRetained: new(false),
		TitleRemittance: "1000 Main Street Dallas TX 75204", VehicleLocation: "1200 Main Street Dallas TX 75204",
	}
	got := c
	got.CreatedAt, got.FirstActivity, got.LastActivity, got.SnapshotAt = want.CreatedAt, want.FirstActivity, want.LastActivity, want.SnapshotAt
	got.Payoff, got.PayoffRequest, got.Guarantee = want.Payoff, want.PayoffRequest, want.Guarantee
	got.Orders, got.Documents, got.Counters, got.Messages, got.Payments, got.Calls, got.Timeline = nil, nil, nil, nil, nil, 0, nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c.Calls != 1 || len(c.Messages) != 2 || len(c.Payments) != 1 || len(c.Counters) != 1 || !c.Counters[0].Answered {
		t.Errorf("calls %d, messages %d, payments %d, counters %+v", c.Calls, len(c.Messages), len(c.Payments), c.Counters)
	}
	if p := c.Payoff; p.Amount == nil || p.PerDiem == nil || p.ValidThrough == "" || p.Standard == nil || p.Overnight == nil || p.DocumentID == "" {
		t.Errorf("payoff %+v", p)
	}
	events := 0
	for _, e := range c.Timeline {
		events += 1 + len(e.Also)
	}
	if events != len(acts) {
		t.Errorf("the timeline holds %d of %d activities", events, len(acts))
	}
}

func printedActivities(t *testing.T) []activity.Activity {
	t.Helper()
	files, err := filepath.Glob("../activity/testdata/documents/vendor-*.json")
	if err != nil || len(files) < 25 {
		t.Fatalf("fixtures: %d, %v", len(files), err)
	}
	var acts []activity.Activity
	for i, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a, err := activity.Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		a.Key = activity.KeyOf(fmt.Sprint(i)) // the documents use one id for all
		acts = append(acts, a)
	}
	return acts
}

func printedClaim(t *testing.T) *Snapshot {
	t.Helper()
	raw, err := os.ReadFile("testdata/documents/claim-object.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := DecodeSnapshot(raw, start)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func TestPrimaryInformation(t *testing.T) {
	t.Parallel()
	created := `{"accountNumber":"AN1","lenderName":"Ally","financeType":"Retail","vin":"V1","settlementAmount":5553,"vehicleLocation":"yard","ownerRetained":true}`
	for name, c := range map[string]struct {
		snap *Snapshot
		h    *history
		want func(Claim) bool
	}{
		"created": {
			nil, (&history{t: t}).add(0, activity.ClaimCreated, created),
			func(c Claim) bool {
				return c.Lender == "Ally" && c.AccountNumber == "AN1" && c.CreatedAt.Equal(minute(0)) && *c.OwnerRetained && c.ID == "c1"
			},
		},
		"update over created": {
			nil, (&history{t: t}).add(0, activity.ClaimCreated, created).add(5, activity.ClaimUpdated, `{"update":{"financeType":"Lease"},"previous":{"financeType":"Retail"}}`),
			func(c Claim) bool { return c.FinanceType == "Lease" && c.Lender == "Ally" },
		},
		"a null in an update clears": {
			nil, (&history{t: t}).add(0, activity.ClaimCreated, created).add(5, activity.ClaimUpdated, `{"update":{"vehicleLocation":null}}`),
			func(c Claim) bool { return c.VehicleLocation == "" && c.VIN == "V1" },
		},
		"previous fills what is unknown": {
			nil, (&history{t: t}).add(5, activity.ClaimUpdated, `{"update":{"financeType":"Lease"},"previous":{"financeType":"Retail","lenderName":"Ally"}}`),
			func(c Claim) bool { return c.FinanceType == "Lease" && c.Lender == "Ally" },
		},
		"previous never replaces": {
			nil, (&history{t: t}).add(0, activity.ClaimCreated, `{"lenderName":"Chase"}`).add(5, activity.ClaimUpdated, `{"update":{"vin":"V"},"previous":{"lenderName":"Ally"}}`),
			func(c Claim) bool { return c.Lender == "Chase" },
		},
		"snapshot over an earlier update": {
			snapshot(t, 10, `{"claimId":"c1","financeType":"Retail"}`),
			(&history{t: t}).add(5, activity.ClaimUpdated, `{"update":{"financeType":"Lease"}}`),
			func(c Claim) bool { return c.FinanceType == "Retail" && c.SnapshotAt.Equal(minute(10)) },
		},
		"snapshot over an update of its moment": {
			snapshot(t, 5, `{"claimId":"c1","financeType":"Retail"}`),
			(&history{t: t}).add(5, activity.ClaimUpdated, `{"update":{"financeType":"Lease"}}`),
			func(c Claim) bool { return c.FinanceType == "Retail" },
		},
		"a null in previous clears nothing": {
			nil, (&history{t: t}).add(5, activity.ClaimUpdated, `{"update":{"vin":"V"},"previous":{"lenderName":"Ally"}}`).
				add(6, activity.ClaimUpdated, `{"update":{"vin":"W"},"previous":{"lenderName":null}}`),
			func(c Claim) bool { return c.Lender == "Ally" && c.VIN == "W" },
		},
		"a later update over a snapshot": {
			snapshot(t, 10, `{"claimId":"c1","financeType":"Retail","claimNumber":"ex-1"}`),
			(&history{t: t}).add(11, activity.ClaimUpdated, `{"update":{"financeType":"Lease"}}`),
			func(c Claim) bool { return c.FinanceType == "Lease" },
		},
		"a snapshot is silent about what it lacks": {
			snapshot(t, 10, `{"claimId":"c1","lenderName":null,"titledState":"TX"}`),
			(&history{t: t}).add(0, activity.ClaimCreated, created),
			func(c Claim) bool { return c.Lender == "Ally" && c.Extra["titledState"] == "TX" },
		},
		"the lender is verified": {
			snapshot(t, 1, `{"claimId":"c1","lenderName":"Aly","lenderId":"l0"}`),
			(&history{t: t}).add(5, activity.LenderAliasVerified, `{"previousLenderId":"l0","lenderId":"l1","lenderName":"Ally Financial"}`),
			func(c Claim) bool { return c.Lender == "Ally Financial" && c.LenderID == "l1" },
		},
		"the number changes": {
			nil, (&history{t: t}).add(0, activity.ClaimCreated, created).add(5, activity.ClaimUpdated, `{"update":{"claimNumber":"EX-2"}}`),
			func(c Claim) bool { return c.Number == "EX-2" },
		},
	} {
		if got := Fold(c.snap, c.h.acts); !c.want(got) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestOneIDWithTwoContents: the newest is kept, in whichever order they arrive.
func TestOneIDWithTwoContents(t *testing.T) {
	t.Parallel()
	h := (&history{t: t}).add(0, activity.ClaimUpdated, `{"update":{"vin":"OLD"}}`).add(5, activity.ClaimUpdated, `{"update":{"vin":"NEW"}}`)
	h.acts[1].Key = h.acts[0].Key
	for range 2 {
		if c := h.fold(); c.VIN != "NEW" || len(c.Timeline) != 1 {
			t.Errorf("VIN %q, %d events", c.VIN, len(c.Timeline))
		}
		slices.Reverse(h.acts)
	}
}

func TestPayoffIsMerged(t *testing.T) {
	t.Parallel()
	c := (&history{t: t}).
		add(0, activity.PayoffDataAdded, payoffFull).
		add(9, activity.PayoffDataAdded, `{"perDiem":2.41,"remittanceInformation":{"standard":{"streetAddress":"PO Box 9","city":"Plano"}}}`).
		fold()
	want := Payoff{
		ValidThrough: "2021-01-18",
		Standard:     &Remittance{Street: "PO Box 9", City: "Plano"}, // whole: no attention line of the old one
		Overnight:    &Remittance{Payee: "ALLY", Street: "2 Oak", City: "Austin", State: "TX", ZIP: "73301"},
		DocumentID:   "p1",
		At:           minute(9),
	}
	got := c.Payoff
	if got.Amount.String() != "10222.33" || got.PerDiem.String() != "2.41" {
		t.Errorf("amount %s, per diem %s", got.Amount, got.PerDiem)
	}
	got.Amount, got.PerDiem = nil, nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c.PayoffRequest.State != Fulfilled || !c.PayoffRequest.At.Equal(minute(0)) {
		t.Errorf("request %+v", c.PayoffRequest)
	}
	if c.Documents[0].Type != payoffDocument || !c.Documents[0].ByLossExpress {
		t.Errorf("documents %+v", c.Documents)
	}
}

// TestListedPayoffIsNoNews: an old quote comes again with every change of any order.
func TestListedPayoffIsNoNews(t *testing.T) {
	t.Parallel()
	quote := func(amount string) string {
		return order("o2", "Loan Payoff Request", "fulfilled", `,"fulfillmentData":{"payoffAmount":`+amount+`}`)
	}
	h := (&history{t: t}).
		add(0, activity.OrderStatusChanged, changed(quote("100"))).
		add(1, activity.PayoffDataAdded, `{"payoffAmount":120}`).
		add(2, activity.OrderStatusChanged, changed(order("o1", "Copy of Title", "pending", ""), quote("100")))
	if got := h.fold().Payoff.Amount.String(); got != "120" {
		t.Errorf("the old quote came back: %s", got)
	}
	h.add(3, activity.OrderStatusChanged, changed(order("o1", "Copy of Title", "fulfilled", ""), quote("130")))
	if got := h.fold().Payoff.Amount.String(); got != "130" {
		t.Errorf("the new quote was missed: %s", got)
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	c := (&history{t: t}).
		add(0, activity.OrderCreated, titleCreated).
		add(1, activity.OrderAttempted, `{"type":"Payment History","message":"Call dropped","count":1,"orderId":"o2"}`).
		add(2, activity.OrderUpdated, `{"orderId":"o1","nextFollowupDate":"2021-08-31"}`).
		add(3, activity.OrderAttempted, `{"type":"Payment History","message":"Account is a lease","count":4,"orderId":"o2"}`).
		add(4, activity.OrderCancelled, `{"orderId":"o2"}`).
		add(5, activity.OrderFulfilled, `{"orderId":"o1","orderType":"Copy of Title","documentUrl":"https://x/d/t1"}`).
		add(6, activity.OrderStatusChanged, changed(order("o3", "Title Status", "pending", ""), order("o1", "Copy of Title", "pending", ""))).
		fold()
	want := []Order{
		{ID: "o1", Type: "Copy of Title", Status: "fulfilled", CreatedAt: minute(0), ChangedAt: minute(5), FollowUp: "2021-08-31", DocumentID: "t1"},
		{ID: "o2", Type: "Payment History", Status: "cancelled", CreatedAt: minute(1), ChangedAt: minute(4), Attempts: 4, LastNote: "Account is a lease"},
		{ID: "o3", Type: "Title Status", Status: "pending", CreatedAt: minute(6), ChangedAt: minute(6)},
	}
	if diff := cmp.Diff(want, c.Orders); diff != "" {
		t.Error(diff)
	}
}

func TestAttemptsWithoutACount(t *testing.T) {
	t.Parallel()
	c := (&history{t: t}).add(0, activity.OrderAttempted, `{"orderId":"o1"}`).add(1, activity.OrderAttempted, `{"orderId":"o1"}`).fold()
	if c.Orders[0].Attempts != 2 {
		t.Errorf("%d attempts", c.Orders[0].Attempts)
	}
}

func TestOrderStatus(t *testing.T) {
	t.Parallel()
	title := func(status string) string { return order("o1", "Copy of Title", status, "") }
	other := order("o9", "Title Status", "pending", "")
	for name, c := range map[string]struct {
		h    *history
		want string
	}{
		"created":              {(&history{t: t}).add(0, activity.OrderCreated, titleCreated), "pending"},
		"fulfilled":            {(&history{t: t}).add(0, activity.OrderCreated, titleCreated).add(1, activity.OrderStatusChanged, changed(title("fulfilled"))), "fulfilled"},
		"older event arrives":  {(&history{t: t}).add(1, activity.OrderStatusChanged, changed(title("fulfilled"))).add(0, activity.OrderCreated, titleCreated), "fulfilled"},
		"older list arrives":   {(&history{t: t}).add(2, activity.OrderCancelled, `{"orderId":"o1"}`).add(1, activity.OrderStatusChanged, changed(other, title("pending"))), "cancelled"},
		"list settles":         {(&history{t: t}).add(0, activity.OrderCreated, titleCreated).add(1, activity.OrderStatusChanged, changed(other, title("cancelled"))), "cancelled"},
		"list does not reopen": {(&history{t: t}).add(0, activity.OrderFulfilled, titleCreated).add(1, activity.OrderStatusChanged, changed(other, title("pending"))), "fulfilled"},
		"ordered again":        {(&history{t: t}).add(0, activity.OrderFulfilled, titleCreated).add(1, activity.OrderStatusChanged, changed(title("pending"))), "pending"},
		"same millisecond":     {(&history{t: t}).add(0, activity.OrderFulfilled, titleCreated).add(0, activity.OrderCreated, titleCreated), "fulfilled"},
		"as sent":              {(&history{t: t}).add(0, activity.OrderStatusChanged, changed(title("on hold"))), "on hold"},
	} {
		for range 2 {
			got := c.h.fold()
			if i := slices.IndexFunc(got.Orders, func(o Order) bool { return o.ID == "o1" }); i < 0 || got.Orders[i].Status != c.want {
				t.Errorf("%s: %+v", name, got.Orders)
			}
			slices.Reverse(c.h.acts)
		}
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	payoffOrder := func(id, status string) string { return order(id, "Loan Payoff Request", status, "") }
	letterOrder := func(status, more string) string { return order("l1", "Letter of Guarantee", status, more) }
	title := order("o1", "Copy of Title", "fulfilled", "")
	for name, c := range map[string]struct {
		h              *history
		payoff, letter RequestState
		letterID       string
	}{
		"payoff asked":      {(&history{t: t}).add(0, activity.PayoffRequestCreated, `{}`), Pending, NotRequested, ""},
		"payoff came":       {(&history{t: t}).add(0, activity.PayoffRequestCreated, `{}`).add(1, activity.PayoffDataAdded, payoffFull), Fulfilled, NotRequested, ""},
		"only the per diem": {(&history{t: t}).add(0, activity.PayoffRequestCreated, `{}`).add(1, activity.PayoffDataAdded, `{"perDiem":1}`), Pending, NotRequested, ""},
		"payoff withdrawn":  {(&history{t: t}).add(0, activity.PayoffRequestCreated, `{}`).add(1, activity.PayoffRequestCancelled, `{}`), Cancelled, NotRequested, ""},
		"payoff again":      {(&history{t: t}).add(0, activity.PayoffDataAdded, payoffFull).add(1, activity.PayoffRequestCreated, `{}`), Pending, NotRequested, ""},
		"payoff by order":   {(&history{t: t}).add(0, activity.OrderCreated, `{"orderId":"p","orderType":"Loan Payoff Request"}`), Pending, NotRequested, ""},
		"only an id":        {(&history{t: t}).add(0, activity.OrderCreated, `{"orderId":"p","orderType":"Loan Payoff Request"}`).add(1, activity.OrderCancelled, `{"orderId":"p"}`), Cancelled, NotRequested, ""},
		"new order beside an old one": {
			(&history{t: t}).add(0, activity.OrderStatusChanged, changed(title, payoffOrder("p2", "pending"), payoffOrder("p1", "fulfilled"))),
			Pending, NotRequested, "",
		},
		"an attempt":        {(&history{t: t}).add(0, activity.OrderAttempted, `{"orderId":"l1","type":"Letter of Guarantee"}`), NotRequested, Pending, ""},
		"letter asked":      {(&history{t: t}).add(0, activity.LetterOfGuaranteeRequestCreated, `{"estimatedResponseTime":"2021-01-20T22:03:09.598Z"}`), NotRequested, Pending, ""},
		"letter came":       {(&history{t: t}).add(0, activity.LetterOfGuaranteeAdded, `{"documentUrl":"https://x/d/g1"}`), NotRequested, Fulfilled, "g1"},
		"letter by order":   {(&history{t: t}).add(0, activity.OrderStatusChanged, changed(letterOrder("fulfilled", document("g2")))), NotRequested, Fulfilled, "g2"},
		"letter withdrawn":  {(&history{t: t}).add(0, activity.LetterOfGuaranteeRequestCreated, `{}`).add(1, activity.LetterOfGuaranteeRequestCancelled, `{}`), NotRequested, Cancelled, ""},
		"all in one moment": {(&history{t: t}).add(0, activity.LetterOfGuaranteeAdded, `{"documentUrl":"https://x/d/g1"}`).add(0, activity.LetterOfGuaranteeRequestCreated, `{}`), NotRequested, Fulfilled, "g1"},
		"data of no use":    {(&history{t: t}).add(0, activity.PayoffRequestCreated, `[]`).add(0, activity.LetterOfGuaranteeRequestCreated, `{}`), Pending, Pending, ""},
	} {
		got := c.h.fold()
		if got.PayoffRequest.State != c.payoff || got.Guarantee.State != c.letter || got.Guarantee.DocumentID != c.letterID {
			t.Errorf("%s: payoff %+v, letter %+v", name, got.PayoffRequest, got.Guarantee)
		}
	}
	c := (&history{t: t}).
		add(0, activity.OrderCreated, `{"orderId":"p","orderType":"Loan Payoff Request"}`).
		add(0, activity.OrderCreated, `{"orderId":"l","orderType":"Letter of Guarantee"}`).
		add(1, activity.PayoffRequestCancelled, `{}`).
		add(2, activity.LetterOfGuaranteeAdded, `{}`).fold()
	if c.Orders[0].Status+c.Orders[1].Status != "cancelledfulfilled" && c.Orders[0].Status+c.Orders[1].Status != "fulfilledcancelled" {
		t.Errorf("the orders behind the requests: %+v", c.Orders)
	}
}

func TestSnapshotFacts(t *testing.T) {
	t.Parallel()
	const raw = `{"claimId":"c1","createdAt":"2021-01-08T12:00:00Z",
		"documents":[{"createdAt":"2021-01-08T12:01:00Z","documentUrl":"https://x/d/s1","type":"Settlement Breakdown & Valuation Report"},{"type":"no url"},7],
		"letterOfGuaranteeRequest":{"createdAt":"2021-01-08T12:02:00Z"%s},
		"payoffData":{"updatedAt":"2021-01-08T12:03:00Z","payoffAmount":10222.33}}`
	c := Fold(snapshot(t, 60, fmt.Sprintf(raw, "")), nil)
	if c.Payoff.Amount == nil || !c.Payoff.At.Equal(minute(3)) || c.PayoffRequest != (Request{Fulfilled, minute(3)}) ||
		c.Guarantee.Request != (Request{Pending, minute(2)}) || len(c.Documents) != 1 || c.Documents[0].Type != activity.CombinedReport ||
		!c.CreatedAt.Equal(minute(0)) {
		t.Errorf("%+v", c)
	}
	c = Fold(snapshot(t, 60, fmt.Sprintf(raw, `,"documentUrl":"https://x/d/g1"`)), nil)
	if c.Guarantee.State != Fulfilled || c.Guarantee.DocumentID != "g1" {
		t.Errorf("letter %+v", c.Guarantee)
	}
	h := (&history{t: t}).add(5, activity.LetterOfGuaranteeRequestCreated, `{}`)
	c = Fold(snapshot(t, 60, fmt.Sprintf(raw, `,"documentUrl":"https://x/d/g1"`)), h.acts)
	if c.Guarantee.Request != (Request{Pending, minute(5)}) || c.Guarantee.DocumentID != "g1" {
		t.Errorf("asked again after the letter: %+v", c.Guarantee)
	}
	// The claim object does not say that a request was withdrawn, or made again.
	h = (&history{t: t}).add(5, activity.LetterOfGuaranteeRequestCancelled, `{}`).add(5, activity.PayoffRequestCreated, `{}`)
	c = Fold(snapshot(t, 60, fmt.Sprintf(raw, "")), h.acts)
	if c.Guarantee.State != Cancelled || c.PayoffRequest.State != Pending {
		t.Errorf("letter %+v, payoff %+v", c.Guarantee, c.PayoffRequest)
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	c := (&history{t: t}).
		add(0, activity.DocumentSentToLender, `{"documentUrl":"https://xapi-dev.lossexpress.com/documents/d1"}`).
		add(1, activity.DocumentAdded, `{"type":"Settlement Breakdown","documentUrl":"https://xapi.lossexpress.com/documents/d1","sentBy":"Ana"}`).
		add(2, activity.DocumentAdded, `{"type":"police report","documentUrl":"https://xapi.lossexpress.com/documents/d2","sentByLossExpress":true}`).
		add(3, activity.OrderFulfilled, `{"orderId":"o1","orderType":"Copy of Title","documentUrl":"https://x/documents/d3"}`).
		add(4, activity.DocumentAdded, `{"type":"no document"}`).
		fold()
	want := []Document{
		{ID: "d1", Type: "settlement breakdown", URL: "https://xapi-dev.lossexpress.com/documents/d1", At: minute(0), By: "Ana", SentToLender: true},
		{ID: "d2", Type: "police report", URL: "https://xapi.lossexpress.com/documents/d2", At: minute(2), ByLossExpress: true},
		{ID: "d3", Type: "Copy of Title", URL: "https://x/documents/d3", At: minute(3), ByLossExpress: true},
	}
	if diff := cmp.Diff(want, c.Documents); diff != "" {
		t.Error(diff)
	}
}

func TestCounters(t *testing.T) {
	t.Parallel()
	h := &history{t: t}
	disputed := Counter{
		At: minute(0), Description: "missing options", DocumentID: "k1",
		Answered: true, Disputed: true, Reason: "no", AnsweredAt: minute(1),
	}
	accepted := disputed
	accepted.Disputed, accepted.Reason, accepted.AnswerDoc, accepted.AnsweredAt = false, "", "b1", minute(2)
	for _, step := range []struct {
		typ  activity.Type
		data string
		want Counter
	}{
		{activity.SettlementCounterAdded, `{"description":"missing options","documentUrl":"https://x/d/k1"}`, Counter{At: minute(0), Description: "missing options", DocumentID: "k1"}},
		{activity.SettlementCounterUpdated, `{"disputed":true,"reasonForDispute":"no"}`, disputed},
		{activity.SettlementCounterUpdated, `{"disputed":false,"documentUrl":"https://x/d/b1"}`, accepted},
		{activity.SettlementCounterAdded, `{"description":"mileage"}`, Counter{At: minute(3), Description: "mileage"}},
		{activity.SettlementCounterUpdated, `{"disputed":false}`, Counter{At: minute(3), Description: "mileage", Answered: true, AnsweredAt: minute(4)}},
	} {
		h.add(len(h.acts), step.typ, step.data)
		counter, open := h.fold().OpenCounter()
		if diff := cmp.Diff(step.want, counter); diff != "" || open == step.want.Answered {
			t.Errorf("%s: open %v: %s", step.data, open, diff)
		}
	}
	c := h.fold()
	if len(c.Counters) != 2 || c.Counters[0] != accepted {
		t.Errorf("%+v", c.Counters)
	}
	if !slices.ContainsFunc(c.Documents, func(d Document) bool { return d.ID == "b1" && d.Type == activity.SettlementBreakdown }) {
		t.Errorf("documents %+v", c.Documents)
	}
}

func TestAnswerToACounterFromBefore(t *testing.T) {
	t.Parallel()
	c := (&history{t: t}).add(0, activity.SettlementCounterUpdated, `{"disputed":true}`).fold()
	if _, open := c.OpenCounter(); open || len(c.Counters) != 1 || !c.Counters[0].Answered {
		t.Errorf("%+v", c.Counters)
	}
}

func TestPaymentsAndMessages(t *testing.T) {
	t.Parallel()
	c := (&history{t: t}).
		add(0, activity.DirectMessageAdded, `{"sentByLossExpress":true,"message":"photo\nplease","category":"OTHER","actionRequired":true,"orders":[{"orderId":"o7","orderType":"Title Status"}]}`).
		add(1, activity.DirectMessageAdded, `{"sentByLossExpress":false,"message":"here","sentBy":"Ana","actionRequired":false}`).
		add(2, activity.PaymentSent, `{"checkAmount":20000,"sentAt":"2021-01-08T23:30:00-08:00","sentVia":"USPS","trackingNumber":"1Z","sentTo":{"streetAddress":"1 Main","city":"Dallas","state":"TX","zipCode":"00501"}}`).
		add(3, activity.CallMade, `{"callLength":3}`).
		fold()
	if len(c.Messages) != 2 || c.Messages[0].Text != "photo\nplease" || !c.Messages[0].ActionRequired || !c.Messages[0].ByLossExpress || c.Messages[1].By != "Ana" {
		t.Errorf("messages %+v", c.Messages)
	}
	p := c.Payments[0]
	if p.Amount.String() != "20000" || p.SentAt != "2021-01-08" || p.Via != "USPS" || p.Tracking != "1Z" || p.To != "1 Main, Dallas TX 00501" {
		t.Errorf("payment %+v", p)
	}
	if c.Calls != 1 || !c.FirstActivity.Equal(minute(0)) || !c.LastActivity.Equal(minute(3)) || c.Orders[0].Type != "Title Status" {
		t.Errorf("%+v", c)
	}
}

func TestActivityWithoutATime(t *testing.T) {
	t.Parallel()
	a, err := activity.Decode(json.RawMessage(`{"activityId":"z","type":"payoff-request-created","claimId":"c1"}`))
	if err != nil {
		t.Fatal(err)
	}
	h := (&history{t: t}).add(0, activity.PayoffRequestCancelled, `{}`)
	c := Fold(nil, append(h.acts, a))
	if c.PayoffRequest.State != Cancelled || len(c.Timeline) != 2 || !c.FirstActivity.Equal(minute(0)) {
		t.Errorf("%+v", c)
	}
}
