package lossexpress_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
)

// at answers as the webhook routes of one family, and with status elsewhere.
func at(family string, status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/"+family+"/") {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"statusCode":404,"error":"Not Found","message":"Not Found"}`)
			return
		}
		_, _ = io.WriteString(w, body)
	}
}

func paths(s *service) []string {
	var list []string
	for _, r := range s.seen() {
		list = append(list, r.Method+" "+r.URI)
	}
	return list
}

func TestWebhookFamilies(t *testing.T) {
	t.Parallel()
	info := sample(t, "webhook-info")
	for _, status := range []int{404, 405} {
		c, s := serve(t, at("carriers", status, info))
		got, err := c.Webhook(t.Context())
		if err != nil || got.Endpoint != "https://yourendpointthatreturnsa200.com" || !got.Verified || got.APIKey.Reveal() != "exampleapikey1234" {
			t.Errorf("%+v %v", got, err)
		}
		if _, err = c.RegisterWebhook(t.Context(), "https://h.test", "all"); err != nil {
			t.Error(err)
		}
		if _, err = c.DeactivateWebhook(t.Context()); err != nil {
			t.Error(err)
		}
		want := []string{
			"GET /activities/webhook-info", "GET /carriers/webhook-info",
			"POST /carriers/webhook", // the family that answered is remembered
			"PUT /carriers/deactivate-webhook",
		}
		if !slices.Equal(paths(s), want) {
			t.Errorf("%q, want %q", paths(s), want)
		}
		if s.seen()[2].Body != `{"endpoint":"https://h.test","types":"all"}` {
			t.Error(s.seen()[2].Body)
		}
	}
	c, s := serve(t, at("activities", 404, `{"success":false,"statusCode":500}`))
	got, err := c.RegisterWebhook(t.Context(), "https://h.test", "call-made", "order-created")
	if err != nil || got.Success || got.StatusCode != 500 {
		t.Errorf("%+v %v", got, err)
	}
	if _, err = c.DeactivateWebhook(t.Context()); err == nil {
		t.Error("success: false")
	}
	_ = s
}

func TestWebhookFallsBackOnlyWhenNothingWasDone(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 500, 503} {
		c, s := serve(t, at("carriers", status, `{"success":true,"statusCode":200}`))
		if _, err := c.RegisterWebhook(t.Context(), "https://h.test"); err == nil || len(s.seen()) != 1 {
			t.Errorf("%d: %v after %q", status, err, paths(s))
		}
	}
	c, s := serve(t, say(404, ""))
	_, err := c.RegisterWebhook(t.Context(), "https://h.test")
	if !errors.Is(err, api.ErrNotFound) || !mustFail(t, err).Refused() || len(s.seen()) != 2 {
		t.Errorf("%v after %q", err, paths(s))
	}
}

// Of two places that say no, the one that has the route tells what is missing.
func TestWebhookSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	const missing = `{"statusCode":404,"error":"Not Found","message":"A webhook does not exist."}`
	const unknown = `{"statusCode":404,"error":"Not Found","message":"Not Found"}`
	for _, known := range []string{"activities", "carriers"} {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			if strings.HasPrefix(r.URL.Path, "/"+known+"/") {
				_, _ = io.WriteString(w, missing)
				return
			}
			_, _ = io.WriteString(w, unknown)
		})
		_, readErr := c.Webhook(t.Context())
		_, offErr := c.DeactivateWebhook(t.Context())
		for _, err := range []error{readErr, offErr} {
			if !errors.Is(err, api.ErrNotFound) || mustFail(t, err).Message != "A webhook does not exist." || !strings.Contains(err.Error(), "/"+known) {
				t.Errorf("webhooks at %s: %v", known, err)
			}
		}
	}
}

func TestWebhookFamilyIsASwitch(t *testing.T) {
	t.Parallel()
	for _, family := range []lossexpress.WebhookFamily{lossexpress.WebhookActivities, lossexpress.WebhookCarriers} {
		c, s := serve(t, say(404, ""), func(o *lossexpress.Options) { o.Webhooks = family })
		_, _ = c.Webhook(t.Context())
		_, _ = c.RegisterWebhook(t.Context(), "https://h.test")
		_, _ = c.DeactivateWebhook(t.Context())
		f := string(family)
		want := []string{"GET /" + f + "/webhook-info", "POST /" + f + "/webhook", "PUT /" + f + "/deactivate-webhook"}
		if !slices.Equal(paths(s), want) {
			t.Errorf("%q, want %q", paths(s), want)
		}
	}
}

func TestWebhookShapes(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, say(200, `{"success":true,"webhookInfo":{"endpoint":"h","activityTypeSubscriptions":["a","b"]}}`))
	if got, err := c.Webhook(t.Context()); err != nil || !slices.Equal(got.Types, []string{"a", "b"}) {
		t.Errorf("%+v %v", got, err)
	}
	c, _ = serve(t, say(200, `{"webhookInfo":{"activityTypeSubscriptions":"all","verified":"true"}}`))
	if got, err := c.Webhook(t.Context()); err != nil || !slices.Equal(got.Types, []string{"all"}) || !got.Verified {
		t.Errorf("%+v %v", got, err)
	}
	for _, body := range []string{`{"success":true}`, `[]`, ``} {
		c, _ = serve(t, say(200, body))
		if _, err := c.Webhook(t.Context()); !errors.Is(err, api.ErrBadResponse) {
			t.Errorf("%s: %v", body, err)
		}
	}
	for _, body := range []string{`{"statusCode":200}`, ``, `[]`} {
		c, _ = serve(t, say(200, body))
		if _, err := c.RegisterWebhook(t.Context(), "h"); !errors.Is(err, api.ErrBadResponse) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestSecretIsNotPrinted(t *testing.T) {
	t.Parallel()
	info := lossexpress.WebhookInfo{APIKey: "exampleapikey1234"}
	j, err := json.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{fmt.Sprint(info), fmt.Sprintf("%+v %#v %s %q", info, info, info.APIKey, info.APIKey), string(j), info.APIKey.LogValue().String()} {
		if strings.Contains(s, "exampleapikey") {
			t.Error(s)
		}
	}
}
