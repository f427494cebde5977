package lossexpress

import (
	"encoding/json"
	"net/http"
	"time"
)

func orderRules(Flavour) []rule {
	return []rule{{name: "types", shape: isTexts, required: true, oneOf: orderTypes()}}
}

func cancelRules(Flavour) []rule {
	return []rule{{name: "orderIds", shape: isTexts, required: true}}
}

// texts returns a body value that validation has found to be an array of strings.
func (r *request) texts(name string) []string {
	var list []string
	_ = json.Unmarshal(r.body[name], &list)
	for i := range list {
		list[i] = plain(list[i])
	}
	return list
}

// getOrderTypes answers GET /claims/order-types (remote document: Fetch Order Types).
func (s *Server) getOrderTypes(*request) reply {
	return ok(object{"orderTypes": orderTypes(), "success": true})
}

// needsPapers reports whether an order of the type is refused without the required documents.
func needsPapers(kind string) bool { return kind == typePayoff || kind == typeLetter }

// order places an order of any type; the two with requests of their own announce those as well.
func (s *Server) order(c *claim, kind string, at time.Time) *order {
	switch kind {
	case typePayoff:
		s.requestPayoff(c, at)
	case typeLetter:
		s.requestLetter(c, at)
	default:
		return s.addOrder(c, kind, at)
	}
	o := c.pendingOrder(kind)
	s.emit(c, "order-created", object{"orderId": o.id, "orderType": kind}, at)
	return o
}

// postOrders answers POST /claims/{claimId}/orders (remote document: Create Order(s) Request).
func (s *Server) postOrders(r *request, c *claim) reply {
	kinds := r.texts("types")
	for _, kind := range kinds {
		if needsPapers(kind) && !c.ready(r.b) {
			return failure(http.StatusBadRequest, textMissingPapers)
		}
	}
	placed := []object{}
	for _, kind := range kinds {
		o := s.order(c, kind, r.now)
		s.wrote(WroteOrder, c, kind, r.now)
		s.afterOrder(c, o)
		placed = append(placed, object{"orderId": o.id, "type": o.kind})
	}
	return ok(object{"claimId": c.id, "orders": placed, "success": true})
}

// refreshOrders answers POST /claims/{claimId}/orders/refresh: a billable repetition of ended orders. One type that
// cannot be repeated makes the answer a 500, though the others are processed (remote document: Vendor API).
func (s *Server) refreshOrders(r *request, c *claim) reply {
	placed, failed := []object{}, false
	for _, kind := range r.texts("types") {
		last := c.lastOrder(kind)
		if last == nil || last.status == pending || (needsPapers(kind) && !c.ready(r.b)) {
			failed = true
			continue
		}
		o := s.order(c, kind, r.now)
		s.wrote(WroteOrderRefresh, c, kind, r.now)
		s.afterOrder(c, o)
		placed = append(placed, object{"orderId": o.id, "type": o.kind})
	}
	if failed {
		return failure(http.StatusInternalServerError, textInternal)
	}
	return ok(object{"claimId": c.id, "orders": placed, "success": true})
}

// cancelOrders answers DELETE /claims/{claimId}/cancel-orders, which has a body (remote document: Cancel Order(s)
// Request). An order that has ended stays as it is.
func (s *Server) cancelOrders(r *request, c *claim) reply {
	byID := map[string]*order{}
	for _, o := range c.orders {
		byID[o.id] = o
	}
	ids := r.texts("orderIds")
	for _, id := range ids {
		if byID[id] == nil {
			return failure(http.StatusNotFound, "Order does not exist for this claim.")
		}
	}
	for _, id := range ids {
		if o := byID[id]; o.status == pending {
			s.cancel(c, o, r.now)
			s.wrote(WroteOrderCancel, c, o.kind, r.now)
		}
	}
	return ok(object{"claimId": c.id, "success": true})
}
