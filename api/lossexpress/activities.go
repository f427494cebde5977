package lossexpress

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"claimdeck/api"
)

// ActivityQuery narrows the feed. Zero fields are not sent, and then the service's own defaults hold; beware of
// CreatedAfter, whose default is half an hour ago.
type ActivityQuery struct {
	Types         []string  // any of; empty: all
	CreatedBefore time.Time // excludes ActivityID; default: now
	CreatedAfter  time.Time
	PageSize      int // default 100, at most 500
	PageNumber    int // zero-based
	ClaimID       string
	ActivityID    string // from this activity on; whether it is included is not documented
}

// ActivityPage is one page of the feed.
type ActivityPage struct {
	Results      []json.RawMessage // whole activities, exactly as sent, in the service's order
	RequestURL   string            // as the service understood the query; never to be followed
	PageSize     int
	Page         int // zero-based
	TotalPages   int // zero when the service did not say
	TotalResults int
	ServerTime   time.Time // of the answer; zero when the service did not say
}

// Activities reads one page of the feed: GET /activities. It answers {requestUrl, results[], pagination{pageSize, page,
// totalPages, totalResults}}. The order, the inclusivity of the bounds and the stability of pages are not documented.
// 400 when ActivityID and CreatedBefore are both given, which is refused here already (remote document: Fetch
// Activities).
func (c *Client) Activities(ctx context.Context, q ActivityQuery) (ActivityPage, error) {
	var p ActivityPage
	m, err := c.api.Do(ctx, ActivitiesRequest(q), &p)
	if err != nil {
		return ActivityPage{}, err
	}
	p.ServerTime = m.ServerTime
	return p, nil
}

// ActivitiesRequest is what Activities sends.
func ActivitiesRequest(q ActivityQuery) api.Request {
	pairs := map[string]string{
		"types":      strings.Join(q.Types, ","),
		"claimId":    q.ClaimID,
		"activityId": q.ActivityID,
	}
	if !q.CreatedBefore.IsZero() {
		pairs["createdBefore"] = stamp(q.CreatedBefore)
	}
	if !q.CreatedAfter.IsZero() {
		pairs["createdAfter"] = stamp(q.CreatedAfter)
	}
	if q.PageSize > 0 {
		pairs["pageSize"] = strconv.Itoa(q.PageSize)
	}
	if q.PageNumber > 0 {
		pairs["pageNumber"] = strconv.Itoa(q.PageNumber)
	}
	r := api.Request{Op: "read activities", Method: http.MethodGet, Path: []string{"activities"}, Query: api.Values(pairs)}
	return invalid(r, q.ActivityID != "" && !q.CreatedBefore.IsZero(),
		"an activity to start from and a latest time cannot be asked for together")
}

// UnmarshalJSON reads a page whose pagination may be missing, partial, or in quoted numbers. Without results it is no
// page: taking it for an empty one would end a walk too early.
func (p *ActivityPage) UnmarshalJSON(raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	results, ok := o["results"]
	if !ok || json.Unmarshal(results, &p.Results) != nil {
		return errors.New("it has no list of results")
	}
	p.RequestURL = take(o, "requestUrl", asString)
	pages, err := parseObject(o["pagination"])
	if err != nil {
		return nil // missing or of another shape: the walk ends at an empty page
	}
	p.PageSize = take(pages, "pageSize", asInt)
	p.Page = take(pages, "page", asInt)
	p.TotalPages = take(pages, "totalPages", asInt)
	p.TotalResults = take(pages, "totalResults", asInt)
	return nil
}
