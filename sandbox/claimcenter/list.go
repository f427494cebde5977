package claimcenter

import (
	"net/url"
	"strconv"
	"strings"
)

// list is one page of rows with its links.
func (s *Server) list(q *request, rows []row) reply {
	params := q.http.URL.Query()
	size, offset, refused := window(params, q.b)
	if refused != nil {
		return *refused
	}
	if params.Has("sort") {
		return badInput("The 'sort' query parameter is not valid", "The sort is inefficient for a potentially large collection")
	}
	if q.b.DataMissing {
		return ok(object{"links": object{}})
	}
	from, to := min(offset, len(rows)), min(offset+size, len(rows))
	first := from
	if q.b.AddsBetween && from > 0 && from < to {
		first--
	}
	data := []any{}
	for _, r := range rows[first:to] {
		if refused := keep(q, &r, true); refused != nil {
			return *refused
		}
		data = append(data, r.element())
	}
	links := object{"first": link(s.href(q, LinkPath, 0)), "self": link(s.href(q, LinkPath, offset))}
	if to < len(rows) || q.b.Links == LinkEndless || q.b.Links == LinkLoop {
		links["next"] = s.next(q, offset+size)
	}
	if offset > 0 {
		links["prev"] = link(s.href(q, LinkPath, max(0, offset-size)))
	}
	answer := object{"count": len(data), "data": data, "links": links}
	if params.Get("includeTotal") == "true" {
		answer["total"] = len(rows)
	}
	return ok(answer)
}

// window reads pageSize and pageOffset.
func window(params url.Values, b Behaviour) (size, offset int, refused *reply) {
	size, most := b.DefaultPageSize, b.MaxPageSize
	if size == 0 {
		size = defaultPageSize
	}
	if most == 0 {
		most = defaultMaxSize
	}
	bad := func(name, why string) (int, int, *reply) {
		p := badInput("The request parameters are not valid", "The value of the '"+name+"' query parameter "+why)
		return 0, 0, &p
	}
	if text := params.Get("pageSize"); text != "" {
		n, err := strconv.Atoi(text)
		switch {
		case err != nil || n < 1:
			return bad("pageSize", "must be a positive integer")
		case n > most:
			return bad("pageSize", "must not be more than "+strconv.Itoa(most))
		}
		size = n
	}
	if text := params.Get("pageOffset"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return bad("pageOffset", "must not be negative")
		}
		offset = n
	}
	return size, offset, nil
}

func link(href string) object { return object{"href": href, "methods": []string{"get"}} }

// next is the link to the next page, as the switch has it.
func (s *Server) next(q *request, offset int) any {
	switch q.b.Links {
	case LinkLoop:
		return link(s.href(q, LinkPath, 0))
	case LinkBroken:
		return link("http://[broken")
	case LinkMissing:
		return object{"methods": []string{"get"}}
	default:
		return link(s.href(q, q.b.Links, offset))
	}
}

// href is the address of a page of the list that q asks for.
func (s *Server) href(q *request, form LinkForm, offset int) string {
	params := q.http.URL.Query()
	params.Set("pageOffset", strconv.Itoa(offset))
	if offset == 0 {
		params.Del("pageOffset")
	}
	path, query := "/claim/v1/"+q.path, params.Encode()
	host := "http://" + q.http.Host
	switch form {
	case LinkPrefixed:
		path = s.options.Prefix + "/rest" + path
	case LinkAbsolute:
		path = host + s.options.Prefix + "/rest" + path
	case LinkQuery:
		path = ""
	case LinkForgetful:
		query = url.Values{"pageOffset": {strconv.Itoa(offset)}}.Encode()
	case LinkOtherHost:
		path = "http://elsewhere.example" + s.options.Prefix + "/rest" + path
	case LinkOtherPort:
		name, _, _ := strings.Cut(q.http.Host, ":")
		path = "http://" + name + ":1" + s.options.Prefix + "/rest" + path
	case LinkOtherList:
		path = "/claim/v1/claims/demo_sample:3/reserves"
	default: // the path of the API alone
	}
	if query == "" {
		return path
	}
	return path + "?" + query
}
