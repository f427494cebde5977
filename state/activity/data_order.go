package activity

import (
	"strconv"
	"strings"

	"claimdeck/state/activity/wire"
)

// The order types that stand for a request with routes of its own (remote document: order-status-changed).
const (
	PayoffOrder    = "Loan Payoff Request"
	GuaranteeOrder = "Letter of Guarantee"
)

// The documented order states; the set is treated as open.
const (
	StatusPending   = "pending"
	StatusFulfilled = "fulfilled"
	StatusCancelled = "cancelled"
)

// IsPayoffOrder reports whether an order type is the payoff request.
func IsPayoffOrder(orderType string) bool { return strings.EqualFold(orderType, PayoffOrder) }

// IsGuaranteeOrder reports whether an order type is the letter of guarantee.
func IsGuaranteeOrder(orderType string) bool { return strings.EqualFold(orderType, GuaranteeOrder) }

// NewOrder is the data of order-created.
type NewOrder struct {
	OrderID, OrderType string
}

func readNewOrder(r *wire.Reader) Data {
	return NewOrder{OrderID: r.Line("orderId"), OrderType: orderType(r)}
}

// orderType reads the type of an order, which some activities call type and some orderType.
func orderType(r *wire.Reader) string {
	if s := r.Line("orderType"); s != "" {
		return s
	}
	return r.Line("type")
}

func (d NewOrder) say(*Activity) string { return orderWords(d.OrderType, "ordered") }

func (NewOrder) tone() Tone { return Neutral }

// orderWords says what became of an order: "Copy of Title ordered".
func orderWords(orderType, verb string) string {
	if orderType == "" {
		orderType = "Order"
	}
	return orderType + " " + verb
}

// CancelledOrder is the data of order-cancelled. The type of the order is not sent.
type CancelledOrder struct {
	OrderID string
}

func readCancelledOrder(r *wire.Reader) Data { return CancelledOrder{OrderID: r.Line("orderId")} }

func (CancelledOrder) say(*Activity) string { return "Order cancelled" }

func (CancelledOrder) tone() Tone { return Neutral }

// FulfilledOrder is the data of order-fulfilled.
type FulfilledOrder struct {
	OrderID, OrderType string
	Document
}

func readFulfilledOrder(r *wire.Reader) Data {
	return FulfilledOrder{OrderID: r.Line("orderId"), OrderType: orderType(r), Document: ReadDocument(r)}
}

func (d FulfilledOrder) say(*Activity) string { return fulfilledWords(d.OrderType, d.Document) }

func fulfilledWords(orderType string, d Document) string {
	switch {
	case d.ID == "":
		return orderWords(orderType, "fulfilled")
	case IsGuaranteeOrder(orderType):
		return guaranteeArrived
	}
	return orderWords(orderType, "arrived")
}

func (FulfilledOrder) tone() Tone { return Good }

// OrderAttempt is the data of order-attempted: the lender was asked, and did not deliver.
type OrderAttempt struct {
	OrderID, OrderType string
	Message            string // may have several lines
	Count              int    // attempts so far
}

func readOrderAttempt(r *wire.Reader) Data {
	return OrderAttempt{
		OrderID:   r.Line("orderId"),
		OrderType: orderType(r),
		Message:   r.Block("message"),
		Count:     r.Count("count"),
	}
}

func (d OrderAttempt) say(*Activity) string {
	head := "Order failed"
	if d.Count > 0 {
		head += ", try " + strconv.Itoa(d.Count)
	}
	return after(head, join(": ", d.OrderType, firstLine(d.Message)))
}

func (OrderAttempt) tone() Tone { return Attention }

// OrderFollowUp is the data of order-updated.
type OrderFollowUp struct {
	OrderID string
	Day     string // YYYY-MM-DD of the next follow-up; empty: none
}

func readOrderFollowUp(r *wire.Reader) Data {
	return OrderFollowUp{OrderID: r.Line("orderId"), Day: r.Day("nextFollowupDate")}
}

func (d OrderFollowUp) say(a *Activity) string { return d.words("Order", a) }

func (d OrderFollowUp) words(orderType string, a *Activity) string {
	if d.Day == "" {
		return orderWords(orderType, "updated")
	}
	return orderType + ": next follow-up " + day(d.Day, a.CreatedAt)
}

func (OrderFollowUp) tone() Tone { return Muted }
