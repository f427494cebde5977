package lossexpress_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
)

const id = "c30ae9da-9222-4de5-81fe-fe1ac590fa0f"

// route is one method of the client: what it sends, what it makes of the documented answer.
type route struct {
	name    string
	call    func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error)
	request api.Request // of its builder
	status  int
	answer  string // name of a sample; or, starting with = , the answer itself
	method  string
	uri     string
	body    string
	want    string // fmt %+v of what call returned
}

func ack(a lossexpress.Ack, err error) (any, api.Meta, error) { return a.ClaimID, a.Meta, err }

func only(m api.Meta, err error) (any, api.Meta, error) { return m.Status, m, err }

func writes(t *testing.T) []route {
	t.Helper()
	payment := lossexpress.Payment{
		SentAt: time.Date(2026, 11, 20, 1, 2, 3, 4_999_999, time.FixedZone("", -5*3600)), CheckAmount: *money(t, "20000.10"),
		SentTo:  &lossexpress.Address{StreetAddress: "1000 Main Street", StreetAddress2: "Ste. 500", City: "Dallas", State: "TX", ZIPCode: "07520"},
		SentVia: "USPS", TrackingNumber: "1Z",
	}
	created := lossexpress.NewClaim{
		ClaimNumber: "EX-1", VIN: "1N4AL3AP8JC231503", Deductible: money(t, "400"), SettlementAmount: money(t, "5553.50"),
		Odometer: money(t, "39993"), LenderAddress: &lossexpress.Address{City: "Dallas"}, CauseOfLoss: "Wind/Hail",
		OwnersRetained: new(false),
	}
	change := lossexpress.ClaimChange{AccountNumber: new("A-<&>"), VehicleLocation: new(""), OwnersRetained: new(false)}
	pdf := []byte("%PDF-1.7")
	accept := lossexpress.CounterAnswer{Breakdown: pdf}
	dispute := lossexpress.CounterAnswer{Dispute: true, Reason: "Verified in person."}
	upload := lossexpress.Upload{Content: pdf, Description: "settlement breakdown"}
	const base = "/claims/" + id
	return append(refreshes(), []route{
		{
			"trigger", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return only(c.TriggerActivity(ctx, id, "call-made"))
			},
			lossexpress.TriggerActivityRequest(id, "call-made"),
			200, "=", "POST", "/activities/trigger-activity/" + id + "?activityType=call-made", "", "200",
		},
		{
			"create claim", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return c.CreateClaim(ctx, created)
			},
			lossexpress.CreateClaimRequest(created),
			201, "create-claim", "POST", "/claims",
			`{"causeOfLoss":"Wind/Hail","claimNumber":"EX-1","deductible":400,"lenderAddress":{"city":"Dallas"},"odometer":39993,` +
				`"ownersRetained":false,"settlementAmount":5553.50,"vin":"1N4AL3AP8JC231503"}`, id,
		},
		{
			"update claim", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				claim, m, err := c.UpdateClaim(ctx, id, change)
				return claim.ClaimNumber + " " + claim.ClaimID, m, err
			},
			lossexpress.UpdateClaimRequest(id, change),
			200, "claim", "PUT", base, `{"accountNumber":"A-<&>","ownersRetained":false,"vehicleLocation":""}`, "EXAMPLE3 " + id,
		},
		{
			"send message", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return ack(c.SendMessage(ctx, id, "Test\nmessage."))
			},
			lossexpress.SendMessageRequest(id, "Test\nmessage."),
			200, "direct-message", "POST", base + "/direct-messages", `{"message":"Test\nmessage."}`, id,
		},
		{
			"add document", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				a, err := c.AddDocument(ctx, id, upload)
				return a.DocumentID, a.Meta, err
			},
			lossexpress.AddDocumentRequest(id, upload),
			200, "add-document", "POST", "/claims/documents/" + id,
			`{"document":"JVBERi0xLjc=","description":"settlement breakdown"}`, id,
		},
		{
			"request guarantee", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				g, err := c.RequestGuarantee(ctx, id)
				return g.ClaimID + g.Estimate.Format(" 2006-01-02"), g.Meta, err
			},
			lossexpress.RequestGuaranteeRequest(id),
			200, "guarantee-request", "POST", base + "/letter-of-guarantee-request", "", id + " 2021-01-08",
		},
		{
			"request guarantee without an estimate", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				g, err := c.RequestGuarantee(ctx, id)
				return g.Estimate.IsZero(), g.Meta, err
			},
			lossexpress.RequestGuaranteeRequest(id),
			200, `={"claimId":"x","turnAroundTimeEstimate":null}`, "POST", base + "/letter-of-guarantee-request", "", "true",
		},
		{
			"cancel guarantee", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return ack(c.CancelGuarantee(ctx, id))
			},
			lossexpress.CancelGuaranteeRequest(id),
			200, "guarantee-cancel", "DELETE", base + "/letter-of-guarantee-request", "", id,
		},
		{
			"create orders", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				o, err := c.CreateOrders(ctx, id, []string{"Repo Affidavit", "Copy of Title"})
				return o.Orders, o.Meta, err
			},
			lossexpress.CreateOrdersRequest(id, []string{"Repo Affidavit", "Copy of Title"}),
			201, "orders-create", "POST", base + "/orders", `{"types":["Repo Affidavit","Copy of Title"]}`, "[{OrderID:3e8c38f3-f4ef-4414-88da-1793d25ef6f0 Type:Repo Affidavit Extra:map[]} " +
				"{OrderID:77462941-7b6c-4bd0-9749-588c32654864 Type:Copy of Title Extra:map[]}]",
		},
		{
			"cancel orders", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return ack(c.CancelOrders(ctx, id, []string{"o-1", "o-2"}))
			},
			lossexpress.CancelOrdersRequest(id, []string{"o-1", "o-2"}),
			200, "orders-cancel", "DELETE", base + "/cancel-orders", `{"orderIds":["o-1","o-2"]}`, id,
		},
		{
			"payoff sent", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return only(c.PayoffSent(ctx, id, payment))
			},
			lossexpress.PayoffSentRequest(id, payment),
			200, "=OK", "POST", base + "/payoff-sent",
			`{"sentAt":"2026-11-20T06:02:03.004Z","checkAmount":20000.10,"sentTo":{"city":"Dallas","state":"TX","streetAddress":` +
				`"1000 Main Street","streetAddress2":"Ste. 500","zipCode":"07520"},"trackingNumber":"1Z","sentVia":"USPS"}`, "200",
		},
		{
			"request payoff", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return ack(c.RequestPayoff(ctx, id))
			},
			lossexpress.RequestPayoffRequest(id),
			200, "payoff-request", "POST", base + "/payoff-request", "", id,
		},
		{
			"cancel payoff", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return ack(c.CancelPayoff(ctx, id))
			},
			lossexpress.CancelPayoffRequest(id),
			200, "payoff-cancel", "DELETE", base + "/payoff-request", "", id,
		},
		{
			"accept counter", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return ack(c.AnswerCounter(ctx, id, accept))
			},
			lossexpress.AnswerCounterRequest(id, accept),
			200, "counter", "POST", base + "/settlement-counter", `{"dispute":false,"settlementBreakdown":"JVBERi0xLjc="}`, id,
		},
		{
			"dispute counter", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return ack(c.AnswerCounter(ctx, id, dispute))
			},
			lossexpress.AnswerCounterRequest(id, dispute),
			200, "counter", "POST", base + "/settlement-counter", `{"dispute":true,"reasonForDispute":"Verified in person."}`, id,
		},
		{
			"register webhook", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				r, err := c.RegisterWebhook(ctx, "https://hook.test/x")
				return fmt.Sprint(r.Success, r.StatusCode), r.Meta, err
			},
			lossexpress.RegisterWebhookRequest(lossexpress.WebhookActivities, "https://hook.test/x"),
			200, "webhook-register", "POST", "/activities/webhook", `{"endpoint":"https://hook.test/x"}`, "true 200",
		},
		{
			"deactivate webhook", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return only(c.DeactivateWebhook(ctx))
			},
			lossexpress.DeactivateWebhookRequest(lossexpress.WebhookCarriers),
			200, "=", "PUT", "/carriers/deactivate-webhook", "", "200",
		},
	}...)
}

