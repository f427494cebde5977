package lossexpress_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
)

func TestActivitiesQuery(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 7, 0, 0, 123_999_999, time.FixedZone("", -5*3600))
	for want, q := range map[string]lossexpress.ActivityQuery{
		"/activities": {},
		"/activities?activityId=a-1&createdAfter=2026-11-20T12%3A00%3A00.123Z": {ActivityID: "a-1", CreatedAfter: at},
		"/activities?claimId=c&createdAfter=2026-11-20T12%3A00%3A00.123Z&createdBefore=2026-11-20T13%3A00%3A00.123Z" +
			"&pageNumber=2&pageSize=500&types=call-made%2Corder-created": {
			Types: []string{"call-made", "order-created"}, CreatedBefore: at.Add(time.Hour), CreatedAfter: at,
			PageSize: 500, PageNumber: 2, ClaimID: "c",
		},
	} {
		c, s := serve(t, say(200, `{"results":[]}`))
		if _, err := c.Activities(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]seen{{"GET", want, "", "application/json", "Bearer the-token-of-the-test", ""}}, s.seen()); d != "" {
			t.Error(d)
		}
	}
}

func TestActivities(t *testing.T) {
	t.Parallel()
	page := sample(t, "activities")
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", noon.Format(http.TimeFormat))
		_, _ = io.WriteString(w, page)
	})
	p, err := c.Activities(t.Context(), lossexpress.ActivityQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range p.Results {
		if !strings.Contains(page, string(raw)) {
			t.Errorf("not exactly as sent: %s", raw)
		}
	}
	if len(p.Results) != 26 {
		t.Errorf("%d results", len(p.Results))
	}
	p.Results = nil
	want := lossexpress.ActivityPage{
		RequestURL: "https://xapi.lossexpress.com/activities?createdBefore=2021-01-08T22:03:09.598Z",
		PageSize:   100, TotalPages: 3, TotalResults: 296, ServerTime: noon,
	}
	if d := cmp.Diff(want, p); d != "" {
		t.Error(d)
	}
}

func TestActivityPages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		want       lossexpress.ActivityPage
		fails      bool
	}{
		{
			name: "quoted numbers", body: `{"results":[],"pagination":{"pageSize":"100","page":"1","totalPages":"3","totalResults":"296"}}`,
			want: lossexpress.ActivityPage{Results: []json.RawMessage{}, PageSize: 100, Page: 1, TotalPages: 3, TotalResults: 296},
		},
		{
			name: "no pagination", body: `{"results":[{ "a" : 1 },"odd",null]}`,
			want: lossexpress.ActivityPage{Results: []json.RawMessage{[]byte(`{ "a" : 1 }`), []byte(`"odd"`), []byte(`null`)}},
		},
		{name: "odd pagination", body: `{"results":[],"pagination":[1],"requestUrl":7}`, want: lossexpress.ActivityPage{Results: []json.RawMessage{}, RequestURL: "7"}},
		{
			name: "partial pagination", body: `{"results":[],"pagination":{"totalPages":1.5,"page":null,"totalResults":1e3,"pageSize":99999999999999}}`,
			want: lossexpress.ActivityPage{Results: []json.RawMessage{}, TotalResults: 1000},
		},
		{name: "null results", body: `{"results":null}`},
		{name: "no results", body: `{"pagination":{}}`, fails: true},
		{name: "results of another shape", body: `{"results":{}}`, fails: true},
		{name: "list", body: `[]`, fails: true},
		{name: "null", body: `null`, fails: true},
		{name: "empty", body: ``, fails: true},
		{name: "truncated", body: `{"results":[{"a":1}`, fails: true},
		{name: "web page", body: `<html>`, fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, say(200, tt.body))
			p, err := c.Activities(t.Context(), lossexpress.ActivityQuery{})
			if tt.fails {
				if !errors.Is(err, api.ErrBadResponse) {
					t.Error(err)
				}
				return
			}
			p.ServerTime = time.Time{}
			if d := cmp.Diff(tt.want, p); err != nil || d != "" {
				t.Errorf("%v %s", err, d)
			}
		})
	}
}

