package oauth

import (
	"context"
	"errors"

	"golang.org/x/oauth2"

	"claimdeck/api"
	"claimdeck/api/signin"
)

// failed turns an error of the library into one that says what to do.
func (t *Tokens) failed(ctx context.Context, w *witness, err error, words refusalWords) *api.Error {
	if r, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return t.refused(r, w, words)
	}
	switch {
	case w.answer == nil:
		return api.NoAnswer(ctx, t.o.System, signin.Op, t.host, err, w.Sent())
	case w.broken != nil:
		e := api.NoAnswer(ctx, t.o.System, signin.Op, t.host, w.broken, true)
		e.Status = w.answer.StatusCode
		return e
	case w.webPage:
		return t.unreadable(w, "answered "+webPage)
	}
	return t.unreadable(w, "the answer has no token in it: check the address of the sign-in")
}

// unreadable is a success that is not what it should be.
func (t *Tokens) unreadable(w *witness, message string) *api.Error {
	return &api.Error{
		System: t.o.System, Op: signin.Op, Status: w.answer.StatusCode, Sent: true, Kind: api.ErrBadResponse, Message: message,
	}
}