func (r route) reply(t *testing.T) string {
	t.Helper()
	if body, ok := strings.CutPrefix(r.answer, "="); ok {
		return body
	}
	return sample(t, r.answer)
}

func TestWrites(t *testing.T) {
	t.Parallel()
	for _, r := range writes(t) {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			body := r.reply(t)
			c, s := serve(t, say(r.status, body))
			got, m, err := r.call(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprintf("%+v", got) != r.want || m.Status != r.status {
				t.Errorf("got %+v (%d), want %s", got, m.Status, r.want)
			}
			want := seen{r.method, r.uri, r.body, "application/json", "Bearer the-token-of-the-test", "application/json"}
			if r.body == "" {
				want.Type = ""
			}
			if d := cmp.Diff([]seen{want}, s.seen()); d != "" {
				t.Error(d)
			}
			if strings.HasPrefix(strings.TrimSpace(body), "{") && len(m.Body) == 0 {
				t.Error("the answer was not kept")
			}
			checkPreview(t, r)
		})
	}
}

// The builder's preview is what the method sends.
func checkPreview(t *testing.T, r route) {
	t.Helper()
	method, uri, body, err := api.Preview(r.request)
	if err != nil || method != r.method || uri != r.uri {
		t.Errorf("preview %s %s %v", method, uri, err)
	}
	if (body == "") != (r.body == "") || body != "" && sameJSON(t, []byte(body), []byte(r.body)) != "" {
		t.Errorf("preview\n%s\nsent\n%s", body, r.body)
	}
	if !r.request.Writes() {
		t.Error("not marked as a write")
	}
}

