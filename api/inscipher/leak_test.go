package inscipher_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"claimdeck/api"
	"claimdeck/api/inscipher"
	sandbox "claimdeck/sandbox/inscipher"
)

// However the service repeats the key, no error, log or preview has it in any spelling.
func TestNothingSecretLeaks(t *testing.T) {
	t.Parallel()
	const key = `k/ey+with=odd&signs%and"quotes-0123456789`
	spellings := []string{key, url.QueryEscape(key), url.PathEscape(key), strings.ReplaceAll(key, "/", `\/`), strings.ReplaceAll(key, `"`, `\"`)}
	faults := map[string]sandbox.Behaviour{
		"refused":   {EchoKey: true},
		"forbidden": {EchoKey: true, BadKeyStatus: 403},
		"invalid":   {EchoKey: true, BadKeyStatus: 422},
		"down":      {Faults: []sandbox.Fault{{Kind: sandbox.FaultServerError, Times: -1}}},
		"reset":     {Faults: []sandbox.Fault{{Kind: sandbox.FaultReset, Times: -1}}},
		"truncated": {Faults: []sandbox.Fault{{Kind: sandbox.FaultTruncated, Times: -1}}},
		"page":      {Faults: []sandbox.Fault{{Kind: sandbox.FaultHTMLOK, Times: -1}}},
	}
	for _, how := range []inscipher.Auth{inscipher.AuthHeader, inscipher.AuthQuery, inscipher.AuthOAuth} {
		for name, b := range faults {
			t.Run(string(how)+" "+name, func(t *testing.T) {
				t.Parallel()
				var logged bytes.Buffer
				x := newBench(t, b, func(o *inscipher.Options) {
					o.Auth = how
					o.Credentials = func(context.Context) (string, string, error) { return "somebody", key, nil }
					o.API.Log = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
				})
				all := new(strings.Builder)
				for _, call := range []func() error{
					func() error { _, err := x.Submit(t.Context(), rows(1)); return err },
					func() error { _, err := x.Results(t.Context(), "b"); return err },
					func() error { _, err := x.Check(t.Context()); return err },
				} {
					for err := call(); err != nil; err = errors.Unwrap(err) {
						_, _ = fmt.Fprintf(all, "%v\n%+v\n%#v\n", err, err, err)
						if e, ok := api.AsError(err); ok {
							_, _ = fmt.Fprintf(all, "%+v\n%s\n%v\n", *e, e.Body, e.Fields)
						}
					}
				}
				for _, r := range []api.Request{x.SubmitRequest(rows(1)), x.ResultsRequest("b")} {
					method, path, body, err := api.Preview(r)
					_, _ = fmt.Fprintln(all, method, path, body, err)
				}
				if !strings.Contains(all.String(), "InsCipher") || !strings.Contains(logged.String(), "import") && how != inscipher.AuthOAuth {
					t.Fatalf("nothing to look at: %s %s", all, &logged)
				}
				for _, s := range spellings {
					if strings.Contains(all.String()+logged.String(), s) {
						t.Errorf("%q in %s\n%s", s, all, &logged)
					}
				}
			})
		}
	}
}

// A success that is none may repeat the key too.
func TestFailureInWordsHidesTheKey(t *testing.T) {
	t.Parallel()
	x := handle(t, say(200, `{"status":"error","message":"`+theKey+` is an invalid API key"}`))
	_, submitted := x.Submit(t.Context(), rows(1))
	_, checked := x.Check(t.Context())
	for _, err := range []error{submitted, checked} {
		if e := mustFail(t, err); strings.Contains(fmt.Sprintf("%v %+v", err, *e), theKey) || !strings.Contains(e.Message, "(hidden)") ||
			!errors.Is(err, api.ErrUnauthorized) {
			t.Errorf("%+v", e)
		}
	}
}
