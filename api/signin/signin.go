// Package signin is what the sign-ins of all systems have in common: credentials that are asked for, refusals that say so,
// and tokens that are kept as long as they are good. Its errors are *api.Error.
package signin

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"claimdeck/api"
)

// Op names a sign-in in errors.
const Op = "sign in"

// Failed is a sign-in that was not even tried: api.ErrUnauthorized, and nothing sent.
func Failed(system, message string, err error) *api.Error {
	return &api.Error{System: system, Op: Op, Kind: api.ErrUnauthorized, Message: message, Err: err}
}

// Unset is Failed for credentials that are missing; what says which: "client id and secret".
func Unset(system, what string) *api.Error {
	verb := "is"
	if strings.Contains(what, " and ") {
		verb = "are"
	}
	return Failed(system, fmt.Sprintf("no %s %s set: sign in first", what, verb), nil)
}

// Read asks read for the credentials that what names. A context that ended is returned as it is; a nil read and any other
// failure are Failed. Empty credentials are not its business: see Unset.
func Read(ctx context.Context, system, what string, read func(context.Context) (id, secret string, err error)) (id, secret string, err error) {
	if read == nil {
		return "", "", Unset(system, what)
	}
	id, secret, err = read(ctx)
	switch {
	case err == nil:
		return id, secret, nil
	case api.Ended(err):
		return "", "", err
	}
	return "", "", Failed(system, fmt.Sprintf("the %s cannot be read: %v", what, err), err)
}

// Refused reports whether err is a sign-in that the service refused, in one of the statuses that mean this, and returns it
// as api.ErrUnauthorized with words that a person can act on; the service's own follow. what names the credentials:
// "client id or secret".
func Refused(err error, what string) (*api.Error, bool) {
	e, ok := api.AsError(err)
	if !ok || !slices.Contains([]int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity,
	}, e.Status) {
		return nil, false
	}
	refused := *e
	refused.Kind = api.ErrUnauthorized
	refused.Message = fmt.Sprintf("%s refused (%s)", what, e.Message)
	return &refused, true
}

// NoToken is a success without a token in it.
func NoToken(system string, m api.Meta) *api.Error {
	return m.Bad(system, Op, "the answer has no token in it: check the address", nil)
}

// Lifetime reads the text of expires_in, in seconds and perhaps quoted; 0 for anything else and for what no token lives.
func Lifetime(expiresIn string) time.Duration {
	seconds, err := strconv.ParseFloat(strings.Trim(expiresIn, "\" \t\r\n"), 64)
	if err != nil || !(seconds > 0 && seconds < 10*365*24*3600) {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}

// Date gives a token its end by our clock, as a Cache wants it: life after from; a life of 0 is not known.
func Date(t *oauth2.Token, from time.Time, life time.Duration) {
	t.Expiry, t.ExpiresIn = time.Time{}, int64(life/time.Second)
	if life > 0 {
		t.Expiry = from.Add(life)
	}
}
