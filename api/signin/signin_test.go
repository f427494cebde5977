package signin_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"claimdeck/api"
	"claimdeck/api/signin"
)

func TestRead(t *testing.T) {
	t.Parallel()
	locked := errors.New("the keyring is locked")
	give := func(err error) func(context.Context) (string, string, error) {
		return func(context.Context) (string, string, error) { return "id", "secret", err }
	}
	for name, tt := range map[string]struct {
		read func(context.Context) (string, string, error)
		is   error
		want string
	}{
		"good":       {give(nil), nil, ""},
		"none":       {nil, api.ErrUnauthorized, "X: sign in: no id and secret are set: sign in first"},
		"unreadable": {give(locked), locked, "X: sign in: the id and secret cannot be read: the keyring is locked"},
		"ended":      {give(context.Canceled), context.Canceled, "context canceled"},
	} {
		id, secret, err := signin.Read(t.Context(), "X", "id and secret", tt.read)
		if err == nil {
			if tt.want != "" || id+secret != "idsecret" {
				t.Errorf("%s: %s %s", name, id, secret)
			}
			continue
		}
		if !errors.Is(err, tt.is) || err.Error() != tt.want || id+secret != "" {
			t.Errorf("%s: %v", name, err)
		}
		if e, ok := api.AsError(err); ok && (!e.NotSent() || !errors.Is(e, api.ErrUnauthorized)) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if e := signin.Unset("X", "API key"); e.Message != "no API key is set: sign in first" {
		t.Error(e)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{400: true, 401: true, 403: true, 422: true, 0: false, 404: false, 429: false, 500: false} {
		e := &api.Error{Status: status, Message: "no", Kind: api.ErrInvalid}
		refused, ok := signin.Refused(e, "id or secret")
		if ok != want || ok && (refused.Message != "id or secret refused (no)" || !errors.Is(refused, api.ErrUnauthorized)) {
			t.Errorf("%d: %v %v", status, refused, ok)
		}
		if e.Message != "no" || !errors.Is(e, api.ErrInvalid) {
			t.Error("the original was changed")
		}
	}
	for _, err := range []error{nil, errors.New("other")} {
		if _, ok := signin.Refused(err, "x"); ok {
			t.Error(err)
		}
	}
}

func TestLifetime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Duration{
		"3600": time.Hour, `"60"`: time.Minute, "\t0.5\n": time.Second / 2, "1e3": 1000 * time.Second,
		"": 0, "null": 0, "<nil>": 0, "soon": 0, "-1": 0, "0": 0, "NaN": 0, "+Inf": 0, "1e300": 0, "315360001": 0,
	} {
		if got := signin.Lifetime(in); got != want {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	tok := &oauth2.Token{}
	signin.Date(tok, noon, time.Minute)
	if !tok.Expiry.Equal(noon.Add(time.Minute)) || tok.ExpiresIn != 60 {
		t.Errorf("%+v", tok)
	}
	signin.Date(tok, noon, 0)
	if !tok.Expiry.IsZero() || tok.ExpiresIn != 0 {
		t.Errorf("%+v", tok)
	}
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	e := signin.NoToken("X", api.Meta{Status: 200})
	if !errors.Is(e, api.ErrBadResponse) || e.Status != 200 || !strings.Contains(e.Message, "no token in it") {
		t.Errorf("%+v", e)
	}
}
