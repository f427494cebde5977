package account

import (
	"context"
	"errors"
	"net/http"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/feed"
)

// source is the feed of an account (remote document: Fetch Activities).
type source struct{ client *lossexpress.Client }

// Page implements feed.Source.
func (s source) Page(ctx context.Context, w feed.Window) (feed.Page, error) {
	p, err := s.client.Activities(ctx, lossexpress.ActivityQuery{
		CreatedAfter: w.After, CreatedBefore: w.Before, ActivityID: w.FromID, ClaimID: w.ClaimID,
		PageSize: w.Size, PageNumber: w.Number,
	})
	if err != nil {
		return feed.Page{}, problem(ctx, w, err)
	}
	return feed.Page{
		Results: p.Results, TotalPages: p.TotalPages, TotalResults: p.TotalResults, ServerTime: p.ServerTime,
	}, nil
}

// problem says what a failed read asks of the syncer.
func problem(ctx context.Context, w feed.Window, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e, ok := api.AsError(err)
	if !ok {
		return &feed.Problem{Kind: feed.Unreachable, Err: err}
	}
	return &feed.Problem{Kind: kindOf(w, e), After: e.After, Err: &spoken{words(e), err}}
}

func kindOf(w feed.Window, e *api.Error) feed.Kind {
	switch {
	case errors.Is(e, api.ErrUnauthorized):
		return feed.Unauthorized
	case errors.Is(e, api.ErrRateLimited):
		return feed.TooFast
	case !e.Refused():
		return feed.Unreachable
	case w.FromID != "" && (e.Status == http.StatusBadRequest || e.Status == http.StatusNotFound):
		return feed.BadCursor
	}
	return feed.Refused
}

// words says e to a specialist: what the service said, and what to do about it where that is known.
func words(e *api.Error) string {
	switch {
	case errors.Is(e, api.ErrUnauthorized):
		return "LossExpress did not accept the sign-in (" + e.Message + "): sign in again"
	case errors.Is(e, api.ErrRateLimited):
		return "LossExpress asks to slow down"
	case e.Refused():
		return "LossExpress refused: " + e.Message
	}
	return e.Message
}

// spoken is an error in our words that keeps its cause.
type spoken struct {
	words string
	cause error
}

func (e *spoken) Error() string { return e.words }
func (e *spoken) Unwrap() error { return e.cause }
