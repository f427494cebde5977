package action_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"claimdeck/action"
	"claimdeck/api/lossexpress"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/outbox"
)

func TestWebhookForm(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	on := b.fresh()
	for _, c := range []struct {
		name    string
		v       action.Values
		title   string
		problem string
		warning string
	}{
		{"no address", nil, "", "Address is required", ""},
		{"no address to post to", action.Values{"endpoint": {"ftp://x/"}}, "", `"ftp://x/" is not an address to post to`, ""},
		{"a path", action.Values{"endpoint": {"/x"}}, "", "is not an address to post to", ""},
		{"a port alone", action.Values{"endpoint": {"http://:80/"}}, "", "is not an address to post to", ""},
		{"a password", action.Values{"endpoint": {"https://me:pw@hooks.example/"}}, "", "take the name and the password out", ""},
		{"all", action.Values{"endpoint": {"https://hooks.example/x"}}, "Register the webhook at https://hooks.example/x", "", ""},
		{
			"all in words",
			action.Values{"endpoint": {"http://127.0.0.1:1/"}, "types": {"call-made", "all"}},
			"Register the webhook at http://127.0.0.1:1/", "", "",
		},
		{
			"some",
			action.Values{"endpoint": {"https://hooks.example/x"}, "types": {"Call-Made", "claim-created"}},
			"Register the webhook at https://hooks.example/x for call-made, claim-created", "", "",
		},
		{
			"many",
			action.Values{"endpoint": {"https://hooks.example/x"}, "types": {"call-made", "claim-created", "claim-updated", "order-created"}},
			"Register the webhook at https://hooks.example/x for 4 types", "", "",
		},
		{
			"plain http",
			action.Values{"endpoint": {"http://hooks.example/x"}},
			"Register the webhook at http://hooks.example/x", "",
			"http://hooks.example/x is plain http: everybody on the way reads the claims",
		},
		{
			"a slip",
			action.Values{"endpoint": {"https://hooks.example/x"}, "types": {"call-mad"}},
			"Register the webhook at https://hooks.example/x for call-mad", "", `"call-mad" is no type that LossExpress documents`,
		},
	} {
		p := b.try("webhook.register", on, c.v)
		said := strings.Join(p.Warnings, "\n")
		if !strings.HasPrefix(said, c.warning) || (c.warning == "") != (said == "") {
			t.Errorf("%s: %q", c.name, p.Warnings)
		}
		if problem := p.Problems["endpoint"]; !strings.Contains(problem, c.problem) || (c.problem == "") != (len(p.Problems) == 0) {
			t.Errorf("%s: %v", c.name, p.Problems)
		}
		if p.Draft.Title != c.title || p.Draft.ClaimID+p.Draft.ClaimNumber != "" {
			t.Errorf("%s: %+v", c.name, p.Draft)
		}
	}
}

// An address that does not answer its test with 200 is a refusal in clear words, and can be tried again.
func TestWebhookNotAnswered(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var status atomic.Int32
	status.Store(http.StatusServiceUnavailable)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(status.Load())) }))
	t.Cleanup(hook.Close)
	e := b.settle(b.prepare("webhook.register", "", action.Values{"endpoint": {hook.URL}}))
	if e.State != outbox.Rejected || !e.Problem.Refused || !strings.Contains(e.Problem.Message, "wants 200, but it answered 503: is claimdeck webhook listen running there") {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	status.Store(http.StatusOK)
	if _, err := b.box.Retry(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	e = b.finish(e)
	if e.State != outbox.Confirmed || string(e.Answer) != `{"statusCode":200,"success":true}` {
		t.Errorf("%s %+v %s", e.State, e.Problem, e.Answer)
	}
	hook.Close()
	e = b.settle(b.prepare("webhook.register", "", action.Values{"endpoint": {hook.URL}}))
	if e.State != outbox.Rejected || !strings.Contains(e.Problem.Message, "but there was no answer") {
		t.Errorf("%s %+v", e.State, e.Problem)
	}
}

// What is not there is off, and says so.
func TestWebhookOffWithoutOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if e := b.settle(b.prepare("webhook.off", "", nil)); e.State != outbox.Confirmed || action.WasRegistered(e) {
		t.Errorf("%s %s", e.State, e.Answer)
	}
	for answer, want := range map[string]bool{"": true, `{"success":true}`: true, `"OK"`: true, `{"registered":false}`: false} {
		if got := action.WasRegistered(outbox.Entry{Answer: []byte(answer)}); got != want {
			t.Errorf("%s: %v", answer, got)
		}
	}
}

