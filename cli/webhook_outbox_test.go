package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"claimdeck/action"
	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/outbox"
	"claimdeck/state/webhook"
)

// hastily runs a command that waits for nothing.
func (o *office) hastily(args ...string) result {
	o.t.Helper()
	var out, errout bytes.Buffer
	p := o.program(&out, &errout, args...)
	p.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	code := Run(o.t.Context(), p)
	return result{code, out.String(), errout.String()}
}

// always answers everything with 200.
func always(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(s.Close)
	return s.URL + "/"
}

// What is registered goes through the outbox as every write does: previewed, journaled, and confirmed by asking.
func TestWebhookThroughTheOutbox(t *testing.T) {
	t.Parallel()
	o, hook := newOffice(t, lossexpress.Behaviour{}), always(t)
	shown := o.good("webhook", "register", hook, "--types", "call-made,claim-created", "--dry-run")
	if want := "POST /activities/webhook\n\n{\n  \"endpoint\": \"" + hook + "\",\n  \"types\": [\n    \"call-made\",\n    \"claim-created\"\n  ]\n}\n"; shown != want {
		t.Errorf("would send %s, want %s", shown, want)
	}
	if shown := o.good("webhook", "off", "--dry-run"); shown != "PUT /carriers/deactivate-webhook\n" {
		t.Errorf("would send %s", shown)
	}
	if n := len(o.sandbox.Writes()); n > 0 {
		t.Fatalf("%d writes were only to be shown", n)
	}
	o.good("webhook", "register", hook, "--types", "call-made,claim-created")
	if got := o.good("webhook", "show"); !strings.Contains(got, "types     call-made, claim-created") || !strings.Contains(got, "verified  yes") {
		t.Errorf("show: %s", got)
	}
	o.good("webhook", "off")
	listed := o.good("outbox", "list")
	for _, want := range []string{"Register the webhook at " + hook + " for call-made, claim-created", "Switch the webhook off"} {
		if !strings.Contains(listed, want) || strings.Count(listed, "confirmed") != 2 {
			t.Errorf("no %q in the outbox:\n%s", want, listed)
		}
	}
}

// A registration whose answer was lost is looked for, and told as what it is.
func TestWebhookRegisterInDoubt(t *testing.T) {
	t.Parallel()
	o, hook := newOffice(t, lossexpress.Behaviour{}), always(t)
	o.sandbox.Inject(lossexpress.Fault{Kind: lossexpress.FaultReset, After: true, Method: http.MethodPost, PathPrefix: "/activities/webhook"})
	r := o.hastily("webhook", "register", hook)
	if r.code != exitDone || r.out != "registered "+hook+": its test was answered with 200\n" || !strings.Contains(r.errout, "Looking whether it was done") {
		t.Errorf("done, and its answer lost: %+v", r)
	}
	o.sandbox.Inject(lossexpress.Fault{Kind: lossexpress.FaultServerError, Method: http.MethodPost, PathPrefix: "/activities/webhook"})
	r = o.hastily("webhook", "register", hook+"other")
	if r.code != exitUnknown || r.out != "" || !strings.Contains(r.errout, "whether the webhook is registered: claimdeck webhook show") {
		t.Errorf("not done: %+v", r)
	}
	o.sandbox.Inject(lossexpress.Fault{Kind: lossexpress.FaultUnauthorized, Times: -1, PathPrefix: "/carriers/deactivate-webhook"})
	if r = o.hastily("webhook", "off"); r.code != exitSignedOut {
		t.Errorf("signed out: %+v", r)
	}
}

// A service that says nothing of a webhook has none, also when it is to be switched off.
func TestWebhookOffWithoutOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	if got := o.good("webhook", "off"); got != "no webhook is registered\n" {
		t.Errorf("off: %s", got)
	}
	var v struct{ Active *bool }
	if err := json.Unmarshal([]byte(o.good("webhook", "off", "--json")), &v); err != nil || v.Active == nil || *v.Active {
		t.Errorf("off --json: %+v, %v", v, err)
	}
}

// Listeners know of a registration that the console sends: it takes the same way as the verb.
func TestListenersKnowOfTheConsolesRegistration(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	l := o.listen()
	s, _, err := o.program(io.Discard, io.Discard).profileSession(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	act, _ := s.actions.Get("webhook.register")
	p, err := s.actions.Prepare(t.Context(), act, action.Subject{Now: time.Now()}, action.Values{"endpoint": {l.url}})
	if err != nil || len(p.Problems) > 0 {
		t.Fatal(p.Problems, err)
	}
	p.Draft.Origin = outbox.FromConsole
	e, err := s.box.Submit(t.Context(), p.Draft)
	if err != nil {
		t.Fatal(err)
	}
	if e, err = s.box.Settle(t.Context(), e.ID); err != nil || e.State != outbox.Confirmed {
		t.Fatalf("%s %+v, %v", e.State, e.Problem, err)
	}
	text, ok, err := s.store.Setting(t.Context(), registrationSetting)
	if mark := webhook.ParseRegistration(text); err != nil || !ok || mark.ID == "" || mark.Ended.Before(mark.Began) {
		t.Errorf("the marker is %s, %v", text, err)
	}
	if code := l.end(); code != 0 || !strings.Contains(l.errout.String(), "1 for the test of a registration") {
		t.Errorf("exit code %d: %s", code, l.errout.String())
	}
}

// What cannot be told to the listeners is not sent.
func TestRegistrationNeedsItsMarker(t *testing.T) {
	t.Parallel()
	o := newOffice(t, lossexpress.Behaviour{})
	s, _, err := o.program(io.Discard, io.Discard).profileSession(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.close()
	if ended, err := s.registering(time.Now)(t.Context()); err == nil || ended != nil {
		t.Error("a closed store took the marker")
	}
}
