package store_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"claimdeck/state/activity"
)

// start is the time of the first generated activity.
var start = time.Date(2026, 3, 2, 13, 0, 0, 0, time.UTC)

// generator makes believable activities, the same ones for the same seed: claims open one after the other, each is
// alive among the newest few thousand, and has some twenty activities.
type generator struct {
	rand    *rand.Rand
	now     time.Time
	claims  []generatedClaim
	n       int
	lenders []string
}

type generatedClaim struct{ id, number, vin, lender, owner string }

func newGenerator(seed uint64) *generator {
	g := &generator{rand: rand.New(rand.NewPCG(seed, 2026)), now: start}
	for _, first := range []string{"Ally", "Capital One", "Santander", "Bridgecrest", "Westlake", "Truist", "Regions", "Huntington"} {
		for _, last := range []string{"Financial", "Auto Finance", "Bank", "Consumer USA", "Credit Union"} {
			g.lenders = append(g.lenders, first+" "+last)
		}
	}
	return g
}

func (g *generator) uuid() string {
	var u uuid.UUID
	for i := range u {
		u[i] = byte(g.rand.UintN(256))
	}
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return u.String()
}

func (g *generator) pick(list ...string) string { return list[g.rand.IntN(len(list))] }

func (g *generator) openClaim() generatedClaim {
	n := len(g.claims) + 1
	c := generatedClaim{
		id: g.uuid(), number: fmt.Sprintf("EX-%06d", 100000+n), lender: g.pick(g.lenders...),
		vin:   fmt.Sprintf("1HGCM82633A%06d", n),
		owner: g.pick("Maria", "James", "Wei", "Aisha", "Tom", "Elena") + " " + g.pick("Lopez", "Miller", "Chen", "Khan", "Baker", "Petrov"),
	}
	g.claims = append(g.claims, c)
	return c
}

// raw returns the next activity as the service would send it.
func (g *generator) raw() json.RawMessage {
	g.n++
	g.now = g.now.Add(time.Duration(g.rand.IntN(20000)) * time.Millisecond)
	var c generatedClaim
	var kind, data string
	if len(g.claims) == 0 || g.rand.IntN(20) == 0 {
		c = g.openClaim()
		kind = "claim-created"
		data = fmt.Sprintf(`{"claimNumber":%q,"vin":%q,"lenderName":%q,"ownersName":%q,"vehicle":{"year":%d,"make":"Honda","model":"Accord"},`+
			`"insurerType":"First Party","financeType":"Retail","causeOfLoss":"Multi-Vehicle Collision","dateOfLoss":"2026-02-11",`+
			`"deductible":500,"settlementAmount":%d.%02d,"odometer":61234,"adjusterName":"Pat Doyle","titleRemittanceAddress":"1 Main Street Dallas TX 75204"}`,
			c.number, c.vin, c.lender, c.owner, 2010+g.rand.IntN(16), 4000+g.rand.IntN(40000), g.rand.IntN(100))
	} else {
		alive := min(len(g.claims), 3000)
		c = g.claims[len(g.claims)-1-g.rand.IntN(alive)]
		kind, data = g.event()
	}
	return json.RawMessage(fmt.Sprintf(`{"activityId":%q,"createdAt":%q,"claimId":%q,"claimNumber":%q,"type":%q,"data":%s}`,
		g.uuid(), g.now.Format("2006-01-02T15:04:05.000Z"), c.id, c.number, kind, data))
}

func (g *generator) event() (kind, data string) {
	doc := "https://xapi.lossexpress.com/documents/" + g.uuid()
	switch g.rand.IntN(10) {
	case 0:
		return "call-made", fmt.Sprintf(`{"callLength":%d}`, 1+g.rand.IntN(60))
	case 1:
		return "document-added", fmt.Sprintf(`{"type":%q,"documentUrl":%q,"sentByLossExpress":false,"sentBy":"Pat Doyle"}`,
			g.pick("valuation report", "settlement breakdown", "police report", "declaration page"), doc)
	case 2:
		return "direct-message-added", fmt.Sprintf(`{"sentByLossExpress":true,"message":%q,"actionRequired":%t,"category":"GENERAL"}`,
			g.message(), g.rand.IntN(4) == 0)
	case 3:
		return "order-created", fmt.Sprintf(`{"orderId":%q,"orderType":%q}`, g.uuid(), g.orderType())
	case 4:
		return "order-attempted", fmt.Sprintf(`{"orderId":%q,"type":%q,"message":%q,"count":%d}`, g.uuid(), g.orderType(),
			g.pick("Call dropped", "Wait time too long", "Account is a lease", "Customer authorization required"), 1+g.rand.IntN(5))
	case 5:
		order := fmt.Sprintf(`{"orderId":%q,"orderType":%q,"status":"fulfilled","documentUrl":%q}`, g.uuid(), g.orderType(), doc)
		return "order-status-changed", fmt.Sprintf(`{"updatedOrder":%s,"orders":[%s,%s]}`, order, order, strings.Replace(order, "fulfilled", "pending", 1))
	case 6:
		return "payoff-data-added", fmt.Sprintf(`{"payoffAmount":%d.%02d,"perDiem":2.3,"validThroughDate":"2026-12-01"}`, 3000+g.rand.IntN(30000), g.rand.IntN(100))
	case 7:
		return "payoff-request-created", `{}`
	case 8:
		return "settlement-counter-added", fmt.Sprintf(`{"description":"Lender counters with %d dollars","documentUrl":%q}`, 5000+g.rand.IntN(20000), doc)
	default:
		return "claim-updated", fmt.Sprintf(`{"update":{"odometer":%d},"previous":{"odometer":%d},"updatedByLossExpress":false}`, g.rand.IntN(99999), g.rand.IntN(99999))
	}
}

func (g *generator) orderType() string {
	return g.pick("Copy of Title", "Payment History", "Installment Contract", "Bill of Sale", "Lien Release Letter", "Repo Affidavit")
}

// message sometimes holds a word that is rare in the whole feed.
func (g *generator) message() string {
	words := []string{"the", "lender", "asked", "for", "title", "letter", "please", "call", "back", "account", "payoff", "owner", "signed"}
	var b strings.Builder
	for range 4 + g.rand.IntN(12) {
		b.WriteString(words[g.rand.IntN(len(words))] + " ")
	}
	if g.rand.IntN(4000) == 0 {
		b.WriteString("garnishment")
	}
	return b.String()
}

// activities returns the next n, decoded.
func (g *generator) activities(tb testing.TB, n int) []activity.Activity {
	tb.Helper()
	list := make([]activity.Activity, n)
	for i := range list {
		list[i] = decode(tb, g.raw())
	}
	return list
}

func decode(tb testing.TB, raw json.RawMessage) activity.Activity {
	tb.Helper()
	a, err := activity.Decode(raw)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}
