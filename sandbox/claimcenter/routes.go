package claimcenter

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// route answers a request below the API's root. s.mu is held.
func (s *Server) route(q *request) reply {
	segments := strings.Split(q.path, "/")
	switch {
	case q.path == "search/claims-v2":
		if q.http.Method != http.MethodPost {
			return wrongMethod("POST")
		}
		return s.search(q)
	case segments[0] != "claims" || len(segments) > 4:
		return s.lost(q)
	case q.http.Method != http.MethodGet:
		return wrongMethod("GET") // creating reserve sets exists too, and is not needed here
	case len(segments) == 1:
		return s.listClaims(q)
	}
	c := s.find(segments[1])
	if c == nil || !c.readable() {
		return s.lost(q)
	}
	if len(segments) == 2 {
		return one(q, c.row())
	}
	switch segments[2] {
	case "reserve-sets":
		return s.sets(q, c, segments[3:])
	case "reserves":
		return s.reserves(q, c, segments[3:])
	}
	return s.lost(q)
}

func (s *Server) lost(q *request) reply { return notFound("/claim/v1/" + q.path) }

func wrongMethod(allowed string) reply {
	return failure(http.StatusMethodNotAllowed, "MethodNotAllowedException", "The method is not supported at this path").
		With("Allow", allowed)
}

func (s *Server) find(id string) *claim {
	if i := slices.IndexFunc(s.claims, func(c *claim) bool { return c.id == id }); i >= 0 {
		return s.claims[i]
	}
	return nil
}

func (s *Server) sets(q *request, c *claim, id []string) reply {
	if len(id) == 1 {
		if set := c.set(id[0]); set != nil {
			return one(q, set.row(c))
		}
		return s.lost(q)
	}
	var rows []row
	for _, set := range c.sets {
		rows = append(rows, set.row(c))
	}
	return s.list(q, rows)
}

func (s *Server) reserves(q *request, c *claim, id []string) reply {
	if len(id) == 1 {
		if r := c.reserve(id[0]); r != nil {
			return one(q, r.row(c))
		}
		return s.lost(q)
	}
	var rows []row
	for _, r := range c.reserves() {
		rows = append(rows, r.row(c))
	}
	return s.list(q, rows)
}

// one is the envelope of an element.
func one(q *request, r row) reply {
	if refused := keep(q, &r, false); refused != nil {
		return *refused
	}
	return ok(object{"data": r.element()})
}

// keep takes from a row what the fields parameter does not ask for.
func keep(q *request, r *row, listed bool) *reply {
	wished := q.http.URL.Query().Get("fields")
	if wished == "" {
		wished = "*default"
	}
	if q.b.RefuseFields && q.http.URL.Query().Has("fields") {
		p := badInput("The request parameters are not valid", "The value of the 'fields' query parameter is not allowed here")
		return &p
	}
	kept := object{}
	for name := range strings.SplitSeq(wished, ",") {
		switch value, known := r.attributes[name]; {
		case name == "*all", name == "*default" && !listed:
			kept = r.attributes
		case name == "*default":
			for _, short := range r.summary {
				if value, known := r.attributes[short]; known {
					kept[short] = value
				}
			}
		case known:
			kept[name] = value
		case !optional(name):
			p := badInput("The request parameters are not valid", "The 'fields' query parameter names an unknown field: "+name)
			return &p
		}
	}
	r.attributes = kept
	return nil
}

// optional names the fields that a row may lack and that exist nevertheless.
func optional(name string) bool { return name == "coverage" || name == "approvalDate" }

// listClaims answers GET /claims, with filter=claimNumber:OP:VALUE.
func (s *Server) listClaims(q *request) reply {
	fits := func(string) bool { return true }
	if filter := q.http.URL.Query().Get("filter"); filter != "" && !q.b.IgnoreFilter {
		var refused *reply
		if fits, refused = parseFilter(filter, q.b); refused != nil {
			return *refused
		}
	}
	var rows []row
	for _, c := range s.claims {
		if c.readable() && fits(c.number) {
			rows = append(rows, c.row())
		}
	}
	return s.list(q, rows)
}

// parseFilter reads field:op:value, in which a colon of the value is doubled.
func parseFilter(filter string, b Behaviour) (func(string) bool, *reply) {
	refuse := func(why string) (func(string) bool, *reply) {
		p := badInput("The 'filter' query parameter is not valid", why)
		return nil, &p
	}
	const colon = "\x00"
	parts := strings.Split(strings.ReplaceAll(filter, "::", colon), ":")
	if len(parts) != 3 {
		return refuse("Expected field:op:value but found: " + filter)
	}
	field, op, value := parts[0], parts[1], strings.ReplaceAll(parts[2], colon, ":")
	if field != "claimNumber" || b.RefuseFilter {
		return refuse("The field '" + field + "' cannot be filtered")
	}
	switch op {
	case "eq":
		return func(n string) bool { return n == value }, nil
	case "sw":
		return func(n string) bool { return strings.HasPrefix(n, value) }, nil
	case "cn":
		return func(n string) bool { return strings.Contains(n, value) }, nil
	}
	return refuse("The operator '" + op + "' is not supported for the field")
}

// search answers POST /search/claims-v2: one criterion, of which the sandbox knows claimNumber.
func (s *Server) search(q *request) reply {
	switch {
	case q.b.NoSearch:
		return s.lost(q)
	case q.b.Unfindable:
		return notAuthorised()
	}
	var body struct {
		Data struct {
			Attributes map[string]string `json:"attributes"`
		} `json:"data"`
	}
	if err := json.Unmarshal(q.body, &body); err != nil {
		return badInput("The request body is not valid", "The body is not a JSON object of the expected shape")
	}
	number, given := body.Data.Attributes["claimNumber"]
	if !given || len(body.Data.Attributes) != 1 {
		return badInput("The search criteria are not valid", "Exactly one search criterion is required")
	}
	var rows []row
	for _, c := range s.claims {
		if strings.EqualFold(c.number, number) {
			rows = append(rows, c.row())
		}
	}
	return s.list(q, rows)
}
