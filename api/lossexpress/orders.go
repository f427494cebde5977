package lossexpress

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"claimdeck/api"
)

// OrderTypes returns what can be ordered now: GET /claims/order-types, which answers {orderTypes: [...], success}
// (remote document: Fetch Order Types).
func (c *Client) OrderTypes(ctx context.Context) ([]string, error) {
	var a orderTypesAnswer
	if _, err := c.api.Do(ctx, OrderTypesRequest(), &a); err != nil {
		return nil, err
	}
	return a, nil
}

// OrderTypesRequest is what OrderTypes sends.
func OrderTypesRequest() api.Request {
	return api.Request{Op: "read order types", Method: http.MethodGet, Path: []string{"claims", "order-types"}}
}

type orderTypesAnswer []string

// UnmarshalJSON implements json.Unmarshaler.
func (a *orderTypesAnswer) UnmarshalJSON(raw []byte) error {
	list := json.RawMessage(raw)
	if isObject(raw) {
		o, err := parseObject(raw)
		if err != nil {
			return err
		}
		list = o["orderTypes"]
	}
	types, ok := asStrings(list)
	if !ok {
		return errors.New("it has no list of order types")
	}
	*a = types
	return nil
}

// Order is one order as CreateOrders answers it. Its type is called orderType in the feed.
type Order struct {
	OrderID string
	Type    string
	Extra   map[string]json.RawMessage
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *Order) UnmarshalJSON(raw []byte) error {
	keys, err := parseObject(raw)
	if err != nil {
		return err
	}
	o.OrderID = take(keys, "orderId", asString)
	if o.Type = take(keys, "type", asString); o.Type == "" {
		o.Type = take(keys, "orderType", asString)
	}
	o.Extra = keys.extra()
	return nil
}

// Ordered is the answer to CreateOrders.
type Ordered struct {
	ClaimID string
	Orders  []Order // empty when the service did not say
	api.Meta
}

// CreateOrders orders documents from the lender: POST /claims/{claimId}/orders with {types: [...]}. It answers {claimId,
// orders: [{orderId, type}], success}. It may be billable. 400 for a type that is not offered (remote document: Create
// Order(s) Request).
func (c *Client) CreateOrders(ctx context.Context, claimID string, types []string) (Ordered, error) {
	return c.ordered(ctx, CreateOrdersRequest(claimID, types))
}

// ordered sends a request that places orders.
func (c *Client) ordered(ctx context.Context, r api.Request) (Ordered, error) {
	var a answer
	m, err := c.api.Do(ctx, r, &a)
	if err != nil {
		return Ordered{}, err
	}
	return Ordered{
		ClaimID: take(a.object, "claimId", asString), Orders: take(a.object, "orders", asParts[Order]), Meta: m,
	}, nil
}

// CreateOrdersRequest is what CreateOrders sends.
func CreateOrdersRequest(claimID string, types []string) api.Request {
	r := forClaim("create orders", http.MethodPost, claimID, "claims", claimID, "orders")
	r.Body = struct {
		Types []string `json:"types"`
	}{types}
	return invalid(r, blank(types), "no order type is chosen")
}

// CancelOrders cancels orders: DELETE /claims/{claimId}/cancel-orders, which takes a body: {orderIds: [...]}. It answers
// {claimId, success: true}. 400 and 404 for orders that are not the claim's (remote document: Cancel Order(s) Request).
func (c *Client) CancelOrders(ctx context.Context, claimID string, orderIDs []string) (Ack, error) {
	return c.acknowledge(ctx, CancelOrdersRequest(claimID, orderIDs))
}

// CancelOrdersRequest is what CancelOrders sends.
func CancelOrdersRequest(claimID string, orderIDs []string) api.Request {
	r := forClaim("cancel orders", http.MethodDelete, claimID, "claims", claimID, "cancel-orders")
	r.Body = struct {
		OrderIDs []string `json:"orderIds"`
	}{orderIDs}
	return invalid(r, blank(orderIDs), "no order is chosen")
}

// blank reports whether list says nothing, or has an entry that does.
func blank(list []string) bool { return len(list) == 0 || slices.Contains(list, "") }