// A registration in doubt is there when the service posts to our address what we asked for.
func TestWebhookSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		info              lossexpress.WebhookInfo
		types             []string
		accepted, doubted bool
	}{
		{"ours", lossexpress.WebhookInfo{Endpoint: "https://h.example/x", Verified: true}, nil, true, true},
		{"ours, with a slash more", lossexpress.WebhookInfo{Endpoint: "https://h.example/x/", Verified: true, Types: []string{"all"}}, nil, true, true},
		{"of another address", lossexpress.WebhookInfo{Endpoint: "https://h.example/y", Verified: true}, nil, false, false},
		{"not verified", lossexpress.WebhookInfo{Endpoint: "https://h.example/x"}, nil, false, false},
		{"with our types", lossexpress.WebhookInfo{Endpoint: "https://h.example/x", Verified: true, Types: []string{"b", "a"}}, []string{"a", "b"}, true, true},
		{"with the types of before", lossexpress.WebhookInfo{Endpoint: "https://h.example/x", Verified: true, Types: []string{"a"}}, []string{"a", "b"}, true, false},
		{"with some types only", lossexpress.WebhookInfo{Endpoint: "https://h.example/x", Verified: true, Types: []string{"a"}}, nil, true, false},
		{"with types that are not told", lossexpress.WebhookInfo{Endpoint: "https://h.example/x", Verified: true}, []string{"a"}, true, true},
	} {
		r := action.New(action.Deps{Client: hooked{info: c.info}})
		input, err := action.EncodeInput(mustGet(t, r, "webhook.register"), action.Values{"endpoint": {"https://h.example/x"}, "types": c.types}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for state, want := range map[outbox.State]bool{outbox.Accepted: c.accepted, outbox.Unknown: c.doubted} {
			if seen, err := r.Seen(t.Context(), outbox.Entry{Action: "webhook.register", State: state, Input: input}); err != nil || seen != want {
				t.Errorf("%s, %s: %v %v", c.name, state, seen, err)
			}
		}
	}
}

// hooked is an account with a webhook.
type hooked struct {
	action.Client
	info lossexpress.WebhookInfo
	sent *int
}

func (h hooked) Webhook(context.Context) (lossexpress.WebhookInfo, error) { return h.info, nil }

func (h hooked) RegisterWebhook(context.Context, string, ...string) (lossexpress.Registration, error) {
	*h.sent++
	return lossexpress.Registration{Success: true, StatusCode: 200}, nil
}

// Whoever listens is told before and after; without that nothing is sent.
func TestRegisteringIsTold(t *testing.T) {
	t.Parallel()
	sent, story := 0, ""
	var refuse error
	r := action.New(action.Deps{
		Client: hooked{sent: &sent},
		Registering: func(context.Context) (func(lossexpress.Registration), error) {
			if story += "began "; sent != 0 {
				t.Error("it was sent before")
			}
			return func(answer lossexpress.Registration) {
				if story += "ended"; sent != 1 || !answer.Success {
					t.Errorf("%d sent, %+v", sent, answer)
				}
			}, refuse
		},
	})
	input, err := action.EncodeInput(mustGet(t, r, "webhook.register"), action.Values{"endpoint": {"https://h.example/x"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := outbox.Entry{Action: "webhook.register", Input: input, Attempts: 1}
	if out := r.Send(t.Context(), e); out.State != outbox.Accepted || story != "began ended" {
		t.Errorf("%+v, %s", out, story)
	}
	sent, refuse = 0, errors.New("the store is full")
	if out := r.Send(t.Context(), e); out.State != outbox.Rejected || !out.Problem.NotSent || out.Problem.Message != "the store is full" || sent != 0 {
		t.Errorf("%+v %+v, %d sent", out, out.Problem, sent)
	}
}

// Both families of routes, and a service that distorts every text.
func TestWebhookRoutes(t *testing.T) {
	t.Parallel()
	for name, dialect := range map[string]sandbox.Behaviour{
		"newer": {WebhookRoutes: sandbox.WebhookActivities}, "older": {WebhookRoutes: sandbox.WebhookCarriers}, "hostile": {HostileStrings: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.service.Change(func(s *sandbox.Behaviour) { *s = dialect })
			for _, id := range []string{"webhook.register", "webhook.off"} {
				v := action.Values{}
				if id == "webhook.register" {
					v = action.Values{"endpoint": {b.hook("x")}, "types": {"call-made"}}
				}
				if e := b.settle(b.prepare(id, "", v)); e.State != outbox.Confirmed {
					t.Errorf("%s: %s %+v", id, e.State, e.Problem)
				}
			}
		})
	}
}
