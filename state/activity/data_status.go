package activity

import "claimdeck/state/activity/wire"

// OrderStatus is the data of order-status-changed: one order that changed, and all orders of the claim as they
// were at that moment.
type OrderStatus struct {
	Updated OrderState
	Orders  []OrderState
}

// OrderState is one order in an OrderStatus.
type OrderState struct {
	ID, Type string
	Status   string // "pending", "fulfilled", "cancelled", or as sent
	Document
	Payoff *PayoffData // fulfillmentData of a payoff request; nil: none
}

func readOrderStatus(r *wire.Reader) Data {
	var buffer [8]wire.Field
	updated := r.Object("updatedOrder", buffer[:0])
	d := OrderStatus{Updated: readOrderState(&updated), Orders: readOrders(r, "orders")}
	r.Also(&updated)
	return d
}

// readOrders reads an array of orders.
func readOrders(r *wire.Reader, name string) []OrderState {
	items := r.Items(name)
	if len(items) == 0 {
		return nil
	}
	orders := make([]OrderState, 0, len(items))
	var buffer [8]wire.Field
	for _, item := range items {
		part := wire.Read(item, buffer[:0])
		orders = append(orders, readOrderState(&part))
		r.Also(&part)
	}
	return orders
}

func readOrderState(r *wire.Reader) OrderState {
	o := OrderState{ID: r.Line("orderId"), Type: orderType(r), Status: r.Line("status"), Document: ReadDocument(r)}
	if !r.Has("fulfillmentData") {
		return o
	}
	var buffer [6]wire.Field
	part := r.Object("fulfillmentData", buffer[:0])
	if IsPayoffOrder(o.Type) { // the data of other types is not documented: it stays in Raw
		payoff := readPayoff(&part)
		r.Also(&part)
		if payoff.Known() {
			o.Payoff = &payoff
		}
	}
	return o
}

func (d OrderStatus) say(a *Activity) string {
	o := &d.Updated
	switch o.Status {
	case StatusFulfilled:
		if o.Payoff != nil {
			return o.Payoff.say(a)
		}
		return fulfilledWords(o.Type, o.Document)
	case StatusCancelled, StatusPending:
		return orderWords(o.Type, o.Status)
	case "":
		return orderWords(o.Type, "changed")
	}
	return after(orderWords(o.Type, "status"), o.Status)
}

func (d OrderStatus) tone() Tone {
	if d.Updated.Status == StatusFulfilled {
		return Good
	}
	return Neutral
}
