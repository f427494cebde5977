package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"golang.org/x/oauth2"
)

// TokenSource gives out the bearer token of a system. One that also has
//
//	TokenContext(ctx context.Context) (*oauth2.Token, error)
//
// is asked through that, so that a call which is given up does not wait for its token.
type TokenSource interface {
	oauth2.TokenSource
	// Forget drops t, which the service refused: the next Token is a new one. It must do nothing when t is not the
	// token in use any more, so that many refusals of one token cause one new token.
	Forget(t *oauth2.Token)
}

type contextTokenSource interface {
	TokenContext(ctx context.Context) (*oauth2.Token, error)
}

// token returns the token for p; nil when the system needs none. Whatever fails here, p was not sent.
func (c *Client) token(ctx context.Context, p *call) (*oauth2.Token, *Error) {
	if c.o.Tokens == nil {
		return nil, nil
	}
	var t *oauth2.Token
	var err error
	if s, ok := c.o.Tokens.(contextTokenSource); ok {
		t, err = s.TokenContext(ctx)
	} else {
		t, err = c.o.Tokens.Token()
	}
	if err != nil {
		return nil, c.noToken(p, err)
	}
	if t == nil || !ValidToken(t.AccessToken) {
		return nil, &Error{System: c.o.System, Op: p.Op, Message: "the token cannot be used: sign in again", Kind: ErrUnauthorized}
	}
	return t, nil
}

func (c *Client) noToken(p *call, err error) *Error {
	e := &Error{System: c.o.System, Op: p.Op, Err: err, Kind: ErrUnauthorized, Message: "not signed in"}
	if cause, ok := AsError(err); ok {
		e.Status, e.Code, e.Message = cause.Status, cause.Code, cause.Message
		e.RequestID, e.After, e.Kind = cause.RequestID, cause.After, cause.Kind
		if errors.Is(e.Kind, ErrInterrupted) {
			e.Kind = ErrUnreachable // the token call was cut off; this one was not sent
		}
	} else if Ended(err) {
		e.Kind, e.Message = ErrUnreachable, "stopped before anything was sent"
	}
	return e
}

// ValidToken reports whether s can stand in a header: visible ASCII only.
func ValidToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// bearerToken sets the header by hand: oauth2's own transport would also do so for a redirect.
func bearerToken(r *http.Request, t *oauth2.Token) {
	r.Header.Set("Authorization", "Bearer "+t.AccessToken)
}
