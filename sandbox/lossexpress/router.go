package lossexpress

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"claimdeck/sandbox/fault"
)

// request is what a handler gets.
type request struct {
	http *http.Request
	args []string                   // the wildcard segments of the path
	body map[string]json.RawMessage // validated; nil for a route without one
	now  time.Time
	b    Behaviour
}

// query returns the first value of a query parameter.
func (r *request) query(name string) string { return r.http.URL.Query().Get(name) }

// text returns a body value that validation has found to be a string, or "".
func (r *request) text(name string) string { return rawText(r.body[name]) }

// handler answers a request; it runs with the lock held unless its route says otherwise.
type handler func(s *Server, r *request) reply

// route is one entry of the table of routes.
type route struct {
	method   string
	path     []string // "*" is a wildcard
	rules    func(Flavour) []rule
	handle   handler
	open     bool // needs no token
	binary   bool // answers something else than JSON
	unlocked bool // takes the lock itself
	family   WebhookRoutes
}

// routes is the table; among equal methods the more literal path comes first.
func routes() []route {
	table := []route{
		on("POST", "oauth/token").takes(tokenRules).does((*Server).postToken).public(),
		on("GET", "activities").does((*Server).getActivities),
		on("POST", "activities/trigger-activity/*").does(onClaim((*Server).postTrigger)),

		on("GET", "claims").does((*Server).searchClaims),
		on("POST", "claims").takes(claimRules).does((*Server).postClaim),
		on("GET", "claims/order-types").does((*Server).getOrderTypes),
		on("POST", "claims/documents/*").takes(documentRules).does(onClaim((*Server).postDocument)),
		on("GET", "claims/*").does(onClaim((*Server).getClaim)),
		on("PUT", "claims/*").takes(updateRules).does(onClaim((*Server).putClaim)),
		on("GET", "documents/*").does((*Server).getDocument).file(),
		on("GET", "lenders").does((*Server).getLenders),

		on("POST", "claims/*/direct-messages").takes(messageRules).does(onClaim((*Server).postMessage)),
		on("POST", "claims/*/orders").takes(orderRules).does(onClaim((*Server).postOrders)),
		on("POST", "claims/*/orders/refresh").takes(orderRules).does(onClaim((*Server).refreshOrders)),
		on("DELETE", "claims/*/cancel-orders").takes(cancelRules).does(onClaim((*Server).cancelOrders)),
		on("POST", "claims/*/payoff-sent").takes(paymentRules).does(onClaim((*Server).postPayment)),
		on("POST", "claims/*/settlement-counter").takes(counterRules).does(onClaim((*Server).postCounter)),
	}
	for _, kind := range []requestKind{payoffRequest, letterRequest} {
		path := "claims/*/" + kind.path
		table = append(table,
			on("POST", path).does(onClaim(createRequest(kind))),
			on("DELETE", path).does(onClaim(cancelRequest(kind))),
			on("POST", path+"/refresh").does(onClaim(refreshRequest(kind))),
		)
	}
	for path, family := range map[string]WebhookRoutes{"carriers": WebhookCarriers, "activities": WebhookActivities} {
		table = append(table,
			on("POST", path+"/webhook").takes(webhookRules).does((*Server).registerWebhook).own().only(family),
			on("GET", path+"/webhook-info").does((*Server).getWebhook).only(family),
		)
	}
	return append(table, on("PUT", "carriers/deactivate-webhook").does((*Server).deactivateWebhook))
}

func on(method, path string) route { return route{method: method, path: strings.Split(path, "/")} }

func (t route) does(h handler) route                   { t.handle = h; return t }
func (t route) takes(rules func(Flavour) []rule) route { t.rules = rules; return t }
func (t route) public() route                          { t.open = true; return t }
func (t route) file() route                            { t.binary = true; return t }
func (t route) own() route                             { t.unlocked = true; return t }
func (t route) only(family WebhookRoutes) route        { t.family = family; return t }

// match returns the wildcard segments if the path is the route's.
func (t route) match(segments []string) ([]string, bool) {
	if len(segments) != len(t.path) {
		return nil, false
	}
	var args []string
	for i, want := range t.path {
		switch {
		case want == "*" && segments[i] != "":
			args = append(args, segments[i])
		case want != segments[i]:
			return nil, false
		}
	}
	return args, true
}

// find returns the route of a request: 404 for a path that does not exist, 405 for one that has other methods.
func (s *Server) find(r *http.Request) (route, []string, *reply) {
	segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	family := s.Behaviour().WebhookRoutes
	var allowed []string
	for _, t := range s.routes {
		args, hit := t.match(segments)
		if !hit || (t.family != WebhookBoth && family != WebhookBoth && t.family != family) {
			continue
		}
		if t.method == r.Method {
			return t, args, nil
		}
		allowed = append(allowed, t.method)
	}
	if allowed == nil {
		p := failure(http.StatusNotFound, "Not Found")
		return route{}, nil, &p
	}
	p := failure(http.StatusMethodNotAllowed, "Method Not Allowed")
	p.Set("Allow", strings.Join(allowed, ", "))
	return route{}, nil, &p
}

// accepts refuses a request that wants something else than JSON.
func accepts(r *http.Request, t route, b Behaviour) *reply {
	accept := strings.ToLower(strings.Join(r.Header.Values("Accept"), ","))
	lenient := accept == "" || strings.Contains(accept, "*/*") || strings.Contains(accept, "application/*")
	if t.binary || strings.Contains(accept, "json") || (lenient && !b.StrictAccept) {
		return nil
	}
	p := failure(http.StatusNotAcceptable, "Not Acceptable")
	return &p
}

// readBody reads the whole body, up to the limit.
func readBody(w http.ResponseWriter, r *http.Request, b Behaviour) ([]byte, *reply) {
	limit := cmp.Or(b.MaxBody, defaultMaxBody)
	body, status := fault.ReadJSON(w, r, limit)
	var p reply
	switch status {
	case 0:
		return body, nil
	case http.StatusRequestEntityTooLarge:
		p = tooLarge(limit)
	case http.StatusBadRequest:
		p = failure(status, "Invalid request payload")
	default:
		p = failure(status, http.StatusText(status))
	}
	return nil, &p
}

// parseBody parses and validates a JSON object.
func parseBody(body []byte, rules []rule, b Behaviour) (map[string]json.RawMessage, *reply) {
	fields := map[string]json.RawMessage{}
	if len(body) > 0 {
		if !json.Valid(body) {
			p := failure(http.StatusBadRequest, "Invalid request payload JSON format")
			return nil, &p
		}
		if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
			return nil, invalid(b, wrong{message: "value must be an object", typ: "object", constraint: "base"})
		}
	}
	if faults := validate(fields, rules, b); len(faults) > 0 {
		return nil, invalid(b, faults...)
	}
	return fields, nil
}

// onClaim looks the claim of the path up.
func onClaim(h func(*Server, *request, *claim) reply) handler {
	return func(s *Server, r *request) reply {
		c := s.claimIDs[strings.ToLower(r.args[0])]
		if c == nil {
			return failure(http.StatusNotFound, "Claim does not exist.")
		}
		return h(s, r, c)
	}
}
