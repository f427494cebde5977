package lossexpress

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// TestSignature holds the vectors of the remote document's recipe, computed with other languages.
func TestSignature(t *testing.T) {
	t.Parallel()
	tests := []struct{ body, want string }{
		{
			`{"type":"direct-message-added","data":{"message":"A & B <c> — café","actionRequired":true}}`,
			"4058f6e004c563e2c3b5ece80707ca8c6a9393e875686ff379f8ebfb9ba0697b",
		},
		{
			`{"activityId":"fed62fa0-c048-46b5-b994-6e3e69fb0f37","createdAt":"2021-01-08T22:03:09.598Z","claimId":"c30ae9da-9222-4de5-81fe-fe1ac590fa0f","type":"payoff-request-created","claimNumber":"EXAMPLE3","data":{}}`,
			"9c597f874b04d9a00778296632593f755490f4b64fef579ddda117ceedf554df",
		},
	}
	for _, test := range tests {
		if got := signature("exampleapikey1234", "client-42", []byte(test.body)); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

// receiver is a webhook endpoint that keeps what it gets.
type receiver struct {
	*httptest.Server
	got    chan received
	mu     sync.Mutex
	status int
}

type received struct{ signature, body string }

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{got: make(chan received, 100), status: 200}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		w.WriteHeader(r.status)
		r.got <- received{q.Header.Get("X-LossExpress-Signature"), string(body)}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (r *receiver) next(t *testing.T) received {
	t.Helper()
	select {
	case got := <-r.got:
		return got
	case <-time.After(10 * time.Second):
		t.Fatal("no delivery")
		return received{}
	}
}

type hookInfo struct {
	Success     bool
	WebhookInfo struct {
		Endpoint, APIKey          string
		Verified                  bool
		ActivityTypeSubscriptions []string
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	for _, family := range []string{"carriers", "activities"} {
		t.Run(family, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			b := newBench(t, Behaviour{})
			id := b.AddClaim(ClaimSeed{})
			if got := b.good("POST", "/"+family+"/webhook", `{"endpoint":"`+r.URL+`"}`).body; got != `{"statusCode":200,"success":true}` {
				t.Fatalf("register: %s", got)
			}
			var info hookInfo
			b.good("GET", "/"+family+"/webhook-info", "").into(t, &info)
			if !info.Success || !info.WebhookInfo.Verified || info.WebhookInfo.Endpoint != r.URL || info.WebhookInfo.APIKey == "" {
				t.Fatalf("info: %+v", info)
			}
			key := info.WebhookInfo.APIKey
			if test := r.next(t); test.signature != signature(key, "demo-client", []byte(test.body)) {
				t.Errorf("the test message is not signed with the new key: %+v", test)
			}
			row := string(b.Emit(id, "call-made", object{"callLength": 4}))
			if got := r.next(t); got.body != row || got.signature != signature(key, "demo-client", []byte(row)) {
				t.Errorf("delivered %+v, want %s", got, row)
			}
			b.good("POST", "/"+family+"/webhook", `{"endpoint":"`+r.URL+`","types":["call-made"]}`)
			r.next(t)
			b.good("GET", "/"+family+"/webhook-info", "").into(t, &info)
			if info.WebhookInfo.APIKey == key || fmt.Sprint(info.WebhookInfo.ActivityTypeSubscriptions) != "[call-made]" {
				t.Errorf("registered again: %+v", info)
			}
			b.Emit(id, "order-created", nil)
			row = string(b.Emit(id, "call-made", nil))
			if got := r.next(t); got.body != row {
				t.Errorf("delivered what was not subscribed: %s", got.body)
			}
			b.good("PUT", "/carriers/deactivate-webhook", "")
			b.Emit(id, "call-made", nil)
			b.Close()
			if len(r.got) != 0 {
				t.Errorf("delivered after deactivation: %+v", <-r.got)
			}
		})
	}
}

func TestWebhookRefused(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	b := newBench(t, Behaviour{})
	r.answer(418)
	if got := b.good("POST", "/activities/webhook", `{"endpoint":"`+r.URL+`"}`).body; got != `{"statusCode":418,"success":false}` {
		t.Errorf("refused: %s", got)
	}
	r.next(t)
	b.Emit("c", "call-made", nil)
	b.Close()
	if len(r.got) != 0 {
		t.Error("delivered to an endpoint that was not verified")
	}
	r.Close()
	if got := b.good("POST", "/activities/webhook", `{"endpoint":"`+r.URL+`","types":"all"}`).body; got != `{"statusCode":0,"success":false}` {
		t.Errorf("unreachable: %s", got)
	}
}

func TestWebhookFamilies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		routes                         WebhookRoutes
		carriersThere, activitiesThere bool
	}{
		{WebhookBoth, true, true},
		{WebhookCarriers, true, false},
		{WebhookActivities, false, true},
	}
	for _, test := range tests {
		b := newBench(t, Behaviour{WebhookRoutes: test.routes})
		there := func(family string) bool {
			return b.do("POST", "/"+family+"/webhook", `{}`).status == 400 &&
				b.do("GET", "/"+family+"/webhook-info", "").object(t)["message"] == "A webhook does not exist."
		}
		if c, a := there("carriers"), there("activities"); c != test.carriersThere || a != test.activitiesThere {
			t.Errorf("%d: carriers %t, activities %t", test.routes, c, a)
		}
	}
}

// TestWebhookStaysHere: neither an address nor a name nor a redirect leads away from the machine.
func TestWebhookStaysHere(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"http://192.0.2.1/", "http://example.com", "ftp://127.0.0.1/", "http://localhost.example/"} {
		if onLoopback(endpoint) {
			t.Errorf("%s is taken for local", endpoint)
		}
	}
	for _, endpoint := range []string{"http://127.0.0.1:9/x", "http://localhost/", "https://[::1]:1/"} {
		if !onLoopback(endpoint) {
			t.Errorf("%s is taken for remote", endpoint)
		}
	}
	if loopbackOnly("tcp", "192.0.2.1:80", nil) == nil || loopbackOnly("tcp", "127.0.0.1:80", nil) != nil {
		t.Error("the dialer does not hold the rule")
	}
	redirect := httptest.NewServer(http.RedirectHandler("http://192.0.2.1/", http.StatusTemporaryRedirect))
	t.Cleanup(redirect.Close)
	b := newBench(t, Behaviour{})
	if got := b.good("POST", "/activities/webhook", `{"endpoint":"`+redirect.URL+`"}`).body; got != `{"statusCode":307,"success":false}` {
		t.Errorf("redirect: %s", got)
	}
}

func TestWebhookQueueIsBounded(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	var once sync.Once
	open := func() { once.Do(func() { close(release) }) }
	first := true
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if first { // the test message of the registration
			first = false
			return
		}
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(open)
	b := newBench(t, Behaviour{})
	b.good("POST", "/activities/webhook", `{"endpoint":"`+server.URL+`"}`)
	for range maxDeliveries + 50 {
		b.Emit("c", "call-made", nil)
	}
	if n := b.DroppedDeliveries(); n < 49 || n > 50 {
		t.Errorf("%d dropped, want the 50 that did not fit, but for one on its way", n)
	}
}
