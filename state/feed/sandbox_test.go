package feed_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"

	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/feed"
)

// sandboxSource reads the feed of a sandbox through its handler, without a network.
type sandboxSource struct {
	server *lossexpress.Server
	now    func() time.Time // the service's clock; nil: answers carry no Date
	token  string
}

func (s *sandboxSource) Page(ctx context.Context, w feed.Window) (feed.Page, error) {
	if s.token == "" {
		if err := s.signIn(ctx); err != nil {
			return feed.Page{}, err
		}
	}
	const stamp = "2006-01-02T15:04:05.000Z"
	q := url.Values{"pageSize": {strconv.Itoa(w.Size)}, "pageNumber": {strconv.Itoa(w.Number)}, "createdAfter": {w.After.UTC().Format(stamp)}}
	if !w.Before.IsZero() {
		q.Set("createdBefore", w.Before.UTC().Format(stamp))
	}
	if w.FromID != "" {
		q.Set("activityId", w.FromID)
	}
	if w.ClaimID != "" {
		q.Set("claimId", w.ClaimID)
	}
	status, body, err := s.call(ctx, http.MethodGet, "/activities?"+q.Encode(), "")
	if err != nil {
		return feed.Page{}, err
	}
	if status != http.StatusOK {
		return feed.Page{}, s.problem(status)
	}
	var answer struct {
		Results    []json.RawMessage
		Pagination struct{ TotalPages, TotalResults int }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return feed.Page{}, &feed.Problem{Kind: feed.Unreachable, Err: err}
	}
	p := feed.Page{Results: answer.Results, TotalPages: answer.Pagination.TotalPages, TotalResults: answer.Pagination.TotalResults}
	if s.now != nil {
		p.ServerTime = s.now().Truncate(time.Second)
	}
	return p, nil
}

func (s *sandboxSource) problem(status int) error {
	kinds := map[int]feed.Kind{
		400: feed.BadCursor, 404: feed.BadCursor, 401: feed.Unauthorized, 403: feed.Refused, 405: feed.Refused,
		406: feed.Refused, 413: feed.Refused, 429: feed.TooFast,
	}
	if status == http.StatusUnauthorized {
		s.token = ""
	}
	return &feed.Problem{Kind: kinds[status], Err: fmt.Errorf("the service answered %d", status)}
}

func (s *sandboxSource) signIn(ctx context.Context) error {
	status, body, err := s.call(ctx, http.MethodPost, "/oauth/token", `{"clientId":"demo-client","secret":"demo-secret"}`)
	if err != nil {
		return err
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Token == "" {
		return &feed.Problem{Kind: feed.Unauthorized, Err: fmt.Errorf("no token: %d", status)}
	}
	s.token = answer.Token
	return nil
}

// call runs the handler; a connection that the sandbox breaks ends as an error.
func (s *sandboxSource) call(ctx context.Context, method, target, body string) (status int, answer []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			if cause, ok := r.(error); !ok || !errors.Is(cause, http.ErrAbortHandler) {
				panic(r)
			}
			err = &feed.Problem{Kind: feed.Unreachable, Err: errors.New("the connection was reset")}
		}
	}()
	r := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes(), nil
}