func TestClaim(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"nested": sample(t, "fetch-claim"), "flat": sample(t, "claim")} {
		c, s := serve(t, say(200, body))
		got, m, err := c.Claim(t.Context(), "A/B")
		if err != nil || got.ClaimNumber != "EXAMPLE3" || got.ClaimID != id || m.ServerTime.IsZero() {
			t.Errorf("%s: %+v %v", name, got, err)
		}
		if d := sameJSON(t, got.Raw, []byte(sample(t, "claim"))); d != "" {
			t.Errorf("%s: raw %s", name, d)
		}
		if uri := s.seen()[0].URI; uri != "/claims/A%2FB" {
			t.Errorf("%s: %s", name, uri)
		}
	}
	c, _ := serve(t, say(200, `{"claim":{"vin":"X"}}`))
	if got, _, err := c.Claim(t.Context(), "c-1"); err != nil || got.ClaimID != "c-1" || got.VIN != "X" {
		t.Errorf("%+v %v", got, err)
	}
	for _, body := range []string{`{}`, `[]`, `null`, `"x"`, `{"claim":null}`, `{"claim":[]}`} {
		c, _ := serve(t, say(200, body))
		if _, _, err := c.Claim(t.Context(), id); !errors.Is(err, api.ErrBadResponse) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestSearchClaims(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		want   string // claim numbers
		kind   error
	}{
		{"documented, with its comma", 200, sample(t, "search-claims"), "[EXAMPLE3]", nil},
		{"several and null", 200, `{"claims":[{"claimNumber":"A"},null,{"claimNumber":"B"}]}`, "[A B]", nil},
		{"rows nested", 200, `{"claims":[{"claim":{"claimNumber":"A"}}]}`, "[A]", nil},
		{"bare list", 200, `[{"claimNumber":"A"}]`, "[A]", nil},
		{"one, flat", 200, `{"claimId":"x","claimNumber":"A"}`, "[A]", nil},
		{"one, nested", 200, `{"claim":{"claimNumber":"A"},"requestUrl":"x"}`, "[A]", nil},
		{"none", 200, `{"claims":[]}`, "[]", nil},
		{"null", 200, `{"claims":null}`, "[]", nil},
		{"not found", 404, `{"statusCode":404,"error":"Not Found","message":"Not Found"}`, "[]", nil},
		{"not found, by a proxy", 404, `<html>nginx</html>`, "", api.ErrNotFound},
		{"not found, empty", 404, ``, "", api.ErrNotFound},
		{"row that is no claim", 200, `{"claims":["c-1"]}`, "", api.ErrBadResponse},
		{"row without a name", 200, `{"claims":[{"a":1}]}`, "", api.ErrBadResponse},
		{"something else", 200, `{"ok":true}`, "", api.ErrBadResponse},
		{"refused", 400, `{"error":"Bad Request","message":"vin is wrong"}`, "", api.ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := serve(t, say(tt.status, tt.body))
			found, _, err := c.SearchClaims(t.Context(), lossexpress.ClaimSearch{VIN: "1N4", ClaimNumber: "ex 1"})
			if !errors.Is(err, tt.kind) || tt.kind == nil && err != nil {
				t.Fatal(err)
			}
			numbers := make([]string, 0, len(found))
			for _, f := range found {
				numbers = append(numbers, f.ClaimNumber)
			}
			if got := fmt.Sprint(numbers); err == nil && got != tt.want {
				t.Errorf("found %s, want %s", got, tt.want)
			}
			if uri := s.seen()[0].URI; uri != "/claims?claimNumber=ex+1&vin=1N4" {
				t.Error(uri)
			}
		})
	}
}

