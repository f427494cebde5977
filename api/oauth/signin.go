package oauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"claimdeck/api"
	"claimdeck/api/signin"
)

// login is what one sign-in needs to know.
type login struct {
	clientID, secret string
	assertion        *Assertion // nil: the secret
}

// signIn gets a token, dated by our clock: the library's own Expiry is by one that cannot be turned.
func (t *Tokens) signIn(ctx context.Context) (*oauth2.Token, error) {
	l, err := t.login(ctx)
	if err != nil {
		return nil, err
	}
	for pace := t.o.API.Pace(); ; {
		asked := t.o.API.Now()
		token, e := t.attempt(ctx, l)
		if e == nil {
			signin.Date(token, asked, signin.Lifetime(fmt.Sprint(token.Extra("expires_in"))))
			return token, nil
		}
		d, again := pace.Next(e)
		t.o.API.Log.LogAttrs(ctx, slog.LevelInfo, "failed", slog.String("system", t.o.System), slog.String("op", signin.Op),
			slog.String("url", t.o.TokenURL), slog.Int("status", e.Status), slog.String("error", e.Message),
			slog.Bool("again", again), slog.Duration("wait", d))
		if !again {
			return nil, e
		}
		if err := t.o.API.Wait(ctx, d); err != nil {
			return nil, err
		}
	}
}

// login reads the credentials.
func (t *Tokens) login(ctx context.Context) (login, error) {
	id, secret, err := signin.Read(ctx, t.o.System, "client id and secret", t.o.Credentials)
	l := login{clientID: id, secret: secret}
	switch {
	case err != nil:
		return l, err
	case id == "":
		return l, signin.Unset(t.o.System, "client id")
	case t.o.Assertion == nil && secret == "":
		return l, signin.Unset(t.o.System, "client secret")
	case t.o.Assertion == nil:
		return l, nil
	}
	l.assertion, err = t.o.Assertion(ctx)
	switch {
	case api.Ended(err):
		return l, err
	case err != nil:
		return l, signin.Failed(t.o.System, err.Error(), err)
	case l.assertion == nil:
		return l, signin.Failed(t.o.System, noKey, nil)
	}
	if err := l.assertion.Check(t.o.API.Now()); err != nil {
		return l, signin.Failed(t.o.System, err.Error(), err)
	}
	return l, nil
}

// attempt asks once; where nobody said how the secret is sent, and the first way is refused, a second time. The library
// would do so after any failure: that is a second try of a wrong scope, and of a service that is down.
func (t *Tokens) attempt(ctx context.Context, l login) (*oauth2.Token, *api.Error) {
	if l.assertion != nil {
		return t.askSigned(ctx, l)
	}
	style, _ := t.style.Load().(Style)
	switch {
	case t.o.Style != Auto:
		style = t.o.Style
	case style == "":
		token, e := t.askSecretly(ctx, l, Header)
		if e == nil || !errors.Is(e, api.ErrUnauthorized) && e.Code != "invalid_request" {
			return t.remember(Header, token, e)
		}
		style = Body
	}
	token, e := t.askSecretly(ctx, l, style)
	return t.remember(style, token, e)
}

// remember keeps the style that was accepted, and forgets it when it is not any more.
func (t *Tokens) remember(s Style, token *oauth2.Token, e *api.Error) (*oauth2.Token, *api.Error) {
	switch {
	case e == nil:
		t.style.Store(s)
	case errors.Is(e, api.ErrUnauthorized):
		t.style.Store(Style(""))
	}
	return token, e
}

func (t *Tokens) askSecretly(ctx context.Context, l login, s Style) (*oauth2.Token, *api.Error) {
	c := t.config()
	c.ClientID, c.ClientSecret, c.AuthStyle = l.clientID, l.secret, oauth2.AuthStyleInParams
	if s == Header {
		c.AuthStyle = oauth2.AuthStyleInHeader
	}
	return t.ask(ctx, c, refusalWords{secrets: []string{l.secret}})
}

func (t *Tokens) askSigned(ctx context.Context, l login) (*oauth2.Token, *api.Error) {
	signed, err := l.assertion.sign(l.clientID, t.o.Audience, t.o.API.Now())
	if err != nil {
		return nil, signin.Failed(t.o.System, err.Error(), err)
	}
	c := t.config()
	c.AuthStyle = oauth2.AuthStyleInParams // which adds nothing: the assertion says who the client is
	c.EndpointParams = url.Values{"client_assertion_type": {assertionType}, "client_assertion": {signed}}
	return t.ask(ctx, c, refusalWords{assertion: true, secrets: []string{signed}})
}

func (t *Tokens) config() *clientcredentials.Config {
	return &clientcredentials.Config{TokenURL: t.o.TokenURL, Scopes: t.o.Scopes}
}

// ask makes one call.
func (t *Tokens) ask(ctx context.Context, c *clientcredentials.Config, words refusalWords) (*oauth2.Token, *api.Error) {
	w := &witness{next: t.http.Transport, agent: t.o.API.UserAgent}
	client := *t.http
	client.Transport = w
	token, err := c.Token(context.WithValue(w.Watch(ctx), oauth2.HTTPClient, &client))
	if w.answer != nil {
		t.o.API.Log.LogAttrs(ctx, slog.LevelDebug, "answer", slog.String("system", t.o.System), slog.String("op", signin.Op),
			slog.String("method", http.MethodPost), slog.String("url", t.o.TokenURL), slog.Int("status", w.answer.StatusCode))
	}
	if err != nil {
		return nil, t.failed(ctx, w, err, words)
	}
	switch {
	case token.TokenType != "" && !strings.EqualFold(token.TokenType, "bearer"):
		return nil, t.unreadable(w, "gave out a token that is no bearer token: check the address of the sign-in")
	case !api.ValidToken(token.AccessToken):
		return nil, t.unreadable(w, "gave out a token that cannot be used: check the address of the sign-in")
	}
	return token, nil
}