// Whatever goes wrong with a write is told apart, and it is never sent twice.
func TestWritesFail(t *testing.T) {
	t.Parallel()
	for _, r := range writes(t) {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			c, s := serve(t, say(400, sample(t, "missing-documents")))
			_, _, err := r.call(t.Context(), c)
			e := mustFail(t, err)
			want := "Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'"
			if !errors.Is(err, api.ErrInvalid) || e.Message != want || !e.Refused() || len(s.seen()) != 1 {
				t.Errorf("%+v, %d calls", e, len(s.seen()))
			}
			for _, body := range []string{sample(t, "error-500"), ""} {
				c, s = serve(t, say(500, body))
				if _, _, err = r.call(t.Context(), c); !errors.Is(err, api.ErrUnavailable) || !mustFail(t, err).Uncertain() || len(s.seen()) != 1 {
					t.Errorf("%v, %d calls", err, len(s.seen()))
				}
			}
			c, s = serve(t, say(200, "<html>Sign in</html>"))
			if _, _, err = r.call(t.Context(), c); !errors.Is(err, api.ErrBadResponse) || !mustFail(t, err).Uncertain() || len(s.seen()) != 1 {
				t.Errorf("%v, %d calls", err, len(s.seen()))
			}
		})
	}
}

func TestSuccessFalse(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"success":false,"message":"nope"}`, `{"success":"false"}`} {
		c, _ := serve(t, say(200, body))
		_, err := c.CancelOrders(t.Context(), id, []string{"o"})
		if e := mustFail(t, err); !e.Uncertain() || !strings.Contains(e.Message, "was not done") {
			t.Errorf("%+v", e)
		}
	}
	for _, body := range []string{"", `"OK"`, `[]`, `null`, `true`, `{}`} {
		c, _ := serve(t, say(202, body))
		if _, err := c.CancelOrders(t.Context(), id, []string{"o"}); err != nil {
			t.Errorf("a 2xx with %q: %v", body, err)
		}
	}
}

func TestCreateClaimNeedsItsID(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", `{}`, `{"claimId":""}`, `{"claimId":null}`, `[]`} {
		c, _ := serve(t, say(201, body))
		if _, _, err := c.CreateClaim(t.Context(), lossexpress.NewClaim{}); !errors.Is(err, api.ErrBadResponse) || !mustFail(t, err).Uncertain() {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	pdf := []byte("x")
	tests := map[string]api.Request{
		"the claim id is missing":      lossexpress.CreateOrdersRequest("", []string{"x"}),
		"no order type is chosen":      lossexpress.CreateOrdersRequest(id, nil),
		"no order is chosen":           lossexpress.CancelOrdersRequest(id, []string{""}),
		"the message is empty":         lossexpress.SendMessageRequest(id, ""),
		"the activity type is missing": lossexpress.TriggerActivityRequest(id, ""),
		"the document is empty":        lossexpress.AddDocumentRequest(id, lossexpress.Upload{Description: "x"}),
		"the description is missing":   lossexpress.AddDocumentRequest(id, lossexpress.Upload{Content: pdf}),
		"either a file or a URL":       lossexpress.AddDocumentRequest(id, lossexpress.Upload{Content: pdf, DocumentURL: "x", Description: "x"}),
		"a dispute needs its reason":   lossexpress.AnswerCounterRequest(id, lossexpress.CounterAnswer{Dispute: true}),
		"needs the new settlement":     lossexpress.AnswerCounterRequest(id, lossexpress.CounterAnswer{}),
		"not both":                     lossexpress.AnswerCounterRequest(id, lossexpress.CounterAnswer{Breakdown: pdf, Reason: "x"}),
		"nothing was changed":          lossexpress.UpdateClaimRequest(id, lossexpress.ClaimChange{}),
		"give a VIN or a claim number": lossexpress.SearchClaimsRequest(lossexpress.ClaimSearch{}),
		"the day on which":             lossexpress.PayoffSentRequest(id, lossexpress.Payment{}),
		"the webhook's address":        lossexpress.RegisterWebhookRequest("", ""),
		"the document id is missing":   lossexpress.DocumentRequest("https://host/"),
		"cannot be asked for together": lossexpress.ActivitiesRequest(lossexpress.ActivityQuery{ActivityID: "a", CreatedBefore: noon}),
		`"." is not an id`:             lossexpress.ClaimRequest("."),
	}
	for want, r := range tests {
		if _, _, _, err := api.Preview(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", r.Op, err, want)
		}
	}
	c, s := serve(t, say(200, "{}"))
	if _, err := c.CreateOrders(t.Context(), "", nil); !errors.Is(err, api.ErrInvalid) || !mustFail(t, err).NotSent() {
		t.Error(err)
	}
	if _, err := c.Activities(t.Context(), lossexpress.ActivityQuery{ActivityID: "a", CreatedBefore: noon}); !errors.Is(err, api.ErrInvalid) {
		t.Error(err)
	}
	if len(s.seen())+len(s.signIns()) != 0 {
		t.Error("something was sent")
	}
}

func TestDocumentedErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		sample string
		status int
		kind   error
		want   string
	}{
		{"error-400", 400, api.ErrInvalid, "vin is required"},
		{"error-401", 401, api.ErrUnauthorized, "The provided token has expired."},
		{"error-403", 403, api.ErrForbidden, "This claim is not available during testing."},
		{"error-500", 500, api.ErrUnavailable, "An internal server error occurred"},
		{"guarantee-cancel-missing", 404, api.ErrNotFound, "Letter of Guarantee does not exist for this claim."},
		{"payoff-cancel-missing", 404, api.ErrNotFound, "A payoff request does not exist for this claim."},
		{"counter-missing", 404, api.ErrNotFound, "A settlement counter does not exist for this claim."},
	}
	for _, tt := range tests {
		t.Run(tt.sample, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, say(tt.status, sample(t, tt.sample)))
			_, _, err := c.Claim(t.Context(), id)
			e := mustFail(t, err)
			if !errors.Is(err, tt.kind) || e.Message != tt.want || err.Error() != "LossExpress: read claim: "+tt.want {
				t.Errorf("%+v", e)
			}
			if tt.status == 400 && (len(e.Fields) != 1 || e.Fields[0].Path != "vin" || e.Fields[0].Constraint != "required") {
				t.Errorf("fields %+v", e.Fields)
			}
		})
	}
}

func TestTriggerTypes(t *testing.T) {
	t.Parallel()
	if n := len(lossexpress.TriggerTypes()); n != 9 {
		t.Errorf("%d types, want 9", n)
	}
	if n := len(lossexpress.CausesOfLoss()); n != 8 {
		t.Errorf("%d causes, want 8", n)
	}
}

var _ http.Handler = (*service)(nil)