func TestOrderTypes(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		sample(t, "order-types"): {"...array of current order types"},
		`{"orderTypes":["Copy of Title","\u001b[31mBill of Sale",null,""]}`: {"Copy of Title", "Bill of Sale"},
		`["Copy of Title"]`:    {"Copy of Title"},
		`{"orderTypes":[]}`:    {},
		`{"success":true}`:     nil,
		`{"orderTypes":"all"}`: nil,
	} {
		c, s := serve(t, say(200, body))
		got, err := c.OrderTypes(t.Context())
		if (want == nil) != errors.Is(err, api.ErrBadResponse) || want != nil && !slices.Equal(got, want) {
			t.Errorf("%s: %q %v", body, got, err)
		}
		if s.seen()[0].URI != "/claims/order-types" {
			t.Error(s.seen())
		}
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the token went elsewhere: %s %q", r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(elsewhere.Close)
	for _, from := range []string{
		"555ae9da", "https://xapi-dev.lossexpress.com/documents/555ae9da", elsewhere.URL + "/documents/555ae9da?token=x#y",
		"//evil.test/555ae9da", "/documents/555ae9da/", "documents/555ae9da",
	} {
		c, s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/pdf; charset=binary")
			w.Header().Set("Content-Disposition", `attachment; filename="..\..\..\evil/../loan payoff.pdf"`)
			_, _ = io.WriteString(w, "%PDF-1.7")
		})
		f, err := c.Document(t.Context(), from)
		if err != nil {
			t.Fatalf("%s: %v", from, err)
		}
		b, err := io.ReadAll(f)
		_ = f.Close()
		if err != nil || string(b) != "%PDF-1.7" || f.ID != "555ae9da" || f.ContentType != "application/pdf" || f.Name != "loan payoff.pdf" {
			t.Errorf("%s: %q %v %+v", from, b, err, f)
		}
		want := seen{"GET", "/documents/555ae9da", "", "application/pdf, */*", "Bearer the-token-of-the-test", ""}
		if d := cmp.Diff([]seen{want}, s.seen()); d != "" {
			t.Errorf("%s: %s", from, d)
		}
	}
	c, _ := serve(t, say(404, ""))
	if _, err := c.Document(t.Context(), "x"); !errors.Is(err, api.ErrNotFound) {
		t.Error(err)
	}
	c, _ = serve(t, say(200, strings.Repeat("x", 2000)), func(o *lossexpress.Options) { o.MaxDocument = 1000 })
	if _, err := c.Document(t.Context(), "x"); !errors.Is(err, api.ErrBadResponse) {
		t.Error(err)
	}
	for _, bad := range []string{"", " ", "https://host", "https://host/", "/", "..", "https://host/documents/..", "http://[::1"} {
		if _, err := c.Document(t.Context(), bad); !errors.Is(err, api.ErrInvalid) || !mustFail(t, err).NotSent() {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// The feed's pages may redirect within the service, and the token goes along; anywhere else it does not.
func TestRedirectsLeakNoToken(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s went elsewhere, authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(elsewhere.Close)
	c, s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	if _, err := c.Activities(t.Context(), lossexpress.ActivityQuery{}); !errors.Is(err, api.ErrBadResponse) {
		t.Error(err)
	}
	if _, err := c.Document(t.Context(), "x"); !errors.Is(err, api.ErrBadResponse) {
		t.Error(err)
	}
	if _, err := c.CancelPayoff(t.Context(), id); !errors.Is(err, api.ErrBadResponse) || !mustFail(t, err).Uncertain() {
		t.Error(err)
	}
	// Nor do the credentials.
	s.signIn = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/oauth/token", http.StatusTemporaryRedirect)
	}
	fresh, err := c.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.Tokens().Forget(fresh)
	if _, err := c.Token(t.Context()); !errors.Is(err, api.ErrBadResponse) || !strings.Contains(err.Error(), strings.TrimPrefix(elsewhere.URL, "http://")) {
		t.Error(err)
	}
}

func TestNewRefusesAddresses(t *testing.T) {
	t.Parallel()
	now := api.Options{Now: func() time.Time { return noon }}
	if _, err := lossexpress.New(lossexpress.Options{BaseURL: "http://xapi.lossexpress.com", API: now}); err == nil {
		t.Error("plain http to another host")
	}
	c, err := lossexpress.New(lossexpress.Options{API: now})
	if err != nil || c.Base() != lossexpress.ProductionURL {
		t.Errorf("%v", err)
	}
}
