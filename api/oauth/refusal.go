package oauth

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"claimdeck/api"
	"claimdeck/api/signin"
)

const (
	maxNote  = 64 << 10
	maxWords = 300 // of the service's own description
	webPage  = "a web page: a proxy or a sign-in page may stand between"
)

// refusalWords is what a refusal needs to be told in words.
type refusalWords struct {
	assertion bool
	secrets   []string // the service may echo them
}

// refused turns an error answer (RFC 6749, section 5.2) into an error. The library's own is not kept: it holds the
// request, and with it the secret.
func (t *Tokens) refused(r *oauth2.RetrieveError, w *witness, words refusalWords) *api.Error {
	e := &api.Error{
		System: t.o.System, Op: signin.Op, Status: r.Response.StatusCode, Sent: true,
		After: api.RetryAfter(r.Response.Header, t.o.API.Now()),
	}
	code, said := describe(r)
	e.Code, said = words.safe(code), words.safe(said)
	e.Kind = kindOf(e.Code, e.Status)
	var quoted string
	switch {
	case w.webPage:
		quoted = " (with " + webPage + ")"
	case e.Code != "" && said != "":
		quoted = fmt.Sprintf(" (%s: %s)", e.Code, said)
	case e.Code != "" || said != "":
		quoted = fmt.Sprintf(" (%s%s)", e.Code, said)
	}
	e.Message = t.say(e, words, quoted, r.Response.Header)
	return e
}

// describe reads the code and the description: those of the RFC, or the names that some services use instead.
func describe(r *oauth2.RetrieveError) (code, said string) {
	code, said = r.ErrorCode, r.ErrorDescription
	var o map[string]json.RawMessage
	if json.Unmarshal(r.Body, &o) != nil {
		return code, said
	}
	first := func(keys ...string) (s string) {
		for _, key := range keys {
			if json.Unmarshal(o[key], &s) == nil && s != "" {
				return s
			}
		}
		return ""
	}
	if code == "" {
		code = first("error", "errorCode", "code")
	}
	if said == "" {
		said = first("error_description", "errorSummary", "message")
	}
	return code, said
}

// kindOf maps the codes of RFC 6749, section 5.2, and after them the HTTP status.
func kindOf(code string, status int) error {
	switch code {
	case "invalid_client", "invalid_grant", "invalid_token":
		return api.ErrUnauthorized
	case "unauthorized_client", "invalid_scope", "access_denied":
		return api.ErrForbidden
	case "unsupported_grant_type":
		return api.ErrUnsupported
	case "invalid_request":
		return api.ErrInvalid
	case "server_error", "temporarily_unavailable":
		return api.ErrUnavailable
	}
	return api.KindOf(status) // of a redirect, which is not followed, and of an error in a success: ErrBadResponse
}

// say is the refusal in words, with what to do.
func (t *Tokens) say(e *api.Error, words refusalWords, quoted string, h http.Header) string {
	const address = "check the address of the sign-in"
	switch {
	case e.Code == "invalid_scope":
		return fmt.Sprintf("the scope %q was refused%s: check it, or ask for it to be granted to this client id", strings.Join(t.o.Scopes, " "), quoted)
	case errors.Is(e.Kind, api.ErrForbidden):
		return "this client id may not sign in this way" + quoted + ": ask for it to be allowed client credentials"
	case errors.Is(e.Kind, api.ErrUnauthorized) && words.assertion:
		return "the assertion was refused" + quoted + ": " + cmp.Or(clockWords(h, t.o.API.Now()),
			"check the client id, that this certificate is registered for it, that the sign-in address is the service's own (it is the audience), and the clock")
	case errors.Is(e.Kind, api.ErrUnauthorized):
		return "client id or secret refused" + quoted + ": sign in again with the right ones"
	case errors.Is(e.Kind, api.ErrUnsupported), errors.Is(e.Kind, api.ErrNotFound):
		return "no tokens are given out there" + quoted + ": " + address
	case errors.Is(e.Kind, api.ErrRateLimited):
		return "too many sign-ins" + quoted + ": wait a moment, then try again"
	case errors.Is(e.Kind, api.ErrUnavailable):
		return fmt.Sprintf("the sign-in service is down: it answered %d%s: try again later", e.Status, quoted)
	case e.Status >= 300 && e.Status <= 399:
		return fmt.Sprintf("the sign-in was sent elsewhere%s, which is not followed: %s", elsewhere(h), address)
	case errors.Is(e.Kind, api.ErrInvalid):
		return "the token request was not understood" + quoted + ": check the address, the scope and the way the secret is sent"
	}
	return fmt.Sprintf("the sign-in failed: it answered %d%s: %s", e.Status, quoted, address)
}

func elsewhere(h http.Header) string {
	to, err := url.Parse(h.Get("Location"))
	if err != nil || to.Hostname() == "" {
		return ""
	}
	return ", to " + api.Words(to.Host, 100)
}

// safe makes a service's words fit to print, without what it was sent.
func (w refusalWords) safe(s string) string { return api.Words(s, maxWords, w.secrets...) }
