package claimcenter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"claimdeck/api"
)

// page is the envelope of a list: {count, data: [{attributes, checksum, links}], links: {next: {href}}}.
type page struct {
	rows []json.RawMessage // the attributes
	next *string           // nil on the last page
}

// UnmarshalJSON reads the envelope. It is strict where tolerance would lose money: data must be a list, and a next
// page must have an address.
func (p *page) UnmarshalJSON(raw []byte) error {
	var wire struct {
		Count *int
		Data  []struct{ Attributes json.RawMessage }
		Links json.RawMessage
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	if wire.Data == nil && (wire.Count == nil || *wire.Count != 0) {
		return errors.New("it has no list in it: check the address")
	}
	for _, row := range wire.Data {
		if bytes.HasPrefix(row.Attributes, []byte("{")) {
			p.rows = append(p.rows, row.Attributes)
		}
	}
	var links struct{ Next json.RawMessage }
	fill(wire.Links, &links)
	if len(links.Next) == 0 || isNull(links.Next) {
		return nil
	}
	var next struct{ Href string }
	if err := json.Unmarshal(links.Next, &next); err != nil || next.Href == "" {
		return errors.New("its next page has no address")
	}
	p.next = &next.Href
	return nil
}

// all reads every page of a list. A row that comes twice, because rows were added between two pages, counts once.
func all[T any](ctx context.Context, c *Client, r api.Request, what string, id func(T) string) ([]T, error) {
	rows, seen, asked := []T{}, map[string]bool{}, map[string]bool{r.Query.Encode(): true}
	for range c.maxPages {
		var p page
		m, err := c.do(ctx, r, what, &p)
		if err != nil {
			return nil, err
		}
		for _, raw := range p.rows {
			var row T
			if err := json.Unmarshal(raw, &row); err != nil {
				return nil, m.Bad(System, r.Op, "a row cannot be read: "+err.Error(), nil)
			}
			if key := id(row); key == "" || !seen[key] {
				seen[key] = true
				rows = append(rows, row)
			}
		}
		if p.next == nil {
			return rows, nil
		}
		query, err := nextQuery(c.api.Base(), r.Path, r.Query, *p.next)
		if err != nil {
			return nil, m.Bad(System, r.Op, err.Error(), nil)
		}
		if asked[query.Encode()] {
			return nil, m.Bad(System, r.Op, "the service's pages go round in a circle: the list is not complete, so nothing is shown", nil)
		}
		asked[query.Encode()] = true
		r.Query = query
	}
	return nil, api.Meta{Status: http.StatusOK}.Bad(System, r.Op,
		fmt.Sprintf("the list does not end after %d pages: it is not complete, so nothing is shown", c.maxPages), nil)
}

// nextQuery takes the query out of the address of the next page. The address may be absolute or a path, with or
// without what stands before claim/v1, since only the query is used: the next page of a list is in the same place,
// and the token goes nowhere else. An address of another host, or of another list, is refused. A parameter that the
// address leaves out is kept as it was.
func nextQuery(base string, path []string, query url.Values, href string) (url.Values, error) {
	here, err := url.Parse(base)
	if err != nil {
		return nil, errors.New("our own address cannot be read: check the address")
	}
	here = &url.URL{Scheme: here.Scheme, Host: here.Host, Path: here.Path + "/" + strings.Join(path, "/")}
	ref, err := url.Parse(href)
	if err != nil || len(href) > maxHref {
		return nil, errors.New("the address of the next page cannot be read")
	}
	there := here.ResolveReference(ref)
	if api.Origin(there) != api.Origin(here) {
		return nil, fmt.Errorf("the next page is elsewhere, at %s, which is not followed: check the address",
			api.Words(there.Scheme+"://"+there.Host, 100))
	}
	if !strings.HasSuffix(there.Path, strings.TrimPrefix(here.Path, prefix(here.Path))) {
		return nil, errors.New("the next page is of another list, which is not followed")
	}
	next, err := url.ParseQuery(there.RawQuery)
	if err != nil {
		return nil, errors.New("the address of the next page cannot be read")
	}
	merged := maps.Clone(query)
	maps.Copy(merged, next)
	return merged, nil
}

// maxHref bounds an address; real ones are a few hundred bytes long.
const maxHref = 8 << 10

// prefix is what stands before /claim/v1 in the path of a list.
func prefix(path string) string {
	before, _, _ := strings.Cut(path, "/"+strings.TrimPrefix(apiRoot, "rest/")+"/")
	return before
}
