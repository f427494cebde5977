package lossexpress_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
)

// refreshes are the routes that repeat what has ended; see writes.
func refreshes() []route {
	const base = "/claims/" + id
	return []route{
		{
			"refresh orders", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				o, err := c.RefreshOrders(ctx, id, []string{"Bill of Sale"})
				return o.Orders, o.Meta, err
			},
			lossexpress.RefreshOrdersRequest(id, []string{"Bill of Sale"}),
			200, `={"claimId":"c-1","orders":[{"orderId":"o-1","type":"Bill of Sale"}],"success":true}`,
			"POST", base + "/orders/refresh", `{"types":["Bill of Sale"]}`, "[{OrderID:o-1 Type:Bill of Sale Extra:map[]}]",
		},
		{
			"refresh payoff", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				return ack(c.RefreshPayoff(ctx, id))
			},
			lossexpress.RefreshPayoffRequest(id),
			200, `={"claimId":"c-1"}`, "POST", base + "/payoff-request/refresh", "", "c-1",
		},
		{
			"refresh guarantee", func(ctx context.Context, c *lossexpress.Client) (any, api.Meta, error) {
				g, err := c.RefreshGuarantee(ctx, id)
				return g.ClaimID + g.Estimate.Format(" 2006-01-02"), g.Meta, err
			},
			lossexpress.RefreshGuaranteeRequest(id),
			200, `={"claimId":"c-1","turnAroundTimeEstimate":"2021-01-08T22:03:09.598Z"}`,
			"POST", base + "/letter-of-guarantee-request/refresh", "", "c-1 2021-01-08",
		},
	}
}

// When one type fails the others are ordered all the same: a 500 is no refusal.
func TestRefreshInPart(t *testing.T) {
	t.Parallel()
	c, s := serve(t, say(500, sample(t, "error-500")))
	_, err := c.RefreshOrders(t.Context(), id, []string{"Bill of Sale", "Copy of Title"})
	if e := mustFail(t, err); !e.Uncertain() || len(s.seen()) != 1 {
		t.Errorf("%+v, %d calls", e, len(s.seen()))
	}
	if _, err := c.RefreshOrders(t.Context(), id, nil); !mustFail(t, err).NotSent() {
		t.Errorf("no type: %v", err)
	}
	if types := lossexpress.RefreshTypes(); len(types) != 11 || len(slices.Compact(slices.Sorted(slices.Values(types)))) != 11 {
		t.Errorf("%d types", len(types))
	}
}

func TestLenders(t *testing.T) {
	t.Parallel()
	for want, q := range map[string]lossexpress.LenderQuery{
		"/lenders":          {},
		"/lenders?name=all": {Name: "all"},
		"/lenders?customerAuthorizationRequired=false&integratedPayoffOnly=true&name=Ally+%26+Co": {
			Name: "Ally & Co", IntegratedPayoffOnly: true, CustomerAuthorization: new(false),
		},
	} {
		c, s := serve(t, say(200, `{"lenders":[{"lenderId":"l-1","lenderName":"Ally\u001b[31m","aliases":["GMAC",null],"integratedPayoff":true,"x":1},null,{}],"requestUrl":"https://x"}`))
		got, err := c.Lenders(t.Context(), q)
		if err != nil || len(got) != 2 || got[0].LenderID != "l-1" || got[0].LenderName != "Ally" || !slices.Equal(got[0].Aliases, []string{"GMAC"}) ||
			!got[0].IntegratedPayoff || string(got[0].Extra["x"]) != "1" || got[1].IntegratedPayoff {
			t.Errorf("%+v %v", got, err)
		}
		if d := cmp.Diff([]seen{{"GET", want, "", "application/json", "Bearer the-token-of-the-test", ""}}, s.seen()); d != "" {
			t.Error(d)
		}
	}
}

func TestLendersFail(t *testing.T) {
	t.Parallel()
	c, s := serve(t, say(200, `{"lenders":null}`))
	if _, err := c.Lenders(t.Context(), lossexpress.LenderQuery{Name: "é€"}); !mustFail(t, err).NotSent() || len(s.seen()) != 0 {
		t.Errorf("two letters: %v", err)
	}
	for _, body := range []string{`{"requestUrl":"x"}`, `{"lenders":"none"}`, `"x"`} {
		c, _ := serve(t, say(200, body))
		if _, err := c.Lenders(t.Context(), lossexpress.LenderQuery{}); !errors.Is(err, api.ErrBadResponse) {
			t.Errorf("%s: %v", body, err)
		}
	}
	c, _ = serve(t, say(400, `{"statusCode":400,"error":"Bad Request","message":"name length must be at least 3 characters long"}`))
	if _, err := c.Lenders(t.Context(), lossexpress.LenderQuery{Name: "abc"}); !strings.Contains(mustFail(t, err).Message, "at least 3") {
		t.Errorf("%v", err)
	}
}
